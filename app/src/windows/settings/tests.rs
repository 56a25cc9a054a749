use super::*;
use crate::{
    i18n::{Lang, Words},
    time::HolidayYear,
    windows::ClosedReason,
};
use jiff::civil::{date, time};

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

/// The working days of 2026, without holidays.
fn calendar() -> HolidayCalendar {
    let year = r#"{"year":2026,"source":"test","status":"published","off":[],"work":[]}"#;
    HolidayCalendar::new([serde_json::from_str::<HolidayYear>(year).expect("valid")])
}

/// A booking of half an hour for item "a" at window "w1" on Thursday 26 November.
fn standing(code: &str, hour: i8, made_at: i64) -> Standing {
    let at = |minute| at_time(date(2026, 11, 26), time(hour, minute, 0, 0));
    Standing {
        code: code.to_owned(),
        window_id: "w1".to_owned(),
        from: at(0),
        to: at(30),
        items: vec!["a".to_owned()],
        assisted: false,
        made_at,
        needs: None,
    }
}

#[test]
fn every_kind_of_change_hits_the_bookings_that_no_longer_fit_and_only_those() {
    // The one that was made last stands first in the list; one is by staff; one is two hours later.
    let bookings = [
        standing("last", 9, 30),
        standing("first", 9, 10),
        Standing { assisted: true, ..standing("staff", 9, 40) },
        standing("later", 11, 20),
    ];
    let closed = |from: &str, to: &str| ClosedSpan {
        from: format!("2026-11-26T{from}"),
        to: format!("2026-11-26T{to}"),
        reason: "检修".into(),
        reason_en: String::new(),
    };
    let said = || Hit::Closed(ClosedReason::Said("检修".into(), String::new()));
    let dated = |hours: Vec<Span>| DatedHours {
        day: "2026-11-26".into(),
        hours,
        reason: "检修".into(),
        reason_en: String::new(),
    };
    let all = ["first", "last", "later", "staff"];
    type Change<'a> = Box<dyn Fn(&mut HallSettings) + 'a>;
    type Case<'a> = (&'a str, Change<'a>, Vec<(&'a str, Hit)>);
    let cases: Vec<Case<'_>> = vec![
        ("nothing", Box::new(|_| ()), Vec::new()),
        ("more places", Box::new(|new| new.windows[0].public = 9), Vec::new()),
        (
            "no Thursdays",
            Box::new(|new| new.week[3].clear()),
            all.map(|code| (code, Hit::Closed(ClosedReason::DayOff))).to_vec(),
        ),
        ("another day's hours", Box::new(|new| new.week[4].clear()), Vec::new()),
        (
            "shorter Thursdays",
            Box::new(|new| new.week[3] = vec![("08:30".into(), "11:00".into())]),
            vec![("later", Hit::Outside)],
        ),
        (
            "the middle of a booking",
            Box::new(|new| new.closures.push(closed("11:10", "11:20"))),
            vec![("later", Hit::Outside)],
        ),
        (
            "the whole day",
            Box::new(|new| new.closures.push(closed("00:00", "23:59"))),
            all.map(|code| (code, said())).to_vec(),
        ),
        ("this day", Box::new(|new| new.exceptions.push(dated(Vec::new()))), all.map(|code| (code, said())).to_vec()),
        (
            "this morning",
            Box::new(|new| new.exceptions.push(dated(vec![("08:30".into(), "11:00".into())]))),
            vec![("later", Hit::Outside)],
        ),
        (
            "the window",
            Box::new(|new| new.windows[0].closed = true),
            all.map(|code| (code, Hit::WindowClosed)).to_vec(),
        ),
        ("the item", Box::new(|new| new.windows[0].items.clear()), all.map(|code| (code, Hit::NotServed)).to_vec()),
        ("one place less", Box::new(|new| new.windows[0].public = 1), vec![("last", Hit::OverCapacity)]),
        ("none by staff", Box::new(|new| new.windows[0].assisted = 0), vec![("staff", Hit::OverCapacity)]),
    ];
    let mut old = settings();
    for spans in &mut old.week {
        *spans = vec![("08:30".to_owned(), "11:30".to_owned())];
    }
    let calendar = calendar();
    for (what, change, expected) in cases {
        let mut new = old.clone();
        change(&mut new);
        let found = hits((&old, &calendar), (&new, &calendar), &bookings);
        let expected: BTreeMap<String, Hit> = expected.into_iter().map(|(code, hit)| (code.to_owned(), hit)).collect();
        assert_eq!(found, expected, "{what}");
    }

    // What did not fit before is not hit once more.
    old.windows[0].public = 1;
    let mut new = old.clone();
    new.windows[0].public = 0;
    let found = hits((&old, &calendar), (&new, &calendar), &bookings);
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), ["first", "later"]);
}
