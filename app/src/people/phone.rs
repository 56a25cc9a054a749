//! Mobile numbers of mainland China.

use std::fmt;

/// A mobile number: eleven digits beginning with 1 (工信部电信网编号计划). Printing it shows the masked form;
/// [`Phone::digits`] is the one way to the whole number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// Why a text is no mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was typed.
    Empty,
    /// Not eleven digits beginning with 1.
    Shape,
}

impl Phone {
    /// Reads a number as people type it: spaces, hyphens, full-width digits and a leading +86 are fine.
    pub fn parse(text: &str) -> Result<Phone, PhoneError> {
        let mut digits = String::with_capacity(14);
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '\u{ff10}'..='\u{ff19}' => {
                    digits.extend(char::from_digit(u32::from(c) - 0xff10, 10));
                }
                ' ' | '-' | '\u{3000}' | '(' | ')' => {}
                '+' if digits.is_empty() => {}
                _ => return Err(PhoneError::Shape),
            }
        }
        if digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        if digits.len() == 13 && digits.starts_with("86") {
            digits.drain(..2);
        }
        if digits.len() == 11 && digits.starts_with('1') { Ok(Phone(digits)) } else { Err(PhoneError::Shape) }
    }

    /// All eleven digits. For delivery and encryption only, never for a page or a log.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As shown on screen: 138****0001.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for text in ["19900000001", " 199 0000 0001 ", "+86 199-0000-0001", "１９９０００００００１"] {
            assert_eq!(Phone::parse(text).map(|p| p.digits().to_owned()), Ok("19900000001".to_owned()), "{text}");
        }
        assert_eq!(Phone::parse("  "), Err(PhoneError::Empty));
        for text in ["1990000000", "29900000001", "199000000012", "1990000000a", "<script>"] {
            assert_eq!(Phone::parse(text), Err(PhoneError::Shape), "{text}");
        }
    }

    #[test]
    fn only_the_masked_number_is_printed() {
        let phone = Phone::parse("19900000001").expect("valid");
        assert_eq!(format!("{phone:?}"), "199****0001");
    }
}
