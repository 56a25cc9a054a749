//! Papers: what the person says they have, what reception and the window see of it, what another item wants instead; and
//! how a visit ended, where staff look for it.

use super::{OTHER_STAFF, RESIDENT, STAFF, TOMORROW, halls, slot};
use crate::support::{Browser, TestApp, on_both};
use jiff::SignedDuration;

const OLD: &str = "/staff/counter/hall-wutong.4";
const NEW: &str = "/staff/counter/hall-wutong.2";

async fn ok(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    answer.location().to_owned()
}

/// A booking for a birth with two papers ticked at home, checked in on its day at reception; gives the clerk, the ticket's
/// id and the booking's page.
async fn checked_in(test: &TestApp) -> (Browser, String, String) {
    let mut resident = test.signed_in(RESIDENT).await;
    let fields = [("slot", &*slot(TOMORROW, "1000")), ("key", "k"), ("q-agent", "no"), ("q-born", "yes")];
    let fields: Vec<_> = fields.into_iter().chain([("q-other-place", "no"), ("m", "ids"), ("m", "hukou")]).collect();
    let path = ok(&mut resident, "/services/birth-registration/book", &fields).await;
    test.app.clock.advance(SignedDuration::from_mins(24 * 60 - 5));
    let mut staff = test.signed_in(STAFF).await;
    let code = path.rsplit('/').next().expect("a code");
    let done = ok(&mut staff, "/staff/reception/check-in", &[("hall", "hall-wutong"), ("code", code)]).await;
    let id = done.split("done=").nth(1).expect("a ticket").to_owned();
    (staff, id, path)
}

/// Item, seen and missing of a ticket's rows.
async fn rows(test: &TestApp, id: &str) -> Vec<(String, String, String, bool)> {
    let found = server::windows::store::tickets::items(test.app.db.read(), id).await.expect("read");
    found.into_iter().map(|row| (row.item_code, row.seen, row.missing, row.checked_at.is_some())).collect()
}

#[tokio::test]
async fn reception_looks_through_the_papers_before_the_call() {
    on_both(|test| async move {
        halls(&test).await;
        let (mut staff, id, _) = checked_in(&test).await;
        let page = staff.get(&format!("/staff/reception?hall=hall-wutong&done={id}")).await.text();
        assert!(page.contains("value=\"birth-registration:birth-cert\"") && page.contains("父母户口簿"), "{page}");
        assert_eq!(page.matches("预约时说带了").count(), 2, "what was ticked at home is said, not taken for seen");
        assert!(!page.contains("pregnancy") && !page.contains("缺的材料"), "only what the answers ask for: {page}");

        let seen = [("hall", "hall-wutong"), ("ticket", &*id), ("seen", "birth-registration:ids")];
        let again = ok(&mut staff, "/staff/reception/materials", &seen).await;
        let page = staff.get(&again).await.text();
        assert!(page.contains("缺 2 样") && page.contains(&format!("/staff/tickets/{id}/missing")), "{page}");
        let missing = staff.get(&format!("/staff/tickets/{id}/missing")).await.text();
        assert!(missing.contains("出生医学证明") && !missing.contains("父母双方身份证"), "{missing}");

        // The window goes on from there; what is found then is the last word, and reception's turn is over.
        ok(&mut staff, &format!("{OLD}/open"), &[]).await;
        ok(&mut staff, &format!("{OLD}/call"), &[("key", "c")]).await;
        let counter = staff.get(OLD).await.text();
        assert!(counter.contains("value=\"birth-registration:ids\" checked"), "{counter}");
        let late = staff.post("/staff/reception/materials", &seen).await;
        assert!(late.status == 409 && late.text().contains("刚才已经变了"), "{}", late.text());
        assert!(!staff.get(&again).await.text().contains("id=\"papers\""), "nothing to tick any more");
        let other = test.signed_in(OTHER_STAFF).await.post("/staff/reception/materials", &seen).await;
        assert_eq!(other.status, 403);
        let (noted,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'ticket.materials'")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(noted, 1);
    })
    .await;
}

#[tokio::test]
async fn another_item_wants_other_papers_and_an_undo_brings_the_old_ones_back() {
    on_both(|test| async move {
        halls(&test).await;
        let (mut staff, id, _) = checked_in(&test).await;
        for window in [OLD, NEW] {
            ok(&mut staff, &format!("{window}/open"), &[]).await;
        }
        ok(&mut staff, &format!("{OLD}/call"), &[("key", "c")]).await;
        ok(&mut staff, &format!("{OLD}/materials"), &[("ticket", &id), ("seen", "birth-registration:hukou")]).await;
        let before = rows(&test, &id).await;
        let birth = |found: &(String, String, String, bool)| found.0 == "birth-registration" && found.3;
        assert!(before.len() == 1 && birth(&before[0]) && before[0].2.contains("birth-cert"), "{before:?}");

        let transfer = |key: &'static str| [("ticket", id.clone()), ("step", "transfer".into()), ("key", key.into())];
        let to_pension = async |staff: &mut Browser, key| {
            let fields = transfer(key);
            let mut fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
            fields.push(("to_item", "pension-check"));
            ok(staff, &format!("{OLD}/step"), &fields).await;
        };
        to_pension(&mut staff, "t1").await;
        let empty = ("pension-check".to_owned(), "[]".to_owned(), "[]".to_owned(), false);
        assert_eq!(rows(&test, &id).await, [empty], "nobody has looked at these yet");
        assert!(!staff.get(&format!("/staff/tickets/{id}/missing")).await.text().contains("出生医学证明"));

        let page = staff.get(OLD).await.text();
        let undo = page.split(&format!("{OLD}/undo")).nth(1).expect("an undo bar");
        let undo = undo.split("name=\"step\" value=\"").nth(1).expect("a step").split('"').next().expect("an id");
        ok(&mut staff, &format!("{OLD}/undo"), &[("step", undo)]).await;
        assert_eq!(rows(&test, &id).await, before, "with what was found of them");
        let page = staff.get(OLD).await.text();
        assert!(page.contains("value=\"birth-registration:hukou\" checked") && page.contains("/missing"), "{page}");

        // Again, for good: the next window sees the new item's papers, and its finish is booked under the new item.
        to_pension(&mut staff, "t2").await;
        ok(&mut staff, &format!("{NEW}/call"), &[("key", "n")]).await;
        let page = staff.get(NEW).await.text();
        assert!(page.contains("value=\"pension-check:pension-book\"") && page.contains("退休证"), "{page}");
        assert!(!page.contains("birth-registration:") && !page.contains("出生医学证明"), "{page}");
        assert!(!page.contains("/missing"), "nothing to print");
        ok(&mut staff, &format!("{NEW}/step"), &[("ticket", &id), ("step", "start"), ("key", "s")]).await;
        let fields = [("ticket", &*id), ("step", "finish"), ("key", "f"), ("seen", "pension-check:id")];
        ok(&mut staff, &format!("{NEW}/step"), &fields).await;
        let after = rows(&test, &id).await;
        assert!(after.len() == 1 && after[0].0 == "pension-check" && after[0].3, "{after:?}");
        super::queue::chains_are_whole(&test).await;
    })
    .await;
}

#[tokio::test]
async fn a_visit_of_two_items_that_is_sent_on_for_the_second_keeps_what_was_found_of_both() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let fields = [("slot", &*slot(TOMORROW, "1000")), ("key", "k"), ("with", "temporary-relief")];
        let path = ok(&mut resident, "/services/worker-aid/book", &fields).await;
        test.app.clock.advance(SignedDuration::from_mins(24 * 60 - 5));
        let mut staff = test.signed_in(STAFF).await;
        let code = path.rsplit('/').next().expect("a code");
        let done = ok(&mut staff, "/staff/reception/check-in", &[("hall", "hall-wutong"), ("code", code)]).await;
        let id = done.split("done=").nth(1).expect("a ticket").to_owned();
        ok(&mut staff, &format!("{OLD}/open"), &[]).await;
        ok(&mut staff, &format!("{OLD}/call"), &[("key", "c")]).await;
        ok(&mut staff, &format!("{OLD}/materials"), &[("ticket", &id), ("seen", "worker-aid:id")]).await;
        let before = rows(&test, &id).await;
        let fields = [("ticket", &*id), ("step", "transfer"), ("key", "t"), ("to_item", "temporary-relief")];
        ok(&mut staff, &format!("{OLD}/step"), &fields).await;
        assert_eq!(rows(&test, &id).await, before, "both are still what the visit is for");
        ok(&mut staff, "/staff/counter/hall-wutong.3/open", &[]).await;
        ok(&mut staff, "/staff/counter/hall-wutong.3/call", &[("key", "n")]).await;
        let page = staff.get("/staff/counter/hall-wutong.3").await.text();
        assert!(page.contains("value=\"worker-aid:id\" checked") && page.contains("temporary-relief:hukou"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn how_a_visit_ended_is_on_its_page_and_at_reception_and_goes_with_an_undo() {
    on_both(|test| async move {
        halls(&test).await;
        let (mut staff, id, path) = checked_in(&test).await;
        ok(&mut staff, &format!("{OLD}/open"), &[]).await;
        ok(&mut staff, &format!("{OLD}/call"), &[("key", "c")]).await;
        ok(&mut staff, &format!("{OLD}/step"), &[("ticket", &id), ("step", "start"), ("key", "s")]).await;
        let finish = |key: &'static str, outcome: &'static str| {
            [("ticket", id.clone()), ("step", "finish".into()), ("key", key.into()), ("outcome", outcome.into())]
        };
        let end = async |staff: &mut Browser, key, outcome| {
            let fields = finish(key, outcome);
            let mut fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
            fields.push(("note", "等父亲的户口簿"));
            ok(staff, &format!("{OLD}/step"), &fields).await;
        };
        end(&mut staff, "f1", "another_visit").await;
        let reception = "/staff/reception?hall=hall-wutong";
        for page in [path.as_str(), reception] {
            let page = staff.get(page).await.text();
            assert!(page.contains("还要再来一次") && page.contains("等父亲的户口簿"), "{page}");
        }
        let mut resident = test.signed_in(RESIDENT).await;
        let own = resident.get(&path).await.text();
        assert!(own.contains("还要再来一次") && !own.contains("等父亲的户口簿"), "the note is the hall's: {own}");

        let page = staff.get(OLD).await.text();
        let undo = page.split("name=\"step\" value=\"").nth(1).expect("a step").split('"').next().expect("an id");
        ok(&mut staff, &format!("{OLD}/undo"), &[("step", undo)]).await;
        assert!(!staff.get(&path).await.text().contains("还要再来一次"), "it did not end so");
        assert!(!staff.get(reception).await.text().contains("还要再来一次"));
        end(&mut staff, "f2", "referred").await;
        let page = staff.get(&path).await.text();
        assert!(page.contains("转到别处办") && page.contains("等父亲的户口簿"), "{page}");
    })
    .await;
}
