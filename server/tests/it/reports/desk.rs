//! The dispatch desk: filters, pages, search, and several reports at once.

use super::*;
use crate::support::on_both;

/// 罗振华, supervisor of the whole district, and 程静 of one subdistrict.
const DISTRICT: &str = "19900000052";
const STREET: &str = "19900000051";

/// Codes on a desk in their order.
fn codes(page: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse("li[data-code]").expect("a selector");
    html.select(&selector).filter_map(|row| row.value().attr("data-code").map(str::to_owned)).collect()
}

/// What a tick sends.
fn picks(page: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse("input[name=pick]").expect("a selector");
    html.select(&selector).filter_map(|row| row.value().attr("value").map(str::to_owned)).collect()
}

#[tokio::test]
async fn every_filter_shows_what_it_says_and_hostile_ones_break_nothing() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let lamp = filed(&mut resident, &key(1), 0).await;
        let mut other = fields("test-key-0000000-2");
        other.retain(|(name, _)| !matches!(*name, "category" | "description"));
        other.extend([("category", "elevator"), ("description", "电梯100%停了_别按")]);
        let lift = code_of(&resident.post_files("/report", &other, &[]).await);
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &lamp, "accept", &[]).await;
        let to = test.person(VOLUNTEER).to_owned();
        staff_step(&mut staff, &lamp, "dispatch", &[("to", &to)]).await;

        // The lift has two hours, the lamp two days.
        assert_eq!(codes(&staff.get("/staff/reports").await), [lift.clone(), lamp.clone()]);
        let owner = format!("owner={to}");
        let code = format!("q={}", lift.to_lowercase());
        let cases: [(&str, &[&String]); 16] = [
            ("state=unassigned", &[&lift]),
            ("state=dispatched", &[&lamp]),
            ("state=late", &[]),
            ("state=today", &[&lift]),
            ("state=verify", &[]),
            ("state=closed", &[]),
            ("kind=housing", &[&lift]),
            ("category=street-light", &[&lamp]),
            ("grid=wutong-g1", &[&lift, &lamp]),
            (&owner, &[&lamp]),
            ("channel=hotline", &[]),
            ("q=%E7%94%B5%E6%A2%AF", &[&lift]),
            ("q=100%25", &[&lift]),
            ("q=%5F%E5%88%AB", &[&lift]),
            (&code, &[&lift]),
            ("q=%25%25", &[]),
        ];
        // The district asks all communities at once, the community its own part.
        let mut district = test.signed_in(DISTRICT).await;
        for (query, expected) in cases {
            for desk in [&mut staff, &mut district] {
                let page = desk.get(&format!("/staff/reports?{query}")).await;
                assert_eq!(page.status, StatusCode::OK, "{query}");
                assert_eq!(codes(&page).iter().collect::<Vec<_>>(), expected, "{query}");
            }
        }
        for hostile in [
            "state=%27%3B--",
            "after=99999999999999999999_x",
            "after=1_%00",
            "q=%5C%27%25",
            "after=-1_",
            "kind=%F0%9F%92%A9",
        ] {
            let status = staff.get(&format!("/staff/reports?{hostile}")).await.status;
            assert!(status == 200 || status == 400, "{hostile}: {status}");
        }
        assert_eq!(codes(&test.signed_in(STAFF_ELSEWHERE).await.get("/staff/reports?state=all").await), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_late_waits_for_a_look_or_is_over_shows_when_it_is() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let mut lift = fields("test-key-0000000-1");
        lift.retain(|(name, _)| *name != "category");
        lift.push(("category", "elevator"));
        let lift = code_of(&resident.post_files("/report", &lift, &[]).await);
        let lamp = dispatched(&test, &key(2)).await;
        let shown = async |who: &str, state: &str| {
            let page = test.signed_in(who).await.get(&format!("/staff/reports?state={state}")).await;
            codes(&page).join(" ")
        };
        // The number that open desks ask for changes when something happens, and only then.
        let number = async || test.signed_in(STAFF).await.get("/staff/reports/version").await.text();
        let before = number().await;
        test.app.clock.advance(jiff::SignedDuration::from_secs(1));
        assert_eq!(number().await, before);
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        assert_eq!(handler_step(&mut volunteer, &lamp, "take", &[], &[]).await.status, 303);
        assert_ne!(number().await, before);
        let away = test.signed_in(STAFF_ELSEWHERE).await.get("/staff/reports/version").await.text();
        assert_ne!(away, number().await, "not the desks of others");

        // The lift has two hours, the lamp until Friday.
        for who in [STAFF, DISTRICT] {
            assert_eq!(shown(who, "late").await, "");
        }
        test.app.clock.advance(jiff::SignedDuration::from_hours(2));
        for who in [STAFF, DISTRICT] {
            assert_eq!(shown(who, "late").await, lift, "{who}");
            assert_eq!(shown(who, "today").await, "", "{who}");
        }
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 3));
        assert_eq!(shown(STAFF, "late").await, format!("{lift} {lamp}"));
        // What is done waits for a look of somebody else, and is late no longer.
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        assert_eq!(handler_step(&mut volunteer, &lamp, "finish", &[], &[]).await.status, 303);
        for who in [STAFF, GRID_WORKER, DISTRICT] {
            assert_eq!(shown(who, "verify").await, lamp, "{who}");
        }
        assert_eq!(shown(STAFF, "late").await, lift);
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &lamp, "verify_pass", &[]).await.status, 303);
        assert_eq!(shown(STAFF, "verify").await, "");
        assert_eq!(shown(STAFF, "closed").await, "");
        assert_eq!(staff_step(&mut staff, &lamp, "close", &[("text", "亮了")]).await.status, 303);
        for who in [STAFF, DISTRICT] {
            assert_eq!(shown(who, "closed").await, lamp, "{who}");
            assert_eq!(shown(who, "open").await, lift, "{who}");
        }
    })
    .await;
}

/// What a list shows from its first page to its last.
async fn walk(browser: &mut Browser, path: &str, shown: impl Fn(&Answer) -> Vec<String>) -> Vec<String> {
    let mut seen = Vec::new();
    let mut address = path.to_owned();
    for _ in 0..10 {
        let page = browser.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        seen.extend(shown(&page));
        let html = scraper::Html::parse_document(&page.text());
        let next = scraper::Selector::parse("a[rel=next]").expect("a selector");
        let Some(link) = html.select(&next).next() else { break };
        address = link.value().attr("href").expect("an address").to_owned();
    }
    seen
}

#[tokio::test]
async fn counting_ends_after_the_most_urgent_and_says_so() {
    on_both(|test| async move {
        let (community, path) = test.loaded.organisations["wutong"].clone();
        // Deadlines in the order of the numbers; every tenth came by the hotline.
        let file = async |from: i64, to: i64| {
            let mut tx = test.app.db.begin().await.expect("begin");
            sqlx::query(
                "WITH RECURSIVE n (n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < $2) \
                 INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, path, category, \
                 description, channel, state, filed_at, due_at, changed_at, version) \
                 SELECT 'id-' || n, 'P' || n, 'key-' || n, '', $3, $4, 'manhole', 'x', \
                 CASE WHEN n % 10 = 0 THEN 'hotline' ELSE 'api' END, 'submitted', 1, n, n, 1 FROM n",
            )
            .bind(from)
            .bind(to)
            .bind(&community)
            .bind(&path)
            .execute(&mut *tx)
            .await
            .expect("inserted");
            tx.commit().await.expect("commit");
        };
        let counted = async |query: &str| {
            let mut found = Vec::new();
            for who in [STAFF, DISTRICT] {
                let said = test.signed_in(who).await.get(&format!("/api/v1/staff/reports/counts{query}")).await.json();
                let late: i64 =
                    said["states"].as_array().expect("states").iter().filter_map(|one| one["late"].as_i64()).sum();
                found.push((late, said["at_least"].as_bool().expect("told")));
            }
            assert_eq!(found[0], found[1], "a community and the district, {query}");
            found[0]
        };
        file(1, 2_000).await;
        assert_eq!(counted("").await, (2_000, false));
        assert_eq!(counted("?channel=hotline").await, (200, false));
        assert_eq!(counted("?category=manhole&channel=transfer").await, (0, false));
        assert_eq!(counted("?q=P2000").await, (1, false));
        // One more, less urgent than the others: what fits is told of those that were looked at.
        file(2_001, 2_100).await;
        assert!(counted("").await.1);
        assert_eq!(counted("?channel=hotline").await, (200, true));
        let page = test.signed_in(STAFF).await.get("/staff/reports").await.text();
        assert!(page.replace("<!>", "").contains("2000+"), "the chip says so");
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_without_gaps() {
    on_both(|test| async move {
        let mut expected = Vec::new();
        let mut tx = test.app.db.begin().await.expect("begin");
        for n in 0..120_i64 {
            let code = format!("P{n:07}");
            // Three with each deadline, and some without any.
            let due = (n < 110).then_some(1_000_000 + n / 3);
            sqlx::query(
                "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, path, category, \
                 description, channel, state, filed_at, due_at, changed_at, version) VALUES ($1, $2, $1, '', $3, $4, \
                 'manhole', 'x', 'api', 'submitted', 1, $5, $6, 1)",
            )
            .bind(format!("id-{n:03}"))
            .bind(&code)
            .bind(&test.loaded.organisations["wutong"].0)
            .bind(&test.loaded.organisations["wutong"].1)
            .bind(due)
            .bind(n)
            .execute(&mut *tx)
            .await
            .expect("inserted");
            expected.push(code);
        }
        tx.commit().await.expect("commit");
        let newest_first: Vec<String> = expected.iter().rev().cloned().collect();
        for who in [STAFF, DISTRICT, STREET] {
            let mut staff = test.signed_in(who).await;
            assert_eq!(walk(&mut staff, "/staff/reports", codes).await, expected, "{who}");
            assert_eq!(walk(&mut staff, "/staff/reports?state=all", codes).await, newest_first, "{who}");
            let grid = walk(&mut staff, "/staff/reports?grid=wutong-g1", codes).await;
            assert_eq!(grid, Vec::<String>::new(), "{who}: none is in a grid");
        }
        let mut visitor = test.visitor();
        visitor.cookies.insert("linli_community".into(), "wutong".into());
        let cards = |page: &Answer| {
            let html = scraper::Html::parse_document(&page.text());
            let link = scraper::Selector::parse(".open-card .card-title a").expect("a selector");
            let links = html.select(&link).filter_map(|link| link.value().attr("href"));
            links.map(|href| href.trim_start_matches("/reports/").to_owned()).collect()
        };
        assert_eq!(walk(&mut visitor, "/reports", cards).await, newest_first);
        assert_eq!(walk(&mut visitor, "/reports?state=open", cards).await, newest_first);
        assert_eq!(walk(&mut visitor, "/reports?state=closed", cards).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn several_at_once_are_told_apart_and_nothing_is_half_done_in_silence() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        for n in 1..=3 {
            filed(&mut resident, &key(n), 0).await;
        }
        let mut staff = test.signed_in(STAFF).await;
        let desk = staff.get("/staff/reports").await;
        let (picks, codes) = (picks(&desk), codes(&desk));
        assert_eq!(picks.len(), 3);
        let send = |step: &'static str, more: &[(&'static str, String)]| {
            let mut fields: Vec<(&str, String)> = picks.iter().map(|pick| ("pick", pick.clone())).collect();
            fields.push(("step", step.to_owned()));
            fields.extend(more.iter().cloned());
            fields
        };
        async fn post(browser: &mut Browser, fields: &[(&str, String)]) -> Answer {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/staff/reports/bulk", &fields).await
        }
        // First the words and the message, nothing done.
        let asked = post(&mut staff, &send("accept", &[])).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.text().contains("已受理") && asked.text().contains("message-preview"), "{}", asked.text());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE state = 'submitted'").await, 3);
        // A reason is needed here as well.
        let refused = post(&mut staff, &send("reject", &[("sure", "1".into()), ("text", " ".into())])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

        // Somebody else is quicker with one of them.
        let mut other = test.signed_in(OTHER_STAFF).await;
        assert_eq!(staff_step(&mut other, &codes[1], "reject", &[("text", "归交警管")]).await.status, 303);
        let done = post(&mut staff, &send("accept", &[("sure", "1".into())])).await;
        assert_eq!(done.status, StatusCode::OK);
        assert!(done.text().contains("2 件办好了，1 件没有办成"), "{}", done.text());
        assert!(done.text().contains("先一步操作了"), "who was quicker: {}", done.text());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'accept'").await, 2);
        assert_eq!(
            count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'report.accept'").await,
            2
        );
        // Sent to one owner; someone who cannot go there is refused for each.
        let fresh: Vec<(&str, String)> = self::picks(&staff.get("/staff/reports").await)
            .into_iter()
            .map(|pick| ("pick", pick))
            .chain([("step", "dispatch".to_owned()), ("sure", "1".to_owned())])
            .collect();
        let with = |to: &str| [fresh.clone(), vec![("to", to.to_owned())]].concat();
        let wrong = post(&mut staff, &with(test.person(OTHER_VOLUNTEER))).await;
        assert!(wrong.text().contains("0 件办好了，2 件没有办成"), "{}", wrong.text());
        let right = post(&mut staff, &with(test.person(VOLUNTEER))).await;
        assert!(right.text().contains("2 件办好了，0 件没有办成"), "{}", right.text());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE state = 'dispatched'").await, 2);
        // Nothing ticked; somebody else's reports; too many.
        assert_eq!(staff.post("/staff/reports/bulk", &[("step", "accept")]).await.status, 422);
        let mut elsewhere = test.signed_in(STAFF_ELSEWHERE).await;
        assert_eq!(
            post(&mut elsewhere, &send("close", &[("sure", "1".into()), ("text", "x".into())])).await.status,
            403
        );
        let many: Vec<(&str, &str)> = (0..60).map(|_| ("pick", "AAAA:1")).chain([("step", "accept")]).collect();
        assert_eq!(staff.post("/staff/reports/bulk", &many).await.status, 400);
    })
    .await;
}
