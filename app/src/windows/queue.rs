//! The queue of a hall on a day: the states of a ticket, what may be done with it, and who is next.
//!
//! The line, first to last (the product's rule, shown on the board):
//!
//! 1. who was called, missed it and came back ([`RANK_FRONT`]): they have waited once already;
//! 2. people of a priority class of the hall ([`PriorityClass`]), by when they came;
//! 3. people with a booking who came in time, by their booked time. They are called at most
//!    `early_call_minutes` before it; until then they stand behind everybody else, and are still called when nobody
//!    else is there. Who comes more than `late_minutes` after it waits like a walk-in from then on;
//! 4. walk-ins, by when their number was drawn (from afar: by when they came).
//!
//! Instants are microseconds UTC, as the database keeps them.

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketState {
    /// 待到场: drawn from afar, not yet checked in; never called.
    Issued,
    /// 等候
    Waiting,
    /// 叫号
    Called,
    /// 办理中
    Serving,
    /// 挂起: sent to copy something, say; comes back without a new number.
    Parked,
    /// 过号
    Passed,
    /// 办完
    Done,
    /// 未到
    NoShow,
    /// 离开
    Left,
}

impl TicketState {
    /// All of them.
    pub const ALL: [TicketState; 9] = [
        TicketState::Issued,
        TicketState::Waiting,
        TicketState::Called,
        TicketState::Serving,
        TicketState::Parked,
        TicketState::Passed,
        TicketState::Done,
        TicketState::NoShow,
        TicketState::Left,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            TicketState::Issued => "issued",
            TicketState::Waiting => "waiting",
            TicketState::Called => "called",
            TicketState::Serving => "serving",
            TicketState::Parked => "parked",
            TicketState::Passed => "passed",
            TicketState::Done => "done",
            TicketState::NoShow => "no_show",
            TicketState::Left => "left",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<TicketState> {
        TicketState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            TicketState::Issued => "queue-state-issued",
            TicketState::Waiting => "queue-state-waiting",
            TicketState::Called => "queue-state-called",
            TicketState::Serving => "queue-state-serving",
            TicketState::Parked => "queue-state-parked",
            TicketState::Passed => "queue-state-passed",
            TicketState::Done => "queue-state-done",
            TicketState::NoShow => "queue-state-no-show",
            TicketState::Left => "queue-state-left",
        }
    }

    /// Whether something can still happen to the ticket; its chain of intervals has an open end.
    pub fn is_open(self) -> bool {
        !matches!(self, TicketState::Done | TicketState::NoShow | TicketState::Left)
    }

    /// Whether the ticket keeps a window busy.
    pub fn is_at_window(self) -> bool {
        matches!(self, TicketState::Called | TicketState::Serving)
    }
}

/// What can be done with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The person has come (a number drawn from afar).
    CheckIn,
    /// 叫号
    Call,
    /// 重呼: the same number once more, at most [`MAX_CALLS`] times in all.
    Recall,
    /// 过号
    Pass,
    /// 叫回过号: the person came back; next after the one being served.
    RecallPassed,
    /// 挂起
    Park,
    /// 恢复等候
    Unpark,
    /// 转窗口 / 转事项: back into the line, at the place the person had.
    Transfer,
    /// 开始办理
    Start,
    /// 办完
    Finish,
    /// 未到
    NoShow,
    /// 离开: the person gives up.
    Leave,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 12] = [
        Step::CheckIn,
        Step::Call,
        Step::Recall,
        Step::Pass,
        Step::RecallPassed,
        Step::Park,
        Step::Unpark,
        Step::Transfer,
        Step::Start,
        Step::Finish,
        Step::NoShow,
        Step::Leave,
    ];

    /// As stored and sent by forms.
    pub fn code(self) -> &'static str {
        match self {
            Step::CheckIn => "check_in",
            Step::Call => "call",
            Step::Recall => "recall",
            Step::Pass => "pass",
            Step::RecallPassed => "recall_passed",
            Step::Park => "park",
            Step::Unpark => "unpark",
            Step::Transfer => "transfer",
            Step::Start => "start",
            Step::Finish => "finish",
            Step::NoShow => "no_show",
            Step::Leave => "leave",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// The catalogue key of what was done, for the undo bar.
    pub fn done_key(self) -> &'static str {
        match self {
            Step::CheckIn => "queue-did-check-in",
            Step::Call => "queue-did-call",
            Step::Recall => "queue-did-recall",
            Step::Pass => "queue-did-pass",
            Step::RecallPassed => "queue-did-recall-passed",
            Step::Park => "queue-did-park",
            Step::Unpark => "queue-did-unpark",
            Step::Transfer => "queue-did-transfer",
            Step::Start => "queue-did-start",
            Step::Finish => "queue-did-finish",
            Step::NoShow => "queue-did-no-show",
            Step::Leave => "queue-did-leave",
        }
    }
}

/// The state after a step; `None`: the step is not possible in this state. This is the whole table.
pub fn after(state: TicketState, step: Step) -> Option<TicketState> {
    use TicketState::*;
    match (state, step) {
        (Issued, Step::CheckIn) => Some(Waiting),
        (Waiting, Step::Call) => Some(Called),
        (Called, Step::Recall) => Some(Called),
        (Called, Step::Pass) => Some(Passed),
        (Passed, Step::RecallPassed) => Some(Waiting),
        (Waiting | Called | Serving, Step::Park) => Some(Parked),
        (Parked, Step::Unpark) => Some(Waiting),
        (Waiting | Called | Serving | Parked, Step::Transfer) => Some(Waiting),
        (Called, Step::Start) => Some(Serving),
        (Serving, Step::Finish) => Some(Done),
        (Called | Passed, Step::NoShow) => Some(NoShow),
        (Issued | Waiting | Called | Serving | Parked | Passed, Step::Leave) => Some(Left),
        _ => None,
    }
}

/// A number is called at most so many times in all; after that "passed" is suggested.
pub const MAX_CALLS: i64 = 3;

/// A step can be undone by who made it for so many seconds.
pub const UNDO_SECONDS: i64 = 10;

/// Who goes first. Which classes a hall has is in its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriorityClass {
    /// 普通
    Ordinary,
    /// 80 岁以上
    Senior,
    /// 残障
    Disabled,
    /// 孕妇
    Pregnant,
    /// 军人、退役军人
    Veteran,
}

impl PriorityClass {
    /// All of them.
    pub const ALL: [PriorityClass; 5] = [
        PriorityClass::Ordinary,
        PriorityClass::Senior,
        PriorityClass::Disabled,
        PriorityClass::Pregnant,
        PriorityClass::Veteran,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            PriorityClass::Ordinary => "ordinary",
            PriorityClass::Senior => "senior",
            PriorityClass::Disabled => "disabled",
            PriorityClass::Pregnant => "pregnant",
            PriorityClass::Veteran => "veteran",
        }
    }

    /// The class with this stored code; anything else is ordinary.
    pub fn from_code(code: &str) -> PriorityClass {
        PriorityClass::ALL.into_iter().find(|class| class.code() == code).unwrap_or(PriorityClass::Ordinary)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            PriorityClass::Ordinary => "queue-class-ordinary",
            PriorityClass::Senior => "queue-class-senior",
            PriorityClass::Disabled => "queue-class-disabled",
            PriorityClass::Pregnant => "queue-class-pregnant",
            PriorityClass::Veteran => "queue-class-veteran",
        }
    }
}

/// Where a ticket was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// A booking that was checked in.
    Booking,
    /// By staff.
    Desk,
    /// On the hall's own device.
    Kiosk,
    /// By the QR code at the door.
    Door,
    /// From afar.
    Remote,
}

impl Channel {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Booking => "booking",
            Channel::Desk => "desk",
            Channel::Kiosk => "kiosk",
            Channel::Door => "door",
            Channel::Remote => "remote",
        }
    }
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 办结
    Done,
    /// 材料不齐
    Missing,
    /// 还要再来
    AnotherVisit,
    /// 转到别处办
    Referred,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 4] = [Outcome::Done, Outcome::Missing, Outcome::AnotherVisit, Outcome::Referred];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Missing => "missing",
            Outcome::AnotherVisit => "another_visit",
            Outcome::Referred => "referred",
        }
    }

    /// The outcome with this stored code.
    pub fn from_code(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Done => "queue-outcome-done",
            Outcome::Missing => "queue-outcome-missing",
            Outcome::AnotherVisit => "queue-outcome-another-visit",
            Outcome::Referred => "queue-outcome-referred",
        }
    }
}

/// A rating below so many stars has to say why, and is answered within the hall's time.
pub const REASON_BELOW: i64 = 3;

/// The catalogue key of a rating's word, from 5 (非常满意) to 1 (非常不满意).
pub fn stars_key(stars: i64) -> &'static str {
    match stars {
        5 => "queue-stars-5",
        4 => "queue-stars-4",
        3 => "queue-stars-3",
        2 => "queue-stars-2",
        _ => "queue-stars-1",
    }
}

/// Rank of who was passed and came back.
pub const RANK_FRONT: i64 = 0;
/// Rank of a priority class.
pub const RANK_PRIORITY: i64 = 1;
/// Rank of a booking that came in time.
pub const RANK_BOOKED: i64 = 2;
/// Rank of a walk-in.
pub const RANK_WALK_IN: i64 = 3;
/// Rank, for the moment, of a booking that came too early.
pub const RANK_EARLY: i64 = 4;

/// A place in the line, as stored with the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Lower goes first.
    pub rank: i64,
    /// Within a rank the earlier goes first.
    pub order_at: i64,
}

const MINUTE: i64 = 60_000_000;

/// The place of somebody who came at `came_at`, for a booked time if they have one. `late_minutes` as the hall allows.
pub fn place(class: PriorityClass, booked_for: Option<i64>, came_at: i64, late_minutes: i64) -> Place {
    match booked_for {
        _ if class != PriorityClass::Ordinary => Place { rank: RANK_PRIORITY, order_at: came_at },
        Some(booked) if came_at <= booked.saturating_add(late_minutes.saturating_mul(MINUTE)) => {
            Place { rank: RANK_BOOKED, order_at: booked }
        }
        _ => Place { rank: RANK_WALK_IN, order_at: came_at },
    }
}

/// The place at this moment: a booking whose time is further away than `early_minutes` stands at the end.
pub fn place_now(place: Place, booked_for: Option<i64>, now: i64, early_minutes: i64) -> Place {
    let early = early_minutes.saturating_mul(MINUTE);
    match booked_for {
        Some(booked) if place.rank == RANK_BOOKED && booked.saturating_sub(early) > now => {
            Place { rank: RANK_EARLY, ..place }
        }
        _ => place,
    }
}

/// A number as it is shown and called: A012.
pub fn label(letter: &str, number: i64) -> String {
    format!("{letter}{number:03}")
}

/// A name as the board shows it: 林*禾, 王*. Empty stays empty.
pub fn mask_name(name: &str) -> String {
    let letters: Vec<char> = name.trim().chars().collect();
    match letters.as_slice() {
        [] => String::new(),
        [one] => format!("{one}*"),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len().min(2))),
    }
}

/// How long somebody with `ahead` people before them waits, in minutes, as a range rounded outwards to five; `None`
/// when no window serves or nothing is known. `minutes` is the measured time for one person at a window.
pub fn wait_range(ahead: i64, windows: i64, minutes: f64) -> Option<(i64, i64)> {
    if windows < 1 || !minutes.is_finite() || minutes <= 0.0 || ahead < 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "people in a hall")]
    let turns = ahead as f64 / windows as f64;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a day")]
    let five = |minutes: f64, up: bool| {
        let fives = (minutes / 5.0).clamp(0.0, 288.0);
        (if up { fives.ceil() } else { fives.floor() }) as i64 * 5
    };
    let low = five(turns * minutes * 0.75, false);
    let high = five((turns + 0.5) * minutes * 1.25, true).max(5);
    Some((low, if high == low { low + 5 } else { high }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The table in words, so that a change of it is seen twice.
    const POSSIBLE: &[(&str, &str, &str)] = &[
        ("issued", "check_in", "waiting"),
        ("issued", "leave", "left"),
        ("waiting", "call", "called"),
        ("waiting", "park", "parked"),
        ("waiting", "transfer", "waiting"),
        ("waiting", "leave", "left"),
        ("called", "recall", "called"),
        ("called", "pass", "passed"),
        ("called", "park", "parked"),
        ("called", "transfer", "waiting"),
        ("called", "start", "serving"),
        ("called", "no_show", "no_show"),
        ("called", "leave", "left"),
        ("serving", "park", "parked"),
        ("serving", "transfer", "waiting"),
        ("serving", "finish", "done"),
        ("serving", "leave", "left"),
        ("parked", "unpark", "waiting"),
        ("parked", "transfer", "waiting"),
        ("parked", "leave", "left"),
        ("passed", "recall_passed", "waiting"),
        ("passed", "no_show", "no_show"),
        ("passed", "leave", "left"),
    ];

    #[test]
    fn every_state_and_step_is_decided() {
        for state in TicketState::ALL {
            assert_eq!(TicketState::from_code(state.code()), Some(state));
            for step in Step::ALL {
                assert_eq!(Step::from_code(step.code()), Some(step));
                let expected = POSSIBLE
                    .iter()
                    .find(|(from, with, _)| *from == state.code() && *with == step.code())
                    .map(|(_, _, to)| *to);
                assert_eq!(after(state, step).map(TicketState::code), expected, "{state:?} {step:?}");
                assert!(state.is_open() || expected.is_none(), "what has ended stays so");
            }
        }
    }

    #[test]
    fn a_booking_in_time_goes_before_walk_ins_and_a_late_one_does_not() {
        let at = |minutes: i64| minutes * MINUTE;
        let ordinary = PriorityClass::Ordinary;
        let booked = place(ordinary, Some(at(600)), at(590), 15);
        let walk_in = place(ordinary, None, at(500), 15);
        let late = place(ordinary, Some(at(600)), at(616), 15);
        assert_eq!(place(ordinary, Some(at(600)), at(615), 15).rank, RANK_BOOKED, "the last minute is in time");
        assert!(place_now(booked, Some(at(600)), at(590), 10) < walk_in);
        assert!(place_now(booked, Some(at(600)), at(589), 10) > walk_in, "too early yet");
        assert_eq!(late, Place { rank: RANK_WALK_IN, order_at: at(616) });
        let senior = place(PriorityClass::Senior, None, at(700), 15);
        assert!(senior < booked && senior < walk_in);
    }

    #[test]
    fn names_are_masked_and_numbers_read_well() {
        for (name, masked) in [("林晓禾", "林*禾"), ("王伟", "王*"), ("欧阳小华", "欧**华"), ("", ""), ("李", "李*")]
        {
            assert_eq!(mask_name(name), masked);
        }
        assert_eq!(label("A", 12), "A012");
        assert_eq!(label("A", 1234), "A1234");
    }

    #[test]
    fn a_wait_is_a_range_and_unknown_when_nobody_serves() {
        assert_eq!(wait_range(3, 0, 10.0), None);
        assert_eq!(wait_range(3, 1, 0.0), None);
        assert_eq!(wait_range(0, 2, 10.0), Some((0, 10)));
        assert_eq!(wait_range(3, 2, 8.0), Some((5, 20)));
    }

    proptest! {
        #[test]
        fn a_longer_line_never_waits_less(ahead in 0..300_i64, windows in 1..20_i64, minutes in 1.0..60.0_f64) {
            let (low, high) = wait_range(ahead, windows, minutes).expect("served");
            let (next_low, next_high) = wait_range(ahead + 1, windows, minutes).expect("served");
            prop_assert!(low < high && low % 5 == 0 && high % 5 == 0);
            prop_assert!(low <= next_low && high <= next_high);
        }

        #[test]
        fn a_simulated_line_is_fair(
            people in prop::collection::vec((0..5_usize, prop::option::of(0..200_i64), 0..200_i64), 1..40),
            now in 0..400_i64,
        ) {
            let (late, early) = (15, 10);
            let mut line: Vec<_> = people.iter().enumerate().map(|(id, (class, booked, came))| {
                let class = PriorityClass::ALL[*class];
                let booked = booked.map(|minutes| minutes * MINUTE);
                let stored = place(class, booked, came * MINUTE, late);
                (place_now(stored, booked, now * MINUTE, early), id, class, booked, *came)
            }).collect();
            line.sort_by_key(|(place, id, ..)| (*place, *id));
            for pair in line.windows(2) {
                let ((a, _, class_a, booked_a, came_a), (b, _, class_b, _, came_b)) = (&pair[0], &pair[1]);
                let (first_a, first_b) = (*class_a != PriorityClass::Ordinary, *class_b != PriorityClass::Ordinary);
                prop_assert!(first_a || !first_b, "nobody stands before a priority class");
                if first_a == first_b && a.rank == b.rank && (first_a || a.rank == RANK_WALK_IN) {
                    prop_assert!(came_a <= came_b, "first come, first served");
                }
                if a.rank == RANK_BOOKED {
                    let booked = booked_a.expect("booked");
                    prop_assert!(booked - early * MINUTE <= now * MINUTE, "not called too early");
                    prop_assert!(came_a * MINUTE <= booked + late * MINUTE, "in time");
                }
            }
        }
    }
}
