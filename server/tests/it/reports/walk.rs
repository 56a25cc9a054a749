//! A random walk through the table: whatever happens in whatever order, the rules hold.

use app::{
    people::Role,
    reports::{
        Step,
        clock::{Clocks, Limit, Mark, replay},
        due::LimitKind,
        life::{self, Past, Relation},
        worktime::{DEFAULT_HOURS, WorkTime},
    },
};
use jiff::{SignedDuration, Timestamp};
use server::reports::{chain::first_break, events::Link};
use std::collections::BTreeMap;

/// A small generator of its own: the same walk at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).expect("few")).expect("few")
    }
}

#[derive(Default)]
struct Model {
    owner: Option<usize>,
    returned_by: Option<usize>,
    handled_by: Option<usize>,
    verified_by: Option<usize>,
    has_handled: [bool; 8],
    reason: String,
    /// The last thing that brought it to the dispatcher was a return.
    returned: bool,
    extensions: i64,
    /// Level of the extension that waits.
    waiting: Option<i64>,
    supervised: bool,
    confirmed: bool,
    rated: bool,
    answered: bool,
    closed_at: Option<Timestamp>,
}

impl Model {
    fn past(&self, clocks: &Clocks, now: Timestamp) -> Past {
        let long = SignedDuration::from_hours(24 * life::REOPEN_DAYS);
        Past {
            returned: self.returned,
            extensions: self.extensions,
            waiting_level: self.waiting,
            overdue: clocks.owner_due.is_some_and(|due| due < now),
            unlimited: clocks.owner_due.is_none(),
            confirmed: self.confirmed,
            rated: self.rated,
            answered: self.answered,
            long_over: self.closed_at.is_some_and(|at| now.duration_since(at) > long),
            supervised: self.supervised,
        }
    }

    /// What a step does to the past, by the rules as they are written.
    fn note(&mut self, step: Step, now: Timestamp) {
        match step {
            Step::Return => (self.returned, self.waiting) = (true, None),
            Step::Accept | Step::Uphold => self.returned = false,
            Step::ExtendAsk => {
                self.extensions += 1;
                self.waiting = Some(self.extensions);
            }
            Step::ExtendGrant
            | Step::ExtendRefuse
            | Step::ExtendGrantAbove
            | Step::ExtendRefuseAbove
            | Step::Finish
            | Step::Suspend => self.waiting = None,
            Step::Supervise => self.supervised = true,
            Step::SuperviseAnswer => self.supervised = false,
            Step::Confirm => self.confirmed = true,
            Step::Rate => self.rated = true,
            Step::RateAnswer => self.answered = true,
            Step::Close => self.closed_at = Some(now),
            Step::Reopen => {
                (self.returned, self.confirmed, self.rated, self.answered) = (false, false, false, false);
                self.closed_at = None;
            }
            _ => {}
        }
    }
}

/// Steps tried with one report.
const LONGEST: usize = 25;

/// Eight people; each has one role, the reporter is number 0.
const PEOPLE: [Role; 8] = [
    Role::Resident,
    Role::Volunteer,
    Role::GridWorker,
    Role::GridWorker,
    Role::Unit,
    Role::CommunityStaff,
    Role::CommunityStaff,
    Role::Supervisor,
];

#[test]
fn a_hundred_thousand_random_steps_keep_every_rule() {
    let calendar = server::places::calendar::shipped().expect("a calendar");
    let work = WorkTime { calendar: &calendar, hours: &DEFAULT_HOURS };
    let limit = Limit { kind: LimitKind::WorkingHours, amount: 16, dispatch_hours: 24 };
    let mut dice = Dice(0x5eed_1234_9876_abcd);
    let (mut steps, mut refused, mut reports) = (0, 0, 0);
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    while steps < 100_000 {
        reports += 1;
        let mut at: Timestamp = "2026-03-02T01:00:00Z".parse().expect("an instant");
        let on_the_spot = dice.roll(8) == 0;
        let mut state = life::first_state(on_the_spot);
        let mut model = Model::default();
        if on_the_spot {
            (model.owner, model.handled_by, model.has_handled[2]) = (Some(2), Some(2), true);
        }
        let mut marks = vec![Mark { at, step: None, from: state, to: state, hours: 0 }];
        let mut links: Vec<Link> = Vec::new();
        let mut clocks = replay(&work, limit, &marks);
        for _ in 0..LONGEST {
            steps += 1;
            // Mostly hours, sometimes weeks: then it is too late to reopen.
            let minutes = if dice.roll(40) == 0 { 30 * 24 * 60 } else { dice.roll(600) };
            let now = at + SignedDuration::from_mins(i64::try_from(minutes).expect("few"));
            let past = model.past(&clocks, now);
            let relation = |who: usize| Relation {
                reporter: who == 0,
                owner: model.owner == Some(who),
                handled: model.has_handled[who],
            };
            let offered_to = |who: usize| life::offered(state, past, PEOPLE[who], relation(who));
            // One in ten tries anything; the others do what they are offered, and seldom what ends everything.
            let mut possible: Vec<(usize, Step)> = (0..PEOPLE.len())
                .flat_map(|who| offered_to(who).into_iter().map(move |step| (who, step)))
                .filter(|(_, step)| {
                    let ends = matches!(step, Step::Reject | Step::Merge | Step::Withdraw);
                    !ends || dice.roll(30) == 0
                })
                .collect();
            possible.sort_by_key(|(who, step)| (step.code(), *who));
            let (who, step) = match possible.len() {
                0 => (dice.roll(PEOPLE.len()), Step::ALL[dice.roll(Step::ALL.len())]),
                _ if dice.roll(10) == 0 => (dice.roll(PEOPLE.len()), Step::ALL[dice.roll(Step::ALL.len())]),
                count => possible[dice.roll(count)],
            };
            let Some(to) = life::next(state, step).filter(|_| offered_to(who).contains(&step)) else {
                refused += 1;
                continue;
            };
            at = now;
            model.note(step, now);
            match step {
                Step::Dispatch => model.owner = Some(1 + dice.roll(4)),
                Step::SendBack => model.owner = model.returned_by,
                Step::Return => (model.returned_by, model.owner) = (model.owner, None),
                Step::Take | Step::Note => model.has_handled[who] = true,
                Step::Finish => {
                    model.has_handled[who] = true;
                    (model.handled_by, model.verified_by) = (Some(who), None);
                }
                Step::VerifyPass => model.verified_by = Some(who),
                Step::VerifyFail => (model.handled_by, model.verified_by) = (None, None),
                Step::Reopen => (model.owner, model.handled_by, model.verified_by) = (None, None, None),
                _ => {}
            }
            // What a step says is what it has to say.
            model.reason = if step.needs_reason() { "因为".to_owned() } else { String::new() };
            *taken.entry(step.code()).or_default() += 1;
            let hours = if matches!(step, Step::ExtendGrant | Step::ExtendGrantAbove) { 4 } else { 0 };
            marks.push(Mark { at, step: Some(step), from: state, to, hours });
            let mut link = Link {
                id: format!("{reports}-{}", marks.len()),
                report_id: reports.to_string(),
                seq: i64::try_from(links.len()).expect("few") + 1,
                at: at.as_microsecond(),
                actor_id: Some(who.to_string()),
                actor_kind: "staff".to_owned(),
                action: step.code().to_owned(),
                from_state: state.code().to_owned(),
                to_state: to.code().to_owned(),
                to_person_id: None,
                public_text: model.reason.clone(),
                internal_text: String::new(),
                hash: String::new(),
                words_salt: String::new(),
                words_hash: String::new(),
            };
            link.hash = link.hash_after(links.last().map_or("", |before| before.hash.as_str()));
            links.push(link);
            let (before, before_state) = (clocks, state);
            clocks = replay(&work, limit, &marks);
            state = to;

            assert_eq!(state.has_owner(), model.owner.is_some(), "one owner: {step:?}");
            if state == life::State::Closed && before_state != state {
                assert!(!model.reason.is_empty(), "closed has a reason");
                let (handler, verifier) = (model.handled_by, model.verified_by);
                assert!(handler.is_some() && verifier.is_some() && handler != verifier, "another pair of eyes");
            }
            assert!(model.extensions <= life::EXTENSIONS, "no third extension");
            assert!(model.waiting.is_none() || state.has_owner(), "nobody waits for time they do not have");
            if step == Step::ExtendAsk {
                assert!(before.owner_due.is_some_and(|due| due >= now), "asked for in time");
            }
            if step == Step::Reopen {
                assert!(before_state == life::State::Closed, "only what is closed is opened again");
            }
            assert!(clocks.due >= before.due, "the resident's clock never runs backwards: {step:?}");
            assert!(clocks.stopped_total >= before.stopped_total);
            if before.dispatched_at == clocks.dispatched_at {
                assert!(clocks.owner_due >= before.owner_due, "nor the owner's: {step:?}");
            }
            assert_eq!(clocks.stopped_at.is_some(), state.stands_still());
            assert_eq!(clocks.owner_due.is_some(), state.has_owner());
        }
        assert_eq!(first_break(&links), None, "the chain holds");
        if let Some(middle) = links.len().checked_sub(2) {
            links[middle].public_text.push('改');
            assert_eq!(
                first_break(&links),
                Some(i64::try_from(middle).expect("few") + 1),
                "and shows what was changed"
            );
        }
    }
    eprintln!("{steps} steps with {reports} reports, {refused} refused: {taken:?}");
    assert!(refused < steps / 2 && reports > 1000, "{refused} of {steps} refused");
    let never: Vec<&str> = Step::ALL.iter().map(|step| step.code()).filter(|code| !taken.contains_key(code)).collect();
    assert_eq!(never, Vec::<&str>::new(), "steps that the walk never took: {taken:?}");
}
