//! What is filed and read as XML, field by field.

use super::*;

/// The elements of an answer in XML that hold no others, each with the names around it and its text. Panics unless the answer
/// is well-formed.
fn leaves(answer: &Answer) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    let mut reader = quick_xml::Reader::from_reader(answer.body.as_slice());
    let (mut path, mut text, mut leaf, mut all) = (Vec::new(), String::new(), false, Vec::new());
    loop {
        match reader.read_event().expect("well formed") {
            Event::Eof => break,
            Event::Decl(_) => {}
            Event::Start(tag) => {
                assert_eq!(tag.attributes().count(), 0, "the specification has none");
                path.push(String::from_utf8_lossy(tag.name().as_ref()).into_owned());
                (text, leaf) = (String::new(), true);
            }
            Event::End(_) => {
                if leaf {
                    all.push((path.join("/"), std::mem::take(&mut text)));
                }
                path.pop();
                leaf = false;
            }
            Event::Text(words) => text.push_str(&words.decode().expect("UTF-8")),
            Event::GeneralRef(name) => {
                let whole = format!("&{};", String::from_utf8_lossy(&name));
                text.push_str(&quick_xml::escape::unescape(&whole).expect("a known one"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(path.is_empty(), "{path:?}");
    all
}

/// [`leaves`] under this path: names without it, and texts.
fn leaves_of<'a>(all: &'a [(String, String)], path: &str) -> Vec<(&'a str, &'a str)> {
    let below = |(name, text): &'a (String, String)| Some((name.strip_prefix(path)?, text.as_str()));
    let found: Vec<_> = all.iter().filter_map(below).collect();
    assert_eq!(found.len(), all.len(), "all of it: {all:?}");
    found
}

#[tokio::test]
async fn a_request_is_filed_and_read_in_xml_field_by_field() {
    on_both(|test| async move {
        let key = hotline(&test, "wutong", &["reports.file"]).await;
        let words = "路灯 <b>不亮</b> & \"黑\"";
        let call = [
            ("api_key", key.as_str()),
            ("service_code", "street-light"),
            ("address_id", "wutong-1"),
            ("description", words),
            ("attribute[number]", "SH-<7>"),
        ];
        let filed = leaves(&post(&test, "/open311/v2/requests.xml", &call, &[]).await);
        let row: (String, i64, f64, f64) = sqlx::query_as(
            "SELECT r.code, r.due_at, b.longitude, b.latitude FROM report r JOIN organisation b ON b.id = r.building_id",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("one report");
        let (code, due, longitude, latitude) = row;
        let now = test.app.clock.now();
        let due = Timestamp::from_microsecond(due).expect("in range");
        let promise = format!("{}前办结", date_time(Lang::Zh, due, now));
        assert_eq!(
            leaves_of(&filed, "service_requests/request/"),
            [("service_request_id", code.as_str()), ("service_notice", promise.as_str()), ("account_id", "")]
        );
        // What was filed comes back as it was typed, to whoever filed it.
        let path = format!("/open311/v2/requests/{code}.xml");
        let own = leaves(&test.visitor().get(&format!("{path}?api_key={key}&extensions=true")).await);
        let own = leaves_of(&own, "service_requests/request/");
        let of = |name: &str| own.iter().find(|(field, _)| *field == name).map(|(_, text)| *text);
        let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "service_request_id",
                "status",
                "status_notes",
                "service_name",
                "service_code",
                "description",
                "agency_responsible",
                "service_notice",
                "requested_datetime",
                "updated_datetime",
                "expected_datetime",
                "address",
                "address_id",
                "zipcode",
                "lat",
                "long",
                "media_url",
                "extended_attributes/detailed_status",
                "extended_attributes/detailed_status_name",
                "extended_attributes/page",
            ]
        );
        let expected = due.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
        let expected = expected.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let page = format!("http://linli.test/reports/{code}");
        for (name, text) in [
            ("service_request_id", code.as_str()),
            ("status", "open"),
            ("service_code", "street-light"),
            ("description", words),
            ("service_notice", promise.as_str()),
            ("requested_datetime", "2026-11-25T10:00:00+08:00"),
            ("updated_datetime", "2026-11-25T10:00:00+08:00"),
            ("expected_datetime", expected.as_str()),
            ("address_id", "wutong-1"),
            ("zipcode", ""),
            ("media_url", ""),
            ("extended_attributes/detailed_status", "submitted"),
            ("extended_attributes/page", page.as_str()),
        ] {
            assert_eq!(of(name), Some(text), "{name}");
        }
        for (name, number) in [("lat", latitude), ("long", longitude)] {
            let told: f64 = of(name).expect(name).parse().expect("a number");
            assert!((told - number).abs() < 1e-9, "{name}: {told}, {number}");
        }
        // To everybody else without the words; and the same as in JSON.
        let public = leaves(&test.visitor().get(&path).await);
        let json = get(&test, &format!("/open311/v2/requests/{code}.json")).await;
        for (name, text) in leaves_of(&public, "service_requests/request/") {
            let same = match &json[0][name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            assert_eq!(text, same, "{name}");
            assert!(name != "description" || text.is_empty(), "{text}");
        }
        let listed = leaves(&test.visitor().get("/open311/v2/requests.xml").await);
        assert_eq!(listed, public, "a list of one");
        let mut staff = test.signed_in(STAFF).await;
        let page = staff.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("SH-&lt;7&gt;") && page.contains("&lt;b&gt;不亮&lt;/b&gt;"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn discovery_in_xml_says_where_everything_is() {
    on_both(|test| async move {
        let changed = "2026-11-26T00:00:00+08:00";
        for (lang, contact, keys) in [
            ("zh-CN", "请联系街道办事处的系统管理员。", "密钥由系统管理员发放，请向街道办事处申请。"),
            (
                "en",
                "Please ask the system administrator of the subdistrict office.",
                "Keys are given out by the system administrator; please ask the subdistrict office.",
            ),
        ] {
            let answer = test.visitor().get_with("/open311/v2/discovery.xml", &[("accept-language", lang)]).await;
            let all = leaves(&answer);
            assert_eq!(
                leaves_of(&all, "discovery/"),
                [
                    ("changeset", changed),
                    ("contact", contact),
                    ("key_service", keys),
                    ("endpoints/endpoint/specification", "http://wiki.open311.org/GeoReport_v2"),
                    ("endpoints/endpoint/url", "http://linli.test/open311/v2"),
                    ("endpoints/endpoint/changeset", changed),
                    ("endpoints/endpoint/type", "test"),
                    ("endpoints/endpoint/formats/format", "text/xml"),
                    ("endpoints/endpoint/formats/format", "application/json"),
                ]
            );
        }
    })
    .await;
}
