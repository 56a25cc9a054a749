//! What a handler's phone and page do with steps and photos.

use super::*;
use crate::support::on_both;
use axum::http::Method;

fn attr_of(page: &Answer, selector: &str, name: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse(selector).expect("a selector");
    html.select(&selector).filter_map(|node| node.value().attr(name).map(str::to_owned)).collect()
}

/// The page's script sends a step by itself: it hears where to go on and what the step became, and nothing is sent in the
/// name of somebody who signed in meanwhile.
#[tokio::test]
async fn a_step_sent_by_the_page_s_script_is_answered_to_it() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let path = format!("/volunteer/reports/{code}");
        let mut owner = test.signed_in(VOLUNTEER).await;
        let page = owner.get(&path).await;
        let who = attr_of(&page, "html", "data-who").remove(0);
        let send = async |browser: &mut Browser, fields: &[(&str, &str)], when: &str, who: &str| {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let kind = ("content-type", "application/x-www-form-urlencoded");
            let headers = [kind, ("linli-step", when), ("linli-who", who)];
            browser.request(Method::POST, &path, &headers, body.into_bytes()).await
        };
        let seen = version(&page);
        let take = [("step", "take"), ("version", seen.as_str()), ("key", "phone-key-1")];
        for stranger in [&mut test.signed_in(OTHER_VOLUNTEER).await, &mut test.signed_in(STAFF).await] {
            let refused = send(stranger, &take, "later", &who).await;
            assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED, "{}", refused.text());
        }
        // Nobody: the door, and nothing is done.
        assert_eq!(send(&mut test.visitor(), &take, "later", &who).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'take'").await, 0);

        // Twice the same; a word from another phone in between is not what this one has seen.
        let mut answers = Vec::new();
        for when in ["later", "now"] {
            let answer = send(&mut owner, &take, when, &who).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            assert_eq!(answer.headers.contains_key("set-cookie"), when == "now", "the message is for whoever looks on");
            answers.push(answer.json());
            let mut other = test.signed_in(VOLUNTEER).await;
            assert_eq!(handler_step(&mut other, &code, "note", &[("text", "请带梯子")], &[]).await.status, 303);
        }
        let took = seen.parse::<i64>().expect("a number") + 1;
        let expected = serde_json::json!({ "href": path, "version": took });
        assert_eq!(answers, [expected.clone(), expected]);
        let stale = took.to_string();
        let late = [("step", "finish"), ("version", stale.as_str()), ("text", "好了"), ("key", "phone-key-2")];
        assert_eq!(send(&mut owner, &late, "later", &who).await.status, StatusCode::CONFLICT);

        // Mistakes come as the page that a browser would get.
        let now = version(&owner.get(&path).await);
        let bare = [("step", "return"), ("version", now.as_str()), ("text", ""), ("key", "phone-key-3")];
        let wrong = send(&mut owner, &bare, "now", &who).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!attr_of(&wrong, ".error", "id").is_empty(), "{}", wrong.text());
        let back = [("step", "return"), ("version", now.as_str()), ("text", "够不着"), ("key", "phone-key-4")];
        for _ in 0..2 {
            let answer = send(&mut owner, &back, "now", &who).await;
            assert_eq!((answer.status, answer.json()["href"].as_str()), (StatusCode::OK, Some("/volunteer")));
        }
    })
    .await;
}

/// Where the reporter sent no photo, the handler's first one stands for how it was; after a rework the newest for how it is.
#[tokio::test]
async fn a_task_without_a_photo_gets_its_pair_from_the_handler() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        let volunteer = test.person(VOLUNTEER).to_owned();
        staff_step(&mut staff, &code, "accept", &[]).await;
        staff_step(&mut staff, &code, "dispatch", &[("to", &volunteer)]).await;
        let mut owner = test.signed_in(VOLUNTEER).await;
        let path = format!("/volunteer/reports/{code}");
        handler_step(&mut owner, &code, "take", &[], &[]).await;
        assert!(owner.get(&path).await.text().contains("还没有处理前的照片"));
        let photo = fixture("orientation-6.jpg");
        let with: &[(&str, &str, &str, &[u8])] = &[("photos", "a.jpg", "image/jpeg", photo.as_slice())];
        // The keys that phones make are in no order.
        for (step, text, key) in
            [("note", "动手前", "phone-key-9"), ("note", "拆开了", "phone-key-5"), ("finish", "好了", "phone-key-7")]
        {
            let done = handler_step(&mut owner, &code, step, &[("text", text), ("key", key)], with).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        }
        let of = async |role: &str| -> Vec<String> {
            let rows: Vec<(String,)> = sqlx::query_as(
                "SELECT p.id FROM photo p JOIN report_event e ON e.id = p.owner_id WHERE p.role = $1 ORDER BY e.seq",
            )
            .bind(role)
            .fetch_all(test.app.db.read())
            .await
            .expect("photos");
            rows.into_iter().map(|(id,)| id).collect()
        };
        let pair = async |browser: &mut Browser, path: &str| attr_of(&browser.get(path).await, ".pair img", "src");
        let address = |id: &str| format!("/photos/{id}/thumb");
        let (notes, ends) = (of("progress").await, of("after").await);
        let expected = [address(&notes[0]), address(&ends[0])];
        let staff_page = format!("/staff/reports/{code}");
        assert_eq!(pair(&mut owner, &path).await, expected);
        assert_eq!(pair(&mut staff, &staff_page).await, expected);
        // Not the reporter's, until it is released.
        let status = format!("/reports/{code}");
        assert!(pair(&mut resident, &status).await.is_empty());
        for id in [&notes[0], &ends[0]] {
            let release = [("photo", id.as_str()), ("release", "1")];
            assert_eq!(staff.post(&format!("{staff_page}/photos"), &release).await.status, 303);
        }
        assert_eq!(pair(&mut resident, &status).await, expected);

        let fail = staff_step(&mut staff, &code, "verify_fail", &[("text", "还在闪")]).await;
        assert_eq!(fail.status, StatusCode::SEE_OTHER, "{}", fail.text());
        handler_step(&mut owner, &code, "finish", &[("text", "这次好了"), ("key", "phone-key-1")], with).await;
        let ends = of("after").await;
        let expected = [address(&notes[0]), address(&ends[1])];
        assert_eq!(pair(&mut owner, &path).await, expected);
        assert_eq!(pair(&mut staff, &staff_page).await, expected);
    })
    .await;
}
