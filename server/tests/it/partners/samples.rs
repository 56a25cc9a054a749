//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{
    access::{Form, OWNER},
    support::TestApp,
};
use app::{
    i18n::{Lang, Words},
    notices::{NoticeForm, NoticeState},
};
use server::notices::store::write;

const PARTNER: &str = "00000000-0000-7000-8000-000000000911";
const AGREEMENT: &str = "00000000-0000-7000-8000-000000000912";
const TASK: &str = "00000000-0000-7000-8000-000000000913";
const TEAM: &str = "00000000-0000-7000-8000-000000000914";
const MEMBER: &str = "00000000-0000-7000-8000-000000000915";
const TRAINING: &str = "00000000-0000-7000-8000-000000000916";
const HOUR: &str = "00000000-0000-7000-8000-000000000917";
const CODE: &str = "SAMPLE2345ABCDEF";

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    insert(test).await;
    let activity = activity(test).await;
    let mut all = vec![
        ("/staff/partners/teams/{team}/activities/{activity}", activity.clone()),
        ("/api/v1/staff/partners/teams/{team}/activities/{activity}", activity),
    ];
    let others = [
        ("/staff/partners/organisations/{partner}", PARTNER),
        ("/staff/partners/agreements/{agreement}", AGREEMENT),
        ("/staff/partners/tasks/{task}", TASK),
        ("/staff/partners/teams/{team}", TEAM),
        ("/staff/partners/trainings/{training}", TRAINING),
        ("/staff/partners/members/{member}", MEMBER),
        ("/staff/partners/hours/{hour}", HOUR),
        ("/teams/{id}", TEAM),
        ("/me/service/hours/{hour}", HOUR),
        ("/service-certificates/{code}", CODE),
        ("/api/v1/staff/partners/organisations/{partner}", PARTNER),
        ("/api/v1/staff/partners/agreements/{agreement}", AGREEMENT),
        ("/api/v1/staff/partners/tasks/{task}", TASK),
        ("/api/v1/staff/partners/teams/{team}", TEAM),
        ("/api/v1/staff/partners/trainings/{training}", TRAINING),
        ("/api/v1/staff/partners/members/{member}", MEMBER),
        ("/api/v1/staff/partners/hours/{hour}", HOUR),
        ("/api/v1/teams/{id}", TEAM),
        ("/api/v1/teams/certificates/{code}", CODE),
        ("/api/v1/me/service/hours/{hour}", HOUR),
    ];
    all.extend(others.map(|(path, sample)| (path, sample.to_owned())));
    all
}

/// An activity of the team, over since yesterday.
async fn activity(test: &TestApp) -> String {
    let now = test.app.clock.now();
    let form =
        NoticeForm { kind: "service".into(), title: "巡夜".into(), body: "来。".into(), ..NoticeForm::default() };
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
    write::advance(&mut tx, &id, (&[NoticeState::Draft], NoticeState::Published), None, now).await.expect("advanced");
    let (begin, end) = (now.as_microsecond() - 90_000_000_000, now.as_microsecond() - 86_400_000_000);
    let staff = test.person("19900000031");
    for sql in [
        format!(
            "INSERT INTO activity (id, notice_id, seats, until_at, starts_at, ends_at, changed_at) \
             VALUES ('{id}', '{id}', 5, {begin}, {begin}, {end}, 0)"
        ),
        format!(
            "INSERT INTO team_activity (activity_id, team_id, linked_by, linked_at) VALUES ('{id}', '{TEAM}', '{staff}', 0)"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.expect("written");
    }
    tx.commit().await.expect("commit");
    id
}

/// Written at once: where staff need a second factor, nobody could make them through the pages.
async fn insert(test: &TestApp) {
    let community = &test.loaded.organisations["wutong"].0;
    let (owner, staff) = (test.person(OWNER), test.person("19900000031"));
    let number = test.app.secrets.seal("057188880000").expect("sealed");
    let statements = [
        format!(
            "INSERT INTO partner (id, community_id, name, kind, contact_sealed, form_key, created_by, created_at) \
             VALUES ('{PARTNER}', '{community}', '河东小学', 'school', '{number}', 'sample', '{staff}', 0)"
        ),
        format!(
            "INSERT INTO partner_agreement (id, partner_id, title, from_day, until_day, form_key, created_by, created_at) \
             VALUES ('{AGREEMENT}', '{PARTNER}', '课后托管', '2026-01-01', '2026-12-31', 'sample', '{staff}', 0)"
        ),
        format!(
            "INSERT INTO partner_task (id, agreement_id, title, whose, due_day, state, form_key, created_by, created_at) \
             VALUES ('{TASK}', '{AGREEMENT}', '开放操场', 'partner', '2026-12-01', 'open', 'sample', '{staff}', 0)"
        ),
        format!(
            "INSERT INTO volunteer_team (id, community_id, name, purpose, state, form_key, created_by, created_at) \
             VALUES ('{TEAM}', '{community}', '巡夜队', '晚上看看路灯', 'open', 'sample', '{staff}', 0)"
        ),
        format!(
            "INSERT INTO team_member (id, team_id, person_id, state, consent_at, asked_at, since_day) \
             VALUES ('{MEMBER}', '{TEAM}', '{owner}', 'active', 0, 0, '2026-11-01')"
        ),
        format!(
            "INSERT INTO team_training (id, team_id, day, topic, minutes, form_key, created_by, created_at) \
             VALUES ('{TRAINING}', '{TEAM}', '2026-11-01', '急救', 60, 'sample', '{staff}', 0)"
        ),
        format!(
            "INSERT INTO service_hour (id, community_id, person_id, day, minutes, source, team_id, words, state, proposed_at, \
             form_key) VALUES ('{HOUR}', '{community}', '{owner}', '2026-11-20', 60, 'other', '{TEAM}', '看灯', 'proposed', \
             0, 'sample')"
        ),
        format!(
            "INSERT INTO service_certificate (id, code, number, person_id, from_day, until_day, minutes, fingerprint, issued_at) \
             VALUES ('{HOUR}', '{CODE}', '2026-9999999', '{owner}', '2026-01-01', '2026-11-20', 60, 'sample', 0)"
        ),
    ];
    let mut tx = test.app.db.begin().await.expect("begin");
    for sql in statements {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.expect("written");
    }
    tx.commit().await.expect("commit");
}

/// What this room's forms send, as in `access::form`.
pub fn form(_path: &str) -> Option<Form> {
    None
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &["/teams/{id}/join", "/api/v1/teams/{id}/join"];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
