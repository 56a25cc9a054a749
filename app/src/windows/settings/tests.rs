use super::*;
use crate::i18n::{Lang, Words};

#[test]
fn spans_are_read_as_people_write_them() {
    let two = Some(vec![("08:30".to_owned(), "11:30".to_owned()), ("13:30".to_owned(), "17:00".to_owned())]);
    for text in ["8:30-11:30, 13:30-17:00", "13:30–17:00；8：30至11:30", "08:30 - 11:30\n13:30~17:00"] {
        assert_eq!(parse_spans(text), two, "{text}");
    }
    assert_eq!(parse_spans(" "), Some(Vec::new()));
    for text in ["8", "8:30", "8:30-8:30", "9:00-8:00", "8:00-10:00, 9:00-11:00", "25:00-26:00", "8:3-9:00", "é-ü"] {
        assert_eq!(parse_spans(text), None, "{text}");
    }
}

fn settings() -> HallSettings {
    let window = WindowSettings {
        id: "w1".into(),
        number: 1,
        name: "综合".into(),
        items: vec!["a".into()],
        public: 2,
        assisted: 1,
        ..Default::default()
    };
    let span = vec![("08:30".to_owned(), "11:30".to_owned())];
    HallSettings {
        slot_minutes: 30,
        week: std::array::from_fn(|day| if day < 5 { span.clone() } else { Vec::new() }),
        windows: vec![window],
        ..Default::default()
    }
}

#[test]
fn a_form_gives_back_what_it_was_made_from() {
    let settings = settings();
    let w = Words::new(Lang::Zh);
    let (read, errors) = HallSettings::from_fields(&settings.fields(), &settings.windows, &["a".to_owned()], w);
    assert_eq!(errors, FormErrors::new());
    assert_eq!(read, settings);
    assert_eq!(differences(&settings, &read, w), Vec::<String>::new());
}

#[test]
fn mistakes_are_named_at_their_fields() {
    let mut fields = settings().fields();
    for (name, value) in &mut fields {
        match name.as_str() {
            "slot_minutes" => "99999999999999999999".clone_into(value),
            "week-3" => "morning".clone_into(value),
            "win-0-public" => "-1".clone_into(value),
            _ => {}
        }
    }
    fields.push(("ex-0-day".into(), "2026-02-30".into()));
    fields.push(("cl-0-from".into(), "+999999-01-01T00:00".into()));
    let (_, errors) = HallSettings::from_fields(&fields, &[], &[], Words::new(Lang::Zh));
    let named: Vec<&str> = errors.keys().map(String::as_str).collect();
    assert_eq!(named, ["cl-0-from", "ex-0-day", "slot_minutes", "week-3", "win-0-public"]);
}
