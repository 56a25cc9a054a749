//! An e-mail address as typed.

/// Longest address, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_MAX: usize = 254;

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing was typed.
    Empty,
    /// It has not the shape of an address.
    Shape,
}

/// Reads an address: spaces around it go, its domain is made lower case. Full-width characters from a Chinese keyboard
/// are taken for what they mean. Whether a mailbox answers there, only a letter tells.
pub fn read_email(typed: &str) -> Result<String, EmailError> {
    let typed: String = typed
        .trim()
        .chars()
        .take(EMAIL_MAX + 1)
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '。' => '.',
            other => other,
        })
        .collect();
    if typed.is_empty() {
        return Err(EmailError::Empty);
    }
    let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::Shape)?;
    let domain = domain.to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() < 64
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let good = typed.len() <= EMAIL_MAX
        && (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label);
    if good { Ok(format!("{local}@{domain}")) } else { Err(EmailError::Shape) }
}

/// The address as shown on screen: its first character and its domain.
pub fn mask_email(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().next().unwrap_or('*')),
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        assert_eq!(read_email(" Lin.xh@Example.CN ").as_deref(), Ok("Lin.xh@example.cn"));
        assert_eq!(read_email("ｌｉｎ＠ｅｘａｍｐｌｅ。cn").as_deref(), Ok("lin@example.cn"));
        assert_eq!(read_email("  "), Err(EmailError::Empty));
        for bad in [
            "lin",
            "@example.cn",
            "lin@",
            "lin@example",
            "a b@example.cn",
            "lin@-x.cn",
            "li..n@example.cn",
            "lin@example.cn\r\nBcc: all@example.cn",
            "<lin@example.cn>",
            &"a".repeat(100_000),
        ] {
            assert_eq!(read_email(bad), Err(EmailError::Shape), "{bad}");
        }
        assert_eq!(mask_email("lin@example.cn"), "l***@example.cn");
    }
}
