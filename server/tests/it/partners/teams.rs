//! Joining, being taken, changing, leaving: roles come and go with the registration, and nothing else does.

use super::{
    COLLEAGUE, ELSEWHERE, FANG, LIN, NEIGHBOUR, STAFF, TELLS, decide, joined, key, number, serves, taken, team, text,
};
use crate::support::on_both;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn a_resident_joins_with_consent_is_taken_and_leaves_with_everything() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        let here = format!("/teams/{team}");
        assert!(test.visitor().get(&here).await.text().contains("登录后报名"));
        let mut lin = test.signed_in(LIN).await;
        let without = lin.post(&format!("{here}/join"), &TELLS[..4]).await;
        assert_eq!(without.status, 422, "no consent");
        assert!(without.text().contains("需要您同意"));
        let foreign = lin.post(&format!("{here}/join"), &[("grids", "xingwu-g1"), ("consent", "1")]).await;
        assert_eq!(foreign.status, 422, "a grid of another community");
        let member = joined(&test, LIN, &team).await;
        assert_eq!(lin.post(&format!("{here}/join"), &TELLS).await.status, 303, "twice is once");
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM team_member").await, 1);
        assert!(!serves(&test, LIN, "wutong-g1").await, "not before staff agree");

        let page = format!("/staff/partners/members/{member}");
        assert!(staff.get("/staff/partners?tab=waiting").await.text().contains("林晓禾"));
        let shown = staff.get(&page).await.text();
        assert!(
            shown.contains("199****0001") && !shown.contains("19900000001") && shown.contains("水电维修"),
            "{shown}"
        );
        assert_eq!(decide(&mut staff, &page, "decline", "").await.status, 422, "a reason is needed");
        assert_eq!(decide(&mut staff, &page, "accept", "").await.status, 303);
        assert!(serves(&test, LIN, "wutong-g1").await);
        let granted = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'role.grant'";
        assert_eq!(number(&test, granted).await, 1, "written down");
        assert_eq!(lin.get("/volunteer").await.status, 200, "tasks are theirs to see");

        // A further grid waits for staff, one that goes is gone at once.
        let more = [("skills", "electric"), ("grids", "wutong-g2"), ("available", "1")];
        assert_eq!(lin.post(&format!("{here}/change"), &more).await.status, 303);
        assert!(!serves(&test, LIN, "wutong-g1").await && !serves(&test, LIN, "wutong-g2").await);
        assert!(staff.get("/staff/partners?tab=waiting").await.text().contains("申请增加网格"));
        assert_eq!(decide(&mut staff, &page, "accept", "").await.status, 303);
        assert!(serves(&test, LIN, "wutong-g2").await);

        // Nobody else can leave for them; leaving takes roles and what was told.
        let mut neighbour = test.signed_in(NEIGHBOUR).await;
        assert_eq!(neighbour.post(&format!("{here}/leave"), &[]).await.status, 404);
        assert_eq!(lin.post(&format!("{here}/leave"), &[]).await.status, 303);
        assert!(!serves(&test, LIN, "wutong-g2").await);
        let told = text(&test, "SELECT skills || times || note FROM team_member").await;
        assert_eq!((told.as_str(), text(&test, "SELECT state FROM team_member").await.as_str()), ("", "left"));
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM team_member_grid").await, 0);
        assert_eq!(lin.post(&format!("{here}/leave"), &[]).await.status, 404, "there is nothing to leave");
        joined(&test, LIN, &team).await;
    })
    .await;
}

#[tokio::test]
async fn a_registration_goes_on_in_what_its_grid_became_and_takes_back_there() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        for phone in [LIN, FANG] {
            taken(&test, &mut staff, phone, &team).await;
        }
        let body = json!({ "kind": "merge", "with": ["wutong-g3"], "into": "wutong-g3", "day": "2026-11-25" });
        let api = "/api/v1/staff/grids/wutong-g1/changes";
        let merged = staff.send(Method::POST, api, Some("application/json"), body.to_string().into_bytes()).await;
        assert_eq!(merged.status, 201, "{}", merged.text());
        for phone in [LIN, FANG] {
            assert!(serves(&test, phone, "wutong-g3").await && !serves(&test, phone, "wutong-g1").await, "{phone}");
            let left = test.signed_in(phone).await.post(&format!("/teams/{team}/leave"), &[]).await;
            assert_eq!(left.status, 303);
        }
        assert!(!serves(&test, LIN, "wutong-g3").await, "what it brought goes with it");
        assert!(serves(&test, FANG, "wutong-g3").await, "方敏 was a volunteer before");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_had_before_stays_when_a_registration_ends() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (one, other) = (team(&mut staff).await, team(&mut staff).await);
        // 方敏 is a volunteer of grid 1 anyway.
        let member = taken(&test, &mut staff, FANG, &one).await;
        let ended = decide(&mut staff, &format!("/staff/partners/members/{member}"), "end", "搬走了").await;
        assert_eq!(ended.status, 303, "{}", ended.text());
        assert!(serves(&test, FANG, "wutong-g1").await);
        let fang = test.person(FANG);
        let told = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = '{fang}' AND text_key = 'inbox-partners-ended'");
        assert_eq!(number(&test, &told).await, 1, "with the reason");
        // Two registrations give the same grid: it goes with the last of them.
        taken(&test, &mut staff, LIN, &one).await;
        taken(&test, &mut staff, LIN, &other).await;
        let mut lin = test.signed_in(LIN).await;
        lin.post(&format!("/teams/{one}/leave"), &[]).await;
        assert!(serves(&test, LIN, "wutong-g1").await);
        lin.post(&format!("/teams/{other}/leave"), &[]).await;
        assert!(!serves(&test, LIN, "wutong-g1").await);
    })
    .await;
}

#[tokio::test]
async fn of_many_taps_and_two_decisions_one_counts() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        let lin = test.signed_in(LIN).await;
        let to = format!("/teams/{team}/join");
        let taps = (0..8).map(|_| {
            let (mut lin, to) = (lin.clone(), to.clone());
            tokio::spawn(async move { lin.post(&to, &TELLS).await.status })
        });
        for tap in futures::future::join_all(taps).await {
            assert_eq!(tap.expect("no panic"), 303);
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM team_member").await, 1);
        let member = text(&test, "SELECT id FROM team_member").await;
        let page = format!("/staff/partners/members/{member}");
        let colleague = test.signed_in(COLLEAGUE).await;
        let decisions = [(staff.clone(), "accept"), (colleague, "decline")].map(|(mut browser, what)| {
            let page = page.clone();
            tokio::spawn(async move {
                browser.post(&page, &[("do", what), ("reason", "人满了"), ("version", "1")]).await.status.as_u16()
            })
        });
        let mut statuses: Vec<u16> =
            futures::future::join_all(decisions).await.into_iter().map(|one| one.expect("no panic")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let active = text(&test, "SELECT state FROM team_member").await == "active";
        assert_eq!(serves(&test, LIN, "wutong-g1").await, active, "the role follows the decision that counted");
    })
    .await;
}

#[tokio::test]
async fn trainings_are_seen_by_staff_and_by_who_was_there() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        let member = taken(&test, &mut staff, LIN, &team).await;
        let key = key();
        let to = format!("/staff/partners/teams/{team}/trainings");
        let fields = |day| {
            [
                ("training_day", day),
                ("topic", "急救"),
                ("training_hours", "1.5"),
                ("members", member.as_str()),
                ("key", key.as_str()),
            ]
        };
        assert_eq!(staff.post(&to, &fields("2026-11-26")).await.status, 422, "tomorrow was not yet");
        for _ in 0..2 {
            assert_eq!(staff.post(&to, &fields("2026-11-20")).await.status, 303);
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM team_training").await, 1, "twice is once");
        assert!(staff.get(&format!("/staff/partners/teams/{team}")).await.text().contains("1 小时 30 分"));
        assert!(test.signed_in(LIN).await.get("/me/service").await.text().contains("急救"));
        for page in ["/me/service".to_owned(), format!("/teams/{team}")] {
            assert!(!test.signed_in(NEIGHBOUR).await.get(&page).await.text().contains("急救"), "{page}");
        }
        let training = text(&test, "SELECT id FROM team_training").await;
        let remove = format!("/staff/partners/trainings/{training}/remove");
        assert!(matches!(test.signed_in(ELSEWHERE).await.post(&remove, &[]).await.status.as_u16(), 403 | 404));
        assert_eq!(staff.post(&remove, &[]).await.status, 303);
        assert!(!test.signed_in(LIN).await.get("/me/service").await.text().contains("急救"));
    })
    .await;
}
