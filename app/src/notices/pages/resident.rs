//! Staff look at a notice as a resident of one building will see it: this stands below the page itself, and chooses whose
//! eyes and which type.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// Whose eyes the page is seen with.
pub struct SeenBy {
    /// Id of the notice.
    pub id: String,
    /// Buildings to choose from: code and name.
    pub buildings: Vec<(String, String)>,
    /// Code of the chosen one.
    pub building: String,
    /// Its name.
    pub name: String,
    /// In large type.
    pub large: bool,
    /// The language's tag.
    pub lang: String,
    /// Who lives there is reached by the notice.
    pub reached: bool,
}

/// The choice, in the words of whoever looks.
pub fn seen_by(w: Words, seen: SeenBy) -> impl IntoView {
    let action = format!("/staff/notices/{}/preview", seen.id);
    let back = format!("/staff/notices/{}", seen.id);
    let size = if seen.large { "large" } else { "ordinary" };
    let sizes = [("ordinary", "notice-seen-ordinary"), ("large", "notice-seen-large")];
    let sizes = sizes.map(|(size, key)| (size.to_owned(), w.t(key))).to_vec();
    let langs = [("zh-CN", "中文"), ("en", "English")].map(|(tag, word)| (tag.to_owned(), word.to_owned())).to_vec();
    let (tone, reached) = match seen.reached {
        true => (Tone::Ok, "notice-seen-reached"),
        false => (Tone::Warn, "notice-seen-not-reached"),
    };
    view! {
        <aside class="seen-by" aria-labelledby="seen-by" lang=w.lang.tag()>
            <h2 id="seen-by">{w.tf("notice-seen-title", &[("place", seen.name.into())])}</h2>
            <p><Badge tone=tone word=w.t(reached)/></p>
            <form method="get" action=action class="form">
                <SelectField w=w name="building" label=w.t("notice-seen-building") options=seen.buildings value=seen.building/>
                <SelectField w=w name="size" label=w.t("notice-seen-size") options=sizes value=size/>
                <SelectField w=w name="in" label=w.t("notice-seen-language") options=langs value=seen.lang/>
                <div class="buttons">
                    <Button label=w.t("notice-seen-look") weight=Weight::Primary/>
                    <LinkButton href=back label=w.t("notice-seen-back")/>
                </div>
            </form>
        </aside>
    }
}
