//! Plans: on which days a grid is walked, and what to look at.

use jiff::civil::Date;

/// Longest name of a plan, in characters.
pub const MAX_NAME: usize = 40;
/// Longest place of a point, in characters.
pub const MAX_PLACE: usize = 60;
/// Longest text of what to look at, in characters.
pub const MAX_LOOK: usize = 100;
/// Most points of a plan.
pub const MAX_POINTS: usize = 40;
/// Longest note after a walk, in characters.
pub const MAX_NOTE: usize = 300;

/// Where to look, and at what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The place in words.
    pub place: String,
    /// What to look at there.
    pub look_at: String,
}

/// Reads points, one a line: the place, a colon (`：`, `:` or `|`), what to look at. A catalogue key for what is wrong.
pub fn read_points(text: &str) -> Result<Vec<Point>, &'static str> {
    let mut points = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((place, look_at)) = line.split_once(['：', ':', '|']) else { return Err("patrol-error-points") };
        let (place, look_at) = (place.trim(), look_at.trim());
        if place.is_empty() || look_at.is_empty() {
            return Err("patrol-error-points");
        }
        if place.chars().count() > MAX_PLACE || look_at.chars().count() > MAX_LOOK {
            return Err("patrol-error-points-long");
        }
        if line.chars().any(char::is_control) {
            return Err("patrol-error-points");
        }
        points.push(Point { place: place.to_owned(), look_at: look_at.to_owned() });
    }
    match points.len() {
        0 => Err("patrol-error-points-none"),
        MAX_POINTS.. if points.len() > MAX_POINTS => Err("patrol-error-points-many"),
        _ => Ok(points),
    }
}

/// The same points as [`read_points`] reads them.
pub fn write_points(points: &[Point]) -> String {
    points.iter().map(|point| format!("{}：{}", point.place, point.look_at)).collect::<Vec<_>>().join("\n")
}

/// Reads chosen days of the week (`1` to `7`, Monday first) into the stored text, in order and each once; `None`: none, or
/// something else.
pub fn read_weekdays(chosen: &[String]) -> Option<String> {
    let known = |day: &String| matches!(day.as_str(), "1" | "2" | "3" | "4" | "5" | "6" | "7");
    if chosen.is_empty() || !chosen.iter().all(known) {
        return None;
    }
    Some(('1'..='7').filter(|day| chosen.iter().any(|one| one.starts_with(*day))).collect())
}

/// Whether a plan with these days is walked on `day`.
pub fn is_due(weekdays: &str, (from, until): (Date, Option<Date>), day: Date) -> bool {
    let number = char::from(b'0' + day.weekday().to_monday_one_offset().unsigned_abs());
    day >= from && until.is_none_or(|until| day <= until) && weekdays.contains(number)
}

/// The next day from `day` on, within eight weeks, on which a plan is walked.
pub fn next_day(weekdays: &str, span: (Date, Option<Date>), day: Date) -> Option<Date> {
    let begin = day.max(span.0);
    begin.series(jiff::Span::new().days(1)).take(56).find(|day| is_due(weekdays, span, *day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn points_are_read_as_people_write_them() {
        let points = read_points(" 3 栋楼道：灯、杂物 \n\n东门: 井盖\n垃圾房|是否满溢").expect("points");
        assert_eq!(points.len(), 3);
        assert_eq!(points[0], Point { place: "3 栋楼道".into(), look_at: "灯、杂物".into() });
        assert_eq!(read_points("东门"), Err("patrol-error-points"));
        assert_eq!(read_points("：井盖"), Err("patrol-error-points"));
        assert_eq!(read_points(" \n"), Err("patrol-error-points-none"));
        assert_eq!(read_points(&"门：锁\n".repeat(41)), Err("patrol-error-points-many"));
        assert!(read_points(&"门：锁\n".repeat(40)).is_ok());
        assert_eq!(read_points(&format!("{}：锁", "门".repeat(61))), Err("patrol-error-points-long"));
    }

    #[test]
    fn days_are_those_of_the_week_between_the_first_and_the_last() {
        // 2026-11-25 is a Wednesday.
        let span = (date(2026, 11, 25), Some(date(2026, 12, 2)));
        let due: Vec<i8> = (20..=30).filter(|day| is_due("37", span, date(2026, 11, *day))).collect();
        assert_eq!(due, [25, 29]);
        assert_eq!(next_day("3", span, date(2026, 11, 26)), Some(date(2026, 12, 2)));
        assert_eq!(next_day("3", span, date(2026, 12, 3)), None);
        assert_eq!(next_day("1", (date(2026, 11, 25), None), date(2020, 1, 1)), Some(date(2026, 11, 30)));
    }

    #[test]
    fn days_are_kept_in_order_and_once() {
        let read = |days: &[&str]| read_weekdays(&days.iter().map(|day| (*day).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["5", "1", "5"]).as_deref(), Some("15"));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["8"]), None);
        assert_eq!(read(&["12"]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(places in prop::collection::vec(("[一-龥a-z0-9]{1,10}", "[一-龥a-z0-9]{1,10}"), 1..40)) {
            let points: Vec<Point> = places.into_iter().map(|(place, look_at)| Point { place, look_at }).collect();
            prop_assert_eq!(read_points(&write_points(&points)), Ok(points));
        }
    }
}
