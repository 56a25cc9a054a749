//! Objects of the owner and of 梧桐, for the samples of the routes.

use super::OWNER;
use crate::support::TestApp;
use app::{
    i18n::{Lang, Words},
    notices::{NoticeForm, NoticeState},
};

/// A browser of the owner that is notified.
pub async fn browser(test: &TestApp) -> String {
    let id = "00000000-0000-7000-8000-000000000003";
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO push_subscription (id, person_id, session_id, endpoint_hash, sealed, device, created_at) \
         VALUES ($1, $2, '', 'h', '', '', 0)",
    )
    .bind(id)
    .bind(test.person(OWNER))
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// A token of the owner.
pub async fn token(test: &TestApp) -> String {
    use server::auth::tokens::{self, NewToken};
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let new = NewToken {
        person_id: test.person(OWNER),
        name: "sample",
        scopes: &app::people::Scopes::parse("me:read"),
        second_factor: false,
        form_key: "access-test-sample",
        expires: now + jiff::SignedDuration::from_hours(24),
    };
    let made = tokens::make(&mut tx, &test.app.secrets, new, now).await.expect("written").expect("new");
    tx.commit().await.expect("commit");
    made.0
}

/// A webhook of 梧桐.
pub async fn webhook(test: &TestApp) -> String {
    let id = "00000000-0000-7000-8000-000000000004";
    let (organisation, path) = &test.loaded.organisations["wutong"];
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO webhook (id, organisation_id, path, url, events, secret_sealed, form_key, created_at, paused) \
         VALUES ($1, $2, $3, 'https://hooks.example/', 'report.filed', '', 'access-test-sample', 0, 1)",
    )
    .bind(id)
    .bind(organisation)
    .bind(path)
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// A rule of 梧桐 that says where reports go.
pub async fn rule(test: &TestApp) -> String {
    let id = "00000000-0000-7000-8000-000000000006";
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO routing_rule (id, organisation_id, position, category, path, owner_id) VALUES ($1, $2, 1, '', '', $3)",
    )
    .bind(id)
    .bind(&test.loaded.organisations["wutong"].0)
    .bind(test.person("19900000011"))
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// An answer that staff of 梧桐 send often.
pub async fn canned(test: &TestApp) -> String {
    let id = "00000000-0000-7000-8000-000000000007";
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO canned_answer (id, organisation_id, step, title, text, text_en, position) \
         VALUES ($1, $2, 'reject', '不归社区', '请拨打 95598。', '', 1)",
    )
    .bind(id)
    .bind(&test.loaded.organisations["wutong"].0)
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// A time that the owner keeps.
pub async fn hold(test: &TestApp) -> String {
    use crate::windows::{TOMORROW, slot};
    let mut owner = test.signed_in(OWNER).await;
    let kept = owner.post("/services/worker-aid/hold", &[("slot", &slot(TOMORROW, "1000"))]).await;
    let location = kept.location();
    location.split("hold=").nth(1).and_then(|rest| rest.split('&').next()).expect("a hold").to_owned()
}

/// A waiting entry of the owner.
pub async fn waiting(test: &TestApp) -> String {
    use server::windows::store::{halls, waiting};
    let hall = halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let mut tx = test.app.db.begin().await.expect("begin");
    let entry = waiting::NewEntry {
        id: "00000000-0000-7000-8000-000000000001",
        person_id: test.person(OWNER),
        hall_id: &hall.id,
        day: "2026-11-27".parse().expect("a date"),
        items: &["worker-aid".to_owned()],
        answers: "{}".to_owned(),
        materials: "{}".to_owned(),
    };
    waiting::insert(&mut tx, entry, test.app.clock.now()).await.expect("written");
    tx.commit().await.expect("commit");
    "00000000-0000-7000-8000-000000000001".to_owned()
}

/// A block of the owner.
pub async fn block(test: &TestApp) -> String {
    use server::windows::store::{blocks, halls};
    let hall = halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let id = "00000000-0000-7000-8000-000000000002";
    let until = now + jiff::SignedDuration::from_hours(24);
    blocks::insert(&mut tx, id, (test.person(OWNER), &hall.id), until, &[], now).await.expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// A question of the owner under a notice.
pub async fn question(test: &TestApp, notice: &str) -> String {
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let said = ("access-test-sample", "还停水吗？");
    let asked = server::notices::questions::store::insert(&mut tx, notice, test.person(OWNER), said, now).await;
    tx.commit().await.expect("commit");
    asked.expect("written").expect("new")
}

/// A message of the owner.
pub async fn message(test: &TestApp) -> String {
    let mut tx = test.app.db.begin().await.expect("begin");
    let message = server::people::inbox::Message {
        person_id: test.person(OWNER),
        text_key: "inbox-test",
        text_args: serde_json::json!({}),
        href: "/",
        dedupe_key: "sample",
    };
    server::people::inbox::send(&mut tx, message, test.app.clock.now()).await.expect("sent");
    tx.commit().await.expect("commit");
    let all = server::people::inbox::newest(&test.app.db, test.person(OWNER)).await.expect("reads");
    all[0].id.clone()
}

/// Code of a report, id of its photo.
pub async fn report(test: &TestApp) -> (String, String) {
    let code = crate::reports::filed(&mut test.signed_in(OWNER).await, "access-test-sample", 1).await;
    let (photo,): (String,) =
        sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
    (code, photo)
}

/// Code of an appointment.
pub async fn appointment(test: &TestApp) -> String {
    use crate::windows::{TOMORROW, book, halls, slot};
    halls(test).await;
    let mut owner = test.signed_in(OWNER).await;
    let ticket = book(&mut owner, "birth-registration", &slot(TOMORROW, "0900"), "access-test-sample").await;
    ticket.rsplit('/').next().expect("a code").to_owned()
}

/// A session of the owner.
pub async fn session_of_owner(test: &TestApp) -> String {
    test.signed_in(OWNER).await;
    let all = server::people::store::sessions(&test.app.db, test.person(OWNER), test.app.clock.now()).await;
    all.expect("reads")[0].id.clone()
}

/// A notice of 梧桐 in this state.
pub async fn notice(test: &TestApp, state: NoticeState) -> String {
    use server::notices::store::write;
    let now = test.app.clock.now();
    let form =
        NoticeForm { kind: "service".into(), title: "停水".into(), body: "停".into(), ..NoticeForm::default() };
    let content = form.check(Words::new(Lang::Zh), now).expect("fine");
    let (organisation_id, path) = test.loaded.organisations["wutong"].clone();
    let origin = write::Origin {
        author_id: test.person("19900000031"),
        organisation_id: &organisation_id,
        form_key: &server::clock::token(),
        changes: None,
    };
    let mut tx = test.app.db.begin().await.expect("begin");
    let id = write::insert(&mut tx, origin, &content, now).await.expect("written").expect("new");
    write::set_aims(&mut tx, &id, &[(organisation_id.clone(), path)]).await.expect("aimed");
    if state != NoticeState::Draft {
        write::advance(&mut tx, &id, (&[NoticeState::Draft], state), None, now).await.expect("advanced");
    }
    tx.commit().await.expect("commit");
    id
}
