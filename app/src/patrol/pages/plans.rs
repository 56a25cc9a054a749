//! Plans for staff: the list, one plan, its form.

use crate::{
    i18n::Words,
    patrol::plan::{MAX_NAME, Point},
    time,
    ui::parts::*,
};
use jiff::civil::date;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A plan in the list.
pub struct PlanRow {
    /// Where it leads.
    pub href: String,
    /// Name.
    pub name: String,
    /// Grid and days, in words.
    pub note: String,
    /// When it is next walked or that it is over, in words.
    pub next: String,
    /// It is walked today.
    pub today: bool,
}

/// The list.
pub fn list(w: Words, rows: Vec<PlanRow>, may_make: bool) -> AnyView {
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            let note = if row.today { row.note } else { format!("{} · {}", row.note, row.next) };
            let today = row.today.then(|| view! { <Badge tone=Tone::Ok word=row.next/> });
            view! { <Item w=w href=row.href title=row.name note=note icon_name="pin">{today}</Item> }
        })
        .collect_view();
    let make = || view! { <LinkButton href="/staff/patrols/new" label=w.t("patrol-make") weight=Weight::Primary/> };
    view! {
        <p class="lead">{w.t("patrol-lead")}</p>
        {may_make.then(make)}
        {if none {
            view! { <Empty icon_name="pin" title=w.t("patrol-none") text=w.t("patrol-none-text")/> }.into_any()
        } else {
            view! { <List>{rows}</List> }.into_any()
        }}
    }
    .into_any()
}

/// A plan's form.
pub struct PlanForm {
    /// Words.
    pub w: Words,
    /// Where it is sent.
    pub action: String,
    /// One form makes one plan.
    pub key: String,
    /// The lock of a plan that is changed.
    pub version: i64,
    /// Code and name of the grids; empty where the grid is settled.
    pub grids: Vec<(String, String)>,
    /// Code of the chosen grid.
    pub grid: String,
    /// Name.
    pub name: String,
    /// Chosen days, `1` to `7`.
    pub weekdays: Vec<String>,
    /// First day.
    pub from: String,
    /// Last day, may be empty.
    pub until: String,
    /// Points as they were typed.
    pub points: String,
    /// What is wrong, by field.
    pub errors: BTreeMap<&'static str, String>,
}

/// The form.
pub fn form(form: PlanForm) -> AnyView {
    let PlanForm { w, action, key, version, grids, grid, name, weekdays, from, until, points, errors } = form;
    let error = |field: &str| errors.get(field).cloned();
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let days = (1..=7).map(|day| Choice::new(day.to_string(), weekday(w, day))).collect();
    let where_ = (!grids.is_empty()).then(|| {
        view! { <SelectField w=w name="grid" label=w.t("patrol-grid") options=grids value=grid error=error("grid")/> }
    });
    let save = if version == 0 { w.t("patrol-make-do") } else { w.t("patrol-save") };
    view! {
        <ErrorSummary w=w errors=summary/>
        <form class="stack" method="post" action=action>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="version" value=version/>
            <TextField w=w name="name" label=w.t("patrol-name") value=name error=error("name") maxlength=u32::try_from(MAX_NAME).unwrap_or(40)/>
            {where_}
            <CheckField name="weekdays" legend=w.t("patrol-weekdays") choices=days checked=weekdays error=error("weekdays")/>
            <div class="cols">
                <TextField w=w name="from" label=w.t("patrol-from") value=from kind="date" error=error("from")/>
                <TextField w=w name="until" label=w.t("patrol-until") value=until kind="date" optional=true error=error("until")/>
            </div>
            <TextArea
                w=w
                name="points"
                label=w.t("patrol-points")
                hint=w.t("patrol-points-hint")
                value=points
                error=error("points")
                rows=8
            />
            <Button label=save weight=Weight::Primary/>
        </form>
    }
    .into_any()
}

/// The word for a day of the week, Monday = 1.
pub fn weekday(w: Words, day: i8) -> &'static str {
    // 2026-11-23 is a Monday.
    time::weekday(w.lang, date(2026, 11, 22 + day.clamp(1, 7)))
}

/// A day on which the plan was walked.
pub struct WalkRow {
    /// The day, in words.
    pub day: String,
    /// Points looked at, of all.
    pub looked: String,
    /// Points at which something was found.
    pub found: i64,
    /// It was ended.
    pub done: bool,
    /// Codes of the reports that were filed from its points.
    pub reports: Vec<String>,
    /// What was written down.
    pub note: String,
}

/// One plan.
pub struct PlanPage {
    /// Words.
    pub w: Words,
    /// Grid and days in words.
    pub facts: Vec<(String, String)>,
    /// Where to look.
    pub points: Vec<Point>,
    /// The last days.
    pub walks: Vec<WalkRow>,
    /// The form that changes it; `None`: the reader may not, or it is over.
    pub form: Option<PlanForm>,
    /// Address that ends it.
    pub end: Option<(String, i64)>,
}

/// The page of one plan; it prints as a list to take along.
pub fn one(page: PlanPage) -> AnyView {
    let PlanPage { w, facts, points, walks, form: change, end } = page;
    let facts = facts.into_iter().map(|(term, value)| Fact::new(term, value)).collect();
    let open = change.as_ref().is_some_and(|form| !form.errors.is_empty());
    let columns =
        ["patrol-day", "patrol-looked", "patrol-found", "patrol-reports", "patrol-note"].map(|key| w.t(key)).to_vec();
    let none = walks.is_empty();
    let rows = walks
        .into_iter()
        .map(|walk| {
            let link = |code: String| view! { <a href=format!("/staff/reports/{code}")>{code.clone()}</a>" " };
            let reports = walk.reports.into_iter().map(link).collect_view();
            let state = if walk.done { String::new() } else { format!(" · {}", w.t("patrol-under-way")) };
            vec![
                Cell::new(format!("{}{state}", walk.day)),
                Cell::number(walk.looked),
                Cell::number(walk.found),
                Cell::new(reports),
                Cell::new(walk.note),
            ]
        })
        .collect();
    let points = points
        .into_iter()
        .map(|point| view! { <li><strong>{point.place}</strong>" "<span>{point.look_at}</span></li> })
        .collect_view();
    view! {
        <Facts facts=facts/>
        <section class="stack">
            <h2>{w.t("patrol-points")}</h2>
            <ol class="patrol-points">{points}</ol>
        </section>
        <section class="stack">
            <h2>{w.t("patrol-walks")}</h2>
            {if none {
                view! { <p class="muted">{w.t("patrol-walks-none")}</p> }.into_any()
            } else {
                view! { <Table caption=w.t("patrol-walks") columns=columns rows=rows headed=true/> }.into_any()
            }}
        </section>
        {change.map(|change| view! {
            <details class="more" id="change" open=open>
                <summary>{w.t("patrol-change")}</summary>
                <div class="more-body">{form(change)}</div>
            </details>
        })}
        {end.map(|(action, version)| view! {
            <Confirm label=w.t("patrol-end") consequence=w.t("patrol-end-text")>
                <form method="post" action=action>
                    <input type="hidden" name="version" value=version/>
                    <Button label=w.t("patrol-end-do") weight=Weight::Danger/>
                </form>
            </Confirm>
        })}
    }
    .into_any()
}
