//! Notices told as stories: staff write, residents read, corrections reach whom the old one reached.

mod alerts;
pub mod attachments;
mod drafts;
pub mod hostile;
mod life;
mod lists;
mod review;
pub mod safety;
mod succession;
mod truth;

use crate::support::{Answer, Browser, TestApp};
use axum::http::StatusCode;
use server::clock;

/// 梧桐社区 5 栋, with a toddler.
pub const LIN: &str = "19900000001";
/// 梧桐社区 2 栋.
pub const ZHOU: &str = "19900000002";
/// 汀兰社区 4 栋.
pub const GU: &str = "19900000004";
/// Staff of 梧桐社区.
pub const SHEN: &str = "19900000031";
/// Staff of 杏坞社区.
pub const QIN: &str = "19900000033";
/// Supervisor of 桐荫街道.
pub const CHENG: &str = "19900000051";

/// What makes an emergency of it, for all of 梧桐社区 from 9:00 to 15:00.
pub const EMERGENCY: [(&str, &str); 7] = [
    ("kind", "emergency"),
    ("aims", "wutong"),
    ("severity", "severe"),
    ("certainty", "observed"),
    ("starts_at", "2026-11-25T09:00"),
    ("ends_at", "2026-11-25T15:00"),
    ("instruction", "请勿外出"),
];

/// Fields of a fine form, with `change` in place of or beside them.
pub fn typed<'a>(key: &'a str, change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("form_key", key),
        ("action", "next"),
        ("kind", "outage"),
        ("title", "5 栋停水"),
        ("body", "明天上午 **8:00 至 12:00** 停水。"),
        ("organisation", "wutong"),
        ("aims", "wutong-5"),
        ("starts_at", "2026-11-26T08:00"),
        ("ends_at", "2026-11-26T12:00"),
        ("place", "社区居委会 0510-80000101"),
        ("activity_starts", "2026-11-28T09:00"),
        ("activity_ends", "2026-11-28T11:00"),
        ("activity_place", "社区活动室"),
        ("fact_label", "停水时间"),
        ("fact_value", "8:00–12:00"),
    ];
    for (name, _) in change {
        fields.retain(|(old, _)| old != name);
    }
    fields.extend(change.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

/// The id at the end of a redirect to `/staff/notices/{id}`.
pub fn id_in(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let rest = answer.location().strip_prefix("/staff/notices/").expect("a notice").to_owned();
    rest.split('/').next().expect("an id").to_owned()
}

/// Writes a draft and gives its id.
pub async fn written(staff: &mut Browser, change: &[(&str, &str)]) -> String {
    let key = clock::token();
    id_in(&staff.post("/staff/notices", &typed(&key, change)).await)
}

/// The hidden version on the page of a draft.
pub async fn version(staff: &mut Browser, id: &str) -> String {
    let page = staff.get(&format!("/staff/notices/{id}")).await.text();
    hidden(&page, "version")
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let select = scraper::Selector::parse(&format!("input[name={name}]")).expect("valid");
    html.select(&select).next().and_then(|input| input.attr("value")).unwrap_or_default().to_owned()
}

/// Writes a notice, publishes it and runs what follows; gives its id.
pub async fn published(test: &TestApp, staff: &mut Browser, change: &[(&str, &str)]) -> String {
    let id = written(staff, change).await;
    let version = version(staff, &id).await;
    let answer = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    test.run_jobs().await;
    id
}

/// Messages in somebody's inbox about this notice.
pub async fn messages(test: &TestApp, phone: &str, notice: &str) -> i64 {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = $1 AND dedupe_key = $2")
            .bind(test.person(phone))
            .bind(format!("notice:{notice}"))
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
    count
}
