//! What another system may do with its key.

/// One thing that a key may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// File reports, and read in full those that it filed.
    ReportsFile,
    /// Read every report's words.
    ReportsRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 2] = [Scope::ReportsFile, Scope::ReportsRead];

    /// As stored and as operators type it.
    pub fn code(self) -> &'static str {
        match self {
            Scope::ReportsFile => "reports.file",
            Scope::ReportsRead => "reports.read",
        }
    }

    /// The scope with this code.
    pub fn from_code(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_names_its_scope() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_code(scope.code()), Some(scope));
        }
        assert_eq!(Scope::from_code("everything"), None);
    }
}
