//! A step and all that follows from it, in one transaction. Whoever calls has waited for the tree of matters ([`lock`]) and has
//! judged whether the step is possible.

use super::tell;
use crate::{
    app_state::App,
    audit::{self, By},
    db::{Tx, dialect},
    http::Error,
    matters::store::{self, Change, Matter, NewEvent, instant, platforms::Platform},
    reports::clocks::hours_at,
};
use app::{
    i18n::{Lang, Words},
    matters::{
        TEXT,
        clock::{Clocks, Limits, Mark, replay},
        kind::{PlatformWay, Way},
        life::{Around, Side, State, Step, next},
    },
    reports::worktime::WorkTime,
};
use jiff::Timestamp;
use std::collections::VecDeque;

/// Who takes a step.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// Somebody: the person's id and the request's.
    Person(&'a str, &'a str),
    /// A platform.
    Platform(&'a Platform),
    /// It follows from another step.
    System,
}

/// A step that is taken.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    /// Which.
    pub step: Step,
    /// For which side; `None`: Linli itself.
    pub side: Option<Side>,
    /// What is said.
    pub text: String,
    /// Working days asked for.
    pub days: i64,
    /// By whom.
    pub who: Who<'a>,
}

/// Waits until nobody else moves a matter of the same tree, nor removes its platform: who asks a question then knows whether
/// anybody is left to answer it. Platforms are waited for before trees, by everybody.
pub async fn lock(app: &App, tx: &mut Tx, matter: &Matter) -> Result<(), sqlx::Error> {
    if !matter.platform_id.is_empty() {
        dialect::share_keys(app.db.engine(), tx, &[platform_key(&matter.platform_id)]).await?;
    }
    dialect::lock_key(app.db.engine(), tx, &format!("matter:{}", matter.root_id)).await
}

/// Waits until nobody moves a matter of this platform.
pub async fn lock_platform(app: &App, tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    dialect::lock_key(app.db.engine(), tx, &platform_key(id)).await
}

fn platform_key(id: &str) -> String {
    format!("matter-platform:{id}")
}

/// What stands around a matter.
pub async fn around(tx: &mut Tx, matter: &Matter, now: Timestamp) -> Result<Around, sqlx::Error> {
    let children = store::children(tx, &matter.id).await?;
    let parent = match matter.parent_id.is_empty() {
        true => None,
        false => store::by_id_in(tx, &matter.parent_id).await?,
    };
    let open = children.iter().filter(|child| !child.state().is_done()).count();
    Ok(Around {
        open_children: i64::try_from(open).unwrap_or(i64::MAX),
        late: matter.due().is_some_and(|due| due < now),
        parent_done: parent.is_some_and(|parent| parent.state().is_done()),
        extended: matter.extended_days,
        deaf: matter.way() == Way::Out
            && !matter.is_alone()
            && matter.platform_way.as_deref() == Some(PlatformWay::Open311.code()),
    })
}

/// Takes a step and what follows from it.
pub async fn take(tx: &mut Tx, app: &App, matter: &Matter, first: Move<'_>, now: Timestamp) -> Result<(), Error> {
    let mut todo = VecDeque::from([(matter.id.clone(), first)]);
    while let Some((id, step)) = todo.pop_front() {
        let Some(matter) = store::by_id_in(tx, &id).await? else { continue };
        let Some(to) = next(matter.state(), matter.back(), step.step) else { continue };
        one(tx, app, &matter, &step, to, now).await?;
        todo.extend(follow_ups(tx, &matter, to, step.step).await?);
    }
    Ok(())
}

/// One step: the new state, the event, the clocks, the log, and whoever is to hear of it.
async fn one(tx: &mut Tx, app: &App, matter: &Matter, step: &Move<'_>, to: State, now: Timestamp) -> Result<(), Error> {
    let from = matter.state();
    let asks = to.is_asked() && !from.is_asked();
    let granted = if step.step == Step::GrantExtend { matter.asked_days } else { 0 };
    let change = Change {
        state: to,
        back: if asks { from } else { matter.back() },
        asked_days: if step.step == Step::AskExtend { step.days } else { 0 },
        granted_days: granted,
        answer: if step.step == Step::Answer { &step.text } else { "" },
        accepted: step.step == Step::Accept
            || (from == State::Sent && matches!(to, State::InProgress | State::Answered)),
        answered: match step.step {
            Step::Answer => Some(true),
            Step::Rework => Some(false),
            _ => None,
        },
    };
    if !store::change(tx, (&matter.id, matter.version), change, now).await? {
        return Err(Error::Conflict("error-conflict-text"));
    }
    let side = match step.side {
        Some(Side::Sender) => "sender",
        Some(Side::Receiver) => "receiver",
        None => "system",
    };
    let (done_by, platform_id) = match step.who {
        Who::Person(id, _) => (id, ""),
        Who::Platform(platform) => ("", platform.id.as_str()),
        Who::System => ("", ""),
    };
    let days = if step.step == Step::AskExtend { step.days } else { granted };
    let event = NewEvent {
        matter_id: &matter.id,
        seq: matter.version + 1,
        step: step.step.code(),
        states: (from, to),
        side,
        done_by,
        platform_id,
        reason: &step.text,
        days,
    };
    store::insert_event(tx, event, now).await?;
    let clocks = wind(tx, app, &matter.id).await?;
    if clocks.due.map(Timestamp::as_microsecond) != matter.due_at {
        wind_below(tx, app, &matter.id).await?;
    }
    let (by, request_id) = match step.who {
        Who::Person(id, request) => (By::Person(id), request),
        _ => (By::System, ""),
    };
    let entry = audit::Entry {
        by,
        action: &format!("matter.{}", step.step.code()),
        object_kind: "matter",
        object_id: &matter.id,
        detail: serde_json::json!({ "number": matter.number, "to": to.code(), "platform": platform_id }),
        request_id,
    };
    audit::write(tx, entry, now).await?;
    let after = store::by_id_in(tx, &matter.id).await?.ok_or(Error::NotFound)?;
    tell::step(tx, app, &after, step, now).await
}

/// Winds the clocks of a matter again, from its events.
pub async fn wind(tx: &mut Tx, app: &App, id: &str) -> Result<Clocks, sqlx::Error> {
    let Some(matter) = store::by_id_in(tx, id).await? else { return Ok(Clocks::default()) };
    let cap = match matter.parent_id.is_empty() {
        true => None,
        false => store::by_id_in(tx, &matter.parent_id).await?.and_then(|parent| parent.due()),
    };
    let events = store::events_in(tx, id).await?;
    let marks: Vec<Mark> = events
        .iter()
        .map(|event| {
            let to = State::from_code(&event.to_state).unwrap_or(State::Sent);
            Mark {
                at: instant(event.at),
                step: Step::from_code(&event.step),
                from: State::from_code(&event.from_state).unwrap_or(to),
                to,
                days: event.days,
            }
        })
        .collect();
    let path = if matter.to_path.is_empty() { &matter.from_path } else { &matter.to_path };
    let hours = hours_at(tx, path).await?;
    let work = WorkTime { calendar: &app.calendar, hours: &hours };
    let limits = Limits { accept_hours: matter.accept_hours, days: matter.days };
    let clocks = replay(&work, limits, cap, &marks);
    store::set_clocks(tx, id, &clocks).await?;
    Ok(clocks)
}

/// Winds the clocks of what is open below again: nothing there is due after what is above, whose deadline has moved.
async fn wind_below(tx: &mut Tx, app: &App, id: &str) -> Result<(), sqlx::Error> {
    let mut todo = VecDeque::from([id.to_owned()]);
    while let Some(id) = todo.pop_front() {
        for child in store::children(tx, &id).await? {
            if !child.state().is_done() {
                wind(tx, app, &child.id).await?;
                todo.push_back(child.id);
            }
        }
    }
    Ok(())
}

/// What Linli says to an open question in the place of a platform that is removed: whatever was sent to it may be withdrawn;
/// what it sent stays as it is.
pub fn for_the_absent(matter: &Matter, state: State) -> Option<Move<'static>> {
    let step = match (matter.way(), state) {
        (Way::Out, State::WithdrawAsked) => Step::GrantWithdraw,
        (Way::In, State::ReturnAsked) => Step::RefuseReturn,
        (Way::In, State::ExtendAsked) => Step::RefuseExtend,
        _ => return None,
    };
    let text = Words::new(Lang::Zh).t("matters-platform-gone-said");
    Some(Move { step, side: None, text, days: 0, who: Who::System })
}

/// What a step brings with it for the matters above and below.
async fn follow_ups(
    tx: &mut Tx,
    matter: &Matter,
    to: State,
    step: Step,
) -> Result<Vec<(String, Move<'static>)>, sqlx::Error> {
    let own = |step: Step, text: String| Move { step, side: None, text, days: 0, who: Who::System };
    let mut all = Vec::new();
    if matter.is_alone() {
        all.extend(for_the_absent(matter, to).map(|step| (matter.id.clone(), step)));
    }
    if to.is_over() {
        // What was answered below is closed with what is above.
        for child in store::children(tx, &matter.id).await? {
            if child.state() == State::Answered {
                all.push((child.id, own(Step::Close, String::new())));
            }
        }
    }
    let ends = matches!(step, Step::Answer | Step::GrantReturn | Step::GrantWithdraw | Step::Cancel);
    if !ends || matter.parent_id.is_empty() {
        return Ok(all);
    }
    let Some(parent) = store::by_id_in(tx, &matter.parent_id).await? else { return Ok(all) };
    let children = store::children(tx, &parent.id).await?;
    let waits = children.iter().any(|child| child.way() == Way::Out && !child.state().is_done());
    if parent.state() == State::Waiting && !waits {
        all.push((parent.id.clone(), own(Step::Resume, String::new())));
    }
    // It is answered when they are.
    let done = children.iter().all(|child| child.state().is_done());
    let answers: Vec<&str> = children
        .iter()
        .filter(|child| matches!(child.state(), State::Answered | State::Closed) && !child.answer.is_empty())
        .map(|child| child.answer.as_str())
        .collect();
    if done && !answers.is_empty() {
        let text = answers.join("\n\n").chars().take(TEXT).collect();
        all.push((parent.id, own(Step::Answer, text)));
    }
    Ok(all)
}
