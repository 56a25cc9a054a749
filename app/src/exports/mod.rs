//! Exports: which tables there are, who may have them, and cells that no spreadsheet takes for a formula.

pub mod pages;

use crate::people::Action;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dataset {
    /// Bookings.
    Bookings,
    /// Tickets of the halls, each state an interval.
    Tickets,
    /// Reports.
    Reports,
    /// What happened to reports.
    ReportEvents,
    /// Notices with whom they reached.
    Notices,
    /// Activities with how many signed up.
    SignUps,
    /// Orders of supervision and rectification notices.
    Supervision,
    /// Matters between levels and platforms.
    Matters,
    /// Weekly and monthly bulletins.
    Bulletins,
    /// Property companies with their level.
    PropertyCompanies,
    /// Credit entries of property companies.
    PropertyEntries,
    /// People with their roles, as an import takes them.
    People,
    /// The organisation tree above buildings, as an import takes it.
    Organisations,
    /// Buildings, as an import takes them.
    Buildings,
    /// Service items, as an import takes them.
    Items,
    /// Categories, as an import takes them.
    Categories,
    /// The audit log.
    Audit,
}

impl Dataset {
    /// All tables.
    pub const ALL: [Dataset; 17] = [
        Dataset::Bookings,
        Dataset::Tickets,
        Dataset::Reports,
        Dataset::ReportEvents,
        Dataset::Notices,
        Dataset::SignUps,
        Dataset::Supervision,
        Dataset::Matters,
        Dataset::Bulletins,
        Dataset::PropertyCompanies,
        Dataset::PropertyEntries,
        Dataset::People,
        Dataset::Organisations,
        Dataset::Buildings,
        Dataset::Items,
        Dataset::Categories,
        Dataset::Audit,
    ];

    /// In addresses and the audit log.
    pub fn code(self) -> &'static str {
        match self {
            Dataset::Bookings => "bookings",
            Dataset::Tickets => "tickets",
            Dataset::Reports => "reports",
            Dataset::ReportEvents => "report-events",
            Dataset::Notices => "notices",
            Dataset::SignUps => "sign-ups",
            Dataset::Supervision => "supervision",
            Dataset::Matters => "matters",
            Dataset::Bulletins => "bulletins",
            Dataset::PropertyCompanies => "property-companies",
            Dataset::PropertyEntries => "property-entries",
            Dataset::People => "people",
            Dataset::Organisations => "organisations",
            Dataset::Buildings => "buildings",
            Dataset::Items => "items",
            Dataset::Categories => "categories",
            Dataset::Audit => "audit",
        }
    }

    /// The table with this code.
    pub fn from_code(code: &str) -> Option<Dataset> {
        Dataset::ALL.into_iter().find(|dataset| dataset.code() == code)
    }

    /// Catalogue keys of its name and of what a row is.
    pub fn keys(self) -> (&'static str, &'static str) {
        match self {
            Dataset::Bookings => ("exports-bookings", "exports-note-bookings"),
            Dataset::Tickets => ("exports-tickets", "exports-note-tickets"),
            Dataset::Reports => ("exports-reports", "exports-note-reports"),
            Dataset::ReportEvents => ("exports-report-events", "exports-note-report-events"),
            Dataset::Notices => ("exports-notices", "exports-note-notices"),
            Dataset::SignUps => ("exports-sign-ups", "exports-note-sign-ups"),
            Dataset::Supervision => ("supervision-export", "supervision-export-note"),
            Dataset::Matters => ("matters-export", "matters-export-note"),
            Dataset::Bulletins => ("bulletins-export", "bulletins-export-note"),
            Dataset::PropertyCompanies => ("property-export-companies", "property-export-companies-note"),
            Dataset::PropertyEntries => ("property-export-entries", "property-export-entries-note"),
            Dataset::People => ("imports-kind-people", "exports-note-people"),
            Dataset::Organisations => ("imports-kind-organisations", "exports-note-organisations"),
            Dataset::Buildings => ("imports-kind-buildings", "exports-note-import"),
            Dataset::Items => ("imports-kind-items", "exports-note-everywhere"),
            Dataset::Categories => ("imports-kind-categories", "exports-note-everywhere"),
            Dataset::Audit => ("exports-audit", "exports-note-audit"),
        }
    }

    /// What whoever takes it must be allowed to do, besides [`Action::DataExport`].
    pub fn action(self) -> Action {
        match self {
            Dataset::Bookings | Dataset::Tickets => Action::AppointmentRead,
            Dataset::Reports | Dataset::ReportEvents => Action::ReportRead,
            Dataset::Notices | Dataset::SignUps => Action::NoticeRead,
            Dataset::Supervision => Action::SupervisionRead,
            Dataset::Matters => Action::MatterRead,
            Dataset::Bulletins => Action::NetRead,
            Dataset::PropertyCompanies | Dataset::PropertyEntries => Action::PropertyRead,
            Dataset::People | Dataset::Organisations | Dataset::Buildings => Action::PeopleManage,
            Dataset::Items => Action::ItemRead,
            Dataset::Categories => Action::CategoryManage,
            Dataset::Audit => Action::AuditRead,
        }
    }

    /// Whether it is about a period; the others are as they are now.
    pub fn has_period(self) -> bool {
        !matches!(
            self,
            Dataset::People | Dataset::Organisations | Dataset::Buildings | Dataset::Items | Dataset::Categories
        )
    }
}

/// What a spreadsheet takes for the begin of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that no spreadsheet takes for a formula: an apostrophe goes before one that could be. Numbers stay.
pub fn harmless(text: &str) -> String {
    let formula = text.trim_start_matches('\'').starts_with(FORMULA) || text.starts_with('\n');
    if formula && text.parse::<f64>().is_err() { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`harmless`] was given.
pub fn meant(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_formula_becomes_a_text_and_a_number_stays() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("-1+1", "'-1+1"),
            ("-120.5", "-120.5"),
            ("+86 138", "'+86 138"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'=1", "''=1"),
            ("梧桐社区", "梧桐社区"),
            ("'s Gravenhage", "'s Gravenhage"),
        ] {
            assert_eq!(harmless(text), cell);
            assert_eq!(meant(cell), text);
        }
        for dataset in Dataset::ALL {
            assert_eq!(Dataset::from_code(dataset.code()), Some(dataset));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_meant(text in "['=+@a1-]{0,6}") {
            let cell = harmless(&text);
            prop_assert_eq!(meant(&cell), text.as_str());
            prop_assert!(!cell.starts_with(['=', '@']));
            prop_assert!(!cell.starts_with(['+', '-']) || cell.parse::<f64>().is_ok());
        }
    }
}
