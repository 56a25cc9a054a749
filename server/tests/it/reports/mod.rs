//! Reports, told as stories: filed with photos, handled, verified by another, closed; and everything that must not
//! happen on the way.

mod calls;
mod clocks;
mod collect;
mod desk;
mod figures;
mod filing;
mod handlers;
mod ladder;
mod landmarks;
mod large;
mod life;
mod limits;
mod long_walk;
mod merge;
mod moved;
mod permission;
mod photos;
mod public_list;
mod ratings;
mod recalculate;
mod redaction;
mod reporter;
mod residents;
mod rivals;
mod routing;
mod settings;
mod sideways;
mod statistics;
mod statistics_files;
pub mod suggest;
mod table;
mod waiting;
mod walk;
mod ways;
mod xss;

use crate::support::{Answer, Browser, TestApp};
use axum::http::{Request, StatusCode};
use server::http::Ctx;

/// A resident of building 5 in Wutong, grid 2.
pub const RESIDENT: &str = "19900000001";
/// Another resident of Wutong.
pub const NEIGHBOUR: &str = "19900000003";
/// A volunteer in grids 1 and 2.
pub const VOLUNTEER: &str = "19900000011";
/// A volunteer in grids 3 and 4.
pub const OTHER_VOLUNTEER: &str = "19900000012";
/// The grid worker of grids 1 and 2.
pub const GRID_WORKER: &str = "19900000021";
/// Staff of Wutong.
pub const STAFF: &str = "19900000031";
/// More staff of Wutong.
pub const OTHER_STAFF: &str = "19900000032";
/// Staff of Xingwu, another community.
pub const STAFF_ELSEWHERE: &str = "19900000033";

/// A fixture of `tests/fixtures/photos`.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/photos/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A key as the form makes them.
pub fn key(n: usize) -> String {
    format!("test-key-0000000-{n}")
}

/// The fields of a good form about building 1, which stands in grid 1.
pub fn fields(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("key", key),
        ("community", "wutong"),
        ("category", "street-light"),
        ("building", "wutong-1"),
        ("place", "北门路灯下"),
        ("description", "路灯三天没亮了"),
    ]
}

/// Files a report and gives its code.
pub async fn filed(browser: &mut Browser, key: &str, photos: usize) -> String {
    let photo = fixture("orientation-6.jpg");
    let files: Vec<(&str, &str, &str, &[u8])> =
        (0..photos).map(|_| ("photos", "a.jpg", "image/jpeg", photo.as_slice())).collect();
    // Whatever is open nearby, this one is another.
    let mut fields = fields(key);
    fields.push(("different", "1"));
    let answer = browser.post_files("/report", &fields, &files).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    code_of(&answer)
}

/// The code in a redirect to a status page.
pub fn code_of(answer: &Answer) -> String {
    let path = answer.location().strip_prefix("/reports/").expect("a status page");
    path.split('?').next().unwrap_or_default().to_owned()
}

/// Takes a step on the staff's page as it is now.
pub async fn staff_step(browser: &mut Browser, code: &str, step: &str, more: &[(&str, &str)]) -> Answer {
    let path = format!("/staff/reports/{code}");
    let version = version(&browser.get(&path).await);
    let mut fields = vec![("step", step), ("version", version.as_str())];
    fields.extend(more);
    browser.post(&path, &fields).await
}

/// Takes a step on the handler's page as it is now.
pub async fn handler_step(
    browser: &mut Browser,
    code: &str,
    step: &str,
    more: &[(&str, &str)],
    files: &[(&str, &str, &str, &[u8])],
) -> Answer {
    let path = format!("/volunteer/reports/{code}");
    let version = version(&browser.get(&path).await);
    let mut fields = vec![("step", step), ("version", version.as_str())];
    fields.extend(more);
    browser.post_files(&path, &fields, files).await
}

/// The version that the forms of a page send; empty without a form.
pub fn version(page: &Answer) -> String {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse("input[name=version]").expect("a selector");
    html.select(&selector).next().and_then(|input| input.value().attr("value")).unwrap_or_default().to_owned()
}

/// Everything from a report filed at building 1 to one in the hands of [`VOLUNTEER`].
pub async fn dispatched(test: &TestApp, key: &str) -> String {
    let code = filed(&mut test.signed_in(RESIDENT).await, key, 1).await;
    let mut staff = test.signed_in(STAFF).await;
    let volunteer = test.person(VOLUNTEER).to_owned();
    assert_eq!(staff_step(&mut staff, &code, "accept", &[]).await.status, StatusCode::SEE_OTHER);
    let answer = staff_step(&mut staff, &code, "dispatch", &[("to", &volunteer)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    code
}

/// What the server knows of a request by the person with this number, now.
pub async fn context(test: &TestApp, phone: &str) -> Ctx {
    let browser = test.signed_in(phone).await;
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::builder().uri("/").header("cookie", cookies.join("; ")).body(()).expect("a request");
    let (parts, ()) = request.into_parts();
    Ctx::load(&test.app, &parts).await.expect("a reader")
}

/// How many rows a query counts.
pub async fn count(test: &TestApp, sql: &'static str) -> i64 {
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("a count");
    count
}
