//! Programs by others that read what we write: `tests/peers`, run by Debian's own Python with Debian's packages.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// What feedparser understood of a feed.
pub fn read_feed(feed: &[u8]) -> serde_json::Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/feed.py");
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 with feedparser: run tools/setup.sh test");
    child.stdin.take().expect("piped").write_all(feed).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "feedparser reads it");
    serde_json::from_slice(&output.stdout).expect("JSON")
}
