//! Property companies: estates, contracts, assessment, credit and appeals.

mod assessment;
mod credit;
mod isolation;
mod keeping;
mod photos;
pub mod samples;

use crate::support::{Answer, Browser, TestApp};
use axum::http::Method;
use serde_json::{Value, json};
use server::property::store::{
    self, NewCompany,
    estates::{self, Written},
};

/// Staff of 梧桐, who propose.
pub const STAFF: &str = "19900000031";
/// The street over 梧桐 and 杏坞.
pub const STREET: &str = "19900000051";
/// The district.
pub const DISTRICT: &str = "19900000052";
/// The administrator.
pub const ADMIN: &str = "19900000099";
/// Acts for the company of 梧桐苑.
pub const REP: &str = "19900000041";
/// Acts for the company of 杏坞花园.
pub const OTHER_REP: &str = "19900020009";

/// Two companies, each with an estate under contract and somebody who acts for it.
pub struct Town {
    /// Company of 梧桐苑.
    pub hening: String,
    /// Company of 杏坞花园.
    pub xingan: String,
    /// 梧桐苑: buildings 1 to 3.
    pub wutong: String,
    /// 杏坞花园.
    pub xingwu: String,
}

/// Makes the town.
pub async fn town(test: &TestApp) -> Town {
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let mut made = Vec::new();
    for (name, registration, rep, community, estate) in [
        ("禾宁物业", "91320200MA2HN5K81T", REP, "wutong", "梧桐苑"),
        ("杏安物业", "91320200MA2XA7Q36R", OTHER_REP, "xingwu", "杏坞花园"),
    ] {
        let path = &test.loaded.organisations["lanxi"].1;
        let new = NewCompany { path, name, name_en: "", registration, phone: "", form_key: registration };
        let company = store::insert(&mut tx, &new, now).await.expect("written").expect("new");
        store::add_member(&mut tx, &company, test.person(rep), now).await.expect("written");
        let (id, path) = &test.loaded.organisations[community];
        let place = estates::insert(&mut tx, (id, path), (estate, ""), registration, now).await;
        let place = place.expect("written").expect("new");
        let buildings: Vec<String> =
            (1..=3).map(|n| test.loaded.organisations[&format!("{community}-{n}")].0.clone()).collect();
        assert!(estates::set_buildings(&mut tx, &place, &buildings).await.expect("written"));
        let span = ("2024-01-01", "2027-12-31");
        let contract = estates::insert_contract(&mut tx, (&place, &company), span, now).await.expect("written");
        assert!(matches!(contract, Written::New(_)));
        made.push((company, place));
    }
    tx.commit().await.expect("commit");
    let (xingan, xingwu) = made.pop().expect("two");
    let (hening, wutong) = made.pop().expect("one");
    Town { hening, xingan, wutong, xingwu }
}

/// Sends JSON.
pub async fn send(browser: &mut Browser, path: &str, body: Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

/// Proposes an entry about an estate; gives its id.
pub async fn proposed(browser: &mut Browser, (company, estate): (&str, &str), title: &str, points: i64) -> String {
    let path = format!("/api/v1/staff/property/companies/{company}/entries");
    let body = json!({
        "estate": estate, "title": title, "source": "reports", "basis": format!("{title}：依据"),
        "evidence": format!("{title}：证据"), "points": points,
    });
    let answer = send(browser, &path, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// Staff decide.
pub async fn decide(browser: &mut Browser, entry: &str, step: &str, more: &[(&str, Value)]) -> Answer {
    let mut body = json!({ "step": step, "text": "理由" });
    for (name, value) in more {
        body[*name] = value.clone();
    }
    send(browser, &format!("/api/v1/staff/property/entries/{entry}/steps"), body).await
}

/// The company says something.
pub async fn speak(browser: &mut Browser, entry: &str, step: &str) -> Answer {
    let path = format!("/api/v1/companies/entries/{entry}/steps");
    send(browser, &path, json!({ "step": step, "text": "我们的说法" })).await
}

/// Level and points as everybody sees them.
pub async fn level(test: &TestApp, company: &str) -> (String, i64) {
    let shown = test.visitor().get(&format!("/api/v1/property/{company}")).await.json();
    (shown["level"].as_str().expect("a level").to_owned(), shown["points"].as_i64().expect("points"))
}

/// Runs a statement.
pub async fn run(test: &TestApp, sql: &'static str, values: &[&str]) {
    let mut tx = test.app.db.begin().await.expect("begin");
    let mut query = sqlx::query(sql);
    for value in values {
        query = query.bind((*value).to_owned());
    }
    query.execute(&mut *tx).await.expect("run");
    tx.commit().await.expect("commit");
}

/// How many rows a query counts.
pub async fn count(test: &TestApp, sql: &'static str) -> i64 {
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("a count");
    count
}
