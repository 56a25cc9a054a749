//! Orders and rectification notices with what happened to them, written as the room's own store writes them. Deadlines follow the
//! product's rule when they are set; `screens/supervision.rs` counts from the events alone.

use super::{
    calendar::{DAY, HOUR},
    walk::Dice,
    world::World,
    write::{insert, maybe, number, text},
};
use crate::support::TestApp;
use app::{
    reports::worktime::{DEFAULT_HOURS, WorkTime},
    supervision::{
        State, Step,
        letter::{Kind, Wish, extended, sign},
        life::next,
    },
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One event.
#[derive(Clone, Copy, Debug)]
struct Happened {
    at: i64,
    step: Step,
    from: Option<State>,
    to: State,
    round: i64,
    days: i64,
    due: Option<i64>,
}

/// One letter with its life.
#[derive(Clone, Debug)]
struct Letter {
    id: String,
    kind: Kind,
    issuer: (String, String, String),
    addressee: (String, String),
    wish: i64,
    life: Vec<Happened>,
    number: Option<i64>,
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).expect("an instant")
}

fn chosen(state: State, asked: bool, waits: bool, dice: &mut Dice) -> Option<Step> {
    let n = dice.below(100);
    Some(match state {
        State::Draft => match n {
            0..4 => return None,
            4..7 => Step::Withdraw,
            7..25 => Step::Change,
            _ => Step::Issue,
        },
        State::Issued if waits => match n {
            0..60 => Step::ExtendGrant,
            60..85 => Step::ExtendRefuse,
            _ => Step::Answer,
        },
        State::Issued => match n {
            0..4 => Step::Withdraw,
            4..20 if !asked => Step::ExtendAsk,
            _ => Step::Answer,
        },
        State::Answered => match n {
            0..3 => Step::Withdraw,
            3..25 => Step::SendBack,
            _ => Step::Pass,
        },
        State::Done | State::Withdrawn => return None,
    })
}

fn live(made: i64, wish: i64, now: i64, work: &WorkTime<'_>, dice: &mut Dice) -> Vec<Happened> {
    let due = |days: i64, at: i64| Wish::Days(days).due(work, instant(at)).expect("a deadline").as_microsecond();
    let first = Happened { at: made, step: Step::Change, from: None, to: State::Draft, round: 0, days: 0, due: None };
    let mut life = vec![first];
    let (mut state, mut asked, mut waits, mut at) = (State::Draft, false, 0, made);
    while let Some(step) = chosen(state, asked, waits > 0, dice) {
        let most = match state {
            State::Draft => DAY,
            State::Issued if waits > 0 => DAY,
            State::Issued => 9 * DAY,
            _ => 4 * DAY,
        };
        at += (1 + dice.below(most / 1_000_000)) * 1_000_000;
        let last = *life.last().expect("begun");
        // An extension is asked for before the time is over.
        let step = if step == Step::ExtendAsk && last.due < Some(at) { Step::Answer } else { step };
        if at >= now {
            break;
        }
        let to = next(state, step).unwrap_or_else(|| panic!("{state:?} {step:?} is not in the table"));
        let mut event = Happened { at, step, from: Some(state), to, round: last.round, days: 0, due: last.due };
        match step {
            Step::Issue => (event.round, event.due) = (1, Some(due(wish, at))),
            Step::SendBack => {
                (event.round, event.due) = (last.round + 1, Some(due(1 + dice.below(5), at)));
                (asked, waits) = (false, 0);
            }
            Step::ExtendAsk => {
                (asked, waits) = (true, 1 + dice.below(4));
                event.days = waits;
            }
            Step::ExtendGrant => {
                event.days = waits;
                let before = instant(last.due.expect("a deadline"));
                event.due = extended(work, before, waits, instant(at)).map(Timestamp::as_microsecond);
                waits = 0;
            }
            Step::ExtendRefuse => (event.days, waits) = (waits, 0),
            Step::Answer | Step::Withdraw => waits = 0,
            _ => {}
        }
        state = to;
        life.push(event);
    }
    life
}

/// So many letters of the last three months: streets and the district to their communities, the district to its streets.
pub async fn generate(test: &TestApp, world: &World, count: usize) {
    let work = WorkTime { calendar: &test.app.calendar, hours: &DEFAULT_HOURS };
    let mut dice = Dice::new(0x9e37_79b9_7f4a_7c15);
    let places: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT id, kind, path, name FROM organisation WHERE kind IN ('district', 'subdistrict', 'community') ORDER BY path",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("places");
    let mut letters = Vec::new();
    for n in 0..count {
        let (id, _, path, _) = loop {
            let one = dice.pick(&places).clone();
            if one.1 != "district" {
                break one;
            }
        };
        let above: Vec<_> = places.iter().filter(|one| one.2 != path && path.starts_with(&one.2)).collect();
        let issuer = (*dice.pick(&above)).clone();
        let made = (world.now - HOUR - dice.below(80 * DAY)) / 1_000_000 * 1_000_000;
        let wish = 2 + dice.below(8);
        letters.push(Letter {
            id: format!("00000000-0000-7000-8075-{n:012}"),
            kind: *dice.pick(&Kind::ALL),
            issuer: (issuer.0, issuer.2, issuer.3),
            addressee: (id, path),
            wish,
            life: live(made, wish, world.now, &work, &mut dice),
            number: None,
        });
    }
    let counters = numbered(&mut letters);
    let person = &world.verifiers[0];
    insert(
        test,
        "supervision_letter (id, kind, issuer_id, issuer_path, addressee_id, addressee_path, subject, asked, wish_days, state, \
         round, version, year, number, sign, due_at, issued_at, listed_at, first_answered_at, first_in_time, returns, \
         answered_at, answered_by, done_at, withdrawn_at, wait_days, asks, form_key, created_at)",
        letters.iter().map(|letter| row(letter, person)).collect(),
    )
    .await;
    insert(
        test,
        "supervision_event (id, letter_id, seq, at, actor_id, step, from_state, to_state, round, reason, days, due_at)",
        letters.iter().flat_map(|letter| events(letter, person)).collect(),
    )
    .await;
    let counters =
        counters.iter().map(|((issuer, kind), last)| format!("({}, {}, 2026, {last})", text(issuer), text(kind)));
    insert(test, "supervision_counter (organisation_id, kind, year, last)", counters.collect()).await;
}

/// Gives those that were issued their numbers, without gaps for each issuer and kind; gives the last ones.
fn numbered(letters: &mut [Letter]) -> BTreeMap<(String, &'static str), i64> {
    let mut issued: Vec<(i64, usize)> = letters
        .iter()
        .enumerate()
        .filter_map(|(n, letter)| Some((letter.life.iter().find(|event| event.step == Step::Issue)?.at, n)))
        .collect();
    issued.sort_unstable();
    let mut last = BTreeMap::new();
    for (_, n) in issued {
        let letter = &mut letters[n];
        let number = last.entry((letter.issuer.0.clone(), letter.kind.code())).or_insert(0);
        *number += 1;
        letter.number = Some(*number);
    }
    last
}

fn row(letter: &Letter, person: &str) -> String {
    let life = &letter.life;
    let last = life.last().expect("made");
    let at = |step: Step| life.iter().find(|event| event.step == step).map(|event| event.at);
    let count = |step: Step| i64::try_from(life.iter().filter(|event| event.step == step).count()).expect("few");
    let issued = at(Step::Issue);
    let first = life.iter().find(|event| event.step == Step::Answer);
    // Of this round.
    let round: Vec<&Happened> = life.iter().filter(|event| event.round == last.round).collect();
    let answered = round.iter().rfind(|event| event.step == Step::Answer).map(|event| event.at);
    let asks = round.iter().filter(|event| event.step == Step::ExtendAsk).count();
    let asked = round.iter().rfind(|event| event.step == Step::ExtendAsk);
    let decided = |event: &&Happened| {
        matches!(event.step, Step::ExtendGrant | Step::ExtendRefuse | Step::Answer | Step::Withdraw)
    };
    let waits = asked.filter(|ask| !round.iter().any(|event| event.at > ask.at && decided(event)));
    let sign = letter.number.map(|number| sign(&letter.issuer.2, letter.kind, 2026, number));
    let values = [
        text(&letter.id),
        text(letter.kind.code()),
        text(&letter.issuer.0),
        text(&letter.issuer.1),
        text(&letter.addressee.0),
        text(&letter.addressee.1),
        text("楼道堆物"),
        text("限期清理"),
        letter.wish.to_string(),
        text(last.to.code()),
        last.round.to_string(),
        life.len().to_string(),
        number(letter.number.map(|_| 2026)),
        number(letter.number),
        text(&sign.unwrap_or_default()),
        number(last.due),
        number(issued),
        issued.unwrap_or(life[0].at).to_string(),
        number(first.map(|event| event.at)),
        number(first.map(|event| i64::from(event.due.is_some_and(|due| event.at <= due)))),
        count(Step::SendBack).to_string(),
        number(answered),
        maybe(answered.map(|_| person)),
        number(at(Step::Pass)),
        number(at(Step::Withdraw)),
        waits.map_or(0, |event| event.days).to_string(),
        asks.to_string(),
        text(&letter.id),
        life[0].at.to_string(),
    ];
    format!("({})", values.join(", "))
}

fn events(letter: &Letter, person: &str) -> Vec<String> {
    let event = |(n, event): (usize, &Happened)| {
        let values = [
            text(&format!("{}-{n}", letter.id)),
            text(&letter.id),
            (n + 1).to_string(),
            event.at.to_string(),
            text(person),
            text(event.step.code()),
            text(event.from.map_or("", State::code)),
            text(event.to.code()),
            event.round.to_string(),
            text(if event.step.needs_reason() { "原因" } else { "" }),
            event.days.to_string(),
            number(event.due),
        ];
        format!("({})", values.join(", "))
    };
    letter.life.iter().enumerate().map(event).collect()
}
