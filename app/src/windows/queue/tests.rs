use super::{line::MINUTE, *};
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

/// 8:30 to 11:30 and 13:30 to 17:30.
const DAY: [(i64, i64); 2] = [(510 * MINUTE, 690 * MINUTE), (810 * MINUTE, 1050 * MINUTE)];

#[test]
fn a_number_from_afar_lapses_after_open_time_and_at_closing() {
    let at = |hour: i64, minute: i64| (hour * 60 + minute) * MINUTE;
    assert_eq!(lapses_at(&DAY, at(9, 0), 60), at(10, 0));
    assert_eq!(lapses_at(&DAY, at(11, 0), 60), at(14, 0), "the break does not count");
    assert_eq!(lapses_at(&DAY, at(17, 0), 60), at(17, 30), "closing time ends it");
    assert_eq!(lapses_at(&DAY, at(18, 0), 60), at(18, 0), "no open time is left");
    assert_eq!(lapses_at(&[], at(9, 0), 60), at(9, 0));
    assert_eq!(open_minutes(&DAY, at(11, 0)), 30 + 240);
    assert_eq!(open_minutes(&DAY, at(20, 0)), 0);
    assert!(served_before_closing(3, 1, 10.0, 15, 45));
    assert!(!served_before_closing(3, 1, 10.0, 15, 44), "the hall closes before");
    assert!(served_before_closing(0, 0, f64::NAN, 15, 15), "nothing measured: the own visit counts");
}

proptest! {
    #[test]
    fn a_number_from_afar_has_its_open_minutes_or_the_rest_of_the_day(drawn in 510..1050_i64, minutes in 0..600_i64) {
        let (drawn, lapses) = (drawn * MINUTE, lapses_at(&DAY, drawn * MINUTE, minutes));
        prop_assert!(lapses >= drawn && lapses <= DAY[1].1.max(drawn));
        let had = open_minutes(&DAY, drawn) - open_minutes(&DAY, lapses);
        prop_assert_eq!(had, minutes.min(open_minutes(&DAY, drawn)));
        prop_assert!(lapses_at(&DAY, drawn, minutes + 1) >= lapses, "more minutes never end it sooner");
    }

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
