//! A random walk through the table: whatever happens in whatever order, the rules hold.

use app::{
    people::Role,
    reports::{
        Step,
        clock::{Limit, Mark, replay},
        due::LimitKind,
        life::{self, Past, Relation},
        worktime::{DEFAULT_HOURS, WorkTime},
    },
};
use jiff::{SignedDuration, Timestamp};
use server::reports::{chain::first_break, events::Link};

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
}

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
    while steps < 100_000 {
        reports += 1;
        let mut at: Timestamp = "2026-03-02T01:00:00Z".parse().expect("an instant");
        let mut state = life::first_state(false);
        let mut model = Model::default();
        let mut marks = vec![Mark { at, step: None, from: state, to: state, hours: 0 }];
        let mut links: Vec<Link> = Vec::new();
        let mut clocks = replay(&work, limit, &marks);
        for _ in 0..60 {
            steps += 1;
            let who = dice.roll(PEOPLE.len());
            let step = Step::ALL[dice.roll(Step::ALL.len())];
            let relation =
                Relation { reporter: who == 0, owner: model.owner == Some(who), handled: model.has_handled[who] };
            let past = Past {
                returned: model.returned_by.is_some(),
                waiting_level: Some(1),
                supervised: true,
                ..Past::default()
            };
            let offered = life::offered(state, past, PEOPLE[who], relation);
            let Some(to) = life::next(state, step).filter(|_| offered.contains(&step)) else {
                refused += 1;
                continue;
            };
            at += SignedDuration::from_mins(i64::try_from(dice.roll(600)).expect("few"));
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
                Step::Close => model.reason = "已修好".to_owned(),
                _ => {}
            }
            if step.needs_reason() {
                model.reason = "因为".to_owned();
            }
            let hours = if step == Step::ExtendGrant { 4 } else { 0 };
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
            let before = clocks;
            clocks = replay(&work, limit, &marks);
            state = to;

            assert_eq!(state.has_owner(), model.owner.is_some(), "one owner: {step:?}");
            if state == life::State::Closed {
                assert!(!model.reason.is_empty(), "closed has a reason");
                let (handler, verifier) = (model.handled_by, model.verified_by);
                assert!(handler.is_some() && verifier.is_some() && handler != verifier, "another pair of eyes");
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
    assert!(refused < steps && reports > 1000, "{refused} of {steps} refused");
}
