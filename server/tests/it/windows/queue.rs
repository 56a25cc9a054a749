//! The queue: numbers, calling, every step at the counter, undo, and the chain of intervals after all of it.

use super::{RESIDENT, STAFF, book, halls, slot};
use crate::support::{Browser, TestApp, on_both};
use app::windows::queue::{Channel, PriorityClass, Step};
use jiff::SignedDuration;
use server::windows::{
    service::{self, Mover, Wish},
    store::{self, Hall, tickets},
};

/// A second clerk of Wutong.
pub const SECOND_CLERK: &str = "19900000032";

/// The Wutong hall.
pub async fn wutong(test: &TestApp) -> Hall {
    store::halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there")
}

/// Somebody who moves the queue now, as the person with this number.
pub fn mover<'a>(test: &'a TestApp, phone: &str) -> Mover<'a> {
    Mover { app: &test.app, now: test.app.clock.now(), person: Some(test.person(phone)), request_id: "test" }
}

/// A number from the desk of the Wutong hall; gives the ticket's id.
pub async fn draw(test: &TestApp, item: &str, class: PriorityClass) -> String {
    let hall = wutong(test).await;
    let stored = store::items::by_code(&test.app.db, item).await.expect("read").expect("there");
    let wish = Wish {
        items: vec![&stored],
        channel: Channel::Desk,
        class,
        name: "王伟".into(),
        person_id: None,
        device: "",
        key: String::new(),
    };
    service::issue(&mover(test, STAFF), &hall, &wish).await.expect("a number").id
}

/// For the test of access: some ticket of the Wutong hall.
pub async fn ticket_id(test: &TestApp) -> String {
    draw(test, "birth-registration", PriorityClass::Ordinary).await
}

/// The id of a window.
pub async fn window(test: &TestApp, number: i64) -> String {
    let hall = wutong(test).await;
    let desks = tickets::desks(test.app.db.read(), &hall.id).await.expect("read");
    desks.into_iter().find(|desk| desk.number == number).expect("there").id
}

/// Every ticket has one chain: it begins when it was drawn, has no gap, no overlap and no interval that runs backwards;
/// an open ticket has exactly one open interval, in its own state, an ended one has none.
pub async fn chains_are_whole(test: &TestApp) {
    for (what, sql) in [
        (
            "gaps or overlaps",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_interval a JOIN ticket_interval b ON b.ticket_id = a.ticket_id \
             AND b.position = a.position + 1 WHERE a.ends_at IS NULL OR a.ends_at <> b.starts_at",
        ),
        ("running backwards", "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_interval WHERE ends_at < starts_at"),
        (
            "not beginning with the number",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM ticket_interval i \
             WHERE i.ticket_id = t.id AND i.position = 0 AND i.starts_at = t.issued_at)",
        ),
        (
            "missing positions",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket t WHERE (SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_interval i \
             WHERE i.ticket_id = t.id) <> (SELECT MAX(i.position) + 1 FROM ticket_interval i WHERE i.ticket_id = t.id)",
        ),
        (
            "open tickets without exactly one open interval in their state",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket t WHERE t.state NOT IN ('done', 'no_show', 'left') AND \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_interval i WHERE i.ticket_id = t.id AND i.ends_at IS NULL \
             AND i.state = t.state) <> 1",
        ),
        (
            "ended tickets with an open interval or another end",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket t WHERE t.state IN ('done', 'no_show', 'left') AND \
             (t.ended_at IS NULL OR EXISTS (SELECT 1 FROM ticket_interval i WHERE i.ticket_id = t.id AND i.ends_at IS NULL) \
             OR t.ended_at <> (SELECT MAX(i.ends_at) FROM ticket_interval i WHERE i.ticket_id = t.id))",
        ),
        (
            "windows with two people",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT window_id FROM ticket WHERE state IN ('called', 'serving') \
             GROUP BY window_id HAVING COUNT(*) > 1) x",
        ),
    ] {
        let (wrong,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("counted");
        assert_eq!(wrong, 0, "{what}");
    }
}

/// The value of the first field with this name in a page.
fn field(page: &str, name: &str, after: &str) -> String {
    let from = page.find(after).unwrap_or_else(|| panic!("{after} is in {page}"));
    let marker = format!("name=\"{name}\" value=\"");
    let at = page[from..].find(&marker).unwrap_or_else(|| panic!("{name} after {after}")) + from + marker.len();
    page[at..].split('"').next().expect("a value").to_owned()
}

async fn state(test: &TestApp, ticket: &str) -> String {
    tickets::by_id(test.app.db.read(), ticket).await.expect("read").expect("there").state_code
}

async fn post(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> u16 {
    browser.post(path, fields).await.status.as_u16()
}

#[tokio::test]
async fn a_clerk_serves_a_booking_and_a_walk_in_without_javascript() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "birth-registration", &slot(super::TOMORROW, "1000"), "k1").await;
        test.app.clock.advance(SignedDuration::from_mins(24 * 60 - 5));
        let mut staff = test.signed_in(STAFF).await;
        let code = path.rsplit('/').next().expect("a code").to_owned();
        assert_eq!(post(&mut staff, "/staff/check-in", &[("code", &code)]).await, 303);
        assert_eq!(post(&mut staff, "/staff/check-in", &[("code", &code)]).await, 303, "twice is like once");

        // Nothing moves before the clerk works there.
        let counter = "/staff/counter/hall-wutong.4";
        assert_eq!(post(&mut staff, &format!("{counter}/call"), &[("key", "x")]).await, 409);
        assert_eq!(post(&mut staff, &format!("{counter}/open"), &[]).await, 303);
        let walk_in = [("item", "birth-registration"), ("name", "陈阿婆"), ("class", "senior"), ("key", "w1")];
        assert_eq!(post(&mut staff, &format!("{counter}/walk-in"), &walk_in).await, 303);
        assert_eq!(post(&mut staff, &format!("{counter}/walk-in"), &walk_in).await, 303);
        let page = staff.get(counter).await.text();
        assert!(
            page.find("陈阿婆").expect("there") < page.find("林晓禾").expect("there"),
            "priority goes first: {page}"
        );
        assert!(page.contains("约 10:00"), "{page}");
        let beside: String = page.split("陈阿婆").nth(1).expect("there").chars().take(60).collect();
        assert!(beside.contains("class=\"tag\"") && beside.contains("80 岁以上"), "why she goes first: {beside}");
        let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM ticket")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(count, 2, "one submit is one number");

        let key = field(&page, "key", &format!("{counter}/call"));
        assert_eq!(post(&mut staff, &format!("{counter}/call"), &[("key", &key)]).await, 303);
        assert_eq!(post(&mut staff, &format!("{counter}/call"), &[("key", &key)]).await, 303, "a repeated tap");
        let page = staff.get(counter).await.text();
        assert!(page.contains("call-number") && page.contains("已叫"), "{page}");
        let ticket = field(&page, "ticket", &format!("{counter}/step"));
        let step = format!("{counter}/step");
        let tap = |name: &'static str, key: &'static str| {
            [("ticket", ticket.clone()), ("step", name.into()), ("key", key.into())]
        };
        let tap = |name, key| tap(name, key).map(|(a, b)| (a, b));
        for (name, key, expected, after) in [
            ("finish", "a", 409, "called"),
            ("recall", "b", 303, "called"),
            ("recall", "b", 303, "called"),
            ("recall", "c", 303, "called"),
            ("recall", "d", 409, "called"),
            ("pass", "e", 303, "passed"),
            ("recall_passed", "f", 303, "waiting"),
        ] {
            let fields = tap(name, key);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
            assert_eq!(post(&mut staff, &step, &fields).await, expected, "{name} {key}");
            assert_eq!(state(&test, &ticket).await, after, "{name} {key}");
        }
        assert_eq!(post(&mut staff, &format!("{counter}/call"), &[("key", "again")]).await, 303);
        assert_eq!(state(&test, &ticket).await, "called", "who came back is next");
        test.app.clock.advance(SignedDuration::from_mins(1));
        let fields = tap("start", "g");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        assert_eq!(post(&mut staff, &step, &fields).await, 303);
        test.app.clock.advance(SignedDuration::from_mins(9));
        let page = staff.get(counter).await.text();
        let first = page.split("name=\"seen\" value=\"").nth(1).expect("materials").split('"').next().expect("a value");
        let done = [("ticket", &*ticket), ("step", "finish"), ("key", "h"), ("outcome", "missing"), ("seen", first)];
        assert_eq!(post(&mut staff, &step, &done).await, 303);
        assert_eq!(post(&mut staff, &step, &done).await, 303, "a repeated tap");
        assert_eq!(state(&test, &ticket).await, "done");
        let print = staff.get(&format!("/staff/tickets/{ticket}/missing")).await.text();
        assert!(print.contains("还缺的材料") && print.contains('☐'), "{print}");

        // The booking: called, not there, and it is a missed visit.
        assert_eq!(post(&mut staff, &format!("{counter}/call"), &[("key", "z")]).await, 303);
        let page = staff.get(counter).await.text();
        assert!(page.contains("林晓禾"), "{page}");
        let ticket = field(&page, "ticket", &format!("{counter}/step"));
        let fields = [("ticket", &*ticket), ("step", "no_show"), ("key", "n")];
        assert_eq!(post(&mut staff, &step, &fields).await, 303);
        let booking = || async {
            let row: (String,) =
                sqlx::query_as("SELECT state FROM appointment").fetch_one(test.app.db.read()).await.expect("there");
            row.0
        };
        assert_eq!(booking().await, "no_show");

        // Undone within ten seconds: everything is as before.
        test.app.clock.advance(SignedDuration::from_secs(9));
        let page = staff.get(counter).await.text();
        let undo = field(&page, "step", &format!("{counter}/undo"));
        assert_eq!(post(&mut staff, &format!("{counter}/undo"), &[("step", &undo)]).await, 303);
        assert_eq!(post(&mut staff, &format!("{counter}/undo"), &[("step", &undo)]).await, 303, "twice is like once");
        assert_eq!((state(&test, &ticket).await.as_str(), booking().await.as_str()), ("called", "checked_in"));
        chains_are_whole(&test).await;
        let fields = [("ticket", &*ticket), ("step", "start"), ("key", "o")];
        assert_eq!(post(&mut staff, &step, &fields).await, 303);
        test.app.clock.advance(SignedDuration::from_secs(11));
        let (step_id,): (String,) =
            sqlx::query_as("SELECT id FROM ticket_step WHERE action = 'start' ORDER BY at DESC LIMIT 1")
                .fetch_one(test.app.db.read())
                .await
                .expect("there");
        assert_eq!(post(&mut staff, &format!("{counter}/undo"), &[("step", &step_id)]).await, 409, "too late");
        chains_are_whole(&test).await;

        // What is left open at the end of the day ends with it.
        test.app.clock.advance(SignedDuration::from_hours(24));
        service::end_past_days(&test.app).await.expect("ended");
        assert_eq!(booking().await, "done");
        chains_are_whole(&test).await;
    })
    .await;
}

#[tokio::test]
async fn transfers_and_parking_keep_the_place_in_line() {
    on_both(|test| async move {
        halls(&test).await;
        let hall = wutong(&test).await;
        let (two, three) = (window(&test, 2).await, window(&test, 3).await);
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(draw(&test, "pension-check", PriorityClass::Ordinary).await);
            test.app.clock.advance(SignedDuration::from_secs(60));
        }
        let clerk = |test: &TestApp| test.person(STAFF).to_owned();
        let person = clerk(&test);
        let now = || Mover { app: &test.app, now: test.app.clock.now(), person: Some(&person), request_id: "" };
        let none = service::Extra::default();
        assert!(
            matches!(service::call_next(&now(), &hall, &three, "").await, Err(service::QueueError::Nobody)),
            "window 3 does not serve pensions"
        );
        assert_eq!(service::call_next(&now(), &hall, &two, "").await.expect("called"), ids[0]);
        assert!(matches!(service::call_next(&now(), &hall, &two, "").await, Err(service::QueueError::Busy)));
        // Another window cannot move it.
        let other = service::act(&now(), &hall, Some(&three), (&ids[0], Step::Start), &none, "").await;
        assert!(matches!(other, Err(service::QueueError::NotNow)));
        let extra = service::Extra { to_window: Some(three.clone()), ..Default::default() };
        service::act(&now(), &hall, Some(&two), (&ids[0], Step::Transfer), &extra, "").await.expect("transferred");
        assert_eq!(service::call_next(&now(), &hall, &two, "").await.expect("called"), ids[1], "not for window 2 now");
        assert_eq!(service::call_next(&now(), &hall, &three, "").await.expect("called"), ids[0]);
        service::act(&now(), &hall, Some(&two), (&ids[1], Step::Park), &none, "").await.expect("parked");
        service::act(&now(), &hall, Some(&two), (&ids[1], Step::Unpark), &none, "").await.expect("back");
        assert_eq!(service::call_next(&now(), &hall, &two, "").await.expect("called"), ids[1], "before the third");
        chains_are_whole(&test).await;
    })
    .await;
}

#[tokio::test]
async fn a_step_is_undone_by_who_made_it_and_only_once() {
    on_both(|test| async move {
        halls(&test).await;
        let hall = wutong(&test).await;
        let one = window(&test, 1).await;
        let id = draw(&test, "worker-aid", PriorityClass::Ordinary).await;
        service::call_next(&mover(&test, STAFF), &hall, &one, "").await.expect("called");
        let step = tickets::newest_step(test.app.db.read(), &id).await.expect("read").expect("there");
        let by_other = service::undo(&mover(&test, SECOND_CLERK), &hall, &step.id).await;
        assert!(matches!(by_other, Err(service::QueueError::NoUndo)));
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (app, hall, step) = (test.app.clone(), hall.clone(), step.id.clone());
                let (person, window, ticket) = (test.person(STAFF).to_owned(), one.clone(), id.clone());
                tokio::spawn(async move {
                    let mover = Mover { app: &app, now: app.clock.now(), person: Some(&person), request_id: "" };
                    if n % 2 == 0 {
                        service::undo(&mover, &hall, &step).await.is_ok()
                    } else {
                        let extra = service::Extra::default();
                        let what = (ticket.as_str(), Step::Start);
                        service::act(&mover, &hall, Some(&window), what, &extra, "").await.is_ok()
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
        let state = state(&test, &id).await;
        assert!(["waiting", "serving"].contains(&state.as_str()), "one of the two happened: {state}");
        chains_are_whole(&test).await;
    })
    .await;
}
