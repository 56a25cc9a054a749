//! What waits for whom: on "today" of the community and the street, on the desk, and on the lists of handlers.

use super::*;
use crate::support::on_both;
use jiff::SignedDuration;

const STREET: &str = "19900000051";
const UNIT: &str = "19900000041";

fn links(page: &Answer, selector: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse(selector).expect("a selector");
    html.select(&selector).filter_map(|node| node.value().attr("href").map(str::to_owned)).collect()
}

#[tokio::test]
async fn the_street_decides_from_today_and_the_community_from_its_own() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let mut owner = test.signed_in(VOLUNTEER).await;
        handler_step(&mut owner, &code, "take", &[], &[]).await;
        let ask = [("text", "等配件"), ("hours", "9")];
        handler_step(&mut owner, &code, "extend_ask", &ask, &[]).await;
        let mut staff = test.signed_in(STAFF).await;
        let mut street = test.signed_in(STREET).await;
        let first = "/staff/reports?state=extension-1".to_owned();
        assert!(links(&staff.get("/staff").await, "main a.item").contains(&first));
        assert!(links(&staff.get(&first).await, "a.desk-row").contains(&format!("/staff/reports/{code}")));
        assert!(!links(&street.get("/staff").await, "main a.item").iter().any(|href| href.contains("extension")));
        staff_step(&mut staff, &code, "extend_grant", &[]).await;
        handler_step(&mut owner, &code, "extend_ask", &ask, &[]).await;
        let second = "/staff/reports?state=extension-2".to_owned();
        assert!(!links(&staff.get("/staff").await, "main a.item").iter().any(|href| href.contains("extension")));
        assert!(links(&street.get("/staff").await, "main a.item").contains(&second));
        assert_eq!(links(&street.get(&second).await, "a.desk-row"), [format!("/staff/reports/{code}")]);
        // Decided on the page that the row leads to.
        assert_eq!(staff_step(&mut street, &code, "extend_grant_above", &[]).await.status, 303);
        // An order, its answer, and both on the page.
        assert_eq!(staff_step(&mut street, &code, "supervise", &[("text", "请说明进度")]).await.status, 303);
        let ordered = "/staff/reports?state=ordered".to_owned();
        assert!(links(&staff.get("/staff").await, "main a.item").contains(&ordered));
        let page = staff.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("请说明进度") && page.contains("等回复"), "{page}");
        staff_step(&mut staff, &code, "supervise_answer", &[("text", "明天完工")]).await;
        let page = street.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("明天完工") && page.contains("已回复"), "{page}");
        assert!(!links(&staff.get("/staff").await, "main a.item").contains(&ordered));
        // A return, and the dispute about it.
        handler_step(&mut owner, &code, "return", &[("text", "不归我")], &[]).await;
        assert!(links(&staff.get("/staff").await, "main a.item").contains(&"/staff/reports?state=returned".to_owned()));
        staff_step(&mut staff, &code, "dispute", &[("text", "归他")]).await;
        let disputed = "/staff/reports?state=disputed".to_owned();
        assert!(links(&street.get("/staff").await, "main a.item").contains(&disputed));
        assert_eq!(staff_step(&mut street, &code, "uphold", &[("text", "确实不归他")]).await.status, 303);
        assert!(!links(&street.get("/staff").await, "main a.item").contains(&disputed));
    })
    .await;
}

#[tokio::test]
async fn handlers_see_mine_near_and_soon_and_take_with_one_tap() {
    on_both(|test| async move {
        let slow = dispatched(&test, &key(1)).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut urgent = fields("test-key-0000000-8");
        urgent.retain(|(name, _)| !matches!(*name, "category" | "building"));
        urgent.extend([("category", "elevator"), ("longitude", "120.31234"), ("latitude", "31.58123")]);
        let soon = code_of(&resident.post_files("/report", &urgent, &[]).await);
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &soon, "accept", &[]).await;
        let unit = test.person(UNIT).to_owned();
        let volunteer = test.person(VOLUNTEER).to_owned();
        let sent = staff_step(&mut staff, &soon, "dispatch", &[("to", &volunteer)]).await;
        // The position may lie in no grid of the volunteer: then the unit gets it.
        let me = if sent.status == 303 { VOLUNTEER } else { UNIT };
        if me == UNIT {
            assert_eq!(staff_step(&mut staff, &soon, "dispatch", &[("to", &unit)]).await.status, 303);
        }
        let mut handler = test.signed_in(me).await;
        let rows = |page: &Answer| links(page, "a.task-link");
        let all = rows(&handler.get("/volunteer").await);
        assert_eq!(all[0], format!("/volunteer/reports/{soon}"), "the most urgent first");
        assert_eq!(rows(&handler.get("/volunteer?tab=soon").await), [format!("/volunteer/reports/{soon}")]);
        let near = handler.get("/volunteer?tab=near").await;
        assert!(near.text().contains("data-longitude=\"120.31234\""), "for the phone to measure: {}", near.text());
        if me == VOLUNTEER {
            assert!(all.contains(&format!("/volunteer/reports/{slow}")));
        }
        // One tap, from the list.
        let html = scraper::Html::parse_document(&near.text());
        let form =
            scraper::Selector::parse(&format!("form[action=\"/volunteer/reports/{soon}\"] input")).expect("a selector");
        let fields: Vec<(String, String)> = html
            .select(&form)
            .map(|input| {
                let attr = |name| input.value().attr(name).unwrap_or_default().to_owned();
                (attr("name"), attr("value"))
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(handler.post(&format!("/volunteer/reports/{soon}"), &fields).await.status, 303);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE state = 'in_progress'").await, 1);
        // Twice is a conflict that says who did it.
        let twice = handler.post(&format!("/volunteer/reports/{soon}"), &fields).await;
        assert_eq!(twice.status, 409);
        // The owner's own clock: two hours from dispatch, however long the resident waited before.
        test.app.clock.advance(SignedDuration::from_mins(60));
        let page = test.signed_in(me).await.get("/volunteer?tab=soon").await.text();
        assert!(page.contains("剩 1 小时"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_step_whose_answer_got_lost_is_sent_again_by_its_key_and_counts_once() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let path = format!("/volunteer/reports/{code}");
        let mut owner = test.signed_in(VOLUNTEER).await;
        let seen = version(&owner.get(&path).await);
        let take = [("step", "take"), ("version", seen.as_str()), ("key", "phone-key-1")];
        let back = [("step", "return"), ("version", seen.as_str()), ("text", "不是我这片"), ("key", "phone-key-2")];
        for _ in 0..2 {
            assert_eq!(owner.post(&path, &take).await.status, 303);
        }
        // A word may be written in any state, from any page: its key alone says that it is the same.
        for _ in 0..2 {
            let note = [("step", "note"), ("text", "在路上"), ("key", "phone-key-0")];
            assert_eq!(owner.post(&path, &note).await.status, 303);
        }
        assert_eq!(owner.post(&path, &[("step", "take"), ("version", &seen), ("key", "another")]).await.status, 409);
        let seen = version(&owner.get(&path).await);
        let back = back.map(|(name, value)| if name == "version" { (name, seen.as_str()) } else { (name, value) });
        for _ in 0..2 {
            assert_eq!(owner.post(&path, &back).await.status, 303);
        }
        // The report is not theirs any more; a key is good for its own step, person and report alone.
        let again = [("step", "finish"), ("version", seen.as_str()), ("text", "好了"), ("key", "phone-key-3")];
        assert_eq!(owner.post(&path, &again).await.status, 409);
        let taken = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action IN ('take', 'note', 'return')";
        assert_eq!(count(&test, taken).await, 3);
    })
    .await;
}

#[tokio::test]
async fn the_page_of_a_task_as_it_is_once_it_is_taken_is_there_before_it_is() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let path = format!("/volunteer/reports/{code}");
        let mut owner = test.signed_in(VOLUNTEER).await;
        let steps = |page: &Answer| {
            let html = scraper::Html::parse_document(&page.text());
            let step = scraper::Selector::parse("#do input[name=step]").expect("a selector");
            html.select(&step).next().and_then(|input| input.value().attr("value")).unwrap_or_default().to_owned()
        };
        let now = owner.get(&path).await;
        let ahead = owner.get(&format!("{path}?after=take")).await;
        assert_eq!((steps(&now).as_str(), steps(&ahead).as_str()), ("take", "finish"));
        assert!(ahead.text().contains("接单还在这台手机里") && !now.text().contains("接单还在这台手机里"));
        assert_eq!(version(&now), version(&ahead), "based on what the phone has seen");
        assert_eq!(steps(&owner.get(&format!("{path}?step=note&after=take")).await), "note");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE state = 'dispatched'").await, 1);
        // Looking ahead does nothing: what comes after it is refused until it is taken.
        let fields = [("step", "finish"), ("text", "好了"), ("version", &version(&ahead))];
        assert_eq!(owner.post_files(&path, &fields, &[]).await.status, 409);
        assert_eq!(handler_step(&mut owner, &code, "take", &[], &[]).await.status, 303);
        let page = owner.get(&format!("{path}?after=take")).await;
        assert!(!page.text().contains("接单还在这台手机里"), "taken: the page as it is");
        assert_eq!(test.signed_in(OTHER_VOLUNTEER).await.get(&format!("{path}?after=take")).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn the_plan_shows_staff_what_the_filters_show_and_nobody_else() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let plan = "/staff/reports/plan.geojson";
        let codes = |answer: &Answer| -> Vec<String> {
            let json = answer.json();
            let features = json["features"].as_array().expect("features");
            let reports = features.iter().filter(|one| one["properties"]["kind"] == "report");
            reports.map(|one| one["properties"]["code"].as_str().expect("a code").to_owned()).collect()
        };
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(codes(&staff.get(plan).await).concat(), code);
        assert_eq!(codes(&staff.get(&format!("{plan}?state=closed")).await), [""; 0]);
        assert_eq!(codes(&staff.get(&format!("{plan}?kind=housing")).await), [""; 0]);
        assert_eq!(codes(&test.signed_in(STAFF_ELSEWHERE).await.get(plan).await), [""; 0]);
        assert_eq!(test.signed_in(RESIDENT).await.get(plan).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
