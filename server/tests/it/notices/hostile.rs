//! Hostile text, wherever notices go: pages, feeds, calendars, alerts, screens, other people's pages, the phone's copy, files.
//! One corpus for all of them, `fixtures/hostile-markdown.txt`; the browser's own test and that of the renderer use it as well.

use super::{LIN, SHEN, published, safety::inert, written};
use crate::support::{Browser, TestApp, on_both};
use axum::http::StatusCode;
use icalendar::{Component, EventLike};
use jiff::SignedDuration;

/// The corpus.
pub const CORPUS: &str = include_str!("../../fixtures/hostile-markdown.txt");

/// Its entries.
pub fn corpus() -> impl Iterator<Item = &'static str> {
    CORPUS.trim_end().split("\n=====\n")
}

/// All entries as one text, each a paragraph of its own.
pub fn whole() -> String {
    CORPUS.trim_end().replace("\n=====\n", "\n\n")
}

/// As much of a text as a field takes.
pub fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Opens a page that shows hostile text, which begins with a word by which it is known: it is there and does nothing.
pub async fn shown(browser: &mut Browser, path: &str) {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    assert!(page.text().contains("词 "), "{path} shows it");
    inert(&page.text(), path);
}

/// One line, as the server stores it.
fn line(text: &str) -> String {
    app::notices::form::one_line(text)
}

struct Posted {
    id: String,
    title: String,
    place: String,
}

/// An activity that says `evil` wherever something can be said, with a sign-up and a released question.
async fn post(test: &TestApp, staff: &mut Browser, lin: &mut Browser, evil: &str) -> Posted {
    let title = cut(&format!("词 {evil}"), 80);
    let (place, label, value) = (cut(evil, 60), cut(&format!("项 {evil}"), 20), cut(&format!("值 {evil}"), 200));
    let fields = [
        ("kind", "activity"),
        ("aims", "wutong"),
        ("title", title.as_str()),
        ("title_en", title.as_str()),
        ("body", evil),
        ("body_en", evil),
        ("fact_label", label.as_str()),
        ("fact_value", value.as_str()),
        ("activity_place", place.as_str()),
        ("activity_place_en", place.as_str()),
        ("activity_seats", "5"),
        ("questions", "1"),
    ];
    let id = published(test, staff, &fields).await;
    lin.post(&format!("/notices/{id}/sign-up"), &[("people", "1")]).await;
    Posted { id, title: line(&title), place: line(&place) }
}

/// Pages on which this notice is alone, and what programs read of it.
async fn own_pages_are_inert(reader: &mut Browser, staff: &mut Browser, posted: &Posted, evil: &str) {
    let id = &posted.id;
    let own = [format!("/notices/{id}"), format!("/notices/{id}?lang=en")];
    for path in own {
        let page = reader.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        inert(&page.text(), &path);
    }
    let theirs = ["", "/preview?size=large&in=en", "/versions", "/sign-ups"];
    for path in theirs.map(|end| format!("/staff/notices/{id}{end}")) {
        let page = staff.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        inert(&page.text(), &path);
    }
    let json = reader.get(&format!("/api/v1/notices/{id}")).await;
    assert_eq!(json.headers["content-type"], "application/json");
    assert_eq!(json.json()["title"], posted.title.as_str());
    inert(json.json()["body_html"].as_str().expect("text"), &format!("the API with {evil}"));

    // A calendar program finds one event, and in it the words as they were typed.
    let text = reader.get(&format!("/notices/{id}/activity.ics")).await.text();
    assert!(text.split("\r\n").all(|line| !line.contains(['\r', '\n'])), "{text:?}");
    let calendar: icalendar::Calendar = text.parse().expect("a calendar");
    let events: Vec<_> = calendar.events().collect();
    let [event] = &events[..] else { panic!("{} events with {evil}: {text}", events.len()) };
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(event.get_summary().map(letters), Some(letters(&posted.title)), "{text}");
    assert_eq!(event.get_location().map(letters).unwrap_or_default(), letters(&posted.place), "{text}");
}

/// Pages on which many notices are.
async fn common_pages_are_inert(test: &TestApp, reader: &mut Browser, staff: &mut Browser) {
    let all = [
        "/",
        "/notices",
        "/me/inbox",
        "/me/sign-ups",
        "/embed/notices?community=wutong",
        "/embed/notices?community=wutong&lang=en",
        "/notices/kept?shell=1&community=wutong&lang=zh-CN",
    ];
    for path in all {
        let page = reader.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text().contains("词 "), "{path} shows them");
        inert(&page.text(), path);
    }
    // The television takes turns.
    for _ in 0..CHUNK {
        for path in ["/board/notices?community=wutong", "/board/notices?building=wutong-5&lang=en"] {
            let page = reader.get(path).await.text();
            assert!(page.contains("词 "), "{path} shows one");
            inert(&page, path);
        }
        test.app.clock.advance(SignedDuration::from_secs(12));
    }
    inert(&staff.get("/staff/notices").await.text(), "the staff's table");
    // The television's, the phone's and other pages' text hold no script of ours either.
    let embedded = reader.get("/embed/notices?community=wutong").await.text();
    assert!(!embedded.contains("<script"), "{embedded}");
}

/// So many notices at a time: as many as a television shows.
const CHUNK: usize = 8;

#[tokio::test]
async fn every_text_of_the_corpus_is_inert_wherever_it_is_read() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut lin = test.signed_in(LIN).await;
        let corpus: Vec<&str> = corpus().collect();
        assert!(corpus.len() > 60, "{}", corpus.len());
        let mut all = 0;
        for some in corpus.chunks(CHUNK) {
            let mut posted = Vec::new();
            for evil in some {
                // Limits by person are for people.
                test.app.clock.advance(SignedDuration::from_mins(3));
                let one = post(&test, &mut staff, &mut lin, evil).await;
                own_pages_are_inert(&mut lin, &mut staff, &one, evil).await;
                posted.push(one);
            }
            all += posted.len();
            common_pages_are_inert(&test, &mut lin, &mut staff).await;

            // A feed reader: titles are words, texts hold nothing that acts.
            let mut reader = test.visitor();
            let feed = reader.get("/notices.atom?community=wutong&kind=activity").await;
            let read = crate::peers::read_feed(&feed.body);
            assert_eq!(read["bozo"], false, "{read}");
            for (entry, one) in read["entries"].as_array().expect("entries").iter().zip(posted.iter().rev()) {
                assert_eq!(entry["id"], format!("http://linli.test/notices/{}", one.id));
                inert(entry["content"][0].as_str().expect("HTML"), "an entry");
                assert_eq!(entry["summary_type"], "text/plain", "words, whatever they say");
            }
            raw_feed_is_inert(&feed.body);

            // The calendar of the community has as many events as there are activities.
            let text = reader.get("/activities.ics?community=wutong").await.text();
            let calendar: icalendar::Calendar = text.parse().expect("a calendar");
            assert_eq!(calendar.events().count(), all, "{text}");

            // The list at the door as a table: no cell is a formula.
            let table = staff.get(&format!("/staff/notices/{}/sign-ups.csv", posted[0].id)).await.text();
            for row in csv::Reader::from_reader(table.as_bytes()).records() {
                let row = row.expect("a row");
                assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
            }
        }
    })
    .await;
}

/// The texts of a feed as it carries them, before any reader has cleaned them.
fn raw_feed_is_inert(feed: &[u8]) {
    let mut reader = quick_xml::Reader::from_reader(feed);
    let (mut inside, mut text) = (false, String::new());
    loop {
        match reader.read_event().expect("well formed") {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == b"content" => inside = true,
            quick_xml::events::Event::End(tag) if tag.name().as_ref() == b"content" => {
                inert(&text, "the raw feed");
                (inside, text) = (false, String::new());
            }
            quick_xml::events::Event::Text(words) if inside => text.push_str(&words.decode().expect("UTF-8")),
            quick_xml::events::Event::GeneralRef(name) if inside => {
                let name = String::from_utf8_lossy(&name).into_owned();
                let whole = format!("&{name};");
                text.push_str(&quick_xml::escape::unescape(&whole).expect("a known one"));
            }
            _ => {}
        }
    }
}

/// Everything of the corpus in one emergency: the alert is valid, and says it in words.
#[tokio::test]
async fn an_alert_and_a_screen_say_hostile_words_as_words() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut lin = test.signed_in(LIN).await;
        let corpus: Vec<&str> = corpus().collect();
        for some in corpus.chunks(CHUNK / 2) {
            let evil = some.join("\n\n");
            let title = cut(&format!("词 {}", some[0]), 80);
            let instruction = cut(&evil, 200);
            let fields = [
                ("kind", "emergency"),
                ("aims", "wutong"),
                ("title", title.as_str()),
                ("title_en", title.as_str()),
                ("body", evil.as_str()),
                ("body_en", evil.as_str()),
                ("fact_label", ""),
                ("fact_value", ""),
                ("severity", "extreme"),
                ("certainty", "observed"),
                ("starts_at", "2026-11-25T09:00"),
                ("ends_at", "2026-11-25T15:00"),
                ("instruction", instruction.as_str()),
                ("instruction_en", instruction.as_str()),
            ];
            let id = published(&test, &mut staff, &fields).await;
            let alert = lin.get(&format!("/notices/{id}/cap.xml")).await;
            let read = crate::peers::read_alert(&alert.body);
            assert_eq!(read["valid"], true, "{read}\n{}", alert.text());
            assert!(!alert.text().contains("<script") && !alert.text().contains("<img"), "{}", alert.text());
            for path in ["/board/notices?community=wutong", "/services", &format!("/notices/{id}")] {
                let page = lin.get(path).await.text();
                assert!(page.contains("词"), "{path} shows it");
                inert(&page, path);
            }
            let taken = staff
                .post(&format!("/staff/notices/{id}/withdraw"), &[("reason", &cut(&format!("因 {evil}"), 500))])
                .await;
            assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
        }
    })
    .await;
}

/// What residents type: a name at the door, a question, and what staff answer.
#[tokio::test]
async fn questions_and_answers_are_words() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut lin = test.signed_in(LIN).await;
        let id = published(&test, &mut staff, &[("questions", "1"), ("aims", "wutong")]).await;
        for evil in corpus() {
            test.app.clock.advance(SignedDuration::from_hours(2));
            let key = server::clock::token();
            let asked = format!("问 {evil}");
            let sent = lin.post(&format!("/notices/{id}/questions"), &[("form_key", &key), ("question", &asked)]).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
            let (question,): (String,) = sqlx::query_as("SELECT id FROM notice_question WHERE state = 'open'")
                .fetch_one(test.app.db.read())
                .await
                .expect("one");
            let page = format!("/staff/questions/{question}");
            for path in ["/staff/questions", page.as_str()] {
                let text = staff.get(path).await.text();
                assert!(text.contains("问 "), "{path}");
                inert(&text, path);
            }
            let answer = [("step", "answer"), ("version", "1"), ("text", evil)];
            assert_eq!(staff.post(&page, &answer).await.status, StatusCode::SEE_OTHER);
            for path in [page.as_str(), &format!("/notices/{id}"), "/me/inbox"] {
                let reader = if path == page { &mut staff } else { &mut lin };
                inert(&reader.get(path).await.text(), path);
            }
        }
    })
    .await;
}

/// A draft in which nothing was cleaned by hand: what the editor shows of it is inert, too.
#[tokio::test]
async fn the_editor_shows_hostile_words_as_words() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        for evil in corpus() {
            let title = cut(&format!("词 {evil}"), 80);
            let id = written(&mut staff, &[("title", &title), ("body", evil), ("body_en", evil)]).await;
            for path in [format!("/staff/notices/{id}"), format!("/staff/notices/{id}/edit")] {
                let page = staff.get(&path).await.text();
                assert!(page.contains("词"), "{path}");
                inert(&page, &path);
            }
            let json = serde_json::json!({ "markdown": evil }).to_string().into_bytes();
            let preview =
                staff.send(axum::http::Method::POST, "/api/v1/notices/preview", Some("application/json"), json).await;
            inert(preview.json()["html"].as_str().expect("text"), "the preview");
        }
    })
    .await;
}
