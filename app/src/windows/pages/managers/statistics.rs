//! `/staff/statistics`: figures as tables with a chart beside each.

use crate::{
    i18n::Words,
    ui::{chart, parts::*},
    windows::statistics::{By, Capacity, Figures},
};
use jiff::civil::Date;
use leptos::prelude::*;

/// What the page shows.
pub struct StatisticsProps {
    /// Words.
    pub w: Words,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// Code of the chosen hall; empty for all.
    pub hall: String,
    /// First and last day.
    pub period: (Date, Date),
    /// Figures of the whole.
    pub whole: Figures,
    /// Places of the whole.
    pub places: Capacity,
    /// Figures told apart: by what, and for each its name.
    pub groups: Vec<(By, Vec<Row>)>,
    /// Items with enough measured services: title, planned minutes, suggested ones, and for those who may change it the
    /// address of its form with the suggestion in it.
    pub suggested: Vec<(String, i64, i64, Option<String>)>,
    /// Address of the downloads, to be followed by `csv` or `xlsx`.
    pub download: String,
}

/// A row of figures: its name, the figures, and places where a row has some.
pub type Row = (String, Figures, Option<Capacity>);

/// Catalogue keys of the columns, in the order of [`cells`].
pub const COLUMNS: [&str; 21] = [
    "stat-booked",
    "stat-kept",
    "stat-late",
    "stat-late-share",
    "stat-no-show",
    "stat-no-show-share",
    "stat-cancelled",
    "stat-cancelled-share",
    "stat-walk-in",
    "stat-wait-p50",
    "stat-wait-p90",
    "stat-service-p50",
    "stat-service-p90",
    "stat-served",
    "stat-missing",
    "stat-stars",
    "stat-rated",
    "stat-planned",
    "stat-places-booked",
    "stat-places-used",
    "stat-used-share",
];

/// Catalogue key of a way to tell apart.
pub fn by_key(by: By) -> &'static str {
    match by {
        By::Hall => "stat-by-hall",
        By::Item => "stat-by-item",
        By::Window => "stat-by-window",
        By::Hour => "stat-by-hour",
        By::Weekday => "stat-by-weekday",
        By::Week => "stat-by-week",
    }
}

fn minutes(micros: Option<i64>) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a duration in minutes, shown with one decimal")]
    micros.map_or_else(|| "–".to_owned(), |micros| format!("{:.1}", micros as f64 / 60e6))
}

fn share(part: i64, whole: i64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{}%", (part * 100 + whole / 2) / whole) }
}

/// The figures as words, in the order of [`COLUMNS`].
pub fn cells(figures: &Figures, places: Option<Capacity>) -> [String; 21] {
    let of = |pick: fn(Capacity) -> i64| places.map_or_else(|| "–".to_owned(), |places| pick(places).to_string());
    let stars = match figures.rated {
        (0, _) => "–".to_owned(),
        (count, sum) => format!("{}.{}", sum / count, sum * 10 / count % 10),
    };
    [
        figures.booked.to_string(),
        figures.kept.to_string(),
        figures.late.to_string(),
        share(figures.late, figures.kept),
        figures.no_show.to_string(),
        share(figures.no_show, figures.kept + figures.no_show),
        figures.cancelled.to_string(),
        share(figures.cancelled, figures.booked),
        figures.walk_in.to_string(),
        minutes(figures.wait.0),
        minutes(figures.wait.1),
        minutes(figures.service[1]),
        minutes(figures.service[3]),
        figures.served.to_string(),
        share(figures.checked.1, figures.checked.0),
        stars,
        figures.rated.0.to_string(),
        of(|places| places.planned),
        of(|places| places.booked),
        of(|places| places.used),
        places.map_or_else(|| "–".to_owned(), |places| share(places.used, places.planned)),
    ]
}

fn figure(label: String, series: &[String], rows: Vec<(String, Vec<i64>)>) -> AnyView {
    view! {
        <figure class="chart-figure">
            <figcaption class="small muted">{label.clone()}</figcaption>
            {chart::bars(label, series, rows)}
        </figure>
    }
    .into_any()
}

/// The page.
pub fn statistics_page(props: StatisticsProps) -> AnyView {
    let StatisticsProps { w, halls, hall, period, whole, places, groups, suggested, download } = props;
    let card = |name: String, value: String| {
        view! { <p class="figure"><span class="figure-name">{name}</span><span class="figure-value num">{value}</span></p> }
    };
    let words = cells(&whole, Some(places));
    let cards = COLUMNS.iter().zip(words).map(|(key, value)| card(w.t(key), value)).collect_view();
    let sections = groups
        .into_iter()
        .map(|(by, rows)| {
            let title = w.t(by_key(by));
            let bars = rows.iter().map(|(name, f, _)| (name.clone(), vec![f.booked, f.kept + f.walk_in])).collect();
            let label = w.tf("stat-chart", &[("what", title.clone().into())]);
            let of = |places: &Capacity| vec![places.planned, places.booked, places.used];
            let used: Vec<_> =
                rows.iter().filter_map(|(name, _, places)| Some((name.clone(), of(places.as_ref()?)))).collect();
            let capacity = (!used.is_empty()).then(|| {
                let label = w.tf("stat-chart-places", &[("what", title.clone().into())]);
                let series = ["stat-planned", "stat-places-booked", "stat-places-used"].map(|key| w.t(key));
                figure(label, &series, used)
            });
            let columns = std::iter::once(title.clone()).chain(COLUMNS.iter().map(|key| w.t(key))).collect();
            let rows = rows
                .into_iter()
                .map(|(name, figures, places)| {
                    std::iter::once(Cell::new(name)).chain(cells(&figures, places).map(Cell::number)).collect()
                })
                .collect();
            view! {
                <Section title=title.clone()>
                    <div class="chart-pair">
                        {figure(label, &["stat-booked", "stat-chart-came"].map(|key| w.t(key)), bars)}
                        {capacity}
                    </div>
                    <Table caption=title.clone() columns=columns rows=rows keep=true/>
                </Section>
            }
        })
        .collect_view();
    let none = suggested.is_empty();
    let suggestions = suggested
        .into_iter()
        .map(|(title, planned, measured, href)| {
            let words = w.tf("stat-suggest", &[("planned", planned.into()), ("measured", measured.into())]);
            let link = href.filter(|_| planned != measured).map(|href| {
                let name = title.clone();
                view! {
                    " "<a class="nowrap" href=href>
                        {w.tf("item-use-minutes", &[("minutes", measured.into())])}<span class="sr">" "{name}</span>
                    </a>
                }
            });
            view! { <li><strong>{title}</strong>" "{words}{link}</li> }
        })
        .collect_view();
    view! {
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("stat-hall") ways=halls/> })}
        <form class="form card" method="get" action="/staff/statistics">
            <input type="hidden" name="hall" value=hall/>
            <div class="inline-fields">
                <TextField w=w name="from" label=w.t("settings-from") kind="date" value=period.0.to_string() width="w-mid"/>
                <TextField w=w name="to" label=w.t("settings-to") kind="date" value=period.1.to_string() width="w-mid"/>
            </div>
            <div><Button label=w.t("stat-show") weight=Weight::Primary/></div>
        </form>
        <div class="figures">{cards}</div>
        <p class="cluster">
            <a class="button" href=format!("{download}csv")>{icon("download")}"CSV"</a>
            <a class="button" href=format!("{download}xlsx")>{icon("download")}"Excel"</a>
        </p>
        {sections}
        <Section title=w.t("stat-suggested")>
            {none.then(|| view! { <p class="muted">{w.t("stat-not-enough")}</p> })}
            <ul>{suggestions}</ul>
        </Section>
        <details class="more">
            <summary>{w.t("stat-definitions")}</summary>
            <div class="more-body"><p>{w.t("stat-definition-counts")}</p><p>{w.t("stat-definition-times")}</p></div>
        </details>
    }
    .into_any()
}
