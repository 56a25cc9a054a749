//! Visits of several items, kept times, another time, the waiting list, missed visits, and staff who book for others.

use super::{OTHER, RESIDENT, STAFF, TOMORROW, book, halls, one_window_with, slot, taken};
use crate::support::{Answer, Browser, TestApp, on_both};
use jiff::SignedDuration;

const ITEM: &str = "/services/flexible-employment";

/// What must always hold: no slot has more than its places, and what is booked is what stands.
pub async fn sound(test: &TestApp) {
    let (wrong,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM slot s WHERE s.booked_public > s.capacity_public \
         OR s.booked_assisted > s.capacity_assisted OR s.booked_public + s.booked_assisted <> \
         (SELECT COUNT(*) FROM appointment_slot x JOIN appointment a ON a.id = x.appointment_id \
          WHERE x.slot_id = s.id AND a.state <> 'cancelled')",
    )
    .fetch_one(test.app.db.read())
    .await
    .expect("counted");
    assert_eq!(wrong, 0, "slots whose places do not add up");
}

async fn keep(browser: &mut Browser, item: &str, time: &str) -> Answer {
    browser.post(&format!("/services/{item}/hold"), &[("slot", &slot(TOMORROW, time))]).await
}

#[tokio::test]
async fn two_items_are_one_visit_over_two_slots_never_over_a_break() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let item = resident.get(&format!("{ITEM}?hall=hall-wutong")).await.text();
        assert!(item.contains("with=resident-pension") && !item.contains("with=flexible-employment"), "{item}");
        let both = resident.get(&format!("{ITEM}?hall=hall-wutong&with=temporary-relief")).await.text();
        assert!(both.contains("temporary-relief.id") && both.contains("q-temporary-relief.illness"), "{both}");
        // 15 + 25 minutes are two slots of 30, at window 1, which alone serves both.
        let path = format!("{ITEM}/times?hall=hall-wutong&with=temporary-relief&date={TOMORROW}");
        let times = resident.get(&path).await.text();
        assert!(times.contains(&slot(TOMORROW, "1030")), "{times}");
        assert!(!times.contains(&slot(TOMORROW, "1100")), "11:00 would run into the break");
        let wanted = slot(TOMORROW, "1030");
        let fields = [
            ("slot", &*wanted),
            ("key", "k"),
            ("with", "temporary-relief"),
            ("m", "id"),
            ("m", "temporary-relief.hukou"),
            ("q-temporary-relief.illness", "no"),
            ("relative", "1"),
            ("for_name", "林秀英"),
            ("for_relation", "母亲"),
        ];
        let refused = resident.post(&format!("{ITEM}/book"), &fields).await;
        assert_eq!(refused.status, 422, "a relative has to agree");
        assert!(refused.text().contains("林秀英"), "nothing typed is lost");
        let fields: Vec<_> = fields.into_iter().chain([("consent", "1"), ("need", "轮椅")]).collect();
        let booked = resident.post(&format!("{ITEM}/book"), &fields).await;
        assert_eq!(booked.status, 303, "{}", booked.text());
        assert_eq!(taken(&test).await, (2, 1), "two slots, one visit");
        let ticket = resident.get(booked.location()).await.text();
        for part in ["10:30–11:30", "没有单位，自己缴社保、", "林秀英（母亲）", "轮椅", "1 号窗口"]
        {
            assert!(ticket.contains(part), "{part}: {ticket}");
        }
        let mut staff = test.signed_in(STAFF).await;
        let list = staff.get(&format!("/staff/appointments?hall=hall-wutong&date={TOMORROW}")).await.text();
        assert!(list.contains("轮椅") && list.contains("林秀英"), "{list}");
        sound(&test).await;
        assert_eq!(resident.post(&format!("{}/cancel", booked.location()), &[]).await.status, 303);
        assert_eq!(taken(&test).await, (0, 0));
        sound(&test).await;
    })
    .await;
}

#[tokio::test]
async fn a_kept_time_is_kept_renewed_once_and_ends_by_itself() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut visitor = test.visitor();
        visitor.get("/services").await;
        let kept = keep(&mut visitor, "flexible-employment", "0900").await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        let confirm = visitor.get(kept.location()).await;
        assert!(confirm.status == 200 && confirm.text().contains("data-seconds=\"600\""), "{}", confirm.text());
        assert!(confirm.text().contains("登录后确认"), "a visitor signs in to confirm");

        let mut other = test.signed_in(OTHER).await;
        let wanted = slot(TOMORROW, "0900");
        let fields = [("slot", &*wanted), ("key", "k")];
        assert_eq!(other.post(&format!("{ITEM}/book"), &fields).await.status, 409, "it is kept for the visitor");

        let id = kept.location().split("hold=").nth(1).expect("a hold").split('&').next().expect("an id").to_owned();
        assert_eq!(other.post(&format!("/holds/{id}/renew"), &[]).await.status, 404, "not theirs");
        test.app.clock.advance(SignedDuration::from_mins(9));
        let (renew, button) = (format!("/holds/{id}/renew"), format!("action=\"/holds/{id}/renew\""));
        assert!(visitor.get(kept.location()).await.text().contains(&button), "it can be kept longer");
        assert_eq!(visitor.post(&renew, &[("next", kept.location())]).await.status, 303);
        test.app.clock.advance(SignedDuration::from_mins(4));
        // Once: a second try is told so, and the time ends when it would have.
        let page = visitor.get(kept.location()).await.text();
        assert!(page.contains("data-seconds=\"360\"") && !page.contains(&button), "{page}");
        let twice = visitor.post(&renew, &[("next", kept.location())]).await;
        assert_eq!((twice.status.as_u16(), twice.location()), (303, kept.location()));
        let page = visitor.get(twice.location()).await.text();
        assert!(page.contains("已经不能再延长了") && page.contains("data-seconds=\"360\""), "{page}");
        test.app.clock.advance(SignedDuration::from_mins(5));
        assert_eq!(other.post(&format!("{ITEM}/book"), &fields).await.status, 409, "renewed");

        // Signing in keeps it: the same browser, now a person.
        let mut person = test.signed_in(RESIDENT).await;
        person.cookies.extend(visitor.cookies.clone());
        book(&mut person, "flexible-employment", &wanted, "mine").await;
        sound(&test).await;

        // Another one ends by itself; choosing another time releases the former.
        assert_eq!(keep(&mut other, "flexible-employment", "0930").await.status, 303);
        assert_eq!(keep(&mut other, "flexible-employment", "1000").await.status, 303);
        let (places,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(places, 1, "one time at a time");
        let again = keep(&mut other, "flexible-employment", "1000").await;
        let id = again.location().split("hold=").nth(1).expect("a hold").split('&').next().expect("an id").to_owned();
        test.app.clock.advance(SignedDuration::from_mins(11));
        let late = other.post(&format!("/holds/{id}/renew"), &[]).await;
        assert_eq!(late.status, 303, "{}", late.text());
        assert!(other.get("/services").await.text().contains("已经不能再延长了"), "it has ended");
        let mut third = test.signed_in(&test.loaded.residents[5]).await;
        book(&mut third, "flexible-employment", &slot(TOMORROW, "1000"), "k3").await;
        // The hold has ended, and the place is gone: a clear answer with the next times.
        let late = other.post(&format!("{ITEM}/book"), &[("slot", &slot(TOMORROW, "1000")), ("key", "l")]).await;
        assert!(late.status == 409 && late.text().contains(&slot(TOMORROW, "1030")), "{}", late.text());
        sound(&test).await;
    })
    .await;
}

#[tokio::test]
async fn strangers_cannot_empty_the_day() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut kept = 0;
        let mut refused = 0;
        for n in 0..14 {
            let mut visitor = test.visitor();
            visitor.ip = format!("192.0.2.{n}");
            visitor.get("/services").await;
            let time =
                format!("{:02}{:02}", [8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, 16, 17][n], 30 * ((n + 1) % 2));
            let answer = keep(&mut visitor, "flexible-employment", &time).await;
            match answer.status.as_u16() {
                303 => kept += 1,
                429 => refused += 1,
                _ => {}
            }
        }
        assert!((3..=6).contains(&kept) && refused > 0, "{kept} kept, {refused} refused");
        // Somebody who is signed in goes on.
        let mut resident = test.signed_in(RESIDENT).await;
        assert_eq!(keep(&mut resident, "flexible-employment", "1700").await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn another_time_by_the_link_never_both_never_none() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "flexible-employment", &slot(TOMORROW, "0900"), "k").await;
        let code = path.rsplit('/').next().expect("a code");
        let token = test.app.secrets.link_token("appointment", code);
        let mut link = test.visitor();
        let times = link.get(&format!("{path}/change?t={token}&date={TOMORROW}")).await;
        assert_eq!(times.status, 200, "{}", times.text());
        let wanted = slot(TOMORROW, "1400");
        let held = link.post(&format!("{path}/hold"), &[("slot", &wanted), ("t", &token)]).await;
        assert_eq!(held.status, 303, "{}", held.text());
        assert_eq!(link.get(held.location()).await.status, 200);
        for _ in 0..2 {
            let done = link.post(&format!("{path}/change"), &[("slot", &wanted), ("t", &token)]).await;
            assert_eq!(done.status, 303, "twice is like once: {}", done.text());
        }
        assert_eq!(taken(&test).await, (1, 1));
        sound(&test).await;
        let file = resident.get(&format!("{path}/calendar.ics")).await.text();
        assert!(file.contains("SEQUENCE:1") && file.contains("20261126T140000"), "{file}");
        let mut other = test.signed_in(OTHER).await;
        assert_eq!(other.post(&format!("{path}/change"), &[("slot", &slot(TOMORROW, "1500"))]).await.status, 404);
        // The old place opens again after a while, not at once.
        let fields = [("slot", &*slot(TOMORROW, "0900")), ("key", "o")];
        assert_eq!(other.post(&format!("{ITEM}/book"), &fields).await.status, 409);
        test.app.clock.advance(SignedDuration::from_mins(11));
        assert_eq!(other.post(&format!("{ITEM}/book"), &fields).await.status, 303);
        // A full time is refused and the old one stays.
        let full = resident.post(&format!("{path}/change"), &[("slot", &slot(TOMORROW, "0900"))]).await;
        assert_eq!(full.status, 409, "{}", full.text());
        assert_eq!(taken(&test).await, (2, 2));
        // By the link, cancelling works as well.
        let gone = link.post(&format!("{path}/cancel"), &[("t", &token), ("reason", "临时有事")]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        sound(&test).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changing_and_cancelling_at_once_leaves_one_outcome() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "flexible-employment", &slot(TOMORROW, "0900"), "k").await;
        let tasks: Vec<_> = (0..12)
            .map(|n| {
                let (mut browser, path) = (resident.clone(), path.clone());
                tokio::spawn(async move {
                    match n % 3 {
                        0 => browser.post(&format!("{path}/change"), &[("slot", &slot(TOMORROW, "1400"))]).await,
                        1 => browser.post(&format!("{path}/change"), &[("slot", &slot("2026-11-27", "1400"))]).await,
                        _ => browser.post(&format!("{path}/cancel"), &[]).await,
                    }
                })
            })
            .collect();
        for task in tasks {
            let status = task.await.expect("no panic").status.as_u16();
            assert!([303, 409].contains(&status), "{status}");
        }
        assert_eq!(taken(&test).await, (0, 0), "a cancel comes last or is the last word");
        sound(&test).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn visits_over_several_slots_race_without_overbooking() {
    on_both(|test| async move {
        halls(&test).await;
        let another = test.another_server().await;
        let mut tasks = Vec::new();
        for (n, phone) in test.loaded.residents.iter().take(40).enumerate() {
            let signed = test.signed_in(phone).await;
            let mut browser = signed.clone();
            if n % 2 == 1 {
                browser = test.visitor_of(&another);
                browser.cookies = signed.cookies.clone();
            }
            tasks.push(tokio::spawn(async move {
                let (time, key) = (slot(TOMORROW, if n % 3 == 0 { "0900" } else { "0930" }), format!("k{n}"));
                let fields = [("slot", &*time), ("key", &key), ("with", "temporary-relief")];
                browser.post("/services/worker-aid/book", &fields).await
            }));
        }
        let mut booked = 0;
        for task in tasks {
            match task.await.expect("no panic").status.as_u16() {
                303 => booked += 1,
                409 => {}
                other => panic!("{other}"),
            }
        }
        // Window 1 alone serves both items, two places: 9:00–10:00 and 9:30–10:30 share 9:30.
        assert_eq!(booked, 2);
        assert_eq!(taken(&test).await, (4, 2));
        sound(&test).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_waits_is_offered_a_freed_place_first_then_the_next() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let times = [
            "0830", "0900", "0930", "1000", "1030", "1100", "1330", "1400", "1430", "1500", "1530", "1600", "1630",
            "1700",
        ];
        let mut first = None;
        for (n, time) in times.into_iter().enumerate() {
            let mut browser = test.signed_in(&test.loaded.residents[10 + n]).await;
            let path = book(&mut browser, "flexible-employment", &slot(TOMORROW, time), "k").await;
            first.get_or_insert((browser, path));
        }
        let (mut holder, path) = first.expect("booked");
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let page = resident.get(&format!("{ITEM}/times?hall=hall-wutong&date={TOMORROW}")).await.text();
        assert!(page.contains("候补这一天"), "{page}");
        let join = [("hall", "hall-wutong"), ("date", TOMORROW)];
        let one = resident.post(&format!("{ITEM}/wait"), &join).await;
        assert_eq!(one.status, 303, "{}", one.text());
        assert_eq!(resident.post(&format!("{ITEM}/wait"), &join).await.location(), one.location(), "once");
        test.app.clock.advance(SignedDuration::from_secs(1));
        let two = other.post(&format!("{ITEM}/wait"), &join).await;
        assert_eq!(holder.post(&format!("{path}/cancel"), &[]).await.status, 303);
        test.run_jobs().await;
        assert!(resident.get(one.location()).await.text().contains("正在候补"), "not before its time");
        test.app.clock.advance(SignedDuration::from_mins(10));
        test.run_jobs().await;
        let offer = resident.get(one.location()).await.text();
        assert!(offer.contains("就约这个时间"), "{offer}");
        // Nobody else gets it meanwhile. The first one says no: the next is asked at once.
        let mut third = test.signed_in(&test.loaded.residents[40]).await;
        let fields = [("slot", &*slot(TOMORROW, "0830")), ("key", "t")];
        assert_eq!(third.post(&format!("{ITEM}/book"), &fields).await.status, 409);
        let mut later = test.signed_in(&test.loaded.residents[41]).await;
        test.app.clock.advance(SignedDuration::from_secs(1));
        let three = later.post(&format!("{ITEM}/wait"), &join).await;
        assert_eq!(three.status, 303, "{}", three.text());
        for _ in 0..2 {
            let no = resident.post(&format!("{}/leave", one.location()), &[]).await;
            assert_eq!(no.status, 303, "twice is like once: {}", no.text());
        }
        test.run_jobs().await;
        assert!(resident.get(one.location()).await.text().contains("已经不再候补"));
        assert!(
            other.get(two.location()).await.text().contains("就约这个时间"),
            "long before the first one's time ends"
        );
        assert!(later.get(three.location()).await.text().contains("正在候补"), "one at a time");
        assert_eq!(third.post(&format!("{ITEM}/book"), &fields).await.status, 409, "still nobody else");
        // The second one does not answer: then the third is asked, and takes it.
        test.app.clock.advance(SignedDuration::from_mins(31));
        test.run_jobs().await;
        assert!(other.get(two.location()).await.text().contains("已经结束"));
        let accept = format!("{}/accept", three.location());
        let done = later.post(&accept, &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(done.location().starts_with("/appointments/"));
        assert_eq!(resident.post(&accept, &[]).await.status, 404, "not theirs");
        sound(&test).await;
    })
    .await;
}

#[tokio::test]
async fn two_missed_visits_block_booking_online_but_not_staff() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        book(&mut resident, "worker-aid", &slot(TOMORROW, "0900"), "a").await;
        book(&mut resident, "pension-check", &slot(TOMORROW, "1000"), "b").await;
        test.app.clock.advance(SignedDuration::from_hours(24 + 4));
        for _ in 0..2 {
            server::windows::service::sweep_visits(&test.app).await.expect("swept");
        }
        let fields = [("slot", &*slot("2026-11-30", "0900")), ("key", "c")];
        let refused = resident.post("/services/worker-aid/book", &fields).await;
        assert!(refused.status == 409 && refused.text().contains("暂停到"), "{}", refused.text());
        let page = refused.text();
        let block = page.split("/me/blocks/").nth(1).expect("a way to appeal").split('"').next().expect("an id");
        let appeal = format!("/me/blocks/{block}/appeal");
        assert_eq!(resident.post(&appeal, &[("appeal", " ")]).await.status, 422);
        assert_eq!(resident.post(&appeal, &[("appeal", "那天住院了")]).await.status, 303);
        let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM booking_block")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(count, 1, "sweeping twice blocks once");

        let mut staff = test.signed_in(STAFF).await;
        let form = staff.get("/staff/appointments/new?hall=hall-wutong&item=worker-aid").await;
        assert!(form.status == 200 && form.text().contains(&slot("2026-11-30", "0900")), "{}", form.text());
        let fields = [
            ("hall", "hall-wutong"),
            ("item", "worker-aid"),
            ("slot", &*slot("2026-11-30", "0900")),
            ("phone", RESIDENT),
            ("name", "林晓禾"),
            ("key", "s"),
        ];
        let done = staff.post("/staff/appointments/new", &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let (assisted,): (i64,) = sqlx::query_as("SELECT CAST(SUM(booked_assisted) AS BIGINT) FROM slot")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(assisted, 1, "out of the assisted places");
        assert!(resident.get("/me/appointments").await.text().contains(done.location()));
        test.app.clock.advance(SignedDuration::from_hours(24 * 15));
        book(&mut resident, "pension-check", &slot("2026-12-15", "0900"), "d").await;
    })
    .await;
}

#[tokio::test]
async fn a_booking_is_found_by_phone_and_code_only_together() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "worker-aid", &slot(TOMORROW, "0900"), "a").await;
        let code = path.rsplit('/').next().expect("a code");
        let mut visitor = test.visitor();
        let found = visitor.post("/appointments/find", &[("phone", RESIDENT), ("code", code)]).await;
        assert_eq!(found.status, 303);
        assert_eq!(visitor.get(found.location()).await.status, 200);
        let wrong_phone = visitor.post("/appointments/find", &[("phone", OTHER), ("code", code)]).await;
        let wrong_code = visitor.post("/appointments/find", &[("phone", OTHER), ("code", "AAAAAA")]).await;
        assert_eq!((wrong_phone.status.as_u16(), wrong_code.status.as_u16()), (422, 422));
        for _ in 0..12 {
            visitor.post("/appointments/find", &[("phone", RESIDENT), ("code", "AAAAAA")]).await;
        }
        assert_eq!(visitor.post("/appointments/find", &[("phone", RESIDENT), ("code", code)]).await.status, 429);
    })
    .await;
}
