//! What notices must never do: run what somebody typed, or concern somebody they are not aimed at.

use super::{LIN, SHEN};
use crate::support::on_both;
use app::{
    i18n::{Lang, Words},
    notices::{Looking, NoticeForm, NoticeState, concerns},
};
use axum::http::StatusCode;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use scraper::{Html, Selector};
use server::{
    clock,
    notices::store::{
        self,
        list::{self, Wanted},
        write,
    },
};

/// What is typed wherever something can be typed. It carries a word by which a page that shows it is known.
const EVIL: &str = r#"XSSWORD</textarea></title><script>a(1)</script><img src=x onerror=a(1)>"'"#;

/// Parses a page as a browser does: nothing of what was typed became an element or an attribute that acts.
pub fn inert(page: &str, path: &str) {
    let html = Html::parse_document(page);
    let all = Selector::parse("*").expect("valid");
    for element in html.select(&all) {
        let name = element.value().name();
        if name == "script" {
            assert!(element.value().attr("src").is_some() && element.text().count() == 0, "{path} runs a script");
        }
        assert!(!(name == "img" && element.value().attr("src") == Some("x")), "{path} has the picture");
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on"), "{path} has {attribute}");
            let acts = matches!(attribute, "href" | "src" | "action" | "formaction");
            assert!(!(acts && value.trim_start().to_lowercase().starts_with("javascript:")), "{path} has {value}");
        }
    }
}

#[tokio::test]
async fn what_somebody_typed_never_runs() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let key = clock::token();
        let body = format!("{EVIL}\n\n[link](javascript:alert(1)) <svg onload=alert(1)>\n\n| {EVIL} |\n| --- |\n| x |");
        let fields = [
            ("form_key", key.as_str()),
            ("action", "next"),
            ("kind", "emergency"),
            ("title", EVIL),
            ("body", &body),
            ("organisation", "wutong"),
            ("aims", "wutong"),
            ("fact_label", "XSSWORD<img src=x>"),
            ("fact_value", EVIL),
            ("severity", "severe"),
            ("certainty", "likely"),
            ("starts_at", "2026-11-25T09:00"),
            ("ends_at", "2026-11-26T09:00"),
            ("instruction", EVIL),
            ("pinned", "1"),
        ];
        // Once shown again with mistakes, once as a preview, once for good.
        for (name, value) in [("starts_at", EVIL), ("action", "preview")] {
            let mut fields = fields.to_vec();
            fields.retain(|(field, _)| *field != name);
            fields.push((name, value));
            let answer = staff.post("/staff/notices", &fields).await;
            assert!(answer.text().contains("XSSWORD"), "the form is shown again");
            inert(&answer.text(), "the editor");
        }
        let answer = staff.post("/staff/notices", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let draft = answer.location().to_owned();
        let id = draft.rsplit('/').next().expect("an id").to_owned();
        for path in [draft.clone(), format!("{draft}/edit")] {
            let page = staff.get(&path).await.text();
            assert!(page.contains("XSSWORD"), "{path} shows it");
            inert(&page, &path);
        }
        staff.post(&format!("{draft}/publish"), &[("version", "1")]).await;
        test.run_jobs().await;
        let refused = staff.post(&format!("{draft}/withdraw"), &[("reason", &EVIL.repeat(20))]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        inert(&refused.text(), "the refused withdrawal");

        let mut lin = test.signed_in(LIN).await;
        let own = format!("/notices/{id}");
        for path in ["/", "/notices", "/notices?q=XSSWORD%3Cscript%3E", "/me", "/me/inbox", &own] {
            let page = lin.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.text().contains("XSSWORD"), "{path} shows it");
            inert(&page.text(), path);
        }
        for path in ["/staff", "/staff/notices", &draft] {
            inert(&staff.get(path).await.text(), path);
        }
        let json = lin.get(&format!("/api/v1/notices/{id}")).await;
        assert_eq!(json.headers["content-type"], "application/json");
        inert(json.json()["body_html"].as_str().expect("text"), "the API");
        let preview = staff
            .send(
                axum::http::Method::POST,
                "/api/v1/notices/preview",
                Some("application/json"),
                serde_json::json!({ "markdown": body }).to_string().into_bytes(),
            )
            .await;
        inert(preview.json()["html"].as_str().expect("text"), "the preview");
    })
    .await;
}

/// The rule of `app` and the SQL of the store say the same, for any aims, times and places of the demo's district.
#[tokio::test]
async fn a_notice_concerns_exactly_those_under_its_aims_while_it_runs() {
    on_both(|test| async move {
        let places: Vec<(String, String)> = test.loaded.organisations.values().cloned().collect();
        // Communities have three steps, buildings five.
        let deep =
            |steps| places.iter().map(|(_, path)| path.as_str()).filter(move |p| p.matches('/').count() == steps);
        let people: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT p.id, COALESCE(b.path, ''), COALESCE(c.path, '') FROM person p \
             LEFT JOIN organisation b ON b.id = p.building_id LEFT JOIN organisation c ON c.id = p.community_id",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("people");
        let one = proptest::collection::vec(0..places.len(), 1..4);
        let notice = (one, -3_i64..3, proptest::option::of(-3_i64..4));
        let notices = proptest::collection::vec(notice, 60);
        let drawn = notices.new_tree(&mut TestRunner::deterministic()).expect("drawn").current();

        let now = test.app.clock.now();
        let hours = |n: i64| now + jiff::SignedDuration::from_hours(n);
        let mut written = Vec::new();
        let mut tx = test.app.db.begin().await.expect("begin");
        for (aims, from, to) in drawn {
            let form =
                NoticeForm { kind: "service".into(), title: "t".into(), body: "b".into(), ..NoticeForm::default() };
            let mut content = form.check(Words::new(Lang::Zh), now).expect("fine");
            content.expires_at = to.map(hours);
            let mut aims: Vec<(String, String)> = aims.into_iter().map(|n| places[n].clone()).collect();
            aims.sort();
            aims.dedup();
            let origin = write::Origin {
                author_id: test.person(SHEN),
                organisation_id: &test.loaded.organisations["lanxi"].0,
                form_key: &clock::token(),
                changes: None,
            };
            let id = write::insert(&mut tx, origin, &content, now).await.expect("written").expect("new");
            write::set_aims(&mut tx, &id, &aims).await.expect("aimed");
            let step = (&[NoticeState::Draft][..], NoticeState::Published);
            write::advance(&mut tx, &id, step, None, hours(from)).await.expect("published");
            let paths: Vec<String> = aims.into_iter().map(|(_, path)| path).collect();
            written.push((id, paths, hours(from).as_microsecond(), content.expires_at.map(|at| at.as_microsecond())));
        }
        tx.commit().await.expect("commit");

        let at = now.as_microsecond();
        let pages = deep(3).map(|path| (path, None, Looking::Community(path)));
        let homes = deep(5).map(|path| (path, Some(0), Looking::LivesAt(path)));
        for (path, near_since, looking) in pages.chain(homes) {
            let wanted = Wanted { community: Some(path), near_since, limit: 1000, ..Wanted::default() };
            let mut listed: Vec<String> =
                list::list(&test.app.db, wanted, now).await.expect("listed").into_iter().map(|row| row.id).collect();
            let mut meant: Vec<String> = written
                .iter()
                .filter(|(_, aims, from, to)| concerns(looking, aims, *from, *to, at))
                .map(|(id, ..)| id.clone())
                .collect();
            listed.sort();
            meant.sort();
            assert_eq!(listed, meant, "for {looking:?}");
        }
        for (id, aims, ..) in &written {
            let notice = store::by_id(&test.app.db, id).await.expect("read").expect("there");
            let told = store::recipients(&test.app.db, &notice, "", 10_000).await.expect("read");
            let mut told: Vec<String> = told.into_iter().map(|one| one.id).collect();
            let mut meant: Vec<String> = people
                .iter()
                .filter(|(_, building, community)| {
                    [building, community].iter().any(|place| concerns(Looking::LivesAt(place), aims, at, None, at))
                })
                .map(|(person, ..)| person.clone())
                .collect();
            told.sort();
            meant.sort();
            assert_eq!(told, meant, "told of a notice for {aims:?}");
            let reach = store::reach(&test.app.db, id).await.expect("counted");
            assert_eq!(reach.people, i64::try_from(meant.len()).expect("a number"));
        }
    })
    .await;
}
