//! By when a report is to be dealt with. Working time is in `worktime.rs`.

use super::worktime::{DEFAULT_HOURS, WorkTime};
use crate::{i18n::Words, time::HolidayCalendar};
use jiff::Timestamp;

/// How a category's limit counts. The amount is hours or days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// 紧急工作时: hours round the clock.
    Urgent,
    /// 工作时: hours of working time.
    WorkingHours,
    /// 工作日: until the end of the n-th working day after the day of filing.
    WorkingDays,
}

impl LimitKind {
    /// Every kind.
    pub const ALL: [LimitKind; 3] = [LimitKind::Urgent, LimitKind::WorkingHours, LimitKind::WorkingDays];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            LimitKind::Urgent => "urgent",
            LimitKind::WorkingHours => "working_hours",
            LimitKind::WorkingDays => "working_days",
        }
    }

    /// The kind with this stored code.
    pub fn from_code(code: &str) -> Option<LimitKind> {
        match code {
            "urgent" => Some(LimitKind::Urgent),
            "working_hours" => Some(LimitKind::WorkingHours),
            "working_days" => Some(LimitKind::WorkingDays),
            _ => None,
        }
    }
}

/// When a report filed at `from` is due in the default working hours. `None` when the way there leads through a year
/// whose holidays have not been published: that is said, never guessed.
pub fn due_at(calendar: &HolidayCalendar, from: Timestamp, kind: LimitKind, amount: i64) -> Option<Timestamp> {
    WorkTime { calendar, hours: &DEFAULT_HOURS }.due(from, kind, amount)
}

/// Time left or time over, in words: "剩 3 小时", "已超期 2 天". Hours below two days, days above.
pub fn left(w: Words, due: Timestamp, now: Timestamp) -> String {
    let late = due < now;
    let minutes = if late { now.duration_since(due) } else { due.duration_since(now) }.as_mins();
    let (key, count) = match (late, minutes) {
        (false, 0..=59) => ("reports-left-minutes", minutes.max(1)),
        (false, 60..=2879) => ("reports-left-hours", minutes / 60),
        (false, _) => ("reports-left-days", minutes / 1440),
        (true, 0..=59) => ("reports-late-minutes", minutes.max(1)),
        (true, 60..=2879) => ("reports-late-hours", minutes / 60),
        (true, _) => ("reports-late-days", minutes / 1440),
    };
    w.tf(key, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> HolidayCalendar {
        // 2026 with National Day and its make-up Saturday; 2027 not published.
        let year = r#"{"year":2026,"source":"test","status":"published","off":[
            {"date":"2026-10-01","name":"国庆节"},{"date":"2026-10-02","name":"国庆节"},{"date":"2026-10-05","name":"国庆节"},
            {"date":"2026-10-06","name":"国庆节"},{"date":"2026-10-07","name":"国庆节"}],
            "work":[{"date":"2026-10-10","name":"国庆节"}]}"#;
        HolidayCalendar::new([serde_json::from_str(year).expect("valid")])
    }

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().expect("an instant")
    }

    #[test]
    fn limits_follow_working_time() {
        let cases = [
            ("2026-11-25T10:00", LimitKind::Urgent, 4, "2026-11-25T14:00"),
            ("2026-11-25T23:00", LimitKind::Urgent, 4, "2026-11-26T03:00"),
            ("2026-11-25T10:00", LimitKind::WorkingHours, 4, "2026-11-25T14:00"),
            ("2026-11-25T15:30", LimitKind::WorkingHours, 4, "2026-11-26T10:30"),
            ("2026-11-25T07:00", LimitKind::WorkingHours, 9, "2026-11-25T17:30"),
            ("2026-11-27T17:00", LimitKind::WorkingHours, 1, "2026-11-30T09:00"),
            ("2026-09-30T17:00", LimitKind::WorkingHours, 1, "2026-10-08T09:00"),
            ("2026-10-09T17:00", LimitKind::WorkingHours, 1, "2026-10-10T09:00"),
            ("2026-11-25T10:00", LimitKind::WorkingDays, 2, "2026-11-27T17:30"),
            ("2026-11-27T10:00", LimitKind::WorkingDays, 1, "2026-11-30T17:30"),
            ("2026-11-28T10:00", LimitKind::WorkingDays, 1, "2026-11-30T17:30"),
        ];
        for (from, kind, amount, due) in cases {
            assert_eq!(due_at(&calendar(), at(from), kind, amount), Some(at(due)), "{from} {kind:?} {amount}");
        }
    }

    #[test]
    fn an_unpublished_year_is_never_guessed() {
        assert_eq!(due_at(&calendar(), at("2026-12-31T10:00"), LimitKind::WorkingDays, 1), None);
        assert_eq!(due_at(&calendar(), at("2026-12-31T17:00"), LimitKind::WorkingHours, 1), None);
        assert!(due_at(&calendar(), at("2026-12-31T10:00"), LimitKind::Urgent, 2).is_some());
    }
}
