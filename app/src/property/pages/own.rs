//! "My company": what those who act for a company see of it, and of no other.

use super::{
    AssessmentRow, ContractRow, EntryRow, StandingView, Turn, assessment_list, contract_table, entry_table,
    estates::{InspectionRow, inspections},
    standing, turns,
};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// The reader's companies: id and name.
pub fn list(w: Words, companies: Vec<(String, String)>) -> AnyView {
    if companies.is_empty() {
        return view! { <Empty icon_name="building" title=w.t("property-own-none") text=w.t("property-own-none-text")/> }.into_any();
    }
    let rows = companies
        .into_iter()
        .map(|(id, name)| view! { <Item w=w href=format!("/companies/{id}") title=name icon_name="building"/> })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

/// What the page of one's own company shows.
pub struct OwnPage {
    /// Words.
    pub w: Words,
    /// Credit today.
    pub standing: StandingView,
    /// Entries that wait for the company: to be answered, or to be appealed.
    pub waiting: Vec<EntryRow>,
    /// All entries.
    pub entries: Vec<EntryRow>,
    /// Its assessments.
    pub assessments: Vec<AssessmentRow>,
    /// Inspections that count for it, with the estate in place of the company.
    pub inspections: Vec<InspectionRow>,
    /// Its contracts.
    pub contracts: Vec<ContractRow>,
    /// How the credit went.
    pub turns: Vec<Turn>,
}

/// The page of one's own company.
pub fn one(page: OwnPage) -> AnyView {
    let w = page.w;
    let waits = !page.waiting.is_empty();
    view! {
        {waits.then(|| view! {
            <Section title=w.t("property-own-waiting")>
                <p>{w.t("property-own-waiting-text")}</p>
                {entry_table(w, w.t("property-own-waiting"), page.waiting)}
            </Section>
        })}
        {standing(w, page.standing)}
        <Section title=w.t("property-entries")>{entry_table(w, w.t("property-entries"), page.entries)}</Section>
        <Section title=w.t("property-assessments")>{assessment_list(w, page.assessments)}</Section>
        <Section title=w.t("property-inspections")>{inspections(w, page.inspections, "property-column-estate", false)}</Section>
        <Section title=w.t("property-contracts")>{contract_table(w, w.t("property-contracts"), page.contracts, false)}</Section>
        {turns(w, page.turns)}
    }
    .into_any()
}
