//! Pages of this room.

pub mod assessment;
pub mod companies;
pub mod entries;
pub mod estates;
pub mod own;
pub mod photos;
pub mod public;
pub mod rules;

use super::credit::{Level, State};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What is wrong with a form: field and words.
pub type Errors = BTreeMap<&'static str, String>;

/// The same for the list above the form.
pub fn summary(errors: &Errors) -> Vec<(String, String)> {
    errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect()
}

/// The room's lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Companies.
    Companies,
    /// Estates.
    Estates,
    /// Credit entries.
    Entries,
    /// Rules.
    Rules,
}

/// Ways between the room's lists.
pub fn tabs(w: Words, current: Part) -> AnyView {
    let ways = [
        (Part::Companies, "/staff/property", "property-companies"),
        (Part::Estates, "/staff/property/estates", "property-estates"),
        (Part::Entries, "/staff/property/entries", "property-entries"),
        (Part::Rules, "/staff/property/rules", "property-rules"),
    ];
    let ways = ways.map(|(part, href, key)| Way::new(href, w.t(key), part == current)).to_vec();
    view! { <Tabs label=w.t("property-title") ways=ways/> }.into_any()
}

/// Catalogue key of where an entry comes from.
pub fn source_key(code: &str) -> &'static str {
    match code {
        "reports" => "property-source-reports",
        "inspection" => "property-source-inspection",
        "residents" => "property-source-residents",
        "merit" => "property-source-merit",
        _ => "property-source-authority",
    }
}

/// A level as a status.
pub fn level(w: Words, level: Level) -> AnyView {
    let tone = match level {
        Level::Aaa | Level::Aa | Level::A => Tone::Ok,
        Level::B => Tone::Info,
        Level::C => Tone::Warn,
        Level::Black => Tone::Bad,
    };
    view! { <Badge tone=tone word=w.t(level.key())/> }.into_any()
}

/// The state of an entry as a status.
pub fn state(w: Words, state: State) -> AnyView {
    let tone = match state {
        State::Proposed => Tone::Info,
        State::Published | State::Settled => Tone::Ok,
        State::Appealed => Tone::Busy,
        State::Dropped | State::Revoked => Tone::Neutral,
    };
    view! { <Badge tone=tone word=w.t(state.key())/> }.into_any()
}

/// An entry in a list.
pub struct EntryRow {
    /// Its page, where the reader has one.
    pub href: Option<String>,
    /// What it is about.
    pub title: String,
    /// Company or estate, may be empty.
    pub about: String,
    /// Code of where it comes from.
    pub source: String,
    /// Points.
    pub points: i64,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// From when to when it counts, in words.
    pub valid: String,
    /// Where it stands.
    pub state: State,
}

/// Entries as a table.
pub fn entry_table(w: Words, caption: String, rows: Vec<EntryRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("property-entries-none")}</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let title = match row.href {
                Some(href) => view! { <a href=href>{row.title}</a> }.into_any(),
                None => row.title.into_any(),
            };
            let severe = row.severe.then(|| view! { " " <Badge tone=Tone::Bad word=w.t("property-severe")/> });
            let source = w.t(source_key(&row.source));
            let about = if row.about.is_empty() { source } else { format!("{} · {source}", row.about) };
            vec![
                Cell::new(view! { {title}{severe}<br/><span class="small muted">{about}</span> }),
                Cell::number(format!("{:+}", row.points)),
                Cell::new(row.valid),
                Cell::new(state(w, row.state)),
            ]
        })
        .collect();
    let columns = ["property-column-entry", "property-column-points", "property-column-valid", "property-column-state"];
    view! { <Table caption=caption columns=columns.map(|key| w.t(key)).to_vec() rows=rows headed=true/> }.into_any()
}

/// A company's credit.
pub struct StandingView {
    /// The level.
    pub level: Level,
    /// Points.
    pub points: i64,
    /// Title and points of what counts.
    pub reasons: Vec<(String, i64)>,
}

/// Level, points and reasons.
pub fn standing(w: Words, shown: StandingView) -> AnyView {
    let reasons: Vec<AnyView> = shown
        .reasons
        .into_iter()
        .map(|(title, points)| view! { <li>{title}" "<span class="num">{format!("{points:+}")}</span></li> }.into_any())
        .collect();
    let none = reasons.is_empty();
    view! {
        <div class="card property-standing">
            <p>{level(w, shown.level)}" "<span class="num">{w.tf("property-points-now", &[("points", shown.points.into())])}</span></p>
            {none.then(|| view! { <p class="muted">{w.t("property-reasons-none")}</p> })}
            {(!none).then(|| view! { <ul class="property-reasons">{reasons}</ul> })}
            <p class="small muted">{w.t("property-credit-rule")}</p>
        </div>
    }
    .into_any()
}

/// A day on which the credit became another.
pub struct Turn {
    /// The day in words.
    pub day: String,
    /// The level from then on.
    pub level: Level,
    /// The points.
    pub points: i64,
}

/// How the credit went.
pub fn turns(w: Words, turns: Vec<Turn>) -> AnyView {
    let rows = turns
        .into_iter()
        .map(|turn| vec![Cell::new(turn.day), Cell::new(level(w, turn.level)), Cell::number(turn.points)])
        .collect();
    let columns = ["property-column-from", "property-column-level", "property-column-points"];
    view! {
        <Section title=w.t("property-history")>
            <p class="small muted">{w.t("property-history-note")}</p>
            <Table caption=w.t("property-history") columns=columns.map(|key| w.t(key)).to_vec() rows=rows headed=true/>
        </Section>
    }
    .into_any()
}

/// A contract in a list.
pub struct ContractRow {
    /// Id.
    pub id: String,
    /// Address of the other side's page, where the reader has one.
    pub href: Option<String>,
    /// Name of the other side: the estate or the company.
    pub name: String,
    /// From when to when, in words.
    pub span: String,
    /// Holds today.
    pub current: bool,
}

/// Contracts as a table; with a form to end each where `ends` says so.
pub fn contract_table(w: Words, caption: String, rows: Vec<ContractRow>, ends: bool) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("property-contracts-none")}</p> }.into_any();
    }
    let mut columns = vec![w.t("property-column-name"), w.t("property-column-span"), w.t("property-column-state")];
    if ends {
        columns.push(w.t("property-column-end"));
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let label = w.tf("property-end-label", &[("name", row.name.clone().into())]);
            let name = match row.href {
                Some(href) => view! { <a href=href>{row.name}</a> }.into_any(),
                None => row.name.into_any(),
            };
            let (tone, key) =
                if row.current { (Tone::Ok, "property-holds") } else { (Tone::Neutral, "property-holds-not") };
            let mut cells =
                vec![Cell::new(name), Cell::new(row.span), Cell::new(view! { <Badge tone=tone word=w.t(key)/> })];
            if ends {
                cells.push(Cell::new(view! {
                    <form class="cluster" method="post" action=format!("/staff/property/contracts/{}/end", row.id)>
                        <input class="input w-mid" type="date" name="end" required=true aria-label=label/>
                        <Button label=w.t("property-end") small=true/>
                    </form>
                }));
            }
            cells
        })
        .collect();
    view! { <Table caption=caption columns=columns rows=rows headed=true/> }.into_any()
}

/// An assessment in a list.
pub struct AssessmentRow {
    /// Its page.
    pub href: String,
    /// The period in words.
    pub period: String,
    /// Points as written; `None`: nothing could be counted.
    pub points: Option<String>,
    /// When it was made, in words.
    pub made: String,
}

/// Assessments as a list.
pub fn assessment_list(w: Words, rows: Vec<AssessmentRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("property-assessments-none")}</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let points = row.points.unwrap_or_else(|| "–".to_owned());
            view! {
                <Item w=w href=row.href title=row.period note=row.made icon_name="list"><span class="num big">{points}</span></Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}
