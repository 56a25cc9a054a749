//! Partners and volunteers: agreements, teams, activities, service hours.

pub mod agreement;
pub mod fit;
pub mod hours;
mod kinds;
#[cfg(feature = "ssr")]
pub mod pages;

pub use kinds::{HourSource, HourState, MemberState, PartnerKind, TaskState, Times, Whose, listed};

/// Longest name of a partner, a team, an agreement, a task or a training, in characters.
pub const NAME_CHARS: usize = 60;
/// Longest text: purpose, what each side gives, a note, in characters.
pub const TEXT_CHARS: usize = 1000;
/// Longest line: what was done, why not, in characters.
pub const LINE_CHARS: usize = 200;
/// Most tasks of an agreement.
pub const TASKS_MAX: i64 = 100;

/// A telephone number of a partner as shown: 138****0001, ****4567. It may be of a desk and have an extension.
pub fn mask_contact(number: &str) -> String {
    if let Ok(phone) = crate::people::Phone::parse(number) {
        return phone.masked();
    }
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let shown = digits.len().saturating_sub(4).max(digits.len() / 2);
    format!("****{}", digits[shown..].iter().collect::<String>())
}

/// Whether a text can be a telephone number: 5 to 20 digits with what people put between them.
pub fn is_contact(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let plain = number.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')'));
    plain && (5..=20).contains(&digits) && number.chars().count() <= 30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_never_shown_whole() {
        assert_eq!(mask_contact("19900000001"), "199****0001");
        assert_eq!(mask_contact("0571-8888 1234"), "****1234");
        assert_eq!(mask_contact("12345"), "****345");
        assert!(is_contact("0571-88881234") && is_contact("95598"));
        assert!(!is_contact("1234") && !is_contact("call me") && !is_contact(""));
    }
}
