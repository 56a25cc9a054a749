//! Managers: a change of hours is looked at first, hits are decided, nobody is dropped, versions guard each other.

use super::{
    OTHER, OTHER_STAFF, RESIDENT, STAFF, TOMORROW, book,
    forms::{code, form, places_add_up, row, send, set},
    halls, slot,
};
use crate::support::{Browser, on_both};

const HALL: &str = "/staff/halls/hall-wutong";

/// The preview of "tomorrow in the morning only", with everything as the page fills it in.
async fn preview(staff: &mut Browser) -> Vec<(String, String)> {
    let page = staff.get(HALL).await;
    let mut fields = form(&page, 0);
    set(&mut fields, "ex-0-day", TOMORROW);
    set(&mut fields, "ex-0-hours", "08:30-11:30");
    set(&mut fields, "ex-0-reason", "下午全员培训");
    let preview = send(staff, HALL, &fields).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    form(&preview, 0)
}

#[tokio::test]
async fn every_hit_booking_is_decided_and_told() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let mut staff = test.signed_in(STAFF).await;
        let moved = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "1400"), "a").await);
        let asked = code(&book(&mut resident, "flexible-employment", &slot(TOMORROW, "1500"), "b").await);
        let dropped = code(&book(&mut other, "birth-registration", &slot(TOMORROW, "1430"), "c").await);
        let morning = code(&book(&mut other, "flexible-employment", &slot(TOMORROW, "0900"), "d").await);
        let mut fields = preview(&mut staff).await;
        let shown = |code: &str| fields.iter().any(|(name, value)| name == "seen" && value == code);
        assert!(shown(&moved) && shown(&asked) && shown(&dropped), "{fields:?}");
        assert!(!shown(&morning), "a booking in the new hours is not hit");
        let before = row(&test, &moved).await;
        assert_eq!(before.0, "booked", "a preview changes nothing");

        set(&mut fields, &format!("decide.{moved}"), "move");
        set(&mut fields, &format!("decide.{dropped}"), "cancel");
        set(&mut fields, &format!("say.{dropped}"), "请改约下周");
        set(&mut fields, "default", "propose");
        let saved = send(&mut staff, HALL, &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let after = row(&test, &moved).await;
        assert!(after.0 == "booked" && after.1 != before.1, "{after:?}");
        let (state, _, reason) = row(&test, &dropped).await;
        assert_eq!((state.as_str(), reason.as_str()), ("cancelled", "请改约下周"));
        let waits = row(&test, &asked).await;
        assert_eq!(waits.0, "booked");
        places_add_up(&test).await;

        // Each is told in the inbox; the one who was asked accepts with one tap.
        assert!(other.get("/me/inbox").await.text().contains("请改约下周"));
        let question = resident.get(&format!("/appointments/{asked}/proposal")).await;
        assert_eq!(question.status, 200, "{}", question.text());
        assert_eq!(other.get(&format!("/appointments/{asked}/proposal")).await.status, 404);
        let yes = resident.post(&format!("/appointments/{asked}/proposal"), &[("answer", "accept")]).await;
        assert_eq!(yes.status, 303, "{}", yes.text());
        let now = row(&test, &asked).await;
        assert!(now.0 == "booked" && now.1 != waits.1, "{now:?}");
        let again = resident.post(&format!("/appointments/{asked}/proposal"), &[("answer", "decline")]).await;
        assert_eq!(again.status, 200, "answered once: {}", again.text());
        assert_eq!(row(&test, &asked).await, now);
        places_add_up(&test).await;

        // The new hours hold for new bookings; the history says what was done.
        let afternoon = slot(TOMORROW, "1400");
        let closed = other.post("/services/senior-allowance/book", &[("slot", &afternoon), ("key", "e")]).await;
        assert_ne!(closed.status, 303, "closed then");
        let history = staff.get(&format!("{HALL}/history")).await.text();
        assert!(history.contains("08:30-11:30 下午全员培训"), "{history}");
    })
    .await;
}

#[tokio::test]
async fn words_to_people_that_are_too_long_come_back_whole() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut staff = test.signed_in(STAFF).await;
        let booked = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "1400"), "a").await);
        let mut fields = preview(&mut staff).await;
        set(&mut fields, "default", "cancel");
        let (most, long) = ("改".repeat(300), "改".repeat(301));
        for name in ["message".to_owned(), format!("say.{booked}")] {
            let mut fields = fields.clone();
            set(&mut fields, &name, &long);
            let answer = send(&mut staff, HALL, &fields).await;
            assert_eq!(answer.status, 422, "{}", answer.text());
            assert!(answer.text().contains(&format!("id=\"{name}-error\"")), "a word at {name}");
            let back = form(&answer, 0);
            assert!(back.contains(&(name.clone(), long.clone())), "{name} as it was typed: {back:?}");
            assert!(back.contains(&("default".to_owned(), "cancel".to_owned())), "{back:?}");
            assert_eq!(row(&test, &booked).await.0, "booked", "nothing is saved");
        }
        set(&mut fields, "message", &format!(" {most}\r\n"));
        assert_eq!(send(&mut staff, HALL, &fields).await.status, 303);
        let (state, _, reason) = row(&test, &booked).await;
        assert_eq!((state.as_str(), reason), ("cancelled", most), "nothing is cut");
    })
    .await;
}

#[tokio::test]
async fn a_booking_made_meanwhile_is_shown_before_anything_is_saved() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut staff = test.signed_in(STAFF).await;
        let fields = preview(&mut staff).await;
        let late = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "1400"), "late").await);
        let answer = send(&mut staff, HALL, &fields).await;
        assert_eq!(answer.status, 409, "{}", answer.text());
        let fields = form(&answer, 0);
        assert!(fields.iter().any(|(name, value)| name == "seen" && *value == late), "{fields:?}");
        let (versions,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM setting_version")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(versions, 0, "nothing was saved");
        let mut fields = fields;
        set(&mut fields, "default", "keep");
        assert_eq!(send(&mut staff, HALL, &fields).await.status, 303);
        assert_eq!(row(&test, &late).await.0, "booked", "kept although the hall is closed then");
        assert!(resident.get("/me/inbox").await.text().contains("照常办理"));
    })
    .await;
}

/// Somebody is moving places of the day: whoever saves hours waits for them, and whoever books waits as well. The first of
/// the two is done first, and the second sees what the first did, whatever it had read before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_and_a_booking_that_meet_see_each_other() {
    on_both(async |test| {
        halls(&test).await;
        let hall = super::queue::wutong(&test).await;
        let (mut resident, mut staff) = (test.signed_in(RESIDENT).await, test.signed_in(STAFF).await);
        let afternoon = slot(TOMORROW, "1400");
        let a_moment = || tokio::time::sleep(std::time::Duration::from_millis(700));
        for booking_first in [true, false] {
            let fields = preview(&mut staff).await;
            let (engine, key) = (test.app.db.engine(), format!("places:{}:{TOMORROW}", hall.id));
            let mut tx = test.app.db.begin().await.expect("begin");
            server::db::dialect::lock_key(engine, &mut tx, &key).await.expect("locked");
            let (mut saves, mut books, afternoon) = (staff.clone(), resident.clone(), afternoon.clone());
            let booking = async move {
                let key = if booking_first { "first" } else { "second" };
                let fields = [("slot", afternoon.as_str()), ("key", key)];
                books.post("/services/birth-registration/book", &fields).await
            };
            let saving = async move { send(&mut saves, HALL, &fields).await };
            let (booking, saving) = if booking_first {
                let booking = tokio::spawn(booking);
                a_moment().await;
                (booking, tokio::spawn(saving))
            } else {
                let saving = tokio::spawn(saving);
                a_moment().await;
                (tokio::spawn(booking), saving)
            };
            a_moment().await;
            assert!(!booking.is_finished() && !saving.is_finished(), "both wait for whoever has the day");
            tx.commit().await.expect("commit");
            let (booked, saved) = (booking.await.expect("no panic"), saving.await.expect("no panic"));
            if booking_first {
                assert_eq!((booked.status.as_u16(), saved.status.as_u16()), (303, 409), "{}", saved.text());
                let code = code(booked.location());
                assert!(form(&saved, 0).contains(&("seen".to_owned(), code)), "it is shown, and nothing is saved");
                let cancel = format!("{}/cancel", booked.location());
                assert_eq!(resident.post(&cancel, &[]).await.status, 303);
            } else {
                assert_eq!((saved.status.as_u16(), booked.status.as_u16()), (303, 422), "{}", booked.text());
                assert!(booked.text().contains(&slot("2026-11-27", "0830")), "with times that there are");
            }
        }
        assert_eq!(super::taken(&test).await, (0, 0), "nobody has a time at which the hall is closed");
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused_and_a_version_can_be_restored() {
    on_both(async |test| {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let stale = form(&staff.get(HALL).await, 0);
        let fields = preview(&mut staff).await;
        assert_eq!(send(&mut staff, HALL, &fields).await.status, 303);
        let mut edit = stale.clone();
        set(&mut edit, "limit-per_day", "5");
        let refused = send(&mut staff, HALL, &edit).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(refused.text().contains("下午全员培训"), "says what changed meanwhile");
        // What was typed is still there, on top of the version that is now.
        let again = form(&refused, 0);
        assert!(again.contains(&("limit-per_day".to_owned(), "5".to_owned())));
        let restored = form(&staff.get(&format!("{HALL}?restore=1")).await, 0);
        let preview = send(&mut staff, HALL, &restored).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        assert_eq!(send(&mut staff, HALL, &form(&preview, 0)).await.status, 303);
        let (left,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM hall_exception")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(left, 0, "the exception is gone with the version that had it");
    })
    .await;
}

#[tokio::test]
async fn mistakes_come_back_at_their_fields_and_nothing_hostile_breaks() {
    on_both(async |test| {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let fields = form(&staff.get(HALL).await, 0);
        for (name, value) in [
            ("week-1", "morning"),
            ("slot_minutes", "999999999999999999999999"),
            ("ex-0-day", "9999-12-31"),
            ("cl-0-from", "-000001-01-01T00:00"),
            ("win-0-public", "-5"),
            ("limit-per_day", "1e9"),
        ] {
            let mut fields = fields.clone();
            set(&mut fields, name, value);
            let answer = send(&mut staff, HALL, &fields).await;
            assert_eq!(answer.status, 422, "{name}: {}", answer.text());
            assert!(answer.text().contains(&format!("id=\"{name}-error\"")), "{name}");
        }
        let mut long = fields.clone();
        set(&mut long, "win-0-name", &"长".repeat(5000));
        assert_eq!(send(&mut staff, HALL, &long).await.status, 422);
        assert_eq!(send(&mut staff, HALL, &[]).await.status, 409, "a form without a version");
        assert_eq!(staff.get(&format!("{HALL}?restore=99999999999")).await.status, 404);
        // Staff of another community see nothing of it.
        assert_eq!(test.signed_in(OTHER_STAFF).await.get(HALL).await.status, 403);
    })
    .await;
}
