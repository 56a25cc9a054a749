//! Whatever is typed into a search, a filter, Open311 or a notice: never an error of ours, never markup.

use crate::{reports::filed, support::TestApp};
use proptest::{
    prelude::*,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use scraper::{Html, Selector};
use server::{db::Engine, demo};

/// Cases of each input.
const CASES: usize = 400;

/// A runner with the same cases each time; what once failed is kept in the test, not in a file.
fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn sample<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).expect("a value").current()
}

/// What people, programs and strangers put into a parameter.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x7f]{0,60}",
        "(路灯|停水|%|_|\\\\|'|\"|\\*|\\(|\\)|-| |　|\\u{0}){0,30}",
        "-?[0-9]{1,30}(\\.[0-9]{0,5})?(e[0-9]{1,4})?",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?",
        "<[a-z]{1,8} [a-z]{1,8}=[\"']?.{0,20}[\"']?>",
        Just("open".to_owned()),
        Just("wutong".to_owned()),
        Just("street-light".to_owned()),
        Just("true".to_owned()),
        Just("x".repeat(5_000)),
    ]
}

/// An address with some of these parameters.
fn query(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::collection::vec((proptest::sample::select(names), text()), 0..6)
        .prop_map(|pairs| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

async fn furnished() -> TestApp {
    let test = TestApp::new(Engine::Sqlite).await;
    demo::windows::load_halls(&test.app, &test.loaded).await.expect("halls");
    demo::notices::load(&test.app, &test.loaded).await.expect("notices");
    filed(&mut test.signed_in("19900000001").await, "typed-report-000001", 1).await;
    test
}

#[tokio::test]
async fn anything_in_a_search_or_filter_is_answered() {
    let test = furnished().await;
    let lists: &[(&str, &str, &'static [&'static str])] = &[
        ("", "/notices", &["q", "kind", "month", "page", "community", "lang", "from"]),
        ("", "/notices.atom", &["community", "kind"]),
        ("", "/api/v1/notices", &["q", "kind", "month", "page", "community"]),
        ("", "/services", &["q", "hall", "life", "event"]),
        ("", "/reports", &["category", "grid", "state", "days", "before", "after", "page", "q"]),
        ("", "/reports.atom", &["category", "grid", "state"]),
        ("", "/report/nearby", &["category", "building", "longitude", "latitude", "community"]),
        ("", "/api/v1/reports/suggest-category", &["text", "q"]),
        ("", "/api/v1/communities/wutong/place", &["longitude", "latitude"]),
        ("", "/api/v1/communities/wutong/plan.geojson", &["category", "grid", "state"]),
        ("", "/api/v1/services/worker-aid/slots", &["from", "days", "hall"]),
        ("", "/embed/notices", &["community", "kind", "lang"]),
        ("", "/board/notices", &["community", "building", "lang"]),
        (
            "19900000031",
            "/staff/reports",
            &["q", "state", "category", "grid", "channel", "owner", "due", "before", "after"],
        ),
        ("19900000031", "/staff/reports/statistics", &["from", "to", "by", "at"]),
        ("19900000031", "/staff/reports/statistics.csv", &["from", "to", "by", "at"]),
        ("19900000031", "/staff/notices", &["state", "q", "page"]),
        ("19900000031", "/staff/appointments", &["hall", "date"]),
        ("19900000031", "/staff/statistics", &["from", "to", "hall", "by"]),
        ("19900000031", "/api/v1/staff/statistics/reports.xlsx", &["from", "to", "by", "place"]),
        ("19900000031", "/api/v1/staff/statistics/halls.csv", &["from", "to", "hall"]),
        ("19900000051", "/staff/supervision", &["state", "kind", "addressee", "year", "after"]),
        ("19900000051", "/api/v1/staff/supervision", &["state", "kind", "addressee", "year", "cursor", "limit"]),
        ("19900000099", "/staff/items", &["q", "state"]),
        ("19900000099", "/staff/audit", &["before"]),
    ];
    let mut runner = runner();
    let script = Selector::parse("script:not([src])").expect("a selector");
    let mut asked = 0;
    for (phone, path, names) in lists {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        let queries = query(names);
        for _ in 0..CASES / 8 {
            let address = format!("{path}?{}", sample(&queries, &mut runner));
            let answer = browser.get(&address).await;
            asked += 1;
            assert!(!answer.status.is_server_error(), "{} for {address}", answer.status);
            let kind = answer.headers.get("content-type").map(|kind| kind.as_bytes().to_owned()).unwrap_or_default();
            if kind.starts_with(b"text/html") {
                let page = answer.text();
                assert!(Html::parse_document(&page).select(&script).next().is_none(), "a script on {address}");
            }
        }
    }
    assert!(asked >= 1_000, "{asked}");
}

#[tokio::test]
async fn anything_sent_to_open311_is_answered_in_its_form() {
    let test = furnished().await;
    let (_, key) =
        server::operate::add_key(&test.app, "x", "wutong", &["reports.file".into(), "reports.read".into()], 1)
            .await
            .expect("a key");
    const LIST: &[&str] = &[
        "service_request_id",
        "service_code",
        "start_date",
        "end_date",
        "status",
        "page",
        "page_size",
        "lat",
        "long",
        "radius",
        "extensions",
        "jurisdiction_id",
        "api_key",
    ];
    const FILE: &[&str] = &[
        "service_code",
        "lat",
        "long",
        "address_string",
        "address_id",
        "attribute[building]",
        "attribute[place]",
        "attribute[number]",
        "email",
        "device_id",
        "account_id",
        "first_name",
        "last_name",
        "phone",
        "description",
        "media_url",
        "jurisdiction_id",
    ];
    let mut runner = runner();
    let (list, file) = (query(LIST), proptest::collection::vec((proptest::sample::select(FILE), text()), 0..10));
    let mut system = test.visitor();
    for n in 0..CASES {
        let (ending, name) = if n % 2 == 0 { ("xml", "text/xml") } else { ("json", "application/json") };
        let asked = sample(&list, &mut runner);
        let listed = system.get(&format!("/open311/v2/requests.{ending}?{asked}")).await;
        let mut fields = sample(&file, &mut runner);
        if n % 3 > 0 {
            fields.push(("service_code", "street-light".to_owned()));
            fields.push(("address_id", "wutong-1".to_owned()));
        }
        let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.push(("api_key", &key));
        let filed = system.post(&format!("/open311/v2/requests.{ending}"), &pairs).await;
        for (what, answer) in [(asked.as_str(), listed), ("a form", filed)] {
            assert!(!answer.status.is_server_error(), "{} for {what}: {pairs:?}", answer.status);
            let kind = answer.headers["content-type"].to_str().expect("text").to_owned();
            assert!(kind.starts_with(name), "{kind} for {what}");
            if ending == "json" {
                serde_json::from_slice::<serde_json::Value>(&answer.body).expect("JSON");
            } else {
                let mut reader = quick_xml::Reader::from_reader(answer.body.as_slice());
                let mut events = Vec::new();
                loop {
                    match reader.read_event_into(&mut events).expect("XML") {
                        quick_xml::events::Event::Eof => break,
                        _ => events.clear(),
                    }
                }
                let controls = answer.text().chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
                assert!(!controls, "a control character in XML for {what}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Markdown that anybody can make up is rendered to elements and attributes of the list only.
    #[test]
    fn anything_in_a_notice_is_words(
        parts in proptest::collection::vec(prop_oneof![
            any::<String>(),
            "[#>*_`~\\[\\]()!|<>&\\\\\n -]{0,40}",
            "<[a-zA-Z/!?-]{1,12}( [a-z]{1,10}=.{0,12})?/?>",
            "!?\\[.{0,8}\\]\\((javascript|data|vbscript|file|https?|picture|//|/)[:a-z0-9/().<>\"' ]{0,20}\\)",
            "&(#x?[0-9a-f]{1,6}|[a-z]{2,6});?",
        ], 0..12),
    ) {
        let html = server::notices::markdown::render(&parts.join(""), "表", &[]);
        let page = Html::parse_fragment(&html);
        for element in page.root_element().descendants().filter_map(scraper::ElementRef::wrap) {
            let name = element.value().name();
            prop_assert!(
                !matches!(name, "script" | "style" | "iframe" | "object" | "embed" | "svg" | "math" | "form" | "input" | "base"
                    | "link" | "meta" | "template"),
                "<{name}> in {html}"
            );
            for (attribute, value) in element.value().attrs() {
                prop_assert!(!attribute.starts_with("on") && attribute != "style" && attribute != "srcdoc", "{html}");
                if matches!(attribute, "href" | "src") {
                    let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
                    let plain = plain.to_ascii_lowercase();
                    prop_assert!(
                        !plain.starts_with("javascript:") && !plain.starts_with("data:") && !plain.starts_with("vbscript:"),
                        "{attribute}={value:?} in {html}"
                    );
                }
            }
        }
    }
}
