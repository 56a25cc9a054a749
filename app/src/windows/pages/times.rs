//! `/services/{code}/times` and `/appointments/{code}/change`: first the day, then the time; or the next free times in a
//! list.

use super::{
    HallWords, TimeView,
    parts::{closed_words, day_name, day_short, time_fields},
    visit::hidden_fields,
};
use crate::{i18n::Words, time, ui::parts::*, windows::ClosedReason};
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

/// What can be done about a full day.
#[derive(Clone, Debug)]
pub enum WaitView {
    /// Join the waiting list: the form's address and its fields.
    Join(String, Vec<(String, String)>),
    /// Sign in first: the address.
    SignIn(String),
}

/// Why the last choice was not kept.
#[derive(Clone, Debug)]
pub struct NotKept {
    /// In words.
    pub text: String,
    /// Where to sign in, when that helps.
    pub sign_in: Option<String>,
    /// A piece of work that the browser does by itself to go on: the challenge, and the fields of the choice.
    pub work: Option<(String, Vec<(String, String)>)>,
}

/// What the page shows.
pub struct TimesProps {
    /// Words.
    pub w: Words,
    /// What it is for.
    pub lead: String,
    /// The booking is being changed: when it is now.
    pub changing: Option<String>,
    /// How many slots the visit takes, when more than one, in words.
    pub length: Option<String>,
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
    /// Instead of days: the next free times.
    pub list: Option<Vec<TimeView>>,
    /// This page with everything that is carried; `&date=` and `&view=` are added.
    pub base: String,
    /// Where the chosen time is sent.
    pub action: String,
    /// What is sent with it.
    pub fields: Vec<(String, String)>,
    /// What can be done about the chosen day when it is full.
    pub wait: Option<WaitView>,
    /// Why the last choice was not kept.
    pub trouble: Option<NotKept>,
}

/// "Few" are left at so many places or less.
const FEW: i64 = 6;

/// The page.
pub fn times_page(props: TimesProps) -> AnyView {
    let TimesProps { w, lead, hall, halls, today, days, chosen, base, list, .. } = props;
    let none_free = days.iter().all(|day| day.left() == 0).then(|| {
        let text = w.tf("windows-none-free", &[("phone", hall.phone.clone().into())]);
        view! { <Note tone=Tone::Warn><p>{text}</p></Note> }
    });
    let is_list = list.is_some();
    let trouble = props.trouble.map(|trouble| not_kept(w, &props.action, trouble));
    let body = match (list, chosen) {
        (Some(times), _) => {
            let empty = times.is_empty();
            view! {
                <Section title=w.t("windows-next-free")>
                    {none_free}
                    {(!empty).then(|| choice(w, times, true, props.action, props.fields))}
                </Section>
            }
            .into_any()
        }
        (None, Some(day)) => {
            let name = time::date(w.lang, day.date);
            let list = day_list(w, &base, &days, today, Some(day.date));
            let times = chosen_day(w, day, props.action, props.fields, props.wait);
            view! {
                <Section title=name>{times}</Section>
                <Section title=w.t("windows-other-day")>{list}</Section>
            }
            .into_any()
        }
        (None, None) => {
            let list = day_list(w, &base, &days, today, None);
            view! { <Section title=w.t("windows-which-day")>{none_free}{list}</Section> }.into_any()
        }
    };
    let place = if halls.len() > 1 {
        view! { <Chips label=w.t("windows-choose-hall") ways=halls/> }.into_any()
    } else {
        view! { <p class="muted">{hall.name}</p> }.into_any()
    };
    let views = vec![
        Way::new(base.clone(), w.t("booking-view-days"), !is_list),
        Way::new(format!("{base}&view=list"), w.t("booking-view-list"), is_list),
    ];
    let steps = props.changing.is_none().then(|| {
        let steps = vec![w.t("windows-step-bring"), w.t("windows-step-time"), w.t("windows-step-confirm")];
        view! { <Steps steps=steps current=1/> }
    });
    view! {
        {steps}
        {trouble}
        <p class="lead">{lead}</p>
        {props.changing.map(|now| view! { <Note><p>{now}</p></Note> })}
        {props.length.map(|length| view! { <p class="muted">{length}</p> })}
        {place}
        <Tabs label=w.t("booking-views") ways=views/>
        {body}
    }
    .into_any()
}

/// Why the choice was not kept, and how to go on. The form is the browser's: without a script signing in is the way.
fn not_kept(w: Words, action: &str, trouble: NotKept) -> AnyView {
    let NotKept { text, sign_in, work } = trouble;
    let sign_in = sign_in.map(|href| {
        view! { <Buttons><LinkButton href=href label=w.t("booking-sign-in") weight=Weight::Primary/></Buttons> }
    });
    let work = work.map(|(challenge, fields)| {
        view! {
            <form class="note" data-tone="info" method="post" action=action.to_owned() hidden
                data-work=challenge.clone() data-bits=crate::windows::WORK_BITS.to_string()>
                {hidden_fields(fields)}
                <input type="hidden" name="challenge" value=challenge.clone()/>
                <input type="hidden" name="answer" value=""/>
                {icon("clock")}
                <p role="status" data-say=w.t("booking-work")></p>
            </form>
        }
    });
    view! {
        {work}
        <div data-instead-of-work>
            {super::parts::trouble(w.t("booking-not-kept"), text)}
            {sign_in}
        </div>
    }
    .into_any()
}

fn choice(w: Words, times: Vec<TimeView>, name_days: bool, action: String, fields: Vec<(String, String)>) -> AnyView {
    view! {
        <form class="form" method="post" action=action>
            {hidden_fields(fields)}
            {time_fields(w, times, name_days)}
            <ActionBar><Button label=w.t("windows-next-step") weight=Weight::Primary/></ActionBar>
        </form>
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
                (None, 0) if day.times.is_empty() => (DayState::Closed, w.t("booking-too-short")),
                (None, 0) => (DayState::Full, w.t("booking-full-wait")),
                (None, left @ 1..=FEW) => (DayState::Few, w.tf("windows-left", &[("count", left.into())])),
                (None, left) => (DayState::Open, w.tf("windows-left", &[("count", left.into())])),
            };
            Day {
                href: (state != DayState::Closed).then(|| format!("{base}&date={}", day.date)),
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

fn chosen_day(
    w: Words,
    day: DayView,
    action: String,
    fields: Vec<(String, String)>,
    wait: Option<WaitView>,
) -> AnyView {
    if let Some(reason) = &day.closed {
        let text = closed_words(w, reason);
        return view! { <Note tone=Tone::Warn><p>{text}</p></Note> }.into_any();
    }
    if day.times.is_empty() {
        return view! { <Note tone=Tone::Warn><p>{w.t("booking-too-short-text")}</p></Note> }.into_any();
    }
    if day.left() == 0 {
        let way = wait.map(|wait| match wait {
            WaitView::Join(action, fields) => view! {
                <form method="post" action=action>
                    {hidden_fields(fields)}
                    <Buttons><Button label=w.t("booking-wait-join") weight=Weight::Primary/></Buttons>
                </form>
            }
            .into_any(),
            WaitView::SignIn(href) => view! {
                <Buttons><LinkButton href=href label=w.t("booking-wait-sign-in") weight=Weight::Primary/></Buttons>
            }
            .into_any(),
        });
        let text = way.is_some().then(|| view! { <p>{w.t("booking-wait-text")}</p> });
        return view! {
            <Note tone=Tone::Warn><p>{w.t("windows-day-full")}</p>{text}</Note>
            {way}
        }
        .into_any();
    }
    view! {
        {day.remark.map(|remark| view! { <Note><p>{remark}</p></Note> })}
        {choice(w, day.times, false, action, fields)}
    }
    .into_any()
}
