//! Activities told as stories: seats, the waiting list, the list at the door, calendars; corrections and withdrawals in [`told`].

mod told;

use crate::{
    notices::{id_in, messages, published, typed, version},
    support::{Browser, TestApp, on_both},
    windows::servers::{Pair, no_deadlocks, sessions, system_now},
};
use app::{
    i18n::{Lang, Words},
    notices::{ActivityPlan, NoticeForm, NoticeState, form::local},
};
use axum::http::StatusCode;
use futures::future::join_all;
use icalendar::{Component, EventLike};
use jiff::SignedDuration;
use server::{
    clock,
    notices::{activity::store, store::write},
};

const LIN: &str = "19900000001";
const ZHOU: &str = "19900000002";
const WU: &str = "19900000003";
const GU: &str = "19900000004";
/// Staff of 梧桐社区.
const SHEN: &str = "19900000031";
/// Staff of 杏坞社区.
const QIN: &str = "19900000033";

/// The clock says Wednesday 2026-11-25 10:00.
const SATURDAY: [(&str, &str); 7] = [
    ("kind", "activity"),
    ("title", "周六包饺子"),
    ("aims", "wutong"),
    ("activity_starts", "2026-11-28T09:00"),
    ("activity_ends", "2026-11-28T11:00"),
    ("activity_place", "社区活动室"),
    ("activity_until", "2026-11-27T18:00"),
];

async fn activity(test: &TestApp, staff: &mut Browser, seats: &str, most: &str) -> String {
    let fields = [&SATURDAY[..], &[("activity_seats", seats), ("activity_most", most)]].concat();
    published(test, staff, &fields).await
}

async fn sign_up(browser: &mut Browser, id: &str, people: &str) -> String {
    let answer = browser.post(&format!("/notices/{id}/sign-up"), &[("people", people)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    browser.get(&format!("/notices/{id}")).await.text()
}

/// Seats taken by the activity's own count, and by its sign-ups.
async fn taken(test: &TestApp, id: &str) -> (i64, i64) {
    sqlx::query_as(
        "SELECT a.taken, (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s \
         WHERE s.activity_id = a.id AND s.state = 'signed') FROM activity a WHERE a.id = $1",
    )
    .bind(id)
    .fetch_one(test.app.db.read())
    .await
    .expect("counted")
}

async fn told(test: &TestApp, phone: &str, text_key: &str) -> i64 {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = $1 AND text_key = $2")
            .bind(test.person(phone))
            .bind(text_key)
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
    count
}

#[tokio::test]
async fn seats_fill_somebody_waits_and_moves_up() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "3", "3").await;
        let page = test.visitor().get(&format!("/notices/{id}")).await.text();
        assert!(page.contains("共 3 个，还剩 3 个") && page.contains("社区活动室"), "{page}");
        assert!(page.contains("登录后报名"), "a visitor signs in first");
        let refused = test.visitor().post(&format!("/notices/{id}/sign-up"), &[("people", "1")]).await;
        assert!(refused.location().starts_with("/login"));

        let (mut lin, mut zhou) = (test.signed_in(LIN).await, test.signed_in(ZHOU).await);
        let (mut wu, mut gu) = (test.signed_in(WU).await, test.signed_in(GU).await);
        let page = sign_up(&mut lin, &id, "2").await;
        assert!(page.contains("您已报名，2 人") && page.contains("还剩 1 个"), "{page}");
        // The second tap changes nothing.
        sign_up(&mut lin, &id, "2").await;
        assert_eq!(taken(&test, &id).await, (2, 2));
        let later = || test.app.clock.advance(SignedDuration::from_secs(1));
        assert!(sign_up(&mut zhou, &id, "2").await.contains("候补第 1 位"), "one seat is not enough for two");
        later();
        assert!(sign_up(&mut wu, &id, "1").await.contains("您已报名"), "but for one");
        later();
        assert!(sign_up(&mut gu, &id, "3").await.contains("候补第 2 位"));
        assert_eq!(taken(&test, &id).await, (3, 3));
        let more = lin.post(&format!("/notices/{id}/sign-up"), &[("people", "3")]).await;
        assert_eq!(more.status, StatusCode::CONFLICT);
        let many = lin.post(&format!("/notices/{id}/sign-up"), &[("people", "4")]).await;
        assert_eq!(many.status, StatusCode::CONFLICT);
        for nonsense in ["两个", "0", "-1", "1.5", "99999999999999999999"] {
            let refused = lin.post(&format!("/notices/{id}/sign-up"), &[("people", nonsense)]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{nonsense} is nobody");
        }
        assert_eq!(taken(&test, &id).await, (3, 3), "a refusal takes nothing and gives nothing up");

        // One seat becomes free: too few for either. Two: the first who waits gets them and is told.
        wu.post(&format!("/notices/{id}/sign-up/cancel"), &[]).await;
        assert_eq!(taken(&test, &id).await, (2, 2));
        for _ in 0..2 {
            let left = lin.post(&format!("/notices/{id}/sign-up/cancel"), &[]).await;
            assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text());
        }
        assert_eq!(taken(&test, &id).await, (2, 2), "three were free, two of them are taken");
        assert_eq!((told(&test, ZHOU, "inbox-activity-up").await, told(&test, GU, "inbox-activity-up").await), (1, 0));
        let page = zhou.get(&format!("/notices/{id}")).await.text();
        assert!(page.contains("您已报名，2 人"), "{page}");
        // Who waits for three takes what there is.
        assert!(sign_up(&mut gu, &id, "1").await.contains("您已报名，1 人"));
        assert_eq!(taken(&test, &id).await, (3, 3));

        let listed = test.visitor().get("/api/v1/notices?community=wutong&kind=activity").await.json();
        let activity = &listed["items"][0]["activity"];
        assert_eq!((activity["seats"].as_i64(), activity["free"].as_i64()), (Some(3), Some(0)), "{listed}");
        assert_eq!(activity["starts_at"], "2026-11-28T01:00:00Z");
        let detail = test.visitor().get(&format!("/api/v1/notices/{id}")).await.json();
        assert_eq!(&detail["activity"], activity);
        let mine = zhou.get("/me/sign-ups").await.text();
        assert!(mine.contains("周六包饺子") && mine.contains("社区活动室"), "{mine}");
        // After the deadline nobody comes in, but seats still go to those who wait.
        assert!(sign_up(&mut lin, &id, "1").await.contains("候补第 1 位"));
        test.app.clock.advance(SignedDuration::from_hours(60));
        let late = test.signed_in(WU).await.post(&format!("/notices/{id}/sign-up"), &[("people", "1")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        test.signed_in(GU).await.post(&format!("/notices/{id}/sign-up/cancel"), &[]).await;
        assert_eq!(told(&test, LIN, "inbox-activity-up").await, 1);
        // When it has begun everything stays as it is.
        test.app.clock.advance(SignedDuration::from_hours(24));
        let begun = test.signed_in(ZHOU).await.post(&format!("/notices/{id}/sign-up/cancel"), &[]).await;
        assert_eq!(begun.status, StatusCode::CONFLICT);
        assert_eq!(taken(&test, &id).await, (3, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_forty_at_two_servers_ten_get_the_ten_seats() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let at = |hours| local(Some(system_now().max(test.app.clock.now()) + SignedDuration::from_hours(hours)));
        let (starts, ends) = (at(24 * 7), at(24 * 7 + 2));
        let fields = [
            ("kind", "activity"),
            ("aims", "wutong"),
            ("activity_starts", starts.as_str()),
            ("activity_ends", ends.as_str()),
            ("activity_seats", "10"),
        ];
        let id = published(&test, &mut staff, &fields).await;
        let pair = Pair::on(&test).await;
        let people = sessions(&test, 40).await;
        let path = format!("/notices/{id}/sign-up");
        // Everybody taps twice, once at each server.
        let taps = people.iter().enumerate().flat_map(|(n, person)| [(n, person), (n + 1, person)]);
        let replies =
            join_all(taps.map(async |(n, person)| pair.post(n, person, &path, &[("people", "1")]).await)).await;
        assert!(replies.iter().all(|reply| reply.status == 303), "{replies:?}");
        assert_eq!(taken(&test, &id).await, (10, 10), "as many as there are seats");
        let states = async || -> Vec<(String, i64)> {
            sqlx::query_as("SELECT state, CAST(COUNT(*) AS BIGINT) FROM sign_up GROUP BY state ORDER BY state")
                .fetch_all(test.app.db.read())
                .await
                .expect("counted")
        };
        assert_eq!(states().await, [("signed".to_owned(), 10), ("waiting".to_owned(), 30)]);
        // Half of all leave at once: every seat that becomes free goes to somebody who still waits.
        let leave = format!("{path}/cancel");
        let left = people.iter().enumerate().take(20).map(async |(n, person)| pair.post(n, person, &leave, &[]).await);
        assert!(join_all(left).await.iter().all(|reply| reply.status == 303));
        assert_eq!(taken(&test, &id).await, (10, 10));
        let expected = [("cancelled".to_owned(), 20), ("signed".to_owned(), 10), ("waiting".to_owned(), 10)];
        assert_eq!(states().await, expected);
        no_deadlocks(&test).await;
    })
    .await;
}

#[tokio::test]
async fn the_use_case_asks_for_the_name_that_the_list_at_the_door_has() {
    on_both(|test| async move {
        let id = activity(&test, &mut test.signed_in(SHEN).await, "5", "1").await;
        crate::outgoing::run(&test, &format!("UPDATE person SET name = ' ' WHERE id = '{}'", test.person(LIN))).await;
        // Past the page, which asks before.
        let ctx = crate::reports::context(&test, LIN).await;
        let refused = server::notices::activity::service::sign_up(&ctx, &id, 1).await;
        assert!(matches!(refused, Err(server::http::Error::Conflict("activity-conflict-name"))), "{refused:?}");
        assert_eq!(taken(&test, &id).await, (0, 0));
        crate::outgoing::run(&test, &format!("UPDATE person SET name = '林晓禾' WHERE id = '{}'", test.person(LIN)))
            .await;
        let ctx = crate::reports::context(&test, LIN).await;
        server::notices::activity::service::sign_up(&ctx, &id, 1).await.expect("signed up");
        assert_eq!(taken(&test, &id).await, (1, 1));
    })
    .await;
}

#[tokio::test]
async fn staff_tick_who_came_and_every_look_is_written_down() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "5", "5").await;
        let mut lin = test.signed_in(LIN).await;
        sign_up(&mut lin, &id, "2").await;
        let here = format!("/staff/notices/{id}/sign-ups");
        for phone in [LIN, QIN] {
            for path in [here.clone(), format!("{here}.csv")] {
                assert_eq!(test.signed_in(phone).await.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
            }
        }
        let page = staff.get(&here).await.text();
        assert!(page.contains("林晓禾") && page.contains("5 个名额，已报 2 人，候补 0 人，已到 0 人"), "{page}");
        assert!(page.contains("199****0001") && !page.contains(LIN), "the number is masked");
        let (sign_up,): (String,) =
            sqlx::query_as("SELECT id FROM sign_up").fetch_one(test.app.db.read()).await.expect("one");
        let tick = format!("{here}/{sign_up}/came");
        for _ in 0..2 {
            assert_eq!(staff.post(&tick, &[("came", "1")]).await.status, StatusCode::SEE_OTHER);
        }
        assert!(staff.get(&here).await.text().contains("已到 2 人"));
        let file = staff.get(&format!("{here}.csv")).await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert!(
            file.text().contains("林晓禾,2,199****0001,已报名,") && file.text().contains("10:00"),
            "{}",
            file.text()
        );
        staff.post(&tick, &[("came", "0")]).await;
        assert!(staff.get(&here).await.text().contains("已到 0 人"));
        assert_eq!(staff.post(&format!("{here}/not-an-id/came"), &[("came", "1")]).await.status, StatusCode::NOT_FOUND);
        let actions: Vec<(String, i64)> = sqlx::query_as(
            "SELECT action, CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'activity' GROUP BY action \
             ORDER BY action",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("counted");
        let expected =
            [("activity.see_list", 3), ("activity.sign_up", 1), ("activity.take_list", 1), ("activity.tick", 3)];
        assert_eq!(actions, expected.map(|(action, count)| (action.to_owned(), count)));
    })
    .await;
}

#[tokio::test]
async fn who_signed_up_is_forgotten_after_a_while_and_how_many_they_were_is_not() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "5", "2").await;
        sign_up(&mut test.signed_in(LIN).await, &id, "2").await;
        for (days, left) in [(80, (2, 2)), (20, (2, 0))] {
            test.app.clock.advance(SignedDuration::from_hours(24 * days));
            server::notices::service::forget(&test.app).await.expect("swept");
            assert_eq!(taken(&test, &id).await, left);
        }
    })
    .await;
}

#[tokio::test]
async fn the_calendar_of_everywhere_begins_with_what_is_to_come() {
    on_both(|test| async move {
        let now = test.app.clock.now();
        let mut tx = test.app.db.begin().await.expect("begin");
        // More in the last weeks than a calendar tells of, and two that are to come.
        for n in 0..205_i64 {
            let title = format!("活动{n}号");
            let form = NoticeForm { kind: "activity".into(), title, body: "来。".into(), ..NoticeForm::default() };
            let content = form.check(Words::new(Lang::Zh), now).expect("fine");
            let origin = write::Origin {
                author_id: test.person(SHEN),
                organisation_id: &test.loaded.organisations["wutong"].0,
                form_key: &clock::token(),
                changes: None,
            };
            let id = write::insert(&mut tx, origin, &content, now).await.expect("written").expect("new");
            let step = (&[NoticeState::Draft][..], NoticeState::Published);
            write::advance(&mut tx, &id, step, None, now).await.expect("published");
            let hours = if n < 203 { -24 * 20 + n } else { n };
            let starts_at = now + SignedDuration::from_hours(hours);
            let ends_at = starts_at + SignedDuration::from_mins(30);
            let (place, place_en) = (String::new(), String::new());
            let plan = ActivityPlan { starts_at, ends_at, place, place_en, seats: 0, most: 1, until: starts_at };
            store::set_plan(&mut tx, &id, None, Some(&plan)).await.expect("written");
            store::set_words(&mut tx, &id, &id, &plan, now).await.expect("written");
        }
        tx.commit().await.expect("commit");
        let text = test.visitor().get("/activities.ics").await.text();
        let calendar = text.parse::<icalendar::Calendar>().expect("a calendar");
        assert_eq!(calendar.events().count(), 200);
        for title in ["活动203号", "活动204号", "活动202号"] {
            assert!(text.contains(title), "{title}");
        }
        assert!(!text.contains("活动0号"), "the oldest has to go");
    })
    .await;
}

#[tokio::test]
async fn a_calendar_program_understands_one_activity_and_a_community_s() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "5", "1").await;
        let mut reader = test.visitor();
        let file = reader.get(&format!("/notices/{id}/activity.ics")).await;
        assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
        let read = |text: String| text.parse::<icalendar::Calendar>().expect("a calendar");
        let calendar = read(file.text());
        let event = calendar.events().next().expect("an event");
        assert_eq!(event.get_summary(), Some("周六包饺子"));
        assert_eq!(event.get_location(), Some("社区活动室"));
        assert_eq!(event.get_uid(), Some(format!("{id}@linli.test").as_str()));

        let feed = "/activities.ics?community=wutong";
        let answer = reader.get(feed).await;
        let etag = answer.headers["etag"].to_str().expect("text").to_owned();
        let calendar = read(answer.text());
        assert_eq!(calendar.events().count(), 1);
        assert_eq!(calendar.get_name(), Some("梧桐社区活动"));
        let again = reader.get_with(feed, &[("if-none-match", &etag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        // The same for everybody, whatever language their pages are in.
        reader.cookies.insert("linli_lang".into(), "en".into());
        assert_eq!(reader.get(feed).await.body, answer.body);
        reader.cookies.clear();
        let elsewhere = read(reader.get("/activities.ics?community=tinglan").await.text());
        assert_eq!(elsewhere.events().count(), 0);
        assert_eq!(reader.get("/activities.ics?community=nowhere").await.status, StatusCode::NOT_FOUND);

        staff.post(&format!("/staff/notices/{id}/withdraw"), &[("reason", "不办了。")]).await;
        let calendar = read(reader.get(feed).await.text());
        let event = calendar.events().next().expect("it is still told of");
        assert_eq!(event.property_value("STATUS"), Some("CANCELLED"));
        assert_eq!(event.property_value("SEQUENCE"), Some("1"));
        // A notice that is about no activity has no file.
        let other = published(&test, &mut staff, &[]).await;
        assert_eq!(reader.get(&format!("/notices/{other}/activity.ics")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
