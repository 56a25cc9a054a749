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
    /// Places planned, booked and used.
    places: [usize; 3],
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

fn share(part: usize, whole: usize) -> String {
    (part * 100 + whole / 2).checked_div(whole).map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"))
}

impl Counted {
    /// As the file has them; an item has no places of its own.
    fn cells(&self, of_an_item: bool) -> Vec<String> {
        let sum: i64 = self.stars.iter().sum();
        let stars = match self.stars.len() {
            0 => "–".to_owned(),
            rated => {
                let tenths = sum * 10 / i64::try_from(rated).expect("few");
                format!("{}.{}", tenths / 10, tenths % 10)
            }
        };
        let number = |count: usize| count.to_string();
        let mut cells = vec![number(self.booked), number(self.kept), number(self.late), share(self.late, self.kept)];
        cells.extend([number(self.no_show), share(self.no_show, self.kept + self.no_show)]);
        cells.extend([number(self.cancelled), share(self.cancelled, self.booked), number(self.walk_in)]);
        cells.extend([percentile(&self.waits, 50), percentile(&self.waits, 90)]);
        cells.extend([percentile(&self.services, 50), percentile(&self.services, 90)]);
        cells.extend([number(self.services.len()), share(self.missing, self.checked), stars, number(self.stars.len())]);
        let [planned, booked, used] = self.places;
        if of_an_item {
            cells.extend(["–"; 4].map(str::to_owned));
        } else {
            cells.extend([number(planned), number(booked), number(used), share(used, planned)]);
        }
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

    // Places: every half hour of the day's hours at every window, and what was booked and used of them.
    let mut add_places = |window: i64, minute: i64, places: [usize; 3]| {
        let monday = day.checked_sub(jiff::Span::new().days(i64::from(day.weekday().to_monday_zero_offset())));
        for key in [
            ("hall", hall.to_owned()),
            ("window", window.to_string()),
            ("hour", format!("{:02}:00", minute / 60)),
            ("weekday", String::new()),
            ("week", monday.expect("a day").to_string()),
        ] {
            let of = &mut groups.entry(key).or_default().places;
            for (sum, more) in of.iter_mut().zip(places) {
                *sum += more;
            }
        }
    };
    let windows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT w.number, w.capacity_public + w.capacity_assisted FROM service_window w JOIN hall h ON h.id = w.hall_id \
         WHERE h.code = $1 AND w.closed = 0",
    )
    .bind(hall)
    .fetch_all(db)
    .await
    .expect("read");
    let hours: Vec<(String, String)> = sqlx::query_as(
        "SELECT x.opens, x.closes FROM hall_hours x JOIN hall h ON h.id = x.hall_id WHERE h.code = $1 AND x.weekday = $2",
    )
    .bind(hall)
    .bind(i64::from(day.weekday().to_monday_one_offset()))
    .fetch_all(db)
    .await
    .expect("read");
    let minutes = |text: &str| {
        let (hour, minute) = text.split_once(':').expect("a time");
        hour.parse::<i64>().expect("a number") * 60 + minute[..2].parse::<i64>().expect("a number")
    };
    for (opens, closes) in &hours {
        let mut begin = minutes(opens);
        while begin + 30 <= minutes(closes) {
            for (window, places) in &windows {
                add_places(*window, begin, [usize::try_from(*places).expect("few"), 0, 0]);
            }
            begin += 30;
        }
    }
    let taken: Vec<(i64, i64, String)> = sqlx::query_as(
        "SELECT w.number, s.starts_at, a.state FROM appointment_slot n JOIN slot s ON s.id = n.slot_id \
         JOIN service_window w ON w.id = s.window_id JOIN hall h ON h.id = w.hall_id \
         JOIN appointment a ON a.id = n.appointment_id WHERE h.code = $1",
    )
    .bind(hall)
    .fetch_all(db)
    .await
    .expect("read");
    for (window, at, state) in taken.iter().filter(|(.., state)| state != "cancelled") {
        let local = Timestamp::from_microsecond(*at).expect("an instant");
        let local = local.to_zoned_datetime(TimeZone::get("Asia/Shanghai").expect("a zone"));
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        add_places(*window, minute, [0, 1, usize::from(state == "done")]);
    }

    let served = groups[&("hall", hall.to_owned())].services.len();
    let (hall_name,): (String,) =
        sqlx::query_as("SELECT name FROM hall WHERE code = $1").bind(hall).fetch_one(db).await.expect("a hall");
    let weekday = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let weekday = weekday[usize::try_from(day.weekday().to_monday_zero_offset()).expect("0 to 6")];
    // What each row is called in the file: how it is told apart, and its name.
    let called = |by: &str, name: &str| match by {
        "hall" => ("按大厅", hall_name.clone()),
        "item" => ("按事项", name.to_owned()),
        "window" if name == "0" => ("按窗口", format!("还没到窗口 {hall_name}")),
        "window" => ("按窗口", format!("{name} 号窗口 {hall_name}")),
        "hour" => ("按钟点", name.to_owned()),
        "weekday" => ("按星期", weekday.to_owned()),
        _ => ("按周（周一日期）", name.to_owned()),
    };
    let counted: BTreeMap<(String, String), Vec<String>> = groups
        .iter()
        .map(|((by, name), counted)| {
            let (by_words, name) = called(by, name);
            ((by_words.to_owned(), name), counted.cells(*by == "item"))
        })
        .collect();
    assert_eq!(counted.len(), groups.len(), "every group has a name of its own");
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let mut shown = BTreeMap::new();
    for row in reader.records() {
        let row: Vec<String> = row.expect("a row").iter().map(str::to_owned).collect();
        let twice = shown.insert((row[0].clone(), row[1].clone()), row[2..].to_vec());
        assert_eq!(twice, None, "one row each: {} {}", row[0], row[1]);
    }
    for (name, cells) in &counted {
        assert_eq!(shown.get(name), Some(cells), "recounted and shown: {name:?}");
    }
    assert_eq!(shown.len(), counted.len(), "and no others");
    served
}
