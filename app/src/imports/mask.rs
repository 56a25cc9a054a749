//! Telephone numbers in what is shown again, whatever cell they were written in.

/// The text with every run of seven or more digits masked, as numbers are on screen: 138****0001. Blanks and hyphens
/// between digits do not end a run; full-width digits are digits.
pub fn mask_numbers(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let between = |c: char| matches!(c, ' ' | '-' | '\u{3000}' | '(' | ')');
    let chars: Vec<char> = text.chars().collect();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if !is_digit(chars[at]) {
            masked.push(chars[at]);
            at += 1;
            continue;
        }
        let (mut end, mut next) = (at, at);
        while next < chars.len() && (is_digit(chars[next]) || between(chars[next])) {
            if is_digit(chars[next]) {
                end = next + 1;
            }
            next += 1;
        }
        let digits: Vec<char> = chars[at..end].iter().copied().filter(|c| is_digit(*c)).collect();
        if digits.len() < 7 {
            masked.extend(&chars[at..end]);
        } else {
            let last = (digits.len() - 6).min(4);
            masked.extend(&digits[..3]);
            masked.push_str("****");
            masked.extend(&digits[digits.len() - last..]);
        }
        at = end;
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::mask_numbers;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_masked_and_the_rest_stays() {
        for (text, masked) in [
            ("19900000001", "199****0001"),
            ("王芳 199-0000-0001（家）", "王芳 199****0001（家）"),
            ("１９９００００ ０００１", "１９９****０００１"),
            ("3 号楼 2 单元 1201", "3 号楼 2 单元 1201"),
            ("1990000000", "199****0000"),
            ("1234567", "123****7"),
            ("", ""),
        ] {
            assert_eq!(mask_numbers(text), masked, "{text}");
        }
    }

    proptest! {
        /// No whole mobile number is left in what is shown, wherever it stood.
        #[test]
        fn no_number_is_left(before in "[^0-9０-９]{0,5}", number in "1[0-9]{10}", after in "[^0-9０-９]{0,5}") {
            let masked = mask_numbers(&format!("{before}{number}{after}"));
            prop_assert!(!masked.contains(&number));
            prop_assert!(masked.contains("****"));
        }
    }
}
