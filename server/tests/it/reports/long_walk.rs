//! A random walk through the use case itself, as people take it: what the table offers is done, what it does not is
//! refused, and afterwards plain SQL finds every rule kept. `walk.rs` walks further, through the rules alone.

use super::*;
use crate::support::Dice;
use app::{
    people::Role,
    reports::{
        Step,
        life::{self, Relation},
    },
};
use jiff::SignedDuration;
use server::{
    db::Engine,
    reports::{
        chain,
        steps::{self, StepError, Wanted},
        store::{self, Report},
    },
};
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: [(&str, Role); 9] = [
    (RESIDENT, Role::Resident),
    (NEIGHBOUR, Role::Resident),
    (VOLUNTEER, Role::Volunteer),
    (GRID_WORKER, Role::GridWorker),
    ("19900000041", Role::Unit),
    (STAFF, Role::CommunityStaff),
    (OTHER_STAFF, Role::CommunityStaff),
    ("19900000051", Role::Supervisor),
    ("19900000099", Role::Admin),
];

/// Reports that are walked with.
const REPORTS: usize = 150;
/// Steps that are asked for: about two thousand of them are taken.
const STEPS: usize = 2_400;

/// Steps after which nothing more comes: seldom taken, or the walk would soon be over.
const ENDS: [Step; 3] = [Step::Reject, Step::Merge, Step::Withdraw];

async fn none(test: &TestApp, what: &str, sql: &'static str) {
    assert_eq!(count(test, sql).await, 0, "{what}");
}

#[tokio::test]
async fn two_thousand_steps_of_the_use_case_keep_every_rule() {
    let test = TestApp::new(Engine::Sqlite).await;
    // Back to the spring, so that the walk ends in a year whose holidays are known.
    test.app.clock.advance(SignedDuration::from_hours(-24 * 260));
    let mut people = Vec::new();
    for (phone, role) in PEOPLE {
        people.push((context(&test, phone).await, test.person(phone).to_owned(), role));
    }
    let handlers = [VOLUNTEER, GRID_WORKER, "19900000041"].map(|phone| test.person(phone).to_owned());
    let mut dice = Dice(0x11_57);
    let mut codes: Vec<String> = Vec::new();
    let mut handled: BTreeSet<(String, String)> = BTreeSet::new();
    let mut over: BTreeSet<String> = BTreeSet::new();
    let mut taken: BTreeMap<&str, i64> = BTreeMap::new();
    let mut refused = 0;
    for n in 0..STEPS {
        test.app.clock.advance(SignedDuration::from_mins(if dice.below(400) == 0 {
            16 * 24 * 60
        } else {
            1 + i64::try_from(dice.below(60)).expect("few")
        }));
        let now = test.app.clock.now();
        if codes.is_empty() || (codes.len() < REPORTS && dice.percent(9)) {
            let who = [RESIDENT, NEIGHBOUR][codes.len() % 2];
            codes.push(filed(&mut test.signed_in(who).await, &format!("walk-key-00000-{n:04}"), 0).await);
        }
        // Mostly with one that goes on.
        let live: Vec<&String> = codes.iter().filter(|code| !over.contains(*code)).collect();
        let code = if live.is_empty() || dice.percent(10) { dice.one_of(&codes) } else { *dice.one_of(&live) };
        let code = code.clone();
        let report = by_code(&test, &code).await;
        let past = steps::past(&test.app.db, &report, now).await.expect("read");
        let relation = |person: &String| Relation {
            reporter: report.reporter_id.as_ref() == Some(person),
            owner: report.owner_id.as_ref() == Some(person),
            handled: handled.contains(&(code.clone(), person.clone())),
        };
        let offered: Vec<Vec<Step>> =
            people.iter().map(|(_, id, role)| life::offered(report.state(), past, *role, relation(id))).collect();
        let mut possible: Vec<(usize, Step)> =
            offered.iter().enumerate().flat_map(|(who, steps)| steps.iter().map(move |step| (who, *step))).collect();
        possible.retain(|(_, step)| !ENDS.contains(step) || dice.below(30) == 0);
        // One in ten tries anything, one in twenty does so from a page that is no longer true.
        let anything = possible.is_empty() || dice.percent(10);
        let (who, step) = if anything {
            (usize::try_from(dice.below(9)).expect("few"), *dice.one_of(&Step::ALL))
        } else {
            // Of three, the one that was taken least: what is seldom possible is seldom missed.
            let three: Vec<(usize, Step)> = (0..3).map(|_| *dice.one_of(&possible)).collect();
            three.into_iter().min_by_key(|(_, step)| taken.get(step.code()).copied().unwrap_or(0)).expect("three")
        };
        let stale = dice.percent(5);
        let into = dice.one_of(&codes).clone();
        if step == Step::Merge && (into == code || by_code(&test, &into).await.state().is_over()) {
            continue;
        }
        // A page from before the last step; that the promised time moved with it makes no page untrue.
        let seen = if stale { last_step(&test, &code).await - 1 } else { report.version };
        let wanted = Wanted {
            seen: Some(seen),
            text: format!("因为第 {n} 步"),
            to: dice.one_of(&handlers).clone(),
            hours: (1 + dice.below(9)).to_string(),
            into,
            category: if report.category == "elevator" { "street-light" } else { "elevator" }.to_owned(),
            stars: (1 + dice.below(5)).to_string(),
            ..Wanted::new(step)
        };
        let (reader, id, role) = &mut people[who];
        reader.now = now;
        let what = format!("step {n}: {step:?} in {:?} by {role:?}", report.state());
        match steps::take(reader, &report, &wanted, None).await {
            Ok(()) => {
                assert!(offered[who].contains(&step) && !stale, "{what} was not offered");
                *taken.entry(step.code()).or_default() += 1;
                if ENDS.contains(&step) {
                    over.insert(code.clone());
                }
                if matches!(step, Step::Take | Step::Note | Step::Finish) {
                    handled.insert((code, id.clone()));
                }
            }
            Err(error) => {
                assert!(!offered[who].contains(&step) || stale, "{what} was offered: {error:?}");
                assert!(!matches!(error, StepError::Mistakes(_)), "{what}: {error:?}");
                assert_eq!(by_code(&test, &report.code).await.version, report.version, "{what} did nothing");
                refused += 1;
            }
        }
    }
    let all: i64 = taken.values().sum();
    eprintln!("{all} steps with {} reports, {refused} refused: {taken:?}", codes.len());
    let never: Vec<&str> = Step::ALL.iter().map(|step| step.code()).filter(|code| !taken.contains_key(code)).collect();
    assert_eq!(never, [""; 0], "steps that the walk never took");
    assert!(refused > 100 && all > 1_700, "{refused} refused, {all} taken");

    none(
        &test,
        "exactly one owner, the one who was sent last",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE (r.state IN ('dispatched', 'in_progress', 'suspended', \
         'handled', 'verified', 'closed')) <> (r.owner_id IS NOT NULL) OR r.owner_id <> (SELECT e.to_person_id \
         FROM report_event e WHERE e.report_id = r.id AND e.action IN ('dispatch', 'send_back') ORDER BY e.seq DESC LIMIT 1)",
    )
    .await;
    none(
        &test,
        "closed by two pairs of eyes",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE state IN ('verified', 'closed') AND (verified_by IS NULL \
         OR handled_by IS NULL OR verified_by = handled_by)",
    )
    .await;
    none(
        &test,
        "nobody verified what they had handled",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event e JOIN report_event h ON h.report_id = e.report_id \
         AND h.seq < e.seq AND h.actor_id = e.actor_id AND h.action IN ('take', 'note', 'finish') \
         WHERE e.action IN ('verify_pass', 'verify_fail')",
    )
    .await;
    none(
        &test,
        "clocks stand still only where the state does",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE (stopped_at IS NOT NULL) <> (state IN ('asked', 'suspended'))",
    )
    .await;
    none(
        &test,
        "an owner has a limit, and nobody else",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE (owner_due_at IS NOT NULL) <> (owner_id IS NOT NULL) \
         OR due_at IS NULL OR owner_due_at < dispatched_at",
    )
    .await;
    none(
        &test,
        "two extensions at most, and none waits without an owner",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE (SELECT COUNT(*) FROM report_extension x \
         WHERE x.report_id = r.id) > 2 OR (r.owner_id IS NULL AND EXISTS (SELECT 1 FROM report_extension x \
         WHERE x.report_id = r.id AND x.decision = ''))",
    )
    .await;
    none(
        &test,
        "events follow one another in number, time and state",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event e JOIN report r ON r.id = e.report_id \
         LEFT JOIN report_event b ON b.report_id = e.report_id AND b.seq = e.seq - 1 \
         WHERE e.seq > r.version OR (e.seq > 1 AND (b.id IS NULL OR b.to_state <> e.from_state OR b.at > e.at))",
    )
    .await;
    none(
        &test,
        "the last event is the state",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE r.state <> (SELECT e.to_state FROM report_event e \
         WHERE e.report_id = r.id AND e.seq = r.version)",
    )
    .await;
    let told: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT from_state, action, to_state, MIN(public_text || internal_text) FROM report_event \
         WHERE action NOT IN ('file', 'moved') GROUP BY from_state, action, to_state",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("events");
    for (from, action, to, shortest) in told {
        let step = Step::from_code(&action).expect("a step");
        let from = life::State::from_code(&from).expect("a state");
        assert_eq!(life::next(from, step).map(life::State::code), Some(to.as_str()), "{from:?} {step:?}");
        assert!(!step.needs_reason() || !shortest.is_empty(), "{step:?} without a reason");
    }
    assert_eq!(
        count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action NOT IN ('file', 'moved')").await,
        all,
        "one event for each step"
    );
    let audited =
        "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'report' AND action <> 'report.file'";
    assert_eq!(count(&test, audited).await, all, "and one entry in the log");
    let verdict = chain::verify(&test.app.db).await.expect("checks");
    assert_eq!((verdict.good, verdict.unchained, verdict.broken), (codes.len(), 0, Vec::new()));
}

/// Number of the last thing that somebody did.
async fn last_step(test: &TestApp, code: &str) -> i64 {
    let (seq,): (i64,) = sqlx::query_as(
        "SELECT MAX(e.seq) FROM report_event e JOIN report r ON r.id = e.report_id WHERE r.code = $1 AND e.action <> 'moved'",
    )
    .bind(code)
    .fetch_one(test.app.db.read())
    .await
    .expect("an event");
    seq
}

async fn by_code(test: &TestApp, code: &str) -> Report {
    store::by_code(&test.app.db, code).await.expect("read").expect("there")
}
