//! Matters in words.

use super::store::{Event, Matter, instant};
use crate::http::Ctx;
use app::{
    i18n::Words,
    matters::{
        clock::Late,
        kind::Way,
        life::{Side, State, Step},
        pages::MatterRow,
    },
    reports::due::left,
    time,
    ui::{badge::Tone, timeline},
};

/// Name of the sender.
pub fn from_name(w: Words, matter: &Matter) -> String {
    name(w, matter, matter.from_name.as_deref(), matter.from_name_en.as_deref())
}

/// Name of the receiver.
pub fn to_name(w: Words, matter: &Matter) -> String {
    name(w, matter, matter.to_name.as_deref(), matter.to_name_en.as_deref())
}

fn name(w: Words, matter: &Matter, zh: Option<&str>, en: Option<&str>) -> String {
    match zh {
        Some(zh) => w.pick(zh, en.unwrap_or_default()).to_owned(),
        None => matter.platform_name.clone().unwrap_or_else(|| w.t("matters-platform-gone")),
    }
}

/// From whom to whom.
pub fn between(w: Words, matter: &Matter) -> String {
    format!("{} → {}", from_name(w, matter), to_name(w, matter))
}

/// An instant in words.
pub fn when(ctx: &Ctx, micros: i64) -> String {
    time::date_time(ctx.w.lang, instant(micros), ctx.now)
}

/// The clock that counts now, in words.
pub fn clock(ctx: &Ctx, matter: &Matter) -> String {
    let w = ctx.w;
    let state = matter.state();
    if let Some(over) = matter.over_at {
        return w.tf("matters-clock-over", &[("when", when(ctx, over).into())]);
    }
    if let (State::Answered, Some(at)) = (state, matter.answered_at) {
        let key = if matter.was_late() { "matters-clock-answered-late" } else { "matters-clock-answered" };
        return w.tf(key, &[("when", when(ctx, at).into())]);
    }
    let to_accept = state == State::Sent && matter.late(ctx.now) != Some(Late::Handle);
    let due = if to_accept { matter.accept_due_at } else { matter.due_at };
    let Some(due) = due else { return w.t("matters-clock-unknown") };
    if let Some(since) = matter.stopped_at {
        let args = [("since", when(ctx, since).into()), ("due", when(ctx, due).into())];
        return w.tf("matters-clock-stopped", &args);
    }
    let key = if to_accept { "matters-clock-accept" } else { "matters-clock-due" };
    w.tf(key, &[("due", when(ctx, due).into()), ("left", left(w, instant(due), ctx.now).into())])
}

/// Whose turn it is, in a sentence; empty when it is over.
pub fn turn(w: Words, matter: &Matter) -> String {
    let state = matter.state();
    if state.is_over() {
        return String::new();
    }
    if state == State::Waiting {
        return w.t("matters-turn-outside");
    }
    let who = match state.decides() {
        Some(Side::Sender) => from_name(w, matter),
        _ => to_name(w, matter),
    };
    w.tf("matters-turn", &[("who", who.into())])
}

/// A row of the list.
pub fn row(ctx: &Ctx, matter: &Matter) -> MatterRow {
    MatterRow {
        id: matter.id.clone(),
        number: matter.number.clone(),
        title: matter.title.clone(),
        between: between(ctx.w, matter),
        clock: clock(ctx, matter),
        state: matter.state(),
        late: matter.late(ctx.now),
    }
}

/// Term and words of what is known.
pub fn facts(ctx: &Ctx, matter: &Matter) -> Vec<(String, String)> {
    let w = ctx.w;
    let mut facts = vec![
        (w.t("matters-from"), from_name(w, matter)),
        (w.t("matters-to"), to_name(w, matter)),
        (w.t("matters-way"), w.t(matter.way().key())),
        (w.t("matters-kind"), w.t(matter.kind().key())),
        (w.t("matters-fact-sent"), when(ctx, matter.sent_at)),
    ];
    if !matter.foreign_ref.is_empty() {
        facts.push((w.t("matters-fact-reference"), matter.foreign_ref.clone()));
    }
    let limits = [("hours", matter.accept_hours.into()), ("days", matter.days.into())];
    facts.push((w.t("matters-fact-limits"), w.tf("matters-fact-limits-text", &limits)));
    let mut add = |key: &'static str, at: Option<i64>| {
        facts.extend(at.map(|at| (w.t(key), when(ctx, at))));
    };
    add("matters-fact-accept-due", matter.accept_due_at);
    add("matters-fact-accepted", matter.accepted_at);
    add("matters-fact-due", matter.due_at);
    add("matters-fact-stopped", matter.stopped_at);
    add("matters-fact-answered", matter.answered_at);
    if matter.extended_days > 0 {
        let words = w.tf("matters-event-days", &[("days", matter.extended_days.into())]);
        facts.push((w.t("matters-fact-extended"), words));
    }
    facts
}

/// What happened, the newest first.
pub fn timeline(ctx: &Ctx, matter: &Matter, events: &[Event]) -> Vec<timeline::Event> {
    let w = ctx.w;
    let one = |event: &Event| {
        let step = Step::from_code(&event.step);
        let to = State::from_code(&event.to_state).unwrap_or(State::Sent);
        let side = match event.side.as_str() {
            "sender" => from_name(w, matter),
            "receiver" => to_name(w, matter),
            _ => w.t("matters-by-itself"),
        };
        let who = match (&event.platform_name, &event.actor_name) {
            (Some(platform), _) => platform.clone(),
            (None, Some(name)) if !name.is_empty() => format!("{side} {name}"),
            _ => side,
        };
        let days = (event.days > 0).then(|| w.tf("matters-event-days", &[("days", event.days.into())]));
        let said = Some(event.reason.clone()).filter(|reason| !reason.is_empty());
        let note = [Some(who), days, said].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let at = instant(event.at);
        timeline::Event {
            tone: tone(step, to),
            at: at.to_string(),
            when: time::date_time(w.lang, at, ctx.now),
            title: w.t(step.map_or("matters-done-sent", Step::done_key)),
            note: Some(note),
            more: None,
        }
    };
    events.iter().rev().map(one).collect()
}

fn tone(step: Option<Step>, to: State) -> Tone {
    match step {
        Some(Step::Note | Step::HandOn) | None => Tone::Neutral,
        Some(Step::RefuseReturn | Step::RefuseWithdraw | Step::RefuseExtend | Step::Rework) => Tone::Warn,
        _ => app::matters::pages::tone(to),
    }
}

/// A way's arrow, for short titles: 上报 to whom.
pub fn way_to(w: Words, matter: &Matter) -> String {
    let way = match matter.way() {
        Way::In => w.tf("matters-came-from", &[("name", from_name(w, matter).into())]),
        way => format!("{} {}", w.t(way.key()), to_name(w, matter)),
    };
    format!("{} · {way}", matter.number)
}
