//! `/reports/{code}`: how a report stands, for everybody who knows its code; more for whoever filed it.

use super::{Happened, Shot, shots, timeline, tone};
use crate::{
    i18n::Words,
    reports::State,
    ui::{badge::Badge, parts::*},
};
use leptos::prelude::*;

/// What the page shows. Fields that only the reporter may see are empty for everybody else.
pub struct StatusPage {
    /// Words.
    pub w: Words,
    /// The code.
    pub code: String,
    /// State.
    pub state: State,
    /// One sentence: how it stands.
    pub say: String,
    /// By when, in a sentence.
    pub due: Option<String>,
    /// Community, grid, building.
    pub place: String,
    /// When it was filed.
    pub filed: String,
    /// Photos of the problem that the reader may see.
    pub before: Vec<Shot>,
    /// Photos after it was dealt with that the reader may see.
    pub after: Vec<Shot>,
    /// Timeline, newest first.
    pub events: Vec<Happened>,
    /// The reporter's own words: description and place.
    pub own: Option<(String, String)>,
    /// The reporter may take it back now: address of the form and its version.
    pub withdraw: Option<(String, i64)>,
    /// The address with which a reporter without an account comes back.
    pub link: Option<String>,
}

/// The page.
pub fn status_page(page: StatusPage) -> AnyView {
    let StatusPage { w, code, state, say, due, place, filed, before, after, events, own, withdraw, link } = page;
    let pair = match (before.first(), after.first()) {
        (Some(first), Some(last)) => {
            let before = (first.photo(w, 1), w.t("reports-before"));
            let after = (last.photo(w, 1), w.t("reports-after"));
            Some(view! { <BeforeAfter before=before after=after/> })
        }
        _ => None,
    };
    let rest = if pair.is_some() { 1 } else { 0 };
    let others: Vec<_> = shots(w, &before).into_iter().skip(rest).collect();
    let others = (!others.is_empty()).then(|| view! { <Thumbs photos=others/> });
    let mut facts = vec![
        Fact::new(w.t("reports-fact-code"), view! { <code class="code">{code.clone()}</code> }),
        Fact::new(w.t("reports-fact-place"), place),
        Fact::new(w.t("reports-fact-filed"), filed),
    ];
    let own = own.map(|(description, place_text)| {
        if !place_text.is_empty() {
            facts.push(Fact::new(w.t("reports-place"), place_text));
        }
        view! {
            <Section title=w.t("reports-own-words")>
                <p class="prose">{description}</p>
                <p class="small muted">{w.t("reports-own-words-note")}</p>
            </Section>
        }
    });
    let link = link.map(|href| {
        view! {
            <Note>
                <p>{w.t("reports-link-note")}</p>
                <p><a href=href>{w.t("reports-link")}</a></p>
            </Note>
        }
    });
    let withdraw = withdraw.map(|(action, version)| {
        view! {
            <Confirm label=w.t("reports-do-withdraw") consequence=w.t("reports-withdraw-text")>
                <form method="post" action=action class="form">
                    <input r#type="hidden" name="version" value=version.to_string()/>
                    <TextField w=w name="text" label=w.t("reports-withdraw-reason") optional=true/>
                    <Button label=w.t("reports-do-withdraw") weight=Weight::Danger sends=("step", "withdraw".to_owned())/>
                </form>
            </Confirm>
        }
    });
    view! {
        <p class="meta"><Badge tone=tone(state) word=w.t(state.key())/></p>
        <p class="say">{say}</p>
        {due.map(|due| view! { <p>{due}</p> })}
        {link}
        {pair}
        {others}
        <Summary facts=facts/>
        {own}
        <Section title=w.t("reports-timeline")>
            <Timeline events=timeline(w, events)/>
        </Section>
        {withdraw}
    }
    .into_any()
}
