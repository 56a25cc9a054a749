//! What is typed at the door: the one-time code and the name.

/// Digits of a login code and of a second factor's code.
pub const CODE_DIGITS: usize = 6;
/// A login code is good for so many minutes.
pub const CODE_MINUTES: i64 = 5;
/// Wrong tries after which a login code is dead.
pub const CODE_TRIES: i64 = 5;
/// Longest name, in characters: long minority names with their dots fit (最长约 25 字).
pub const NAME_MAX: usize = 30;

/// Reads a one-time code as people type it: spaces and full-width digits are fine. `None` when it is not six digits.
pub fn read_code(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(CODE_DIGITS);
    for c in text.chars().take(64) {
        match c {
            '0'..='9' => digits.push(c),
            '\u{ff10}'..='\u{ff19}' => digits.extend(char::from_digit(u32::from(c) - 0xff10, 10)),
            c if c.is_whitespace() || c == '-' => {}
            _ => return None,
        }
    }
    (digits.len() == CODE_DIGITS).then_some(digits)
}

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// Longer than [`NAME_MAX`] characters.
    Long,
    /// Control characters or line breaks.
    Shape,
}

/// Reads a name: trimmed, inner white space made single. Markup is not refused: pages escape it.
pub fn read_name(text: &str) -> Result<String, NameError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.chars().count() > NAME_MAX {
        return Err(NameError::Long);
    }
    // Zero-width and direction-changing characters could make one name look like another.
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if name.chars().any(odd) {
        return Err(NameError::Shape);
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for text in ["246810", " 246 810 ", "２４６８１０", "246-810"] {
            assert_eq!(read_code(text).as_deref(), Some("246810"), "{text}");
        }
        for text in ["", "24681", "2468100", "24681a", "1".repeat(10_000).as_str()] {
            assert_eq!(read_code(text), None);
        }
    }

    #[test]
    fn names_are_trimmed_and_limited() {
        assert_eq!(read_name("  林 晓禾 ").as_deref(), Ok("林 晓禾"));
        assert_eq!(read_name("阿卜杜拉·买买提").as_deref(), Ok("阿卜杜拉·买买提"));
        assert_eq!(read_name(" \n "), Err(NameError::Empty));
        assert_eq!(read_name(&"长".repeat(NAME_MAX + 1)), Err(NameError::Long));
        assert_eq!(read_name("a\u{0}b"), Err(NameError::Shape));
        assert_eq!(read_name("a\u{202e}b"), Err(NameError::Shape));
        assert_eq!(read_name("<b>x</b>").as_deref(), Ok("<b>x</b>"));
    }
}
