//! The plan coloured by a figure, its legend in words, and the table that says the same.

use crate::{
    i18n::Words,
    net::{
        figure::{Band, Figure, Measured, step},
        map::{self, WIDTH},
    },
    reports::statistics::percent,
    ui::parts::*,
};
use leptos::prelude::*;

/// A part of the organisation: a street, a community, a grid.
pub struct Part {
    /// Its number on the plan, from 1; 0 for what lies in no part.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Its own page; none for what lies in no part.
    pub href: Option<String>,
    /// The list of what is open, due today, overdue there.
    pub lists: Option<[String; 3]>,
    /// What is known of it.
    pub measured: Measured,
    /// Outlines of [longitude, latitude].
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// Outlines of grids that are no more, which are drawn under those of grids that stand.
    pub former: Vec<Vec<[f64; 2]>>,
}

/// The plan and its table.
pub struct Plan {
    /// The organisation's name.
    pub place: String,
    /// What its parts are called: streets, communities, grids.
    pub parts_word: String,
    /// The parts in their order.
    pub parts: Vec<Part>,
    /// All of them together.
    pub sum: Measured,
}

/// Hatchings, so that a step is told by more than its colour.
fn patterns() -> AnyView {
    let draw = |step: usize, d: &'static str| {
        view! {
            <pattern id=format!("net-p{step}") width="14" height="14" patternUnits="userSpaceOnUse">
                <path class="net-hatch" d=d></path>
            </pattern>
        }
    };
    view! {
        <defs>
            {draw(1, "M6 7h2")}
            {draw(2, "M0 14L14 0")}
            {draw(3, "M0 14L14 0M0 0L14 14")}
            {draw(4, "M0 14L14 0M0 0L14 14M0 7h14M7 0v14")}
        </defs>
    }
    .into_any()
}

/// One outline in its colour, with its hatching over it.
fn shape(corners: &[[i64; 2]], step: Option<usize>) -> AnyView {
    let points = map::points(corners);
    let class = step.map_or_else(|| "net-area net-none".to_owned(), |step| format!("net-area net-step-{step}"));
    let hatch = step.filter(|step| *step > 0).map(|step| {
        view! { <polygon points=points.clone() fill=format!("url(#net-p{step})")></polygon> }
    });
    view! { <polygon class=class points=points.clone()></polygon>{hatch} }.into_any()
}

fn drawing(w: Words, figure: Figure, plan: &Plan, bands: &[Band; 5]) -> Option<AnyView> {
    let outlines: Vec<Vec<[f64; 2]>> =
        plan.parts.iter().flat_map(|part| part.outlines.iter().chain(&part.former).cloned()).collect();
    let drawing = map::draw(&outlines)?;
    let mut shapes = drawing.shapes.into_iter();
    let (mut former_areas, mut areas, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for part in &plan.parts {
        let own: Vec<Vec<[i64; 2]>> = shapes.by_ref().take(part.outlines.len()).collect();
        let former: Vec<Vec<[i64; 2]>> = shapes.by_ref().take(part.former.len()).collect();
        let step = figure.value(&part.measured).map(|value| step(bands, value));
        let drawn = |of: &[Vec<[i64; 2]>]| -> Vec<AnyView> {
            of.iter().filter(|corners| corners.len() > 2).map(|corners| shape(corners, step)).collect()
        };
        former_areas.extend(drawn(&former));
        areas.extend(drawn(&own));
        if let Some([x, y]) = map::middle(&own).or_else(|| map::middle(&former)) {
            numbers.push(view! {
                <circle class="net-dot" cx=x.to_string() cy=y.to_string() r="20"></circle>
                <text class="net-number" x=x.to_string() y=(y + 9).to_string() text-anchor="middle">{part.number}</text>
            });
        }
    }
    let label = w.tf("net-plan-label", &[("place", plan.place.clone().into()), ("figure", w.t(figure.key()).into())]);
    Some(
        view! {
            <svg class="net-plan" viewBox=format!("0 0 {WIDTH} {}", drawing.height) role="img" aria-label=label>
                {patterns()}
                {former_areas}
                {areas}
                {numbers}
            </svg>
        }
        .into_any(),
    )
}

fn legend(w: Words, figure: Figure, bands: &[Band; 5]) -> AnyView {
    let entries = bands
        .iter()
        .enumerate()
        .map(|(step, band)| {
            let square = [[0, 0], [40, 0], [40, 28], [0, 28]];
            view! {
                <li>
                    <svg viewBox="0 0 40 28" aria-hidden="true">{shape(&square, Some(step))}</svg>
                    {figure.band_words(w, step, *band)}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="net-legend small" aria-label=w.t("net-legend")>{entries}</ul> }.into_any()
}

fn line(figure: Figure, part: Part, numbered: bool) -> Vec<Cell> {
    let Part { number, name, href, lists, measured, .. } = part;
    let mark = (numbered && number > 0).then(|| view! { <span class="net-key num">{number}</span>" " });
    let name = match href {
        Some(href) => view! { {mark}<a href=href>{name}</a> }.into_any(),
        None => view! { {mark}{name} }.into_any(),
    };
    let [open, today, overdue] = lists.map_or([None, None, None], |lists| lists.map(Some));
    let count = |count: i64, list: Option<String>| match list.filter(|_| count > 0) {
        Some(list) => Cell::number(view! { <a href=list>{count}</a> }),
        None => Cell::number(count),
    };
    let rate = |rate: Option<f64>| Cell::number(rate.map_or_else(|| "—".to_owned(), percent));
    let mut cells = vec![
        Cell::new(name),
        count(measured.open, open),
        count(measured.today, today),
        count(measured.overdue, overdue),
        rate(measured.month.closing_rate()),
        rate(measured.month.on_time_rate()),
    ];
    if figure == Figure::PerHousehold {
        cells.push(Cell::number(figure.show(figure.value(&measured))));
    }
    cells
}

/// The plan beside its table.
pub fn view(w: Words, figure: Figure, plan: Plan) -> AnyView {
    // What lies in no part has no place on the plan.
    let values = plan.parts.iter().filter(|part| part.number > 0).filter_map(|part| figure.value(&part.measured));
    let bands = figure.bands(values);
    let drawing = drawing(w, figure, &plan, &bands);
    let numbered = drawing.is_some();
    let picture = match drawing {
        Some(drawing) => view! { <figure class="net-picture">{drawing}{legend(w, figure, &bands)}</figure> }.into_any(),
        None => view! { <p class="muted">{w.t("net-plan-none")}</p> }.into_any(),
    };
    let mut columns = vec![
        plan.parts_word,
        w.t("net-figure-open"),
        w.t("net-today"),
        w.t("net-figure-overdue"),
        w.t("desk-stat-closing-rate"),
        w.t("desk-stat-on-time-rate"),
    ];
    if figure == Figure::PerHousehold {
        columns.push(w.t("net-figure-per-household"));
    }
    let sum = Part {
        number: 0,
        name: w.t("desk-stat-sum"),
        href: None,
        lists: None,
        measured: plan.sum,
        outlines: Vec::new(),
        former: Vec::new(),
    };
    let rows = plan.parts.into_iter().chain([sum]).map(|part| line(figure, part, numbered)).collect();
    view! {
        <div class="net-beside">
            {picture}
            <Table caption=w.t("net-table") columns=columns rows=rows keep=true/>
        </div>
    }
    .into_any()
}
