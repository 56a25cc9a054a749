//! What must not change unseen: who may do what, and which operations the API describes.

use super::is_api;
use app::people::{Action, Role};
use server::http::routes;
use std::fmt::Write;

#[test]
fn the_permission_matrix_is_the_golden_one() {
    let mut printed =
        String::from("# Role × action, inside the role's scope. Written by server/tests/it/access/golden.rs.\n");
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
