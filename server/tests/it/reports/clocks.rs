//! The statutory calendar against another's, day by day; and a closing rate with an overdue report open.

use super::*;
use crate::{peers::statutory_days, support::on_both};
use app::{
    reports::statistics::{Figures, Measure, Period},
    time::{DayKind, HolidayCalendar},
};
use jiff::{SignedDuration, civil::Date};
use server::places::calendar::shipped_years;
use std::collections::BTreeSet;

#[test]
fn the_shipped_calendar_is_the_one_that_others_have_day_by_day() {
    let years = shipped_years().expect("valid");
    let published: BTreeSet<i16> =
        years.values().filter(|year| year.status == "published").map(|year| year.year).collect();
    let first = *published.first().expect("a year");
    let calendar = HolidayCalendar::new(years.into_values());
    let theirs = statutory_days(first);
    let known: BTreeSet<i16> = theirs.iter().map(|(date, ..)| date.parse::<Date>().expect("a date").year()).collect();
    assert_eq!(published, known, "years that have been published and are not shipped, or the other way round");
    for (text, works, holiday) in theirs {
        let date: Date = text.parse().expect("a date");
        let expected = if works { DayKind::Working } else { DayKind::Rest };
        assert_eq!(calendar.kind(date), expected, "{date} {holiday}");
        let off = calendar.holiday(date).map(|(zh, _)| zh).unwrap_or_default();
        // 清明 and 清明节 are one.
        let short = |name: &str| name.trim_end_matches('节').to_owned();
        assert_eq!(short(off), if works { String::new() } else { short(&holiday) }, "{date}");
        assert_eq!(calendar.is_make_up_day(date), works && !holiday.is_empty(), "{date} {holiday}");
    }
}

#[tokio::test]
async fn a_closing_rate_is_not_whole_while_overdue_reports_are_open() {
    on_both(async |test| {
        let mut staff = test.signed_in(STAFF).await;
        // One is closed in time, one is forgotten.
        let code = dispatched(&test, &key(1)).await;
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        for step in ["take", "finish"] {
            assert_eq!(handler_step(&mut volunteer, &code, step, &[], &[]).await.status, 303, "{step}");
        }
        for (step, text) in [("verify_pass", ""), ("close", "修好了")] {
            assert_eq!(staff_step(&mut staff, &code, step, &[("text", text)]).await.status, 303, "{step}");
        }
        dispatched(&test, &key(2)).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 20));
        let now = test.app.clock.now().as_microsecond();
        let period = Period { from: now - 30 * 24 * 3_600_000_000, to: now };
        let path = test.loaded.organisations["wutong"].1.clone();
        let w = app::i18n::Words::new(app::i18n::Lang::Zh);
        let rows = server::reports::statistics::rows(&test.app.db, w, &path, period).await.expect("rows");
        let figures = Figures::of(&rows, period, now);
        assert_eq!([Measure::Due, Measure::Closed, Measure::Overdue].map(|measure| figures.count(measure)), [2, 1, 1]);
        assert_eq!((figures.closing_rate(), figures.on_time_rate()), (Some(0.5), Some(0.5)));
        let page = staff.get("/staff/reports/statistics?from=2026-11-01&to=2026-12-31").await.text();
        assert!(page.contains("50.00%"), "{page}");
    })
    .await;
}
