//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};

/// A change of 梧桐 that was withdrawn, and a turn that nobody has.
const CHANGE: &str = "00000000-0000-7000-8000-000000000701";
const NOTHING: &str = "00000000-0000-7000-8000-000000000702";

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO grid_change (id, community_id, kind, day, state, form_key, planned_at) \
         VALUES ($1, $2, 'move', '2026-12-31', 'withdrawn', 'access-test-sample', 0)",
    )
    .bind(CHANGE)
    .bind(&test.loaded.organisations["wutong"].0)
    .execute(&mut *tx)
    .await
    .expect("written");
    sqlx::query("INSERT INTO grid_change_part (change_id, nth, role, grid_id) VALUES ($1, 0, 'gives', $2)")
        .bind(CHANGE)
        .bind(&test.loaded.organisations["wutong-g1"].0)
        .execute(&mut *tx)
        .await
        .expect("written");
    tx.commit().await.expect("commit");
    vec![
        ("/staff/grids/{code}", "wutong-g1".to_owned()),
        ("/staff/grids/{code}/contacts/{building}", "wutong-1".to_owned()),
        ("/staff/grids/{code}/changes/{change}", CHANGE.to_owned()),
        ("/api/v1/staff/grids/{code}", "wutong-g1".to_owned()),
        ("/api/v1/staff/grids/{code}/contacts/{building}", "wutong-1".to_owned()),
        ("/api/v1/staff/grids/{code}/changes/{change}", CHANGE.to_owned()),
        ("/api/v1/staff/grids/{code}/turns/{turn}", NOTHING.to_owned()),
        ("/api/v1/staff/grids/{code}/away/{away}", NOTHING.to_owned()),
    ]
}

/// What this room's forms send, as in `access::form`.
pub fn form(_path: &str) -> Option<Form> {
    None
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
