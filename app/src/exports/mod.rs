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
    /// Ratings of visits.
    Ratings,
    /// Reports.
    Reports,
    /// What happened to reports.
    ReportEvents,
    /// Notices with whom they reached.
    Notices,
    /// Activities with how many signed up.
    SignUps,
    /// Questions under notices, without who asked.
    Questions,
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
    /// Sessions of joint meetings with their resolutions.
    Meetings,
    /// Counted results of ballots, without who voted what.
    Ballots,
    /// Consultations with how many chose what.
    Consultations,
    /// Agreements with partners and their tasks.
    Agreements,
    /// Activities of volunteer teams.
    TeamActivities,
    /// Service hours, without whose they are.
    ServiceHours,
    /// Points of patrols and how they looked.
    Patrols,
    /// Findings of vehicles, cameras and sensors.
    Findings,
    /// Grids with who answers for them and their buildings.
    Grids,
    /// Entries of the handbook.
    Handbook,
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
    /// Days of the statutory calendar.
    Calendar,
    /// The audit log.
    Audit,
}

impl Dataset {
    /// All tables.
    pub const ALL: [Dataset; 30] = [
        Dataset::Bookings,
        Dataset::Tickets,
        Dataset::Ratings,
        Dataset::Reports,
        Dataset::ReportEvents,
        Dataset::Notices,
        Dataset::SignUps,
        Dataset::Questions,
        Dataset::Supervision,
        Dataset::Matters,
        Dataset::Bulletins,
        Dataset::PropertyCompanies,
        Dataset::PropertyEntries,
        Dataset::Meetings,
        Dataset::Ballots,
        Dataset::Consultations,
        Dataset::Agreements,
        Dataset::TeamActivities,
        Dataset::ServiceHours,
        Dataset::Patrols,
        Dataset::Findings,
        Dataset::Grids,
        Dataset::Handbook,
        Dataset::People,
        Dataset::Organisations,
        Dataset::Buildings,
        Dataset::Items,
        Dataset::Categories,
        Dataset::Calendar,
        Dataset::Audit,
    ];

    /// In addresses and the audit log.
    pub fn code(self) -> &'static str {
        match self {
            Dataset::Bookings => "bookings",
            Dataset::Tickets => "tickets",
            Dataset::Ratings => "ratings",
            Dataset::Reports => "reports",
            Dataset::ReportEvents => "report-events",
            Dataset::Notices => "notices",
            Dataset::SignUps => "sign-ups",
            Dataset::Questions => "questions",
            Dataset::Supervision => "supervision",
            Dataset::Matters => "matters",
            Dataset::Bulletins => "bulletins",
            Dataset::PropertyCompanies => "property-companies",
            Dataset::PropertyEntries => "property-entries",
            Dataset::Meetings => "meetings",
            Dataset::Ballots => "ballots",
            Dataset::Consultations => "consultations",
            Dataset::Agreements => "agreements",
            Dataset::TeamActivities => "team-activities",
            Dataset::ServiceHours => "service-hours",
            Dataset::Patrols => "patrols",
            Dataset::Findings => "findings",
            Dataset::Grids => "grids",
            Dataset::Handbook => "handbook",
            Dataset::People => "people",
            Dataset::Organisations => "organisations",
            Dataset::Buildings => "buildings",
            Dataset::Items => "items",
            Dataset::Categories => "categories",
            Dataset::Calendar => "calendar",
            Dataset::Audit => "audit",
        }
    }

    /// The table with this code.
    pub fn from_code(code: &str) -> Option<Dataset> {
        Dataset::ALL.into_iter().find(|dataset| dataset.code() == code)
    }

    /// Catalogue key of the heading under which it is offered; those of one stand together in [`Dataset::ALL`].
    pub fn room(self) -> &'static str {
        match self {
            Dataset::Bookings | Dataset::Tickets | Dataset::Ratings => "exports-room-windows",
            Dataset::Reports | Dataset::ReportEvents => "exports-room-reports",
            Dataset::Notices | Dataset::SignUps | Dataset::Questions => "exports-room-notices",
            Dataset::Supervision | Dataset::Matters | Dataset::Bulletins => "exports-room-levels",
            Dataset::PropertyCompanies | Dataset::PropertyEntries => "exports-room-property",
            Dataset::Meetings | Dataset::Ballots | Dataset::Consultations => "exports-room-together",
            Dataset::Agreements | Dataset::TeamActivities | Dataset::ServiceHours => "exports-room-partners",
            Dataset::Patrols | Dataset::Findings | Dataset::Grids | Dataset::Handbook => "exports-room-grids",
            Dataset::People
            | Dataset::Organisations
            | Dataset::Buildings
            | Dataset::Items
            | Dataset::Categories
            | Dataset::Calendar => "exports-room-basics",
            Dataset::Audit => "exports-room-log",
        }
    }

    /// Catalogue keys of its name and of what a row is.
    pub fn keys(self) -> (&'static str, &'static str) {
        match self {
            Dataset::Bookings => ("exports-bookings", "exports-note-bookings"),
            Dataset::Tickets => ("exports-tickets", "exports-note-tickets"),
            Dataset::Ratings => ("exports-ratings", "exports-note-ratings"),
            Dataset::Reports => ("exports-reports", "exports-note-reports"),
            Dataset::ReportEvents => ("exports-report-events", "exports-note-report-events"),
            Dataset::Notices => ("exports-notices", "exports-note-notices"),
            Dataset::SignUps => ("exports-sign-ups", "exports-note-sign-ups"),
            Dataset::Questions => ("exports-questions", "exports-note-questions"),
            Dataset::Supervision => ("supervision-export", "supervision-export-note"),
            Dataset::Matters => ("matters-export", "matters-export-note"),
            Dataset::Bulletins => ("bulletins-export", "bulletins-export-note"),
            Dataset::PropertyCompanies => ("property-export-companies", "property-export-companies-note"),
            Dataset::PropertyEntries => ("property-export-entries", "property-export-entries-note"),
            Dataset::Meetings => ("exports-meetings", "exports-note-meetings"),
            Dataset::Ballots => ("exports-ballots", "exports-note-ballots"),
            Dataset::Consultations => ("exports-consultations", "exports-note-consultations"),
            Dataset::Agreements => ("exports-agreements", "exports-note-agreements"),
            Dataset::TeamActivities => ("exports-team-activities", "exports-note-team-activities"),
            Dataset::ServiceHours => ("exports-service-hours", "exports-note-service-hours"),
            Dataset::Patrols => ("exports-patrols", "exports-note-patrols"),
            Dataset::Findings => ("exports-findings", "exports-note-findings"),
            Dataset::Grids => ("exports-grids", "exports-note-grids"),
            Dataset::Handbook => ("exports-handbook", "exports-note-handbook"),
            Dataset::People => ("imports-kind-people", "exports-note-people"),
            Dataset::Organisations => ("imports-kind-organisations", "exports-note-organisations"),
            Dataset::Buildings => ("imports-kind-buildings", "exports-note-import"),
            Dataset::Items => ("imports-kind-items", "exports-note-everywhere"),
            Dataset::Categories => ("imports-kind-categories", "exports-note-everywhere"),
            Dataset::Calendar => ("exports-calendar", "exports-note-calendar"),
            Dataset::Audit => ("exports-audit", "exports-note-audit"),
        }
    }

    /// What whoever takes it must be allowed to do, besides [`Action::DataExport`].
    pub fn action(self) -> Action {
        match self {
            Dataset::Bookings | Dataset::Tickets => Action::AppointmentRead,
            Dataset::Reports | Dataset::ReportEvents => Action::ReportRead,
            Dataset::Ratings => Action::HallManage,
            Dataset::Notices | Dataset::SignUps => Action::NoticeRead,
            Dataset::Questions => Action::NoticeAnswer,
            Dataset::Supervision => Action::SupervisionRead,
            Dataset::Matters => Action::MatterRead,
            Dataset::Bulletins | Dataset::Meetings | Dataset::Ballots => Action::NetRead,
            Dataset::PropertyCompanies | Dataset::PropertyEntries => Action::PropertyRead,
            Dataset::Consultations => Action::ConsultationManage,
            Dataset::Agreements | Dataset::TeamActivities | Dataset::ServiceHours => Action::PartnerManage,
            Dataset::Patrols => Action::PatrolPlan,
            Dataset::Findings => Action::IntakeConfirm,
            Dataset::Grids => Action::GridRead,
            Dataset::Handbook => Action::HandbookRead,
            Dataset::People | Dataset::Organisations | Dataset::Buildings => Action::PeopleManage,
            Dataset::Items | Dataset::Calendar => Action::ItemRead,
            Dataset::Categories => Action::CategoryManage,
            Dataset::Audit => Action::AuditRead,
        }
    }

    /// Whether it is about a period; the others are as they are now.
    pub fn has_period(self) -> bool {
        !matches!(
            self,
            Dataset::Grids
                | Dataset::Handbook
                | Dataset::People
                | Dataset::Organisations
                | Dataset::Buildings
                | Dataset::Items
                | Dataset::Categories
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
