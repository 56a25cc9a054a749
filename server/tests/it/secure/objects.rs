//! Every object, asked for by people whose it is not: for each route that names one, residents, volunteers, staff, grid
//! workers, units and supervisors of other places, and visitors, with the id of somebody else's. They are refused, and no
//! row of the database is another than before.
//!
//! **A new route with a parameter that everybody may open adds its line to [`SHARED`] or [`LINKED`]; one without a parameter
//! whose form changes something adds its line to [`NAMES_NOTHING`], or a case to `mixed.rs`.**

use super::{changed, digest, mixed::NAMES_OTHERS};
use crate::{
    access::{Form, NEIGHBOUR, OWNER, fill, form, is_api, open_to_all_signed_in, samples},
    support::{Answer, Browser, TestApp},
};
use app::people::Action;
use axum::http::{Method, StatusCode};
use server::{
    db::Engine,
    http::{
        Access,
        routes::{self, RouteInfo},
    },
};

/// Who tries, none of whom has anything to do with the samples of 梧桐 and of [`OWNER`]. The first has no number: a visitor.
const OUTSIDERS: [(&str, &str); 9] = [
    ("a visitor", ""),
    ("another resident", NEIGHBOUR),
    ("a resident of another community", "19900000004"),
    ("a volunteer of other grids", "19900000012"),
    ("a unit of another street", "19900020038"),
    ("a grid worker of another community", "19900020005"),
    ("staff of another community", "19900000033"),
    ("staff of another street", "19900020031"),
    ("the supervisor of another street", "19900020045"),
];

/// Public routes whose parameter names what everybody may see or use. What is private on such a page is left out of it:
/// `reports::permission` and `notices::truth` look at that.
const SHARED: &[&str] = &[
    "GET /c/{code}",
    "GET /c/{code}/qr.svg",
    "GET /services/{item}",
    "GET /services/{item}/times",
    "GET /services/{item}/book",
    "POST /services/{item}/hold",
    "GET /api/v1/services/{item}/slots",
    "GET /api/v1/halls/{hall}/live",
    "GET /board/{hall}",
    // A number at the hall is for whoever stands there; a booking is checked in by its code.
    "GET /kiosk/{hall}",
    "POST /kiosk/{hall}/number",
    "POST /kiosk/{hall}/check-in",
    "GET /halls/{hall}/door",
    "POST /halls/{hall}/door/number",
    "POST /halls/{hall}/door/check-in",
    "GET /halls/{hall}/ticket",
    "POST /halls/{hall}/ticket/number",
    "GET /reports/{code}",
    "POST /reports/{code}/join",
    "POST /reports/{code}/leave",
    "GET /api/v1/reports/{code}",
    "GET /property/{company}",
    "GET /api/v1/property/{company}",
    // What is not published is not found: `bulletins::life` and `consultations` look.
    "GET /bulletins/{id}",
    "GET /api/v1/bulletins/{id}",
    "GET /consultations/{id}",
    "GET /api/v1/consultations/{id}",
    "GET /teams/{id}",
    "GET /api/v1/teams/{id}",
    // Whoever has the code of a certificate may check it.
    "GET /service-certificates/{code}",
    "GET /api/v1/teams/certificates/{code}",
    "GET /api/v1/communities/{code}/plan.geojson",
    "GET /api/v1/communities/{code}/place",
    "GET /open311/v2/services/{file}",
    "GET /open311/v2/requests/{file}",
    "GET /open311/v2/tokens/{file}",
    "GET /notices/{id}",
    "GET /notices/{id}/card.png",
    "GET /notices/{id}/cap.xml",
    "GET /notices/{id}/activity.ics",
    "GET /notices/{id}/sign-up",
    "GET /notices/{id}/questions",
    "GET /notices/{id}/confirm",
    "GET /notices/{id}/files/{number}",
    "GET /api/v1/notices/{id}",
    "GET /api/v1/notices/{id}/questions",
    "POST /api/v1/halls/{hall}/tickets",
    "POST /api/v1/halls/{hall}/check-in",
    "POST /api/v1/halls/{hall}/kiosk/tickets",
    "POST /api/v1/halls/{hall}/kiosk/check-in",
    "POST /api/v1/reports/{code}/join",
    "DELETE /api/v1/reports/{code}/join",
];

/// Public routes to one person's own thing: by account, by the browser that made it, or by the link's token; to everybody
/// else refused.
const LINKED: &[&str] = &[
    "POST /holds/{id}/renew",
    "POST /holds/{id}/release",
    "POST /holds/{id}/here",
    "POST /api/v1/holds/{id}/renew",
    "DELETE /api/v1/holds/{id}",
    "GET /tickets/{id}",
    "POST /tickets/{id}/leave",
    "POST /tickets/{id}/rating",
    "GET /api/v1/tickets/{id}",
    "POST /reports/{code}",
    "POST /reports/{code}/own",
    "GET /photos/{id}/{variant}",
    "DELETE /api/v1/photos/{id}",
    "GET /me/email/confirm/{person}",
    "POST /me/email/confirm/{person}",
    "GET /mail/stop/{person}",
    "POST /mail/stop/{person}",
    "GET /mail/notices/stop/{person}",
    "POST /mail/notices/stop/{person}",
    "POST /api/v1/tickets/{id}/leave",
    "POST /api/v1/tickets/{id}/rating",
    "POST /api/v1/reports/{code}/steps",
    "POST /api/v1/reports/{code}/words",
    "DELETE /api/v1/reports/{code}/words",
    "DELETE /api/v1/reports/{code}/photos/{id}",
    // A message of an upper platform is opened by its signature.
    "POST /api/v1/matters/platform/{id}/events",
];

/// POST routes without a parameter whose form names no object of anybody else: they make something of the sender's own,
/// change what is the sender's own, or are for a role that has no place of its own (items, categories, calendar).
const NAMES_NOTHING: &[&str] = &[
    "/login",
    "/login/resend",
    "/login/code",
    "/login/second-factor",
    "/logout",
    "/communities",
    "/preferences",
    "/me/name",
    "/me/email",
    "/me/email/forget",
    "/me/devices/revoke-others",
    "/me/inbox",
    "/me/follows",
    "/me/follows/add",
    "/me/follows/remove",
    "/me/follows/forget",
    "/api/v1/me/push",
    "/api/v1/property/rating",
    "/property/rate",
    "/staff/property",
    "/staff/property/rules",
    "/api/v1/staff/property/companies",
    "/api/v1/staff/property/rules",
    "/api/v1/me/service/certificates",
    "/me/service/certificate",
    "/api/v1/photos",
    "/api/v1/holds",
    "/api/v1/waiting",
    "/api/v1/notices/preview",
    "/appointments/find",
    "/staff/items/new",
    "/staff/calendar",
    "/staff/categories",
    "/staff/reports/classifier",
    "/api/v1/me",
    "/api/v1/me/follows",
    "/api/v1/me/follows/places",
    "/api/v1/me/inbox/read",
    "/api/v1/me/devices/revoke-others",
    "/api/v1/me/email",
    "/api/v1/appointments/find",
    "/api/v1/staff/settings/items",
    "/api/v1/staff/settings/calendar",
    "/api/v1/staff/settings/classifier/learn",
    "/api/v1/staff/imports",
    "/me/data/leave",
    "/me/tokens",
    "/staff/imports",
    // A number of a telephone: what it asked for at the sender's own places; `patrol::calls` looks.
    "/staff/calls",
    "/staff/reports/new/history",
    "/api/v1/staff/calls/history",
];

/// The name of a route in the lists above.
fn name(route: &RouteInfo) -> String {
    format!("{} {}", route.method, route.path)
}

/// A form that would do something, from whoever may: so that it is refused for who sends it and not for what is in it.
fn effective(path: &str, photo: &str) -> Option<Vec<(&'static str, String)>> {
    let fields: &[(&str, &str)] = match path {
        "/reports/{code}" => &[("step", "withdraw"), ("version", "1")],
        "/reports/{code}/own" => &[("do", "remove-words")],
        "/staff/reports/{code}" => &[("step", "accept"), ("version", "1")],
        "/staff/reports/{code}/photos" => &[("photo", photo), ("released", "1"), ("release", "1")],
        "/staff/reports/{code}/photos/{id}" => &[("x", "1"), ("y", "1"), ("width", "50"), ("height", "50")],
        "/staff/reports/{code}/caller" => &[("look", "1")],
        "/volunteer/reports/{code}" => &[("step", "take"), ("version", "1")],
        "/holds/{id}/release" | "/holds/{id}/here" => &[("page", "1")],
        "/tickets/{id}/rating" => &[("stars", "5")],
        "/appointments/{code}/hold" | "/appointments/{code}/change" => &[("slot", "hall-wutong.20261127T1000")],
        "/staff/notices/{id}/publish" | "/staff/notices/{id}/approve" => &[("version", "1")],
        "/staff/notices/{id}/withdraw" | "/staff/notices/{id}/return" => &[("version", "1"), ("reason", "x")],
        "/staff/blocks/{id}" => &[("decision", "lift"), ("reason", "x")],
        "/staff/questions/{id}" => &[("action", "answer"), ("answer", "x")],
        "/staff/counter/{window}/walk-in" => &[("item", "birth-registration"), ("key", "x")],
        _ => return None,
    };
    Some(fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

/// The same for the API.
fn effective_json(path: &str) -> Option<&'static str> {
    Some(match path {
        "/api/v1/reports/{code}/steps" => r#"{"step":"withdraw","version":1}"#,
        "/api/v1/reports/{code}/words" => r#"{"description":"x"}"#,
        "/api/v1/staff/reports/{code}/steps" => r#"{"step":"accept","version":1}"#,
        "/api/v1/staff/reports/{code}/photos/{id}" => r#"{"released":true}"#,
        "/api/v1/tasks/{code}/steps" => r#"{"step":"take","version":1}"#,
        "/api/v1/tickets/{id}/rating" => r#"{"stars":5}"#,
        "/api/v1/tickets/{id}/leave" => "{}",
        "/api/v1/me/blocks/{id}/appeal" => r#"{"text":"x"}"#,
        "/api/v1/staff/notices/{id}/publish" | "/api/v1/staff/notices/{id}/approve" => r#"{"version":1}"#,
        "/api/v1/staff/notices/{id}/withdraw" | "/api/v1/staff/notices/{id}/return" => r#"{"reason":"x","version":1}"#,
        "/api/v1/staff/questions/{id}" => r#"{"action":"answer","text":"x"}"#,
        "/api/v1/staff/blocks/{id}" => r#"{"decision":"lift","reason":"x"}"#,
        "/api/v1/staff/ratings/{ticket}" => r#"{"answer":"x"}"#,
        "/api/v1/staff/reports/{code}/rating" => r#"{"answer":"x"}"#,
        "/api/v1/staff/reports/{code}/photos/{id}/redaction" => {
            r#"{"areas":[{"x":1,"y":1,"width":50,"height":50}],"release":true}"#
        }
        "/api/v1/staff/webhooks/{id}/pause" => r#"{"paused":false}"#,
        "/api/v1/staff/webhooks/{id}" => r#"{"url":"https://other.example/","events":["report.filed"]}"#,
        "/api/v1/staff/settings/answers/{id}" => r#"{"step":"reject","title":"x","text":"x"}"#,
        "/api/v1/staff/settings/categories/{category}" => {
            r#"{"limit_kind":"working_days","limit_amount":9,"active":true,"photo_needed":false}"#
        }
        "/api/v1/staff/settings/majors/{major}" => r#"{"dispatch_hours":9}"#,
        _ => return None,
    })
}

async fn send(browser: &mut Browser, route: &RouteInfo, address: &str, photo: &str) -> Answer {
    if route.method != Method::POST {
        return browser.send(route.method.clone(), address, None, Vec::new()).await;
    }
    if let Some(text) = effective_json(route.path) {
        let text = text.as_bytes().to_vec();
        return browser.send(Method::POST, address, Some("application/json"), text).await;
    }
    if let Some(fields) = effective(route.path, photo) {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        return browser.post(address, &fields).await;
    }
    match form(route.path) {
        Form::Fields(fields) => browser.post(address, fields).await,
        Form::Multipart(fields) => browser.post_files(address, fields, &[]).await,
        Form::Json(text) => {
            browser.send(route.method.clone(), address, Some("application/json"), text.as_bytes().to_vec()).await
        }
    }
}

/// 403 or 404; a visitor may also be sent to the door.
fn is_refused(route: &RouteInfo, who: &str, answer: &Answer) -> bool {
    match answer.status {
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => true,
        StatusCode::UNAUTHORIZED => is_api(route) && who.is_empty(),
        StatusCode::SEE_OTHER => who.is_empty() && answer.location().starts_with("/login?next="),
        _ => false,
    }
}

/// Whether a route names an object that is not everybody's.
fn names_somebodys(route: &RouteInfo) -> bool {
    if !route.path.contains('{') {
        return false;
    }
    match route.access {
        Access::Public => LINKED.contains(&&*name(route)),
        Access::SignedIn => !open_to_all_signed_in(route.path),
        // Items and the calendar belong to no place: whoever may read them reads all of them.
        Access::Needs(action) => action != Action::ItemRead,
    }
}

#[tokio::test]
async fn nobody_gets_at_an_object_that_is_not_theirs() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    let photo = samples["/photos/{id}"].clone();
    let mut browsers = Vec::new();
    for (who, phone) in OUTSIDERS {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        browser.get("/offline").await;
        browsers.push((who, phone, browser));
    }
    let mut before = digest(&test).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for route in routes::all().list().iter().filter(|route| names_somebodys(route)) {
        let address = fill(route.path, &samples);
        for (who, phone, browser) in &mut browsers {
            // A link's own address, without its token and with a wrong one.
            for address in [address.clone(), format!("{address}?t=AAAAAAAAAAAAAAAAAAAAAA")] {
                // Sessions and devices stay as they are, whatever the answer sets.
                let answer = send(&mut browser.clone(), route, &address, &photo).await;
                tried += 1;
                if !is_refused(route, phone, &answer) {
                    wrong.push(format!("{} as {who}: {} {}", name(route), answer.status, answer.location()));
                }
            }
        }
        let after = digest(&test).await;
        let tables = changed(&before, &after);
        if !tables.is_empty() {
            wrong.push(format!("{}: something changed: {}", name(route), tables.join(", ")));
            before = after;
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 1_500, "{tried} tries");
    eprintln!("{tried} tries were refused");
}

/// The samples are real: whoever may open them does.
#[tokio::test]
async fn those_whose_objects_they_are_get_at_them() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    let insiders = [OWNER, "19900000031", "19900000099", "19900000021", "19900000011", "19900000051"];
    let mut wrong = Vec::new();
    for route in routes::all().list().iter().filter(|route| route.method == Method::GET && names_somebodys(route)) {
        // Opened by a link that came by mail, or only once the thing has gone further.
        let later = [
            "/mail/",
            "/me/email/confirm",
            "/tickets/{id}",
            "/proposal",
            "/missing",
            "/volunteer/reports",
            "/sign-ups",
            "/archives",
            "/tasks/",
            "/versions/{version}",
            // Asked by the key of the system that sent it.
            "/api/v1/intake/{id}",
            // Nothing is unusual in the samples.
            "/unusual",
        ];
        if later.iter().any(|part| route.path.contains(part)) {
            continue;
        }
        let address = fill(route.path, &samples);
        let mut opened = false;
        for phone in insiders {
            let status = test.signed_in(phone).await.get(&address).await.status;
            opened |= !matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        }
        if !opened {
            wrong.push(name(route));
        }
    }
    assert!(wrong.is_empty(), "nobody can open:\n{}", wrong.join("\n"));
}

#[test]
fn every_form_without_a_parameter_was_thought_about() {
    let routes = routes::all();
    let in_one_list = |route: &RouteInfo| NAMES_NOTHING.contains(&route.path) ^ NAMES_OTHERS.contains(&route.path);
    let forms = routes.list().iter().filter(|route| route.method != Method::GET && !route.path.contains('{'));
    let forgotten: Vec<String> = forms.filter(|route| !in_one_list(route)).map(name).collect();
    assert!(
        forgotten.is_empty(),
        "{}\nDoes the form name something that may be somebody else's? Then a case in mixed.rs and a line in its \
         NAMES_OTHERS; else a line in NAMES_NOTHING of server/tests/it/secure/objects.rs",
        forgotten.join("\n")
    );
}

#[test]
fn every_public_route_with_a_parameter_was_thought_about() {
    let in_one_list = |route: &RouteInfo| SHARED.contains(&&*name(route)) ^ LINKED.contains(&&*name(route));
    let routes = routes::all();
    let public = routes.list().iter().filter(|route| route.path.contains('{') && route.access == Access::Public);
    let forgotten: Vec<String> = public.filter(|route| !in_one_list(route)).map(name).collect();
    assert!(
        forgotten.is_empty(),
        "{}\nAdd each to SHARED or to LINKED of server/tests/it/secure/objects.rs",
        forgotten.join("\n")
    );
    for listed in SHARED.iter().chain(LINKED) {
        assert!(routes::all().list().iter().any(|route| name(route) == *listed), "{listed} is gone: take its line out");
    }
}
