//! Matters that move up and down between levels, with what happened to them, written as the room's own store writes them. The
//! clocks are told by the product's rule; `screens/matters.rs` tells them again from the events by another way.

use super::{
    calendar::{DAY, HOUR},
    walk::Dice,
    world::World,
    write::{insert, number, text},
};
use crate::support::TestApp;
use app::{
    matters::{
        clock::{Clocks, Limits, Mark, replay},
        life::{Side, State, Step, next},
    },
    reports::worktime::{DEFAULT_HOURS, WorkTime},
};
use jiff::Timestamp;

/// One event.
#[derive(Clone, Copy, Debug)]
struct Happened {
    at: i64,
    /// `None`: it was sent.
    step: Option<Step>,
    from: State,
    to: State,
    days: i64,
}

/// One matter with its life.
struct Matter {
    id: String,
    kind: &'static str,
    way: &'static str,
    from: (String, String),
    to: (String, String),
    limits: Limits,
    life: Vec<Happened>,
    back: State,
    clocks: Clocks,
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).expect("an instant")
}

fn chosen(state: State, dice: &mut Dice) -> Option<Step> {
    let n = dice.below(100);
    Some(match state {
        State::Sent => match n {
            0..3 => return None,
            3..7 => Step::Cancel,
            7..13 => Step::AskReturn,
            13..16 => Step::Note,
            _ => Step::Accept,
        },
        State::Accepted => match n {
            0..12 => Step::AskExtend,
            12..17 => Step::AskReturn,
            17..22 => Step::AskWithdraw,
            22..35 => Step::Answer,
            _ => Step::Start,
        },
        State::InProgress => match n {
            0..5 => return None,
            5..15 => Step::Note,
            15..27 => Step::AskExtend,
            27..32 => Step::AskReturn,
            32..37 => Step::AskWithdraw,
            _ => Step::Answer,
        },
        State::ExtendAsked if n < 60 => Step::GrantExtend,
        State::ExtendAsked => Step::RefuseExtend,
        State::ReturnAsked if n < 40 => Step::GrantReturn,
        State::ReturnAsked => Step::RefuseReturn,
        State::WithdrawAsked if n < 40 => Step::GrantWithdraw,
        State::WithdrawAsked => Step::RefuseWithdraw,
        State::Answered if n < 25 => Step::Rework,
        State::Answered => Step::Close,
        _ => return None,
    })
}

fn told(work: &WorkTime<'_>, limits: Limits, life: &[Happened]) -> Clocks {
    let mark = |event: &Happened| Mark {
        at: instant(event.at),
        step: event.step,
        from: event.from,
        to: event.to,
        days: event.days,
    };
    replay(work, limits, None, &life.iter().map(mark).collect::<Vec<_>>())
}

/// A life, and where an open question goes back to.
fn live(sent: i64, now: i64, limits: Limits, work: &WorkTime<'_>, dice: &mut Dice) -> (Vec<Happened>, State) {
    let mut life = vec![Happened { at: sent, step: None, from: State::Sent, to: State::Sent, days: 0 }];
    let (mut state, mut back, mut at, mut asked) = (State::Sent, State::Sent, sent, 0);
    while let Some(step) = chosen(state, dice) {
        let most = match state {
            State::Sent => 30 * HOUR,
            State::InProgress => 5 * DAY,
            _ => 2 * DAY,
        };
        at += (1 + dice.below(most / 1_000_000)) * 1_000_000;
        if at >= now || life.len() > 30 {
            break;
        }
        let late = told(work, limits, &life).due.is_some_and(|due| due.as_microsecond() < at);
        let step = if step == Step::AskExtend && late { Step::Note } else { step };
        let to = next(state, back, step).unwrap_or_else(|| panic!("{state:?} {step:?} is not in the table"));
        if to.is_asked() && !state.is_asked() {
            back = state;
        }
        let days = match step {
            Step::AskExtend => {
                asked = 1 + dice.below(4);
                asked
            }
            Step::GrantExtend => asked,
            _ => 0,
        };
        life.push(Happened { at, step: Some(step), from: state, to, days });
        state = to;
    }
    (life, back)
}

/// So many matters of the last seven weeks, up and down.
pub async fn generate(test: &TestApp, world: &World, count: usize) {
    let work = WorkTime { calendar: &test.app.calendar, hours: &DEFAULT_HOURS };
    let mut dice = Dice::new(0xd1b5_4a32_d192_ed03);
    let pairs: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT l.id, l.path, h.id, h.path FROM organisation l JOIN organisation h ON h.id = l.parent_id \
         WHERE l.kind IN ('subdistrict', 'community') ORDER BY l.path",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("places");
    let mut matters = Vec::new();
    for n in 0..count {
        let (low, low_path, high, high_path) = dice.pick(&pairs).clone();
        let (low, high) = ((low, low_path), (high, high_path));
        let up = dice.below(2) == 0;
        let (from, to) = if up { (low, high) } else { (high, low) };
        let limits = Limits { accept_hours: 4 + dice.below(12), days: 2 + dice.below(6) };
        let sent = (world.now - HOUR - dice.below(50 * DAY)) / 1_000_000 * 1_000_000;
        let (life, back) = live(sent, world.now, limits, &work, &mut dice);
        let kind = *dice.pick(&["hard", "coordinate", "task", "forward"]);
        matters.push(Matter {
            id: format!("00000000-0000-7000-8080-{n:012}"),
            kind,
            way: if up { "up" } else { "down" },
            clocks: told(&work, limits, &life),
            from,
            to,
            limits,
            life,
            back,
        });
    }
    insert(
        test,
        "matter (id, number, title, body, kind, way, root_id, from_id, from_path, to_id, to_path, state, back_state, \
         accept_hours, days, asked_days, extended_days, accept_due_at, due_at, stopped_at, answer, sent_at, accepted_at, \
         answered_at, over_at, changed_at, version, form_key)",
        matters.iter().map(row).collect(),
    )
    .await;
    insert(
        test,
        "matter_event (id, matter_id, seq, at, step, from_state, to_state, side, done_by, reason, days)",
        matters.iter().flat_map(|matter| events(matter, &world.verifiers[0])).collect(),
    )
    .await;
}

fn row(matter: &Matter) -> String {
    let life = &matter.life;
    let last = life.last().expect("sent");
    let micros = |at: Option<Timestamp>| number(at.map(Timestamp::as_microsecond));
    let at = |step: Step| life.iter().rfind(|event| event.step == Some(step)).map(|event| event.at);
    let days = |step: Step| life.iter().filter(move |event| event.step == Some(step)).map(|event| event.days);
    let answered = at(Step::Answer).filter(|answer| at(Step::Rework).is_none_or(|rework| rework < *answer));
    let values = [
        text(&matter.id),
        text(&format!("JB2026-{}", &matter.id[24..])),
        text("门禁改造"),
        text("请协调解决"),
        text(matter.kind),
        text(matter.way),
        text(&matter.id),
        text(&matter.from.0),
        text(&matter.from.1),
        text(&matter.to.0),
        text(&matter.to.1),
        text(last.to.code()),
        text(matter.back.code()),
        matter.limits.accept_hours.to_string(),
        matter.limits.days.to_string(),
        days(Step::AskExtend).next_back().unwrap_or(0).to_string(),
        days(Step::GrantExtend).sum::<i64>().to_string(),
        micros(matter.clocks.accept_due),
        micros(matter.clocks.due),
        micros(matter.clocks.stopped_at),
        text(if at(Step::Answer).is_some() { "已协调" } else { "" }),
        life[0].at.to_string(),
        number(at(Step::Accept)),
        number(answered),
        number(last.to.is_over().then_some(last.at)),
        last.at.to_string(),
        life.len().to_string(),
        text(&matter.id),
    ];
    format!("({})", values.join(", "))
}

fn events(matter: &Matter, person: &str) -> Vec<String> {
    let event = |(n, event): (usize, &Happened)| {
        let side = match event.step.and_then(Step::side) {
            Some(Side::Receiver) => "receiver",
            _ => "sender",
        };
        let values = [
            text(&format!("{}-{n}", matter.id)),
            text(&matter.id),
            (n + 1).to_string(),
            event.at.to_string(),
            text(event.step.map_or("", Step::code)),
            text(event.from.code()),
            text(event.to.code()),
            text(side),
            text(person),
            text("说明"),
            event.days.to_string(),
        ];
        format!("({})", values.join(", "))
    };
    matter.life.iter().enumerate().map(event).collect()
}
