//! What counts where.

use super::*;
use proptest::prelude::*;

const HOUR: i64 = 3_600_000_000;
const PERIOD: Period = Period { from: 100 * HOUR, to: 200 * HOUR };
const NOW: i64 = 300 * HOUR;

fn row(deadline: i64, closed: Option<i64>) -> Row {
    Row {
        code: "R".into(),
        state: if closed.is_some() { State::Closed } else { State::InProgress },
        filed_at: 90 * HOUR,
        deadline: Some(deadline * HOUR),
        closed_at: closed.map(|at| at * HOUR),
        reworks: 0,
        returns: 0,
        extended: false,
        stars: None,
        standing: false,
        channel: Channel::Resident,
        community: String::new(),
        grid: String::new(),
        major: String::new(),
        category: String::new(),
        unit: String::new(),
    }
}

#[test]
fn the_district_counts_so() {
    assert_eq!(percent(54_540.0 / 55_165.0), "98.87%");
    assert_eq!(percent(1.0), "100.00%");
    assert_eq!(percent(9_999_999.0 / 10_000_000.0), "99.99%", "never 100% while one is open");
}

#[test]
fn each_report_counts_where_it_should() {
    use Measure::*;
    let cases: [(Row, &[Measure]); 9] = [
        (row(150, Some(140)), &[Due, Closed, OnTime]),
        (row(150, Some(150)), &[Due, Closed, OnTime]),
        (row(150, Some(160)), &[Due, Closed]),
        (row(150, Some(250)), &[Due, Overdue]),
        (row(150, None), &[Due, Overdue]),
        (row(50, Some(120)), &[Due, Closed]),
        (row(50, Some(99)), &[]),
        (row(150, Some(95)), &[Due, Closed, OnTime]),
        (row(200, None), &[]),
    ];
    for (row, expected) in cases {
        let counted: Vec<Measure> =
            Measure::ALL.into_iter().filter(|measure| measure.counts(&row, PERIOD, NOW)).collect();
        assert_eq!(counted, expected, "{row:?}");
    }
    let standing = Row { standing: true, ..row(150, None) };
    assert!(Suspended.counts(&standing, PERIOD, NOW) && !Overdue.counts(&standing, PERIOD, NOW));
    for state in [State::Rejected, State::Withdrawn] {
        let over = Row { state, ..row(150, None) };
        assert!(Measure::ALL.into_iter().all(|measure| !measure.counts(&over, PERIOD, NOW)), "{state:?}");
    }
    assert!(!Due.counts(&row(150, None), PERIOD, 140 * HOUR), "not due yet");
}

#[test]
fn each_rate_is_what_it_says_of_known_counts() {
    // 20 due: 12 closed, 9 of them in time; 4 stand still; 4 are overdue.
    let rows: Vec<Row> = (0..20)
        .map(|n| Row {
            standing: (12..16).contains(&n),
            reworks: i64::from(n < 3),
            extended: n >= 13,
            returns: i64::from(n == 19),
            stars: (2..10).contains(&n).then_some(if n < 7 { 4 } else { 3 }),
            ..row(150, (n < 12).then_some(if n < 9 { 140 } else { 160 }))
        })
        .collect();
    let figures = Figures::of(&rows, PERIOD, NOW);
    for (rate, expected) in [
        // 12 of 20, 9 of 20 - 4, 3 of 12, 7 of 20, 1 of 20, 5 of 8.
        (figures.closing_rate(), "60.00%"),
        (figures.on_time_rate(), "56.25%"),
        (figures.rework_rate(), "25.00%"),
        (figures.extension_rate(), "35.00%"),
        (figures.return_rate(), "5.00%"),
        (figures.satisfaction(), "62.50%"),
    ] {
        assert_eq!(rate.map(percent).as_deref(), Some(expected));
    }
    let nothing = Figures::of(&[], PERIOD, NOW);
    assert_eq!((nothing.closing_rate(), nothing.on_time_rate(), nothing.satisfaction()), (None, None, None));
}

#[test]
fn medians() {
    let of = |hours: &[f64]| {
        let rows: Vec<Row> = hours
            .iter()
            .map(|hours| Row { filed_at: 150 * HOUR - (hours * HOUR as f64) as i64, ..row(150, Some(150)) })
            .collect();
        Figures::of(&rows, PERIOD, NOW).median_hours()
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    assert_eq!(of(&[1.04, 1.04, 9.0]), Some(1.0), "in tenths");
}

/// A report with everything that can differ, within two months around the days of [`whole_days`].
fn report() -> impl Strategy<Value = Row> {
    let states = prop::sample::select(vec![
        State::Closed,
        State::Closed,
        State::Closed,
        State::InProgress,
        State::Suspended,
        State::Submitted,
        State::Rejected,
        State::Merged,
    ]);
    let times = (0..60 * 24 * 60_i64, prop::option::weighted(0.9, -5 * 24 * 60..25 * 24 * 60_i64), 0..40 * 24 * 60_i64);
    let rest = (0..2_i64, 0..2_i64, any::<bool>(), prop::option::of(1..=5_i64), 0..3_i64);
    (states, times, rest).prop_map(|(state, (filed, deadline, closed), (reworks, returns, extended, stars, unit))| {
        let begin = crate::time::start_of(jiff::civil::date(2026, 9, 20)).as_microsecond();
        let filed_at = begin + filed * 60_000_000;
        Row {
            state,
            filed_at,
            deadline: deadline.map(|minutes| filed_at + minutes * 60_000_000),
            closed_at: state.is_over().then(|| filed_at + closed * 60_000_000),
            reworks,
            returns,
            extended,
            stars,
            standing: state == State::Suspended,
            unit: format!("u{unit}"),
            ..row(0, None)
        }
    })
}

/// The sums that the database makes of counted days.
fn summed(rows: &[Row], from: jiff::civil::Date, to: jiff::civil::Date, end: jiff::civil::Date) -> Sums {
    let mut sums = Sums::default();
    for (day, counted) in rows.iter().flat_map(of_day) {
        let column = |name: &str| COLUMNS.iter().position(|column| *column == name).map_or(0, |at| counted.counts[at]);
        let mut within = counted.clone();
        // What is filed counts to the last day, also where that is to come.
        let filed = if day >= from && day <= to { column("filed") } else { 0 };
        within.counts[0] = 0;
        if day >= from && day < end {
            sums.within.add(&within, 1);
        }
        sums.within.counts[0] += filed;
        if day < end {
            for (left, expression) in sums.left.iter_mut().zip(Sums::LEFT) {
                *left += expression
                    .split(" - ")
                    .enumerate()
                    .map(|(n, name)| if n == 0 { column(name) } else { -column(name) })
                    .sum::<i64>();
            }
        }
    }
    sums
}

proptest! {
    #[test]
    fn counted_days_give_the_figures_of_the_reports(
        rows in proptest::collection::vec(report(), 0..80),
        from in 0..50_i32,
        long in 0..40_i32,
        today in 0..90_i32,
    ) {
        let first = jiff::civil::date(2026, 9, 25);
        let from = first.saturating_add(jiff::Span::new().days(from));
        let to = from.saturating_add(jiff::Span::new().days(long));
        let today = first.saturating_add(jiff::Span::new().days(today));
        // At the end of today.
        let end = to.min(today).tomorrow().expect("a day");
        let now = crate::time::start_of(today.tomorrow().expect("a day")).as_microsecond();
        let period = Period {
            from: crate::time::start_of(from).as_microsecond(),
            to: crate::time::start_of(to.tomorrow().expect("a day")).as_microsecond(),
        };
        // Nothing is closed later than now.
        let rows: Vec<Row> = rows.into_iter().filter(|row| row.closed_at.is_none_or(|at| at < now)).collect();
        prop_assert_eq!(summed(&rows, from, to, end).figures(), Figures::of(&rows, period, now));
        let mut sum = Figures::default();
        for (_, part) in By::Owner.split(&rows, period, now) {
            sum.add(&part);
        }
        prop_assert_eq!(sum, Figures::of(&rows, period, now));
    }
}

fn any_row() -> impl Strategy<Value = Row> {
    (0..300_i64, proptest::option::of(0..300_i64), any::<bool>(), 0..3_i64, proptest::option::of(1..=5_i64)).prop_map(
        |(deadline, closed, standing, reworks, stars)| Row {
            standing,
            reworks,
            stars,
            unit: format!("u{reworks}"),
            ..row(deadline, closed)
        },
    )
}

proptest! {
    #[test]
    fn no_rate_is_full_while_something_is_overdue(rows in proptest::collection::vec(any_row(), 0..60)) {
        let figures = Figures::of(&rows, PERIOD, NOW);
        let n = |measure| figures.count(measure);
        prop_assert_eq!(n(Measure::Due), n(Measure::Closed) + n(Measure::Overdue) + n(Measure::Suspended));
        prop_assert!(n(Measure::OnTime) <= n(Measure::Closed));
        if n(Measure::Overdue) > 0 {
            prop_assert!(figures.closing_rate().is_some_and(|rate| rate < 1.0));
            prop_assert!(figures.on_time_rate().is_some_and(|rate| rate < 1.0));
        }
        let parts = By::Owner.split(&rows, PERIOD, NOW);
        for measure in Measure::ALL {
            prop_assert_eq!(parts.iter().map(|(_, part)| part.count(measure)).sum::<i64>(), n(measure));
        }
    }
}

#[test]
fn the_course_has_no_gaps_and_counts_each_filed_report_once() {
    use jiff::civil::date;
    for (from, to, parts) in [
        (date(2026, 11, 25), date(2026, 11, 25), 1),
        (date(2026, 11, 1), date(2026, 11, 30), 30),
        (date(2026, 9, 1), date(2026, 11, 25), 13),
        (date(2026, 1, 15), date(2026, 11, 25), 11),
    ] {
        let rows: Vec<Row> = (0..400_i64)
            .map(|n| {
                let filed_at = crate::time::start_of(date(2026, 1, 1)).as_microsecond() + n * 23 * HOUR;
                Row { filed_at, ..row(n, (n % 3 == 0).then_some(n)) }
            })
            .collect();
        let spans = course(&rows, from, to);
        assert_eq!(spans.len(), parts, "{from} {to}");
        assert_eq!((spans[0].from, spans[parts - 1].to), (from, to));
        assert!(spans.windows(2).all(|pair| pair[0].to.tomorrow().ok() == Some(pair[1].from)));
        let period = Period {
            from: crate::time::start_of(from).as_microsecond(),
            to: crate::time::start_of(to.tomorrow().expect("a day")).as_microsecond(),
        };
        let filed = Figures::of(&rows, period, i64::MAX).count(Measure::Filed);
        assert_eq!(spans.iter().map(|span| span.filed).sum::<i64>(), filed, "{from} {to}");
        assert!(spans.iter().all(|span| span.closed <= span.filed));
    }
}
