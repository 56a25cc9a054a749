//! For whom a visit is, and what is needed.

use super::{MAX_NAME, MAX_NEED};

/// What was entered: as the form sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForWhomForm {
    /// It is for a relative (代办).
    pub relative: bool,
    /// The relative's name.
    pub name: String,
    /// What the relative is to the person.
    pub relation: String,
    /// The relative agrees.
    pub consent: bool,
    /// What is needed: wheelchair, sign language, a visit at home; may be empty.
    pub need: String,
}

impl ForWhomForm {
    /// What is wrong: the field and the catalogue key of what to say beside it. Name, relation and consent are only
    /// asked for a relative.
    pub fn mistakes(&self) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        let length = |text: &str| text.trim().chars().count();
        if self.relative {
            if !(1..=MAX_NAME).contains(&length(&self.name)) {
                wrong.push(("for_name", "booking-for-name-missing"));
            }
            if !(1..=MAX_NAME).contains(&length(&self.relation)) {
                wrong.push(("for_relation", "booking-for-relation-missing"));
            }
            if !self.consent {
                wrong.push(("consent", "booking-for-consent-missing"));
            }
        }
        if length(&self.need) > MAX_NEED {
            wrong.push(("need", "booking-need-long"));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::ForWhomForm;

    #[test]
    fn a_relative_needs_name_relation_and_consent() {
        let own = ForWhomForm { name: "x".repeat(1000), ..ForWhomForm::default() };
        assert_eq!(own.mistakes(), [], "not asked for oneself");
        let bare = ForWhomForm { relative: true, ..ForWhomForm::default() };
        assert_eq!(bare.mistakes().len(), 3);
        let fine = ForWhomForm {
            relative: true,
            name: "林秀英".into(),
            relation: "母亲".into(),
            consent: true,
            need: "轮椅".into(),
        };
        assert_eq!(fine.mistakes(), []);
        assert_eq!(ForWhomForm { need: "需".repeat(201), ..fine }.mistakes().len(), 1);
    }
}
