//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};

const MATTER: &str = "00000000-0000-7000-8000-000000000080";
const PLATFORM: &str = "00000000-0000-7000-8000-000000000081";
const MESSAGE: &str = "00000000-0000-7000-8000-000000000082";

/// Samples for the parameters of this room's routes, as in `access::samples`: a matter that 梧桐 sent up, and a platform of 梧桐.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let ((wutong, wutong_path), (street, street_path)) =
        (&test.loaded.organisations["wutong"], &test.loaded.organisations["tongyin"]);
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO matter (id, number, title, body, kind, way, root_id, from_id, from_path, to_id, to_path, state, \
         accept_hours, days, sent_at, changed_at, form_key) VALUES ($1, 'JB20261125-9999', '门禁改造', '请街道协调', 'hard', \
         'up', $1, $2, $3, $4, $5, 'sent', 8, 5, 0, 0, 'access-test-sample')",
    )
    .bind(MATTER)
    .bind(wutong)
    .bind(wutong_path)
    .bind(street)
    .bind(street_path)
    .execute(&mut *tx)
    .await
    .expect("written");
    sqlx::query(
        "INSERT INTO platform (id, organisation_id, path, name, way, url, out_sealed, in_sealed, form_key, created_at) \
         VALUES ($1, $2, $3, '市级平台', 'webhook', 'https://hooks.example/', '', '', 'access-test-sample', 0)",
    )
    .bind(PLATFORM)
    .bind(wutong)
    .bind(wutong_path)
    .execute(&mut *tx)
    .await
    .expect("written");
    sqlx::query(
        "INSERT INTO platform_message (id, platform_id, matter_id, step, body, state, created_at) \
         VALUES ($1, $2, $3, '', '{}', 'dead', 0)",
    )
    .bind(MESSAGE)
    .bind(PLATFORM)
    .bind(MATTER)
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    vec![
        ("/staff/matters/{id}", MATTER.to_owned()),
        ("/api/v1/staff/matters/{id}", MATTER.to_owned()),
        ("/staff/matters/platforms/{id}", PLATFORM.to_owned()),
        ("/api/v1/staff/matters/platforms/{id}", PLATFORM.to_owned()),
        ("/api/v1/staff/matters/platforms/{id}/messages/{message}", MESSAGE.to_owned()),
        ("/api/v1/matters/platform/{id}", PLATFORM.to_owned()),
    ]
}

/// What this room's forms send, as in `access::form`.
pub fn form(path: &str) -> Option<Form> {
    match path {
        "/api/v1/staff/matters" => Some(Form::Json(
            r#"{"from":"wutong","to":"org:tongyin","kind":"hard","title":"门禁改造","text":"请街道协调"}"#,
        )),
        "/api/v1/staff/matters/{id}/steps" => Some(Form::Json(r#"{"step":"accept","version":1}"#)),
        "/api/v1/staff/matters/platforms" => Some(Form::Json(
            r#"{"organisation":"wutong","name":"市级平台","way":"webhook","url":"https://hooks.example/"}"#,
        )),
        "/api/v1/staff/matters/platforms/{id}" => {
            Some(Form::Json(r#"{"name":"市级平台","url":"https://hooks.example/"}"#))
        }
        "/api/v1/staff/matters/platforms/{id}/pause" => Some(Form::Json(r#"{"paused":true}"#)),
        "/api/v1/staff/matters/platforms/{id}/rotate" => Some(Form::Json(r#"{"version":1}"#)),
        "/api/v1/matters/platform/{id}/events" => {
            Some(Form::Json(r#"{"type":"matter.step","reference":"JB20261125-9999","step":"accept"}"#))
        }
        _ => None,
    }
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
