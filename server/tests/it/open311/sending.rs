//! What a system sends: addresses in it, the same twice, and mistakes.

use super::*;

#[tokio::test]
async fn no_address_that_somebody_sends_is_ever_opened() {
    on_both(|test| async move {
        let key = hotline(&test, "wutong", &["reports.file"]).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let photo = fixture("orientation-6.jpg");
        let files = [("media", "a.jpg", "image/jpeg", photo.as_slice())];
        let mut ids = Vec::new();
        for (n, host) in ["127.0.0.1", "localhost", "0x7f.1"].into_iter().enumerate() {
            let address = format!("http://{host}:{port}/a.jpg");
            let call = [
                ("api_key", key.as_str()),
                ("service_code", "street-light"),
                ("address_id", "wutong-1"),
                ("description", address.as_str()),
                ("address_string", address.as_str()),
                ("media_url", address.as_str()),
                // What clients of other versions and cities send.
                ("media", address.as_str()),
                ("media_urls[]", address.as_str()),
                ("requested_datetime", address.as_str()),
            ];
            let filed = match n {
                0 => post(&test, REQUESTS, &call, &[]).await,
                _ => test.visitor().post_files(REQUESTS, &call, &files).await,
            };
            assert_eq!(filed.status, 200, "{}", filed.text());
            ids.push((filed.json()[0]["service_request_id"].as_str().expect("an id").to_owned(), address));
        }
        // Nor by what follows from it, nor when it is read.
        test.run_jobs().await;
        let mut staff = test.signed_in(STAFF).await;
        for (id, address) in &ids {
            let own = get(&test, &format!("/open311/v2/requests/{id}.json?api_key={key}")).await;
            let words = own[0]["description"].as_str().expect("words");
            assert!(words.ends_with(&format!("\n{address}")), "whoever works on it can open it: {words}");
            assert_eq!(own[0]["media_url"], Value::Null);
            let page = staff.get(&format!("/staff/reports/{id}")).await.text();
            assert!(page.contains(address.as_str()), "{page}");
            // Nor by the browser of whoever reads it.
            let html = Html::parse_document(&page);
            let loading =
                Selector::parse("img, iframe, link, script, source, video, object, embed").expect("a selector");
            for element in html.select(&loading) {
                assert!(!element.html().contains(address.as_str()), "{}", element.html());
            }
            test.visitor().get(&format!("/reports/{id}")).await;
        }
        let came = tokio::time::timeout(std::time::Duration::from_millis(500), listener.accept()).await;
        assert!(came.is_err(), "somebody came: {came:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_twice_is_filed_once() {
    on_both(|test| async move {
        let key = hotline(&test, "wutong", &["reports.file"]).await;
        let other = hotline(&test, "wutong", &["reports.file"]).await;
        let call = [
            ("api_key", key.as_str()),
            ("service_code", "street-light"),
            ("address_string", "北门"),
            ("jurisdiction_id", "wutong"),
        ];
        let once = [("idempotency-key", "call-0042")];
        let first = post(&test, REQUESTS, &call, &once).await.json();
        let again = post(&test, REQUESTS, &call, &once).await.json();
        assert_eq!(first, again);
        // Other content under the same key; the same key of another system; no key at all.
        let mut changed = call.to_vec();
        changed.push(("description", "别的"));
        assert_eq!(refused(&post(&test, REQUESTS, &changed, &once).await).0, 400);
        let mut theirs = call.to_vec();
        theirs[0].1 = other.as_str();
        assert_ne!(first, post(&test, REQUESTS, &theirs, &once).await.json());
        assert_ne!(post(&test, REQUESTS, &call, &[]).await.json(), post(&test, REQUESTS, &call, &[]).await.json());
    })
    .await;
}

#[tokio::test]
async fn mistakes_are_told_in_the_form_that_was_asked_for() {
    on_both(|test| async move {
        let key = hotline(&test, "wutong", &["reports.file"]).await;
        let long = "长".repeat(4001);
        let cases: &[Case<'_>] = &[
            (&[("address_id", "wutong-1")], 400, "service_code"),
            (&[("service_code", ""), ("address_id", "wutong-1")], 400, "service_code"),
            (&[("service_code", "none"), ("address_id", "wutong-1")], 404, "service_code"),
            (
                &[("service_code", "street-light"), ("jurisdiction_id", "none"), ("address_string", "x")],
                404,
                "jurisdiction",
            ),
            (&[("service_code", "street-light")], 400, "jurisdiction"),
            (&[("service_code", "street-light"), ("jurisdiction_id", "wutong")], 400, "place"),
            (&[("service_code", "street-light"), ("lat", "31.5")], 400, "together"),
            (&[("service_code", "street-light"), ("lat", "x"), ("long", "y")], 400, "no place"),
            (&[("service_code", "street-light"), ("address_id", "none")], 400, "building"),
            (&[("service_code", "street-light"), ("lat", "0"), ("long", "0")], 400, "jurisdiction"),
            (&[("service_code", "street-light"), ("address_id", "wutong-1"), ("phone", "abc")], 400, "phone"),
            (
                &[("service_code", "street-light"), ("address_id", "wutong-1"), ("description", &long)],
                400,
                "description",
            ),
        ];
        for (fields, status, said) in cases {
            let mut call = vec![("api_key", key.as_str())];
            call.extend(*fields);
            let (code, words) = refused(&post(&test, REQUESTS, &call, &[]).await);
            assert!(code == *status && words.contains(said), "{fields:?}: {code} {words}");
        }
        let xml = post(&test, "/open311/v2/requests.xml", &[("api_key", &key)], &[]).await;
        assert!(xml.status == 400 && xml.text().contains("<errors>"), "{}", xml.text());
        for query in [
            "start_date=yesterday",
            "start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z",
            "status=lost",
            "end_date=2026-01-01&start_date=2026-02-01",
            "page=0",
            "page_size=1001",
            "lat=1&long=2",
            "radius=5",
            "lat=1&long=2&radius=1000000",
            "page=99999999999999999999",
            "start_date=9999-12-31T23:59:59Z",
        ] {
            assert_eq!(refused(&test.visitor().get(&format!("{REQUESTS}?{query}")).await).0, 400, "{query}");
        }
        assert_eq!(refused(&test.visitor().get("/open311/v2/requests/NONE.json").await).0, 404);
        assert_eq!(refused(&test.visitor().get("/open311/v2/tokens/none.json").await).0, 404);
        // A body that is no form.
        let body = b"{}".to_vec();
        let answer =
            test.visitor().request(Method::POST, REQUESTS, &[("content-type", "application/json")], body).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
    })
    .await;
}
