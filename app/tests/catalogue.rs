//! The words on screen: every key exists in both languages with the same arguments, every key in the code exists,
//! and every key that exists is in the code.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

type Catalogue = BTreeMap<String, BTreeSet<String>>;

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            found.extend(files(&entry, extension));
        } else if entry.extension().is_some_and(|e| e == extension) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

fn arguments(pattern: &Pattern<String>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => inline_arguments(inline, into),
                Expression::Select { selector, variants } => {
                    inline_arguments(selector, into);
                    for variant in variants {
                        arguments(&variant.value, into);
                    }
                }
            }
        }
    }
}

fn inline_arguments(inline: &InlineExpression<String>, into: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            into.insert(id.name.clone());
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inline) = &**expression {
                inline_arguments(inline, into);
            }
        }
        _ => {}
    }
}

fn catalogue(lang: &str) -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang);
    let compiled_in =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/i18n/words.rs")).expect("words");
    let mut all = Catalogue::new();
    for file in files(&folder, "ftl") {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(compiled_in.contains(&format!("\"/{name}\"")), "{lang}/{name} is not in i18n/words.rs");
        let text = fs::read_to_string(&file).expect("text");
        let resource =
            fluent_syntax::parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{lang}/{name}: {errors:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut used = BTreeSet::new();
                let value = message.value.unwrap_or_else(|| panic!("{lang}: {} has no text", message.id.name));
                arguments(&value, &mut used);
                let before = all.insert(message.id.name.clone(), used);
                assert!(before.is_none(), "{lang}: {} is defined twice", message.id.name);
            }
        }
    }
    all
}

/// Source of both crates without comments and without tests' own folders.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    for folder in [root.join("src"), root.join("../server/src"), root.join("../pictures/src")] {
        for file in files(&folder, "rs") {
            let text = fs::read_to_string(file).expect("text");
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                all.push_str(line);
                all.push('\n');
            }
        }
    }
    all
}

/// Keys of literal look-ups: `.t("key")` and `.tf("key"`, over line breaks.
fn looked_up(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for call in [".t(", ".tf("] {
        for (at, _) in source.match_indices(call) {
            let rest = source[at + call.len()..].trim_start();
            if let Some(literal) = rest.strip_prefix('"') {
                keys.insert(literal.split('"').next().expect("closed").to_owned());
            }
        }
    }
    keys
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (catalogue("zh-CN"), catalogue("en"));
    let missing = |a: &Catalogue, b: &Catalogue| a.keys().filter(|k| !b.contains_key(*k)).cloned().collect::<Vec<_>>();
    assert_eq!(missing(&zh, &en), Vec::<String>::new(), "missing in English");
    assert_eq!(missing(&en, &zh), Vec::<String>::new(), "missing in Chinese");
    for (key, arguments) in &zh {
        assert_eq!(arguments, &en[key], "{key} takes other arguments in English");
    }
}

#[test]
fn every_key_in_the_code_exists_and_the_other_way_round() {
    let (zh, source) = (catalogue("zh-CN"), sources());
    let unknown: Vec<_> = looked_up(&source).into_iter().filter(|key| !zh.contains_key(key)).collect();
    assert_eq!(unknown, Vec::<String>::new(), "looked up but not in the catalogue");
    let unused: Vec<_> = zh.keys().filter(|key| !source.contains(&format!("\"{key}\""))).collect();
    assert_eq!(unused, Vec::<&String>::new(), "in the catalogue but nowhere in the code");
}
