//! The form with which a report is filed: what was typed, and what is wrong with it.

use super::{MAX_PLACE, MAX_TEXT, place::Position};
use crate::people::{Phone, PhoneError};

/// What was typed into the form, as it came. Nothing is trusted yet; everything is shown again after a mistake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportForm {
    /// Random key made when the form was shown: one key, one report.
    pub key: String,
    /// Code of the category.
    pub category: String,
    /// Code of the building, may be empty.
    pub building: String,
    /// The place in words, may be empty when there is a building or a position.
    pub place: String,
    /// Degrees, may be empty.
    pub longitude: String,
    /// Degrees, may be empty.
    pub latitude: String,
    /// What is wrong there.
    pub description: String,
    /// Handlers do not learn the reporter's name.
    pub name_hidden: bool,
    /// Staff do not learn it either.
    pub unknown_to_staff: bool,
    /// Telephone number of a reporter without an account, may be empty.
    pub contact: String,
}

impl ReportForm {
    /// The position, if there is one.
    pub fn position(&self) -> Option<Position> {
        Position::parse(&self.longitude, &self.latitude)
    }

    /// What is wrong, as far as it can be seen without the database: field and catalogue key.
    pub fn mistakes(&self) -> Vec<(&'static str, &'static str)> {
        let mut mistakes = Vec::new();
        let long = |text: &str, most: usize| text.chars().count() > most;
        if self.category.is_empty() {
            mistakes.push(("category", "reports-error-category"));
        }
        if self.building.is_empty() && self.place.trim().is_empty() && self.position().is_none() {
            mistakes.push(("building", "reports-error-place"));
        }
        if long(&self.place, MAX_PLACE) {
            mistakes.push(("place", "reports-error-place-long"));
        }
        if self.description.trim().is_empty() {
            mistakes.push(("description", "reports-error-description"));
        } else if long(&self.description, MAX_TEXT) {
            mistakes.push(("description", "reports-error-description-long"));
        }
        if Phone::parse(&self.contact) == Err(PhoneError::Shape) {
            mistakes.push(("contact", "reports-error-contact"));
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ReportForm {
        ReportForm {
            category: "street-light".into(),
            building: "wutong-3".into(),
            description: "路灯不亮".into(),
            ..ReportForm::default()
        }
    }

    #[test]
    fn a_good_form_has_no_mistakes_and_each_mistake_is_named() {
        assert!(good().mistakes().is_empty());
        let cases = [
            (ReportForm { category: String::new(), ..good() }, "category"),
            (ReportForm { building: String::new(), ..good() }, "building"),
            (ReportForm { description: " \n".into(), ..good() }, "description"),
            (ReportForm { description: "长".repeat(MAX_TEXT + 1), ..good() }, "description"),
            (ReportForm { place: "长".repeat(MAX_PLACE + 1), ..good() }, "place"),
            (ReportForm { contact: "12".into(), ..good() }, "contact"),
        ];
        for (form, field) in cases {
            assert_eq!(form.mistakes().first().map(|(field, _)| *field), Some(field));
        }
    }

    #[test]
    fn a_place_may_be_a_building_words_or_a_position() {
        let none = ReportForm { building: String::new(), ..good() };
        assert!(ReportForm { place: "南门".into(), ..none.clone() }.mistakes().is_empty());
        let position = ReportForm { longitude: "120.3".into(), latitude: "31.5".into(), ..none };
        assert!(position.mistakes().is_empty());
    }
}
