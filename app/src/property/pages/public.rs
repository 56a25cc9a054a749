//! What everybody sees of property companies, and the form with which residents rate theirs.

use super::{
    ContractRow, EntryRow, Errors, StandingView, Turn, contract_table, entry_table, level, standing, summary, turns,
};
use crate::{i18n::Words, property::TEXT_MAX, ui::parts::*};
use leptos::prelude::*;

/// A company in the public list.
pub struct PublicRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Names of the estates that it looks after.
    pub estates: Vec<String>,
    /// Credit today.
    pub standing: StandingView,
    /// An appeal is under way.
    pub appealed: bool,
}

/// The public list.
pub fn list(w: Words, rows: Vec<PublicRow>, rates: bool) -> AnyView {
    let none = rows.is_empty();
    let body: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let none = row.standing.reasons.is_empty();
            let reasons = row
                .standing
                .reasons
                .into_iter()
                .map(|(title, points)| view! { <li>{title}" "<span class="num">{format!("{points:+}")}</span></li> })
                .collect_view();
            let appealed =
                row.appealed.then(|| view! { " " <Badge tone=Tone::Busy word=w.t("property-state-appealed")/> });
            vec![
                Cell::new(view! { <a class="table-title" href=format!("/property/{}", row.id)>{row.name}</a> }),
                Cell::new(view! { {level(w, row.standing.level)}{appealed} }),
                Cell::number(row.standing.points),
                Cell::new(
                    view! { <ul class="property-reasons">{reasons}</ul>{none.then(|| w.t("property-reasons-none"))} },
                ),
                Cell::new(row.estates.join(&w.t("property-and"))),
            ]
        })
        .collect();
    let columns = [
        "property-column-company",
        "property-column-level",
        "property-column-credit",
        "property-column-reasons",
        "property-column-estates",
    ];
    view! {
        <p class="lead">{w.t("property-public-lead")}</p>
        {rates.then(|| view! { <p><LinkButton href="/property/rate" label=w.t("property-rate")/></p> })}
        {none.then(|| view! { <Empty icon_name="building" title=w.t("property-public-none")/> })}
        {(!none).then(|| view! { <Table caption=w.t("property-companies") columns=columns.map(|key| w.t(key)).to_vec() rows=body/> })}
        <p class="small muted">{w.t("property-credit-rule")}</p>
    }
    .into_any()
}

/// What everybody sees of one company.
pub struct PublicPage {
    /// Words.
    pub w: Words,
    /// Registration code.
    pub registration: String,
    /// Telephone, may be empty.
    pub phone: String,
    /// Credit today.
    pub standing: StandingView,
    /// How it went.
    pub turns: Vec<Turn>,
    /// Its contracts.
    pub contracts: Vec<ContractRow>,
    /// Its published entries, with basis.
    pub entries: Vec<(EntryRow, String)>,
}

/// One company for everybody.
pub fn one(page: PublicPage) -> AnyView {
    let w = page.w;
    let phone = if page.phone.is_empty() { "–".to_owned() } else { page.phone };
    let facts =
        vec![Fact::new(w.t("property-registration"), page.registration), Fact::new(w.t("property-phone"), phone)];
    let (rows, texts): (Vec<EntryRow>, Vec<String>) = page.entries.into_iter().unzip();
    let reasons = rows
        .iter()
        .zip(texts)
        .map(|(row, text)| {
            let title = row.title.clone();
            view! { <details class="more"><summary>{title}</summary><div class="more-body"><p class="property-text">{text}</p></div></details> }
        })
        .collect_view();
    view! {
        {standing(w, page.standing)}
        <Summary facts=facts/>
        <Section title=w.t("property-entries")>
            {entry_table(w, w.t("property-entries"), rows)}
            {reasons}
        </Section>
        <Section title=w.t("property-contracts")>{contract_table(w, w.t("property-contracts"), page.contracts, false)}</Section>
        {turns(w, page.turns)}
    }
    .into_any()
}

/// What the page on which a resident rates shows.
pub struct RatePage {
    /// Words.
    pub w: Words,
    /// Names of estate and company; `None`: the reader lives in no estate that has one.
    pub home: Option<(String, String)>,
    /// The quarter.
    pub quarter: String,
    /// The reader has rated before.
    pub rated: bool,
    /// Chosen stars, empty: none.
    pub stars: String,
    /// Typed reason.
    pub reason: String,
    /// What is wrong.
    pub errors: Errors,
}

/// The page on which a resident rates.
pub fn rate(page: RatePage) -> AnyView {
    let w = page.w;
    let Some((estate, company)) = page.home else {
        return view! {
            <Empty icon_name="building" title=w.t("property-rate-none") text=w.t("property-rate-none-text")>
                <LinkButton href="/me" label=w.t("property-rate-home")/>
            </Empty>
        }
        .into_any();
    };
    let stars = [
        ("5", "property-stars-5"),
        ("4", "property-stars-4"),
        ("3", "property-stars-3"),
        ("2", "property-stars-2"),
        ("1", "property-stars-1"),
    ];
    let choices = stars.map(|(value, key)| Choice::new(value, w.t(key))).to_vec();
    let lead = w.tf(
        "property-rate-lead",
        &[("estate", estate.into()), ("company", company.into()), ("quarter", page.quarter.into())],
    );
    view! {
        <p class="lead">{lead}</p>
        <ErrorSummary w=w errors=summary(&page.errors)/>
        {page.rated.then(|| view! { <Note><p>{w.t("property-rate-again")}</p></Note> })}
        <form class="stack" method="post" action="/property/rate">
            <RadioField name="stars" legend=w.t("property-stars") choices=choices value=page.stars error=page.errors.get("stars").cloned()/>
            <TextArea w=w name="reason" label=w.t("property-rate-reason") hint=w.t("property-rate-reason-hint") value=page.reason optional=true maxlength=u32::try_from(TEXT_MAX).unwrap_or(1000) error=page.errors.get("reason").cloned()/>
            <p class="hint">{w.t("property-ratings-note")}</p>
            <Button label=w.t("property-rate-do") weight=Weight::Primary/>
        </form>
    }
    .into_any()
}
