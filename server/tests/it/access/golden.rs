//! What must not change unseen: who may do what, and which operations the API describes.

use super::is_api;
use app::{
    matters::life::{self as matter, Side},
    meetings::{Onlooker, ResolutionState, ResolutionStep},
    people::{Action, Role},
    property::credit,
};
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
    same("permissions.txt", &printed);
}

/// Compares with a golden file, or writes it anew.
fn same(name: &str, printed: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("LINLI_TEST_BLESS").is_some() {
        std::fs::write(&path, printed).expect("written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(printed, golden, "who may do what has changed; if that is meant, run with LINLI_TEST_BLESS=1");
}

/// What somebody may do because of what they are to a thing, and not by a role: which step, who, from which state to which.
#[test]
fn the_steps_of_companies_members_and_levels_are_the_golden_ones() {
    let mut printed = String::from(
        "# Step, who takes it, from > to: what hangs on being a company's, a member of a body or a side of a matter, and on no\n\
         # role. Written by server/tests/it/access/golden.rs.\n",
    );
    let mut line = |step: &str, who: &str, ways: Vec<String>| {
        let ways = if ways.is_empty() { "-".to_owned() } else { ways.join(", ") };
        writeln!(printed, "{step:16}  {who:20}  {ways}").expect("a string");
    };
    line("\nCREDIT ENTRY", "", vec![String::new()]);
    for step in credit::Step::ALL {
        let who = if step.is_companys() { "the company" } else { "who may decide" };
        let way = |from: credit::State| Some(format!("{} > {}", from.code(), step.after(from)?.code()));
        line(step.code(), who, credit::State::ALL.into_iter().filter_map(way).collect());
    }
    line("\nRESOLUTION", "", vec![String::new()]);
    for step in ResolutionStep::ALL {
        for (who, onlooker) in [
            ("nobody in it", Onlooker::default()),
            ("its owner", Onlooker { owner: true, ..Onlooker::default() }),
            ("a supervising member", Onlooker { supervises: true, ..Onlooker::default() }),
            ("staff", Onlooker { staff: true, ..Onlooker::default() }),
            ("its owner, as both", Onlooker { owner: true, supervises: true, staff: true }),
        ] {
            let way =
                |from: &ResolutionState| Some(format!("{} > {}", from.code(), step.leads(*from, onlooker)?.code()));
            line(step.code(), who, ResolutionState::ALL.iter().filter_map(way).collect());
        }
    }
    line("\nMATTER", "", vec![String::new()]);
    for step in matter::Step::ALL {
        let who = match step.side() {
            Some(Side::Sender) => "its sender",
            Some(Side::Receiver) => "its receiver",
            None => "either side",
        };
        // From a question that is refused it goes back to where it was.
        let way = |from: matter::State| {
            let to = matter::next(from, matter::State::InProgress, step)?;
            Some(format!("{} > {}", from.code(), to.code()))
        };
        line(step.code(), who, matter::State::ALL.into_iter().filter_map(way).collect());
    }
    let printed: String = printed.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    same("memberships.txt", &printed);
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
