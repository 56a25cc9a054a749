//! Two people who do the same at the same time, at two server processes: one wins, the other is told who it was; and one
//! submit, however often and wherever it arrives, is one report.

use super::*;
use crate::{
    support::on_both,
    windows::servers::{Pair, Reply, no_deadlocks, sessions_of},
};
use app::people::Role;
use futures::future::join_all;

/// The version that the forms of a page send.
fn version_in(page: &str) -> String {
    let rest = page.split("name=\"version\" value=\"").nth(1).unwrap_or_else(|| panic!("a version in {page}"));
    rest.split('"').next().expect("a number").to_owned()
}

fn submit(key: &str, description: &str) -> serde_json::Value {
    serde_json::json!({
        "idempotency_key": key, "community": "wutong", "category": "street-light", "building": "wutong-1",
        "description": description,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_submits_with_one_key_at_two_servers_are_one_report() {
    on_both(async |test| {
        let pair = Pair::on(&test).await;
        let session = sessions_of(&test, &[RESIDENT]).await.remove(0);
        let key = key(50);
        let body = submit(&key, "路灯三天没亮了");
        let replies = join_all((0..50).map(|n| pair.post_json(n, &session, "/api/v1/reports", &body))).await;
        let code = |reply: &Reply| -> String {
            let json: serde_json::Value = serde_json::from_str(&reply.text).expect("JSON");
            json["code"].as_str().expect("a code").to_owned()
        };
        let first = code(&replies[0]);
        assert!(replies.iter().all(|reply| code(reply) == first), "{replies:?}");
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        let found = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!((made, found), (1, 49));
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event").await, 1);
        let other = submit(&key, "还有井盖也坏了");
        for n in 0..2 {
            let refused = pair.post_json(n, &session, "/api/v1/reports", &other).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
        }

        // Two contents race for one key: one of them is the report, everybody with the other is refused.
        let key = super::key(51);
        let bodies = [submit(&key, "一"), submit(&key, "二")];
        let replies =
            join_all((0..30).map(|n| pair.post_json(n / 2, &session, "/api/v1/reports", &bodies[n % 2]))).await;
        let statuses = |parity: usize| -> Vec<u16> {
            replies.iter().enumerate().filter(|(n, _)| n % 2 == parity).map(|(_, reply)| reply.status).collect()
        };
        let (winners, losers) =
            if statuses(0).contains(&422) { (statuses(1), statuses(0)) } else { (statuses(0), statuses(1)) };
        assert!(losers.iter().all(|status| *status == 422), "{losers:?}");
        assert!(winners.iter().all(|status| [200, 201].contains(status)), "{winners:?}");
        assert_eq!(winners.iter().filter(|status| **status == 201).count(), 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 2);
        no_deadlocks(&test).await;
    })
    .await;
}

/// Two requests from the same version of a page, at one server each: one is done, the other is told who was quicker.
/// Gives which one won.
async fn race(pair: &Pair, path: &str, seen: &str, who: [(&str, &str); 2], what: [&[(&str, &str)]; 2]) -> usize {
    let fields = what.map(|what| {
        let mut fields = vec![("version", seen)];
        fields.extend_from_slice(what);
        fields
    });
    let (one, two) = tokio::join!(pair.post(0, who[0].0, path, &fields[0]), pair.post(1, who[1].0, path, &fields[1]));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{path} {what:?}: {} {}", one.text, two.text);
    let (winner, loser) = if one.status == 303 { (0, two) } else { (1, one) };
    let told = format!("{}先一步操作了", who[winner].1);
    assert!(loser.text.contains(&told), "{told}: {}", loser.text);
    winner
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dispatchers_owners_and_verifiers_at_two_servers_do_each_thing_once() {
    on_both(async |test| {
        let pair = Pair::on(&test).await;
        let phones = [RESIDENT, STAFF, OTHER_STAFF, VOLUNTEER, GRID_WORKER];
        let sessions = sessions_of(&test, &phones).await;
        let [resident, staff, other, volunteer, worker] = &sessions[..] else { panic!("five") };
        let dispatchers = [(staff.as_str(), "沈雨桐"), (other.as_str(), "吴建明")];
        for round in 0..3 {
            let body = submit(&key(100 + round), "路灯三天没亮了");
            let filed = pair.post_json(round, resident, "/api/v1/reports", &body).await;
            assert_eq!(filed.status, 201, "{}", filed.text);
            let json: serde_json::Value = serde_json::from_str(&filed.text).expect("JSON");
            let code = json["code"].as_str().expect("a code").to_owned();
            let (desk, task) = (format!("/staff/reports/{code}"), format!("/volunteer/reports/{code}"));
            let seen = async |session: &str, path: &str| version_in(&pair.get(round, session, path).await.text);

            // Accepted by one, refused by the other: one of the two.
            let version = seen(staff, &desk).await;
            let accept: &[_] = &[("step", "accept")];
            race(&pair, &desk, &version, dispatchers, [accept, accept]).await;
            // Sent to two people: one owner.
            let version = seen(staff, &desk).await;
            let (to_volunteer, to_worker) = (test.person(VOLUNTEER), test.person(GRID_WORKER));
            let to = [[("step", "dispatch"), ("to", to_volunteer)], [("step", "dispatch"), ("to", to_worker)]];
            let won = race(&pair, &desk, &version, dispatchers, [&to[0], &to[1]]).await;
            let (owner, not_owner) = if won == 0 { (volunteer, worker) } else { (worker, volunteer) };
            // Both volunteers want to take it: it is one's alone. On two phones of that one it is taken once, or taken
            // on one and handed back on the other.
            let version = seen(owner, &task).await;
            let take = [("step", "take"), ("version", version.as_str())];
            assert_eq!(pair.post(1, not_owner, &task, &take).await.status, 403, "not theirs");
            let (name,): (String,) = sqlx::query_as("SELECT name FROM person WHERE id = $1")
                .bind([to_volunteer, to_worker][won])
                .fetch_one(test.app.db.read())
                .await
                .expect("a name");
            let me = [(owner.as_str(), name.as_str()); 2];
            let take: &[_] = &[("step", "take")];
            race(&pair, &task, &version, me, [take, take]).await;
            let version = seen(owner, &task).await;
            race(&pair, &task, &version, me, [&[("step", "finish")], &[("step", "return"), ("text", "要登高")]]).await;
            let (state,): (String,) = sqlx::query_as("SELECT state FROM report WHERE code = $1")
                .bind(&code)
                .fetch_one(test.app.db.read())
                .await
                .expect("a report");
            if state == "handled" {
                // One says it is fine, one that it is not.
                let version = seen(staff, &desk).await;
                let verify: [&[_]; 2] = [&[("step", "verify_pass")], &[("step", "verify_fail"), ("text", "还是不亮")]];
                race(&pair, &desk, &version, dispatchers, verify).await;
            } else {
                assert_eq!(state, "accepted");
            }
        }
        // Numbered without a gap, and nothing happened twice.
        let events: Vec<(String, i64)> =
            sqlx::query_as("SELECT report_id, seq FROM report_event ORDER BY report_id, seq")
                .fetch_all(test.app.db.read())
                .await
                .expect("events");
        for pair in events.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            assert_eq!(pair[1].1, pair[0].1 + 1);
        }
        assert_eq!(
            count(
                &test,
                "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action IN ('accept', 'dispatch', 'take')"
            )
            .await,
            9
        );
        no_deadlocks(&test).await;
    })
    .await;
}

/// A task is one owner's, so a second volunteer can only want it once the first has handed it back. The phone of the first
/// does not know of that yet: it takes the task at one server while the second volunteer is on the way to it at the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_volunteers_at_two_servers_one_takes_the_task_and_the_other_is_told_who() {
    const ROUNDS: usize = 10;
    on_both(async |test| {
        let (grid, _) = &test.loaded.organisations["wutong-g1"];
        let mut tx = test.app.db.begin().await.expect("begin");
        let second = test.person(OTHER_VOLUNTEER).to_owned();
        server::people::store::grant(&mut tx, &second, Role::Volunteer, grid, test.app.clock.now())
            .await
            .expect("both are volunteers of the grid");
        tx.commit().await.expect("commit");
        let pair = Pair::on(&test).await;
        let sessions = sessions_of(&test, &[RESIDENT, STAFF, VOLUNTEER, OTHER_VOLUNTEER]).await;
        let [resident, staff, one, two] = &sessions[..] else { panic!("four") };
        let told = |reply: &Reply, who: &[&str]| {
            assert_eq!(reply.status, 409, "{}", reply.text);
            let named = who.iter().any(|name| reply.text.contains(&format!("{name}先一步操作了")));
            assert!(named, "one of {who:?}: {}", reply.text);
        };
        let mut firsts = 0;
        for round in 0..ROUNDS {
            let body = submit(&key(200 + round), "路灯三天没亮了");
            let filed = pair.post_json(round, resident, "/api/v1/reports", &body).await;
            let json: serde_json::Value = serde_json::from_str(&filed.text).expect("JSON");
            let code = json["code"].as_str().unwrap_or_else(|| panic!("a code in {json}")).to_owned();
            let (desk, task) = (format!("/staff/reports/{code}"), format!("/volunteer/reports/{code}"));
            for more in [&[("step", "accept")][..], &[("step", "dispatch"), ("to", test.person(VOLUNTEER))]] {
                assert_eq!(pair.post(round, staff, &desk, more).await.status, 303, "{more:?}");
            }
            // What the phone in the pocket shows.
            let seen = version_in(&pair.get(0, one, &task).await.text);
            let after = |steps: i64| (seen.parse::<i64>().expect("a number") + steps).to_string();
            let take = async |wait: u64| {
                tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
                pair.post(0, one, &task, &[("step", "take"), ("version", &seen)]).await
            };
            // Meanwhile its owner hands it back at another place, staff send it to the other volunteer, who takes it.
            let hand_over = async || {
                let back = [("step", "return"), ("version", seen.as_str()), ("text", "要登高")];
                let back = pair.post(1, one, &task, &back).await;
                let (version, next) = (after(1), after(2));
                let sent = [("step", "dispatch"), ("version", version.as_str()), ("to", second.as_str())];
                let sent = pair.post(1, staff, &desk, &sent).await;
                let taken = pair.post(1, two, &task, &[("step", "take"), ("version", &next)]).await;
                [back, sent, taken]
            };
            let (mine, [back, sent, theirs]) = match round {
                0 => (take(0).await, hand_over().await),
                1 => {
                    let others = hand_over().await;
                    (take(0).await, others)
                }
                _ => tokio::join!(take(8 * (round as u64 - 2)), hand_over()),
            };
            let takers: Vec<(String,)> = sqlx::query_as(
                "SELECT p.name FROM report_event e JOIN person p ON p.id = e.actor_id JOIN report r ON r.id = e.report_id \
                 WHERE r.code = $1 AND e.action = 'take'",
            )
            .bind(&code)
            .fetch_all(test.app.db.read())
            .await
            .expect("events");
            assert_eq!(takers.len(), 1, "taken once: {takers:?}");
            if mine.status == 303 {
                assert_eq!(takers[0].0, "方敏");
                // Whoever wanted it for the other reads who has it; the other was never asked.
                told(&back, &["方敏"]);
                told(&sent, &["方敏"]);
                assert_eq!(theirs.status, 403, "{}", theirs.text);
                firsts += 1;
            } else {
                assert_eq!(takers[0].0, "唐卫东");
                assert_eq!([back.status, sent.status, theirs.status], [303; 3], "{} {}", sent.text, theirs.text);
                // Whoever it was by then; at last the one who took it.
                let by_then = ["方敏", "沈雨桐", "唐卫东"];
                told(&mine, if round == 1 { &by_then[2..] } else { &by_then });
            }
        }
        assert!((1..ROUNDS).contains(&firsts), "each of the two was the first: {firsts} of {ROUNDS}");
        no_deadlocks(&test).await;
    })
    .await;
}

/// There is no task that two people could take: it is always one owner's. What comes nearest is a phone that still shows
/// a task which was handed back, and is somebody else's by now.
#[tokio::test]
async fn a_phone_that_is_behind_takes_nothing_and_says_who_did() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let task = format!("/volunteer/reports/{code}");
        let (mut pocket, mut tablet) = (test.signed_in(VOLUNTEER).await, test.signed_in(VOLUNTEER).await);
        let shown = version(&pocket.get(&task).await);
        assert_eq!(handler_step(&mut tablet, &code, "return", &[("text", "要登高")], &[]).await.status, 303);
        let mut staff = test.signed_in(STAFF).await;
        let worker = test.person(GRID_WORKER).to_owned();
        assert_eq!(staff_step(&mut staff, &code, "dispatch", &[("to", &worker)]).await.status, 303);
        assert_eq!(handler_step(&mut test.signed_in(GRID_WORKER).await, &code, "take", &[], &[]).await.status, 303);

        let take = [("step", "take"), ("version", shown.as_str()), ("text", "我三点到")];
        let late = pocket.post(&task, &take).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
        assert!(late.text().contains("陆海峰先一步操作了"), "{}", late.text());
        // It says who, and shows nothing of a task that is no longer theirs.
        for words in ["路灯三天没亮了", "北门路灯下", "林晓禾"] {
            assert!(!late.text().contains(words), "{words}");
        }
        assert_eq!(pocket.get(&task).await.status, StatusCode::FORBIDDEN);
        // To whom it was never sent, it is nothing at all.
        let stranger = test.signed_in(OTHER_VOLUNTEER).await.post(&task, &take).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN);
        assert!(!stranger.text().contains("陆海峰"), "{}", stranger.text());
        let report: (String, Option<String>, i64) = sqlx::query_as("SELECT state, owner_id, version FROM report")
            .fetch_one(test.app.db.read())
            .await
            .expect("one");
        assert_eq!(report, ("in_progress".to_owned(), Some(worker), 6));
    })
    .await;
}
