//! What residents and staff see of the day elsewhere: cards of the home page, the hall's opening with the wait, ratings
//! that wait for an answer; and the fair rule of numbers from afar.

use super::{
    OTHER, RESIDENT, STAFF, TOMORROW, halls,
    queue::{chains_are_whole, wutong},
};
use crate::support::{Browser, TestApp, on_both};
use jiff::SignedDuration;
use server::windows::{service, store};

const COUNTER: &str = "/staff/counter/hall-wutong.4";
const REMOTE: &str = "/halls/hall-wutong/ticket/number";

async fn ok(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(path, fields).await;
    let page = answer.text();
    let said = page.split("role=\"alert\"").nth(1).unwrap_or(&page);
    assert_eq!(answer.status, 303, "{path}: {said}");
    answer.location().to_owned()
}

/// A browser of Wutong.
fn of_wutong(mut browser: Browser) -> Browser {
    browser.cookies.insert("linli_community".into(), "wutong".into());
    browser
}

async fn afar(browser: &mut Browser, item: &str, key: &str) -> String {
    let location = ok(browser, REMOTE, &[("item", item), ("key", key)]).await;
    let id = location.split("/tickets/").nth(1).and_then(|rest| rest.split('?').next());
    id.expect("a ticket").to_owned()
}

async fn state(test: &TestApp, id: &str) -> (String, Option<i64>) {
    let ticket = store::tickets::by_id(test.app.db.read(), id).await.expect("read").expect("there");
    (ticket.state_code, ticket.ended_at)
}

#[tokio::test]
async fn the_home_page_follows_my_number_and_says_how_long_one_waits() {
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let mut resident = of_wutong(test.signed_in(RESIDENT).await);
        let mut visitor = of_wutong(test.visitor());
        let home = visitor.get("/").await.text();
        assert!(home.contains("今天 08:30–11:30") && !home.contains("现在约等"), "nobody serves: {home}");
        assert!(home.contains("/halls/hall-wutong/ticket"), "the way to a number from afar");
        assert!(!home.contains("data-live"));

        // Somebody is served for eight minutes: then a wait can be told.
        ok(&mut staff, &format!("{COUNTER}/open"), &[]).await;
        ok(&mut staff, &format!("{COUNTER}/walk-in"), &[("item", "birth-registration"), ("key", "w0")]).await;
        ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
        let page = staff.get(COUNTER).await.text();
        let first = page.split("name=\"ticket\" value=\"").nth(1).expect("a ticket").split('"').next().expect("an id");
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", first), ("step", "start")]).await;
        test.app.clock.advance(SignedDuration::from_mins(8));
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", first), ("step", "finish")]).await;
        for key in ["w1", "w2"] {
            ok(&mut staff, &format!("{COUNTER}/walk-in"), &[("item", "birth-registration"), ("key", key)]).await;
        }
        for path in ["/", "/services?hall=hall-wutong", "/services/birth-registration?hall=hall-wutong"] {
            let page = visitor.get(path).await.text();
            assert!(page.contains("现在约等 10–25 分钟"), "two wait, one window, eight minutes each: {path} {page}");
            assert!(page.contains("/halls/hall-wutong/ticket"), "{path}");
        }

        let id = afar(&mut resident, "birth-registration", "a").await;
        let home = resident.get("/").await.text();
        assert!(home.contains("11:08 前到大厅扫码签到"), "{home}");
        assert!(home.contains("data-live=\"/api/v1/halls/hall-wutong/live\""), "it follows the queue");
        assert!(home.contains("http-equiv=\"refresh\""), "without JavaScript as well");
        let door = test.app.secrets.link_token("door", "hall-wutong");
        // Nobody arrives in the same microsecond as those before them.
        test.app.clock.advance(SignedDuration::from_mins(1));
        ok(&mut resident, "/halls/hall-wutong/door/check-in", &[("ticket", &id), ("d", &door)]).await;
        let home = resident.get("/").await.text();
        assert!(home.contains("前面 2 位 · 约 10–25 分钟") && !home.contains("data-call"), "{home}");
        for _ in 0..3 {
            ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
            let page = staff.get(COUNTER).await.text();
            let at = page.split("name=\"ticket\" value=\"").nth(1).expect("a ticket");
            let at = at.split('"').next().expect("an id");
            if at != id {
                ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", at), ("step", "park")]).await;
            }
        }
        let home = resident.get("/").await.text();
        assert!(home.contains("请到 4 号窗口") && home.contains("data-call=\""), "{home}");
        assert!(!visitor.get("/").await.text().contains("请到 4 号窗口"), "only mine");

        // At night nothing is promised.
        test.app.clock.advance(SignedDuration::from_hours(9));
        let home = visitor.get("/").await.text();
        assert!(!home.contains("现在约等") && !home.contains("/halls/hall-wutong/ticket"), "{home}");
    })
    .await;
}

#[tokio::test]
async fn an_offer_of_the_waiting_list_is_on_the_home_page_until_it_runs_out() {
    use server::windows::store::{Keeper, holds, waiting};
    on_both(|test| async move {
        halls(&test).await;
        let (hall, now) = (wutong(&test).await, test.app.clock.now());
        let desks = store::tickets::desks(test.app.db.read(), &hall.id).await.expect("read");
        let items = ["worker-aid".to_owned()];
        let day: jiff::civil::Date = TOMORROW.parse().expect("a date");
        let until = now + SignedDuration::from_mins(30);
        let mut tx = test.app.db.begin().await.expect("begin");
        let entry = waiting::NewEntry {
            id: "w",
            person_id: test.person(RESIDENT),
            hall_id: &hall.id,
            day,
            items: &items,
            answers: "{}".into(),
            materials: "{}".into(),
        };
        waiting::insert(&mut tx, entry, now).await.expect("written");
        let starts = app::time::at_time(day, jiff::civil::time(10, 0, 0, 0));
        let hold = holds::NewHold {
            id: "h",
            hall_id: &hall.id,
            window_id: &desks[0].id,
            span: (starts, starts + SignedDuration::from_mins(30)),
            items: &items,
            keeper: &Keeper { person_id: Some(test.person(RESIDENT).to_owned()), device_hash: String::new() },
            address_hash: "",
            appointment_id: None,
            expires_at: until,
        };
        holds::insert(&mut tx, hold, now).await.expect("written");
        assert!(waiting::offer(&mut tx, "w", "h", until).await.expect("offered"));
        tx.commit().await.expect("commit");
        let mut resident = test.signed_in(RESIDENT).await;
        let home = resident.get("/").await.text();
        assert!(home.contains("候补有名额了") && home.contains("/me/waiting/w") && home.contains("10:30"), "{home}");
        test.app.clock.advance(SignedDuration::from_mins(31));
        assert!(!resident.get("/").await.text().contains("候补有名额了"), "it has run out");
    })
    .await;
}

#[tokio::test]
async fn numbers_from_afar_lapse_in_time_and_are_not_given_before_closing() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let door = test.app.secrets.link_token("door", "hall-wutong");
        let id = afar(&mut resident, "birth-registration", "a").await;
        let page = resident.get(&format!("/tickets/{id}")).await.text();
        assert!(page.contains("请在 11:00 前到大厅门口扫码签到"), "{page}");
        test.app.clock.advance(SignedDuration::from_mins(60));
        let late = resident.post("/halls/hall-wutong/door/check-in", &[("ticket", &id), ("d", &door)]).await;
        assert!(late.status == 409 && late.text().contains("已经作废"), "{}", late.text());
        let eleven = "2026-11-25T03:00:00Z".parse::<jiff::Timestamp>().expect("an instant").as_microsecond();
        assert_eq!(state(&test, &id).await, ("left".into(), Some(eleven)));
        assert!(resident.get("/me/inbox").await.text().contains("没有按时到"), "its person is told");

        // The next one may be drawn; the noon break does not count: 30 minutes before it, 30 after it.
        let second = afar(&mut resident, "birth-registration", "b").await;
        assert!(resident.get("/").await.text().contains("14:00 前到大厅"));
        test.app.clock.advance(SignedDuration::from_mins(3 * 60 - 1));
        service::end_lapsed(&test.app).await.expect("ended");
        assert_eq!(state(&test, &second).await.0, "issued", "a minute is left");
        test.app.clock.advance(SignedDuration::from_mins(1));
        service::end_lapsed(&test.app).await.expect("ended");
        service::end_lapsed(&test.app).await.expect("again");
        assert_eq!(state(&test, &second).await.0, "left");

        // 17:00: half an hour is left. Closing time ends what was drawn then.
        test.app.clock.advance(SignedDuration::from_hours(3));
        let third = afar(&mut resident, "birth-registration", "c").await;
        assert!(resident.get("/").await.text().contains("17:30 前到大厅"), "at closing");
        test.app.clock.advance(SignedDuration::from_mins(25));
        let mut other = test.signed_in(OTHER).await;
        let refused = other.post(REMOTE, &[("item", "birth-registration"), ("key", "x")]).await;
        assert!(refused.status == 409 && refused.text().contains("今天闭厅前轮不到您了"), "{}", refused.text());
        test.app.clock.advance(SignedDuration::from_mins(5));
        service::end_lapsed(&test.app).await.expect("ended");
        assert_eq!(state(&test, &third).await.0, "left");
        chains_are_whole(&test).await;
    })
    .await;
}

#[tokio::test]
async fn somebody_before_whom_many_wait_is_told_that_the_hall_closes_first() {
    on_both(|test| async move {
        halls(&test).await;
        // Ten minutes a person were measured; 16:00, nine wait for the one window that serves it.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query(
            "DELETE FROM window_item WHERE item_id = (SELECT id FROM service_item WHERE code = 'birth-registration') \
             AND window_id NOT IN (SELECT id FROM service_window WHERE number = 4)",
        )
        .execute(&mut *tx)
        .await
        .expect("changed");
        tx.commit().await.expect("commit");
        let mut staff = test.signed_in(STAFF).await;
        ok(&mut staff, &format!("{COUNTER}/open"), &[]).await;
        ok(&mut staff, &format!("{COUNTER}/walk-in"), &[("item", "birth-registration"), ("key", "w")]).await;
        ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
        let page = staff.get(COUNTER).await.text();
        let first = page.split("name=\"ticket\" value=\"").nth(1).expect("a ticket").split('"').next().expect("an id");
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", first), ("step", "start")]).await;
        test.app.clock.advance(SignedDuration::from_mins(10));
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", first), ("step", "finish")]).await;
        test.app.clock.advance(SignedDuration::from_mins(5 * 60 + 50));
        for n in 0..9 {
            let key = format!("n{n}");
            ok(&mut staff, &format!("{COUNTER}/walk-in"), &[("item", "birth-registration"), ("key", &key)]).await;
        }
        let fields = [("item", "birth-registration"), ("key", "r")];
        let refused = test.signed_in(RESIDENT).await.post(REMOTE, &fields).await;
        assert!(refused.status == 409 && refused.text().contains("今天闭厅前轮不到您了"), "{}", refused.text());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_person_has_one_number_from_afar_at_all_halls_and_in_all_browsers() {
    on_both(|test| async move {
        halls(&test).await;
        let all: Vec<String> =
            store::halls::all(&test.app.db).await.expect("read").into_iter().map(|hall| hall.code).collect();
        assert!(all.len() > 1);
        let mut resident = test.signed_in(RESIDENT).await;
        resident.get("/").await;
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (mut browser, hall) = (resident.clone(), all[n % all.len()].clone());
                tokio::spawn(async move {
                    let (path, key) = (format!("/halls/{hall}/ticket/number"), format!("k{n}"));
                    browser.post(&path, &[("item", "worker-aid"), ("key", &key)]).await.status.as_u16()
                })
            })
            .collect();
        let mut given = 0;
        for task in tasks {
            let status = task.await.expect("no panic");
            assert!([303, 409].contains(&status), "{status}");
            given += usize::from(status == 303);
        }
        assert_eq!(given, 1);
        // The same browser, signed out, gets no second one.
        let device = resident.cookies.get("linli_device").expect("a device").clone();
        let mut nobody = test.visitor();
        nobody.cookies.insert("linli_device".into(), device);
        let second = nobody.post(REMOTE, &[("item", "worker-aid"), ("key", "z")]).await;
        assert!(second.status == 409 && second.text().contains("已经有一个号"), "{}", second.text());
        let (id,): (String,) =
            sqlx::query_as("SELECT id FROM ticket").fetch_one(test.app.db.read()).await.expect("one");
        assert_eq!(nobody.get(&format!("/tickets/{id}")).await.status, 404, "but does not see whose it is");
    })
    .await;
}

#[tokio::test]
async fn a_bad_rating_is_due_after_one_working_day_and_its_answer_reaches_the_resident() {
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let id = afar(&mut resident, "birth-registration", "a").await;
        let door = test.app.secrets.link_token("door", "hall-wutong");
        ok(&mut resident, "/halls/hall-wutong/door/check-in", &[("ticket", &id), ("d", &door)]).await;
        ok(&mut staff, &format!("{COUNTER}/open"), &[]).await;
        ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
        for step in ["start", "finish"] {
            ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", &id), ("step", step)]).await;
        }
        // Friday: a working day later is Monday.
        test.app.clock.advance(SignedDuration::from_hours(48));
        let rating = format!("/tickets/{id}/rating");
        ok(&mut resident, &rating, &[("stars", "2"), ("reason", "少说了一份材料")]).await;
        let today = staff.get("/staff").await.text();
        assert!(today.contains("要答复的评价") && today.contains("11月30日"), "{today}");
        assert!(today.contains("href=\"/staff/ratings\""), "in the navigation");
        let list = staff.get("/staff/ratings").await.text();
        assert!(list.contains("11月30日 周一 前答复") && !list.contains("超期"), "{list}");
        test.app.clock.advance(SignedDuration::from_hours(24 * 5));
        let list = staff.get("/staff/ratings").await.text();
        assert!(list.contains("超期 2 天"), "{list}");
        ok(&mut staff, &format!("/staff/ratings/{id}"), &[("answer", "已经写进材料单了")]).await;
        assert!(!staff.get("/staff").await.text().contains("要答复的评价"));
        assert!(!staff.get("/staff/ratings").await.text().contains("超期"));
        assert!(resident.get(&format!("/tickets/{id}")).await.text().contains("已经写进材料单了"));
        assert!(resident.get("/me/inbox").await.text().contains("大厅答复了您的评价"));
    })
    .await;
}

#[tokio::test]
async fn a_note_is_kept_with_the_materials_and_over_an_undo() {
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        ok(&mut staff, &format!("{COUNTER}/open"), &[]).await;
        ok(&mut staff, &format!("{COUNTER}/walk-in"), &[("item", "birth-registration"), ("key", "w")]).await;
        ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
        let page = staff.get(COUNTER).await.text();
        let id = page.split("name=\"ticket\" value=\"").nth(1).expect("a ticket").split('"').next().expect("an id");
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", id), ("step", "start"), ("key", "s")]).await;
        ok(&mut staff, &format!("{COUNTER}/materials"), &[("ticket", id), ("note", "等复印件")]).await;
        assert!(staff.get(COUNTER).await.text().contains("等复印件"), "saved with the materials");
        // What is too long comes back whole and changes nothing.
        let long = "长".repeat(501);
        for (path, step) in [("materials", ""), ("step", "finish")] {
            let fields = [("ticket", id), ("step", step), ("key", "long"), ("note", long.as_str())];
            let back = staff.post(&format!("{COUNTER}/{path}"), &fields).await;
            assert_eq!(back.status, 422, "{path}");
            assert!(back.text().contains(&long) && back.text().contains("最多 500 个字"), "{path}: {}", back.text());
        }
        assert!(staff.get(COUNTER).await.text().contains("等复印件"), "the one before is still there");
        let undo = |page: &str| {
            let form = page.split(&format!("{COUNTER}/undo")).nth(1).expect("an undo").to_owned();
            form.split("name=\"step\" value=\"").nth(1).expect("a step").split('"').next().expect("an id").to_owned()
        };
        let finish = [("ticket", id), ("step", "finish"), ("key", "f"), ("note", "复印件齐了")];
        ok(&mut staff, &format!("{COUNTER}/step"), &finish).await;
        let step = undo(&staff.get(COUNTER).await.text());
        ok(&mut staff, &format!("{COUNTER}/undo"), &[("step", &step)]).await;
        assert!(staff.get(COUNTER).await.text().contains("复印件齐了"), "what was written stays written");
        chains_are_whole(&test).await;
    })
    .await;
}

/// What was typed at the counter and about a visit stays text: in the fields that show it again, and to whom it is shown.
#[tokio::test]
async fn hostile_notes_reasons_and_answers_are_words() {
    const EVIL: &str = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>";
    fn inert(page: &str) {
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{page}");
    }
    fn shown(page: &str) {
        inert(page);
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    }
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let id = afar(&mut resident, "birth-registration", "a").await;
        let door = test.app.secrets.link_token("door", "hall-wutong");
        ok(&mut resident, "/halls/hall-wutong/door/check-in", &[("ticket", &id), ("d", &door)]).await;
        ok(&mut staff, &format!("{COUNTER}/open"), &[]).await;
        ok(&mut staff, &format!("{COUNTER}/call"), &[]).await;
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", &id), ("step", "start")]).await;
        ok(&mut staff, &format!("{COUNTER}/materials"), &[("ticket", &id), ("note", EVIL)]).await;
        shown(&staff.get(COUNTER).await.text());
        ok(&mut staff, &format!("{COUNTER}/step"), &[("ticket", &id), ("step", "finish"), ("note", EVIL)]).await;
        ok(&mut resident, &format!("/tickets/{id}/rating"), &[("stars", "1"), ("reason", EVIL)]).await;
        shown(&staff.get("/staff/ratings").await.text());
        let answer = format!("/staff/ratings/{id}");
        ok(&mut staff, &answer, &[("answer", EVIL)]).await;
        inert(&staff.post(&answer, &[("answer", EVIL)]).await.text());
        shown(&resident.get(&format!("/tickets/{id}")).await.text());
        for page in ["/me/inbox", "/"] {
            inert(&resident.get(page).await.text());
        }
    })
    .await;
}
