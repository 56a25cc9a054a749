//! Every route, tried by those who may not use it. New routes are tried by themselves: a route with a parameter that
//! has no sample, or with a form that has no sample, fails here and says what to add. The objects that samples name are
//! made in [`objects`].

mod golden;
mod objects;

use crate::support::{Answer, Browser, TestApp};
use app::{
    notices::NoticeState,
    people::{Action, Role},
};
use axum::http::{Method, StatusCode};
use objects::{
    appointment, block, browser, canned, hold, message, notice, question, report, rule, session_of_owner, token,
    waiting, webhook,
};
use server::{
    db::Engine,
    http::{
        Access,
        routes::{self, RouteInfo},
    },
};
use std::{collections::BTreeMap, fmt::Write};

/// A resident of 梧桐 who owns the samples.
pub const OWNER: &str = "19900000001";
/// Another resident of 梧桐, with no role and nothing to do with the samples.
pub const NEIGHBOUR: &str = "19900000003";

/// Samples for the parameters of routes: the route's path up to and with the parameter → what stands there. Objects
/// belong to [`OWNER`] and to 梧桐. **A new route with a parameter adds its line here.**
pub async fn samples(test: &TestApp) -> BTreeMap<&'static str, String> {
    let mut samples = BTreeMap::new();
    samples.insert("/c/{code}", "wutong".to_owned());
    samples.insert("/api/v1/communities/{code}", "wutong".to_owned());
    let message = message(test).await;
    samples.insert("/me/inbox/{id}", message.clone());
    samples.insert("/api/v1/me/inbox/{id}", message);
    samples.insert("/me/tokens/{id}", token(test).await);
    let webhook = webhook(test).await;
    samples.insert("/staff/webhooks/{id}", webhook.clone());
    samples.insert("/api/v1/staff/webhooks/{id}", webhook);
    samples
        .insert("/api/v1/staff/webhooks/{id}/deliveries/{delivery}", "00000000-0000-7000-8000-000000000005".to_owned());
    samples.insert("/api/v1/me/follows/places/{place}", "wutong".to_owned());
    let session = session_of_owner(test).await;
    samples.insert("/me/devices/{id}", session.clone());
    samples.insert("/api/v1/me/devices/{id}", session);
    let (report, photo) = report(test).await;
    for path in [
        "/reports/{code}",
        "/staff/reports/{code}",
        "/volunteer/reports/{code}",
        "/api/v1/reports/{code}",
        "/api/v1/staff/reports/{code}",
        "/api/v1/tasks/{code}",
    ] {
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
    samples.insert("/me/blocks/{id}", block.clone());
    samples.insert("/api/v1/staff/blocks/{id}", block.clone());
    samples.insert("/api/v1/me/blocks/{id}", block);
    let browser = browser(test).await;
    samples.insert("/me/follows/browsers/{id}", browser.clone());
    samples.insert("/api/v1/me/follows/browsers/{id}", browser);
    for path in ["/me/email/confirm/{person}", "/mail/stop/{person}", "/mail/notices/stop/{person}"] {
        samples.insert(path, test.person(OWNER).to_owned());
    }
    for path in ["/staff/counter/{window}", "/api/v1/staff/counter/{window}"] {
        samples.insert(path, "hall-wutong.1".to_owned());
    }
    let ticket = crate::windows::queue::ticket_id(test).await;
    for path in [
        "/staff/tickets/{id}",
        "/tickets/{id}",
        "/api/v1/tickets/{id}",
        "/api/v1/staff/tickets/{id}",
        "/staff/ratings/{ticket}",
        "/api/v1/staff/ratings/{ticket}",
    ] {
        samples.insert(path, ticket.clone());
    }
    for path in ["/kiosk/{hall}", "/halls/{hall}", "/board/{hall}", "/api/v1/halls/{hall}"] {
        samples.insert(path, "hall-wutong".to_owned());
    }
    for path in ["/staff/halls/{hall}", "/api/v1/staff/halls/{hall}", "/api/v1/staff/settings/halls/{hall}"] {
        samples.insert(path, "hall-wutong".to_owned());
    }
    let archive = crate::archive::sample(test).await;
    samples.insert("/staff/archives/{id}", archive.clone());
    samples.insert("/api/v1/staff/archives/{id}", archive);
    let import = crate::imports::sample(test).await;
    samples.insert("/staff/imports/{id}", import.clone());
    samples.insert("/api/v1/staff/imports/{id}", import);
    for path in ["/staff/calendar/{year}", "/api/v1/staff/settings/calendar/{year}"] {
        samples.insert(path, "2026".to_owned());
    }
    for path in ["/staff/items/{item}", "/api/v1/staff/settings/items/{item}"] {
        samples.insert(path, "birth-registration".to_owned());
    }
    samples.insert("/api/v1/staff/settings/routing/{id}", rule(test).await);
    samples.insert("/api/v1/staff/settings/answers/{id}", canned(test).await);
    samples.insert("/api/v1/staff/settings/categories/{category}", "street-light".to_owned());
    samples.insert("/api/v1/staff/settings/majors/{major}", "utilities".to_owned());
    for path in [
        "/staff/reports/{code}/photos/{id}",
        "/api/v1/staff/reports/{code}/photos/{id}",
        "/api/v1/reports/{code}/photos/{id}",
    ] {
        samples.insert(path, photo.clone());
    }
    samples.insert("/photos/{id}", photo.clone());
    samples.insert("/photos/{id}/{variant}", "thumb".to_owned());
    samples.insert("/api/v1/photos/{id}", photo);
    let published = notice(test, NoticeState::Published).await;
    let question = question(test, &published).await;
    samples.insert("/notices/{id}/questions/{question}", question.clone());
    samples.insert("/api/v1/notices/{id}/questions/{question}", question.clone());
    samples.insert("/staff/questions/{id}", question.clone());
    samples.insert("/api/v1/staff/questions/{id}", question);
    samples.insert("/notices/{id}", published.clone());
    samples.insert("/api/v1/notices/{id}", published);
    samples.insert("/notices/{id}/files/{number}", "1".to_owned());
    let draft = notice(test, NoticeState::Draft).await;
    samples.insert("/staff/notices/{id}", draft.clone());
    samples.insert("/api/v1/staff/notices/{id}", draft);
    for path in ["/staff/notices/{id}/sign-ups/{sign_up}", "/api/v1/staff/notices/{id}/sign-ups/{sign_up}"] {
        samples.insert(path, "00000000-0000-7000-8000-000000000003".to_owned());
    }
    for path in [
        "/api/v1/staff/notices/{id}/pictures/{number}",
        "/api/v1/staff/notices/{id}/files/{number}",
        "/api/v1/staff/notices/{id}/versions/{version}",
    ] {
        samples.insert(path, "1".to_owned());
    }
    samples.extend(crate::grids::samples::samples(test).await);
    samples.extend(crate::net::samples::samples(test).await);
    samples.extend(crate::supervision::samples::samples(test).await);
    samples.extend(crate::bulletins::samples::samples(test).await);
    samples.extend(crate::matters::samples::samples(test).await);
    samples.extend(crate::property::samples::samples(test).await);
    samples.extend(crate::meetings::samples::samples(test).await);
    samples.extend(crate::consultations::samples::samples(test).await);
    samples.extend(crate::partners::samples::samples(test).await);
    samples.extend(crate::handbook::samples::samples(test).await);
    samples.extend(crate::patrol::samples::samples(test).await);
    samples
}

/// What a route's form sends when it is not empty: a form that its handler can read, so that it comes to ask for
/// permission. **A new POST route whose form has required fields adds its line here.**
pub fn form(path: &str) -> Form {
    match path {
        "/api/v1/me/push" => Form::Json(r#"{"endpoint":"https://push.example","keys":{"p256dh":"","auth":""}}"#),
        "/api/v1/me/push/end" => Form::Json(r#"{"endpoint":""}"#),
        "/me/name" => Form::Fields(&[("name", "林晓禾")]),
        "/api/v1/appointments/{code}/change" => Form::Json(r#"{"slot":"hall-wutong.20261127T1000"}"#),
        "/api/v1/appointments/{code}/cancel" => Form::Json("{}"),
        _ => crate::grids::samples::form(path)
            .or_else(|| crate::net::samples::form(path))
            .or_else(|| crate::supervision::samples::form(path))
            .or_else(|| crate::bulletins::samples::form(path))
            .or_else(|| crate::matters::samples::form(path))
            .or_else(|| crate::property::samples::form(path))
            .or_else(|| crate::meetings::samples::form(path))
            .or_else(|| crate::consultations::samples::form(path))
            .or_else(|| crate::partners::samples::form(path))
            .or_else(|| crate::handbook::samples::form(path))
            .or_else(|| crate::patrol::samples::form(path))
            .unwrap_or(Form::Fields(&[])),
    }
}

/// Whether a room says so of its route.
pub fn open_to_all_signed_in(path: &str) -> bool {
    let rooms = [
        crate::grids::samples::OPEN,
        crate::net::samples::OPEN,
        crate::supervision::samples::OPEN,
        crate::bulletins::samples::OPEN,
        crate::matters::samples::OPEN,
        crate::property::samples::OPEN,
        crate::meetings::samples::OPEN,
        crate::consultations::samples::OPEN,
        crate::partners::samples::OPEN,
        crate::handbook::samples::OPEN,
        crate::patrol::samples::OPEN,
    ];
    OPEN_TO_ALL_SIGNED_IN.contains(&path) || rooms.concat().contains(&path)
}

/// Whether a room says of its route that the objects belong to no single community.
fn shared_by_the_role(path: &str) -> bool {
    let rooms = [
        crate::grids::samples::SHARED,
        crate::net::samples::SHARED,
        crate::supervision::samples::SHARED,
        crate::bulletins::samples::SHARED,
        crate::matters::samples::SHARED,
        crate::property::samples::SHARED,
        crate::meetings::samples::SHARED,
        crate::consultations::samples::SHARED,
        crate::partners::samples::SHARED,
        crate::handbook::samples::SHARED,
        crate::patrol::samples::SHARED,
    ];
    rooms.concat().contains(&path)
}

/// How a form is sent.
#[derive(Clone, Copy)]
pub enum Form {
    /// As a page's form does.
    Fields(&'static [(&'static str, &'static str)]),
    /// As a form with files does.
    Multipart(&'static [(&'static str, &'static str)]),
    /// As the API takes it.
    Json(&'static str),
}

/// Routes for everybody signed in although they have a parameter: what they name is not one person's own.
pub const OPEN_TO_ALL_SIGNED_IN: &[&str] = &[
    "/services/{item}/book",
    "/services/{item}/wait",
    "/notices/{id}/sign-up",
    "/notices/{id}/sign-up/cancel",
    "/notices/{id}/questions",
    "/notices/{id}/confirm",
    "/api/v1/notices/{id}/seen",
    "/api/v1/notices/{id}/sign-up",
    "/api/v1/notices/{id}/questions",
    "/api/v1/me/follows/places/{place}",
];

/// The route's address with the samples in place of its parameters.
pub fn fill(path: &str, samples: &BTreeMap<&str, String>) -> String {
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

pub fn is_api(route: &RouteInfo) -> bool {
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
        if !own || open_to_all_signed_in(route.path) {
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
        if !route.path.contains('{') || action == Action::ItemRead || shared_by_the_role(route.path) {
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
        | Action::WebhookManage
        | Action::CategoryManage
        | Action::PropertyManage
        | Action::ItemManage => "19900000099",
        Action::ReportHandle | Action::ReportCollect => "19900000021",
        Action::SupervisionOrder => "19900000051",
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
