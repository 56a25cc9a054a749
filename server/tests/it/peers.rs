//! Programs by others that read what we write, or know what we should: `tests/peers`, run by Debian's own Python with
//! Debian's packages, and by Node with packages that end2end/package-lock.json pins.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// What feedparser understood of a feed.
pub fn read_feed(feed: &[u8]) -> serde_json::Value {
    ask("feed.py", feed)
}

/// An alert, checked against the rules of CAP 1.2 by libxml2.
pub fn read_alert(alert: &[u8]) -> serde_json::Value {
    ask("cap.py", alert)
}

/// Every day from `year` on that the npm package chinese-days knows of: date, whether people work, the holiday it belongs
/// to or nothing.
pub fn statutory_days(year: i16) -> Vec<(String, bool, String)> {
    let script = format!("{}/tests/peers/calendar.mjs", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("node").args([script, year.to_string()]).output().expect("node: run tools/setup.sh test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What icalendar understood of a calendar file.
pub fn read_calendar(file: &[u8]) -> serde_json::Value {
    ask("ics.py", file)
}

/// What pypdf reads in a PDF file: its title, how many pages it has, and their text.
pub fn read_pdf(file: &[u8]) -> serde_json::Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let script = format!("{root}/server/tests/peers/pdf.py");
    run(Command::new(format!("{root}/target/tools/peers/bin/python")).arg(script), file)
}

/// What two clients of Open311 by others understood, which talked to `address`.
pub async fn open311(address: &str, arguments: &[&str]) -> serde_json::Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let output = tokio::process::Command::new(format!("{root}/target/tools/peers/bin/python"))
        .arg(format!("{root}/server/tests/peers/open311.py"))
        .arg(address)
        .args(arguments)
        .output()
        .await
        .expect("its Python: run tools/setup.sh test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Whether schemathesis finds every answer of the API at `address` as its description in `file` says, and what it says of it.
/// Cases for an operation, and the seed that chooses them.
pub async fn schemathesis(
    file: &std::path::Path,
    address: &str,
    token: Option<&str>,
    (examples, seed): (u32, u32),
) -> (bool, String) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut command = tokio::process::Command::new(format!("{root}/target/tools/peers/bin/schemathesis"));
    command.arg("run").arg(file).args(["--url", address, "--no-color"]);
    // It leaves files where it runs.
    command.current_dir(file.parent().expect("a folder"));
    command.args(["--seed", &seed.to_string(), "--max-examples", &examples.to_string()]);
    // Every edge of every schema takes minutes: not in the short run.
    let phases = if examples > 10 { "examples,coverage,fuzzing" } else { "examples,fuzzing" };
    // One worker: two threads in Python 3.11's parser now and then break it ("AST constructor recursion depth mismatch").
    command.args(["--phases", phases, "--workers", "1"]);
    command.args(["--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"]);
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                  response_headers_conformance";
    command.args(["--checks", checks]);
    if let Some(token) = token {
        command.arg("--header").arg(format!("Authorization: Bearer {token}"));
    }
    let output = command.output().await.expect("its Python: run tools/setup.sh test");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What the library of the Standard Webhooks convention says of a message: `{secret, now, headers, body}` → `{payload}` or
/// `{refused}`.
pub fn read_webhook(message: &serde_json::Value) -> serde_json::Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let script = format!("{root}/server/tests/peers/webhook.py");
    let python = format!("{root}/target/tools/peers/bin/python");
    run(Command::new(python).arg(script), message.to_string().as_bytes())
}

/// Keys of a browser that wants web push.
pub fn push_keys() -> serde_json::Value {
    push("keys", &[])
}

/// What a browser with these keys reads of a push message: `{keys, body, authorization, key}` → `{payload, claims}`.
pub fn read_push(sent: &serde_json::Value) -> serde_json::Value {
    push("read", sent.to_string().as_bytes())
}

fn push(what: &str, input: &[u8]) -> serde_json::Value {
    let script = format!("{}/tests/peers/push.mjs", env!("CARGO_MANIFEST_DIR"));
    run(Command::new("node").args([&script, what]), input)
}

fn ask(script: &str, input: &[u8]) -> serde_json::Value {
    let script = format!("{}/tests/peers/{script}", env!("CARGO_MANIFEST_DIR"));
    run(Command::new("/usr/bin/python3").arg(script), input)
}

fn run(command: &mut Command, input: &[u8]) -> serde_json::Value {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a program with its packages: run tools/setup.sh test");
    child.stdin.take().expect("piped").write_all(input).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "it reads it");
    serde_json::from_slice(&output.stdout).expect("JSON")
}
