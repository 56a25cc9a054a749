//! `/services/{code}/times`: first the day, then the time.

use super::{
    Carried, HallWords, TimeView,
    parts::{closed_words, day_name, day_short, hidden, time_fields},
};
use crate::{
    i18n::Words,
    time,
    ui::parts::*,
    windows::{ClosedReason, ServiceItem},
};
use jiff::civil::Date;
use leptos::prelude::*;

/// A day of the booking window.
#[derive(Clone, Debug)]
pub struct DayView {
    /// The day.
    pub date: Date,
    /// Why it is closed, if it is.
    pub closed: Option<ClosedReason>,
    /// Its times, full ones included.
    pub times: Vec<TimeView>,
    /// Why its hours are unusual, in words.
    pub remark: Option<String>,
}

impl DayView {
    fn left(&self) -> i64 {
        self.times.iter().map(|time| time.left).sum()
    }
}

/// What the page shows.
pub struct TimesProps {
    /// Words.
    pub w: Words,
    /// The item.
    pub item: ServiceItem,
    /// The hall.
    pub hall: HallWords,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// Today.
    pub today: Date,
    /// The days that can be booked.
    pub days: Vec<DayView>,
    /// The chosen day.
    pub chosen: Option<DayView>,
    /// Answers and ticks so far.
    pub carried: Carried,
}

/// "Few" are left at so many places or less.
const FEW: i64 = 6;

/// The page.
pub fn times_page(props: TimesProps) -> AnyView {
    let TimesProps { w, item, hall, halls, today, days, chosen, carried } = props;
    let steps = vec![w.t("windows-step-bring"), w.t("windows-step-time"), w.t("windows-step-confirm")];
    let title = w.pick(&item.title, &item.title_en).to_owned();
    let none_free = days.iter().all(|day| day.left() == 0).then(|| {
        let text = w.tf("windows-none-free", &[("phone", hall.phone.clone().into())]);
        view! { <Note tone=Tone::Warn><p>{text}</p></Note> }
    });
    let base = format!("/services/{}/times?hall={}{}", item.code, hall.code, carried.query(&item));
    let list = day_list(w, &base, &days, today, chosen.as_ref().map(|day| day.date));
    let body = match chosen {
        Some(day) => {
            let name = time::date(w.lang, day.date);
            let times = chosen_day(w, &item, day, &carried);
            view! {
                <Section title=name>{times}</Section>
                <Section title=w.t("windows-other-day")>{list}</Section>
            }
            .into_any()
        }
        None => view! { <Section title=w.t("windows-which-day")>{none_free}{list}</Section> }.into_any(),
    };
    let place = if halls.len() > 1 {
        view! { <Chips label=w.t("windows-choose-hall") ways=halls/> }.into_any()
    } else {
        view! { <p class="muted">{hall.name}</p> }.into_any()
    };
    view! {
        <Steps steps=steps current=1/>
        <p class="lead">{title}</p>
        {place}
        {body}
    }
    .into_any()
}

fn day_list(w: Words, base: &str, days: &[DayView], today: Date, chosen: Option<Date>) -> AnyView {
    let rows: Vec<Day> = days
        .iter()
        .map(|day| {
            let (state, left) = match (&day.closed, day.left()) {
                (Some(ClosedReason::Unknown), _) => (DayState::Closed, w.t("windows-closed-unknown-short")),
                (Some(reason), _) => (DayState::Closed, closed_words(w, reason)),
                (None, 0) => (DayState::Full, w.t("windows-full")),
                (None, left @ 1..=FEW) => (DayState::Few, w.tf("windows-left", &[("count", left.into())])),
                (None, left) => (DayState::Open, w.tf("windows-left", &[("count", left.into())])),
            };
            Day {
                href: day.closed.is_none().then(|| format!("{base}&date={}", day.date)),
                name: day_name(w, day.date, today),
                date: day_short(w.lang, day.date),
                left,
                state,
                current: chosen == Some(day.date),
            }
        })
        .collect();
    let unknown = days.iter().any(|day| day.closed == Some(ClosedReason::Unknown));
    view! {
        <DayRows days=rows/>
        {unknown.then(|| view! { <Note><p>{w.t("windows-unknown-year")}</p></Note> })}
    }
    .into_any()
}

fn chosen_day(w: Words, item: &ServiceItem, day: DayView, carried: &Carried) -> AnyView {
    if let Some(reason) = &day.closed {
        let text = closed_words(w, reason);
        return view! { <Note tone=Tone::Warn><p>{text}</p></Note> }.into_any();
    }
    if day.left() == 0 {
        return view! { <Note tone=Tone::Warn><p>{w.t("windows-day-full")}</p></Note> }.into_any();
    }
    view! {
        {day.remark.map(|remark| view! { <Note><p>{remark}</p></Note> })}
        <form class="form" method="get" action=format!("/services/{}/book", item.code)>
            {hidden(carried, true)}
            {time_fields(w, day.times, false)}
            <ActionBar><Button label=w.t("windows-next-step") weight=Weight::Primary/></ActionBar>
        </form>
    }
    .into_any()
}
