//! The two clocks of a report, told again from what happened to it: the resident's runs from filing, the owner's from
//! dispatch. Whatever changes (a limit, the category, the calendar, the hours), the same story is told again with the
//! new rules, so that time for which the clocks stood still is never lost.

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

use super::{
    due::LimitKind,
    life::{State, Step},
    worktime::{MOST, WorkTime},
};
use crate::people::Role;
use jiff::{SignedDuration, Timestamp};

/// How much time there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How it counts.
    pub kind: LimitKind,
    /// Hours or days.
    pub amount: i64,
    /// Hours round the clock until somebody is to be sent.
    pub dispatch_hours: i64,
}

/// Something that happened, as far as the clocks care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// The step; `None`: it was filed.
    pub step: Option<Step>,
    /// State before; for the filing, the state after.
    pub from: State,
    /// State after.
    pub to: State,
    /// Hours granted with an extension, as the limit counts them; else 0.
    pub hours: i64,
}

/// The clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// The resident's: by when it is to be dealt with. `None`: a year on the way is not published.
    pub due: Option<Timestamp>,
    /// Since when the present owner has it.
    pub dispatched_at: Option<Timestamp>,
    /// The owner's: by when they are to be done.
    pub owner_due: Option<Timestamp>,
    /// Since when somebody is to be sent: filed, handed back or reopened.
    pub dispatch_from: Option<Timestamp>,
    /// By when somebody is to be sent.
    pub dispatch_due: Option<Timestamp>,
    /// Since when the clocks stand still.
    pub stopped_at: Option<Timestamp>,
    /// For how long they stood still before, as the limit counts time.
    pub stopped_total: SignedDuration,
}

/// How high the ladder of 督办 is reached when the owner's limit was `whole` and is exceeded by `late`, both as the
/// limit counts time: 1 the owner and their lead (see [`Lead`]), 2 the community, 3 the street, 4 the district, after 0, 25, 50 and 100 % of the
/// limit and at least an hour apart.
pub fn rung(whole: SignedDuration, late: SignedDuration) -> i64 {
    let whole = whole.as_secs().max(0);
    let reached = |(n, percent): &(i64, i64)| late.as_secs() >= (whole * percent / 100).max((n - 1) * 3600);
    [(1, 0), (2, 25), (3, 50), (4, 100)].iter().take_while(|step| reached(step)).count().try_into().unwrap_or(4)
}

/// Where an owner's lead is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The grid workers of the report's grid.
    GridWorkers,
    /// Whoever leads the owner's unit.
    OfUnit,
    /// The community's staff.
    Staff,
}

/// Where the lead of an owner who handles in a role is looked for: the first place where there is anybody but the owner.
/// Handlers are told with their lead that their time is over; 数字化城市管理 leaves it to each deployment who that is.
pub fn leads(role: Option<Role>) -> &'static [Lead] {
    match role {
        Some(Role::Volunteer) => &[Lead::GridWorkers, Lead::Staff],
        Some(Role::Unit) => &[Lead::OfUnit, Lead::Staff],
        _ => &[Lead::Staff],
    }
}

/// Tells a report's story again. The first mark is its filing; marks are in order of time.
///
/// - Waiting for the reporter and 挂账 move both clocks by the working time they took (round the clock for 紧急工作时).
/// - While it waits for others' eyes (待核查, 核查) the owner cannot act: a failed verification moves the owner's clock by that
///   time. The resident's goes on: they wait all the same.
/// - The time between closed and reopened moves the resident's clock; the owner's begins anew with the next dispatch.
/// - An extension moves both clocks by the hours granted.
/// - A return whose dispute the owner lost goes on with the owner's old clock.
pub fn replay(work: &WorkTime<'_>, limit: Limit, marks: &[Mark]) -> Clocks {
    let Some(filing) = marks.first() else { return Clocks::default() };
    let Limit { kind, amount, .. } = limit;
    let dispatch = SignedDuration::from_hours(limit.dispatch_hours.clamp(0, MOST));
    let first = work.due(filing.at, kind, amount);
    let mut clocks = Clocks { due: first, ..Clocks::default() };
    let to_be_sent = |clocks: &mut Clocks, at: Timestamp| {
        (clocks.dispatch_from, clocks.dispatch_due) = (Some(at), Some(at + dispatch));
    };
    to_be_sent(&mut clocks, filing.at);
    if filing.to.has_owner() {
        // Solved where it was found.
        (clocks.dispatched_at, clocks.owner_due) = (Some(filing.at), first);
    }
    let mut before_return = (None, None);
    // Since when it stands still, or is closed.
    let mut since: Option<Timestamp> = None;
    // Since when the owner has done their part.
    let waits = |state: State| matches!(state, State::Handled | State::Verified);
    let mut done = Some(filing.at).filter(|_| waits(filing.to));
    let stands = |state: State| state.stands_still() || state == State::Closed;
    for mark in &marks[1..] {
        if stands(mark.from) && !stands(mark.to) {
            let begun = since.take().unwrap_or(mark.at);
            let span = work.measure(kind, begun, mark.at);
            let later = |at: Option<Timestamp>| at.and_then(|at| work.later(kind, at, span?));
            clocks.due = later(clocks.due);
            clocks.owner_due = later(clocks.owner_due);
            clocks.stopped_total += span.unwrap_or_default();
            clocks.dispatch_due = clocks.dispatch_due.map(|due| due + mark.at.duration_since(begun));
        }
        if waits(mark.from) && !waits(mark.to) {
            let span = done.take().and_then(|begun| work.measure(kind, begun, mark.at));
            clocks.owner_due = clocks.owner_due.and_then(|at| work.later(kind, at, span?));
        }
        if !waits(mark.from) && waits(mark.to) {
            done = Some(mark.at);
        }
        match mark.step {
            Some(Step::Dispatch) => {
                clocks.dispatched_at = Some(mark.at);
                clocks.owner_due = work.due(mark.at, kind, amount);
            }
            Some(Step::Return) => {
                before_return = (clocks.dispatched_at, clocks.owner_due);
                (clocks.dispatched_at, clocks.owner_due) = (None, None);
                to_be_sent(&mut clocks, mark.at);
            }
            Some(Step::SendBack) => (clocks.dispatched_at, clocks.owner_due) = before_return,
            Some(Step::Uphold | Step::Reopen) => {
                (clocks.dispatched_at, clocks.owner_due) = (None, None);
                to_be_sent(&mut clocks, mark.at);
            }
            Some(Step::ExtendGrant | Step::ExtendGrantAbove) => {
                let more = SignedDuration::from_hours(mark.hours.clamp(0, MOST));
                let later = |at: Option<Timestamp>| at.and_then(|at| work.later(kind, at, more));
                clocks.due = later(clocks.due);
                clocks.owner_due = later(clocks.owner_due);
            }
            _ => {}
        }
        if !stands(mark.from) && stands(mark.to) {
            since = Some(mark.at);
        }
    }
    let state = marks.last().map_or(filing.to, |mark| mark.to);
    clocks.stopped_at = since.filter(|_| state.stands_still());
    clocks
}
