//! `/staff/appointments`: a day at a hall.

use super::{
    AppointmentView, HallWords,
    parts::{span_words, state_badge},
};
use crate::{
    i18n::Words,
    time,
    ui::parts::*,
    windows::{AppointmentState, code_for_reading},
};
use jiff::civil::Date;
use leptos::prelude::*;

/// What the page shows.
pub struct DeskProps {
    /// Words.
    pub w: Words,
    /// The hall; `None` when the reader's community has none.
    pub hall: Option<HallWords>,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// Today.
    pub today: Date,
    /// The day shown.
    pub date: Date,
    /// Its appointments, by time and window.
    pub list: Vec<AppointmentView>,
    /// Whether the reader may check in.
    pub may_check_in: bool,
    /// Whether the reader may book for residents.
    pub may_assist: bool,
    /// The code typed last.
    pub typed: String,
    /// What was wrong with it.
    pub error: Option<String>,
}

/// The page.
pub fn desk_page(props: DeskProps) -> AnyView {
    let DeskProps { w, hall, halls, today, date, list, may_check_in, may_assist, typed, error } = props;
    let Some(hall) = hall else {
        return view! { <Empty icon_name="calendar" title=w.t("windows-no-hall") text=w.t("windows-no-hall-text")/> }
            .into_any();
    };
    let heading = format!("{} · {}", hall.name, time::date(w.lang, date));
    let check_in = may_check_in.then(|| check_in_form(w, hall.code.clone(), typed, error));
    let figures = figures(w, &list);
    let table = if list.is_empty() {
        view! { <Empty icon_name="calendar" title=w.t("windows-day-empty")/> }.into_any()
    } else {
        table(w, list, &hall.code, may_check_in && date == today)
    };
    view! {
        <p class="lead">{heading}</p>
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        {may_check_in.then(|| {
            let href = format!("/staff/counter?hall={}", hall.code);
            view! { <p class="phone-only"><a class="more-link" href=href>{w.t("queue-counter-title")}</a></p> }
        })}
        <Tabs label=w.t("windows-which-day") ways=days(w, &hall.code, today, date)/>
        {check_in}
        {may_assist.then(|| {
            let href = format!("/staff/appointments/new?hall={}", hall.code);
            view! { <Buttons><LinkButton href=href label=w.t("booking-assist-title") icon_name="plus"/></Buttons> }
        })}
        {figures}
        {table}
    }
    .into_any()
}

/// The day before, today and the day after as tabs; a day further away stands between its neighbours.
fn days(w: Words, hall: &str, today: Date, date: Date) -> Vec<Way> {
    let address = |date: Date| format!("/staff/appointments?hall={hall}&date={date}");
    let mut ways = Vec::new();
    if let Ok(before) = date.yesterday() {
        ways.push(Way::new(address(before), w.t("windows-day-before"), false));
    }
    if date != today {
        ways.push(Way::new(address(date), time::date(w.lang, date), true));
    }
    ways.push(Way::new(address(today), w.t("windows-today"), date == today));
    if let Ok(after) = date.tomorrow() {
        ways.push(Way::new(address(after), w.t("windows-day-next"), false));
    }
    ways
}

fn check_in_form(w: Words, hall: String, typed: String, error: Option<String>) -> AnyView {
    let summary: Vec<_> = error.iter().map(|text| ("code".to_owned(), text.clone())).collect();
    view! {
        <ErrorSummary w=w errors=summary/>
        <form class="form card" method="post" action="/staff/check-in">
            <TextField
                w=w
                name="code"
                label=w.t("windows-check-in-code")
                hint=w.t("windows-check-in-hint")
                value=typed
                error=error
                autocomplete="off"
                maxlength=16
                width="w-mid"
            />
            <div><Button label=w.t("windows-check-in") weight=Weight::Primary icon_name="check"/></div>
            <input type="hidden" name="hall" value=hall/>
        </form>
    }
    .into_any()
}

fn figures(w: Words, list: &[AppointmentView]) -> AnyView {
    let count = |states: &[AppointmentState]| list.iter().filter(|view| states.contains(&view.state)).count();
    let figure = |name: String, number: usize| {
        view! {
            <p class="figure">
                <span class="figure-name">{name}</span>
                <span class="figure-value num">{number}</span>
            </p>
        }
    };
    view! {
        <div class="figures">
            {figure(w.t("windows-state-booked"), count(&[AppointmentState::Booked]))}
            {figure(w.t("windows-came"), count(&[AppointmentState::CheckedIn, AppointmentState::Done]))}
            {figure(w.t("windows-state-cancelled"), count(&[AppointmentState::Cancelled]))}
        </div>
    }
    .into_any()
}

fn table(w: Words, list: Vec<AppointmentView>, hall: &str, may_check_in: bool) -> AnyView {
    let columns = vec![
        w.t("windows-column-time"),
        w.t("windows-column-person"),
        w.t("windows-column-item"),
        w.t("windows-column-window"),
        w.t("windows-column-materials"),
        w.t("windows-column-state"),
        w.t("windows-column-do"),
    ];
    let caption = w.tf("windows-day-caption", &[("count", list.len().into())]);
    let rows: Vec<Vec<Cell>> = list.into_iter().map(|view| row(w, view, hall, may_check_in)).collect();
    view! { <Table caption=caption columns=columns rows=rows/> }.into_any()
}

fn row(w: Words, view: AppointmentView, hall: &str, may_check_in: bool) -> Vec<Cell> {
    let AppointmentView {
        code,
        title,
        state,
        person,
        phone,
        for_whom,
        need,
        materials: (needed, ready),
        cancel_reason,
        ..
    } = view;
    let for_whom = (!for_whom.is_empty())
        .then(|| w.tf("booking-for-whom-short", &[("who", for_whom.into())]))
        .map(|text| view! { " "<span class="small nowrap">{text}</span> });
    let need = (!need.is_empty()).then(|| view! { " "<Tag word=need/> });
    let materials = w.tf("windows-materials-ready", &[("ready", ready.into()), ("needed", needed.into())]);
    let action = (may_check_in && state == AppointmentState::Booked).then(|| {
        let (hall, code, person) = (hall.to_owned(), code.clone(), person.clone());
        view! {
            <form method="post" action="/staff/check-in">
                <input type="hidden" name="hall" value=hall/>
                <input type="hidden" name="code" value=code/>
                <button class="button small nowrap">{w.t("windows-check-in")}<span class="sr">" "{person}</span></button>
            </form>
        }
    });
    let readable = code_for_reading(&code);
    vec![
        Cell::number(span_words(view.starts_at, view.ends_at)),
        Cell::new(view! {
            <a href=format!("/appointments/{code}")>{person}</a>
            " "<span class="muted small num nowrap">{phone}</span>
            " "<code class="nowrap">{readable}</code>
            {for_whom}
            {need}
        }),
        Cell::new(title),
        Cell::number(view.window),
        Cell::new(materials),
        Cell::new(view! {
            {state_badge(w, state)}
            {(!cancel_reason.is_empty()).then(|| view! { " "<span class="small">{cancel_reason}</span> })}
        }),
        Cell::new(action),
    ]
}
