//! Numbers as residents get them: the kiosk, the door, from afar, reception; the live ticket and the board.

use super::{
    OTHER, RESIDENT, STAFF, TOMORROW, book, halls,
    queue::{chains_are_whole, draw, wutong},
    slot,
};
use crate::support::{Answer, on_both};
use app::windows::queue::PriorityClass;
use jiff::SignedDuration;

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("{before} is in {text}"));
    rest.split(after).next().expect("something")
}

fn ok(answer: &Answer) {
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[tokio::test]
async fn a_number_from_the_kiosk_is_followed_on_the_phone_and_called_on_the_board() {
    on_both(|test| async move {
        halls(&test).await;
        let mut kiosk = test.visitor();
        let page = kiosk.get("/kiosk/hall-wutong").await.text();
        let key = between(&page, "name=\"key\" value=\"", "\"").to_owned();
        let fields = [("item", "birth-registration"), ("key", key.as_str())];
        let drawn = kiosk.post("/kiosk/hall-wutong/number", &fields).await;
        ok(&drawn);
        let shown = kiosk.get(drawn.location()).await.text();
        assert!(shown.contains("content=\"30;url=/kiosk/hall-wutong\""), "it goes back to its start: {shown}");
        assert!(shown.contains("ticket-qr") && shown.contains("下一个就是您"), "{shown}");
        let (id, token) = drawn.location().split_once("ticket=").expect("an id").1.split_once("&t=").expect("a token");
        let path = format!("/tickets/{id}?t={token}");
        let mut phone = test.visitor();
        let ticket = phone.get(&path).await.text();
        assert!(ticket.contains("http-equiv=\"refresh\""), "without JavaScript it looks again by itself");
        assert!(ticket.contains("说不准"), "nobody serves: no wait is promised");
        assert_eq!(phone.get(&format!("/tickets/{id}?t=wrong")).await.status, 404);
        assert_eq!(phone.get(&format!("/tickets/{id}")).await.status, 404);

        let mut staff = test.signed_in(STAFF).await;
        ok(&staff.post("/staff/counter/hall-wutong.4/open", &[]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/call", &[("key", "k")]).await);
        let ticket = phone.get(&path).await.text();
        assert!(ticket.contains("请到 4 号窗口") && ticket.contains("data-call"), "{ticket}");
        let board = test.visitor().get("/board/hall-wutong").await.text();
        assert!(board.contains("4 号窗口") && board.contains("data-area=\"board\""), "{board}");
        // A second one is served and rated.
        let fields = [("item", "birth-registration"), ("key", "second")];
        let other = kiosk.post("/kiosk/hall-wutong/number", &fields).await.location().to_owned();
        let (other, rate) = other.split_once("ticket=").expect("an id").1.split_once("&t=").expect("a token");
        let rating = format!("/tickets/{other}/rating");
        ok(&phone.post(&rating, &[("t", rate), ("stars", "5")]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/step", &[("ticket", id), ("step", "park")]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/call", &[]).await);
        for step in ["start", "finish"] {
            ok(&staff.post("/staff/counter/hall-wutong.4/step", &[("ticket", other), ("step", step)]).await);
        }
        let page = phone.get(&format!("/tickets/{other}?t={rate}")).await.text();
        assert!(page.contains("这次办得怎么样"), "not rated before it was over: {page}");
        assert_eq!(phone.post(&rating, &[("t", "wrong"), ("stars", "5")]).await.status, 404);
        for (stars, reason) in [("1", ""), ("2", "  "), ("6", "x"), ("", "x"), ("💥", "x")] {
            let answer = phone.post(&rating, &[("t", rate), ("stars", stars), ("reason", reason)]).await;
            assert_eq!(answer.status, 422, "{stars} {reason}");
        }
        // Nothing is cut in silence: what is too long comes back whole, and is not kept.
        let long = "等".repeat(501);
        let answer = phone.post(&rating, &[("t", rate), ("stars", "1"), ("reason", &long)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(&long) && answer.text().contains("最多 500 个字"), "{}", answer.text());
        ok(&phone.post(&rating, &[("t", rate), ("stars", "1"), ("reason", "等太久")]).await);
        ok(&phone.post(&rating, &[("t", rate), ("stars", "5")]).await);
        let list = staff.get("/staff/ratings").await.text();
        assert!(list.contains("等太久") && list.contains("非常不满意"), "the first one stays: {list}");
        let long = "歉".repeat(501);
        let answer = staff.post(&format!("/staff/ratings/{other}"), &[("answer", &long)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(&long) && answer.text().contains("最多 500 个字"), "{}", answer.text());
        assert!(!staff.get("/staff/ratings").await.text().contains(&long), "nothing of it was kept");
        ok(&staff.post(&format!("/staff/ratings/{other}"), &[("answer", "对不起，下周加一个窗口")]).await);
        assert!(phone.get(&format!("/tickets/{other}?t={rate}")).await.text().contains("下周加一个窗口"));
        assert_eq!(phone.post(&format!("/tickets/{id}/leave"), &[("t", "wrong")]).await.status, 404);
        ok(&staff.post("/staff/counter/hall-wutong.4/step", &[("ticket", id), ("step", "unpark")]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/call", &[]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/step", &[("ticket", id), ("step", "pass")]).await);
        assert!(phone.get(&path).await.text().contains("过号了"));
        ok(&phone.post(&format!("/tickets/{id}/leave"), &[("t", token)]).await);
        assert!(phone.get(&path).await.text().contains("已经取消"));
        chains_are_whole(&test).await;
    })
    .await;
}

#[tokio::test]
async fn a_number_from_afar_is_called_only_after_the_door_and_only_one_is_given() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let draw = [("item", "birth-registration"), ("key", "a")];
        let drawn = resident.post("/halls/hall-wutong/ticket/number", &draw).await;
        ok(&drawn);
        assert_eq!(resident.post("/halls/hall-wutong/ticket/number", &draw).await.location(), drawn.location());
        let second = [("item", "worker-aid"), ("key", "b")];
        let refused = resident.post("/halls/hall-wutong/ticket/number", &second).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("已经有一个号"));
        let mut staff = test.signed_in(STAFF).await;
        ok(&staff.post("/staff/counter/hall-wutong.4/open", &[]).await);
        assert_eq!(staff.post("/staff/counter/hall-wutong.4/call", &[]).await.status, 409, "not here yet");
        // Only the door's own code checks in.
        let id = between(drawn.location(), "/tickets/", "?").to_owned();
        let far = resident.post("/halls/hall-wutong/door/check-in", &[("ticket", &id)]).await;
        assert_eq!(far.status, 403);
        let door = test.app.secrets.link_token("door", "hall-wutong");
        let page = resident.get(&format!("/halls/hall-wutong/door?d={door}")).await.text();
        assert!(page.contains(&id), "my number is offered: {page}");
        let fields = [("ticket", id.as_str()), ("d", door.as_str())];
        let stranger = test.signed_in(OTHER).await.post("/halls/hall-wutong/door/check-in", &fields).await;
        assert_eq!(stranger.status, 404);
        ok(&resident.post("/halls/hall-wutong/door/check-in", &fields).await);
        ok(&resident.post("/halls/hall-wutong/door/check-in", &fields).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/call", &[]).await);
        // At night nobody draws a number.
        test.app.clock.advance(SignedDuration::from_hours(10));
        let mut other = test.signed_in(OTHER).await;
        assert_eq!(other.post("/halls/hall-wutong/ticket/number", &draw).await.status, 409);
        assert!(other.get("/halls/hall-wutong/ticket").await.text().contains("不在办公时间"));
        chains_are_whole(&test).await;
    })
    .await;
}

#[tokio::test]
async fn the_board_calls_nobody_by_their_whole_name() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "birth-registration", &slot(TOMORROW, "1000"), "k").await;
        test.app.clock.advance(SignedDuration::from_mins(24 * 60 - 5));
        let mut staff = test.signed_in(STAFF).await;
        let code = path.rsplit('/').next().expect("a code");
        ok(&staff.post("/staff/reception/check-in", &[("hall", "hall-wutong"), ("code", code)]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/open", &[]).await);
        ok(&staff.post("/staff/counter/hall-wutong.4/call", &[("key", "k")]).await);
        assert!(staff.get("/staff/counter/hall-wutong.4").await.text().contains("林晓禾"), "the clerk knows");
        for page in ["/board/hall-wutong", "/board/hall-wutong?lang=en"] {
            let board = test.visitor().get(page).await.text();
            assert!(board.contains("林*禾") && !board.contains("林晓禾") && !board.contains("晓"), "{board}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_board_of_a_new_day_knows_nothing_of_yesterday() {
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let call = async |staff: &mut crate::support::Browser| {
            draw(&test, "birth-registration", PriorityClass::Ordinary).await;
            ok(&staff.post("/staff/counter/hall-wutong.4/open", &[]).await);
            ok(&staff.post("/staff/counter/hall-wutong.4/call", &[]).await);
        };
        let board = async |lang: &str| test.visitor().get(&format!("/board/hall-wutong?lang={lang}")).await.text();
        call(&mut staff).await;
        let waits = draw(&test, "birth-registration", PriorityClass::Ordinary).await;
        let page = board("zh-CN").await;
        let (first, spoken) = between(&page, "data-call=\"", "\"").split_once('.').expect("a number and when");
        let (first, spoken) = (first.to_owned(), spoken.to_owned());
        assert!(page.contains("等候 1 人") && page.contains("data-new"), "{page}");
        assert!(page.contains(&format!("data-say=\"请 {first} 到 4 号窗口\"")), "{page}");

        // A minute after midnight: nobody was told to stop.
        test.app.clock.advance(SignedDuration::from_mins(14 * 60 + 1));
        for (lang, nobody, none) in [("zh-CN", "等候 0 人", "还没有叫号"), ("en", "0 waiting", "Nobody called yet")]
        {
            let page = board(lang).await;
            assert!(page.contains(nobody) && page.contains(none), "{lang}: {page}");
            for old in ["data-call", "data-say", "data-new", &first] {
                assert!(!page.contains(old), "{lang} {old}: {page}");
            }
        }
        // The hour's work closes what yesterday left open.
        server::windows::service::end_past_days(&test.app).await.expect("ended");
        assert!(!board("zh-CN").await.contains("4 号窗口"), "nobody sits there at night");
        chains_are_whole(&test).await;
        let (state,): (String,) = sqlx::query_as("SELECT state FROM ticket WHERE id = $1")
            .bind(&waits)
            .fetch_one(test.app.db.read())
            .await
            .expect("there");
        assert_eq!(state, "left");

        // In the morning the same number is called again: it is another call, and spoken.
        test.app.clock.advance(SignedDuration::from_hours(9));
        call(&mut staff).await;
        let page = board("zh-CN").await;
        let (again, later) = between(&page, "data-call=\"", "\"").split_once('.').expect("a number and when");
        assert_eq!(again, first, "numbers begin anew");
        assert_ne!(later, spoken);
        assert_eq!(page.matches("data-call").count(), 1, "{page}");
    })
    .await;
}

#[tokio::test]
async fn walk_in_numbers_end_with_the_days_places() {
    on_both(|test| async move {
        halls(&test).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE service_window SET capacity_walk_in = CASE WHEN number = 4 THEN 1 ELSE 0 END")
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        // 14 slots of one place: of 20 who ask at once 14 get a number.
        let hall = wutong(&test).await;
        let now = test.app.clock.now();
        assert_eq!(server::windows::service::walk_in_capacity(&test.app, &hall, now).await.expect("read"), 14);
        let tasks: Vec<_> = (0..20)
            .map(|n| {
                let mut browser = test.visitor();
                browser.ip = format!("192.0.2.{n}");
                tokio::spawn(async move {
                    let fields = [("item", "worker-aid"), ("key", "x")];
                    let mut fields = fields.to_vec();
                    let key = format!("k{n}");
                    fields[1].1 = &key;
                    browser.post("/kiosk/hall-wutong/number", &fields).await.status.as_u16()
                })
            })
            .collect();
        let mut given = 0;
        for task in tasks {
            let status = task.await.expect("no panic");
            assert!([303, 409].contains(&status), "{status}");
            given += usize::from(status == 303);
        }
        assert_eq!(given, 14);
    })
    .await;
}

#[tokio::test]
async fn reception_checks_in_by_phone_tail_and_by_scan_and_prints() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "birth-registration", &slot(TOMORROW, "1000"), "k1").await;
        let second = book(&mut resident, "worker-aid", &slot(TOMORROW, "1100"), "k2").await;
        test.app.clock.advance(SignedDuration::from_mins(24 * 60 + 20));
        let mut staff = test.signed_in(STAFF).await;
        let two = staff.post("/staff/reception/check-in", &[("code", "0001")]).await;
        assert_eq!(two.status, 200, "two bookings: which one? {}", two.text());
        let code = path.rsplit('/').next().expect("a code");
        assert!(two.text().contains(code));
        let scan = format!("https://linli.test{second}?t=abc");
        let done = staff.post("/staff/reception/check-in", &[("code", &scan)]).await;
        ok(&done);
        assert!(staff.get(done.location()).await.text().contains("号码"));
        let done = staff.post("/staff/reception/check-in", &[("code", "0001"), ("class", "senior")]).await;
        ok(&done);
        let id = done.location().split("done=").nth(1).expect("an id").to_owned();
        let print = staff.get(&format!("/staff/tickets/{id}/print?mm=58")).await.text();
        assert!(print.contains("data-mm=\"58\"") && print.contains("slip-qr"), "{print}");
        let page = resident.get(&path).await.text();
        assert!(page.contains("下一个就是您"), "priority: {page}");
        // 20 minutes late is not in time any more; the class is taken back by reception.
        ok(&staff.post("/staff/reception/class", &[("ticket", &id), ("class", "ordinary")]).await);
        let counter = staff.get("/staff/counter/hall-wutong.4").await.text();
        assert!(counter.contains("晚到 20 分钟"), "{counter}");
        chains_are_whole(&test).await;
        for hostile in ["", "💥", "0000", &"9".repeat(5000), "'; DROP TABLE ticket", "/appointments/"] {
            let answer = staff.post("/staff/reception/check-in", &[("code", hostile)]).await;
            assert_eq!(answer.status, 422, "{hostile}");
        }
    })
    .await;
}

#[tokio::test]
async fn live_pages_learn_of_what_another_server_does() {
    use futures::StreamExt;
    use tower::ServiceExt;
    on_both(|test| async move {
        halls(&test).await;
        let other = test.another_server().await;
        let request = axum::http::Request::get("/api/v1/halls/hall-wutong/live").body(axum::body::Body::empty());
        let answer = other.oneshot(request.expect("a request")).await.expect("infallible");
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut body = answer.into_body().into_data_stream();
        let mut next = async || {
            let piece = tokio::time::timeout(std::time::Duration::from_secs(10), body.next()).await.expect("in time");
            String::from_utf8_lossy(&piece.expect("open").expect("read")).into_owned()
        };
        let first = next().await;
        assert!(first.contains("event: version"), "{first}");
        super::queue::ticket_id(&test).await;
        let mut heard = next().await;
        // The first look may have been before the watcher's.
        while !heard.contains(".1") {
            heard = next().await;
        }
        // A new day is news as well: the board of yesterday does not stay.
        test.app.clock.advance(SignedDuration::from_hours(15));
        while !heard.contains("2026-11-26.0") {
            heard = next().await;
        }
    })
    .await;
}
