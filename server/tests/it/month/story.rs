//! Reports with their lives, and what the product would have written into their rows: the clocks are told by its own rule,
//! which `recount.rs` then does without.

use super::{
    calendar::{DAY, HOUR},
    walk::{Dice, Happened, live},
    world::{Category, Place, World},
};
use crate::support::TestApp;
use app::reports::{
    State, Step,
    clock::{Clocks, Limit, Mark, replay},
    due::LimitKind,
    worktime::{DEFAULT_HOURS, WorkTime},
};
use jiff::Timestamp;

/// One report.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its number, from 0.
    pub number: usize,
    /// Where.
    pub place: Place,
    /// Of what kind.
    pub category: Category,
    /// `resident`, `patrol`, `hotline` or `api`.
    pub channel: &'static str,
    /// Who handles it.
    pub handler: String,
    /// Who verifies it.
    pub verifier: String,
    /// What happened.
    pub life: Vec<Happened>,
    /// Its clocks.
    pub clocks: Clocks,
}

impl Story {
    /// Its state now.
    pub fn state(&self) -> State {
        self.life.last().expect("it was filed").to
    }

    /// When it ended, in the state that it is in.
    pub fn over_at(&self) -> Option<i64> {
        let state = self.state();
        let begun = self.life.iter().rev().take_while(|happened| happened.to == state).last();
        state.is_over().then(|| begun.expect("it came to this state").at)
    }

    /// By when it is to be done.
    pub fn deadline(&self) -> Option<i64> {
        self.clocks.owner_due.or(self.clocks.due).map(Timestamp::as_microsecond)
    }

    /// How often a step was taken; since the last reopening for ratings.
    pub fn count(&self, step: Step) -> usize {
        self.life.iter().filter(|happened| happened.step == Some(step)).count()
    }

    fn due_in(&self, (from, to): (i64, i64)) -> bool {
        let Some(deadline) = self.deadline() else { return false };
        let closed_before = self.state() == State::Closed && self.over_at().is_some_and(|at| at < from);
        !matches!(self.state(), State::Rejected | State::Withdrawn | State::Merged)
            && deadline < to
            && (deadline >= from || !closed_before)
    }
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).expect("an instant")
}

/// So many reports that `due` of them are due in the month.
pub async fn month(test: &TestApp, world: &World, due: usize) -> Vec<Story> {
    let work = WorkTime { calendar: &test.app.calendar, hours: &DEFAULT_HOURS };
    let mut dice = Dice::new(0x2545_f491_4f6c_dd1d);
    let (mut all, mut found) = (Vec::new(), 0);
    while found < due {
        let place = dice.pick(&world.places).clone();
        let category = dice.pick(&world.categories).clone();
        // More of one kind in one grid during the last week: what "unusual" is to find.
        let burst = dice.below(40) == 0;
        let (place, category) =
            if burst { (world.places[7].clone(), world.categories[3].clone()) } else { (place, category) };
        // Most of them within seven weeks; a few before, so that there is a pattern to compare with.
        let back = match (burst, dice.below(8)) {
            (true, _) => dice.below(6 * DAY),
            (false, 0) => 50 * DAY + dice.below(45 * DAY),
            _ => dice.below(50 * DAY),
        };
        let filed = (world.now - HOUR - back) / 1_000_000 * 1_000_000;
        let channel = *dice.pick(&["resident", "resident", "patrol", "hotline", "api"]);
        let on_the_spot = channel == "patrol" && dice.below(2) == 0;
        let life = live(filed, world.now, on_the_spot, &mut dice);
        let limit = Limit {
            kind: LimitKind::from_code(&category.limit_kind).expect("a kind"),
            amount: category.limit_amount,
            dispatch_hours: category.dispatch_hours,
        };
        let marks: Vec<Mark> = life
            .iter()
            .map(|happened| Mark {
                at: instant(happened.at),
                step: happened.step,
                from: happened.from,
                to: happened.to,
                hours: match happened.step {
                    Some(Step::ExtendGrant | Step::ExtendGrantAbove) => happened.hours,
                    _ => 0,
                },
            })
            .collect();
        let story = Story {
            number: all.len(),
            place,
            category,
            channel,
            handler: dice.pick(&world.handlers).clone(),
            verifier: dice.pick(&world.verifiers).clone(),
            clocks: replay(&work, limit, &marks),
            life,
        };
        found += usize::from(story.due_in(world.month));
        all.push(story);
    }
    all
}
