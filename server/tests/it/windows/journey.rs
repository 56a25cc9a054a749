//! From "what do I bring?" to "checked in", as a resident and the hall's staff do it.

use super::{OTHER, RESIDENT, STAFF, TOMORROW, book, halls, one_window_with, slot, taken};
use crate::support::{TestApp, on_both};
use jiff::SignedDuration;
use server::db::Engine;

#[tokio::test]
async fn a_resident_books_shows_the_ticket_and_cancels() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;

        let list = resident.get("/services?q=%E7%A4%BE%E4%BF%9D").await;
        assert_eq!(list.status, 200);
        assert!(list.text().contains("/services/flexible-employment"), "{}", list.text());

        let item = resident.get("/services/flexible-employment").await.text();
        assert!(item.contains("没有单位，自己缴社保") && item.contains("q-agent"), "{item}");
        assert!(item.contains("梧桐社区便民服务大厅"), "the resident's own hall");

        let days = resident.get("/services/flexible-employment/times?hall=hall-wutong&q-agent=no&m=id").await.text();
        assert!(days.contains("余 14"), "14 slots of one place tomorrow: {days}");
        assert!(days.contains(&format!("q-agent=no&amp;m=id&amp;date={TOMORROW}")), "answers and ticks go along");
        let path = format!("/services/flexible-employment/times?hall=hall-wutong&date={TOMORROW}&q-agent=no&m=id");
        let times = resident.get(&path).await.text();
        let wanted = slot(TOMORROW, "0900");
        assert!(times.contains(&wanted), "{times}");

        let path = format!("/services/flexible-employment/book?slot={wanted}&q-agent=no&m=id");
        let confirm = resident.get(&path).await.text();
        assert!(confirm.contains("确认预约") && confirm.contains("09:00–09:30"), "{confirm}");
        assert_eq!(taken(&test).await, (0, 0), "looking writes nothing");

        let fields = [("slot", &*wanted), ("key", "k1"), ("q-agent", "no"), ("m", "id"), ("m", "no-such-thing")];
        let booked = resident.post("/services/flexible-employment/book", &fields).await;
        assert_eq!(booked.status, 303, "{}", booked.text());
        let ticket_path = booked.location().to_owned();
        let ticket = resident.get(&ticket_path).await.text();
        assert!(ticket.contains("约好了"), "the message");
        assert!(ticket.contains("ticket-qr") && ticket.contains("2 号窗口"), "{ticket}");
        assert!(ticket.contains("已备好"), "what was ticked");
        assert_eq!(taken(&test).await, (1, 1));
        let inbox: (String,) = sqlx::query_as("SELECT text_key FROM inbox_message WHERE person_id = $1")
            .bind(test.person(RESIDENT))
            .fetch_one(test.app.db.read())
            .await
            .expect("a message");
        assert_eq!(inbox.0, "inbox-appointment-booked");

        let mine = resident.get("/me/appointments").await.text();
        assert!(mine.contains(&ticket_path), "{mine}");

        // Full for the next one, who is shown the next free times and keeps the ticks.
        let mut other = test.signed_in(OTHER).await;
        let full = other.post("/services/flexible-employment/book", &fields).await;
        assert_eq!(full.status, 409);
        let text = full.text();
        assert!(text.contains(&slot(TOMORROW, "0930")) && !text.contains(&wanted), "{text}");
        assert!(text.contains("value=\"id\" checked"), "ticks are kept: {text}");

        // Cancelled: the place comes back, but not at once.
        let cancelled = resident.post(&format!("{ticket_path}/cancel"), &[("reason", "有事")]).await;
        assert_eq!(cancelled.status, 303, "{}", cancelled.text());
        assert_eq!(taken(&test).await, (0, 0));
        let again = resident.post(&format!("{ticket_path}/cancel"), &[]).await;
        assert_eq!(again.status, 303, "twice is like once");
        assert_eq!(taken(&test).await, (0, 0));
        // Why is said to the person and to the hall, not to whoever has the link.
        assert!(resident.get(&ticket_path).await.text().contains("有事"));
        let list = format!("/staff/appointments?hall=hall-wutong&date={TOMORROW}");
        assert!(test.signed_in(STAFF).await.get(&list).await.text().contains("有事"));
        let code = ticket_path.rsplit('/').next().expect("a code");
        let token = test.app.secrets.link_token("appointment", code);
        assert!(!test.visitor().get(&format!("{ticket_path}?t={token}")).await.text().contains("有事"));
        let early = other.post("/services/flexible-employment/book", &fields).await;
        assert_eq!(early.status, 409, "against trading a freed place waits");
        test.app.clock.advance(SignedDuration::from_mins(11));
        book(&mut other, "flexible-employment", &wanted, "k2").await;
    })
    .await;
}

#[tokio::test]
async fn the_answers_settle_what_to_bring() {
    let test = TestApp::new(Engine::Sqlite).await;
    halls(&test).await;
    let mut visitor = test.visitor();
    let open = visitor.get("/services/social-card-replace").await.text();
    assert!(open.contains("户口簿") && open.contains("委托书"), "everything that may be needed");
    let settled = visitor.get("/services/social-card-replace?q-agent=no&q-minor=no&q-damaged=no").await.text();
    assert!(settled.contains("持卡人身份证") && !settled.contains("户口簿") && !settled.contains("委托书"));
    let english = visitor.get("/services/social-card-replace?lang=en&q-minor=yes").await.text();
    assert!(english.contains("Household register"), "{english}");
}

#[tokio::test]
async fn the_calendar_file_is_read_by_another_reader() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "birth-registration", &slot(TOMORROW, "1330"), "k").await;
        let file = resident.get(&format!("{path}/calendar.ics")).await;
        assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
        let text = file.text();
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "lines are folded: {text}");
        let calendar: icalendar::Calendar = text.parse().expect("a calendar");
        use icalendar::{Component, EventLike};
        let event = calendar.events().next().expect("an event").clone();
        assert_eq!(event.property_value("DTSTART"), Some("20261126T133000"));
        assert_eq!(event.property_value("SEQUENCE"), Some("0"));
        assert!(event.get_location().is_some_and(|place| place.contains("梧桐路 28 号")));
        assert!(event.get_description().is_some_and(|text| text.contains("号窗口")));
        assert_eq!(text.matches("BEGIN:VALARM").count(), 2);
        assert!(text.contains("METHOD:PUBLISH") && text.contains("TZOFFSETTO:+0800"));
        // And by a reader in another language, which makes instants of it.
        let read = crate::peers::read_calendar(text.as_bytes());
        assert_eq!((&read["starts"], &read["ends"]), (&"2026-11-26T05:30:00Z".into(), &"2026-11-26T06:00:00Z".into()));
        assert_eq!(read["zones"], serde_json::json!(["Asia/Shanghai", "Asia/Shanghai"]));
        assert_eq!(read["defined"], serde_json::json!(["Asia/Shanghai"]));
        assert_eq!(read["triggers"], serde_json::json!([-86_400.0, -7_200.0]), "a day before, and two hours");
        assert!(read["alarms"].as_array().is_some_and(|all| all.iter().all(|alarm| alarm[0] == "DISPLAY")));
        assert!(read["location"].as_str().is_some_and(|place| place.contains("梧桐路 28 号")), "{read}");
        assert!(read["url"].as_str().is_some_and(|url| url.contains(&path)), "{read}");
        let uid = event.get_uid().expect("a uid").to_owned();

        assert_eq!(resident.post(&format!("{path}/cancel"), &[]).await.status, 303);
        let text = resident.get(&format!("{path}/calendar.ics")).await.text();
        let calendar: icalendar::Calendar = text.parse().expect("a calendar");
        let event = calendar.events().next().expect("an event");
        assert_eq!(event.get_uid(), Some(uid.as_str()), "the same entry");
        assert_eq!(event.property_value("SEQUENCE"), Some("1"));
        assert!(text.contains("METHOD:CANCEL") && text.contains("STATUS:CANCELLED"));
        let read = crate::peers::read_calendar(text.as_bytes());
        assert_eq!((&read["uid"], &read["sequence"]), (&uid.into(), &1.into()));
        assert_eq!((&read["method"], &read["status"]), (&"CANCEL".into(), &"CANCELLED".into()));
    })
    .await;
}

#[tokio::test]
async fn staff_check_in_by_code_and_say_what_is_wrong() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "k1").await;
        let cancelled = book(&mut resident, "worker-aid", &slot(TOMORROW, "1000"), "k2").await;
        assert_eq!(resident.post(&format!("{cancelled}/cancel"), &[]).await.status, 303);
        let code = |path: &str| path.rsplit('/').next().expect("a code").to_owned();
        let mut staff = test.signed_in(STAFF).await;

        let early = staff.post("/staff/check-in", &[("code", &code(&path))]).await;
        assert_eq!(early.status, 422);
        assert!(early.text().contains("不是今天"), "{}", early.text());
        test.app.clock.advance(SignedDuration::from_hours(23));
        for (typed, words) in [
            (code(&cancelled).as_str(), "已经取消"),
            ("AAAAAA", "没有这个编号"),
            ("林", "6 位字母和数字"),
            ("", "6 位字母和数字"),
        ] {
            let answer = staff.post("/staff/check-in", &[("code", typed)]).await;
            assert_eq!(answer.status, 422, "{typed}");
            assert!(answer.text().contains(words), "{typed}");
        }
        let list = staff.get("/staff/appointments").await.text();
        assert!(list.contains("林晓禾") && list.contains("199****0001"), "{list}");
        let typed = code(&path).to_lowercase();
        for _ in 0..2 {
            let done = staff.post("/staff/check-in", &[("hall", "hall-wutong"), ("code", &typed)]).await;
            assert_eq!(done.status, 303, "twice is like once: {}", done.text());
        }
        let ticket = resident.get(&path).await.text();
        assert!(ticket.contains("您已签到"), "{ticket}");
        let refused = resident.post(&format!("{path}/cancel"), &[]).await;
        assert_eq!(refused.status, 409);
        let (told,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = 'inbox-appointment-checked-in'",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(told, 1);
    })
    .await;
}

#[tokio::test]
async fn limits_are_kept_and_said() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let first = book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "k1").await;
        let form = |item: &str| format!("/services/{item}/book");
        let again = [("slot", &*slot("2026-11-27", "0900")), ("key", "k2")];
        let answer = resident.post(&form("birth-registration"), &again).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text().contains(&first), "leads to the open booking: {}", answer.text());
        let same_time = [("slot", &*slot(TOMORROW, "0900")), ("key", "k3")];
        let answer = resident.post(&form("worker-aid"), &same_time).await;
        assert!(answer.status == 409 && answer.text().contains("已经有别的预约"), "{}", answer.text());
        book(&mut resident, "worker-aid", &slot(TOMORROW, "0930"), "k4").await;
        let third = [("slot", &*slot(TOMORROW, "1000")), ("key", "k5")];
        let answer = resident.post(&form("pension-check"), &third).await;
        assert!(answer.status == 409 && answer.text().contains("同一天最多约 2 次"), "{}", answer.text());

        // Two hours before it begins is in time, a minute later is not.
        test.app.clock.advance(SignedDuration::from_hours(21) + SignedDuration::from_mins(1));
        let late = resident.post(&format!("{first}/cancel"), &[("reason", "堵车")]).await;
        assert_eq!(late.status, 409);
        assert!(late.text().contains("0510-80000111"), "the hall's telephone: {}", late.text());
    })
    .await;
}

#[tokio::test]
async fn days_of_an_unknown_year_are_not_offered_and_said_so() {
    let test = TestApp::new(Engine::Sqlite).await;
    halls(&test).await;
    test.app.clock.advance(SignedDuration::from_hours(24 * 30));
    let mut resident = test.signed_in(RESIDENT).await;
    let days = resident.get("/services/worker-aid/times?hall=hall-wutong").await.text();
    assert!(days.contains("明年的节假日和调休还没有公布"), "{days}");
    assert!(!days.contains("date=2027-01-04"), "no way to such a day");
    let answer =
        resident.post("/services/worker-aid/book", &[("slot", &*slot("2027-01-04", "0900")), ("key", "k")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&slot("2026-12-31", "1630")), "free times that are: {}", answer.text());
    assert_eq!(taken(&test).await, (0, 0));
}

#[tokio::test]
async fn what_happened_in_a_life_leads_to_the_items() {
    on_both(|test| async move {
        halls(&test).await;
        let mut visitor = test.visitor();
        let page = visitor.get("/services?life=hardship").await.text();
        assert!(
            page.contains("/services/temporary-relief") && !page.contains("/services/birth-registration"),
            "{page}"
        );
        let all = visitor.get("/services?life=nonsense").await;
        assert!(
            all.status.is_success() && all.text().contains("/services/birth-registration"),
            "an unknown one is none"
        );
        let both = visitor.get("/services?life=hardship&q=%E5%AE%9D%E5%AE%9D").await.text();
        assert!(both.contains("/services/birth-registration"), "words that were typed come first");
    })
    .await;
}
