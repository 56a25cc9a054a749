//! A hall's day at a glance: what the page says is what is in the database.

use super::{OTHER_STAFF, RESIDENT, STAFF, TOMORROW, book, halls, slot};
use crate::support::on_both;
use jiff::Timestamp;

#[tokio::test]
async fn the_day_is_shown_as_it_is() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "a").await;
        // It is Wednesday, ten o'clock: put what was booked for tomorrow on today.
        let mut tx = test.app.db.begin().await.expect("begin");
        let (hall, person, item, window, slot_id): (String, String, String, String, String) =
            sqlx::query_as("SELECT hall_id, person_id, item_id, window_id, slot_id FROM appointment")
                .fetch_one(&mut *tx)
                .await
                .expect("a booking");
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant").as_microsecond();
        let rows = [
            ("done", "2026-11-25T01:00:00Z", Some("2026-11-25T00:55:00Z")),
            ("checked_in", "2026-11-25T01:00:00Z", Some("2026-11-25T01:40:00Z")),
            ("booked", "2026-11-25T01:30:00Z", None),
            ("booked", "2026-11-25T02:30:00Z", None),
            ("booked", "2026-11-25T02:30:00Z", None),
            ("no_show", "2026-11-25T00:30:00Z", None),
            ("cancelled", "2026-11-25T02:30:00Z", None),
        ];
        for (n, (state, starts, came)) in rows.iter().enumerate() {
            sqlx::query(
                "INSERT INTO appointment (id, code, person_id, item_id, hall_id, window_id, slot_id, starts_at, ends_at, \
                 state, idempotency_key, created_at, checked_in_at) VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $1, 0, $10)",
            )
            .bind(format!("T{n}"))
            .bind(&person)
            .bind(&item)
            .bind(&hall)
            .bind(&window)
            .bind(&slot_id)
            .bind(at(starts))
            .bind(at(starts) + 1_800_000_000)
            .bind(*state)
            .bind(came.map(at))
            .execute(&mut *tx)
            .await
            .expect("a booking");
        }
        tx.commit().await.expect("commit");
        // A clerk opens a window; two numbers are drawn, one of them by somebody who goes first.
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.post("/staff/counter/hall-wutong.1/open", &[]).await.status, 303);
        for (class, key) in [("ordinary", "k1"), ("senior", "k2")] {
            let fields = [("hall", "hall-wutong"), ("item", "birth-registration"), ("class2", class), ("key", key), ("name", "周")];
            let drawn = staff.post("/staff/reception/number", &fields).await;
            assert!(drawn.status.as_u16() < 400, "{}", drawn.text());
        }
        let page = staff.get("/staff/halls/hall-wutong/today").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let text = page.text();
        assert!(text.contains("data-live=\"/api/v1/halls/hall-wutong/live\"") && text.contains("http-equiv=\"refresh\""));
        assert!(text.contains("沈雨桐"), "who serves");
        let plain: String = scraper::Html::parse_document(&text).root_element().text().collect::<Vec<_>>().join(" ");
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in ["约了今天 6", "已到 2", "其中迟到 1", "到点还没来 1", "失约 1", "取消 1", "现场取号 2/", "柜台 2", "80 岁以上 1"] {
            assert!(plain.contains(words), "{words}: {plain}");
        }
        assert!(plain.contains("10:00 2 "), "two are expected from ten on: {plain}");
        // The links that lead there.
        assert!(staff.get("/staff").await.text().contains("/staff/halls/hall-wutong/today"));
        assert!(staff.get("/staff/halls").await.text().contains("/staff/halls/hall-wutong/today"));
        // Supervisors see it too, staff of another community do not, residents neither.
        assert_eq!(test.signed_in("19900000051").await.get("/staff/halls/hall-wutong/today").await.status, 200);
        let street = test.signed_in("19900000051").await.get("/staff").await.text();
        assert!(street.contains("href=\"/staff/statistics\"") && !street.contains("href=\"/staff/halls\""), "{street}");
        assert_eq!(test.signed_in(OTHER_STAFF).await.get("/staff/halls/hall-wutong/today").await.status, 403);
        assert_eq!(resident.get("/staff/halls/hall-wutong/today").await.status, 403);
        assert_eq!(staff.get("/staff/halls/nowhere/today").await.status, 404);
    })
    .await;
}
