//! Choosing when: days as rows with what is left in words, times as large buttons.

use leptos::prelude::*;

/// How a day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// Places are free.
    Open,
    /// Few are left.
    Few,
    /// None is left; the row may still lead to the waiting list.
    Full,
    /// The hall is closed.
    Closed,
}

/// One day.
#[derive(Clone, Debug)]
pub struct Day {
    /// Where it leads; `None` for a day that cannot be chosen.
    pub href: Option<String>,
    /// 明天 周四
    pub name: String,
    /// 7月9日
    pub date: String,
    /// 余 6, 已满, 候补, 休息
    pub left: String,
    /// How it stands.
    pub state: DayState,
    /// The chosen one.
    pub current: bool,
}

/// The days that can be booked, in order.
#[component]
pub fn DayRows(
    /// The days.
    days: Vec<Day>,
) -> impl IntoView {
    let rows = days.into_iter().map(|day| view! { <li>{day_row(day)}</li> }).collect_view();
    view! { <ul class="days">{rows}</ul> }
}

fn day_row(day: Day) -> AnyView {
    let state = match day.state {
        DayState::Open => "open",
        DayState::Few => "few",
        DayState::Full => "full",
        DayState::Closed => "closed",
    };
    let inner = view! {
        <span class="day-name">{day.name}</span>
        <span class="day-date num">{day.date}</span>
        <span class="day-left">{day.left}</span>
    };
    match day.href {
        Some(href) => view! {
            <a class="day" href=href data-state=state aria-current=day.current.then_some("date")>{inner}</a>
        }
        .into_any(),
        None => view! { <span class="day" data-state=state>{inner}</span> }.into_any(),
    }
}

/// One time of a day.
#[derive(Clone, Debug)]
pub struct Time {
    /// What the form sends.
    pub value: String,
    /// 9:00
    pub start: String,
    /// 余 2, 已满
    pub left: String,
    /// No place is left.
    pub full: bool,
}

/// The times of a morning or an afternoon, as radio buttons of one form field.
#[component]
pub fn TimeField(
    /// Name in the form.
    name: &'static str,
    /// 上午, 下午
    #[prop(into)]
    legend: String,
    /// The times.
    times: Vec<Time>,
    /// The chosen value.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let times = times
        .into_iter()
        .map(|time| {
            let checked = time.value == value;
            view! {
                <label class="time">
                    <input
                        r#type="radio"
                        name=name
                        value=time.value
                        checked=checked
                        disabled=time.full
                        required
                    />
                    <span><b class="num">{time.start}</b><small>{time.left}</small></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="times">
            <legend>{legend}</legend>
            <div class="time-grid">{times}</div>
        </fieldset>
    }
}
