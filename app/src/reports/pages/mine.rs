//! `/me/reports`: what a person filed.

use super::{Due, tone};
use crate::{i18n::Words, reports::State, ui::parts::*};
use leptos::prelude::*;

/// A report in a list.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Where it leads.
    pub href: String,
    /// Category and place.
    pub title: String,
    /// When, by when.
    pub note: String,
    /// Id of its first photo.
    pub photo: Option<String>,
    /// State.
    pub state: State,
    /// Time limit.
    pub due: Option<Due>,
}

/// Reports as rows.
pub(super) fn rows(w: Words, briefs: Vec<Brief>) -> AnyView {
    let rows = briefs
        .into_iter()
        .map(|brief| {
            let thumb = brief.photo.map(|id| format!("/photos/{id}/thumb"));
            let due = brief.due.filter(|due| due.tone != Tone::Neutral);
            let icon_name = thumb.is_none().then_some("report");
            view! {
                <Item w=w href=brief.href title=brief.title note=brief.note thumb=thumb icon_name=icon_name>
                    <Badge tone=tone(brief.state) word=w.t(brief.state.key())/>
                    {due.map(|due| view! { <Badge tone=due.tone word=due.text/> })}
                </Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

/// The page.
pub fn mine_page(w: Words, briefs: Vec<Brief>) -> AnyView {
    let outbox = super::outbox_panel(w, true);
    if briefs.is_empty() {
        return view! {
            {outbox}
            <Empty icon_name="report" title=w.t("reports-mine-empty") text=w.t("reports-mine-empty-text")>
                <LinkButton href="/report" label=w.t("reports-new") weight=Weight::Primary/>
            </Empty>
        }
        .into_any();
    }
    view! {
        {outbox}
        {rows(w, briefs)}
        <p><LinkButton href="/report" label=w.t("reports-new") icon_name="plus"/></p>
    }
    .into_any()
}
