use super::*;
use crate::i18n::Lang;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn demo() -> Vec<ServiceItem> {
    #[derive(serde::Deserialize)]
    struct File {
        items: Vec<ServiceItem>,
    }
    serde_json::from_str::<File>(include_str!("../../../../server/demo/services.json")).expect("valid").items
}

#[test]
fn a_form_gives_back_what_it_was_made_from() {
    let w = Words::new(Lang::Zh);
    for item in demo() {
        let mut fields = item_fields(&item);
        settle_codes(&mut fields, &BTreeSet::new());
        let (read, errors) = read_item(&fields, Some(&item.code), w);
        assert_eq!(errors, FormErrors::new(), "{}", item.code);
        // Life events come back in the order of the list.
        let sorted = |item: &ServiceItem| item.life_events.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(sorted(&read), sorted(&item));
        assert_eq!(ServiceItem { life_events: item.life_events.clone(), ..read }, item);
    }
}

#[test]
fn initials_are_those_that_people_type() {
    for (text, short) in
        [("社保卡", "sbk"), ("高龄津贴", "gljt"), ("补办社保卡", "bbsbk"), ("80岁老人", "80slr"), ("!", "")]
    {
        assert_eq!(initials(text), short, "{text}");
    }
    let mut item = demo().remove(0);
    item.title = "补办社保卡".into();
    item.keywords = vec!["丢了".into(), "卡".into(), "sbk".into(), "社保卡".into(), "card".into()];
    assert_eq!(proposed(&item), ["bbsbk", "dl"], "not what is there, not one letter, not Latin words");
    assert_eq!(slug("补办社保卡", ""), "bu-ban-she-bao-ka");
    assert_eq!(slug("补办社保卡", "Replace a worker’s card (lost)"), "replace-a-workers-card-lost");
    assert!(slug(&"长".repeat(500), "").len() <= MAX_CODE);
}

#[test]
fn mistakes_are_named_at_their_fields() {
    let w = Words::new(Lang::Zh);
    let mut fields = item_fields(&demo()[0]);
    for (name, value) in &mut fields {
        match name.as_str() {
            "title" => value.clear(),
            "letter" => "AB".clone_into(value),
            "minutes" => "0".clone_into(value),
            "ma-0-copies" => "many".clone_into(value),
            "ma-1-if" => "nothing:yes".clone_into(value),
            "ma-2-name" => *value = "长".repeat(121),
            _ => {}
        }
    }
    let (_, errors) = read_item(&fields, None, w);
    let named: Vec<&str> = errors.keys().map(String::as_str).collect();
    assert_eq!(named, ["letter", "ma-0-copies", "ma-1-if", "ma-2-name", "minutes", "title"]);
    let (_, errors) = read_item(&[], None, w);
    assert!(errors.contains_key("materials") && errors.contains_key("code"), "{errors:?}");
}

#[test]
fn a_material_of_a_removed_question_has_to_be_decided() {
    let w = Words::new(Lang::Zh);
    let item = demo().into_iter().find(|item| item.code == "social-card-replace").expect("there");
    let conditional = item.materials.iter().filter(|material| material.only_if.is_some()).count();
    assert!(conditional > 0);
    let mut fields = item_fields(&item);
    for _ in 0..item.questions.len() {
        assert!(arrange(&mut fields, "qu-0-remove"));
    }
    let (_, errors) = read_item(&fields, Some(&item.code), w);
    assert_eq!(errors.len(), conditional, "{errors:?}");
}

#[test]
fn differences_name_what_changed() {
    let w = Words::new(Lang::Zh);
    let old = Offer { item: demo().remove(0), retired: false };
    assert_eq!(differences(Some(&old), &old, w), Vec::<String>::new());
    let mut new = old.clone();
    new.item.minutes += 5;
    new.item.materials.swap(0, 1);
    new.item.questions[0].text = "换了问法？".into();
    new.retired = true;
    let said = differences(Some(&old), &new, w);
    assert!(said.len() >= 4, "{said:?}");
    assert!(said.iter().any(|line| line.contains("换了问法？")), "{said:?}");
}

proptest! {
    /// Whatever buttons are pressed: rows keep their contents, codes stay with their rows and are never given twice.
    #[test]
    fn rows_keep_their_contents(buttons in proptest::collection::vec((0usize..8, 0usize..4), 0..30)) {
        let item = demo().remove(0);
        let mut fields = item_fields(&item);
        let mut model: Vec<String> = item.materials.iter().map(|material| material.name.clone()).collect();
        let mut used = BTreeSet::new();
        for (row, step) in buttons {
            let button = match step {
                0 => "ma-add".to_owned(),
                1 => format!("ma-{row}-up"),
                2 => format!("ma-{row}-down"),
                _ => format!("ma-{row}-remove"),
            };
            let known = row < model.len();
            prop_assert_eq!(arrange(&mut fields, &button), step == 0 || known);
            match step {
                0 => model.push(String::new()),
                1 if known => model.swap(row, row.saturating_sub(1)),
                2 if known => { let last = model.len() - 1; model.swap(row, (row + 1).min(last)) }
                _ if known => { model.remove(row); }
                _ => {}
            }
            settle_codes(&mut fields, &used);
            let codes: Vec<String> = fields.iter().filter(|(name, _)| name.starts_with("ma-") && name.ends_with("-code")).map(|(_, code)| code.clone()).collect();
            prop_assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), model.len());
            used.extend(codes);
            let names: Vec<String> = (0..model.len())
                .map(|row| fields.iter().find(|(name, _)| *name == format!("ma-{row}-name")).map(|(_, name)| name.clone()).unwrap_or_default())
                .collect();
            prop_assert_eq!(&names, &model);
        }
    }
}
