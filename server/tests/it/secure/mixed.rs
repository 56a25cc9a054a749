//! One's own page with somebody else's thing named in its form: the ticket of another hall at one's own window, the photo of
//! another report beside one's own, the hold of another person in one's own booking.

mod net;

use super::{changed, digest};
use crate::{
    access::{NEIGHBOUR, OWNER, samples},
    notices::{published, typed},
    reports::{filed, fixture},
    support::{Answer, TestApp, on_both},
    windows::{TOMORROW, slot},
};
use axum::http::Method;
use server::clock;

/// POST routes without a parameter whose form names things of a place or a person: all of them are tried below.
pub const NAMES_OTHERS: &[&str] = &[
    "/api/v1/appointments",
    "/api/v1/intake",
    "/api/v1/me/push/end",
    "/api/v1/me/service/hours",
    "/api/v1/meetings/proposals",
    "/api/v1/reports",
    "/api/v1/reports/collect",
    "/api/v1/staff/appointments",
    "/api/v1/staff/check-in",
    "/api/v1/staff/archives",
    "/api/v1/staff/bulletins",
    "/api/v1/staff/consultations",
    "/api/v1/staff/handbook",
    "/api/v1/staff/patrols",
    "/api/v1/staff/matters",
    "/api/v1/staff/matters/platforms",
    "/api/v1/staff/meetings",
    "/api/v1/staff/notices",
    "/api/v1/staff/partners/organisations",
    "/api/v1/staff/partners/teams",
    "/api/v1/staff/reception/class",
    "/api/v1/staff/reception/materials",
    "/api/v1/staff/reception/number",
    "/api/v1/staff/reports",
    "/api/v1/staff/reports/bulk",
    "/api/v1/staff/settings/answers",
    "/api/v1/staff/settings/hours",
    "/api/v1/staff/settings/notices",
    "/api/v1/staff/settings/routing",
    "/api/v1/staff/supervision",
    "/api/v1/staff/webhooks",
    "/meetings/proposals",
    "/me/service/hours",
    "/open311/v2/requests.json",
    "/open311/v2/requests.xml",
    "/report",
    "/staff/appointments/new",
    "/staff/archives",
    "/staff/bulletins",
    "/staff/check-in",
    "/staff/consultations",
    "/staff/exports",
    "/staff/handbook",
    "/staff/matters",
    "/staff/matters/platforms",
    "/staff/meetings",
    "/staff/notices",
    "/staff/notices/settings",
    "/staff/patrols/new",
    "/api/v1/staff/property/estates",
    "/staff/property/estates",
    "/staff/partners/organisations",
    "/staff/partners/teams",
    "/staff/reception/check-in",
    "/staff/reception/class",
    "/staff/reception/materials",
    "/staff/reception/number",
    "/staff/reports/answers",
    "/staff/reports/bulk",
    "/staff/reports/hours",
    "/staff/reports/new",
    "/staff/reports/new/alike",
    "/staff/reports/routing",
    "/staff/supervision",
    "/staff/webhooks",
    "/volunteer/collect",
];

/// Staff of 彩菱社区, which has a hall of its own.
const CLERK: &str = "19900020010";
/// Staff of 杏坞社区.
const QIN: &str = "19900000033";
/// The grid worker of 梧桐's grids 3 and 4.
const OTHER_GRIDS: &str = "19900000022";

/// Somebody sends a form that names what is not theirs.
struct Case {
    who: &'static str,
    path: String,
    sent: Sent,
}

enum Sent {
    Fields(Vec<(String, String)>),
    Json(serde_json::Value),
}

fn fields(who: &'static str, path: &str, fields: &[(&str, &str)]) -> Case {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Case { who, path: path.to_owned(), sent: Sent::Fields(fields) }
}

fn json(who: &'static str, path: &str, body: serde_json::Value) -> Case {
    Case { who, path: path.to_owned(), sent: Sent::Json(body) }
}

async fn send(test: &TestApp, case: &Case) -> Answer {
    let mut browser = test.signed_in(case.who).await;
    match &case.sent {
        Sent::Fields(fields) => {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(&case.path, &fields).await
        }
        Sent::Json(body) => {
            let kind = Some("application/json");
            browser.send(Method::POST, &case.path, kind, body.to_string().into_bytes()).await
        }
    }
}

/// A photo of the owner that belongs to nothing yet.
async fn unsent_photo(test: &TestApp) -> String {
    let photo = fixture("orientation-6.jpg");
    let mut owner = test.signed_in(OWNER).await;
    let answer = owner.post_files("/api/v1/photos", &[], &[("photo", "a.jpg", "image/jpeg", &photo)]).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_form_of_ones_own_reaches_nothing_of_anothers() {
    on_both(|test| async move {
        let samples = samples(&test).await;
        let of = |key: &str| samples[key].clone();
        let (ticket, booking, report) = (of("/tickets/{id}"), of("/appointments/{code}"), of("/reports/{code}"));
        let (photo, hold) = (of("/photos/{id}"), of("/holds/{id}"));
        let loose = unsent_photo(&test).await;
        // Each has a page of their own.
        let mut clerk = test.signed_in(CLERK).await;
        assert_eq!(clerk.post("/staff/counter/hall-cailing.1/open", &[]).await.status, 303);
        let own_report = filed(&mut test.signed_in(OWNER).await, "mixed-own-report-0001", 1).await;
        let mut qin = test.signed_in(QIN).await;
        let seats = [
            ("kind", "activity"),
            ("title", "包饺子"),
            ("organisation", "xingwu"),
            ("aims", "xingwu"),
            ("activity_seats", "5"),
            ("activity_until", "2026-11-27T18:00"),
        ];
        let own_notice = published(&test, &mut qin, &seats).await;
        let here = [("kind", "activity"), ("title", "包粽子"), ("aims", "wutong"), ("activity_seats", "5")];
        let here = [&here[..], &[("activity_until", "2026-11-27T18:00")]].concat();
        let theirs = published(&test, &mut test.signed_in("19900000031").await, &here).await;
        let signed = test.signed_in(OWNER).await.post(&format!("/notices/{theirs}/sign-up"), &[("people", "1")]).await;
        assert_eq!(signed.status, 303, "{}", signed.text());
        let (sign_up,): (String,) =
            sqlx::query_as("SELECT id FROM sign_up").fetch_one(test.app.db.read()).await.expect("one");

        let key = clock::token();
        let tomorrow = slot(TOMORROW, "1030");
        let report_of = |more: serde_json::Value| {
            let mut body = serde_json::json!({
                "idempotency_key": clock::token(), "community": "wutong", "category": "street-light",
                "description": "路灯不亮", "building": "wutong-1",
            });
            let more = more.as_object().expect("an object").clone();
            body.as_object_mut().expect("an object").extend(more);
            body
        };
        let mut cases = vec![
            // Bookings and numbers of another hall.
            fields(CLERK, "/staff/check-in", &[("hall", "hall-wutong"), ("code", &booking)]),
            fields(CLERK, "/staff/check-in", &[("hall", "hall-cailing"), ("code", &booking)]),
            fields(CLERK, "/staff/reception/check-in", &[("hall", "hall-cailing"), ("code", &booking)]),
            fields(CLERK, "/staff/reception/check-in", &[("hall", "hall-wutong"), ("code", &booking)]),
            fields(CLERK, "/staff/reception/number", &[("hall", "hall-wutong"), ("item", "birth-registration")]),
            fields(
                CLERK,
                "/staff/reception/class",
                &[("hall", "hall-cailing"), ("ticket", &ticket), ("class", "elder")],
            ),
            fields(
                CLERK,
                "/staff/reception/class",
                &[("hall", "hall-wutong"), ("ticket", &ticket), ("class", "elder")],
            ),
            fields(CLERK, "/staff/reception/materials", &[("hall", "hall-cailing"), ("ticket", &ticket)]),
            fields(CLERK, "/staff/counter/hall-cailing.1/materials", &[("ticket", &ticket), ("note", "x")]),
            fields(
                CLERK,
                "/staff/appointments/new",
                &[
                    ("hall", "hall-wutong"),
                    ("item", "birth-registration"),
                    ("slot", &tomorrow),
                    ("phone", OWNER),
                    ("name", "林晓禾"),
                    ("key", &key),
                ],
            ),
            // Reports, their photos, and settings of another community.
            fields(QIN, "/staff/reports/bulk", &[("step", "accept"), ("sure", "1"), ("pick", &format!("{report}:1"))]),
            fields(QIN, "/staff/reports/new", &[("community", "wutong"), ("category", "street-light"), ("key", &key)]),
            fields(QIN, "/staff/reports/new/alike", &[("community", "wutong"), ("description", "路灯不亮")]),
            fields(QIN, "/staff/reports/answers", &[("at", "wutong"), ("act", "save"), ("title", "x"), ("text", "x")]),
            fields(QIN, "/staff/reports/hours", &[("at", "wutong"), ("act", "save"), ("own", "1")]),
            fields(
                QIN,
                "/staff/reports/routing",
                &[("act", "add"), ("place", "lanxi/tongyin/wutong/"), ("owner", test.person("19900000011"))],
            ),
            // A photo that is another report's, or that somebody else sent.
            fields(
                "19900000031",
                &format!("/staff/reports/{own_report}/photos"),
                &[("photo", &photo), ("release", "1")],
            ),
            fields("19900000031", &format!("/staff/reports/{own_report}/photos/{photo}"), &[("release", "1")]),
            fields(OWNER, &format!("/reports/{own_report}/own"), &[("do", "remove-photo"), ("remove", &photo)]),
            json(NEIGHBOUR, "/api/v1/reports", report_of(serde_json::json!({ "photos": [loose] }))),
            json(NEIGHBOUR, "/api/v1/reports", report_of(serde_json::json!({ "photos": [photo] }))),
            json(OTHER_GRIDS, "/api/v1/reports/collect", report_of(serde_json::json!({ "solved_on_spot": false }))),
            json(OTHER_GRIDS, "/api/v1/reports/collect", report_of(serde_json::json!({ "after": [loose] }))),
            fields(
                OTHER_GRIDS,
                "/volunteer/collect",
                &[
                    ("key", &clock::token()),
                    ("community", "wutong"),
                    ("category", "street-light"),
                    ("building", "wutong-1"),
                    ("description", "x"),
                ],
            ),
            fields(
                NEIGHBOUR,
                "/report",
                &[
                    ("key", &clock::token()),
                    ("community", "wutong"),
                    ("category", "street-light"),
                    ("building", "wutong-1"),
                    ("description", "x"),
                    ("different", "1"),
                    ("photo", &loose),
                ],
            ),
            fields(
                NEIGHBOUR,
                "/open311/v2/requests.json",
                &[("api_key", "linli_none"), ("service_code", "street-light")],
            ),
            fields(NEIGHBOUR, "/open311/v2/requests.xml", &[("service_code", "street-light")]),
            // Notices in another community's name, its settings, its door.
            fields(QIN, "/staff/notices/settings", &[("organisation", "wutong"), ("review", "1")]),
            fields(QIN, &format!("/staff/notices/{own_notice}/sign-ups/{sign_up}/came"), &[("came", "1")]),
        ];
        for step in ["finish", "pass", "park", "recall", "start", "transfer", "leave", "no-show", "back"] {
            let window = "/staff/counter/hall-cailing.1/step";
            cases.push(fields(CLERK, window, &[("ticket", &ticket), ("step", step), ("to_window", "2")]));
        }
        // The same through the API; what leaves the house of another place; who is told of what happens there.
        cases.extend([
            json(CLERK, "/api/v1/staff/check-in", serde_json::json!({ "hall": "hall-wutong", "code": booking })),
            json(CLERK, "/api/v1/staff/check-in", serde_json::json!({ "hall": "hall-cailing", "code": booking })),
            json(CLERK, "/api/v1/staff/reception/class", serde_json::json!({
                "hall": "hall-cailing", "ticket": ticket, "class": "elder",
            })),
            json(CLERK, "/api/v1/staff/appointments", serde_json::json!({
                "hall": "hall-wutong", "items": ["birth-registration"], "slot": tomorrow, "phone": OWNER, "name": "林晓禾",
                "need": "",
            })),
            json(CLERK, "/api/v1/staff/counter/hall-cailing.1/steps", serde_json::json!({
                "ticket": ticket, "step": "finish",
            })),
            json(QIN, "/api/v1/staff/reports/bulk", serde_json::json!({
                "step": "accept", "text": "", "to": "", "reports": [{ "code": report, "version": 1 }],
            })),
            json(QIN, "/api/v1/staff/notices", serde_json::json!({
                "kind": "policy", "organisation": "wutong", "title": "x", "body": "x", "aims": ["wutong"],
            })),
            json(CLERK, "/api/v1/staff/reception/number", serde_json::json!({
                "hall": "hall-wutong", "item": "birth-registration",
            })),
            json(CLERK, "/api/v1/staff/reception/materials", serde_json::json!({
                "hall": "hall-cailing", "ticket": ticket, "seen": [],
            })),
            json(QIN, "/api/v1/staff/reports", serde_json::json!({
                "community": "wutong", "category": "street-light", "description": "x", "building": "wutong-1", "from": "hotline",
            })),
            json(QIN, "/api/v1/staff/settings/answers", serde_json::json!({
                "at": "wutong", "step": "reject", "title": "x", "text": "x",
            })),
            json(QIN, "/api/v1/staff/settings/hours", serde_json::json!({
                "at": "wutong", "hours": [{ "opens": "09:00", "closes": "10:00" }],
            })),
            json(QIN, "/api/v1/staff/settings/routing", serde_json::json!({
                "place": "lanxi/tongyin/wutong/", "owner": test.person("19900000011"),
            })),
            json(QIN, "/api/v1/staff/settings/notices", serde_json::json!({ "organisation": "wutong", "review": true })),
            json("19900020045", "/api/v1/staff/archives", serde_json::json!({ "community": "wutong", "contacts": true })),
            json("19900020045", "/api/v1/staff/webhooks", serde_json::json!({
                "organisation": "wutong", "url": "https://hooks.example/", "events": ["report.filed"],
            })),
            fields(QIN, "/staff/exports", &[("table", "reports"), ("place", "wutong"), ("as", "csv")]),
            fields("19900020045", "/staff/archives", &[("community", "wutong"), ("contacts", "1")]),
            fields("19900020045", "/staff/webhooks", &[
                ("organisation", "wutong"),
                ("place", "wutong"),
                ("url", "https://hooks.example/"),
                ("events", "report.filed"),
            ]),
        ]);
        cases.extend(net::cases(&samples, &key));
        let aimed = typed(&key, &[("organisation", "wutong")]);
        cases.push(fields(QIN, "/staff/notices", &aimed));
        let aimed = typed(&key, &[("organisation", "xingwu"), ("aims", "wutong")]);
        cases.push(fields(QIN, "/staff/notices", &aimed));

        // The last two have no answer that refuses; they are tried below.
        let apart = ["/api/v1/me/push/end", "/api/v1/appointments"];
        let tried = |path: &str| apart.contains(&path) || cases.iter().any(|case| case.path == path);
        let untried: Vec<&&str> = NAMES_OTHERS.iter().filter(|path| !tried(path)).collect();
        assert!(untried.is_empty(), "no case tries {untried:?}");

        let mut wrong = Vec::new();
        // Each case logs in anew, and the page that says why not lists what is one's own: that look is written down.
        let beside = |table: &String| table.starts_with("session ") || table.starts_with("audit_log ");
        for case in &cases {
            let before = digest(&test).await;
            let answer = send(&test, case).await;
            let what = format!("{} as {}", case.path, case.who);
            if !answer.status.is_client_error() {
                wrong.push(format!("{what}: {} {}", answer.status, answer.location()));
            }
            let mut tables = changed(&before, &digest(&test).await);
            tables.retain(|table| !beside(table));
            if !tables.is_empty() {
                wrong.push(format!("{what}: changed {}", tables.join(", ")));
            }
        }

        // Ending another's notifications is answered as if there were none, and ends none.
        let mut tx = test.app.db.begin().await.expect("begin");
        let endpoint = server::auth::secrets::sha256("https://push.example/x");
        sqlx::query("UPDATE push_subscription SET endpoint_hash = $1")
            .bind(endpoint)
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        let before = digest(&test).await;
        let end = json(NEIGHBOUR, "/api/v1/me/push/end", serde_json::json!({ "endpoint": "https://push.example/x" }));
        send(&test, &end).await;
        // Naming another's hold in one's own booking books by one's own right; the hold stands.
        let booked = send(
            &test,
            &json(NEIGHBOUR, "/api/v1/appointments", serde_json::json!({
                "item": "worker-aid", "slot": slot(TOMORROW, "1000"), "hold": hold, "idempotency_key": clock::token(),
            })),
        )
        .await;
        assert!(matches!(booked.status.as_u16(), 201 | 409), "{}", booked.text());
        let touched = changed(&before, &digest(&test).await);
        let theirs = |table: &String| table.starts_with("hold ") || table.starts_with("push_subscription");
        assert!(!touched.iter().any(theirs), "{touched:?}");
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    })
    .await;
}

/// A name that is none is told; that each is tried, the test above looks.
#[test]
fn the_list_is_that_of_the_routes() {
    let routes = server::http::routes::all();
    for path in NAMES_OTHERS {
        assert!(routes.list().iter().any(|route| route.path == *path), "{path} is gone: take its line out");
    }
}
