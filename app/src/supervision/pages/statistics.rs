//! `/staff/supervision/statistics`: figures for each addressee and month.

use super::super::figures::{Figures, percent};
use crate::{
    i18n::Words,
    ui::{chart, parts::*},
};
use leptos::prelude::*;

/// A row of figures.
pub struct StatisticsRow {
    /// An addressee or a month.
    pub name: String,
    /// The letters behind it.
    pub href: Option<String>,
    /// Figures.
    pub figures: Figures,
}

/// What the page shows.
pub struct StatisticsPage {
    /// Words.
    pub w: Words,
    /// Years to choose from.
    pub years: Vec<Way>,
    /// All together.
    pub all: Figures,
    /// Of each addressee, in the order of the tree: no ranking.
    pub addressees: Vec<StatisticsRow>,
    /// Of each month.
    pub months: Vec<StatisticsRow>,
    /// Of each addressee and month.
    pub both: Vec<(String, StatisticsRow)>,
    /// The reader may take tables out.
    pub exports: bool,
}

/// The page.
pub fn statistics_page(page: StatisticsPage) -> AnyView {
    let StatisticsPage { w, years, all, addressees, months, both, exports } = page;
    let sentence = w.tf(
        "supervision-figures-all",
        &[("issued", all.issued.into()), ("done", all.done.into()), ("rate", percent(all.done_rate()).into())],
    );
    let series = [w.t("supervision-figure-issued"), w.t("supervision-figure-done")];
    let bars = months.iter().map(|row| (row.name.clone(), row.figures.issued, row.figures.done)).collect();
    let chart = (months.len() > 1).then(|| chart::columns(w.t("supervision-chart"), &series, bars));
    let table = move |caption: &str, first: &str, rows: Vec<StatisticsRow>| {
        let rows = rows.into_iter().map(line).collect();
        view! { <Table caption=w.t(caption) columns=columns(w, &[first]) rows=rows/> }.into_any()
    };
    let both: Vec<Vec<Cell>> = both
        .into_iter()
        .map(|(month, row)| {
            let mut cells = line(row);
            cells.insert(1, Cell::new(month));
            cells
        })
        .collect();
    let definitions = [
        ("supervision-figure-issued", "supervision-means-issued"),
        ("supervision-figure-in-time", "supervision-means-in-time"),
        ("supervision-figure-sent-back", "supervision-means-sent-back"),
        ("supervision-figure-done", "supervision-means-done"),
        ("supervision-figure-overdue", "supervision-means-overdue"),
        ("supervision-figure-rate", "supervision-means-rate"),
        ("supervision-figure-withdrawn", "supervision-means-withdrawn"),
    ]
    .map(|(name, means)| Fact::new(w.t(name), w.t(means)))
    .into_iter()
    .collect();
    if all == Figures::default() {
        return view! {
            <Chips label=w.t("supervision-year") ways=years/>
            <Empty icon_name="list" title=w.t("supervision-figures-none")/>
        }
        .into_any();
    }
    view! {
        <Chips label=w.t("supervision-year") ways=years/>
        <p class="big">{sentence}</p>
        <Section title=w.t("supervision-by-addressee")>
            {table("supervision-by-addressee", "supervision-addressee", addressees)}
        </Section>
        <Section title=w.t("supervision-by-month")>
            {chart}
            {table("supervision-by-month", "supervision-month", months)}
        </Section>
        <details class="more">
            <summary>{w.t("supervision-by-both")}</summary>
            <div class="more-body">
                <Table
                    caption=w.t("supervision-by-both")
                    columns=columns(w, &["supervision-addressee", "supervision-month"])
                    rows=both
                />
            </div>
        </details>
        <details class="more">
            <summary>{w.t("supervision-definitions")}</summary>
            <div class="more-body"><Summary facts=definitions/></div>
        </details>
        {exports.then(|| view! { <p><a class="more-link" href="/staff/exports?table=supervision">{w.t("supervision-csv")}</a></p> })}
    }
    .into_any()
}

fn columns(w: Words, first: &[&str]) -> Vec<String> {
    let figures = [
        "supervision-figure-issued",
        "supervision-figure-in-time",
        "supervision-figure-sent-back",
        "supervision-figure-done",
        "supervision-figure-overdue",
        "supervision-figure-rate",
        "supervision-figure-withdrawn",
    ];
    first.iter().chain(&figures).map(|key| w.t(key)).collect()
}

fn line(row: StatisticsRow) -> Vec<Cell> {
    let StatisticsRow { name, href, figures } = row;
    let name = match href {
        Some(href) => Cell::new(view! { <a href=href>{name}</a> }),
        None => Cell::new(name),
    };
    let numbers = [figures.issued, figures.in_time, figures.sent_back, figures.done, figures.overdue].map(Cell::number);
    let mut cells = vec![name];
    cells.extend(numbers);
    cells.push(Cell::number(percent(figures.done_rate())));
    cells.push(Cell::number(figures.withdrawn));
    cells
}
