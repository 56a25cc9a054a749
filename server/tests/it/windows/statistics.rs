//! The figures equal a recount from the raw intervals; they end where the reader's scope ends; the files open.

use super::{OTHER_STAFF, RESIDENT, STAFF, halls};
use crate::support::{TestApp, on_both};
use app::windows::statistics::figures;
use jiff::Timestamp;

/// A small generator of numbers, the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % bound).expect("small")
    }
}

const DAY: &str = "2026-11-25";

/// Writes walk-in tickets with chains of random states and lengths.
async fn tickets(test: &TestApp, count: i64, seed: u64) {
    let mut dice = Dice(seed);
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
        let item = &items[usize::try_from(dice.below(items.len() as u64)).expect("small")].0;
        let mut at = begin + dice.below(20_000) * 1_000_000;
        let mut chain = vec!["waiting"];
        for _ in 0..dice.below(3) {
            chain.extend(["parked", "waiting"]);
        }
        chain.push("called");
        let end = match dice.below(10) {
            0 => "no_show",
            1 => "left",
            _ => {
                chain.push("serving");
                if dice.below(4) == 0 {
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
            let until = (*state != end).then(|| at + (1 + dice.below(900)) * 1_000_000);
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
                "SELECT CAST(SUM(ends_at - starts_at) AS BIGINT) FROM ticket_interval WHERE state = 'serving' \
                 GROUP BY ticket_id",
            )
            .fetch_all(test.app.db.read())
            .await
            .expect("recounted");
            let waits: Vec<i64> = waits.into_iter().map(|(wait,)| wait).collect();
            let services: Vec<i64> = services.into_iter().map(|(service,)| service).collect();
            assert!(services.len() > 30, "{}", services.len());
            assert_eq!(counted.walk_in, 60);
            assert_eq!(counted.wait, (recounted(&waits, 50), recounted(&waits, 90)));
            assert_eq!(counted.service, [25, 50, 75, 90].map(|percent| recounted(&services, percent)));
            assert_eq!(usize::try_from(counted.served).expect("small"), services.len());
        }
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
        assert!(rows.records().all(|row| row.is_ok_and(|row| row.len() == 16)));
        let xlsx = staff.get("/staff/statistics/download?as=xlsx").await;
        assert!(xlsx.body.starts_with(b"PK"), "a workbook is a zip file");
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
