//! The form of a letter: what was typed, and what can be made of it.

use super::letter::{COMPANY_CHARS, FINDING_CHARS, FINDINGS, Kind, REPORTS, SUBJECT_CHARS, TEXT_CHARS, Wish};
use crate::{
    i18n::Words,
    notices::form::{lines, one_line},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields as they are sent. Everything is text, so that whatever was typed can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LetterForm {
    /// Made when the form was shown: two submits of one form are one letter.
    pub key: String,
    /// The version that was edited.
    pub version: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the organisation that issues.
    pub issuer: String,
    /// Code of the organisation that it is addressed to.
    pub addressee: String,
    /// A unit or company that it is about.
    pub company: String,
    /// Subject.
    pub subject: String,
    /// Findings, row by row.
    pub finding: Vec<String>,
    /// Ids of the rows that are there already, empty for new ones.
    pub finding_id: Vec<String>,
    /// What is asked.
    pub asked: String,
    /// Working days to answer in.
    pub days: String,
    /// Or the day, `2026-12-04`.
    pub day: String,
    /// Codes of reports.
    pub reports: String,
}

/// What is wrong, by field.
pub type Errors = BTreeMap<&'static str, String>;

/// What the form says, as far as the form alone can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Kind.
    pub kind: Kind,
    /// A unit or company, may be empty.
    pub company: String,
    /// Subject.
    pub subject: String,
    /// Id (empty for a new one) and text of each finding.
    pub findings: Vec<(String, String)>,
    /// What is asked.
    pub asked: String,
    /// The time to answer in.
    pub wish: Wish,
    /// Codes of reports.
    pub reports: Vec<String>,
}

/// A text of one or several lines between one and `most` characters; the error is the catalogue key of what is wrong.
pub fn text(typed: &str, most: usize, empty: &'static str) -> Result<String, &'static str> {
    let text = lines(typed).trim().to_owned();
    match text.chars().count() {
        0 => Err(empty),
        count if count > most => Err("supervision-error-long"),
        _ => Ok(text),
    }
}

impl LetterForm {
    /// What the form says, or what is wrong with it.
    pub fn check(&self, w: Words) -> Result<Checked, Errors> {
        let mut errors = Errors::new();
        let long = |most: usize| w.tf("supervision-error-long", &[("count", most.into())]);
        let kind = Kind::from_code(&self.kind);
        if kind.is_none() {
            errors.insert("kind", w.t("supervision-error-kind"));
        }
        let (subject, company) = (one_line(&self.subject), one_line(&self.company));
        if subject.is_empty() {
            errors.insert("subject", w.t("supervision-error-subject"));
        } else if subject.chars().count() > SUBJECT_CHARS {
            errors.insert("subject", long(SUBJECT_CHARS));
        }
        if company.chars().count() > COMPANY_CHARS {
            errors.insert("company", long(COMPANY_CHARS));
        }
        let mut findings = Vec::new();
        for (nth, typed) in self.finding.iter().enumerate() {
            let typed = lines(typed).trim().to_owned();
            if typed.is_empty() {
                continue;
            }
            if typed.chars().count() > FINDING_CHARS {
                errors.insert("finding", long(FINDING_CHARS));
            }
            findings.push((one_line(self.finding_id.get(nth).map_or("", String::as_str)), typed));
        }
        if findings.is_empty() {
            errors.insert("finding", w.t("supervision-error-finding"));
        } else if findings.len() > FINDINGS {
            errors.insert("finding", w.tf("supervision-error-findings", &[("count", FINDINGS.into())]));
        }
        let asked = text(&self.asked, TEXT_CHARS, "supervision-error-asked").unwrap_or_else(|key| {
            errors.insert("asked", w.tf(key, &[("count", TEXT_CHARS.into())]));
            String::new()
        });
        let wish = Wish::read(&self.days, &self.day);
        if let Err((field, key)) = wish {
            errors.insert(field, w.t(key));
        }
        let mut reports: Vec<String> = Vec::new();
        for code in self.reports.split(|c: char| c.is_whitespace() || c.is_control() || ",，、;；".contains(c)) {
            if !code.is_empty() && !reports.iter().any(|other| other == code) {
                reports.push(code.to_owned());
            }
        }
        if reports.len() > REPORTS {
            errors.insert("reports", w.tf("supervision-error-reports", &[("count", REPORTS.into())]));
        }
        match (kind, wish) {
            (Some(kind), Ok(wish)) if errors.is_empty() => {
                Ok(Checked { kind, company, subject, findings, asked, wish, reports })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use proptest::prelude::*;

    fn good() -> LetterForm {
        LetterForm {
            kind: "notice".into(),
            subject: "消防通道".into(),
            finding: vec!["3 栋通道堵塞".into(), " ".into(), "灭火器过期".into()],
            asked: "清理并换新".into(),
            days: "5".into(),
            reports: "A1，B2、A1".into(),
            ..LetterForm::default()
        }
    }

    #[test]
    fn a_good_form_says_all_and_each_mistake_has_its_field() {
        let w = Words::new(Lang::Zh);
        let checked = good().check(w).expect("good");
        assert_eq!(checked.findings.len(), 2);
        assert_eq!(checked.reports, ["A1", "B2"]);
        let cases: [(&str, LetterForm); 7] = [
            ("kind", LetterForm { kind: "x".into(), ..good() }),
            ("subject", LetterForm { subject: " ".into(), ..good() }),
            ("finding", LetterForm { finding: vec!["".into()], ..good() }),
            ("finding", LetterForm { finding: vec!["长".repeat(FINDING_CHARS + 1)], ..good() }),
            ("asked", LetterForm { asked: String::new(), ..good() }),
            ("days", LetterForm { days: "0".into(), ..good() }),
            ("reports", LetterForm { reports: (0..20).map(|n| format!("{n} ")).collect(), ..good() }),
        ];
        for (field, form) in cases {
            assert!(form.check(w).expect_err(field).contains_key(field), "{field}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_has_no_control_characters(subject in any::<String>(), finding in any::<String>()) {
            let form = LetterForm { subject, finding: vec![finding], ..good() };
            if let Ok(checked) = form.check(Words::new(Lang::En)) {
                prop_assert!(!checked.subject.contains(char::is_control));
                prop_assert!(checked.findings.iter().all(|(_, text)| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t'))));
            }
        }
    }
}
