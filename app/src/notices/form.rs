//! The editor's form: what was typed, and what can be made of it.

use super::{Certainty, Content, NoticeFact, NoticeKind, Severity, limits};
use crate::{i18n::Words, time};
use jiff::{SignedDuration, Timestamp, civil::DateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The fields as they are sent. Everything is text, so that whatever was typed can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticeForm {
    /// Made when the form was shown: two submits of one form are one notice.
    pub form_key: String,
    /// The version that was edited.
    pub version: String,
    /// `save`, `preview` or `next`.
    pub action: String,
    /// Kind's code.
    pub kind: String,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown.
    pub body_en: String,
    /// Codes of the places it is aimed at.
    pub aims: Vec<String>,
    /// Code of who says it.
    pub organisation: String,
    /// Facts, row by row.
    pub fact_label: Vec<String>,
    /// Facts, row by row.
    pub fact_value: Vec<String>,
    /// English facts, row by row.
    pub fact_label_en: Vec<String>,
    /// English facts, row by row.
    pub fact_value_en: Vec<String>,
    /// Code.
    pub severity: String,
    /// Code.
    pub certainty: String,
    /// `2026-11-25T10:00` in the deployment's zone, as `<input type="datetime-local">` sends it.
    pub starts_at: String,
    /// The same.
    pub ends_at: String,
    /// Where objections go.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// What to do.
    pub instruction: String,
    /// What to do, in English.
    pub instruction_en: String,
    /// `1` when ticked.
    pub pinned: String,
    /// `2026-11-25T10:00`; empty: at once.
    pub publish_at: String,
    /// `2026-11-25T10:00`; empty: never.
    pub expires_at: String,
    /// `1` when residents may ask questions under it.
    pub questions: String,
    /// When the activity begins, `2026-11-25T10:00`; for these fields see [`super::ActivityPlan`].
    pub activity_starts: String,
    /// When it ends.
    pub activity_ends: String,
    /// Where.
    pub activity_place: String,
    /// The same in English.
    pub activity_place_en: String,
    /// Seats; empty: nobody needs to sign up.
    pub activity_seats: String,
    /// People in one sign-up.
    pub activity_most: String,
    /// Sign-up ends then; empty: when it begins.
    pub activity_until: String,
    /// Pictures and files, in words, as they were when it was saved. No field: what is sent under this name counts for nothing.
    pub attached: Vec<String>,
}

/// What is wrong, by field.
pub type Errors = BTreeMap<&'static str, String>;

impl NoticeForm {
    /// The form that shows `content`.
    pub fn of(content: &Content, aims: Vec<String>, organisation: String, version: i64) -> NoticeForm {
        let labels = |facts: &[NoticeFact]| facts.iter().map(|fact| fact.label.clone()).collect();
        let values = |facts: &[NoticeFact]| facts.iter().map(|fact| fact.value.clone()).collect();
        let code = |code: Option<&'static str>| code.unwrap_or_default().to_owned();
        let emergency = content.kind == NoticeKind::Emergency;
        NoticeForm {
            version: version.to_string(),
            kind: content.kind.code().to_owned(),
            title: content.title.clone(),
            title_en: content.title_en.clone(),
            body: content.body.clone(),
            body_en: content.body_en.clone(),
            aims,
            organisation,
            fact_label: labels(&content.facts),
            fact_value: values(&content.facts),
            fact_label_en: labels(&content.facts_en),
            fact_value_en: values(&content.facts_en),
            severity: code(content.severity.map(Severity::code)),
            certainty: code(content.certainty.map(Certainty::code)),
            starts_at: local(content.starts_at),
            ends_at: local(content.ends_at),
            place: content.place.clone(),
            place_en: content.place_en.clone(),
            instruction: content.instruction.clone(),
            instruction_en: content.instruction_en.clone(),
            pinned: if content.pinned { "1".to_owned() } else { String::new() },
            publish_at: local(content.publish_at),
            // An emergency's own end is not typed twice, so that it can be put off.
            expires_at: local(content.expires_at.filter(|at| !emergency || Some(*at) != content.ends_at)),
            ..NoticeForm::default()
        }
    }

    /// What the form says, or what is wrong with it. A draft may be incomplete ([`Content::missing`]), but what is
    /// there must make sense.
    pub fn check(&self, w: Words, now: Timestamp) -> Result<Content, Errors> {
        let mut errors = Errors::new();
        let kind = NoticeKind::from_code(&self.kind);
        if kind.is_none() {
            errors.insert("kind", w.t("notice-error-kind"));
        }
        let emergency = kind == Some(NoticeKind::Emergency);
        let title = one_line(&self.title);
        if title.is_empty() {
            errors.insert("title", w.t("notice-error-title"));
        }
        let title_en = one_line(&self.title_en);
        let (body, body_en) = (lines(&self.body), lines(&self.body_en));
        let (instruction, instruction_en) = (one_line(&self.instruction), one_line(&self.instruction_en));
        let (place, place_en) = (one_line(&self.place), one_line(&self.place_en));
        for (field, text, most) in [
            ("title", &title, limits::TITLE_CHARS),
            ("title_en", &title_en, limits::TITLE_CHARS * 2),
            ("body", &body, limits::BODY_CHARS),
            ("body_en", &body_en, limits::BODY_CHARS),
            ("place", &place, limits::PLACE_CHARS),
            ("place_en", &place_en, limits::PLACE_CHARS * 2),
            ("instruction", &instruction, limits::INSTRUCTION_CHARS),
            ("instruction_en", &instruction_en, limits::INSTRUCTION_CHARS * 2),
        ] {
            if text.chars().count() > most {
                errors.insert(field, w.tf("notice-error-long", &[("count", most.into())]));
            }
        }
        let facts = facts(&self.fact_label, &self.fact_value);
        let facts_en = facts_of(&self.fact_label_en, &self.fact_value_en, 2);
        let (facts, facts_en) = match (facts, facts_en) {
            (Some(facts), Some(facts_en)) => (facts, facts_en),
            _ => {
                errors.insert("fact_label", w.t("notice-error-facts"));
                (Vec::new(), Vec::new())
            }
        };
        let mut at = |field: &'static str, text: &str| {
            let text = text.trim();
            if text.is_empty() {
                return None;
            }
            let parsed = parse_local(text);
            if parsed.is_none() {
                errors.insert(field, w.t("notice-error-time"));
            }
            parsed
        };
        let publish_at = at("publish_at", &self.publish_at);
        let mut expires_at = at("expires_at", &self.expires_at);
        let (starts_at, ends_at) = match kind.is_some_and(NoticeKind::has_times) {
            true => (at("starts_at", &self.starts_at), at("ends_at", &self.ends_at)),
            false => (None, None),
        };
        if let (Some(from), Some(to)) = (starts_at, ends_at)
            && to <= from
        {
            errors.insert("ends_at", w.t("notice-error-ends"));
        }
        if publish_at.is_some_and(|at| at > now + SignedDuration::from_hours(24 * limits::SCHEDULE_DAYS)) {
            errors.insert("publish_at", w.tf("notice-error-far", &[("days", limits::SCHEDULE_DAYS.into())]));
        }
        if emergency && expires_at.is_none() {
            // An emergency that is over is no news any more.
            expires_at = ends_at;
        }
        if emergency && expires_at < ends_at {
            errors.entry("expires_at").or_insert_with(|| w.t("notice-error-expires-emergency"));
        }
        if let (Some(from), Some(to)) = (publish_at, expires_at)
            && to <= from
        {
            errors.entry("expires_at").or_insert_with(|| w.t("notice-error-expires"));
        }
        let (Some(kind), true) = (kind, errors.is_empty()) else { return Err(errors) };
        let only = |text: String, wanted: bool| if wanted { text } else { String::new() };
        Ok(Content {
            kind,
            title,
            title_en,
            body,
            body_en,
            facts,
            facts_en,
            severity: Severity::from_code(&self.severity).filter(|_| emergency),
            certainty: Certainty::from_code(&self.certainty).filter(|_| emergency),
            starts_at,
            ends_at,
            place: only(place, kind.has_place()),
            place_en: only(place_en, kind.has_place()),
            instruction: only(instruction, emergency),
            instruction_en: only(instruction_en, emergency),
            pinned: self.pinned == "1",
            publish_at,
            expires_at,
        })
    }
}

/// One line: control characters (line breaks among them) become spaces, ends are trimmed.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// Several lines with `\n` between them and no other control characters.
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim_end().to_owned()
}

fn facts(labels: &[String], values: &[String]) -> Option<Vec<NoticeFact>> {
    facts_of(labels, values, 1)
}

/// Rows in which both halves are filled; `None` when only one is, or when something is too long.
fn facts_of(labels: &[String], values: &[String], factor: usize) -> Option<Vec<NoticeFact>> {
    let mut facts = Vec::new();
    for n in 0..labels.len().max(values.len()) {
        let label = one_line(labels.get(n).map_or("", String::as_str));
        let value = one_line(values.get(n).map_or("", String::as_str));
        if label.is_empty() && value.is_empty() {
            continue;
        }
        let long = label.chars().count() > limits::FACT_LABEL_CHARS * factor
            || value.chars().count() > limits::FACT_VALUE_CHARS * factor;
        if label.is_empty() || value.is_empty() || long || facts.len() == limits::FACTS {
            return None;
        }
        facts.push(NoticeFact { label, value });
    }
    Some(facts)
}

/// `2026-11-25T10:00` in the deployment's zone; empty for none.
pub fn local(at: Option<Timestamp>) -> String {
    at.map(|at| at.to_zoned_datetime(time::zone()).strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// The instant that `2026-11-25T10:00` names; `None` when it names none between 2000 and 2200.
pub fn parse_local(text: &str) -> Option<Timestamp> {
    let text = text.get(..19).unwrap_or(text);
    let at: DateTime = text.parse().ok()?;
    (2000..2200).contains(&at.year()).then(|| time::at_time(at.date(), at.time()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn now() -> Timestamp {
        "2026-11-25T02:00:00Z".parse().expect("an instant")
    }

    fn typed() -> NoticeForm {
        NoticeForm {
            kind: "outage".into(),
            title: " 停水\u{0} ".into(),
            body: "一\r\n二\u{0}".into(),
            ..NoticeForm::default()
        }
    }

    #[test]
    fn what_was_typed_becomes_content_and_the_other_way_round() {
        let mut form = typed();
        form.fact_label = vec!["时间".into(), String::new()];
        form.fact_value = vec!["8:00–12:00".into(), " ".into()];
        form.publish_at = "2026-11-26T08:30".into();
        let content = form.check(Words::new(Lang::Zh), now()).expect("fine");
        assert_eq!((content.title.as_str(), content.body.as_str()), ("停水", "一\n二"));
        assert_eq!(content.facts, [NoticeFact { label: "时间".into(), value: "8:00–12:00".into() }]);
        assert_eq!(content.publish_at, Some("2026-11-26T00:30:00Z".parse().expect("an instant")));
        let again = NoticeForm::of(&content, vec!["wutong".into()], "wutong".into(), 1);
        assert_eq!(again.check(Words::new(Lang::Zh), now()), Ok(content));
    }

    #[test]
    fn what_makes_no_sense_is_named_by_field() {
        let mut form = typed();
        form.kind = "nonsense".into();
        form.title = "停".repeat(81);
        form.fact_label = vec!["时间".into()];
        form.publish_at = "tomorrow".into();
        form.expires_at = "9999-99-99T99:99".into();
        let errors = form.check(Words::new(Lang::Zh), now()).expect_err("wrong");
        assert_eq!(errors.into_keys().collect::<Vec<_>>(), ["expires_at", "fact_label", "kind", "publish_at", "title"]);
    }

    #[test]
    fn an_emergency_needs_everything_before_it_goes_out() {
        let mut form = typed();
        form.kind = "emergency".into();
        let content = form.check(Words::new(Lang::Zh), now()).expect("a draft");
        assert_eq!(content.missing(1, now()), [crate::notices::Missing::Emergency]);
        form.severity = "severe".into();
        form.certainty = "likely".into();
        form.instruction = "请勿外出".into();
        form.starts_at = "2026-11-25T09:00".into();
        form.ends_at = "2026-11-25T09:30".into();
        let content = form.check(Words::new(Lang::Zh), now()).expect("a draft");
        assert_eq!(content.missing(0, now()).len(), 3, "no aims, over, and out of the lists");
        form.ends_at = "2026-11-25T18:00".into();
        let content = form.check(Words::new(Lang::Zh), now()).expect("a draft");
        assert_eq!(content.missing(1, now()), []);
        assert_eq!(content.expires_at, content.ends_at);
        // It is shown until it ends, also when a correction puts the end off.
        let mut later = NoticeForm::of(&content, Vec::new(), String::new(), 1);
        assert_eq!(later.expires_at, "");
        later.ends_at = "2026-11-25T20:00".into();
        let content = later.check(Words::new(Lang::Zh), now()).expect("put off");
        assert_eq!(content.expires_at, content.ends_at);
        later.expires_at = "2026-11-25T19:00".into();
        let errors = later.check(Words::new(Lang::Zh), now()).expect_err("too early");
        assert_eq!(errors.into_keys().collect::<Vec<_>>(), ["expires_at"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_typed_breaks_the_check(
            kind in ".{0,12}", title in "\\PC{0,200}", at in "[-0-9T:+Z. ]{0,24}", any in proptest::collection::vec(".{0,30}", 0..12),
        ) {
            let form = NoticeForm {
                kind, title, starts_at: at.clone(), ends_at: at.clone(), publish_at: at.clone(), expires_at: at,
                fact_label: any.clone(), fact_value: any.clone(), aims: any, ..typed()
            };
            let _ = form.check(Words::new(Lang::En), now());
        }
    }
}
