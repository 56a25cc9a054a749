//! `/staff/reports/statistics`: figures first, tables with the list behind each number, and what the words mean.

use super::tone;
use crate::{
    i18n::Words,
    reports::{
        State,
        statistics::{By, Figures, Measure, percent},
    },
    ui::{chart, parts::*},
};
use leptos::prelude::*;

/// One line of the table.
pub struct StatisticsRow {
    /// Of whom.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
    /// Where the list behind each count is.
    pub links: [String; 11],
}

/// What the page shows.
pub struct StatisticsPage {
    /// Words.
    pub w: Words,
    /// Organisations that can be chosen: code and name.
    pub places: Vec<(String, String)>,
    /// The one chosen.
    pub place: String,
    /// First day, `2026-11-01`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// How the table is told apart.
    pub by: By,
    /// Usual periods.
    pub spans: Vec<Way>,
    /// Ways to tell apart.
    pub ways: Vec<Way>,
    /// All together.
    pub all: StatisticsRow,
    /// Each.
    pub parts: Vec<StatisticsRow>,
    /// How the period went: name of each part, filed, of these closed, where the list is.
    pub course: Vec<(String, i64, i64, String)>,
    /// Address of the table as a file.
    pub csv: String,
    /// The same for spreadsheets.
    pub xlsx: String,
}

fn rate(rate: Option<f64>) -> String {
    rate.map_or_else(|| "—".to_owned(), percent)
}

fn hours(w: Words, hours: Option<f64>) -> String {
    hours.map_or_else(|| "—".to_owned(), |hours| w.tf("desk-stat-hours", &[("hours", format!("{hours:.1}").into())]))
}

fn figure(name: String, value: String, note: String, href: String) -> AnyView {
    view! {
        <a class="figure" href=href>
            <span class="figure-name">{name}</span>
            <span class="figure-value num">{value}</span>
            <span class="figure-note num">{note}</span>
        </a>
    }
    .into_any()
}

fn link_of(row: &StatisticsRow, measure: Measure) -> String {
    Measure::ALL.iter().position(|other| *other == measure).map(|at| row.links[at].clone()).unwrap_or_default()
}

fn line(w: Words, row: StatisticsRow) -> Vec<Cell> {
    let figures = &row.figures;
    let count = |measure: Measure| {
        let (number, href) = (figures.count(measure), link_of(&row, measure));
        if number == 0 { Cell::number("0") } else { Cell::number(view! { <a href=href>{number}</a> }) }
    };
    vec![
        Cell::new(row.name.clone()),
        count(Measure::Due),
        count(Measure::Closed),
        count(Measure::OnTime),
        count(Measure::Suspended),
        count(Measure::Overdue),
        Cell::number(rate(figures.closing_rate())),
        Cell::number(rate(figures.on_time_rate())),
        Cell::number(rate(figures.rework_rate())),
        Cell::number(rate(figures.extension_rate())),
        Cell::number(rate(figures.return_rate())),
        Cell::number(hours(w, figures.median_hours())),
        Cell::number(rate(figures.satisfaction())),
    ]
}

/// The page.
pub fn statistics_page(page: StatisticsPage) -> AnyView {
    let StatisticsPage { w, places, place, from, to, by, spans, ways, all, parts, course, csv, xlsx } = page;
    let n = |measure: Measure| all.figures.count(measure);
    let of = |part: Measure, whole: i64| format!("{} ÷ {whole}", n(part));
    let due = n(Measure::Due);
    let cards = vec![
        figure(w.t("desk-stat-filed"), n(Measure::Filed).to_string(), String::new(), link_of(&all, Measure::Filed)),
        figure(
            w.t("desk-stat-closing-rate"),
            rate(all.figures.closing_rate()),
            of(Measure::Closed, due),
            link_of(&all, Measure::Closed),
        ),
        figure(
            w.t("desk-stat-on-time-rate"),
            rate(all.figures.on_time_rate()),
            of(Measure::OnTime, due - n(Measure::Suspended)),
            link_of(&all, Measure::OnTime),
        ),
        figure(
            w.t("desk-stat-overdue"),
            n(Measure::Overdue).to_string(),
            String::new(),
            link_of(&all, Measure::Overdue),
        ),
        figure(
            w.t("desk-stat-rework-rate"),
            rate(all.figures.rework_rate()),
            of(Measure::Reworked, n(Measure::Closed)),
            link_of(&all, Measure::Reworked),
        ),
        figure(
            w.t("desk-stat-extension-rate"),
            rate(all.figures.extension_rate()),
            of(Measure::Extended, due),
            link_of(&all, Measure::Extended),
        ),
        figure(
            w.t("desk-stat-return-rate"),
            rate(all.figures.return_rate()),
            of(Measure::Returned, due),
            link_of(&all, Measure::Returned),
        ),
        figure(
            w.t("desk-stat-satisfaction"),
            rate(all.figures.satisfaction()),
            of(Measure::Satisfied, n(Measure::Rated)),
            link_of(&all, Measure::Rated),
        ),
        figure(
            w.t("desk-stat-median"),
            hours(w, all.figures.median_hours()),
            String::new(),
            link_of(&all, Measure::Closed),
        ),
    ];
    let columns = [
        by.key(),
        Measure::Due.key(),
        Measure::Closed.key(),
        Measure::OnTime.key(),
        Measure::Suspended.key(),
        Measure::Overdue.key(),
        "desk-stat-closing-rate",
        "desk-stat-on-time-rate",
        "desk-stat-rework-rate",
        "desk-stat-extension-rate",
        "desk-stat-return-rate",
        "desk-stat-median",
        "desk-stat-satisfaction",
    ];
    let columns = columns.iter().map(|key| w.t(key)).collect();
    let bars = parts
        .iter()
        .map(|row| (row.name.clone(), vec![row.figures.count(Measure::Due), row.figures.count(Measure::Closed)]))
        .filter(|(_, counts)| counts[0] > 0)
        .collect::<Vec<_>>();
    let split = (!bars.is_empty()).then(|| {
        view! {
            <figure class="chart-box">
                <figcaption>{w.t("stats-split")}</figcaption>
                {chart::bars(w.t("stats-split"), &[Measure::Due, Measure::Closed].map(|measure| w.t(measure.key())), bars)}
            </figure>
        }
    });
    let course = course_view(w, course);
    let rows = parts.into_iter().chain([all]).map(|row| line(w, row)).collect();
    let rules = ["desk-stat-rule-due", "desk-stat-rule-closed", "desk-stat-rule-on-time", "desk-stat-rule-others"];
    let rules = rules.map(|key| view! { <p>{w.t(key)}</p> }).into_iter().collect_view();
    view! {
        <Chips label=w.t("desk-stat-period") ways=spans/>
        <form method="get" class="desk-filters">
            <SelectField w=w name="place" label=w.t("desk-stat-place") options=places value=place/>
            <TextField w=w name="from" label=w.t("desk-stat-from") value=from kind="date"/>
            <TextField w=w name="to" label=w.t("desk-stat-to") value=to kind="date"/>
            <input r#type="hidden" name="by" value=by.code()/>
            <Buttons><Button label=w.t("desk-stat-do") weight=Weight::Primary/></Buttons>
        </form>
        <div class="figures">{cards}</div>
        {course}
        <Chips label=w.t("desk-stat-by") ways=ways/>
        {split}
        <Table caption=w.t("desk-stat-caption") columns=columns rows=rows keep=true/>
        <Buttons>
            <LinkButton href=xlsx label=w.t("desk-stat-xlsx")/>
            <LinkButton href=csv label=w.t("desk-stat-csv")/>
        </Buttons>
        <details class="more"><summary>{w.t("desk-stat-rules")}</summary><div class="more-body stack">{rules}</div></details>
    }
    .into_any()
}

/// How the period went, as a chart with its table folded under it.
fn course_view(w: Words, course: Vec<(String, i64, i64, String)>) -> Option<AnyView> {
    if course.iter().all(|(_, filed, ..)| *filed == 0) {
        return None;
    }
    let bars = course.iter().map(|(name, filed, closed, _)| (name.clone(), *filed, *closed)).collect();
    let rows = course
        .into_iter()
        .map(|(name, filed, closed, href)| {
            let filed = if filed == 0 { "0".into_any() } else { view! { <a href=href>{filed}</a> }.into_any() };
            vec![Cell::new(name), Cell::number(filed), Cell::number(closed)]
        })
        .collect();
    let columns = ["stats-when", "desk-stat-filed", "stats-closed-now"].map(|key| w.t(key)).to_vec();
    Some(
        view! {
            <figure class="chart-box">
                <figcaption>{w.t("stats-course")}</figcaption>
                {chart::columns(w.t("stats-course"), &["desk-stat-filed", "stats-closed-now"].map(|key| w.t(key)), bars)}
                <details class="more">
                    <summary>{w.t("stats-table")}</summary>
                    <div class="more-body"><Table caption=w.t("stats-course") columns=columns rows=rows keep=true/></div>
                </details>
            </figure>
        }
        .into_any(),
    )
}

/// A report behind a number.
pub struct StatisticsListRow {
    /// Where it leads, for those who may read it.
    pub href: Option<String>,
    /// Code.
    pub code: String,
    /// Category.
    pub category: String,
    /// Community and grid.
    pub place: String,
    /// State now.
    pub state: State,
    /// Deadline.
    pub deadline: String,
    /// When it was closed.
    pub closed: String,
}

/// The reports behind a number.
pub struct StatisticsList {
    /// Words.
    pub w: Words,
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub rows: Vec<StatisticsListRow>,
}

/// The page of the reports behind a number.
pub fn statistics_list(page: StatisticsList) -> AnyView {
    let StatisticsList { w, count, rows } = page;
    let shown = rows.len();
    let columns =
        ["desk-stat-report", "desk-stat-place", "desk-stat-state", "desk-stat-deadline", "desk-stat-closed-at"];
    let columns = columns.iter().map(|key| w.t(key)).collect();
    let rows = rows
        .into_iter()
        .map(|row| {
            let code = view! { <span class="muted nowrap">{row.code}</span> };
            let name = match row.href {
                Some(href) => view! { <a href=href>{row.category}</a>" "{code} }.into_any(),
                None => view! { {row.category}" "{code} }.into_any(),
            };
            vec![
                Cell::new(name),
                Cell::new(row.place),
                Cell::new(view! { <Badge tone=tone(row.state) word=w.t(row.state.key())/> }),
                Cell::new(row.deadline),
                Cell::new(row.closed),
            ]
        })
        .collect();
    let more =
        (shown < count).then(|| view! { <p class="muted">{w.tf("desk-stat-more", &[("shown", shown.into())])}</p> });
    view! {
        <p class="lead">{w.tf("desk-stat-count", &[("count", count.into())])}</p>
        <Table caption=w.t("desk-stat-behind") columns=columns rows=rows/>
        {more}
    }
    .into_any()
}
