//! Who is on duty in a grid on a day. Days are those of the clock in `time::zone`.

use jiff::civil::Date;

/// Longest turn or absence, in days.
pub const MOST_DAYS: i32 = 366;

/// Days of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(pub [bool; 7]);

impl Weekdays {
    /// Every day.
    pub const ALL: Weekdays = Weekdays([true; 7]);

    /// As stored: seven digits, Monday first.
    pub fn code(self) -> String {
        self.0.iter().map(|on| if *on { '1' } else { '0' }).collect()
    }

    /// Reads what is stored; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Weekdays> {
        let days: Vec<bool> = code
            .chars()
            .map(|c| match c {
                '1' => Some(true),
                '0' => Some(false),
                _ => None,
            })
            .collect::<Option<_>>()?;
        Some(Weekdays(days.try_into().ok()?))
    }

    /// From numbers of days as a form sends them, 1 for Monday; none at all is every day. `None`: one is no such number.
    pub fn from_numbers<S: AsRef<str>>(numbers: &[S]) -> Option<Weekdays> {
        if numbers.is_empty() {
            return Some(Weekdays::ALL);
        }
        let mut days = [false; 7];
        for number in numbers {
            let at: usize = number.as_ref().parse().ok()?;
            *days.get_mut(at.checked_sub(1)?)? = true;
        }
        Some(Weekdays(days))
    }

    /// Which digit stands for the day of the week of `day`, from 1.
    pub fn place(day: Date) -> i64 {
        i64::from(day.weekday().to_monday_one_offset())
    }

    /// Whether it holds on this day.
    pub fn holds(self, day: Date) -> bool {
        let at = usize::try_from(Weekdays::place(day) - 1).unwrap_or_default();
        self.0.get(at).copied().unwrap_or_default()
    }
}

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

impl Days {
    /// Whether a day is among them.
    pub fn hold(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Reads two dates; `None` where one is none, they stand in the wrong order or are more than [`MOST_DAYS`] apart.
    pub fn read(from: &str, until: &str) -> Option<Days> {
        let (from, until): (Date, Date) = (from.trim().parse().ok()?, until.trim().parse().ok()?);
        let far = from.until(until).ok()?.get_days();
        (0..MOST_DAYS).contains(&far).then_some(Days { from, until })
    }
}

/// A turn: a person's days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Id of the person.
    pub person: String,
    /// From when to when.
    pub days: Days,
    /// On which days of the week.
    pub weekdays: Weekdays,
}

impl Turn {
    /// Whether it holds on this day.
    pub fn holds(&self, day: Date) -> bool {
        self.days.hold(day) && self.weekdays.holds(day)
    }

    /// A day on which both hold; `None`: there is none.
    pub fn clashes(&self, other: &Turn) -> Option<Date> {
        let from = self.days.from.max(other.days.from);
        let until = self.days.until.min(other.days.until);
        // Within a week every day of the week has come.
        from.series(jiff::Span::new().days(1))
            .take(7)
            .take_while(|day| *day <= until)
            .find(|day| self.holds(*day) && other.holds(*day))
    }
}

/// Days on which somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// Id of the person.
    pub person: String,
    /// From when to when.
    pub days: Days,
}

/// What is known of a grid's people on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Id of whoever answers for the grid.
    pub responsible: Option<String>,
    /// Id of whoever stands in.
    pub substitute: Option<String>,
    /// Turns, of any days.
    pub turns: Vec<Turn>,
    /// Absences, of anybody.
    pub away: Vec<Away>,
}

/// Why somebody is on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// It is their turn.
    Turn,
    /// They answer for the grid.
    Responsible,
    /// They stand in for whoever is away.
    Substitute,
}

impl As {
    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            As::Turn => "grids-as-turn",
            As::Responsible => "grids-as-responsible",
            As::Substitute => "grids-as-substitute",
        }
    }

    /// In the API.
    pub fn code(self) -> &'static str {
        match self {
            As::Turn => "turn",
            As::Responsible => "responsible",
            As::Substitute => "substitute",
        }
    }
}

impl Roster {
    /// Whether somebody is away on this day.
    pub fn is_away(&self, person: &str, day: Date) -> bool {
        self.away.iter().any(|away| away.person == person && away.days.hold(day))
    }

    /// Who is on duty on a day, and as what. A turn beats everybody; without one it is whoever answers for the grid; the
    /// substitute only while that one is away, or while nobody answers for it. Who is away is never on duty.
    pub fn on_duty(&self, day: Date) -> Option<(&str, As)> {
        let here = |person: &&str| !self.is_away(person, day);
        let turn = self.turns.iter().filter(|turn| turn.holds(day)).map(|turn| turn.person.as_str()).find(here);
        let responsible = || self.responsible.as_deref().filter(here);
        let substitute = || self.substitute.as_deref().filter(here);
        turn.map(|person| (person, As::Turn))
            .or_else(|| responsible().map(|person| (person, As::Responsible)))
            .or_else(|| substitute().map(|person| (person, As::Substitute)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn days(from: &str, until: &str) -> Days {
        Days::read(from, until).expect("days")
    }

    #[test]
    fn a_turn_beats_the_substitute_who_only_stands_in_for_one_who_is_away() {
        // 2026-11-25 is a Wednesday.
        let mut roster = Roster {
            responsible: Some("lu".into()),
            substitute: Some("jiang".into()),
            turns: vec![Turn {
                person: "fang".into(),
                days: days("2026-11-23", "2026-11-29"),
                weekdays: Weekdays::from_numbers(&["6", "7"]).expect("days"),
            }],
            away: Vec::new(),
        };
        assert_eq!(roster.on_duty(day("2026-11-25")), Some(("lu", As::Responsible)));
        assert_eq!(roster.on_duty(day("2026-11-28")), Some(("fang", As::Turn)));
        assert_eq!(roster.on_duty(day("2026-12-05")), Some(("lu", As::Responsible)), "the turn is over");
        roster.away.push(Away { person: "lu".into(), days: days("2026-11-25", "2026-11-28") });
        assert_eq!(roster.on_duty(day("2026-11-25")), Some(("jiang", As::Substitute)));
        assert_eq!(roster.on_duty(day("2026-11-28")), Some(("fang", As::Turn)));
        roster.away.push(Away { person: "fang".into(), days: days("2026-11-28", "2026-11-28") });
        assert_eq!(roster.on_duty(day("2026-11-28")), Some(("jiang", As::Substitute)));
        roster.substitute = None;
        assert_eq!(roster.on_duty(day("2026-11-25")), None);
    }

    #[test]
    fn days_are_read_or_refused() {
        assert!(Days::read("2026-11-25", "2026-11-25").is_some());
        for (from, until) in [
            ("2026-11-25", "2026-11-24"),
            ("", "2026-11-24"),
            ("2026-11-31", "2026-12-01"),
            ("2026-01-01", "2027-06-01"),
        ] {
            assert_eq!(Days::read(from, until), None, "{from} {until}");
        }
        assert_eq!(Weekdays::from_numbers::<&str>(&[]), Some(Weekdays::ALL));
        assert_eq!(Weekdays::from_numbers(&["0"]), None);
        assert_eq!(Weekdays::from_numbers(&["8"]), None);
        assert_eq!(Weekdays::from_code("111110"), None);
        assert_eq!(Weekdays::from_code("11111x0"), None);
    }

    proptest! {
        #[test]
        fn turns_clash_on_a_day_that_both_hold(
            a in 0..60_i32, long in 0..40_i32, b in 0..60_i32, other in 0..40_i32,
            one in any::<[bool; 7]>(), two in any::<[bool; 7]>(),
        ) {
            let at = |n: i32| day("2026-01-01").saturating_add(jiff::Span::new().days(n));
            let turn = |from: i32, long: i32, weekdays: [bool; 7]| Turn {
                person: "p".into(),
                days: Days { from: at(from), until: at(from + long) },
                weekdays: Weekdays(weekdays),
            };
            let (first, second) = (turn(a, long, one), turn(b, other, two));
            let any = (0..120).map(at).find(|day| first.holds(*day) && second.holds(*day));
            prop_assert_eq!(first.clashes(&second), any);
            prop_assert_eq!(second.clashes(&first), any);
        }

        #[test]
        fn weekdays_are_kept(days in any::<[bool; 7]>()) {
            prop_assert_eq!(Weekdays::from_code(&Weekdays(days).code()), Some(Weekdays(days)));
        }
    }
}
