//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};
use app::bulletins::{Bulletin, Named};

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let id = "00000000-0000-7000-8000-0000000b0078";
    let bulletin = Bulletin {
        place: Named { code: "wutong".into(), name: "梧桐社区".into(), name_en: "Wutong".into() },
        kind: "month".into(),
        from: "2026-10-01".into(),
        to: "2026-10-31".into(),
        before_from: "2026-09-01".into(),
        before_to: "2026-09-30".into(),
        ..Bulletin::default()
    };
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO bulletin (id, organisation_id, kind, first_day, last_day, title, body, figures, counted_at, \
         author_id, form_key, created_at, changed_at) VALUES ($1, $2, 'month', '2026-10-01', '2026-10-31', '十月简报', '正文', \
         $3, 0, $4, $1, 0, 0)",
    )
    .bind(id)
    .bind(&test.loaded.organisations["wutong"].0)
    .bind(serde_json::to_string(&bulletin).expect("JSON"))
    .bind(test.person("19900000031"))
    .execute(&mut *tx)
    .await
    .expect("a bulletin");
    tx.commit().await.expect("commit");
    ["/staff/bulletins/{id}", "/api/v1/staff/bulletins/{id}", "/bulletins/{id}", "/api/v1/bulletins/{id}"]
        .map(|path| (path, id.to_owned()))
        .to_vec()
}

/// What this room's forms send, as in `access::form`.
pub fn form(_path: &str) -> Option<Form> {
    None
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
