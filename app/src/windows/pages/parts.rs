//! Pieces that several pages of this room share.

use super::{HallWords, TimeView};
use crate::{
    i18n::{Lang, Words},
    time,
    ui::parts::*,
    windows::{Answers, AppointmentState, ClosedReason, Material, Need, ServiceItem},
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// What went wrong, on top of a page; a screen reader begins there.
pub(super) fn trouble(title: String, text: String) -> AnyView {
    view! {
        <div class="error-summary" id="errors" role="alert" tabindex="-1">
            <h2>{title}</h2>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// Why a hall is closed, in a few words.
pub fn closed_words(w: Words, reason: &ClosedReason) -> String {
    match reason {
        ClosedReason::DayOff => w.t("windows-closed-day-off"),
        ClosedReason::Holiday(zh, en) => w.tf("windows-closed-holiday", &[("name", w.pick(zh, en).into())]),
        ClosedReason::Said(zh, _) if zh.is_empty() => w.t("windows-closed-day-off"),
        ClosedReason::Said(zh, en) => w.pick(zh, en).to_owned(),
        ClosedReason::Unknown => w.t("windows-closed-unknown"),
    }
}

/// The day as one says it: 明天 周四, 后天 周五, 周六.
pub(super) fn day_name(w: Words, date: Date, today: Date) -> String {
    let weekday = time::weekday(w.lang, date);
    match date.since(today).map_or(99, |span| span.get_days()) {
        0 => w.tf("windows-day-today", &[("weekday", weekday.into())]),
        1 => w.tf("windows-day-tomorrow", &[("weekday", weekday.into())]),
        2 => w.tf("windows-day-after", &[("weekday", weekday.into())]),
        _ => weekday.to_owned(),
    }
}

/// Day and month without the weekday: 11月27日, 27 November.
pub(super) fn day_short(lang: Lang, date: Date) -> String {
    time::date(lang, date).replace(time::weekday(lang, date), "").trim().to_owned()
}

/// 09:00–09:30
pub(super) fn span_words(from: Timestamp, to: Timestamp) -> String {
    format!("{}–{}", time::time_of_day(from), time::time_of_day(to))
}

/// 11月26日 周四 09:00–09:30
pub(super) fn when_words(w: Words, from: Timestamp, to: Timestamp) -> String {
    format!("{} {}", time::date(w.lang, time::day_of(from)), span_words(from, to))
}

/// What to mind about a material: the condition that is not settled yet, its copies, its note.
pub(super) fn material_note(w: Words, item: &ServiceItem, material: &Material, need: Need) -> Option<String> {
    let mut parts = Vec::new();
    if need == Need::Depends
        && let Some(condition) = &material.only_if
        && let Some(question) = item.question(&condition.question)
    {
        let question = w.pick(&question.text, &question.text_en);
        parts.push(if condition.answer {
            w.tf("windows-material-if-yes", &[("question", question.into())])
        } else {
            w.tf("windows-material-if-no", &[("question", question.into())])
        });
    }
    if material.copies > 0 {
        parts.push(w.tf("windows-material-copies", &[("count", material.copies.into())]));
    }
    let note = w.pick(&material.note, &material.note_en);
    if !note.is_empty() {
        parts.push(note.to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(&w.t("windows-sentence-gap")))
}

/// The materials as rows to tick.
pub(super) fn material_choices(w: Words, item: &ServiceItem, answers: &Answers) -> Vec<Choice> {
    item.materials_for(answers)
        .into_iter()
        .map(|(material, need)| {
            let choice = Choice::new(&material.code, w.pick(&material.name, &material.name_en));
            match material_note(w, item, material, need) {
                Some(note) => choice.note(note),
                None => choice,
            }
        })
        .collect()
}

/// Name, address, the way to the door and the telephone.
pub(super) fn hall_place(w: Words, hall: &HallWords) -> AnyView {
    let HallWords { name, address, map_note, phone, .. } = hall.clone();
    let call = (!phone.is_empty()).then(|| {
        let label = w.t("windows-call-hall");
        let href = format!("tel:{phone}");
        view! { <p><a href=href>{icon("phone")}<span class="sr">{label}" "</span>{phone}</a></p> }
    });
    view! {
        <p><strong>{name}</strong></p>
        <p>{address}</p>
        {(!map_note.is_empty()).then(|| view! { <p class="muted small">{map_note}</p> })}
        {call}
    }
    .into_any()
}

/// How a state looks.
pub(super) fn state_badge(w: Words, state: AppointmentState) -> AnyView {
    let tone = match state {
        AppointmentState::Booked => Tone::Info,
        AppointmentState::CheckedIn => Tone::Busy,
        AppointmentState::Cancelled => Tone::Neutral,
        AppointmentState::Done => Tone::Ok,
        AppointmentState::NoShow => Tone::Warn,
    };
    let word = w.t(state.key());
    view! { <Badge tone=tone word=word/> }.into_any()
}

/// Times as radio buttons, one field for each half of a day; the legends name the days when there are several.
pub(super) fn time_fields(w: Words, times: Vec<TimeView>, name_days: bool) -> AnyView {
    let mut groups: Vec<(String, Vec<Time>)> = Vec::new();
    for view in times {
        let local = view.starts_at.to_zoned_datetime(time::zone());
        let half = if local.hour() < 12 { w.t("windows-morning") } else { w.t("windows-afternoon") };
        let legend = if name_days { format!("{} {half}", time::date(w.lang, local.date())) } else { half };
        let left = match view.left {
            0 => w.t("windows-full"),
            left => w.tf("windows-left", &[("count", left.into())]),
        };
        let time = Time { value: view.slot, start: time::time_of_day(view.starts_at), left, full: view.left == 0 };
        match groups.last_mut() {
            Some((last, times)) if *last == legend => times.push(time),
            _ => groups.push((legend, vec![time])),
        }
    }
    let fields = groups.into_iter().map(|(legend, times)| view! { <TimeField name="slot" legend=legend times=times/> });
    view! { <div>{fields.collect_view()}</div> }.into_any()
}

/// Measured minutes: 12–18 分钟, 12 分钟.
pub(super) fn measured_words(w: Words, (low, high): (i64, i64)) -> String {
    if low == high {
        w.tf("windows-minutes-measured", &[("minutes", low.into())])
    } else {
        w.tf("windows-minutes-range", &[("low", low.into()), ("high", high.into())])
    }
}
