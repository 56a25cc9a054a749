//! What creates something creates it once, however often it is sent with one `Idempotency-Key`.

use crate::{
    outgoing::{number, run},
    support::{Answer, Browser, TestApp, on_both},
};
use serde_json::Value;
use std::{fs, path::Path};

const ADMIN: &str = crate::imports::ADMIN;
/// Staff of 梧桐.
const STAFF: &str = "19900000031";

/// Operations whose use case does not know the key, because it makes one thing of the same request anyhow.
const ONCE_ANYHOW: [(&str, &str); 9] = [
    ("/api/v1/photos", "its form has a key of its own, and a photo that nothing names is swept"),
    ("/api/v1/staff/consultations/{id}/notice", "a consultation has one notice"),
    ("/api/v1/matters/platform/{id}/events", "a message has its own `webhook-id`"),
    ("/api/v1/me/service/certificates", "the same person, days and hours are one certificate"),
    ("/api/v1/intake", "a finding has the other system's number"),
    ("/api/v1/staff/property/companies/{company}/assessments", "from the same inputs it is the same assessment"),
    ("/api/v1/staff/property/rules", "the same rules from the same day are the version that is there"),
    ("/api/v1/holds", "one keeps one time at a time"),
    ("/api/v1/waiting", "one waits once for a day"),
];

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, into);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(entry).expect("text"));
        }
    }
}

/// The arguments of the handler of `POST` at a path.
fn arguments<'a>(source: &'a str, path: &str) -> &'a str {
    let named = format!("path = \"{path}\"");
    let described = source.split("#[utoipa::path(").skip(1);
    let found = described.filter(|text| text.trim_start().starts_with("post,"));
    let text = found.into_iter().find(|text| text.split(")]\n").next().is_some_and(|said| said.contains(&named)));
    let text = text.unwrap_or_else(|| panic!("no handler describes POST {path}"));
    let begin = text.find("async fn").expect("a handler");
    text[begin..].split("-> Result").next().expect("its arguments")
}

#[test]
fn every_operation_that_creates_takes_the_key() {
    let document = server::http::openapi::document();
    let mut source = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    let mut creating = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(post) = item.get("post") else { continue };
        let parameters = post["parameters"].as_array().cloned().unwrap_or_default();
        let takes = parameters.iter().any(|one| one["$ref"] == "#/components/parameters/IdempotencyKey");
        // Of a vote nothing is kept, see `is_a_vote`.
        assert_eq!(takes, !path.ends_with("/vote"), "POST {path} says whether it takes the key");
        if post["responses"].get("201").is_some() {
            assert!(takes, "POST {path} creates something and does not take the key");
            creating.push(path.as_str());
        }
    }
    assert!(creating.len() > 30, "{creating:?}");
    for (path, _) in ONCE_ANYHOW {
        assert!(creating.contains(&path), "{path} creates nothing any more");
    }
    for path in creating {
        let anyhow = ONCE_ANYHOW.iter().any(|(one, _)| *one == path);
        let knows = arguments(&source, path).contains("OnceKey");
        assert_ne!(knows, anyhow, "POST {path}: its use case takes `OnceKey`, or it stands among those that need none");
    }
}

/// A request as it is sent again and again.
struct Sent<'a> {
    path: String,
    fields: &'a [(&'a str, &'a str)],
    file: Option<(&'a str, &'a str, &'a str, &'a [u8])>,
}

impl Sent<'_> {
    async fn to(&self, browser: &mut Browser, key: &str) -> Answer {
        let once = [("idempotency-key", key)];
        if let Some(file) = self.file {
            return browser.post_files_with(&self.path, &once, self.fields, &[file]).await;
        }
        let body: serde_json::Map<String, Value> =
            self.fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let headers = [("content-type", "application/json"), once[0]];
        let body = Value::Object(body).to_string().into_bytes();
        browser.request(axum::http::Method::POST, &self.path, &headers, body).await
    }
}

/// Sends it twice with one key, the second time to a server that knows of no answer because the first died before it kept it;
/// then with another key. `count`: how many there are.
async fn is_once(test: &TestApp, browser: &mut Browser, sent: Sent<'_>, count: &str) {
    let count = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {count}");
    run(test, "DELETE FROM api_request").await;
    let before = number(test, &count).await;
    let first = sent.to(browser, "once").await;
    assert_eq!(first.status, 201, "{}: {}", sent.path, first.text());
    run(test, "DELETE FROM api_request").await;
    let again = sent.to(browser, "once").await;
    assert_eq!((again.status.as_u16(), again.json()), (201, first.json()), "{}", sent.path);
    assert_eq!(number(test, &count).await, before + 1, "{}: there is one", sent.path);
    let other = sent.to(browser, "other").await;
    assert_eq!(other.status, 201, "{}: {}", sent.path, other.text());
    assert_ne!(other.json(), first.json(), "{}", sent.path);
    assert_eq!(number(test, &count).await, before + 2, "{}: another key is another", sent.path);
}

#[tokio::test]
async fn what_was_made_is_made_once_even_if_its_answer_was_lost_with_the_server() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let archive = Sent { path: "/api/v1/staff/archives".to_owned(), fields: &[("community", "wutong")], file: None };
        is_once(&test, &mut admin, archive, "archive_run").await;
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE kind = 'archive'").await, 2);
        let table = "编号,网格,名称\nnew-1,wutong-g1,新楼".as_bytes();
        let import = Sent {
            path: "/api/v1/staff/imports".to_owned(),
            fields: &[("kind", "buildings")],
            file: Some(("file", "表.csv", "text/csv", table)),
        };
        is_once(&test, &mut admin, import, "import_run").await;

        let mut staff = test.signed_in(STAFF).await;
        let draft = serde_json::json!({"kind": "service", "organisation": "wutong", "title": "周六办公", "body": "上午办公。",
            "aims": ["wutong"]});
        let made = staff
            .send(axum::http::Method::POST, "/api/v1/staff/notices", Some("application/json"), draft.to_string().into_bytes())
            .await;
        assert_eq!(made.status, 201, "{}", made.text());
        let here = format!("/api/v1/staff/notices/{}", made.json()["id"].as_str().expect("an id"));
        let mut picture = std::io::Cursor::new(Vec::new());
        let pixels = image::RgbImage::from_pixel(640, 480, image::Rgb([20, 90, 120]));
        pixels.write_to(&mut picture, image::ImageFormat::Jpeg).expect("encoded");
        let sent = Sent {
            path: format!("{here}/pictures"),
            fields: &[("alt", "取水点")],
            file: Some(("picture", "1.jpg", "image/jpeg", picture.get_ref())),
        };
        is_once(&test, &mut staff, sent, "notice_picture").await;
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE owner_kind = 'notice'").await, 2);
        let pdf = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
        let path = format!("{here}/files");
        let sent = Sent { path: path.clone(), fields: &[], file: Some(("file", "方案.pdf", "application/pdf", pdf)) };
        is_once(&test, &mut staff, sent, "notice_file").await;
        let here = crate::meetings::body(&test, &mut staff, &crate::meetings::MEMBERS[..1]).await;
        let at = crate::meetings::session(&mut staff, &here).await;
        let item = crate::meetings::text(&test, "SELECT id FROM meeting_agenda").await;
        let paper = Sent {
            path: format!("/api/v1{at}/papers/{item}"),
            fields: &[],
            file: Some(("file", "方案.pdf", "application/pdf", pdf)),
        };
        is_once(&test, &mut staff, paper, "meeting_paper").await;
        // A day later, with a key that was used for something else: nothing takes the place of what is there.
        run(&test, "DELETE FROM api_request").await;
        run(&test, "DELETE FROM notice_file").await;
        let other = [&pdf[..], b"\n"].concat();
        let sent = Sent { path, fields: &[], file: Some(("file", "方案.pdf", "application/pdf", &other)) };
        let refused = sent.to(&mut staff, "once").await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    })
    .await;
}
