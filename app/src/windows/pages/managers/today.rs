//! `/staff/halls/{hall}/today`: who serves, who waits, who is expected.

use super::hall_tabs;
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A window.
pub struct WindowRow {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Who works there; empty for nobody.
    pub staff: String,
    /// What it does, in words.
    pub now: Option<String>,
    /// Who waits that it may call.
    pub waiting: i64,
    /// Served today.
    pub served: i64,
}

/// An hour ahead.
pub struct HourRow {
    /// Its begin.
    pub from: String,
    /// Bookings whose holders have not come.
    pub expected: i64,
    /// Places at open windows.
    pub places: i64,
}

/// What the page shows.
pub struct TodayProps {
    /// Words.
    pub w: Words,
    /// Code of the hall.
    pub hall: String,
    /// Its name.
    pub name: String,
    /// Address of the live feed.
    pub live: String,
    /// The reader may change the hall.
    pub manages: bool,
    /// The reader may work at its windows and its reception.
    pub serves: bool,
    /// Hours today, in words.
    pub hours: String,
    /// Now.
    pub at: String,
    /// Windows with somebody at them, of so many.
    pub open: (i64, i64),
    /// Who waits.
    pub waiting: i64,
    /// By class.
    pub by_class: Vec<(String, i64)>,
    /// Longest wait so far, in minutes.
    pub longest: Option<i64>,
    /// How long somebody who came now would wait.
    pub wait: Option<(i64, i64)>,
    /// Bookings: catalogue key and number.
    pub bookings: [(&'static str, i64); 6],
    /// The hours ahead.
    pub ahead: Vec<HourRow>,
    /// Places left: online, for staff who book.
    pub left: (i64, i64),
    /// Walk-in numbers, of so many.
    pub walk_ins: (i64, i64),
    /// By channel.
    pub channels: Vec<(String, i64)>,
    /// Bad ratings without an answer.
    pub ratings: i64,
    /// The windows.
    pub windows: Vec<WindowRow>,
}

/// The page.
pub fn today_page(props: TodayProps) -> AnyView {
    let TodayProps { w, hall, name, live, manages, serves, hours, at, open, waiting, by_class, longest, wait, .. } =
        props;
    let figure = |href: Option<String>, name: String, value: String, note: String| {
        let inside = view! {
            <span class="figure-name">{name}</span>
            <span class="figure-value num">{value}</span>
            <span class="figure-note">{note}</span>
        };
        match href {
            Some(href) => view! { <a class="figure" href=href>{inside}</a> }.into_any(),
            None => view! { <div class="figure">{inside}</div> }.into_any(),
        }
    };
    let classes = by_class.iter().map(|(class, count)| format!("{class} {count}")).collect::<Vec<_>>().join("、");
    let longest = longest.map_or_else(String::new, |minutes| w.tf("today-longest", &[("minutes", minutes.into())]));
    let wait = wait
        .map(|(low, high)| w.tf("queue-wait-range", &[("low", low.into()), ("high", high.into())]))
        .unwrap_or_default();
    let waits = [longest, classes].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let channels = props.channels.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join("、");
    let counter = serves.then(|| format!("/staff/counter?hall={hall}"));
    let reception = serves.then(|| format!("/staff/reception?hall={hall}"));
    let figures = view! {
        <div class="figures">
            {figure(counter.clone(), w.t("today-windows"), format!("{}/{}", open.0, open.1), w.t("today-windows-note"))}
            {figure(reception.clone(), w.t("today-waiting"), waiting.to_string(), waits)}
            {figure(counter, w.t("today-wait-now"), if wait.is_empty() { "–".to_owned() } else { wait }, w.t("today-wait-note"))}
            {figure(
                Some(format!("/staff/appointments?hall={hall}")),
                w.t("today-left"),
                props.left.0.to_string(),
                w.tf("today-left-note", &[("assisted", props.left.1.into())]),
            )}
            {figure(
                reception,
                w.t("today-walk-ins"),
                format!("{}/{}", props.walk_ins.0, props.walk_ins.1),
                channels,
            )}
            {manages.then(|| figure(
                Some(format!("/staff/ratings?hall={hall}")),
                w.t("today-ratings"),
                props.ratings.to_string(),
                w.t("today-ratings-note"),
            ))}
        </div>
    };
    let booked = props
        .bookings
        .iter()
        .map(|(key, count)| Fact::new(w.t(key), view! { <span class="num">{*count}</span> }))
        .collect();
    view! {
        <p class="lead">{name}</p>
        {manages.then(|| hall_tabs(w, &hall, "/today"))}
        <div class="live stack loose" data-live=live>
            <p class="meta"><span>{hours}</span>" · "<span>{w.tf("today-at", &[("time", at.into())])}</span></p>
            {figures}
            <Section title=w.t("today-windows-title")>{windows_table(w, props.windows)}</Section>
            <div class="cols">
                <Section title=w.t("today-bookings")><Summary facts=booked/></Section>
                <Section title=w.t("today-ahead")>{hours_table(w, props.ahead)}</Section>
            </div>
        </div>
    }
    .into_any()
}

fn windows_table(w: Words, rows: Vec<WindowRow>) -> AnyView {
    let columns = ["today-column-window", "today-column-staff", "today-column-now", "today-waiting", "today-served"]
        .map(|key| w.t(key))
        .to_vec();
    let rows: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let title = w.tf("settings-window-title", &[("number", row.number.into()), ("name", row.name.into())]);
            let staff = if row.staff.is_empty() {
                view! { <span class="muted">{w.t("today-nobody")}</span> }.into_any()
            } else {
                view! { <span>{row.staff}</span> }.into_any()
            };
            vec![
                Cell::new(title),
                Cell::new(staff),
                Cell::new(row.now.unwrap_or_else(|| "–".to_owned())),
                Cell::number(row.waiting),
                Cell::number(row.served),
            ]
        })
        .collect();
    view! { <Table caption=w.t("today-windows-caption") columns=columns rows=rows/> }.into_any()
}

fn hours_table(w: Words, rows: Vec<HourRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("today-no-hours")}</p> }.into_any();
    }
    let columns = ["today-column-hour", "today-column-expected", "today-column-places"].map(|key| w.t(key)).to_vec();
    let rows: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let full = row.expected > row.places;
            let more = full.then(|| view! { " "<Badge tone=Tone::Warn word=w.t("today-more-than")/> });
            let expected = view! { <span>{row.expected}{more}</span> };
            vec![Cell::number(row.from), Cell::number(expected), Cell::number(row.places)]
        })
        .collect();
    view! { <Table caption=w.t("today-ahead-caption") columns=columns rows=rows keep=true/> }.into_any()
}
