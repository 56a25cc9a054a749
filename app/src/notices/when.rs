//! What a notice says of itself by its kind: when, and where objections go, as facts before the text. Staff fill in a time once, and
//! every language writes it in its own way.

use super::{Content, NoticeFact, NoticeKind, pages};
use crate::{i18n::Words, time};
use jiff::Timestamp;

/// From when until when, as short as it can be said: 11月26日 周四 08:00–12:00.
fn span(w: Words, from: Option<Timestamp>, to: Option<Timestamp>, now: Timestamp) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => Some(pages::span(w, from, to, now)),
        (Some(at), None) | (None, Some(at)) => Some(time::date_time(w.lang, at, now)),
        (None, None) => None,
    }
}

/// The facts that follow from a notice's kind, in the words of `w`. An emergency shows its times by itself.
pub fn facts_of_kind(w: Words, content: &Content, now: Timestamp) -> Vec<NoticeFact> {
    let mut facts = Vec::new();
    let timed = content.kind.has_times() && content.kind != NoticeKind::Emergency;
    if timed && let Some(value) = span(w, content.starts_at, content.ends_at, now) {
        let label = match (content.kind, content.starts_at) {
            (NoticeKind::Disclosure, None) => "notice-when-deadline",
            (NoticeKind::Disclosure, Some(_)) => "notice-when-disclosure",
            _ => "notice-when",
        };
        facts.push(NoticeFact { label: w.t(label), value });
    }
    let place = w.pick(&content.place, &content.place_en);
    if content.kind.has_place() && !place.is_empty() {
        facts.push(NoticeFact { label: w.t("notice-where-objections"), value: place.to_owned() });
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::span;
    use crate::i18n::{Lang, Words};
    use jiff::Timestamp;

    #[test]
    fn a_day_is_said_once() {
        let at = |text: &str| Some(text.parse::<Timestamp>().expect("an instant"));
        let now = at("2026-11-25T02:00:00Z").expect("an instant");
        let zh = Words::new(Lang::Zh);
        let (eight, noon) = (at("2026-11-26T00:00:00Z"), at("2026-11-26T04:00:00Z"));
        assert_eq!(span(zh, eight, noon, now).as_deref(), Some("11月26日 周四 08:00–12:00"));
        let next = at("2026-11-27T04:00:00Z");
        assert_eq!(span(zh, eight, next, now).as_deref(), Some("11月26日 周四 08:00 – 11月27日 周五 12:00"));
        assert_eq!(span(Words::new(Lang::En), None, noon, now).as_deref(), Some("Thu 26 November 12:00"));
        assert_eq!(span(zh, None, None, now), None);
    }
}
