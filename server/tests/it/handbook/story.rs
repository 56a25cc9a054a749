//! Writing, finding, changing, reviewing; who reads what.

use crate::{
    outgoing::{number, run},
    reports::{filed, key},
    support::{Browser, TestApp, on_both},
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::clock;

/// Staff of 梧桐社区.
const SHEN: &str = "19900000031";
/// Staff of 杏坞社区.
const QIN: &str = "19900000033";
/// Grid worker of 梧桐社区.
const GRID_WORKER: &str = "19900000021";
/// Supervisor of 桐荫街道.
const CHENG: &str = "19900000051";
/// A resident.
const LIN: &str = "19900000001";

fn typed<'a>(form_key: &'a str, organisation: &'a str, title: &'a str, words: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("form_key", form_key),
        ("organisation", organisation),
        ("title", title),
        ("words", words),
        ("steps", "1. 先**问清**在哪里\r\n2. 再打电话<script>alert(1)</script>"),
        ("contact_name", "抢修"),
        ("contact_phone", "0510-80000152"),
        ("contact_name", ""),
        ("contact_phone", ""),
        ("category", "street-light"),
    ]
}

/// Writes an entry; gives its page.
async fn written(browser: &mut Browser, organisation: &str, title: &str, words: &str) -> String {
    let form_key = clock::token();
    let fields = typed(&form_key, organisation, title, words);
    let answer = browser.post("/staff/handbook", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(browser.post("/staff/handbook", &fields).await.location(), answer.location(), "twice is once");
    answer.location().to_owned()
}

async fn found(browser: &mut Browser, query: &str) -> Vec<String> {
    let address = format!("/api/v1/staff/handbook?q={}", server::http::page::encode(query));
    let list = browser.get(&address).await.json();
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_leads_to_what_to_do_and_each_level_reads_what_concerns_it() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut street = test.signed_in(CHENG).await;
        let own = written(&mut staff, "wutong", "电梯困人", "困电梯、电梯停了").await;
        let of_street = written(&mut street, "tongyin", "突然停水", "没水，爆管").await;
        for (query, title) in [("有人困电梯里了", "电梯困人"), ("家里没水了怎么办", "突然停水"), ("爆管", "突然停水")]
        {
            assert_eq!(found(&mut staff, query).await, [title], "{query}");
        }
        assert_eq!(found(&mut staff, "问清").await.len(), 2, "the steps are searched as well");
        assert!(found(&mut staff, "火星").await.is_empty());
        let page = staff.get("/staff/handbook?q=%E7%94%B5%E6%A2%AF").await.text();
        assert!(page.contains("电梯困人") && !page.contains("突然停水"), "{page}");
        let shown = staff.get(&own).await.text();
        assert!(shown.contains("href=\"tel:051080000152\"") && !shown.contains("<script>alert"), "{shown}");

        let mut worker = test.signed_in(GRID_WORKER).await;
        assert_eq!(found(&mut worker, "").await.len(), 2, "a grid worker reads what stands above the grid");
        assert_eq!(worker.get(&of_street).await.status, StatusCode::OK);
        assert_eq!(worker.get(&format!("{own}/edit")).await.status, StatusCode::FORBIDDEN);
        let mut elsewhere = test.signed_in(QIN).await;
        assert_eq!(elsewhere.get(&own).await.status, StatusCode::FORBIDDEN, "a neighbour's community");
        let theirs = found(&mut elsewhere, "").await;
        assert!(!theirs.contains(&"电梯困人".to_owned()), "{theirs:?}");
        assert_eq!(staff.get(&format!("{of_street}/edit")).await.status, StatusCode::FORBIDDEN, "read, not written");
        assert_eq!(street.get(&format!("{own}/edit")).await.status, StatusCode::OK);
        assert_eq!(test.signed_in(LIN).await.get("/staff/handbook").await.status, StatusCode::FORBIDDEN);
        let foreign = clock::token();
        let fields = typed(&foreign, "xingwu", "x", "");
        assert_eq!(staff.post("/staff/handbook", &fields).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_kept_and_what_is_old_is_looked_at_again() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let own = written(&mut staff, "wutong", "电梯困人", "").await;
        let mut change = typed("", "wutong", "电梯困人或冲顶", "");
        change[4] = ("steps", "1. 先**问清**几个人\n2. 再打电话");
        change.push(("version", "1"));
        let edit = format!("{own}/edit");
        assert_eq!(staff.post(&edit, &change).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.post(&edit, &change).await.status, StatusCode::CONFLICT, "somebody saved in the meantime");
        change.pop();
        change.push(("version", "2"));
        assert_eq!(staff.post(&edit, &change).await.status, StatusCode::SEE_OTHER);
        let versions = staff.get(&format!("{own}/versions")).await.text();
        assert!(versions.contains("第 2 版") && !versions.contains("第 3 版"), "the same is no version: {versions}");
        assert!(versions.contains("<ins>") && versions.contains("<del>"), "{versions}");
        assert!(staff.get(&format!("{own}/versions?version=1")).await.text().contains("这是第一版"));
        assert_eq!(staff.get(&format!("{own}/versions?version=9")).await.status, StatusCode::NOT_FOUND);

        assert!(!staff.get("/staff/handbook").await.text().contains(">该复核<"));
        run(&test, "UPDATE handbook_entry SET reviewed_on = '2025-11-24'").await;
        assert!(staff.get("/staff/handbook?due=1").await.text().contains("电梯困人"));
        assert!(staff.get(&own).await.text().contains("一年多没有复核"));
        assert!(staff.get("/staff").await.text().contains("/staff/handbook?due=1"), "it waits on the page of today");
        let stale = [("version", "1")];
        assert_eq!(staff.post(&format!("{own}/reviewed"), &stale).await.status, StatusCode::CONFLICT);
        assert_eq!(staff.post(&format!("{own}/reviewed"), &[("version", "2")]).await.status, StatusCode::SEE_OTHER);
        assert!(!staff.get(&own).await.text().contains("一年多没有复核"));
        assert_eq!(staff.post(&format!("{own}/remove"), &[("version", "2")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.get(&own).await.status, StatusCode::NOT_FOUND);
        let noted = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'handbook'";
        assert_eq!(number(&test, noted).await, 4, "create, save, review, remove");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_leads_to_what_the_handbook_says_of_its_category() {
    on_both(|test| async move {
        let mut lin = test.signed_in(LIN).await;
        let code = filed(&mut lin, &key(1), 0).await;
        let mut staff = test.signed_in(SHEN).await;
        let link = "/staff/handbook?category=street-light";
        let report = format!("/staff/reports/{code}");
        assert!(!staff.get(&report).await.text().contains(link), "nothing is written of it yet");
        written(&mut staff, "wutong", "路灯不亮", "灯坏了").await;
        assert!(staff.get(&report).await.text().contains(link));
        let list = staff.get(link).await.text();
        assert!(list.contains("路灯不亮") && list.contains("有关的"), "{list}");
        assert!(!staff.get("/staff/handbook?category=elevator").await.text().contains("路灯不亮"));
    })
    .await;
}

async fn send(browser: &mut Browser, method: Method, path: &str, body: &Value) -> crate::support::Answer {
    browser.send(method, path, Some("application/json"), body.to_string().into_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_writes_and_refuses_field_by_field() {
    on_both(|test: TestApp| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut wanted = json!({
            "organisation": "wutong", "title": "狗咬人", "words": ["被狗咬"], "steps": "1. 冲洗 15 分钟",
            "contacts": [{ "name": "急救", "phone": "120" }], "item": "social-card-replace",
        });
        let all = "/api/v1/staff/handbook";
        let unknown = send(&mut staff, Method::POST, all, &wanted).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "there are no items in this database");
        assert!(unknown.text().contains("#/item"), "{}", unknown.text());
        wanted["item"] = json!("");
        let made = send(&mut staff, Method::POST, all, &wanted).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let here = made.location().to_owned();
        let mut bad = wanted.clone();
        bad["contacts"] = json!([{ "name": "急救", "phone": "javascript:x" }]);
        bad["title"] = json!("");
        bad["category"] = json!("no-such");
        let answer = send(&mut staff, Method::POST, &here, &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["#/contacts", "#/title"] {
            assert!(answer.text().contains(field), "{field}: {}", answer.text());
        }
        wanted["title"] = json!("狗咬人、猫抓伤");
        wanted["version"] = json!(1);
        assert_eq!(send(&mut staff, Method::POST, &here, &wanted).await.json()["version"], 2);
        assert_eq!(send(&mut staff, Method::POST, &here, &wanted).await.status, StatusCode::CONFLICT);
        let versions = staff.get(&format!("{here}/versions")).await.json();
        assert_eq!(versions[0]["changes"][0]["added"], json!(["、猫抓伤"]), "{versions}");
        let reviewed = staff.send(Method::POST, &format!("{here}/reviewed"), None, Vec::new()).await;
        assert_eq!((reviewed.status, &reviewed.json()["due"]), (StatusCode::OK, &json!(false)));
        assert_eq!(staff.send(Method::DELETE, &here, None, Vec::new()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(staff.get(&here).await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.get(&format!("{all}?limit=0")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
