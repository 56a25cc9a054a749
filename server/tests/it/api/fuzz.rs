//! The API as schemathesis tries it from its own description: as nobody, as a resident, as staff, and as those who may do
//! what staff may not. No answer is a server error, and every answer is one that the description names.
//!
//! `LINLI_API_EXAMPLES` says how many cases an operation gets (default 4, a minute or two in all); `LINLI_API_SEED` which.

use super::{EVERYTHING, token};
use crate::{
    reports::{GRID_WORKER, RESIDENT, STAFF, filed, key, staff_step},
    support::TestApp,
};
use app::people::{Action, Role, Scopes};
use server::{
    db::Engine,
    http::{
        Access, openapi,
        routes::{self, RouteInfo},
    },
};
use std::collections::BTreeMap;

/// Who tries it: a word for them, their number (nobody has none), their role.
const CALLERS: [(&str, &str, Option<Role>); 6] = [
    ("nobody", "", None),
    ("a resident", RESIDENT, Some(Role::Resident)),
    ("staff", STAFF, Some(Role::CommunityStaff)),
    ("an administrator", "19900000099", Some(Role::Admin)),
    ("a supervisor", "19900000051", Some(Role::Supervisor)),
    ("a grid worker", GRID_WORKER, Some(Role::GridWorker)),
];

/// The first of the callers who may do this.
fn first_who_may(action: Action) -> Option<usize> {
    CALLERS.iter().position(|(.., role)| role.is_some_and(|role| role.may(action)))
}

/// Whether a caller tries an operation: nobody what is public, residents also what is their own, staff everything, the
/// others what none before them may do. That residents get no further than they may is for the tests of access.
fn tries(caller: usize, access: Access) -> bool {
    let (.., role) = CALLERS[caller];
    match (role, access) {
        (Some(Role::CommunityStaff), _) => true,
        (_, Access::Needs(action)) => first_who_may(action) == Some(caller),
        (_, Access::SignedIn) => role == Some(Role::Resident),
        (_, Access::Public) => role.is_none_or(|role| role == Role::Resident),
    }
}

/// What stands for the parameters of an address: what the tests of access have, and a task that is the grid worker's.
async fn samples(test: &TestApp) -> BTreeMap<&'static str, String> {
    let mut samples = crate::access::samples(test).await;
    let task = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
    let mut staff = test.signed_in(STAFF).await;
    for (step, more) in [("accept", None), ("dispatch", Some(("to", test.person(GRID_WORKER))))] {
        let taken = staff_step(&mut staff, &task, step, more.as_slice()).await;
        assert_eq!(taken.status, 303, "{step}: {}", taken.text());
    }
    samples.insert("/api/v1/tasks/{code}", task);
    samples
}

/// The description of what a caller tries, with things that are there in its addresses: what comes to nothing tries
/// little. What removes things is a description of its own, so that it is tried last.
fn description(samples: &BTreeMap<&'static str, String>, caller: usize, removes: bool) -> serde_json::Value {
    let mut document = openapi::document().clone();
    let all = routes::all();
    let access = |path: &str, method: &str| {
        let this = |route: &&RouteInfo| route.path == path && route.method.as_str().eq_ignore_ascii_case(method);
        all.list().iter().find(this).map(|route| route.access)
    };
    let paths = document["paths"].as_object_mut().expect("paths");
    // A feed has no end.
    paths.remove("/api/v1/halls/{hall}/live");
    paths.retain(|path, item| {
        let operations = item.as_object_mut().expect("operations");
        operations.retain(|method, _| {
            (method == "delete") == removes && access(path, method).is_some_and(|access| tries(caller, access))
        });
        !operations.is_empty()
    });
    for (path, item) in paths {
        for operation in item.as_object_mut().expect("operations").values_mut() {
            let Some(parameters) = operation.get_mut("parameters").and_then(|all| all.as_array_mut()) else { continue };
            for parameter in parameters.iter_mut().filter(|parameter| parameter["in"] == "path") {
                let name = format!("{{{}}}", parameter["name"].as_str().expect("a name"));
                let at = path.find(&name).unwrap_or_else(|| panic!("{name} is not in {path}"));
                let end = at + name.len();
                let sample = samples.get(&path[..end]).unwrap_or_else(|| panic!("no sample for {name} of {path}"));
                parameter["schema"] = serde_json::json!({ "type": "string", "enum": [sample] });
            }
        }
    }
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_a_server_error_or_a_surprise() {
    let number =
        |name: &str, default: u32| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (examples, seed) = (number("LINLI_API_EXAMPLES", 4), number("LINLI_API_SEED", 1));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("openapi.json");
    let mut wrong = Vec::new();
    for (caller, (who, phone, _)) in CALLERS.iter().enumerate() {
        // Each finds everything as it was.
        let test = TestApp::new(Engine::Sqlite).await;
        let samples = samples(&test).await;
        let token = if phone.is_empty() { None } else { Some(token(&test, phone, EVERYTHING).await) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let router = test.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        for removes in [false, true] {
            let document = description(&samples, caller, removes);
            if document["paths"].as_object().is_none_or(|paths| paths.is_empty()) {
                continue;
            }
            std::fs::write(&file, document.to_string()).expect("written");
            let (fine, said) = crate::peers::schemathesis(&file, &address, token.as_deref(), (examples, seed)).await;
            let sum: Vec<&str> = said.lines().filter(|line| line.contains("generated")).collect();
            eprintln!("as {who}: {}", sum.join(" "));
            if !fine {
                wrong.push(format!("as {who}:\n{said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the door answers for an operation whoever calls, nothing behind it is tried.
#[test]
fn every_operation_is_open_to_one_of_the_callers() {
    let everything = Scopes::parse(EVERYTHING);
    for (path, item) in openapi::document()["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let ways = operation["security"].as_array().expect("who may call");
            let named = ways.iter().filter_map(|way| way["token"].as_array()).flatten();
            let scopes: Vec<&str> = named.filter_map(|scope| scope.as_str()).collect();
            let open = Scopes::parse(&scopes.join(" ")).rooms().any(|(room, writes)| everything.allow(room, writes));
            assert!(open, "{method} {path} needs {scopes:?}: add it to EVERYTHING in server/tests/it/api/mod.rs");
        }
    }
    for route in routes::all().list().iter().filter(|route| route.path.starts_with("/api/v1/")) {
        if let Access::Needs(action) = route.access {
            assert!(first_who_may(action).is_some(), "{}: add somebody who may do {action:?} to CALLERS", route.path);
        }
    }
}
