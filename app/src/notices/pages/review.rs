//! Review by a second person: what the reviewer decides on, what its author sees meanwhile, and the setting that asks for it.

use super::versions::differences;
use crate::{
    i18n::Words,
    notices::{diff::Difference, limits},
    time,
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// Where a notice stands in review.
#[derive(Default)]
pub struct Review {
    /// It needs a second person before it goes out.
    pub needed: bool,
    /// Names of those who may approve it.
    pub reviewers: Vec<String>,
    /// The reader is one of them.
    pub may_decide: bool,
    /// What to look at beside the notice itself: what it is compared with, and what changed since.
    pub compared: Vec<(String, Vec<Difference>)>,
    /// It was given back last time: who, when, and why.
    pub returned: Option<(String, Timestamp, String)>,
    /// The reason typed for giving it back that was refused, and why.
    pub refused: Option<(String, String)>,
}

/// Why a draft was given back.
pub fn returned_note(w: Words, now: Timestamp, returned: Option<(String, Timestamp, String)>) -> AnyView {
    let Some((who, at, reason)) = returned else { return ().into_any() };
    let said = w.tf("notice-returned-by", &[("who", who.into()), ("when", time::ago(w, at, now).into())]);
    view! { <Note tone=Tone::Warn><p><strong>{said}</strong></p><p class="typed">{reason}</p></Note> }.into_any()
}

/// What changed, for whoever reviews; nothing where there is nothing to compare with.
pub fn compared(w: Words, compared: Vec<(String, Vec<Difference>)>) -> AnyView {
    compared
        .into_iter()
        .map(|(title, changes)| view! { <Section title=title>{differences(w, changes)}</Section> })
        .collect_view()
        .into_any()
}

/// The buttons of a notice in review: for the reviewer to decide, for its author to call it back.
pub fn review_actions(
    w: Words,
    base: String,
    version: i64,
    reach: (i64, i64),
    may_write: bool,
    review: Review,
) -> AnyView {
    let Review { reviewers, may_decide, refused, .. } = review;
    let names = reviewers.join(&w.t("notice-place-comma"));
    let waits = match (may_decide, reviewers.is_empty()) {
        (true, _) => w.t("notice-review-yours"),
        (false, true) => w.t("notice-review-nobody"),
        (false, false) => w.tf("notice-review-waits", &[("names", names.into())]),
    };
    let was_refused = refused.is_some();
    let (reason, error) = refused.unzip();
    view! {
        <Note><p>{waits}</p></Note>
        {may_decide.then(|| view! {
            <form method="post" action=format!("{base}/approve") class="stack">
                <input type="hidden" name="version" value=version.to_string()/>
                <p>{w.tf("notice-approve-confirm", &[("households", reach.0.into()), ("people", reach.1.into())])}</p>
                <Button label=w.t("notice-approve") weight=Weight::Primary/>
            </form>
            <details class="confirm" open=was_refused>
                <summary class="button">{w.t("notice-return")}</summary>
                <div class="card">
                    <form method="post" action=format!("{base}/return") class="form">
                        <TextArea
                            w=w
                            name="reason"
                            label=w.t("notice-return-reason")
                            value=reason.unwrap_or_default()
                            error=error
                            maxlength=u32::try_from(limits::REASON_CHARS).unwrap_or(u32::MAX)
                        />
                        <Button label=w.t("notice-return")/>
                    </form>
                </div>
            </details>
        })}
        {(may_write && !may_decide).then(|| view! {
            <form method="post" action=format!("{base}/call-back")>
                <p class="hint">{w.t("notice-call-back-hint")}</p>
                <Button label=w.t("notice-call-back")/>
            </form>
        })}
    }
    .into_any()
}

/// An organisation and whether it asks for review.
pub struct ReviewSetting {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// It does.
    pub review: bool,
}

/// The setting of each organisation, under the frame's heading.
pub fn notice_settings(w: Words, settings: Vec<ReviewSetting>) -> impl IntoView {
    let rows = settings
        .into_iter()
        .map(|setting| {
            let (tone, word) = match setting.review {
                true => (Tone::Ok, "notice-setting-on"),
                false => (Tone::Neutral, "notice-setting-off"),
            };
            let label = if setting.review { "notice-setting-turn-off" } else { "notice-setting-turn-on" };
            let next = if setting.review { "0" } else { "1" };
            vec![
                Cell::new(setting.name),
                Cell::new(view! { <Badge tone=tone word=w.t(word)/> }),
                Cell::new(view! {
                    <form method="post" action="/staff/notices/settings">
                        <input type="hidden" name="organisation" value=setting.code/>
                        <Button label=w.t(label) sends=("review", next.to_owned()) small=true/>
                    </form>
                }),
            ]
        })
        .collect();
    let columns = ["notice-setting-organisation", "notice-setting-review", "notice-setting-change"];
    let columns = columns.iter().map(|key| w.t(key)).collect();
    view! {
        <p class="lead">{w.t("notice-setting-lead")}</p>
        <Table caption=w.t("notice-setting-caption") columns=columns rows=rows/>
    }
}
