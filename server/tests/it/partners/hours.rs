//! Service hours: confirmed by somebody else, taken back with a reason, and nobody's sum but one's own.

use super::{
    COLLEAGUE, ELSEWHERE, FANG, LIN, NEIGHBOUR, STAFF, ZHOU, activity, decide, key, number, taken, team, text, written,
};
use crate::{
    reports::{dispatched, fixture, handler_step},
    support::{TestApp, on_both},
};
use axum::http::Method;
use jiff::SignedDuration;
use server::http::{Access, routes};

async fn states(test: &TestApp) -> Vec<(String, i64)> {
    sqlx::query_as("SELECT state, minutes FROM service_hour ORDER BY id")
        .fetch_all(test.app.db.read())
        .await
        .expect("read")
}

#[tokio::test]
async fn who_was_ticked_at_the_door_gets_the_hours_once() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        taken(&test, &mut staff, LIN, &team).await;
        let notice = activity(&test, &mut staff).await;
        let link = format!("/staff/partners/teams/{team}/activities");
        assert_eq!(staff.post(&link, &[("activity", "no-such")]).await.status, 422);
        assert_eq!(staff.post(&link, &[("activity", &notice)]).await.status, 303);
        let other = super::team(&mut staff).await;
        let taken_already =
            staff.post(&format!("/staff/partners/teams/{other}/activities"), &[("activity", &notice)]).await;
        assert_eq!(taken_already.status, 422, "it is one team's");
        assert!(test.visitor().get(&format!("/teams/{team}")).await.text().contains("还有 5 个名额"));
        for phone in [LIN, ZHOU, NEIGHBOUR] {
            let mut browser = test.signed_in(phone).await;
            assert_eq!(browser.post(&format!("/notices/{notice}/sign-up"), &[]).await.status, 303);
        }
        let here = format!("{link}/{notice}");
        // 林 and 周 come; 何 does not.
        for phone in [LIN, ZHOU] {
            let person = test.person(phone);
            let id = text(&test, &format!("SELECT id FROM sign_up WHERE person_id = '{person}'")).await;
            staff.post(&format!("/staff/notices/{notice}/sign-ups/{id}/came"), &[("came", "1")]).await;
        }
        let people = [LIN, ZHOU, NEIGHBOUR].map(|phone| test.person(phone).to_owned());
        let form = || {
            let mut form: Vec<(&str, &str)> = people.iter().map(|id| ("people", id.as_str())).collect();
            form.push(("hours", "2"));
            form
        };
        assert_eq!(staff.post(&here, &form()).await.status, 409, "it is not over");
        test.app.clock.advance(SignedDuration::from_hours(26));
        let page = staff.get(&here).await.text();
        assert!(page.contains("林晓禾") && page.contains("不是本队队员") && !page.contains("何立群"), "{page}");
        let taps = (0..6).map(|_| {
            let (mut staff, here) = (staff.clone(), here.clone());
            let form: Vec<(String, String)> =
                form().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            tokio::spawn(async move {
                let form: Vec<(&str, &str)> =
                    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                staff.post(&here, &form).await.status
            })
        });
        for tap in futures::future::join_all(taps).await {
            assert_eq!(tap.expect("no panic"), 303);
        }
        let confirmed = ("confirmed".to_owned(), 120);
        assert_eq!(
            states(&test).await,
            [confirmed.clone(), confirmed],
            "who did not come has none, and nobody has two"
        );
        assert!(test.signed_in(LIN).await.get("/me/service").await.text().contains("2 小时"));
    })
    .await;
}

#[tokio::test]
async fn a_handled_report_is_told_by_the_volunteer_and_confirmed_by_another() {
    on_both(|test| async move {
        let code = dispatched(&test, "partners-hours-000001").await;
        let mut fang = test.signed_in(FANG).await;
        handler_step(&mut fang, &code, "take", &[], &[]).await;
        let tell = |key: &str, report: &str, hours: &str| {
            [("report", report), ("day", "2026-11-25"), ("hours", hours), ("key", key)]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        };
        let send = async |browser: &mut crate::support::Browser, form: [(String, String); 4]| {
            let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            browser.post("/me/service/hours", &form).await.status.as_u16()
        };
        assert_eq!(send(&mut fang, tell(&key(), &code, "1")).await, 422, "it is not handled yet");
        let photo = fixture("orientation-6.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", &photo)];
        handler_step(&mut fang, &code, "finish", &[("text", "换了灯")], &files).await;
        assert_eq!(
            send(&mut test.signed_in(NEIGHBOUR).await, tell(&key(), &code, "1")).await,
            422,
            "another handled it"
        );
        for hours in ["0", "-1", "17", "many", "99999999999999"] {
            assert_eq!(send(&mut fang, tell(&key(), &code, hours)).await, 422, "{hours}");
        }
        let once = key();
        assert_eq!(send(&mut fang, tell(&once, &code, "1.5")).await, 303);
        assert_eq!(send(&mut fang, tell(&once, &code, "1.5")).await, 303, "the second tap");
        assert_eq!(send(&mut fang, tell(&key(), &code, "1.5")).await, 409, "a report counts once");
        assert_eq!(states(&test).await, [("proposed".to_owned(), 90)]);

        let id = text(&test, "SELECT id FROM service_hour").await;
        let page = format!("/staff/partners/hours/{id}");
        assert!(matches!(test.signed_in(ELSEWHERE).await.get(&page).await.status.as_u16(), 403 | 404));
        let mut staff = test.signed_in(STAFF).await;
        assert!(staff.get("/staff/partners?tab=hours").await.text().contains("方敏"));
        assert_eq!(decide(&mut staff, &page, "confirm", "").await.status, 303);
        assert!(fang.get("/me/service").await.text().contains("1 小时 30 分"));
        // Taken back with a reason, never deleted; then the report can be told again.
        assert_eq!(decide(&mut staff, &page, "take-back", " ").await.status, 422);
        assert_eq!(decide(&mut staff, &page, "take-back", "记错了人").await.status, 303);
        assert_eq!(states(&test).await, [("taken_back".to_owned(), 90)]);
        assert!(fang.get("/me/service").await.text().contains("记错了人"));
        assert_eq!(send(&mut fang, tell(&key(), &code, "1")).await, 303);
        let again = text(&test, "SELECT id FROM service_hour WHERE state = 'proposed'").await;
        let withdraw = format!("/me/service/hours/{again}/withdraw");
        assert_eq!(test.signed_in(NEIGHBOUR).await.post(&withdraw, &[]).await.status, 404);
        assert_eq!(fang.post(&withdraw, &[]).await.status, 303);
        assert_eq!(decide(&mut staff, &format!("/staff/partners/hours/{again}"), "confirm", "").await.status, 409);
    })
    .await;
}

#[tokio::test]
async fn nobody_confirms_their_own_and_two_decisions_are_one() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        // 沈雨桐 of the staff is a volunteer as well: a colleague takes her in.
        let own = super::joined(&test, STAFF, &team).await;
        let page = format!("/staff/partners/members/{own}");
        assert_eq!(decide(&mut staff, &page, "accept", "").await.status, 409);
        let mut colleague = test.signed_in(COLLEAGUE).await;
        assert_eq!(decide(&mut colleague, &page, "accept", "").await.status, 303);
        let fields =
            [("team", team.as_str()), ("day", "2026-11-24"), ("hours", "1"), ("words", "看灯"), ("key", "own-hours-1")];
        assert_eq!(staff.post("/me/service/hours", &fields).await.status, 303);
        let id = text(&test, "SELECT id FROM service_hour").await;
        let hour = format!("/staff/partners/hours/{id}");
        let write = [("day", "2026-11-24"), ("hours", "1"), ("words", "x"), ("key", "own-hours-2")];
        assert_eq!(staff.post(&format!("{page}/hours"), &write).await.status, 409);
        assert_eq!(staff.post(&hour, &[("do", "confirm"), ("version", "1")]).await.status, 409);
        assert_eq!(text(&test, "SELECT state FROM service_hour").await, "proposed");
        let decisions = ["confirm", "decline"].map(|what| {
            let (mut colleague, hour) = (colleague.clone(), hour.clone());
            tokio::spawn(async move {
                colleague.post(&hour, &[("do", what), ("reason", "没有这回事"), ("version", "1")]).await.status.as_u16()
            })
        });
        let mut statuses: Vec<u16> =
            futures::future::join_all(decisions).await.into_iter().map(|one| one.expect("no panic")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
    })
    .await;
}

/// Every page and operation that staff, supervisors, administrators and neighbours can read, with the sum that only its own
/// volunteer may see: it is nowhere.
#[tokio::test]
async fn the_sum_of_somebodys_hours_is_nowhere_but_with_them() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        let member = taken(&test, &mut staff, LIN, &team).await;
        // 7 h 13 min in three entries: no single one says so.
        for (day, hours) in [("2026-11-18", "2.55"), ("2026-11-19", "3.25"), ("2026-11-20", "1.42")] {
            written(&mut staff, &member, day, hours).await;
        }
        let sum = number(&test, "SELECT CAST(SUM(minutes) AS BIGINT) FROM service_hour").await;
        let words = [
            format!("{} 小时 {} 分", sum / 60, sum % 60),
            format!("{} h {} min", sum / 60, sum % 60),
            format!(":{sum},"),
            format!(":{sum}}}"),
        ];
        let mut lin = test.signed_in(LIN).await;
        assert!(lin.get("/me/service").await.text().contains(&words[0]), "their own");
        assert_eq!(lin.get("/api/v1/me/service").await.json()["years"][0]["minutes"], sum);
        let mut samples = crate::access::samples(&test).await;
        for at in
            ["/staff/partners/teams/{team}", "/api/v1/staff/partners/teams/{team}", "/teams/{id}", "/api/v1/teams/{id}"]
        {
            samples.insert(at, team.clone());
        }
        for at in ["/staff/partners/members/{member}", "/api/v1/staff/partners/members/{member}"] {
            samples.insert(at, member.clone());
        }
        for phone in [STAFF, COLLEAGUE, "19900000051", "19900000099", NEIGHBOUR] {
            let mut browser = test.signed_in(phone).await;
            for route in routes::all().list() {
                let ours = ["partners", "team", "service"].iter().any(|word| route.path.contains(word));
                if !ours
                    || route.method != Method::GET
                    || route.path.ends_with("/live")
                    || route.access == Access::SignedIn
                {
                    continue;
                }
                let mut addresses = vec![crate::access::fill(route.path, &samples)];
                if route.path == "/staff/partners" {
                    addresses.extend(["teams", "waiting", "hours"].map(|tab| format!("/staff/partners?tab={tab}")));
                }
                for address in addresses {
                    let answer = browser.get(&address).await.text();
                    for word in &words {
                        assert!(!answer.contains(word), "{phone} reads {word} at {address}");
                    }
                }
            }
            let own = browser.get("/api/v1/me/service").await.json();
            assert_eq!(own["years"].as_array().map(Vec::len), Some(0), "{phone}");
        }
        // No statement sums up hours by person.
        let folder = format!("{}/src/partners", env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![std::path::PathBuf::from(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                    continue;
                }
                let source = std::fs::read_to_string(&entry).expect("text");
                assert!(!source.contains("SUM(h.minutes)") && !source.contains("SUM(minutes)"), "{}", entry.display());
            }
        }
    })
    .await;
}
