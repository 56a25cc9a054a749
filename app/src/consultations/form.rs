//! The form of a consultation: what was typed, and what can be made of it.

use super::{AnswerKind, EXPLANATION_CHARS, LONGEST_DAYS, OPTION_CHARS, OPTIONS, Per, QUESTION_CHARS};
use crate::{
    i18n::Words,
    notices::form::{Errors, lines, local, one_line, parse_local},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The fields as they are sent. Everything is text, so that whatever was typed can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsultationForm {
    /// Made when the form was shown: two submits of one form are one consultation.
    pub form_key: String,
    /// The version that was edited.
    pub version: String,
    /// `save` or `preview`.
    pub action: String,
    /// Code of the place that is asked.
    pub place: String,
    /// The question.
    pub question: String,
    /// The same in English.
    pub question_en: String,
    /// Markdown.
    pub explanation: String,
    /// The same in English.
    pub explanation_en: String,
    /// Kind's code.
    pub kind: String,
    /// Options, row by row; empty rows count for nothing.
    pub option: Vec<String>,
    /// The same in English.
    pub option_en: Vec<String>,
    /// `household` or `person`.
    pub voice: String,
    /// `2026-11-25T10:00` in the deployment's zone; empty: when it is asked.
    pub opens_at: String,
    /// `2026-11-25T10:00`.
    pub closes_at: String,
}

/// An option in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionText {
    /// Chinese.
    pub zh: String,
    /// English, may be empty.
    #[serde(default)]
    pub en: String,
}

/// What is asked, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The question.
    pub question: String,
    /// The same in English, may be empty.
    pub question_en: String,
    /// Markdown, may be empty.
    pub explanation: String,
    /// The same in English, may be empty.
    pub explanation_en: String,
    /// How it is answered.
    pub kind: AnswerKind,
    /// The options; none for words.
    pub options: Vec<OptionText>,
    /// For whom a voice counts.
    pub per: Per,
    /// From when on residents answer.
    pub opens_at: Timestamp,
    /// Until when.
    pub closes_at: Timestamp,
}

impl ConsultationForm {
    /// The form that shows a wording.
    pub fn of(wording: &Wording, place: String, version: i64) -> ConsultationForm {
        ConsultationForm {
            version: version.to_string(),
            place,
            question: wording.question.clone(),
            question_en: wording.question_en.clone(),
            explanation: wording.explanation.clone(),
            explanation_en: wording.explanation_en.clone(),
            kind: wording.kind.code().to_owned(),
            option: wording.options.iter().map(|option| option.zh.clone()).collect(),
            option_en: wording.options.iter().map(|option| option.en.clone()).collect(),
            voice: wording.per.code().to_owned(),
            opens_at: local(Some(wording.opens_at)),
            closes_at: local(Some(wording.closes_at)),
            ..ConsultationForm::default()
        }
    }

    /// What the form says, or what is wrong with it.
    pub fn check(&self, w: Words, now: Timestamp) -> Result<Wording, Errors> {
        let mut errors = Errors::new();
        let (question, question_en) = (one_line(&self.question), one_line(&self.question_en));
        let (explanation, explanation_en) = (lines(&self.explanation), lines(&self.explanation_en));
        if question.is_empty() {
            errors.insert("question", w.t("consultations-error-question"));
        }
        for (field, text, most) in [
            ("question", &question, QUESTION_CHARS),
            ("question_en", &question_en, QUESTION_CHARS * 2),
            ("explanation", &explanation, EXPLANATION_CHARS),
            ("explanation_en", &explanation_en, EXPLANATION_CHARS),
        ] {
            if text.chars().count() > most {
                errors.insert(field, too_long(w, most));
            }
        }
        let kind = AnswerKind::from_code(&self.kind);
        if kind.is_none() {
            errors.insert("kind", w.t("consultations-error-kind"));
        }
        let per = Per::from_code(&self.voice);
        if per.is_none() {
            errors.insert("voice", w.t("consultations-error-voice"));
        }
        let options = match kind {
            Some(kind) if kind.has_options() => self.options(w, &mut errors),
            _ => Vec::new(),
        };
        let opens_at = match self.opens_at.trim() {
            "" => Some(now),
            text => parse_local(text),
        };
        let closes_at = parse_local(self.closes_at.trim());
        if opens_at.is_none() {
            errors.insert("opens_at", w.t("consultations-error-time"));
        }
        match (opens_at, closes_at) {
            (_, None) => {
                errors.insert("closes_at", w.t("consultations-error-time"));
            }
            (Some(opens), Some(closes)) if closes <= opens.max(now) => {
                errors.insert("closes_at", w.t("consultations-error-closes"));
            }
            (_, Some(closes)) if closes > now + SignedDuration::from_hours(24 * LONGEST_DAYS) => {
                errors.insert("closes_at", w.tf("consultations-error-far", &[("days", LONGEST_DAYS.into())]));
            }
            _ => {}
        }
        match (kind, per, opens_at, closes_at) {
            (Some(kind), Some(per), Some(opens_at), Some(closes_at)) if errors.is_empty() => Ok(Wording {
                question,
                question_en,
                explanation,
                explanation_en,
                kind,
                options,
                per,
                opens_at,
                closes_at,
            }),
            _ => Err(errors),
        }
    }

    fn options(&self, w: Words, errors: &mut Errors) -> Vec<OptionText> {
        let mut options: Vec<OptionText> = Vec::new();
        for nth in 0..self.option.len().max(self.option_en.len()).min(OPTIONS * 4) {
            let zh = one_line(self.option.get(nth).map_or("", String::as_str));
            let en = one_line(self.option_en.get(nth).map_or("", String::as_str));
            if zh.is_empty() && en.is_empty() {
                continue;
            }
            if zh.is_empty() || options.iter().any(|option| option.zh == zh) {
                errors.insert("option", w.t("consultations-error-option"));
            }
            if zh.chars().count() > OPTION_CHARS || en.chars().count() > OPTION_CHARS * 2 {
                errors.insert("option", too_long(w, OPTION_CHARS));
            }
            options.push(OptionText { zh, en });
        }
        if !(2..=OPTIONS).contains(&options.len()) {
            errors.insert("option", w.tf("consultations-error-options", &[("most", OPTIONS.into())]));
        }
        options
    }
}

/// What is said of a text that is too long.
pub fn too_long(w: Words, most: usize) -> String {
    w.tf("consultations-error-long", &[("count", most.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn now() -> Timestamp {
        "2026-11-25T02:00:00Z".parse().expect("an instant")
    }

    fn typed() -> ConsultationForm {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        ConsultationForm {
            question: " 南广场要不要装健身器材？\u{0}".into(),
            explanation: "一\r\n二".into(),
            kind: "single".into(),
            option: texts(&["装", "", "不装"]),
            option_en: texts(&["Yes", "", ""]),
            voice: "household".into(),
            closes_at: "2026-12-02T18:00".into(),
            ..ConsultationForm::default()
        }
    }

    #[test]
    fn what_was_typed_becomes_a_wording_and_the_other_way_round() {
        let w = Words::new(Lang::Zh);
        let wording = typed().check(w, now()).expect("fine");
        assert_eq!(wording.question, "南广场要不要装健身器材？");
        assert_eq!(wording.options.len(), 2);
        assert_eq!((wording.options[0].en.as_str(), wording.opens_at), ("Yes", now()));
        let again = ConsultationForm::of(&wording, "wutong".into(), 1);
        assert_eq!(again.check(w, now()), Ok(wording));
    }

    #[test]
    fn what_makes_no_sense_is_named_by_field() {
        let w = Words::new(Lang::En);
        let fields = |form: ConsultationForm| form.check(w, now()).expect_err("wrong").into_keys().collect::<Vec<_>>();
        assert_eq!(fields(ConsultationForm::default()), ["closes_at", "kind", "question", "voice"]);
        assert_eq!(fields(ConsultationForm { option: vec!["装".into()], ..typed() }), ["option"]);
        assert_eq!(fields(ConsultationForm { option: vec!["装".into(), "装".into()], ..typed() }), ["option"]);
        assert_eq!(
            fields(ConsultationForm { option: (0..13).map(|n| n.to_string()).collect(), ..typed() }),
            ["option"]
        );
        assert_eq!(fields(ConsultationForm { closes_at: "2026-11-25T09:00".into(), ..typed() }), ["closes_at"]);
        assert_eq!(fields(ConsultationForm { closes_at: "2027-11-25T09:00".into(), ..typed() }), ["closes_at"]);
        assert_eq!(fields(ConsultationForm { opens_at: "x".into(), ..typed() }), ["opens_at"]);
        assert_eq!(fields(ConsultationForm { question: "问".repeat(121), ..typed() }), ["question"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_typed_breaks_the_check(
            question in "\\PC{0,150}", kind in "single|text|multiple|x", at in "[-0-9T:+Z. ]{0,24}",
            any in proptest::collection::vec("\\PC{0,30}", 0..20),
        ) {
            let form = ConsultationForm {
                question, kind, opens_at: at.clone(), closes_at: at, option: any.clone(), option_en: any, ..typed()
            };
            let _ = form.check(Words::new(Lang::En), now());
        }
    }
}
