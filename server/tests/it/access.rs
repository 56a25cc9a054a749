//! Every route, tried by those who may not use it. New routes are tried by themselves: a route with a parameter that
//! has no sample, or with a form that has no sample, fails here and says what to add.

use crate::support::{Answer, Browser, TestApp};
use app::{
    i18n::{Lang, Words},
    notices::{NoticeForm, NoticeState},
    people::{Action, Role},
};
use axum::http::{Method, StatusCode};
use server::{
    db::Engine,
    http::{
        Access,
        routes::{self, RouteInfo},
    },
};
use std::{collections::BTreeMap, fmt::Write};

/// A resident of 梧桐 who owns the samples.
const OWNER: &str = "19900000001";
/// Another resident of 梧桐, with no role and nothing to do with the samples.
const NEIGHBOUR: &str = "19900000003";

/// Samples for the parameters of routes: the route's path up to and with the parameter → what stands there. Objects
/// belong to [`OWNER`] and to 梧桐. **A new route with a parameter adds its line here.**
async fn samples(test: &TestApp) -> BTreeMap<&'static str, String> {
    let mut samples = BTreeMap::new();
    samples.insert("/c/{code}", "wutong".to_owned());
    samples.insert("/api/v1/communities/{code}", "wutong".to_owned());
    samples.insert("/me/inbox/{id}", message(test).await);
    samples.insert("/me/devices/{id}", session_of_owner(test).await);
    let (report, photo) = report(test).await;
    for path in ["/reports/{code}", "/staff/reports/{code}", "/volunteer/reports/{code}", "/api/v1/reports/{code}"] {
        samples.insert(path, report.clone());
    }
    samples.insert("/open311/v2/services/{file}", "street-light.json".to_owned());
    for path in ["/open311/v2/requests/{file}", "/open311/v2/tokens/{file}"] {
        samples.insert(path, format!("{report}.json"));
    }
    for path in ["/services/{item}", "/api/v1/services/{item}"] {
        samples.insert(path, "birth-registration".to_owned());
    }
    let appointment = appointment(test).await;
    for path in ["/appointments/{code}", "/api/v1/appointments/{code}"] {
        samples.insert(path, appointment.clone());
    }
    let hold = hold(test).await;
    for path in ["/holds/{id}", "/api/v1/holds/{id}"] {
        samples.insert(path, hold.clone());
    }
    let waiting = waiting(test).await;
    for path in ["/me/waiting/{id}", "/api/v1/waiting/{id}"] {
        samples.insert(path, waiting.clone());
    }
    let block = block(test).await;
    samples.insert("/staff/blocks/{id}", block.clone());
    samples.insert("/me/blocks/{id}", block);
    samples.insert("/me/follows/browsers/{id}", browser(test).await);
    for path in ["/me/email/confirm/{person}", "/mail/stop/{person}", "/mail/notices/stop/{person}"] {
        samples.insert(path, test.person(OWNER).to_owned());
    }
    samples.insert("/staff/counter/{window}", "hall-wutong.1".to_owned());
    let ticket = crate::windows::queue::ticket_id(test).await;
    for path in ["/staff/tickets/{id}", "/tickets/{id}", "/api/v1/tickets/{id}", "/staff/ratings/{ticket}"] {
        samples.insert(path, ticket.clone());
    }
    for path in ["/kiosk/{hall}", "/halls/{hall}", "/board/{hall}", "/api/v1/halls/{hall}"] {
        samples.insert(path, "hall-wutong".to_owned());
    }
    samples.insert("/staff/archives/{id}", crate::archive::sample(test).await);
    samples.insert("/staff/imports/{id}", crate::imports::sample(test).await);
    samples.insert("/staff/halls/{hall}", "hall-wutong".to_owned());
    samples.insert("/staff/calendar/{year}", "2026".to_owned());
    samples.insert("/staff/items/{item}", "birth-registration".to_owned());
    samples.insert("/staff/reports/{code}/photos/{id}", photo.clone());
    samples.insert("/photos/{id}", photo.clone());
    samples.insert("/photos/{id}/{variant}", "thumb".to_owned());
    samples.insert("/api/v1/photos/{id}", photo);
    let published = notice(test, NoticeState::Published).await;
    samples.insert("/staff/questions/{id}", question(test, &published).await);
    samples.insert("/notices/{id}", published.clone());
    samples.insert("/api/v1/notices/{id}", published);
    samples.insert("/notices/{id}/files/{number}", "1".to_owned());
    samples.insert("/staff/notices/{id}", notice(test, NoticeState::Draft).await);
    samples.insert("/staff/notices/{id}/sign-ups/{sign_up}", "00000000-0000-7000-8000-000000000003".to_owned());
    samples
}

/// What a route's form sends when it is not empty: a form that its handler can read, so that it comes to ask for
/// permission. **A new POST route whose form has required fields adds its line here.**
fn form(path: &str) -> Form {
    match path {
        "/api/v1/me/push" => Form::Json(r#"{"endpoint":"https://push.example","keys":{"p256dh":"","auth":""}}"#),
        "/api/v1/me/push/end" => Form::Json(r#"{"endpoint":""}"#),
        "/me/name" => Form::Fields(&[("name", "林晓禾")]),
        "/api/v1/appointments/{code}/change" => Form::Json(r#"{"slot":"hall-wutong.20261127T1000"}"#),
        "/api/v1/appointments/{code}/cancel" => Form::Json("{}"),
        _ => Form::Fields(&[]),
    }
}

/// How a form is sent.
#[derive(Clone, Copy)]
#[expect(dead_code, reason = "rooms with photos or a JSON API use them")]
enum Form {
    /// As a page's form does.
    Fields(&'static [(&'static str, &'static str)]),
    /// As a form with files does.
    Multipart(&'static [(&'static str, &'static str)]),
    /// As the API takes it.
    Json(&'static str),
}

/// Routes for everybody signed in although they have a parameter: what they name is not one person's own.
const OPEN_TO_ALL_SIGNED_IN: &[&str] = &[
    "/services/{item}/book",
    "/services/{item}/wait",
    "/notices/{id}/sign-up",
    "/notices/{id}/sign-up/cancel",
    "/notices/{id}/questions",
    "/notices/{id}/confirm",
];

/// A browser of the owner that is notified.
async fn browser(test: &TestApp) -> String {
    let id = "00000000-0000-7000-8000-000000000003";
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO push_subscription (id, person_id, session_id, endpoint_hash, sealed, device, created_at) \
         VALUES ($1, $2, '', 'h', '', '', 0)",
    )
    .bind(id)
    .bind(test.person(OWNER))
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// A time that the owner keeps.
async fn hold(test: &TestApp) -> String {
    use crate::windows::{TOMORROW, slot};
    let mut owner = test.signed_in(OWNER).await;
    let kept = owner.post("/services/worker-aid/hold", &[("slot", &slot(TOMORROW, "1000"))]).await;
    let location = kept.location();
    location.split("hold=").nth(1).and_then(|rest| rest.split('&').next()).expect("a hold").to_owned()
}

/// A waiting entry of the owner.
async fn waiting(test: &TestApp) -> String {
    use server::windows::store::{halls, waiting};
    let hall = halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let mut tx = test.app.db.begin().await.expect("begin");
    let entry = waiting::NewEntry {
        id: "00000000-0000-7000-8000-000000000001",
        person_id: test.person(OWNER),
        hall_id: &hall.id,
        day: "2026-11-27".parse().expect("a date"),
        items: &["worker-aid".to_owned()],
        answers: "{}".to_owned(),
        materials: "{}".to_owned(),
    };
    waiting::insert(&mut tx, entry, test.app.clock.now()).await.expect("written");
    tx.commit().await.expect("commit");
    "00000000-0000-7000-8000-000000000001".to_owned()
}

/// A block of the owner.
async fn block(test: &TestApp) -> String {
    use server::windows::store::{blocks, halls};
    let hall = halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let id = "00000000-0000-7000-8000-000000000002";
    let until = now + jiff::SignedDuration::from_hours(24);
    blocks::insert(&mut tx, id, (test.person(OWNER), &hall.id), until, &[], now).await.expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

/// A question of the owner under a notice.
async fn question(test: &TestApp, notice: &str) -> String {
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let said = ("access-test-sample", "还停水吗？");
    let asked = server::notices::questions::store::insert(&mut tx, notice, test.person(OWNER), said, now).await;
    tx.commit().await.expect("commit");
    asked.expect("written").expect("new")
}

async fn message(test: &TestApp) -> String {
    let mut tx = test.app.db.begin().await.expect("begin");
    let message = server::people::inbox::Message {
        person_id: test.person(OWNER),
        text_key: "inbox-test",
        text_args: serde_json::json!({}),
        href: "/",
        dedupe_key: "sample",
    };
    server::people::inbox::send(&mut tx, message, test.app.clock.now()).await.expect("sent");
    tx.commit().await.expect("commit");
    let all = server::people::inbox::newest(&test.app.db, test.person(OWNER)).await.expect("reads");
    all[0].id.clone()
}

/// Code of a report, id of its photo.
async fn report(test: &TestApp) -> (String, String) {
    let code = crate::reports::filed(&mut test.signed_in(OWNER).await, "access-test-sample", 1).await;
    let (photo,): (String,) =
        sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
    (code, photo)
}

/// Code of an appointment.
async fn appointment(test: &TestApp) -> String {
    use crate::windows::{TOMORROW, book, halls, slot};
    halls(test).await;
    let mut owner = test.signed_in(OWNER).await;
    let ticket = book(&mut owner, "birth-registration", &slot(TOMORROW, "0900"), "access-test-sample").await;
    ticket.rsplit('/').next().expect("a code").to_owned()
}

async fn session_of_owner(test: &TestApp) -> String {
    test.signed_in(OWNER).await;
    let all = server::people::store::sessions(&test.app.db, test.person(OWNER), test.app.clock.now()).await;
    all.expect("reads")[0].id.clone()
}

/// A notice of 梧桐 in this state.
async fn notice(test: &TestApp, state: NoticeState) -> String {
    use server::notices::store::write;
    let now = test.app.clock.now();
    let form =
        NoticeForm { kind: "service".into(), title: "停水".into(), body: "停".into(), ..NoticeForm::default() };
    let content = form.check(Words::new(Lang::Zh), now).expect("fine");
    let (organisation_id, path) = test.loaded.organisations["wutong"].clone();
    let origin = write::Origin {
        author_id: test.person("19900000031"),
        organisation_id: &organisation_id,
        form_key: &server::clock::token(),
        changes: None,
    };
    let mut tx = test.app.db.begin().await.expect("begin");
    let id = write::insert(&mut tx, origin, &content, now).await.expect("written").expect("new");
    write::set_aims(&mut tx, &id, &[(organisation_id.clone(), path)]).await.expect("aimed");
    if state != NoticeState::Draft {
        write::advance(&mut tx, &id, (&[NoticeState::Draft], state), None, now).await.expect("advanced");
    }
    tx.commit().await.expect("commit");
    id
}

/// The route's address with the samples in place of its parameters.
fn fill(path: &str, samples: &BTreeMap<&str, String>) -> String {
    let (mut filled, mut so_far) = (String::new(), String::new());
    for segment in path.split('/').skip(1) {
        write!(so_far, "/{segment}").expect("a string");
        let Some(open) = segment.find('{') else {
            write!(filled, "/{segment}").expect("a string");
            continue;
        };
        // A parameter may have a suffix: `{code}.svg`.
        let close = segment.find('}').expect("closed") + 1;
        let key = so_far[..so_far.len() - (segment.len() - close)].to_owned();
        let sample = samples.get(key.as_str()).unwrap_or_else(|| {
            panic!("no sample for `{key}` (route {path}): add one in `samples` of server/tests/it/access.rs")
        });
        write!(filled, "/{}{sample}{}", &segment[..open], &segment[close..]).expect("a string");
    }
    filled
}

async fn try_route(browser: &mut Browser, route: &RouteInfo, address: &str) -> Answer {
    if route.method == Method::GET {
        return browser.get(address).await;
    }
    if route.method == Method::DELETE {
        return browser.send(Method::DELETE, address, None, Vec::new()).await;
    }
    match form(route.path) {
        Form::Fields(fields) => browser.post(address, fields).await,
        Form::Multipart(fields) => browser.post_files(address, fields, &[]).await,
        Form::Json(text) => {
            browser.send(route.method.clone(), address, Some("application/json"), text.as_bytes().to_vec()).await
        }
    }
}

fn hint(route: &RouteInfo, who: &str, answer: &Answer) -> String {
    let status = answer.status;
    let readable = if matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY) {
        "\nThe form was read before permission was asked for: add a sample to `form` of server/tests/it/access.rs, or \
         ask for permission first."
    } else {
        ""
    };
    format!("{} {} as {who}: {status} {}{readable}", route.method, route.path, answer.location())
}

fn is_api(route: &RouteInfo) -> bool {
    route.path.starts_with("/api/")
}

#[tokio::test]
async fn visitors_are_sent_to_the_door() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    for route in routes::all().list() {
        let address = fill(route.path, &samples);
        if route.access == Access::Public {
            // A live feed has no end to read to; windows::numbers listens to it.
            if route.method == Method::GET && !route.path.ends_with("/live") {
                let answer = test.visitor().get(&address).await;
                let bad = matches!(answer.status.as_u16(), 401 | 403 | 500..);
                assert!(!bad, "{}", hint(route, "a visitor", &answer));
            }
            continue;
        }
        let answer = try_route(&mut test.visitor(), route, &address).await;
        let refused = if is_api(route) {
            answer.status == StatusCode::UNAUTHORIZED
        } else {
            answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/login?next=")
        };
        assert!(refused, "{}", hint(route, "a visitor", &answer));
    }
}

#[tokio::test]
async fn a_neighbour_gets_nothing_of_ones_own() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    for route in routes::all().list() {
        let own = route.access == Access::SignedIn && route.path.contains('{');
        if !own || OPEN_TO_ALL_SIGNED_IN.contains(&route.path) {
            continue;
        }
        let mut browser = test.signed_in(NEIGHBOUR).await;
        let answer = try_route(&mut browser, route, &fill(route.path, &samples)).await;
        let refused = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        assert!(refused, "{}", hint(route, "a neighbour", &answer));
    }
}

#[tokio::test]
async fn residents_get_no_further_than_residents_may() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    for route in routes::all().list() {
        let Access::Needs(action) = route.access else { continue };
        assert!(!Role::Resident.may(action), "{} says {action:?}, which everybody may: it is SignedIn", route.path);
        let mut browser = test.signed_in(NEIGHBOUR).await;
        let answer = try_route(&mut browser, route, &fill(route.path, &samples)).await;
        let refused = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        assert!(refused, "{}", hint(route, "a resident", &answer));
    }
}

/// Somebody who may do `action`, but not in 梧桐.
fn elsewhere(action: Action) -> &'static str {
    match action {
        // A volunteer of 望橹.
        Action::ReportHandle => "19900020035",
        // Staff of 杏坞.
        _ => "19900000033",
    }
}

#[tokio::test]
async fn a_role_ends_where_its_scope_ends() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    for route in routes::all().list() {
        let Access::Needs(action) = route.access else { continue };
        // Items and the calendar belong to no place: whoever may read them reads all of them.
        if !route.path.contains('{') || action == Action::ItemRead {
            continue;
        }
        let mut browser = test.signed_in(elsewhere(action)).await;
        let answer = try_route(&mut browser, route, &fill(route.path, &samples)).await;
        let refused = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        assert!(refused, "{}", hint(route, "somebody with the role elsewhere", &answer));
    }
}

/// Somebody of 梧桐 whose role lets them do `action` and asks for a second factor.
fn staff_for(action: Action) -> &'static str {
    match action {
        Action::DataArchive
        | Action::JobsRead
        | Action::AuditRead
        | Action::PeopleManage
        | Action::CategoryManage
        | Action::ItemManage => "19900000099",
        Action::ReportHandle | Action::ReportCollect => "19900000021",
        _ => "19900000031",
    }
}

#[tokio::test]
async fn staff_act_only_after_their_second_factor() {
    let test = TestApp::with(Engine::Sqlite, |config| config.demo = false).await;
    let samples = samples(&test).await;
    for route in routes::all().list() {
        let Access::Needs(action) = route.access else { continue };
        let mut browser = test.signed_in(staff_for(action)).await;
        let answer = try_route(&mut browser, route, &fill(route.path, &samples)).await;
        let refused = match answer.status {
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => is_api(route) || route.path.contains('{'),
            StatusCode::SEE_OTHER => answer.location().starts_with("/login/second-factor"),
            _ => false,
        };
        assert!(refused, "{}", hint(route, "staff without a second factor", &answer));
    }
}

#[test]
fn the_permission_matrix_is_the_golden_one() {
    let mut printed = String::from("# Role × action, inside the role's scope. Written by server/tests/it/access.rs.\n");
    let width = Action::ALL.iter().map(|action| action.code().len()).max().unwrap_or(0);
    write!(printed, "{:width$}", "").expect("a string");
    for role in Role::ALL {
        write!(printed, "  {}", role.code()).expect("a string");
    }
    printed.push('\n');
    for action in Action::ALL {
        write!(printed, "{:width$}", action.code()).expect("a string");
        for role in Role::ALL {
            let mark = if role.may(action) { "yes" } else { "-" };
            write!(printed, "  {mark:<w$}", w = role.code().len()).expect("a string");
        }
        while printed.ends_with(' ') {
            printed.pop();
        }
        printed.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/permissions.txt");
    if std::env::var_os("LINLI_TEST_BLESS").is_some() {
        std::fs::write(path, &printed).expect("written");
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(printed, golden, "who may do what has changed; if that is meant, run with LINLI_TEST_BLESS=1");
}

#[test]
fn the_api_is_described_completely() {
    let description: serde_json::Value =
        serde_json::from_str(&server::http::openapi::text().expect("a description")).expect("JSON");
    let mut described: Vec<String> = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            described.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    let mut routed: Vec<String> = routes::all()
        .list()
        .iter()
        .filter(|route| is_api(route) && route.path != "/api/v1/openapi.json")
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    described.sort();
    routed.sort();
    assert_eq!(described, routed, "name the handler in server/src/http/openapi.rs");
}
