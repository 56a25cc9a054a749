//! What the page of a report shows of its matters.

use super::tone;
use crate::{i18n::Words, matters::life::State, ui::parts::*};
use leptos::prelude::*;

/// A matter of a report.
pub struct ReportPart {
    /// Id.
    pub id: String,
    /// Number, way and receiver.
    pub title: String,
    /// Its clock, or its answer once it is closed.
    pub note: String,
    /// State.
    pub state: State,
}

/// The part: those that there are, and the way to a new one.
pub fn report_part(w: Words, code: &str, rows: Vec<ReportPart>, may_send: bool) -> Option<AnyView> {
    if rows.is_empty() && !may_send {
        return None;
    }
    let list = (!rows.is_empty()).then(|| {
        let rows = rows
            .into_iter()
            .map(|row| {
                view! {
                    <Item w=w href=format!("/staff/matters/{}", row.id) title=row.title note=row.note>
                        <Badge tone=tone(row.state) word=w.t(row.state.key())/>
                    </Item>
                }
            })
            .collect_view();
        view! { <List>{rows}</List> }
    });
    let link = may_send.then(|| {
        view! { <LinkButton href=format!("/staff/matters/new?report={code}") label=w.t("matters-from-report")/> }
    });
    Some(view! { <Section title=w.t("matters-title")>{list} {link}</Section> }.into_any())
}
