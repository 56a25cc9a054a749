//! A call, typed in by staff: from the hotline, from 110, or from a platform above.

use super::form::ReportForm;

/// Longest name of a caller, in characters.
pub const MAX_CALLER: usize = 30;
/// Longest number that another side gave to a call, in characters.
pub const MAX_FOREIGN: usize = 40;

/// Where a call came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// 12345.
    Hotline,
    /// 110.
    Police,
    /// A platform of the street, the district or the city.
    Platform,
}

impl Origin {
    /// Every way.
    pub const ALL: [Origin; 3] = [Origin::Hotline, Origin::Police, Origin::Platform];

    /// As forms send it.
    pub fn code(self) -> &'static str {
        match self {
            Origin::Hotline => "hotline",
            Origin::Police => "police",
            Origin::Platform => "platform",
        }
    }

    /// The way with this code.
    pub fn from_code(code: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|from| from.code() == code)
    }

    /// As stored in `transferred_from`: empty for what came by the hotline itself.
    pub fn stored(self) -> &'static str {
        if self == Origin::Hotline { "" } else { self.code() }
    }

    /// Catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Origin::Hotline => "reports-from-hotline",
            Origin::Police => "reports-from-police",
            Origin::Platform => "reports-from-platform",
        }
    }
}

/// A text that is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

/// A telephone number as callers leave it: a mobile, or a landline with or without its area code. Printing it shows
/// nothing; [`Number::digits`] is the one way to the whole number.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Reads it: 7 to 12 digits, with spaces, hyphens, brackets and a leading +86 as people type them. `Ok(None)` for
    /// nothing.
    pub fn parse(text: &str) -> Result<Option<Number>, NotANumber> {
        let mut digits = String::new();
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '\u{ff10}'..='\u{ff19}' => digits.extend(char::from_digit(u32::from(c) - 0xff10, 10)),
                ' ' | '-' | '(' | ')' | '\u{3000}' | '（' | '）' | '－' => {}
                '+' if digits.is_empty() => {}
                _ => return Err(NotANumber),
            }
        }
        if digits.len() == 13 && digits.starts_with("861") {
            digits.drain(..2);
        }
        match digits.len() {
            0 if text.trim().is_empty() => Ok(None),
            7..=12 => Ok(Some(Number(digits))),
            _ => Err(NotANumber),
        }
    }

    /// All digits. For encryption and for staff who call back, never for a list or a log.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As shown on screen: the first three and the last two to four digits.
    pub fn masked(&self) -> String {
        let shown = if self.0.len() >= 11 { 4 } else { 2 };
        format!("{}****{}", &self.0[..3], &self.0[self.0.len() - shown..])
    }
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A call as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallForm {
    /// What is wrong and where; `contact` is the caller's number.
    pub report: ReportForm,
    /// Where it came from, as sent.
    pub from: String,
    /// The number that the other side gave it.
    pub foreign: String,
    /// The caller's name.
    pub caller: String,
}

impl CallForm {
    /// What is wrong with what a resident's form does not have: field and catalogue key. The rest is judged when the
    /// report is filed.
    pub fn mistakes(&self) -> Vec<(&'static str, &'static str)> {
        let mut mistakes = Vec::new();
        if Origin::from_code(&self.from).is_none() {
            mistakes.push(("from", "call-error-from"));
        }
        if self.foreign.trim().chars().count() > MAX_FOREIGN {
            mistakes.push(("foreign", "call-error-foreign"));
        }
        if self.caller.trim().chars().count() > MAX_CALLER {
            mistakes.push(("caller", "call-error-caller"));
        }
        if Number::parse(&self.report.contact).is_err() {
            mistakes.push(("contact", "call-error-number"));
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_all_kinds_are_read_and_masked() {
        let cases = [
            ("138 1234 0000", "13812340000", "138****0000"),
            ("+86 138-1234-0000", "13812340000", "138****0000"),
            ("（0510）8888 1234", "051088881234", "051****1234"),
            ("88881234", "88881234", "888****34"),
        ];
        for (text, digits, masked) in cases {
            let number = Number::parse(text).expect("a number").expect("something");
            assert_eq!((number.digits(), number.masked().as_str()), (digits, masked), "{text}");
            assert!(!format!("{number:?}").contains(digits));
        }
        assert_eq!(Number::parse("  "), Ok(None));
        for text in ["12345", "-", "1381234000000", "138a1234000", "<script>"] {
            assert_eq!(Number::parse(text), Err(NotANumber), "{text}");
        }
    }

    #[test]
    fn each_mistake_is_named() {
        let good = CallForm { from: "police".into(), ..CallForm::default() };
        assert!(good.mistakes().is_empty(), "caller and number may stay unknown");
        let number = ReportForm { contact: "12".into(), ..ReportForm::default() };
        let cases = [
            (CallForm { from: "resident".into(), ..good.clone() }, "from"),
            (CallForm { foreign: "9".repeat(MAX_FOREIGN + 1), ..good.clone() }, "foreign"),
            (CallForm { caller: "长".repeat(MAX_CALLER + 1), ..good.clone() }, "caller"),
            (CallForm { report: number, ..good }, "contact"),
        ];
        for (form, field) in cases {
            assert_eq!(form.mistakes().first().map(|(field, _)| *field), Some(field));
        }
    }

    proptest! {
        #[test]
        fn a_masked_number_never_holds_the_whole(digits in "[0-9]{7,12}") {
            let number = Number::parse(&digits).expect("a number").expect("something");
            prop_assert!(number.masked().bytes().filter(u8::is_ascii_digit).count() < number.digits().len());
        }
    }
}
