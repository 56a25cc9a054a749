//! Working hours of an organisation, as they are typed: the parts of a working day, in order.

use jiff::civil::Time;

/// Parts of a day at most: morning, afternoon, evening, night.
pub const MOST_PARTS: usize = 4;
/// A working day has at least so many minutes, or no limit would ever be reached.
pub const LEAST_MINUTES: i64 = 60;

/// The parts of a working day: opening and closing time of each.
pub type Parts = Vec<(Time, Time)>;

/// Reads the parts as typed, opening and closing as `HH:MM`; rows that are empty on both sides are passed over. The parts
/// come in order. `Err` is the number of the row, from 0, and a catalogue key.
pub fn read(rows: &[(String, String)]) -> Result<Parts, (usize, &'static str)> {
    let mut parts: Vec<(usize, Time, Time)> = Vec::new();
    for (row, (opens, closes)) in rows.iter().enumerate() {
        match (opens.trim(), closes.trim()) {
            ("", "") => {}
            (opens, closes) => {
                let (Some(opens), Some(closes)) = (minute(opens), minute(closes)) else {
                    return Err((row, "hours-error-time"));
                };
                if opens >= closes {
                    return Err((row, "hours-error-order"));
                }
                parts.push((row, opens, closes));
            }
        }
    }
    parts.sort_by_key(|(_, opens, _)| *opens);
    if let Some(pair) = parts.windows(2).find(|pair| pair[1].1 < pair[0].2) {
        return Err((pair[1].0, "hours-error-overlap"));
    }
    let minutes: i64 = parts.iter().map(|(_, opens, closes)| closes.duration_since(*opens).as_mins()).sum();
    match parts.first() {
        None => Err((0, "hours-error-none")),
        Some((row, ..)) if minutes < LEAST_MINUTES => Err((*row, "hours-error-short")),
        Some(_) if parts.len() > MOST_PARTS => Err((MOST_PARTS, "hours-error-many")),
        Some(_) => Ok(parts.into_iter().map(|(_, opens, closes)| (opens, closes)).collect()),
    }
}

fn minute(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A time as stored and typed: `08:30`.
pub fn hh_mm(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// The parts in a line: `08:30–12:00 13:30–17:30`.
pub fn line(parts: &[(Time, Time)]) -> String {
    parts.iter().map(|(opens, closes)| format!("{}–{}", hh_mm(*opens), hh_mm(*closes))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(opens, closes)| ((*opens).to_owned(), (*closes).to_owned())).collect()
    }

    #[test]
    fn each_mistake_is_named_with_its_row() {
        let good = read(&rows(&[("13:30", "17:30"), ("", " "), ("08:30", "12:00")])).expect("good");
        assert_eq!(line(&good), "08:30–12:00 13:30–17:30", "in order");
        type Case<'a> = (&'a [(&'a str, &'a str)], (usize, &'a str));
        let cases: [Case<'_>; 8] = [
            (&[], (0, "hours-error-none")),
            (&[("08:30", "")], (0, "hours-error-time")),
            (&[("08:30", "12:00"), ("13:60", "17:00")], (1, "hours-error-time")),
            (&[("8:30", "12:00")], (0, "hours-error-time")),
            (&[("12:00", "08:30")], (0, "hours-error-order")),
            (&[("08:00", "12:00"), ("11:59", "13:00")], (1, "hours-error-overlap")),
            (&[("08:00", "08:59")], (0, "hours-error-short")),
            (
                &[("00:00", "01:00"), ("02:00", "03:00"), ("04:00", "05:00"), ("06:00", "07:00"), ("08:00", "09:00")],
                (MOST_PARTS, "hours-error-many"),
            ),
        ];
        for (typed, expected) in cases {
            assert_eq!(read(&rows(typed)), Err(expected), "{typed:?}");
        }
        assert!(read(&rows(&[("08:00", "12:00"), ("12:00", "13:00")])).is_ok(), "one after the other");
    }

    proptest! {
        #[test]
        fn what_is_read_is_in_order_and_reads_the_same_again(typed in proptest::collection::vec((0..1440_u16, 0..1440_u16), 0..6)) {
            let text = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
            let typed: Vec<(String, String)> = typed.into_iter().map(|(a, b)| (text(a), text(b))).collect();
            if let Ok(parts) = read(&typed) {
                prop_assert!(parts.iter().all(|(opens, closes)| opens < closes));
                prop_assert!(parts.windows(2).all(|pair| pair[0].1 <= pair[1].0));
                let again: Vec<(String, String)> = parts.iter().map(|(a, b)| (hh_mm(*a), hh_mm(*b))).collect();
                prop_assert_eq!(read(&again), Ok(parts));
            }
        }
    }
}
