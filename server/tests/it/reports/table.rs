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
use axum::http::Request;
use server::{
    http::{Ctx, Error},
    reports::{
        steps::{self, StepError, Wanted},
        store,
    },
};

/// Somebody of every role around the report, and what they are to it.
const PEOPLE: [(&str, Role, Relation); 8] = [
    (RESIDENT, Role::Resident, Relation { reporter: true, owner: false, handled: false }),
    (NEIGHBOUR, Role::Resident, Relation { reporter: false, owner: false, handled: false }),
    (VOLUNTEER, Role::Volunteer, Relation { reporter: false, owner: true, handled: true }),
    (GRID_WORKER, Role::GridWorker, Relation { reporter: false, owner: false, handled: false }),
    (STAFF, Role::CommunityStaff, Relation { reporter: false, owner: false, handled: false }),
    (OTHER_STAFF, Role::CommunityStaff, Relation { reporter: false, owner: false, handled: true }),
    ("19900000051", Role::Supervisor, Relation { reporter: false, owner: false, handled: false }),
    ("19900000099", Role::Admin, Relation { reporter: false, owner: false, handled: false }),
];

async fn context(test: &TestApp, phone: &str) -> Ctx {
    let browser = test.signed_in(phone).await;
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::builder().uri("/").header("cookie", cookies.join("; ")).body(()).expect("a request");
    let (parts, ()) = request.into_parts();
    Ctx::load(&test.app, &parts).await.expect("a reader")
}

#[tokio::test]
async fn every_step_in_every_state_by_every_role_is_answered_by_the_table() {
    on_both(async |test| {
        let code = dispatched(&test, &key(1)).await;
        for step in ["take", "finish"] {
            let answer = handler_step(&mut test.signed_in(VOLUNTEER).await, &code, step, &[], &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        // A clerk who once handled it as a volunteer: a second pair of eyes they are not.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query(
            "INSERT INTO report_event (id, report_id, seq, at, actor_id, actor_kind, action, to_state) \
             SELECT 'handled-once', id, -1, 0, $1, 'handler', 'note', 'in_progress' FROM report",
        )
        .bind(test.person(OTHER_STAFF))
        .execute(&mut *tx)
        .await
        .expect("written");
        tx.commit().await.expect("commit");
        let mut readers = Vec::new();
        for (phone, role, relation) in PEOPLE {
            readers.push((context(&test, phone).await, role, relation));
        }
        let volunteer = test.person(VOLUNTEER);
        for state in State::ALL {
            let mut tx = test.app.db.begin().await.expect("begin");
            let owner = state.has_owner().then_some(volunteer);
            sqlx::query("UPDATE report SET state = $1, owner_id = $2, handled_by = $2, verified_by = $3")
                .bind(state.code())
                .bind(owner)
                .bind(owner.map(|_| test.person(STAFF)))
                .execute(&mut *tx)
                .await
                .expect("set");
            tx.commit().await.expect("commit");
            let report = store::by_code(&test.app.db, &code).await.expect("read").expect("there");
            for step in Step::ALL {
                for (reader, role, relation) in &readers {
                    let relation = Relation { owner: relation.owner && state.has_owner(), ..*relation };
                    let may = life::may(*role, relation, step);
                    if may && life::next(state, step).is_some() {
                        // Told as stories elsewhere.
                        continue;
                    }
                    let what = format!("{step:?} in {state:?} by {role:?} {relation:?}");
                    match steps::take(reader, &report, &Wanted::new(step), None).await {
                        Err(StepError::Stale(Some(_))) => assert!(may, "{what}: may not, and is told of the state"),
                        Err(StepError::OwnWork) => assert!(!may && relation.handled, "{what}"),
                        Err(StepError::Failed(Error::Forbidden)) => assert!(!may, "{what}: may, and is forbidden"),
                        other => panic!("{what}: {other:?}"),
                    }
                }
            }
            let after = store::by_code(&test.app.db, &code).await.expect("read").expect("there");
            assert_eq!((after.version, after.state()), (report.version, state), "nothing changed");
        }
    })
    .await;
}
