//! The figures of a hall's day counted once more, row by row and by hand: nothing of the production code is used but
//! the tables.

use crate::support::TestApp;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::BTreeMap;

#[derive(Default)]
struct Counted {
    booked: usize,
    kept: usize,
    late: usize,
    no_show: usize,
    cancelled: usize,
    walk_in: usize,
    waits: Vec<i64>,
    services: Vec<i64>,
    checked: usize,
    missing: usize,
    stars: Vec<i64>,
}

/// The smallest value that so many percent of all do not exceed.
fn percentile(values: &[i64], percent: usize) -> String {
    let enough = |value: &&i64| values.iter().filter(|other| other <= value).count() * 100 >= percent * values.len();
    match values.iter().filter(enough).min() {
        // Whole minutes and tenths, rounded to the nearer.
        Some(micros) => format!("{:.1}", std::time::Duration::from_micros(micros.unsigned_abs()).as_secs_f64() / 60.0),
        None => "–".to_owned(),
    }
}

impl Counted {
    fn cells(&self) -> Vec<String> {
        let share = match self.checked {
            0 => "–".to_owned(),
            all => format!("{}%", (self.missing * 100 + all / 2) / all),
        };
        let sum: i64 = self.stars.iter().sum();
        let stars = match self.stars.len() {
            0 => "–".to_owned(),
            rated => {
                let tenths = sum * 10 / i64::try_from(rated).expect("few");
                format!("{}.{}", tenths / 10, tenths % 10)
            }
        };
        let mut cells: Vec<String> = [self.booked, self.kept, self.late, self.no_show, self.cancelled, self.walk_in]
            .map(|n| n.to_string())
            .into();
        cells.extend([percentile(&self.waits, 50), percentile(&self.waits, 90)]);
        cells.extend([percentile(&self.services, 50), percentile(&self.services, 90)]);
        cells.extend([self.services.len().to_string(), share, stars, self.stars.len().to_string()]);
        cells
    }
}

#[derive(sqlx::FromRow)]
struct Appointment {
    id: String,
    title: String,
    window: i64,
    starts_at: i64,
    state: String,
    checked_in_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Ticket {
    id: String,
    appointment_id: Option<String>,
    title: String,
    window: Option<i64>,
    issued_at: i64,
    state: String,
    stars: Option<i64>,
}

/// Compares a hall's file of figures with a recount; gives how many were served.
pub async fn equals(test: &TestApp, hall: &str, day: Date, file: &str) -> usize {
    let db = test.app.db.read();
    let appointments: Vec<Appointment> = sqlx::query_as(
        "SELECT a.id, i.title, w.number AS \"window\", a.starts_at, a.state, a.checked_in_at FROM appointment a \
         JOIN hall h ON h.id = a.hall_id JOIN service_item i ON i.id = a.item_id \
         JOIN service_window w ON w.id = a.window_id WHERE h.code = $1",
    )
    .bind(hall)
    .fetch_all(db)
    .await
    .expect("read");
    let tickets: Vec<Ticket> = sqlx::query_as(
        "SELECT t.id, t.appointment_id, i.title, w.number AS \"window\", t.issued_at, t.state, r.stars FROM ticket t \
         JOIN hall h ON h.id = t.hall_id JOIN service_item i ON i.id = t.item_id \
         LEFT JOIN service_window w ON w.id = t.window_id LEFT JOIN service_rating r ON r.ticket_id = t.id \
         WHERE h.code = $1",
    )
    .bind(hall)
    .fetch_all(db)
    .await
    .expect("read");
    let intervals: Vec<(String, i64, String, i64, i64)> = sqlx::query_as(
        "SELECT ticket_id, position, state, starts_at, ends_at FROM ticket_interval ORDER BY ticket_id, position",
    )
    .fetch_all(db)
    .await
    .expect("read");
    let checks: Vec<(String, String)> =
        sqlx::query_as("SELECT ticket_id, missing FROM ticket_item WHERE checked_at IS NOT NULL")
            .fetch_all(db)
            .await
            .expect("read");

    let mut groups: BTreeMap<(&str, String), Counted> = BTreeMap::new();
    let mut add = |title: &str, window: Option<i64>, at: i64, count: &dyn Fn(&mut Counted)| {
        let local = Timestamp::from_microsecond(at)
            .expect("an instant")
            .to_zoned_datetime(TimeZone::get("Asia/Shanghai").expect("a zone"));
        let monday = day.checked_sub(jiff::Span::new().days(i64::from(day.weekday().to_monday_zero_offset())));
        assert_eq!(local.date(), day, "nothing on other days");
        for key in [
            ("hall", hall.to_owned()),
            ("item", title.to_owned()),
            ("window", window.unwrap_or(0).to_string()),
            ("hour", format!("{:02}:00", local.hour())),
            ("weekday", String::new()),
            ("week", monday.expect("a day").to_string()),
        ] {
            count(groups.entry(key).or_default());
        }
    };
    let measured = |ticket: &Ticket, all: &mut Counted| {
        let chain: Vec<_> = intervals.iter().filter(|(id, ..)| *id == ticket.id).collect();
        let mut wait = 0;
        let mut service = 0;
        let mut was_served = false;
        for (_, _, state, from, to) in chain {
            match state.as_str() {
                "waiting" if !was_served => wait += to - from,
                "serving" => {
                    was_served = true;
                    service += to - from;
                }
                _ => {}
            }
        }
        if was_served {
            all.waits.push(wait);
            if ticket.state == "done" {
                all.services.push(service);
            }
        }
        let seen: Vec<_> = checks.iter().filter(|(id, _)| *id == ticket.id).collect();
        all.checked += usize::from(!seen.is_empty());
        all.missing += usize::from(seen.iter().any(|(_, missing)| missing != "[]"));
        all.stars.extend(ticket.stars);
    };
    for one in &appointments {
        let ticket = tickets.iter().find(|ticket| ticket.appointment_id.as_ref() == Some(&one.id));
        add(&one.title, Some(one.window), one.starts_at, &|all| {
            all.booked += 1;
            match one.state.as_str() {
                "no_show" => all.no_show += 1,
                "cancelled" => all.cancelled += 1,
                "done" => {
                    all.kept += 1;
                    let came = one.checked_in_at.expect("who was served has come");
                    all.late += usize::from(came - one.starts_at > 15 * 60 * 1_000_000);
                }
                other => panic!("{other} in the night after"),
            }
            if let Some(ticket) = ticket {
                measured(ticket, all);
            }
        });
    }
    for ticket in tickets.iter().filter(|ticket| ticket.appointment_id.is_none()) {
        add(&ticket.title, ticket.window, ticket.issued_at, &|all| {
            all.walk_in += 1;
            measured(ticket, all);
        });
    }

    let served = groups[&("hall", hall.to_owned())].services.len();
    let mut rows: Vec<Vec<String>> = groups.values().map(Counted::cells).collect();
    let mut names: Vec<String> =
        groups.keys().filter(|(by, _)| ["item", "hour", "week"].contains(by)).map(|(_, name)| name.clone()).collect();
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let mut shown = Vec::new();
    for row in reader.records() {
        let row: Vec<String> = row.expect("a row").iter().map(str::to_owned).collect();
        names.retain(|name| *name != row[1]);
        shown.push(row[2..].to_vec());
    }
    assert_eq!(names, Vec::<String>::new(), "groups that the file does not have");
    rows.sort();
    shown.sort();
    assert_eq!(rows.len(), shown.len());
    for (counted, shown) in rows.iter().zip(&shown) {
        assert_eq!(counted, shown, "recounted and shown");
    }
    served
}
