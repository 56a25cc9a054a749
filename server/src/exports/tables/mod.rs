//! The tables that no import takes: their columns, and the statement whose columns they are. `$1` is the path of a subtree,
//! `$2` and `$3` the begin and end of a period as [`Over`] says. A statement gives no more than the pages of its room show to those who
//! may have the table, and no telephone number.

mod levels;
mod meetings;
mod net;
mod notices;
mod partners;
mod reports;
mod windows;

use app::exports::Dataset;

/// What a column holds, and how it is written.
#[derive(Clone, Copy)]
pub enum Holds {
    /// A text.
    Text,
    /// A number.
    Whole,
    /// An instant in microseconds.
    Instant,
    /// Two columns: Chinese and English, of which the reader's is written.
    Pick,
    /// A code with a word on screen, by its catalogue key.
    Word(fn(&str) -> Option<&'static str>),
}

/// A column: catalogue key of its heading, and what it holds.
pub type Column = (&'static str, Holds);

/// What `$2` and `$3` are.
#[derive(Clone, Copy)]
pub enum Over {
    /// Microseconds: from, and until before.
    Instants,
    /// The first and the last day, `YYYY-MM-DD`.
    Days,
    /// There are none: the table is as it is now.
    Now,
}

/// A table.
pub struct Table {
    /// What its period is made of.
    pub over: Over,
    /// Its columns.
    pub columns: &'static [Column],
    /// The statement, in the order of the columns.
    pub sql: &'static str,
}

use Holds::{Instant, Text};
use Over::Instants;

static AUDIT: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-at", Instant),
        ("exports-column-as", Text),
        ("exports-column-by", Text),
        ("exports-column-step", Text),
        ("exports-column-object", Text),
        ("exports-column-id", Text),
        ("exports-column-detail", Text),
        ("exports-column-request", Text),
    ],
    // The log belongs to no place, as on its page.
    sql: "SELECT a.at, a.actor_kind, COALESCE(p.name, ''), a.action, a.object_kind, a.object_id, a.detail, a.request_id \
          FROM audit_log a LEFT JOIN person p ON p.id = a.actor_id \
          WHERE length($1) >= 0 AND a.at >= $2 AND a.at < $3 ORDER BY a.id",
};

/// The table, unless it is written otherwise: as an import takes it, or counted by its room.
pub fn table(dataset: Dataset) -> Option<&'static Table> {
    match dataset {
        Dataset::Bookings => Some(&windows::BOOKINGS),
        Dataset::Tickets => Some(&windows::TICKETS),
        Dataset::Ratings => Some(&windows::RATINGS),
        Dataset::Reports => Some(&reports::REPORTS),
        Dataset::ReportEvents => Some(&reports::REPORT_EVENTS),
        Dataset::Notices => Some(&notices::NOTICES),
        Dataset::SignUps => Some(&notices::SIGN_UPS),
        Dataset::Questions => Some(&notices::QUESTIONS),
        Dataset::Supervision => Some(&levels::SUPERVISION),
        Dataset::Matters => Some(&levels::MATTERS),
        Dataset::Bulletins => Some(&levels::BULLETINS),
        Dataset::Grids => Some(&net::GRIDS),
        Dataset::Patrols => Some(&net::PATROLS),
        Dataset::Findings => Some(&net::FINDINGS),
        Dataset::Handbook => Some(&net::HANDBOOK),
        Dataset::Meetings => Some(&meetings::MEETINGS),
        Dataset::Ballots => Some(&meetings::BALLOTS),
        Dataset::Agreements => Some(&partners::AGREEMENTS),
        Dataset::TeamActivities => Some(&partners::TEAM_ACTIVITIES),
        Dataset::ServiceHours => Some(&partners::SERVICE_HOURS),
        Dataset::Audit => Some(&AUDIT),
        Dataset::PropertyCompanies | Dataset::PropertyEntries | Dataset::Consultations | Dataset::Calendar => None,
        Dataset::People | Dataset::Organisations | Dataset::Buildings | Dataset::Items | Dataset::Categories => None,
    }
}
