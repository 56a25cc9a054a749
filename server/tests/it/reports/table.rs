//! The server decides by the table: every step in every state by every role, asked of the use case itself. What the
//! table does not know changes nothing, for whomever; what it knows is refused to whoever may not.

use super::*;
use crate::support::on_both;
use app::{
    people::Role,
    reports::{
        State, Step,
        life::{self, Relation},
    },
};
use server::{
    http::Error,
    reports::{
        steps::{self, StepError, Wanted},
        store,
    },
};
use std::collections::BTreeSet;

/// A unit, which owns nothing unless it is given it.
const UNIT: &str = "19900000041";

/// Somebody of every role around the report.
const PEOPLE: [(&str, Role); 9] = [
    (RESIDENT, Role::Resident),
    (NEIGHBOUR, Role::Resident),
    (VOLUNTEER, Role::Volunteer),
    (GRID_WORKER, Role::GridWorker),
    (STAFF, Role::CommunityStaff),
    (OTHER_STAFF, Role::CommunityStaff),
    (UNIT, Role::Unit),
    ("19900000051", Role::Supervisor),
    ("19900000099", Role::Admin),
];

/// What somebody is to the report: the resident filed it; the volunteer and the second clerk have handled it.
fn relation(phone: &str, owner: &str, state: State) -> Relation {
    Relation {
        reporter: phone == RESIDENT,
        owner: phone == owner && state.has_owner(),
        handled: [VOLUNTEER, OTHER_STAFF].contains(&phone),
    }
}

/// The report, brought to any state without a step.
struct Puppet<'a> {
    test: &'a TestApp,
    code: String,
    /// Another report, into which it can be merged.
    other: String,
    /// Number of its last event: what a step adds is taken away again.
    version: i64,
}

impl<'a> Puppet<'a> {
    /// Handled by the volunteer, once noted on by a clerk, and handed back at the end: what a dispute is about.
    async fn new(test: &'a TestApp) -> Puppet<'a> {
        let code = dispatched(test, &key(1)).await;
        for step in ["take", "finish"] {
            let answer = handler_step(&mut test.signed_in(VOLUNTEER).await, &code, step, &[], &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        let other = filed(&mut test.signed_in(NEIGHBOUR).await, &key(2), 0).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        for (seq, phone, action, to) in
            [(-1_i64, OTHER_STAFF, "note", "in_progress"), (6, VOLUNTEER, "return", "accepted")]
        {
            sqlx::query(
                "INSERT INTO report_event (id, report_id, seq, at, actor_id, actor_kind, action, to_state) \
                 SELECT $1, id, $2, filed_at, $3, 'handler', $4, $5 FROM report WHERE code = $6",
            )
            .bind(format!("put-{action}"))
            .bind(seq)
            .bind(test.person(phone))
            .bind(action)
            .bind(to)
            .bind(&code)
            .execute(&mut *tx)
            .await
            .expect("written");
        }
        tx.commit().await.expect("commit");
        Puppet { test, code, other, version: 6 }
    }

    /// Brings it to a state with this owner, as if nothing had come after; with what `step` needs to have happened.
    async fn put(&self, state: State, owner: &str, step: Option<Step>) -> store::Report {
        let now = self.test.app.clock.now().as_microsecond();
        let owner = state.has_owner().then(|| self.test.person(owner));
        let mut tx = self.test.app.db.begin().await.expect("begin");
        for sql in [
            "DELETE FROM report_event WHERE seq > $2 AND report_id = (SELECT id FROM report WHERE code = $1)",
            "DELETE FROM report_extension WHERE CAST($2 AS BIGINT) > 0 AND report_id = (SELECT id FROM report WHERE code = $1)",
            "DELETE FROM report_supervision WHERE CAST($2 AS BIGINT) > 0 AND report_id = (SELECT id FROM report WHERE code = $1)",
        ] {
            sqlx::query(sql).bind(&self.code).bind(self.version).execute(&mut *tx).await.expect("cleared");
        }
        sqlx::query(
            "UPDATE report SET state = $2, owner_id = $3, handled_by = $3, verified_by = $4, version = $5, \
             owner_due_at = $6, closed_at = $7, category = 'street-light', merged_into = NULL, confirmed_at = NULL, \
             rated_at = NULL, stars = NULL, stars_answered_at = NULL, stopped_at = NULL WHERE code = $1",
        )
        .bind(&self.code)
        .bind(state.code())
        .bind(owner)
        .bind(owner.map(|_| self.test.person(STAFF)))
        .bind(self.version)
        .bind(now + 3_600_000_000)
        .bind(state.is_over().then_some(now))
        .execute(&mut *tx)
        .await
        .expect("set");
        let level = match step {
            Some(Step::ExtendGrant | Step::ExtendRefuse) => 1_i64,
            Some(Step::ExtendGrantAbove | Step::ExtendRefuseAbove) => 2,
            _ => 0,
        };
        if level > 0 {
            sqlx::query(
                "INSERT INTO report_extension (id, report_id, level, asked_by, asked_at, hours, reason) \
                 SELECT 'asked', id, $2, $3, filed_at, 4, '等配件' FROM report WHERE code = $1",
            )
            .bind(&self.code)
            .bind(level)
            .bind(self.test.person(VOLUNTEER))
            .execute(&mut *tx)
            .await
            .expect("asked");
        }
        if step == Some(Step::RateAnswer) {
            sqlx::query("UPDATE report SET stars = 2, stars_reason = '等了一周', rated_at = filed_at WHERE code = $1")
                .bind(&self.code)
                .execute(&mut *tx)
                .await
                .expect("rated");
        }
        if step == Some(Step::SuperviseAnswer) {
            sqlx::query(
                "INSERT INTO report_supervision (id, report_id, rung, ordered_at, text) \
                 SELECT 'ordered', id, 0, filed_at, '请回复' FROM report WHERE code = $1",
            )
            .bind(&self.code)
            .execute(&mut *tx)
            .await
            .expect("ordered");
        }
        tx.commit().await.expect("commit");
        self.report().await
    }

    /// Steps that were taken since it was put: that the promised time moved with one is none.
    async fn done(&self) -> i64 {
        let (steps,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event e JOIN report r ON r.id = e.report_id \
             WHERE r.code = $1 AND e.seq > $2 AND e.action <> 'moved'",
        )
        .bind(&self.code)
        .bind(self.version)
        .fetch_one(self.test.app.db.read())
        .await
        .expect("counted");
        steps
    }

    async fn report(&self) -> store::Report {
        store::by_code(&self.test.app.db, &self.code).await.expect("read").expect("there")
    }

    /// A step with everything that any step asks for.
    fn wanted(&self, step: Step) -> Wanted {
        Wanted {
            text: "因为这样".to_owned(),
            to: self.test.person(VOLUNTEER).to_owned(),
            hours: "4".to_owned(),
            into: self.other.clone(),
            category: "elevator".to_owned(),
            stars: "5".to_owned(),
            ..Wanted::new(step)
        }
    }
}

#[tokio::test]
async fn every_step_in_every_state_by_every_role_is_answered_by_the_table() {
    on_both(async |test| {
        let puppet = Puppet::new(&test).await;
        let mut readers = Vec::new();
        for (phone, role) in PEOPLE {
            readers.push((context(&test, phone).await, phone, role));
        }
        let mut done = BTreeSet::new();
        for (owner, state) in [VOLUNTEER, GRID_WORKER, UNIT].into_iter().flat_map(|o| State::ALL.map(|s| (o, s))) {
            let tried = |phone: &str| owner == VOLUNTEER || phone == owner;
            let all = Step::ALL.into_iter().flat_map(|step| readers.iter().map(move |reader| (step, reader)));
            let all: Vec<_> = all.filter(|(_, (_, phone, _))| tried(phone)).collect();
            let is_possible = |step: Step, phone: &str, role: Role| {
                life::may(role, relation(phone, owner, state), step) && life::next(state, step).is_some()
            };
            let report = puppet.put(state, owner, None).await;
            for (step, (reader, phone, role)) in &all {
                if is_possible(*step, phone, *role) {
                    continue;
                }
                let relation = relation(phone, owner, state);
                let may = life::may(*role, relation, *step);
                let what = format!("{step:?} in {state:?} by {role:?} {relation:?}");
                match steps::take(reader, &report, &puppet.wanted(*step), None).await {
                    Err(StepError::Stale(Some(_))) => assert!(may, "{what}: may not, and is told of the state"),
                    Err(StepError::OwnWork) => assert!(!may && relation.handled, "{what}"),
                    Err(StepError::Failed(Error::Forbidden)) => assert!(!may, "{what}: may, and is forbidden"),
                    other => panic!("{what}: {other:?}"),
                }
            }
            let after = puppet.report().await;
            assert_eq!((after.version, after.state()), (report.version, state), "nothing changed");
            // And what the table knows is done, by whoever may.
            for (step, (reader, phone, role)) in &all {
                if !is_possible(*step, phone, *role) {
                    continue;
                }
                let what = format!("{step:?} in {state:?} by {role:?}, owned by {owner}");
                let report = puppet.put(state, owner, Some(*step)).await;
                let result = steps::take(reader, &report, &puppet.wanted(*step), None).await;
                assert!(result.is_ok(), "{what}: {result:?}");
                let after = puppet.report().await;
                assert_eq!((puppet.done().await, Some(after.state())), (1, life::next(state, *step)), "{what}");
                done.insert((state, *step, *role));
            }
        }
        for (state, step, _) in life::TABLE {
            assert!(done.iter().any(|(s, by, _)| (s, by) == (state, step)), "nobody did {step:?} in {state:?}");
        }
        for role in [Role::Volunteer, Role::GridWorker, Role::Unit] {
            assert!(done.contains(&(State::InProgress, Step::Finish, role)), "{role:?} never finished anything");
        }
    })
    .await;
}
