//! Activities: when and where, how many seats, until when one may sign up.

use super::{
    NoticeForm, NoticeKind,
    form::{Errors, local, one_line, parse_local},
};
use crate::i18n::Words;
use jiff::{SignedDuration, Timestamp};

/// Seats at most.
pub const SEATS_MAX: i64 = 500;
/// People in one sign-up at most.
pub const PEOPLE_MAX: i64 = 5;
/// So many sign-ups may wait for a seat.
pub const WAITING_MAX: i64 = 100;
/// Characters of a place; twice as many in English.
pub const PLACE_CHARS: usize = 60;
/// The longest activity, in days.
pub const DAYS_MAX: i64 = 60;

/// What a notice says about an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityPlan {
    /// Begin.
    pub starts_at: Timestamp,
    /// End, after the begin.
    pub ends_at: Timestamp,
    /// Where, may be empty.
    pub place: String,
    /// The same in English, may be empty.
    pub place_en: String,
    /// Seats; 0: nobody needs to sign up.
    pub seats: i64,
    /// People in one sign-up, from 1 to [`PEOPLE_MAX`].
    pub most: i64,
    /// Sign-up ends then, at the latest when the activity begins.
    pub until: Timestamp,
}

/// Where a sign-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpState {
    /// Has a seat.
    Signed,
    /// Waits for one.
    Waiting,
    /// Taken back.
    Cancelled,
}

impl SignUpState {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            SignUpState::Signed => "signed",
            SignUpState::Waiting => "waiting",
            SignUpState::Cancelled => "cancelled",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<SignUpState> {
        [SignUpState::Signed, SignUpState::Waiting, SignUpState::Cancelled].into_iter().find(|s| s.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            SignUpState::Signed => "activity-signed",
            SignUpState::Waiting => "activity-waiting",
            SignUpState::Cancelled => "activity-cancelled",
        }
    }
}

/// How an activity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Seats; 0: nobody needs to sign up.
    pub seats: i64,
    /// Seats taken; more than there are when a correction made them fewer.
    pub taken: i64,
    /// Sign-up ends then.
    pub until: Timestamp,
    /// Begin.
    pub starts_at: Timestamp,
    /// It was called off.
    pub cancelled: bool,
}

impl Standing {
    /// Seats that are left.
    pub fn free(&self) -> i64 {
        (self.seats - self.taken).max(0)
    }

    /// Whether one may sign up, or onto the waiting list, at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.seats > 0 && !self.cancelled && now < self.until
    }

    /// Whether a sign-up may be taken back at `now`; a freed seat then goes to whoever waits.
    pub fn may_leave(&self, now: Timestamp) -> bool {
        !self.cancelled && now < self.starts_at
    }
}

impl NoticeForm {
    /// Fills in whether residents may ask under it, and what it says about an activity.
    #[must_use]
    pub fn with_answers(mut self, questions: bool, plan: Option<&ActivityPlan>) -> NoticeForm {
        self.questions = if questions { "1".to_owned() } else { String::new() };
        let Some(plan) = plan else { return self };
        self.activity_starts = local(Some(plan.starts_at));
        self.activity_ends = local(Some(plan.ends_at));
        self.activity_place.clone_from(&plan.place);
        self.activity_place_en.clone_from(&plan.place_en);
        if plan.seats > 0 {
            self.activity_seats = plan.seats.to_string();
            self.activity_until = local(Some(plan.until));
        }
        self.activity_most = plan.most.to_string();
        self
    }

    /// What the form says about an activity: nothing for other kinds and when nothing was filled in. An activity that
    /// begins needs its times; seats may be missing (then nobody needs to sign up), and so may the deadline (then it is
    /// the begin).
    ///
    /// # Errors
    ///
    /// Words by field.
    pub fn plan(&self, w: Words) -> Result<Option<ActivityPlan>, Errors> {
        let typed = [&self.activity_starts, &self.activity_ends, &self.activity_seats, &self.activity_until];
        let anything = typed.iter().any(|text| !text.trim().is_empty());
        if self.kind != NoticeKind::Activity.code() || !anything {
            return Ok(None);
        }
        let mut errors = Errors::new();
        let mut at = |field: &'static str, text: &str| {
            let parsed = parse_local(text.trim());
            if parsed.is_none() && !(field == "activity_until" && text.trim().is_empty()) {
                errors.insert(field, w.t("notice-error-time"));
            }
            parsed
        };
        let starts_at = at("activity_starts", &self.activity_starts);
        let ends_at = at("activity_ends", &self.activity_ends);
        let until = at("activity_until", &self.activity_until);
        if let (Some(from), Some(to)) = (starts_at, ends_at) {
            if to <= from {
                errors.insert("activity_ends", w.t("notice-error-ends"));
            } else if to > from + SignedDuration::from_hours(24 * DAYS_MAX) {
                errors.insert("activity_ends", w.tf("activity-error-long", &[("days", DAYS_MAX.into())]));
            }
            if until.is_some_and(|until| until > from) {
                errors.insert("activity_until", w.t("activity-error-until"));
            }
        }
        let mut number = |field: &'static str, text: &str, empty: i64, least: i64, most: i64| match text.trim() {
            "" => empty,
            text => text.parse().ok().filter(|n| (least..=most).contains(n)).unwrap_or_else(|| {
                errors.insert(field, w.tf("activity-error-number", &[("least", least.into()), ("most", most.into())]));
                empty
            }),
        };
        let seats = number("activity_seats", &self.activity_seats, 0, 0, SEATS_MAX);
        let most = number("activity_most", &self.activity_most, 1, 1, PEOPLE_MAX);
        let (place, place_en) = (one_line(&self.activity_place), one_line(&self.activity_place_en));
        for (field, text, long) in
            [("activity_place", &place, PLACE_CHARS), ("activity_place_en", &place_en, PLACE_CHARS * 2)]
        {
            if text.chars().count() > long {
                errors.insert(field, w.tf("notice-error-long", &[("count", long.into())]));
            }
        }
        match (starts_at, ends_at) {
            (Some(starts_at), Some(ends_at)) if errors.is_empty() => {
                let until = until.unwrap_or(starts_at);
                Ok(Some(ActivityPlan { starts_at, ends_at, place, place_en, seats, most, until }))
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn typed() -> NoticeForm {
        NoticeForm {
            kind: "activity".into(),
            activity_starts: "2026-11-28T09:00".into(),
            activity_ends: "2026-11-28T11:00".into(),
            activity_seats: "20".into(),
            ..NoticeForm::default()
        }
    }

    #[test]
    fn what_was_typed_becomes_a_plan_and_the_other_way_round() {
        let w = Words::new(Lang::Zh);
        let plan = typed().plan(w).expect("fine").expect("a plan");
        assert_eq!((plan.seats, plan.most, plan.until), (20, 1, plan.starts_at));
        let again = NoticeForm { kind: "activity".into(), ..NoticeForm::default() }.with_answers(false, Some(&plan));
        assert_eq!(again.plan(w), Ok(Some(plan)));
        assert_eq!(NoticeForm { kind: "policy".into(), ..typed() }.plan(w), Ok(None), "another kind has none");
        assert_eq!(NoticeForm { kind: "activity".into(), ..NoticeForm::default() }.plan(w), Ok(None));
    }

    #[test]
    fn what_makes_no_sense_is_named_by_field() {
        let form = NoticeForm {
            activity_ends: "2026-11-28T08:00".into(),
            activity_until: "2026-11-28T10:00".into(),
            activity_seats: "501".into(),
            activity_most: "0".into(),
            activity_place: "长".repeat(61),
            ..typed()
        };
        let errors = form.plan(Words::new(Lang::Zh)).expect_err("wrong");
        let fields: Vec<_> = errors.into_keys().collect();
        assert_eq!(fields, ["activity_ends", "activity_most", "activity_place", "activity_seats", "activity_until"]);
        let times = NoticeForm { activity_starts: String::new(), ..typed() }.plan(Words::new(Lang::Zh));
        assert_eq!(times.expect_err("no begin").into_keys().collect::<Vec<_>>(), ["activity_starts"]);
    }

    proptest::proptest! {
        #[test]
        fn a_plan_always_makes_sense(
            starts in "(2026-11-2[0-9]T[01][0-9]:00|.{0,9})", ends in "(2026-11-2[0-9]T[01][0-9]:30|.{0,9})",
            until in "(2026-11-2[0-9]T[01][0-9]:15|.{0,3})", seats in "(-?[0-9]{1,20}|.{0,4})", most in ".{0,3}",
        ) {
            let form = NoticeForm {
                activity_starts: starts, activity_ends: ends, activity_until: until, activity_seats: seats,
                activity_most: most, ..typed()
            };
            if let Ok(Some(plan)) = form.plan(Words::new(Lang::En)) {
                assert!(plan.starts_at < plan.ends_at && plan.until <= plan.starts_at);
                assert!((0..=SEATS_MAX).contains(&plan.seats) && (1..=PEOPLE_MAX).contains(&plan.most));
            }
        }

        #[test]
        fn nobody_is_let_in_when_it_is_full_or_over(seats in 0_i64..20, taken in 0_i64..40, now in 0_i64..30) {
            let at = |n| Timestamp::from_second(n).expect("in range");
            let standing = Standing { seats, taken, until: at(10), starts_at: at(20), cancelled: false };
            assert!(standing.free() >= 0 && standing.free() <= seats);
            assert!(!standing.is_open(at(now)) || (now < 10 && seats > 0));
            assert_eq!(standing.may_leave(at(now)), now < 20);
            let off = Standing { cancelled: true, ..standing };
            assert!(!off.is_open(at(now)) && !off.may_leave(at(now)));
        }
    }
}
