//! Consultations: a question to all residents of a place.

mod hostile;
mod races;
mod result;
pub mod samples;
mod voices;

use crate::support::{Browser, TestApp};
use server::clock;

/// 梧桐社区 5 栋.
pub const LIN: &str = "19900000001";
/// 梧桐社区 2 栋.
pub const ZHOU: &str = "19900000002";
/// 梧桐社区 7 栋.
pub const HE: &str = "19900000003";
/// 汀兰社区 4 栋.
pub const GU: &str = "19900000004";
/// Staff of 梧桐社区.
pub const SHEN: &str = "19900000031";
/// Staff of 杏坞社区.
pub const QIN: &str = "19900000033";

/// Fields of a fine form.
pub fn typed<'a>(key: &'a str, kind: &'a str, voice: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("form_key", key),
        ("action", "save"),
        ("place", "wutong"),
        ("question", "南广场要不要装健身器材？"),
        ("explanation", "**80** 平方米<script>alert(1)</script>"),
        ("kind", kind),
        ("option", "装"),
        ("option", "先装三件"),
        ("option", "不装"),
        ("voice", voice),
        ("closes_at", "2026-12-02T18:00"),
    ]
}

/// A draft; gives its id.
pub async fn draft(staff: &mut Browser, kind: &str, voice: &str) -> String {
    let key = clock::token();
    let fields = typed(&key, kind, voice);
    let answer = staff.post("/staff/consultations", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let again = staff.post("/staff/consultations", &fields).await;
    assert_eq!(again.location(), answer.location(), "the second tap makes no other one");
    answer.location().rsplit('/').next().expect("an id").to_owned()
}

/// Takes a step from the version that the consultation has now; gives the status.
pub async fn step(test: &TestApp, staff: &mut Browser, id: &str, step: &str, more: &[(&str, &str)]) -> u16 {
    let version = server::consultations::store::by_id(&test.app.db, id).await.expect("read").expect("there").version;
    let version = version.to_string();
    let mut fields = vec![("step", step), ("version", version.as_str())];
    fields.extend(more);
    staff.post(&format!("/staff/consultations/{id}/step"), &fields).await.status.as_u16()
}

/// One that residents answer; gives its id.
pub async fn asked(test: &TestApp, staff: &mut Browser, kind: &str, voice: &str) -> String {
    let id = draft(staff, kind, voice).await;
    assert_eq!(step(test, staff, &id, "ask", &[]).await, 303);
    id
}

/// Somebody moves into a building.
pub async fn moves(test: &TestApp, phone: &str, building: &str) {
    let sql = format!(
        "UPDATE person SET building_id = '{}' WHERE id = '{}'",
        test.loaded.organisations[building].0,
        test.person(phone)
    );
    crate::outgoing::run(test, &sql).await;
}
