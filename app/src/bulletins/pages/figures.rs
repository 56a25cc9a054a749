//! Tables and charts of a bulletin, drawn from the numbers that it keeps.

use crate::{
    bulletins::{
        Bulletin, Counted, Named, Part,
        draft::{count_change, hundredths_shown, rate, rate_change, reasons},
    },
    i18n::{Lang, Words},
    ui::{chart, parts::*},
};
use jiff::civil::Date;
use leptos::prelude::*;

fn name(w: Words, named: &Named) -> String {
    if named.code.is_empty() { w.t("net-no-grid") } else { w.pick(&named.name, &named.name_en).to_owned() }
}

fn hours(w: Words, hours: Option<f64>) -> String {
    hours.map_or_else(|| "—".to_owned(), |hours| w.tf("desk-stat-hours", &[("hours", format!("{hours:.1}").into())]))
}

/// A measure, its column and its name.
type Count = (&'static str, fn(&Counted) -> i64);
type Rate = (&'static str, fn(&Counted) -> Option<f64>);

const COUNTS: [Count; 6] = [
    ("desk-stat-filed", |counted| counted.filed),
    ("desk-stat-due", |counted| counted.due),
    ("desk-stat-closed", |counted| counted.closed),
    ("desk-stat-on-time", |counted| counted.on_time),
    ("desk-stat-suspended", |counted| counted.suspended),
    ("desk-stat-overdue", |counted| counted.overdue),
];

const RATES: [Rate; 6] = [
    ("desk-stat-closing-rate", Counted::closing_rate),
    ("desk-stat-on-time-rate", Counted::on_time_rate),
    ("desk-stat-rework-rate", Counted::rework_rate),
    ("desk-stat-extension-rate", Counted::extension_rate),
    ("desk-stat-return-rate", Counted::return_rate),
    ("desk-stat-satisfaction", Counted::satisfaction),
];

/// All together, with the period before.
fn comparison(w: Words, bulletin: &Bulletin) -> AnyView {
    let (now, before) = (&bulletin.now, &bulletin.before);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (key, of) in COUNTS {
        let (now, before) = (of(now), of(before));
        rows.push(vec![
            Cell::new(w.t(key)),
            Cell::number(now),
            Cell::number(before),
            Cell::number(count_change(now, before)),
        ]);
    }
    for (key, of) in RATES {
        let (now, before) = (of(now), of(before));
        rows.push(vec![
            Cell::new(w.t(key)),
            Cell::number(rate(now)),
            Cell::number(rate(before)),
            Cell::number(rate_change(now, before)),
        ]);
    }
    rows.push(vec![
        Cell::new(w.t("desk-stat-median")),
        Cell::number(hours(w, now.median_hours)),
        Cell::number(hours(w, before.median_hours)),
        Cell::number("—"),
    ]);
    let columns = ["bulletins-figure", "bulletins-now", "bulletins-before", "bulletins-change"].map(|key| w.t(key));
    view! { <Table caption=w.t("bulletins-comparison") columns=columns.to_vec() rows=rows keep=true/> }.into_any()
}

/// Organisations or categories, each with the period before.
fn parts(w: Words, parts: &[Part], caption: &str, head: &str) -> Option<AnyView> {
    if parts.is_empty() {
        return None;
    }
    let rows = parts
        .iter()
        .map(|part| {
            let (now, before) = (&part.now, &part.before);
            vec![
                Cell::new(name(w, &part.named)),
                Cell::number(now.filed),
                Cell::number(now.due),
                Cell::number(now.closed),
                Cell::number(now.overdue),
                Cell::number(rate(now.closing_rate())),
                Cell::number(rate(now.on_time_rate())),
                Cell::number(rate_change(now.on_time_rate(), before.on_time_rate())),
            ]
        })
        .collect();
    let columns = [
        head,
        "desk-stat-filed",
        "desk-stat-due",
        "desk-stat-closed",
        "desk-stat-overdue",
        "desk-stat-closing-rate",
        "desk-stat-on-time-rate",
        "bulletins-on-time-change",
    ];
    let columns = columns.map(|key| w.t(key)).to_vec();
    Some(view! { <Table caption=w.t(caption) columns=columns rows=rows keep=true/> }.into_any())
}

fn bars(w: Words, parts: &[Part], caption: &str) -> Option<AnyView> {
    let rows: Vec<(String, Vec<i64>)> = parts
        .iter()
        .filter(|part| part.now.due > 0)
        .map(|part| (name(w, &part.named), vec![part.now.due, part.now.closed]))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let series = ["desk-stat-due", "desk-stat-closed"].map(|key| w.t(key));
    let label = w.t(caption);
    Some(
        view! {
            <figure class="chart-box">
                <figcaption>{label.clone()}</figcaption>
                {chart::bars(label, &series, rows)}
            </figure>
        }
        .into_any(),
    )
}

fn course(w: Words, bulletin: &Bulletin) -> Option<AnyView> {
    if bulletin.course.iter().all(|stretch| stretch.filed == 0) {
        return None;
    }
    let day = |text: &str| match text.parse::<Date>() {
        Ok(day) if w.lang == Lang::Zh => format!("{}月{}日", day.month(), day.day()),
        Ok(day) => format!("{}/{}", day.month(), day.day()),
        Err(_) => text.to_owned(),
    };
    let rows = bulletin.course.iter().map(|stretch| (day(&stretch.from), stretch.filed, stretch.closed)).collect();
    let series = ["desk-stat-filed", "stats-closed-now"].map(|key| w.t(key));
    Some(
        view! {
            <figure class="chart-box">
                <figcaption>{w.t("stats-course")}</figcaption>
                {chart::columns(w.t("stats-course"), &series, rows)}
            </figure>
        }
        .into_any(),
    )
}

fn improved(w: Words, bulletin: &Bulletin) -> Option<AnyView> {
    if bulletin.improved.is_empty() {
        return None;
    }
    let rows = bulletin
        .improved
        .iter()
        .map(|one| {
            vec![
                Cell::new(name(w, &one.named)),
                Cell::number(hundredths_shown(one.before)),
                Cell::number(hundredths_shown(one.now)),
            ]
        })
        .collect();
    let columns = ["bulletins-part", "bulletins-before", "bulletins-now"].map(|key| w.t(key)).to_vec();
    Some(view! { <Table caption=w.t("bulletins-improved") columns=columns rows=rows keep=true/> }.into_any())
}

fn hard(w: Words, bulletin: &Bulletin, codes: bool) -> Option<AnyView> {
    if bulletin.hard.is_empty() {
        return None;
    }
    let rows = bulletin
        .hard
        .iter()
        .map(|hard| {
            let category = w.pick(&hard.category, &hard.category_en).to_owned();
            let head = if codes {
                let href = format!("/staff/reports/{}", hard.code);
                view! { <a href=href>{category}</a>" "<span class="muted nowrap">{hard.code.clone()}</span> }.into_any()
            } else {
                category.into_any()
            };
            vec![
                Cell::new(head),
                Cell::new(w.pick(&hard.place, &hard.place_en).to_owned()),
                Cell::new(hard.filed.clone()),
                Cell::new(reasons(w, hard)),
            ]
        })
        .collect();
    let columns =
        ["desk-stat-report", "desk-stat-place", "bulletins-filed", "bulletins-why"].map(|key| w.t(key)).to_vec();
    let caption =
        w.tf("bulletins-hard", &[("count", bulletin.hard_count.into()), ("shown", bulletin.hard.len().into())]);
    Some(view! { <Table caption=caption columns=columns rows=rows/> }.into_any())
}

/// All tables and charts of a bulletin, and what the words mean. `codes`: for staff, with the codes of hard cases.
pub fn figures(w: Words, bulletin: &Bulletin, codes: bool) -> AnyView {
    let rules =
        bulletin.definitions.iter().map(|rule| view! { <p>{w.pick(&rule.zh, &rule.en).to_owned()}</p> }).collect_view();
    view! {
        <div class="bulletin-figures stack">
            <h2>{w.t("bulletins-figures")}</h2>
            {comparison(w, bulletin)}
            {course(w, bulletin)}
            {bars(w, &bulletin.parts, "bulletins-bars-parts")}
            {parts(w, &bulletin.parts, "bulletins-parts", "bulletins-part")}
            {bars(w, &bulletin.categories, "bulletins-bars-categories")}
            {parts(w, &bulletin.categories, "bulletins-categories", "bulletins-category")}
            {improved(w, bulletin)}
            {hard(w, bulletin, codes)}
            <section class="stack small">
                <h2>{w.t("desk-stat-rules")}</h2>
                {rules}
            </section>
        </div>
    }
    .into_any()
}
