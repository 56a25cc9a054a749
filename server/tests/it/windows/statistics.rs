//! The figures equal a recount from the raw intervals; they end where the reader's scope ends; the files open.

use super::{OTHER_STAFF, RESIDENT, STAFF, halls};
use crate::support::{Dice, TestApp, on_both};
use app::windows::statistics::{By, figures, grouped};
use calamine::Reader;
use jiff::Timestamp;

const DAY: &str = "2026-11-25";

/// Writes walk-in tickets with chains of random states and lengths.
async fn tickets(test: &TestApp, count: i64, seed: u64) {
    let mut numbers = Dice(seed);
    let mut dice = |bound| i64::try_from(numbers.below(bound)).expect("small");
    let db = &test.app.db;
    let (hall,): (String,) =
        sqlx::query_as("SELECT id FROM hall WHERE code = 'hall-wutong'").fetch_one(db.read()).await.expect("a hall");
    let items: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM service_item ORDER BY code").fetch_all(db.read()).await.expect("items");
    let (window,): (String,) = sqlx::query_as("SELECT id FROM service_window WHERE hall_id = $1 AND number = 2")
        .bind(&hall)
        .fetch_one(db.read())
        .await
        .expect("a window");
    let begin = "2026-11-25T00:30:00Z".parse::<Timestamp>().expect("an instant").as_microsecond();
    let mut tx = db.begin().await.expect("begin");
    for number in 0..count {
        let id = server::clock::new_id(test.app.clock.now());
        let item = &items[usize::try_from(dice(items.len() as u64)).expect("small")].0;
        let mut at = begin + dice(20_000) * 1_000_000;
        let mut chain = vec!["waiting"];
        for _ in 0..dice(3) {
            chain.extend(["parked", "waiting"]);
        }
        chain.push("called");
        let end = match dice(10) {
            0 => "no_show",
            1 => {
                // Some go in the middle of it.
                if dice(2) == 0 {
                    chain.extend(["serving", "parked"]);
                }
                "left"
            }
            _ => {
                chain.push("serving");
                if dice(4) == 0 {
                    chain.extend(["parked", "waiting", "called", "serving"]);
                }
                "done"
            }
        };
        sqlx::query(
            "INSERT INTO ticket (id, hall_id, day, letter, number, channel, item_id, state, window_id, rank, order_at, \
             issued_at) VALUES ($1, $2, $3, 'A', $4, 'desk', $5, $6, $7, 0, $8, $8)",
        )
        .bind(&id)
        .bind(&hall)
        .bind(DAY)
        .bind(number + 1)
        .bind(item)
        .bind(end)
        .bind(&window)
        .bind(at)
        .execute(&mut *tx)
        .await
        .expect("a ticket");
        for (position, state) in (0i64..).zip(chain.iter().chain([&end])) {
            let until = (*state != end).then(|| at + (1 + dice(900)) * 1_000_000);
            sqlx::query(
                "INSERT INTO ticket_interval (id, ticket_id, hall_id, day, position, state, item_id, starts_at, ends_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(server::clock::new_id(test.app.clock.now()))
            .bind(&id)
            .bind(&hall)
            .bind(DAY)
            .bind(position)
            .bind(*state)
            .bind(item)
            .bind(at)
            .bind(until)
            .execute(&mut *tx)
            .await
            .expect("an interval");
            at = until.unwrap_or(at);
        }
    }
    tx.commit().await.expect("commit");
}

/// The p-th percentile, counted in another way than the code does: the smallest value with enough values not above it.
fn recounted(values: &[i64], percent: usize) -> Option<i64> {
    let enough = |value: &&i64| values.iter().filter(|other| other <= value).count() * 100 >= percent * values.len();
    values.iter().filter(enough).min().copied()
}

#[tokio::test]
async fn figures_equal_a_recount_from_the_raw_intervals() {
    on_both(async |test| {
        halls(&test).await;
        let mut gone = 0;
        for seed in 1..=3 {
            let mut tx = test.app.db.begin().await.expect("begin");
            for table in ["ticket_interval", "ticket"] {
                sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
                    .execute(&mut *tx)
                    .await
                    .expect("empty");
            }
            tx.commit().await.expect("commit");
            tickets(&test, 60, seed).await;
            let (hall,): (String,) = sqlx::query_as("SELECT id FROM hall WHERE code = 'hall-wutong'")
                .fetch_one(test.app.db.read())
                .await
                .expect("a hall");
            let from: Timestamp = "2026-11-24T16:00:00Z".parse().expect("an instant");
            let to: Timestamp = "2026-11-25T16:00:00Z".parse().expect("an instant");
            let key = (hall.as_str(), "hall-wutong", 15);
            let visits =
                server::windows::store::statistics::visits(&test.app.db, key, (from, to)).await.expect("reads");
            let counted = figures(&visits);
            // The recount asks the database, in SQL of its own.
            let waits: Vec<(i64,)> = sqlx::query_as(
                "SELECT CAST(SUM(w.ends_at - w.starts_at) AS BIGINT) FROM ticket_interval w JOIN (SELECT ticket_id, \
                 MIN(position) AS first FROM ticket_interval WHERE state = 'serving' GROUP BY ticket_id) s \
                 ON s.ticket_id = w.ticket_id WHERE w.state = 'waiting' AND w.position < s.first GROUP BY w.ticket_id",
            )
            .fetch_all(test.app.db.read())
            .await
            .expect("recounted");
            let services: Vec<(i64,)> = sqlx::query_as(
                "SELECT CAST(SUM(i.ends_at - i.starts_at) AS BIGINT) FROM ticket_interval i JOIN ticket t \
                 ON t.id = i.ticket_id AND t.state = 'done' WHERE i.state = 'serving' GROUP BY i.ticket_id",
            )
            .fetch_all(test.app.db.read())
            .await
            .expect("recounted");
            gone += number(
                &test,
                "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_interval i JOIN ticket t ON t.id = i.ticket_id \
                 WHERE i.state = 'serving' AND t.state = 'left'",
            )
            .await;
            let waits: Vec<i64> = waits.into_iter().map(|(wait,)| wait).collect();
            let services: Vec<i64> = services.into_iter().map(|(service,)| service).collect();
            assert!(services.len() > 30, "{}", services.len());
            assert_eq!(counted.walk_in, 60);
            assert_eq!(counted.wait, (recounted(&waits, 50), recounted(&waits, 90)));
            assert_eq!(counted.service, [25, 50, 75, 90].map(|percent| recounted(&services, percent)));
            assert_eq!(usize::try_from(counted.served).expect("small"), services.len());
        }
        assert!(gone > 0, "some left while they were served: that was no service");
    })
    .await;
}

#[tokio::test]
async fn statistics_end_with_the_scope_and_can_be_downloaded() {
    on_both(async |test| {
        halls(&test).await;
        tickets(&test, 20, 9).await;
        let mut staff = test.signed_in(STAFF).await;
        let page = staff.get("/staff/statistics?hall=hall-wutong").await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("class=\"chart\""), "{}", page.text());
        let csv = staff.get("/staff/statistics/download?as=csv&hall=hall-wutong").await;
        assert!(csv.text().starts_with('\u{feff}') && csv.text().contains("现场取号"), "{}", csv.text());
        let mut rows = csv::Reader::from_reader(&csv.body[3..]);
        assert!(rows.records().all(|row| row.is_ok_and(|row| row.len() == 23)));
        // The workbook has the same cells, and numbers are numbers in it.
        let xlsx = staff.get("/staff/statistics/download?as=xlsx&hall=hall-wutong").await;
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx.body)).expect("a book");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&csv.body[3..]);
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert!(rows.len() > 20 && sheet.height() == rows.len(), "{} and {}", rows.len(), sheet.height());
        let mut numbers = 0;
        for (shown, row) in sheet.rows().zip(&rows) {
            assert_eq!(shown.len(), row.len());
            for (x, (cell, text)) in shown.iter().zip(row).enumerate() {
                match text.parse::<f64>() {
                    Ok(number) if x > 1 => {
                        assert_eq!(*cell, calamine::Data::Float(number), "{row:?}");
                        numbers += 1;
                    }
                    _ => assert_eq!(*cell, calamine::Data::String(text.to_owned()), "{row:?}"),
                }
            }
        }
        assert!(numbers > 100, "{numbers}");
        for odd in ["from=9999-12-31&to=0001-01-01", "from=x&to=%ff", "to=-009999-01-01", "hall=%00"] {
            let answer = staff.get(&format!("/staff/statistics?{odd}")).await;
            assert!(answer.status.as_u16() < 500, "{odd}: {}", answer.text());
        }
        let other = test.signed_in(OTHER_STAFF).await.get("/staff/statistics?hall=hall-wutong").await;
        assert_eq!(other.status, 403);
        assert_eq!(test.signed_in(RESIDENT).await.get("/staff/statistics").await.status, 403);
        let street = test.signed_in("19900000051").await.get("/staff/statistics").await;
        assert_eq!(street.status, 200);
    })
    .await;
}

/// Writes bookings of one or two slots at the windows of the Wutong hall, with all that can become of them.
async fn bookings(test: &TestApp, count: i64, seed: u64) {
    let mut numbers = Dice(seed);
    let mut dice = |bound| i64::try_from(numbers.below(bound)).expect("small");
    let db = &test.app.db;
    let windows: Vec<(String, String)> = sqlx::query_as(
        "SELECT w.id, h.id FROM service_window w JOIN hall h ON h.id = w.hall_id WHERE h.code = 'hall-wutong' \
         ORDER BY w.number",
    )
    .fetch_all(db.read())
    .await
    .expect("windows");
    let items: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM service_item ORDER BY code").fetch_all(db.read()).await.expect("items");
    let opening = "2026-11-25T00:30:00Z".parse::<Timestamp>().expect("an instant").as_microsecond();
    let half_hour = 30 * 60_000_000;
    let mut tx = db.begin().await.expect("begin");
    for number in 0..count {
        let id = server::clock::new_id(test.app.clock.now());
        let (window, hall) = &windows[usize::try_from(dice(windows.len() as u64)).expect("small")];
        let item = &items[usize::try_from(dice(items.len() as u64)).expect("small")].0;
        let first = dice(5);
        let slots = 1 + dice(2);
        let state = ["booked", "checked_in", "cancelled", "done", "no_show"][usize::try_from(dice(5)).expect("small")];
        let starts = opening + first * half_hour;
        let came = matches!(state, "checked_in" | "done").then(|| starts + (dice(40) - 10) * 60_000_000);
        let mut ids = Vec::new();
        for n in 0..slots {
            let begin = opening + (first + n) * half_hour;
            let (slot,): (String,) = sqlx::query_as(
                "INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted) \
                 VALUES ($1, $2, $3, $4, 2, 1) ON CONFLICT (window_id, starts_at) DO UPDATE SET ends_at = $4 RETURNING id",
            )
            .bind(server::clock::new_id(test.app.clock.now()))
            .bind(window)
            .bind(begin)
            .bind(begin + half_hour)
            .fetch_one(&mut *tx)
            .await
            .expect("a slot");
            ids.push(slot);
        }
        sqlx::query(
            "INSERT INTO appointment (id, code, person_id, item_id, hall_id, window_id, slot_id, starts_at, ends_at, \
             state, idempotency_key, created_at, checked_in_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $1, 0, $11)",
        )
        .bind(&id)
        .bind(format!("Z{seed}{number:04}"))
        .bind(test.person(RESIDENT))
        .bind(item)
        .bind(hall)
        .bind(window)
        .bind(&ids[0])
        .bind(starts)
        .bind(starts + slots * half_hour)
        .bind(state)
        .bind(came)
        .execute(&mut *tx)
        .await
        .expect("a booking");
        for slot in &ids {
            sqlx::query("INSERT INTO appointment_slot (appointment_id, slot_id) VALUES ($1, $2)")
                .bind(&id)
                .bind(slot)
                .execute(&mut *tx)
                .await
                .expect("its slot");
        }
    }
    tx.commit().await.expect("commit");
}

/// One number out of the database.
async fn number(test: &TestApp, sql: &str) -> i64 {
    let (number,): (i64,) =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(test.app.db.read()).await.expect("counted");
    number
}

#[tokio::test]
async fn bookings_and_places_equal_a_recount() {
    on_both(async |test| {
        halls(&test).await;
        bookings(&test, 80, 5).await;
        let mut staff = test.signed_in(STAFF).await;
        let address = format!("/staff/statistics/download?as=csv&hall=hall-wutong&from={DAY}&to={DAY}");
        let csv = staff.get(&address).await;
        assert_eq!(csv.status, 200);
        let mut reader = csv::Reader::from_reader(&csv.body[3..]);
        let heads = reader.headers().expect("a heading").clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let column = |name: &str| heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no {name}"));
        let cell = |row: &csv::StringRecord, name: &str| row[column(name)].to_owned();
        let sum = |by: &str, name: &str| -> i64 {
            let of = rows.iter().filter(|row| &row[0] == by);
            of.map(|row| cell(row, name).parse::<i64>().expect("a number")).sum()
        };
        let a = "FROM appointment WHERE state";
        let count = async |condition: &str| number(&test, &format!("SELECT CAST(COUNT(*) AS BIGINT) {a} {condition}")).await;
        let expected = [
            ("预约", count("<> ''").await),
            ("到场", count("IN ('checked_in', 'done')").await),
            ("失约", count("= 'no_show'").await),
            ("取消", count("= 'cancelled'").await),
            ("迟到", count("IN ('checked_in', 'done') AND checked_in_at > starts_at + 15 * 60000000").await),
        ];
        for by in ["按大厅", "按事项", "按窗口", "按钟点", "按星期", "按周（周一日期）"] {
            for (name, recounted) in &expected {
                assert_eq!(sum(by, name), *recounted, "{by} {name}");
            }
        }
        // Places: of the day's hours, cut into slots, at every open window.
        let each = "SELECT CAST(SUM(w.capacity_public + w.capacity_assisted) AS BIGINT) FROM service_window w \
             JOIN hall h ON h.id = w.hall_id WHERE h.code = 'hall-wutong' AND w.closed = 0";
        let spans: Vec<(String, String)> = sqlx::query_as(
            "SELECT opens, closes FROM hall_hours n JOIN hall h ON h.id = n.hall_id \
             WHERE h.code = 'hall-wutong' AND n.weekday = 3",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("hours");
        let minutes = |text: &str| {
            let (hour, minute) = text.split_once(':').expect("a time");
            hour.parse::<i64>().expect("hours") * 60 + minute.parse::<i64>().expect("minutes")
        };
        let slots: i64 = spans.iter().map(|(from, to)| (minutes(to) - minutes(from)) / 30).sum();
        let planned = slots * number(&test, each).await;
        let taken = "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_slot n JOIN appointment a ON a.id = n.appointment_id \
             WHERE a.state";
        let booked = number(&test, &format!("{taken} <> 'cancelled'")).await;
        let used = number(&test, &format!("{taken} IN ('checked_in', 'done')")).await;
        assert!(booked > used && used > 0 && planned > booked);
        for by in ["按大厅", "按窗口", "按钟点", "按星期", "按周（周一日期）"] {
            let of = |name: &str| sum(by, name);
            assert_eq!((of("可约名额"), of("已约名额"), of("用掉名额")), (planned, booked, used), "{by}");
        }
        // One window and hour, and the shares of the hall.
        let ten = rows.iter().find(|row| &row[0] == "按钟点" && &row[1] == "10:00").expect("ten o'clock");
        let at_ten = "AND s.starts_at >= 1795572000000000 AND s.starts_at < 1795575600000000";
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_slot n JOIN appointment a ON a.id = n.appointment_id \
             JOIN slot s ON s.id = n.slot_id WHERE a.state <> 'cancelled'";
        let ten_o_clock: Timestamp = "2026-11-25T02:00:00Z".parse().expect("an instant");
        assert_eq!(ten_o_clock.as_microsecond(), 1_795_572_000_000_000);
        assert_eq!(cell(ten, "已约名额"), number(&test, &format!("{sql} {at_ten}")).await.to_string());
        let hall = rows.iter().find(|row| &row[0] == "按大厅").expect("the hall");
        let percent = |part: i64, whole: i64| format!("{}%", (part * 100 + whole / 2) / whole);
        let of = |name: &str| expected.iter().find(|(key, _)| *key == name).map(|(_, n)| *n).expect("counted");
        assert_eq!(cell(hall, "失约率"), percent(of("失约"), of("到场") + of("失约")));
        assert_eq!(cell(hall, "取消率"), percent(of("取消"), of("预约")));
        assert_eq!(cell(hall, "迟到率"), percent(of("迟到"), of("到场")));
        assert_eq!(cell(hall, "利用率"), percent(used, planned));
        // The page shows the same as tables and charts.
        let page = staff.get(&format!("/staff/statistics?hall=hall-wutong&from={DAY}&to={DAY}")).await.text();
        assert_eq!(page.matches("class=\"chart\"").count(), 6 + 5, "one of visits each, and one of places but for items");
        // The rule that groups and the rule that counts are the same for all.
        let visits = server::windows::store::statistics::visits(
            &test.app.db,
            (&hall_id(&test).await, "hall-wutong", 15),
            ("2026-11-24T16:00:00Z".parse().expect("an instant"), "2026-11-25T16:00:00Z".parse().expect("an instant")),
        )
        .await
        .expect("reads");
        for by in By::ALL {
            let booked: i64 = grouped(&visits, by).values().map(|figures| figures.booked).sum();
            assert_eq!(booked, figures(&visits).booked, "{by:?}");
        }
    })
    .await;
}

async fn hall_id(test: &TestApp) -> String {
    let (id,): (String,) = sqlx::query_as("SELECT id FROM hall WHERE code = 'hall-wutong'")
        .fetch_one(test.app.db.read())
        .await
        .expect("a hall");
    id
}
