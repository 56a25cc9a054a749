//! `/api/v1`.

use super::{OTHER, RESIDENT, TOMORROW, halls, one_window_with, slot, taken};
use crate::support::{Answer, Browser, on_both};
use axum::http::Method;
use jiff::SignedDuration;

#[tokio::test]
async fn the_api_lists_books_and_says_what_is_free_instead() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let items = resident.get("/api/v1/services?q=sbk").await.json();
        assert_eq!(items[0]["code"], "social-card-replace");

        let path = "/api/v1/services/flexible-employment/slots?hall=hall-wutong&days=3";
        let days = test.visitor().get(path).await.json();
        assert_eq!(days.as_array().map(Vec::len), Some(3));
        assert_eq!(days[0]["date"], TOMORROW);
        assert_eq!(days[0]["times"][0]["slot"], slot(TOMORROW, "0830"));
        assert_eq!(days[0]["times"][0]["starts_at"], "2026-11-26T08:30:00+08:00");
        assert_eq!(days[2]["state"], "day_off", "a Saturday");

        let body = serde_json::json!({"item": "flexible-employment", "slot": slot(TOMORROW, "0830"),
            "materials": ["id"], "answers": {"agent": false}, "idempotency_key": "one"});
        let send = async |browser: &mut crate::support::Browser| {
            let bytes = body.to_string().into_bytes();
            browser.send(Method::POST, "/api/v1/appointments", Some("application/json"), bytes).await
        };
        assert_eq!(send(&mut test.visitor()).await.status, 401);
        let made = send(&mut resident).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let again = send(&mut resident).await;
        assert_eq!(again.json()["code"], made.json()["code"], "the same key, the same booking");
        let read = resident.get(made.location()).await.json();
        assert_eq!(read["state"], "booked");
        assert_eq!(read["materials"][0], "id");

        let mut other = test.signed_in(OTHER).await;
        let full = send(&mut other).await;
        assert_eq!(full.status, 409);
        assert_eq!(full.headers["content-type"], "application/problem+json");
        assert_eq!(full.json()["type"], "urn:linli:problem:slot-full");
        assert_eq!(full.json()["next_free"][0]["slot"], slot(TOMORROW, "0900"));
    })
    .await;
}

async fn post(browser: &mut Browser, path: &str, body: serde_json::Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

#[tokio::test]
async fn the_api_keeps_a_time_renews_it_once_and_releases_it() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let nine = serde_json::json!({"items": ["flexible-employment"], "slot": slot(TOMORROW, "0900")});
        let mut visitor = test.visitor();
        visitor.get("/").await;
        let kept = post(&mut visitor, "/api/v1/holds", nine.clone()).await;
        assert_eq!(kept.status, 201, "{}", kept.text());
        let hold = kept.json();
        assert_eq!((&hold["slot"], &hold["renewable"]), (&slot(TOMORROW, "0900").into(), &true.into()));
        assert_eq!(hold["until"], "2026-11-25T10:10:00+08:00");
        let address = kept.location().to_owned();
        assert_eq!(post(&mut visitor, "/api/v1/holds", nine.clone()).await.json()["id"], hold["id"], "like once");

        let mut other = test.signed_in(OTHER).await;
        let full = post(&mut other, "/api/v1/holds", nine.clone()).await;
        assert_eq!((full.status.as_u16(), &full.json()["type"]), (409, &"urn:linli:problem:slot-full".into()));
        assert_eq!(full.json()["next_free"][0]["slot"], slot(TOMORROW, "0930"));
        let closed = serde_json::json!({"items": ["flexible-employment"], "slot": "hall-wutong.20261128T0900"});
        assert_eq!(post(&mut other, "/api/v1/holds", closed).await.status, 422, "a Saturday");
        assert_eq!(other.send(Method::DELETE, &address, None, Vec::new()).await.status, 404, "not theirs");

        test.app.clock.advance(SignedDuration::from_mins(9));
        let renewed = post(&mut visitor, &format!("{address}/renew"), serde_json::json!({})).await;
        assert_eq!(renewed.json()["until"], "2026-11-25T10:19:00+08:00");
        let twice = post(&mut visitor, &format!("{address}/renew"), serde_json::json!({})).await;
        assert_eq!((twice.status.as_u16(), &twice.json()["type"]), (409, &"urn:linli:problem:hold-ended".into()));
        for _ in 0..2 {
            assert_eq!(visitor.send(Method::DELETE, &address, None, Vec::new()).await.status, 204);
        }
        assert_eq!(post(&mut other, "/api/v1/holds", nine).await.status, 201, "free again");
        // Without a cookie nobody can say whose it is; nonsense is refused.
        let any = serde_json::json!({"items": ["flexible-employment"], "slot": slot(TOMORROW, "1000")});
        assert_eq!(post(&mut test.visitor(), "/api/v1/holds", any).await.status, 401);
        assert_eq!(post(&mut other, "/api/v1/holds", serde_json::json!({"items": []})).await.status, 422);
        // Under pressure (3 of 14 places are a quarter) the answer names the work.
        let mut last = None;
        for n in 0..4 {
            let mut stranger = test.visitor();
            stranger.ip = format!("198.51.100.{n}");
            stranger.get("/").await;
            let time = slot(TOMORROW, ["1330", "1400", "1430", "1500"][n]);
            let body = serde_json::json!({"items": ["flexible-employment"], "slot": time});
            last = Some(post(&mut stranger, "/api/v1/holds", body).await);
        }
        let last = last.expect("four");
        assert_eq!((last.status.as_u16(), &last.json()["type"]), (429, &"urn:linli:problem:pressure".into()));
        assert!(last.json()["challenge"].is_string() && last.json()["bits"] == app::windows::WORK_BITS);
    })
    .await;
}

#[tokio::test]
async fn the_api_changes_cancels_and_waits() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let booking = |time: &str, key: &str| {
            serde_json::json!({"item": "flexible-employment", "slot": slot(TOMORROW, time), "idempotency_key": key})
        };
        let made = post(&mut resident, "/api/v1/appointments", booking("0900", "a")).await;
        let address = made.location().to_owned();
        let ten = serde_json::json!({"slot": slot(TOMORROW, "1000")});
        for _ in 0..2 {
            let moved = post(&mut resident, &format!("{address}/change"), ten.clone()).await;
            assert_eq!(moved.status, 200, "{}", moved.text());
            assert_eq!(moved.json()["starts_at"], "2026-11-26T10:00:00+08:00");
        }
        assert_eq!(taken(&test).await, (1, 1));
        let mut other = test.signed_in(OTHER).await;
        assert_eq!(post(&mut other, &format!("{address}/change"), ten.clone()).await.status, 404);
        assert_eq!(post(&mut other, &format!("{address}/cancel"), serde_json::json!({})).await.status, 404);
        let theirs = post(&mut other, "/api/v1/appointments", booking("1030", "b")).await;
        let full = post(&mut other, &format!("{}/change", theirs.location()), ten.clone()).await;
        assert_eq!((full.status.as_u16(), &full.json()["type"]), (409, &"urn:linli:problem:slot-full".into()));

        // By the link's token, without signing in.
        let code = address.rsplit('/').next().expect("a code");
        let token = test.app.secrets.link_token("appointment", code);
        let by_link = serde_json::json!({"reason": "临时有事", "t": token});
        assert_eq!(post(&mut test.visitor(), &format!("{address}/cancel"), serde_json::json!({})).await.status, 401);
        for _ in 0..2 {
            let gone = post(&mut test.visitor(), &format!("{address}/cancel"), by_link.clone()).await;
            assert_eq!(gone.json()["state"], "cancelled", "{}", gone.text());
        }
        let gone = post(&mut resident, &format!("{address}/change"), ten).await;
        assert_eq!((gone.status.as_u16(), &gone.json()["type"]), (409, &"urn:linli:problem:not-standing".into()));
        let long = serde_json::json!({"reason": "长".repeat(201)});
        assert_eq!(post(&mut other, &format!("{}/cancel", theirs.location()), long).await.status, 422);

        // The waiting list of a full day.
        let wait = serde_json::json!({"items": [{"item": "flexible-employment"}], "hall": "hall-wutong", "date": TOMORROW});
        let free = post(&mut resident, "/api/v1/waiting", wait.clone()).await;
        assert_eq!(free.status, 409, "the day has free times");
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE service_window SET capacity_public = 0").execute(&mut *tx).await.expect("set");
        tx.commit().await.expect("commit");
        test.app.clock.advance(SignedDuration::from_mins(15));
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE slot SET capacity_public = booked_public").execute(&mut *tx).await.expect("set");
        tx.commit().await.expect("commit");
        let joined = post(&mut resident, "/api/v1/waiting", wait.clone()).await;
        assert_eq!(joined.status, 201, "{}", joined.text());
        let (entry, id) = (joined.location().to_owned(), joined.json()["id"].clone());
        assert_eq!(post(&mut resident, "/api/v1/waiting", wait).await.json()["id"], id, "once");
        assert_eq!(resident.get(&entry).await.json()["state"], "waiting");
        assert_eq!(other.get(&entry).await.status, 404);
        let nothing = post(&mut resident, &format!("{entry}/accept"), serde_json::json!({})).await;
        assert_eq!(nothing.status, 422, "nothing is offered");
        assert_eq!(resident.send(Method::DELETE, &entry, None, Vec::new()).await.status, 204);
        assert_eq!(resident.get(&entry).await.json()["state"], "left");
    })
    .await;
}

#[tokio::test]
async fn the_api_tells_how_a_number_stands() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let fields = [("item", "birth-registration"), ("key", "a")];
        let drawn = resident.post("/halls/hall-wutong/ticket/number", &fields).await;
        let id = drawn.location().split("/tickets/").nth(1).expect("a ticket").split('?').next().expect("an id");
        let token = drawn.location().split("t=").nth(1).expect("a token");
        let path = format!("/api/v1/tickets/{id}");
        let ticket = resident.get(&path).await.json();
        assert_eq!((&ticket["state"], &ticket["ahead"]), (&"issued".into(), &serde_json::Value::Null));
        assert_eq!(ticket["check_in_until"], "2026-11-25T11:00:00+08:00");
        let door = test.app.secrets.link_token("door", "hall-wutong");
        resident.post("/halls/hall-wutong/door/check-in", &[("ticket", id), ("d", &door)]).await;
        let ticket = test.visitor().get(&format!("{path}?t={token}")).await.json();
        assert_eq!((&ticket["state"], &ticket["ahead"]), (&"waiting".into(), &0.into()));
        assert_eq!(test.visitor().get(&path).await.status, 404);
        assert_eq!(test.signed_in(OTHER).await.get(&path).await.status, 404);
    })
    .await;
}
