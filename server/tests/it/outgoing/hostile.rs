//! What somebody typed to do harm, on its way out: nothing of it becomes a part, a header, an address or a field.

use super::{LIN, OtherSide, SHEN};
use crate::{
    mail::{ENGINES, Smtp},
    notices::published,
    peers::{push_keys, read_push},
    support::TestApp,
};
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;

/// Beside the corpus that pages and feeds are tried with: what mail servers, providers and templates would fall for.
const HOSTILE: [&str; 6] = [
    "一行\r\nBcc: all@evil.example\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?B?PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==?= <svg onload=alert(1)>",
    "[点](javascript:alert(1)) ![图](http://evil.example/x.png) <http://evil.example/>",
    r#"","to":"19900000009","id":"{phone}{id}{text}%7Bphone%7D"#,
    "一\n.\nQUIT\nMAIL FROM:<a@evil.example>\n.",
    "甲\u{2028}乙\u{85}丙\u{b}丁\u{202e}戊",
];

fn hostile() -> impl Iterator<Item = &'static str> {
    let corpus = include_str!("../../fixtures/hostile-markdown.txt").trim_end();
    HOSTILE.into_iter().chain(corpus.split("\n=====\n"))
}

/// As a title, and as a text.
fn words(text: &str) -> (String, String) {
    (format!("词 {text}").chars().take(80).collect(), format!("词\n\n{text}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_typed_acts_in_a_letter_a_text_or_a_push_message() {
    for engine in ENGINES {
        let (smtp, sms, push) = (Smtp::start(), OtherSide::start().await, OtherSide::start().await);
        let (mail, provider, origin) = (smtp.settings(), sms.sms(true), format!("http://127.0.0.1:{}", push.port));
        let test = TestApp::with(engine, |settings| {
            (settings.mail, settings.sms) = (Some(mail), Some(provider));
            settings.push_private = vec![origin.clone()];
        })
        .await;
        let mut lin = super::stories::reader(&test, LIN, "lin@example.cn", &[]).await;
        let keys = push_keys();
        let body = serde_json::json!({
            "endpoint": format!("{origin}/phone"), "keys": { "p256dh": keys["p256dh"], "auth": keys["auth"] },
        });
        let body = body.to_string().into_bytes();
        assert_eq!(lin.send(Method::POST, "/api/v1/me/push", Some("application/json"), body).await.status, 204);
        let key = test.app.deliver.push.public_key(&test.app.db, &test.app.secrets).await.expect("kept");
        let mut staff = test.signed_in(SHEN).await;

        let tell = async |staff: &mut crate::support::Browser, text: &str| {
            let emergency =
                super::stories::EMERGENCY.iter().filter(|(name, _)| !["title", "instruction"].contains(name));
            let mut fields: Vec<(&str, &str)> = emergency.copied().collect();
            let (short, long) = words(text);
            fields.extend(["title", "instruction", "title_en", "fact_value"].map(|name| (name, short.as_str())));
            fields.extend(["body", "body_en"].map(|name| (name, long.as_str())));
            published(&test, staff, &fields).await
        };
        tell(&mut staff, "平安无事").await;
        let harmless = smtp.letter();
        assert_eq!(harmless["types"], serde_json::json!(["text/plain"]));
        for text in hostile() {
            let (texts, pushes) = (sms.taken().len(), push.taken().len());
            let id = tell(&mut staff, text).await;
            let letter = smtp.letter();
            assert_eq!(letter["types"], harmless["types"], "{text}: {letter}");
            assert_eq!(letter["headers"], harmless["headers"], "{text}: {letter}");
            assert_eq!(letter["to"], serde_json::json!(["lin@example.cn"]), "{text}");
            let subject = letter["subject"].as_str().expect("a subject");
            assert!(subject.starts_with("【紧急】") && !subject.contains(['\r', '\n']), "{text}: {subject}");
            let links: Vec<&str> = letter["text"].as_str().expect("text").split_whitespace().collect();
            assert!(links.contains(&format!("http://linli.test/notices/{id}").as_str()), "{text}: {letter}");

            // What the provider reads is what its template says, and no more.
            for taken in &sms.taken()[texts..] {
                let read: serde_json::Map<String, serde_json::Value> =
                    serde_json::from_slice(&taken.body).expect("JSON");
                let names: Vec<&str> = read.keys().map(String::as_str).collect();
                assert_eq!(names, ["id", "text", "to"], "{text}");
                assert!(read["text"].as_str().expect("text").ends_with(&format!("/notices/{id}")), "{text}: {read:?}");
                assert_ne!(read["to"], "19900000009");
            }
            let pushed = &push.taken()[pushes..];
            assert_eq!(pushed.len(), 1, "{text}");
            test.app.clock.advance(SignedDuration::from_secs(1));
            if !HOSTILE.contains(&text) {
                continue;
            }
            let authorization = pushed[0].headers["authorization"].to_str().expect("text");
            let told = read_push(&serde_json::json!({
                "keys": keys, "body": STANDARD.encode(&pushed[0].body), "authorization": authorization, "key": key,
            }));
            assert_eq!(told["payload"]["url"], format!("/notices/{id}"), "{text}");
            assert_eq!(told["payload"].as_object().expect("fields").len(), 6, "{text}");
        }
        smtp.nothing();

        // The same in a day's letter.
        super::choose(&mut lin, &[("mode", "daily"), ("daily_hour", "18")]).await;
        for text in hostile() {
            let (short, long) = words(text);
            published(&test, &mut staff, &[("title", &short), ("body", &long), ("fact_value", &short)]).await;
        }
        smtp.nothing();
        test.app.clock.advance(SignedDuration::from_hours(8));
        test.run_jobs().await;
        let letter = smtp.letter();
        for part in ["types", "headers", "to"] {
            assert_eq!(letter[part], harmless[part], "{letter}");
        }
        smtp.nothing();
    }
}
