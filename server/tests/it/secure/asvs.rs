//! docs/security.md answers for every requirement of ASVS 5.0.0, levels 1 and 2, once; what it names is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Requirements of levels 1 and 2 of OWASP ASVS 5.0.0 (May 2025): section, and the numbers in it. 70 of level 1, 183 of level 2.
const REQUIREMENTS: &str = "1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1-1 3.2:1-2 3.3:1-4 3.4:1-6 \
     3.5:1-5 3.7:1-2 4.1:1-3 4.2:1-1 4.3:1-2 4.4:1-4 5.1:1-1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 \
     6.6:1-3 6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1-1 8.4:1-1 9.1:1-3 9.2:1-4 10.1:1-2 \
     10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1-1 11.6:1-1 12.1:1-3 \
     12.2:1-2 12.3:1-4 13.1:1-1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1-1 \
     16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3 17.1:1-1 17.2:1-4 17.3:1-2";

type Number = (u32, u32, u32);

fn requirements() -> Vec<Number> {
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let mut all = Vec::new();
    for part in REQUIREMENTS.split_whitespace() {
        let (section, span) = part.split_once(':').expect("a section");
        let (chapter, section) = section.split_once('.').expect("a chapter");
        let (first, last) = span.split_once('-').expect("a span");
        all.extend((number(first)..=number(last)).map(|nth| (number(chapter), number(section), nth)));
    }
    all
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Names of all functions in the tests and sources.
fn functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("server/tests"), root().join("server/src"), root().join("app")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a file");
                let found = text.lines().filter_map(|line| line.split("fn ").nth(1)?.split(['(', '<']).next());
                names.extend(found.map(str::to_owned));
            }
        }
    }
    names
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// One number, or a span of one section: `10.4.1–10.4.11`.
fn numbers(cell: &str) -> Vec<Number> {
    let one = |text: &str| -> Number {
        let parts: Vec<u32> = text.trim().split('.').map(|part| part.parse().expect("a number")).collect();
        (parts[0], parts[1], parts[2])
    };
    match cell.split_once('–') {
        None => vec![one(cell)],
        Some((first, last)) => {
            let (first, last) = (one(first), one(last));
            requirements().into_iter().filter(|number| (first..=last).contains(number)).collect()
        }
    }
}

#[test]
fn every_requirement_is_answered_for_and_what_is_named_is_there() {
    let text = std::fs::read_to_string(root().join("docs/security.md")).expect("docs/security.md");
    let functions = functions();
    let mut answered: BTreeMap<Number, &str> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in
        text.lines().filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()))
    {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, words, place, test] = cells[..] else { panic!("four cells, please: {line}") };
        assert!(!words.is_empty(), "{line}");
        let answer = [place, test].join(" ");
        let kind =
            ["not applicable", "not met", "partly", "deployment"].into_iter().find(|kind| place.starts_with(kind));
        let kind = kind.unwrap_or(if test == "by reading" { "by reading" } else { "met" });
        for number in numbers(number) {
            assert!(answered.insert(number, line).is_none(), "answered twice: {line}");
            *kinds.entry(kind).or_default() += 1;
        }
        let (mut files, mut tests) = (0, 0);
        for name in quoted(&answer) {
            let is_file = name.contains('/') || name.ends_with(".toml");
            if is_file && !name.contains(['{', ' ']) && !name.starts_with('/') {
                assert!(root().join(name).exists(), "there is no {name}: {line}");
                files += 1;
            }
        }
        // A sentence of a name is a test's, in a reason, too.
        let is_test = |name: &&str| {
            name.matches('_').count() > 1
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        for name in quoted(&answer).into_iter().filter(is_test) {
            assert!(functions.contains(name), "there is no test {name}: {line}");
            tests += 1;
        }
        let shown_in_a_browser = test.contains("end2end/tests/");
        match kind {
            "met" => assert!(files > 0 && (tests > 0 || shown_in_a_browser), "where, and by which test? {line}"),
            "by reading" => assert!(files > 0, "where? {line}"),
            // A reason in words.
            _ => assert!(place.contains(": ") && place.len() > kind.len() + 5, "why? {line}"),
        }
    }
    let missing: Vec<Number> = requirements().into_iter().filter(|number| !answered.contains_key(number)).collect();
    assert!(missing.is_empty(), "not answered for: {missing:?}");
    assert_eq!((requirements().len(), answered.len()), (253, 253));
    // The sum that the document begins with.
    let sum = ["met", "by reading", "partly", "not met", "deployment", "not applicable"]
        .map(|kind| format!("{} {kind}", kinds.get(kind).copied().unwrap_or_default()))
        .join(", ");
    assert!(text.contains(&sum), "docs/security.md should say: {sum}");
}
