//! Bookings that were kept when an item was retired: the holder may come, be checked in and served, or cancel; there is no
//! other time for them, and they are told why.

use super::{
    ADMIN, OTHER, RESIDENT, STAFF, TOMORROW, book,
    forms::{code, confirm_form, places_add_up, row, send},
    halls,
    queue::chains_are_whole,
    slot,
};
use crate::support::{Browser, TestApp, on_both};
use axum::http::Method;
use jiff::SignedDuration;

const RETIRE: &str = "/staff/items/birth-registration/retire";
const COUNTER: &str = "/staff/counter/hall-wutong.4";

/// Retires the item; all its bookings are kept.
async fn retire(test: &TestApp) {
    let mut admin = test.signed_in(ADMIN).await;
    let preview = admin.post(RETIRE, &[("version", "0"), ("retired", "1")]).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let saved = send(&mut admin, RETIRE, &confirm_form(&preview)).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
}

async fn ok(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
}

#[tokio::test]
async fn there_is_no_other_time_for_it_and_the_reason_is_said() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let kept = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "a").await);
        let path = format!("/appointments/{kept}");
        let before = resident.get(&path).await.text();
        assert!(before.contains(&format!("{path}/change")) && !before.contains("照常办理"), "{before}");
        retire(&test).await;
        let page = resident.get(&path).await.text();
        assert!(page.contains("不再接受新的预约，您这次的预约照常办理") && page.contains("取消"), "{page}");
        assert!(!page.contains(&format!("{path}/change")) && !page.contains("/services/birth-registration"), "{page}");
        // An old link or form: led back to the ticket, which says why; nothing is moved and nothing looks full.
        let (_, begins, _) = row(&test, &kept).await;
        let old = resident.get(&format!("{path}/change")).await;
        assert_eq!((old.status.as_u16(), old.location()), (303, path.as_str()));
        assert!(resident.get(&path).await.text().contains("没有别的时间可以改"));
        let to = slot(TOMORROW, "1500");
        for tail in ["change", "hold"] {
            let answer = resident.post(&format!("{path}/{tail}"), &[("slot", &to)]).await;
            assert_eq!((answer.status.as_u16(), answer.location()), (303, path.as_str()), "{tail}");
        }
        let body = format!("{{\"slot\":\"{to}\"}}").into_bytes();
        let api = format!("/api/v1/appointments/{kept}/change");
        let refused = resident.send(Method::POST, &api, Some("application/json"), body).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("没有别的时间可以改"), "{}", refused.text());
        assert_eq!(row(&test, &kept).await.1, begins);
        places_add_up(&test).await;
    })
    .await;
}

#[tokio::test]
async fn its_holder_comes_and_is_served_or_cancels() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let mut third = test.signed_in("19900000004").await;
        let kept = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "a").await);
        let at_the_door = code(&book(&mut third, "birth-registration", &slot(TOMORROW, "0930"), "c").await);
        let given_up = code(&book(&mut other, "birth-registration", &slot(TOMORROW, "0900"), "b").await);
        retire(&test).await;
        ok(&mut other, &format!("/appointments/{given_up}/cancel"), &[("reason", "去区里办")]).await;
        assert_eq!(row(&test, &given_up).await.0, "cancelled");
        places_add_up(&test).await;
        let gone = other.get(&format!("/appointments/{given_up}")).await.text();
        assert!(!gone.contains("/services/birth-registration/times"), "not booked again: {gone}");

        test.app.clock.advance(SignedDuration::from_mins(22 * 60 + 50));
        let mut staff = test.signed_in(STAFF).await;
        ok(&mut staff, "/staff/check-in", &[("hall", "hall-wutong"), ("code", &kept)]).await;
        // At the door with the code, without staff.
        let door = test.app.secrets.link_token("door", "hall-wutong");
        let mut phone = test.signed_in("19900000004").await;
        ok(&mut phone, "/halls/hall-wutong/door/check-in", &[("code", &at_the_door), ("d", &door)]).await;
        assert_eq!(row(&test, &kept).await.0, "checked_in");
        assert_eq!(row(&test, &at_the_door).await.0, "checked_in");
        let mut resident = test.signed_in(RESIDENT).await;
        let live = resident.get(&format!("/appointments/{kept}")).await.text();
        assert!(live.contains("照常办理") && live.contains("data-live"), "{live}");

        // The window that did it does it to the end, for both.
        ok(&mut staff, &format!("{COUNTER}/open"), &[]).await;
        for _ in 0..2 {
            ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
            let page = staff.get(COUNTER).await.text();
            let ticket = page.split("name=\"ticket\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let ticket = ticket.expect("somebody is called").to_owned();
            for step in ["start", "finish"] {
                ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", &ticket), ("step", step)]).await;
            }
            test.app.clock.advance(SignedDuration::from_mins(5));
        }
        assert_eq!(row(&test, &kept).await.0, "done");
        assert_eq!(row(&test, &at_the_door).await.0, "done");
        chains_are_whole(&test).await;
    })
    .await;
}
