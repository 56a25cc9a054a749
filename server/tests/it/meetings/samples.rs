//! What the tests of permissions try this room's routes with; see `access.rs`.

use super::{MEMBERS, STAFF, ballot, body, count, session, text};
use crate::{access::Form, notices::attachments::PDF, support::TestApp};
use server::clock;

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    // Where staff need a second factor, nobody could make them through the pages.
    let before = test.app.config.demo;
    let made = if before { make(test).await } else { write(test).await };
    let [body, member, proposal, session, ballot, resolution] = made;
    let item = text(test, "SELECT id FROM meeting_agenda ORDER BY id LIMIT 1").await;
    let number = "1".to_owned();
    [
        ("/staff/meetings/bodies/{body}", &body),
        ("/staff/meetings/bodies/{body}/members/{member}", &member),
        ("/staff/meetings/bodies/{body}/proposals/{proposal}", &proposal),
        ("/staff/meetings/{id}", &session),
        ("/staff/meetings/{id}/ballots/{ballot}", &ballot),
        ("/staff/meetings/{id}/papers/{item}", &item),
        ("/staff/meetings/{id}/papers/{item}/{number}", &number),
        ("/meetings/{id}", &session),
        ("/meetings/{id}/papers/{item}", &item),
        ("/meetings/{id}/papers/{item}/{number}", &number),
        ("/meetings/{id}/ballots/{ballot}", &ballot),
        ("/meetings/resolutions/{resolution}", &resolution),
        ("/api/v1/meetings/{id}", &session),
        ("/api/v1/meetings/{id}/ballots/{ballot}", &ballot),
        ("/api/v1/meetings/{id}/papers/{item}", &item),
        ("/api/v1/meetings/{id}/papers/{item}/{number}", &number),
        ("/api/v1/meetings/resolutions/{resolution}", &resolution),
        ("/api/v1/staff/meetings/bodies/{body}", &body),
        ("/api/v1/staff/meetings/bodies/{body}/members/{member}", &member),
        ("/api/v1/staff/meetings/bodies/{body}/proposals/{proposal}", &proposal),
        ("/api/v1/staff/meetings/{id}", &session),
        ("/api/v1/staff/meetings/{id}/ballots/{ballot}", &ballot),
        ("/api/v1/staff/meetings/{id}/papers/{item}", &item),
        ("/api/v1/staff/meetings/{id}/papers/{item}/{number}", &number),
    ]
    .map(|(path, sample)| (path, sample.clone()))
    .to_vec()
}

/// Through the pages: the owner is a member, the neighbour is not.
async fn make(test: &TestApp) -> [String; 6] {
    let mut staff = test.signed_in(STAFF).await;
    let here = body(test, &mut staff, &[MEMBERS[0], MEMBERS[1], MEMBERS[3]]).await;
    let id = here.rsplit('/').next().unwrap_or_default().to_owned();
    let key = clock::token();
    let fields = [
        ("proposal_body", id.as_str()),
        ("proposal_title", "装充电桩"),
        ("proposal_text", "南门装六个。"),
        ("key", &key),
    ];
    let mut owner = test.signed_in(MEMBERS[0]).await;
    assert_eq!(owner.post("/meetings/proposals", &fields).await.status, 303);
    let at = session(&mut staff, &here).await;
    let vote = ballot(test, &mut staff, &at, "open", "").await;
    let item = text(test, "SELECT id FROM meeting_agenda").await;
    let (key, files) = (clock::token(), [("file", "a.pdf", "application/pdf", PDF)]);
    let added = staff.post_files(&format!("{at}/papers/{item}"), &[("key", &key)], &files).await;
    assert_eq!(added.status, 303, "{}", added.text());
    let person = test.person(MEMBERS[0]);
    let member = text(test, &format!("SELECT id FROM meeting_member WHERE person_id = '{person}'")).await;
    let key = clock::token();
    let fields = [
        ("resolution_text", "在南门安装六个充电桩"),
        ("resolution_owner", member.as_str()),
        ("resolution_due", "2026-12-31"),
        ("key", key.as_str()),
    ];
    assert_eq!(staff.post(&format!("{at}/resolutions"), &fields).await.status, 303);
    assert_eq!(count(test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_resolution").await, 1);
    // Minutes that wait for a second person, while there is a ballot to vote in as well.
    let by = test.person(STAFF);
    let mut tx = test.app.db.begin().await.expect("begin");
    let sql = format!("UPDATE meeting_session SET minutes = '纪要', minutes_by = '{by}'");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.expect("written");
    tx.commit().await.expect("commit");
    let proposal = text(test, "SELECT id FROM meeting_proposal").await;
    let resolution = text(test, "SELECT id FROM meeting_resolution").await;
    [id, member, proposal, at.rsplit('/').next().unwrap_or_default().to_owned(), vote, resolution]
}

/// Straight into the tables.
async fn write(test: &TestApp) -> [String; 6] {
    let ids = [1, 2, 3, 4, 5, 6].map(|n| format!("00000000-0000-7000-8000-00000000860{n}"));
    let [body, member, proposal, session, ballot, resolution] = &ids;
    let (community, path) = &test.loaded.organisations["wutong"];
    let person = test.person(MEMBERS[0]);
    let mut tx = test.app.db.begin().await.expect("begin");
    for sql in [
        format!(
            "INSERT INTO joint_meeting (id, community_id, path, name, quorum_over, quorum_of, majority, form_key, created_at) \
             VALUES ('{body}', '{community}', '{path}', '联席会议', 1, 2, 'simple', 'sample', 0)"
        ),
        format!(
            "INSERT INTO meeting_member (id, meeting_id, person_id, seat, may_suggest, may_vote, may_supervise, may_execute, \
             from_day, added_at) VALUES ('{member}', '{body}', '{person}', 'owner', 1, 1, 1, 1, '2026-01-01', 0)"
        ),
        format!(
            "INSERT INTO meeting_proposal (id, meeting_id, person_id, by_member, title, body, state, form_key, submitted_at) \
             VALUES ('{proposal}', '{body}', '{person}', 1, '议题', '内容', 'submitted', 'sample', 0)"
        ),
        format!(
            "INSERT INTO meeting_session (id, meeting_id, path, title, starts_at, place, mode, state, form_key, created_at) \
             VALUES ('{session}', '{body}', '{path}', '会议', 0, '会议室', 'hall', 'open', 'sample', 0)"
        ),
        format!(
            "INSERT INTO meeting_agenda (id, session_id, position, title, paper, form_key) \
             VALUES ('{ballot}', '{session}', 1, '议题', '', 'sample')"
        ),
        format!(
            "INSERT INTO meeting_ballot (id, session_id, agenda_id, question, way, motion, state, form_key, created_at) \
             VALUES ('{ballot}', '{session}', '{ballot}', '同意吗', 'open', 1, 'draft', 'sample', 0)"
        ),
        format!(
            "INSERT INTO meeting_resolution (id, session_id, path, text, owner_id, person_id, due_day, state, form_key, made_at) \
             VALUES ('{resolution}', '{session}', '{path}', '落实', '{member}', '{person}', '2026-12-31', 'open', 'sample', 0)"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.expect("written");
    }
    tx.commit().await.expect("commit");
    ids
}

/// What this room's forms send, as in `access::form`.
pub fn form(path: &str) -> Option<Form> {
    match path {
        "/api/v1/meetings/{id}/ballots/{ballot}/vote" => Some(Form::Json(r#"{"choice":0}"#)),
        path if path.starts_with("/api/v1/meetings") || path.starts_with("/api/v1/staff/meetings") => {
            Some(Form::Json("{}"))
        }
        _ => None,
    }
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
