//! The text of a bulletin, written from its numbers by the pieces in `bulletins.ftl`, as Markdown. Nothing in it says who reported
//! or who has a report, and codes of reports stay out of it: it is made to be published.

use super::{BODY_CHARS, Bulletin, Hard, Improved, Named, Reason, TITLE_CHARS, period::Period};
use crate::{
    i18n::{Lang, Words},
    net::figure::hundredths,
    reports::statistics::percent,
};

/// A text without anything that Markdown would take for a mark, in one line.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '~' | '&' => {
                plain.push('\\');
                plain.push(c);
            }
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// A rate as it is written, or a dash.
pub fn rate(rate: Option<f64>) -> String {
    rate.map_or_else(|| "—".to_owned(), percent)
}

/// How a count has changed: `+3`, `−2`, `0`.
pub fn count_change(now: i64, before: i64) -> String {
    match now - before {
        0 => "0".to_owned(),
        more @ 1.. => format!("+{more}"),
        less => format!("−{}", less.abs()),
    }
}

/// How a rate has changed, in percentage points of what is written: `+1.25`; a dash where there is nothing to compare.
pub fn rate_change(now: Option<f64>, before: Option<f64>) -> String {
    let (Some(now), Some(before)) = (now, before) else { return "—".to_owned() };
    let change = hundredths(now) - hundredths(before);
    let sign = match change {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}.{:02}", change.abs() / 100, change.abs() % 100)
}

/// Hundredths of a percent as they are written.
pub fn hundredths_shown(value: i64) -> String {
    format!("{}.{:02}%", value / 100, value % 100)
}

fn name(w: Words, named: &Named) -> String {
    w.pick(&named.name, &named.name_en).to_owned()
}

/// The period of a bulletin's numbers.
pub fn period(bulletin: &Bulletin) -> Option<Period> {
    Some(Period::of(&bulletin.kind, bulletin.from.parse().ok()?))
}

/// The title that the template gives it.
pub fn title(w: Words, bulletin: &Bulletin) -> String {
    let period = period(bulletin).map(|period| period.name(w)).unwrap_or_default();
    let title = w.tf("bulletins-draft-title", &[("place", name(w, &bulletin.place).into()), ("period", period.into())]);
    let most = if w.lang == Lang::Zh { TITLE_CHARS } else { 2 * TITLE_CHARS };
    title.chars().take(most).collect()
}

/// The reasons of a hard case in words.
pub fn reasons(w: Words, hard: &Hard) -> String {
    let words: Vec<String> = hard
        .reasons
        .iter()
        .map(|reason| match reason {
            Reason::Overdue => w.tf("bulletins-reason-overdue", &[("days", hard.days_over.into())]),
            other => w.t(other.key()),
        })
        .collect();
    words.join(&w.t("bulletins-comma"))
}

fn better(w: Words, one: &Improved) -> String {
    w.tf(
        "bulletins-draft-better",
        &[
            ("name", plain(&name(w, &one.named)).into()),
            ("before", hundredths_shown(one.before).into()),
            ("now", hundredths_shown(one.now).into()),
        ],
    )
}

/// The text that the template writes.
pub fn body(w: Words, bulletin: &Bulletin) -> String {
    let (now, before) = (&bulletin.now, &bulletin.before);
    let mut lines = vec![format!("## {}", w.t("bulletins-part-all")), String::new()];
    lines.push(w.tf(
        "bulletins-draft-filed",
        &[
            ("place", plain(&name(w, &bulletin.place)).into()),
            ("filed", now.filed.into()),
            ("before", before.filed.into()),
            ("change", count_change(now.filed, before.filed).into()),
        ],
    ));
    lines.push(String::new());
    lines.push(if now.due == 0 {
        w.t("bulletins-draft-nothing-due")
    } else {
        w.tf(
            "bulletins-draft-rates",
            &[
                ("due", now.due.into()),
                ("closed", now.closed.into()),
                ("closing", rate(now.closing_rate()).into()),
                ("closing_before", rate(before.closing_rate()).into()),
                ("on_time", now.on_time.into()),
                ("rate", rate(now.on_time_rate()).into()),
                ("rate_before", rate(before.on_time_rate()).into()),
                ("overdue", now.overdue.into()),
                ("suspended", now.suspended.into()),
            ],
        )
    });
    if let Some(hours) = now.median_hours {
        let satisfaction = rate(now.satisfaction());
        lines.push(String::new());
        lines.push(w.tf(
            "bulletins-draft-others",
            &[
                ("hours", format!("{hours:.1}").into()),
                ("rework", rate(now.rework_rate()).into()),
                ("extension", rate(now.extension_rate()).into()),
                ("returned", rate(now.return_rate()).into()),
                ("satisfaction", satisfaction.into()),
            ],
        ));
    }
    lines.extend([String::new(), format!("## {}", w.t("bulletins-part-better")), String::new()]);
    if bulletin.improved.is_empty() {
        lines.push(w.t("bulletins-draft-none-better"));
    }
    lines.extend(bulletin.improved.iter().map(|one| format!("- {}", better(w, one))));
    lines.extend([String::new(), format!("## {}", w.t("bulletins-part-hard")), String::new()]);
    if bulletin.hard_count == 0 {
        lines.push(w.t("bulletins-draft-none-hard"));
    } else {
        lines.push(w.tf("bulletins-draft-hard", &[("count", bulletin.hard_count.into())]));
        lines.push(String::new());
        lines.extend(bulletin.hard.iter().map(|hard| {
            let category = plain(w.pick(&hard.category, &hard.category_en));
            let place = plain(w.pick(&hard.place, &hard.place_en));
            format!(
                "- {}",
                w.tf(
                    "bulletins-draft-case",
                    &[("category", category.into()), ("place", place.into()), ("why", reasons(w, hard).into())],
                )
            )
        }));
    }
    let text = lines.join("\n");
    let most = if w.lang == Lang::Zh { BODY_CHARS } else { 2 * BODY_CHARS };
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulletins::Counted;
    use proptest::prelude::*;

    fn sample() -> Bulletin {
        Bulletin {
            place: Named { code: "c".into(), name: "梧桐社区".into(), name_en: "Wutong".into() },
            kind: "week".into(),
            from: "2026-11-16".into(),
            to: "2026-11-22".into(),
            now: Counted { filed: 12, due: 8, closed: 6, on_time: 5, overdue: 2, ..Counted::default() },
            before: Counted { filed: 15, due: 10, closed: 5, on_time: 5, overdue: 5, ..Counted::default() },
            hard: vec![Hard {
                code: "R1234567".into(),
                category: "路灯<b>".into(),
                reasons: vec![Reason::Overdue, Reason::Suspended],
                days_over: 9,
                ..Hard::default()
            }],
            hard_count: 1,
            ..Bulletin::default()
        }
    }

    #[test]
    fn the_template_says_the_numbers_and_no_codes() {
        for lang in Lang::ALL {
            let w = Words::new(lang);
            let text = body(w, &sample());
            for part in ["12", "15", "−3", "75.00%", "62.50%", "50.00%", "\\<b\\>", "9"] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains("R1234567") && !text.contains("<b>") && !text.contains("bulletins-"), "{text}");
            assert!(title(w, &sample()).contains("47"), "{}", title(w, &sample()));
        }
    }

    #[test]
    fn changes_are_of_what_is_written() {
        assert_eq!(count_change(3, 5), "−2");
        assert_eq!(rate_change(Some(0.9887), Some(0.975)), "+1.37");
        assert_eq!(rate_change(Some(0.5), Some(0.5)), "0.00");
        assert_eq!(rate_change(None, Some(0.5)), "—");
        assert_eq!(rate_change(Some(0.0), Some(0.0005)), "−0.05");
    }

    proptest! {
        #[test]
        fn names_are_no_marks(name in "\\PC{0,40}") {
            let plain = plain(&name);
            prop_assert!(!plain.contains('\n'));
            prop_assert_eq!(plain.replace('\\', "").chars().count(), name.replace('\\', "").chars().count());
        }
    }
}
