//! Filing: with and without an account, exactly once, nothing typed is lost.

use super::*;
use crate::support::on_both;
use axum::http::Method;

#[tokio::test]
async fn twenty_taps_file_one_report() {
    on_both(|test| async move {
        let resident = test.signed_in(RESIDENT).await;
        let photo = fixture("orientation-1.jpg");
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (mut browser, photo) = (resident.clone(), photo.clone());
                tokio::spawn(async move {
                    let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", &photo)];
                    browser.post_files("/report", &fields(&key(7)), &files).await
                })
            })
            .collect();
        let mut codes = std::collections::BTreeSet::new();
        for task in tasks {
            let answer = task.await.expect("no panic");
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            codes.insert(code_of(&answer));
        }
        assert_eq!(codes.len(), 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 1, "copies are gone");

        // The same key with other content is another matter.
        let mut other = resident.clone();
        let (key, mut changed) = (key(7), fields("x"));
        changed[0].1 = &key;
        changed[5].1 = "还有井盖也坏了";
        let answer = other.post_files("/report", &changed, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("还有井盖也坏了"), "nothing typed is lost");
        assert!(!answer.text().contains(&key), "the next tap files another report");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
        // So is the same form in other hands.
        let stranger = test.signed_in(NEIGHBOUR).await.post_files("/report", &fields(&key), &[]).await;
        assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_with_everything_and_its_photos() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let key = key(1);
        let mut bad = fields(&key);
        bad[5].1 = "  ";
        bad.push(("name_hidden", "1"));
        let photo = fixture("orientation-1.jpg");
        let files: [(&str, &str, &str, &[u8]); 2] =
            [("photos", "a.jpg", "image/jpeg", &photo), ("photos", "b.jpg", "image/jpeg", b"hello")];
        let answer = resident.post_files("/report", &bad, &files).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text();
        for words in
            ["北门路灯下", &key, "请写一句怎么回事", "“b.jpg”没有收下：这不是照片", "value=\"wutong-1\" selected"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        let html = scraper::Html::parse_document(&text);
        let selector = scraper::Selector::parse("input[name=photo]:not([disabled])").expect("a selector");
        let photos: Vec<String> =
            html.select(&selector).filter_map(|input| input.value().attr("value")).map(str::to_owned).collect();
        assert_eq!(photos.len(), 1, "the good photo was kept");

        // Without JavaScript: another photo, order, removal; each brings the form back.
        let mut again = fields(&key);
        again.push(("photo", &photos[0]));
        let answer = resident.post_files("/report", &[again.clone(), vec![("up", "x")]].concat(), &files[..1]).await;
        assert_eq!(answer.status, StatusCode::OK);
        let html = scraper::Html::parse_document(&answer.text());
        let both: Vec<String> =
            html.select(&selector).filter_map(|input| input.value().attr("value")).map(str::to_owned).collect();
        assert_eq!(both.len(), 2);
        let mut fields_up = fields(&key);
        fields_up.extend([("photo", both[0].as_str()), ("photo", &both[1]), ("up", &both[1])]);
        let text = resident.post_files("/report", &fields_up, &[]).await.text();
        assert!(text.find(&both[1]).expect("there") < text.find(&both[0]).expect("there"));
        let mut fields_remove = fields(&key);
        fields_remove.extend([("photo", both[0].as_str()), ("photo", &both[1]), ("remove", &both[0])]);
        let text = resident.post_files("/report", &fields_remove, &[]).await.text();
        assert!(text.contains(&both[1]) && !text.contains(&both[0]));
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 1);
        let mut last = fields(&key);
        last.push(("photo", &both[1]));
        assert_eq!(resident.post_files("/report", &last, &[]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_visitor_reports_and_comes_back_by_link() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        visitor.get("/report").await;
        assert!(visitor.cookies.contains_key("linli_device"));
        let key = key(1);
        let mut fields = fields(&key);
        fields.push(("contact", "13800001234"));
        let photo = fixture("orientation-1.jpg");
        let answer = visitor.post_files("/report", &fields, &[("photos", "a.jpg", "image/jpeg", &photo)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let link = answer.location().to_owned();
        assert!(link.contains("?t="));
        // On another device, with the link: description and photo; without it: neither.
        let mut elsewhere = test.visitor();
        let page = elsewhere.get(&link).await.text();
        assert!(page.contains("路灯三天没亮了"));
        let html = scraper::Html::parse_document(&page);
        let selector = scraper::Selector::parse(".thumbs img").expect("a selector");
        let src = html.select(&selector).next().and_then(|img| img.value().attr("src")).expect("a photo").to_owned();
        assert_eq!(elsewhere.get(&src).await.status, StatusCode::OK);
        assert_eq!(elsewhere.get(src.split('?').next().unwrap_or_default()).await.status, StatusCode::NOT_FOUND);
        let code = code_of(&answer);
        assert!(!elsewhere.get(&format!("/reports/{code}")).await.text().contains("路灯三天没亮了"));
        assert!(!elsewhere.get(&format!("/reports/{code}?t=wrong")).await.text().contains("路灯三天没亮了"));
        // Staff see the number masked; it is sealed in the database.
        let staff = test.signed_in(STAFF).await.get(&format!("/staff/reports/{code}")).await.text();
        assert!(staff.contains("138****1234") && !staff.contains("13800001234"));
        let (sealed,): (String,) =
            sqlx::query_as("SELECT contact_sealed FROM report").fetch_one(test.app.db.read()).await.expect("sealed");
        assert!(!sealed.contains("1234"));
    })
    .await;
}

#[tokio::test]
async fn one_device_without_an_account_files_so_many_and_no_more() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        visitor.get("/report").await;
        let mut last = StatusCode::SEE_OTHER;
        for n in 0..12 {
            last = visitor.post_files("/report", &fields(&key(n)), &[]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 10);
    })
    .await;
}

#[tokio::test]
async fn the_grid_is_found_from_the_building_or_the_position() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let key = key(1);
        let mut by_position = fields(&key);
        by_position[3].1 = "";
        by_position.extend([("longitude", "120.308499"), ("latitude", "31.581318")]);
        let answer = resident.post_files("/report", &by_position, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let (path,): (String,) =
            sqlx::query_as("SELECT path FROM report").fetch_one(test.app.db.read()).await.expect("a report");
        assert!(path.ends_with("wutong/wutong-g1/"), "{path}");
        // A building of another community is a mistake of the form, not of the server.
        let mut wrong = fields("test-key-0000000-b");
        wrong[3].1 = "xingwu-1";
        assert_eq!(resident.post_files("/report", &wrong, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn the_api_files_once_and_shows_what_is_public() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let categories = resident.get("/api/v1/categories").await.json();
        assert!(categories.as_array().is_some_and(|all| all.iter().any(|c| c["code"] == "street-light")));
        let photo = fixture("orientation-8.jpg");
        let sent = resident.post_files("/api/v1/photos", &[], &[("photo", "a.jpg", "image/jpeg", &photo)]).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let sent = sent.json();
        assert!((sent["suggested_position"]["latitude"].as_f64().expect("a number") - 31.2304).abs() < 0.01, "{sent}");
        assert_eq!((sent["width"].as_u64(), sent["height"].as_u64()), (Some(640), Some(480)));
        let body = serde_json::json!({
            "idempotency_key": key(1), "community": "wutong", "category": "street-light", "building": "wutong-1",
            "description": "路灯三天没亮了", "photos": [sent["id"]],
        });
        let post = |body: serde_json::Value| {
            let mut browser = resident.clone();
            async move {
                browser
                    .send(Method::POST, "/api/v1/reports", Some("application/json"), body.to_string().into_bytes())
                    .await
            }
        };
        let first = post(body.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let second = post(body.clone()).await;
        assert_eq!(second.status, StatusCode::OK, "{}", second.text());
        assert_eq!(first.json()["code"], second.json()["code"]);
        let mut other = body.clone();
        other["description"] = "别的".into();
        assert_eq!(post(other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        for bad in [serde_json::json!([]), serde_json::json!({ "community": 1 }), serde_json::json!("x")] {
            assert_eq!(post(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let code = first.json()["code"].as_str().expect("a code").to_owned();
        let public = test.visitor().get(&format!("/api/v1/reports/{code}")).await;
        assert_eq!(public.json()["state"], "submitted");
        assert!(!public.text().contains("路灯三天没亮了"));
        assert_eq!(test.visitor().get("/api/v1/reports/NOSUCH").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
