//! What a personal token opens: rooms of the JSON API, each for reading or for writing as well. Whatever it opens, it does
//! there what its person may do and no more.

use std::{collections::BTreeMap, fmt};

/// A part of the JSON API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// One's own profile, inbox and what one follows.
    Me,
    /// Service items, free times, one's own visits and numbers.
    Appointments,
    /// Reports as residents see and file them.
    Reports,
    /// Notices, activities and questions.
    Notices,
    /// Reports that one handles, and what is found on patrol.
    Tasks,
    /// The dispatch desk.
    StaffReports,
    /// Halls, counters and bookings for residents.
    StaffWindows,
    /// Drafts, reviews and figures of notices, answers to questions.
    StaffNotices,
    /// Figures.
    StaffStatistics,
    /// The net: grids, levels, supervision, property companies, meetings, partners.
    StaffNet,
    /// Settings, and what administrators do: webhooks, imports, exports, archives, jobs, the audit log.
    StaffSettings,
}

/// Where each room is: the first of these that an address begins with says which. Below `/api/v1/`.
const PLACES: [(&str, Room); 52] = [
    ("me/appointments", Room::Appointments),
    ("me/waiting", Room::Appointments),
    ("me/blocks", Room::Appointments),
    ("me/reports", Room::Reports),
    ("me/sign-ups", Room::Notices),
    ("me", Room::Me),
    ("appointments", Room::Appointments),
    ("holds", Room::Appointments),
    ("waiting", Room::Appointments),
    ("tickets", Room::Appointments),
    ("services", Room::Appointments),
    ("halls", Room::Appointments),
    ("reports/collect", Room::Tasks),
    ("reports", Room::Reports),
    ("photos", Room::Reports),
    ("categories", Room::Reports),
    ("communities", Room::Reports),
    ("notices", Room::Notices),
    ("tasks", Room::Tasks),
    ("staff/reports", Room::StaffReports),
    ("staff/notices", Room::StaffNotices),
    ("staff/questions", Room::StaffNotices),
    ("staff/statistics", Room::StaffStatistics),
    ("staff/settings", Room::StaffSettings),
    ("staff/webhooks", Room::StaffSettings),
    ("staff/imports", Room::StaffSettings),
    ("staff/exports", Room::StaffSettings),
    ("staff/archives", Room::StaffSettings),
    ("staff/jobs", Room::StaffSettings),
    ("staff/audit", Room::StaffSettings),
    ("staff/net", Room::StaffNet),
    ("staff/grids", Room::StaffNet),
    ("staff/supervision", Room::StaffNet),
    ("staff/bulletins", Room::StaffNet),
    ("staff/matters", Room::StaffNet),
    // Upper platforms, which sign what they send and have no token.
    ("matters", Room::StaffNet),
    ("staff/property", Room::StaffNet),
    ("staff/meetings", Room::StaffNet),
    ("staff/consultations", Room::StaffNet),
    ("staff/partners", Room::StaffNet),
    ("staff/handbook", Room::StaffNet),
    ("staff/patrols", Room::StaffNet),
    ("staff/intake", Room::StaffNet),
    ("staff/calls", Room::StaffNet),
    ("bulletins", Room::Notices),
    ("consultations", Room::Notices),
    ("meetings", Room::Notices),
    ("companies", Room::Reports),
    ("teams", Room::Notices),
    ("property", Room::Reports),
    ("patrols", Room::Tasks),
    ("intake", Room::Tasks),
];

/// The same for the rest of the windows' staff.
const WINDOWS: [&str; 8] = [
    "staff/counter",
    "staff/halls",
    "staff/appointments",
    "staff/check-in",
    "staff/reception",
    "staff/tickets",
    "staff/ratings",
    "staff/blocks",
];

fn begins(path: &str, with: &str) -> bool {
    path.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Room {
    /// Every room, in the order in which they are offered.
    pub const ALL: [Room; 11] = [
        Room::Me,
        Room::Appointments,
        Room::Reports,
        Room::Notices,
        Room::Tasks,
        Room::StaffReports,
        Room::StaffWindows,
        Room::StaffNotices,
        Room::StaffStatistics,
        Room::StaffNet,
        Room::StaffSettings,
    ];

    /// As stored, and the name of its field in the form.
    pub fn code(self) -> &'static str {
        match self {
            Room::Me => "me",
            Room::Appointments => "appointments",
            Room::Reports => "reports",
            Room::Notices => "notices",
            Room::Tasks => "tasks",
            Room::StaffReports => "staff.reports",
            Room::StaffWindows => "staff.windows",
            Room::StaffNotices => "staff.notices",
            Room::StaffStatistics => "staff.statistics",
            Room::StaffNet => "staff.net",
            Room::StaffSettings => "staff.settings",
        }
    }

    /// Catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Room::Me => "token-room-me",
            Room::Appointments => "token-room-appointments",
            Room::Reports => "token-room-reports",
            Room::Notices => "token-room-notices",
            Room::Tasks => "token-room-tasks",
            Room::StaffReports => "token-room-staff-reports",
            Room::StaffWindows => "token-room-staff-windows",
            Room::StaffNotices => "token-room-staff-notices",
            Room::StaffStatistics => "token-room-staff-statistics",
            Room::StaffNet => "token-room-staff-net",
            Room::StaffSettings => "token-room-staff-settings",
        }
    }

    /// The room with this code.
    pub fn from_code(code: &str) -> Option<Room> {
        Room::ALL.into_iter().find(|room| room.code() == code)
    }

    /// Whether one works there rather than looks after one's own things.
    pub fn is_work(self) -> bool {
        self >= Room::Tasks
    }

    /// The room of an address of the API; `None`: of none that tokens open.
    pub fn of(path: &str) -> Option<Room> {
        let path = path.strip_prefix("/api/v1/")?;
        if WINDOWS.into_iter().any(|place| begins(path, place)) {
            return Some(Room::StaffWindows);
        }
        PLACES.into_iter().find(|(place, _)| begins(path, place)).map(|(_, room)| room)
    }

    /// What has to be opened, as stored: `reports:write`.
    pub fn scope(self, writes: bool) -> String {
        format!("{}:{}", self.code(), if writes { WRITE } else { READ })
    }
}

const READ: &str = "read";
const WRITE: &str = "write";

/// The rooms that a token opens, and whether for writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeMap<Room, bool>);

impl Scopes {
    /// Opens a room: `read` or `write`, anything else leaves it closed.
    pub fn open(&mut self, room: Room, how: &str) {
        match how {
            WRITE => self.0.insert(room, true),
            READ => self.0.insert(room, false),
            _ => self.0.remove(&room),
        };
    }

    /// Reads what was stored; what it does not know opens nothing.
    pub fn parse(text: &str) -> Scopes {
        let mut scopes = Scopes::default();
        for (room, how) in text.split(' ').filter_map(|one| one.split_once(':')) {
            if let Some(room) = Room::from_code(room) {
                scopes.open(room, how);
            }
        }
        scopes
    }

    /// Whether a room is open; for writing, if that is asked.
    pub fn allow(&self, room: Room, writes: bool) -> bool {
        self.0.get(&room).is_some_and(|may_write| *may_write || !writes)
    }

    /// The rooms, each with whether it is open for writing.
    pub fn rooms(&self) -> impl Iterator<Item = (Room, bool)> + '_ {
        self.0.iter().map(|(room, writes)| (*room, *writes))
    }

    /// Whether one of them is for work.
    pub fn has_work(&self) -> bool {
        self.0.keys().any(|room| room.is_work())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scopes {
    /// As stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.rooms().map(|(room, writes)| room.scope(writes)).collect();
        f.write_str(&all.join(" "))
    }
}

/// Days that a token may hold.
pub const TOKEN_DAYS: [i64; 4] = [7, 30, 90, 365];
/// Days that a token for work may hold at most.
pub const WORK_DAYS: i64 = 90;
/// Longest name, in characters.
pub const TOKEN_NAME_MAX: usize = 40;
/// Tokens of a person that hold at the same time.
pub const TOKENS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_lie_in_rooms() {
        for (path, room) in [
            ("/api/v1/me", Some(Room::Me)),
            ("/api/v1/me/inbox", Some(Room::Me)),
            ("/api/v1/me/reports", Some(Room::Reports)),
            ("/api/v1/reports/collect", Some(Room::Tasks)),
            ("/api/v1/reports/AB12", Some(Room::Reports)),
            ("/api/v1/staff/reports/AB12/steps", Some(Room::StaffReports)),
            ("/api/v1/staff/counter/hall.1/call", Some(Room::StaffWindows)),
            ("/api/v1/staff/tickets/1/missing", Some(Room::StaffWindows)),
            ("/api/v1/staff/statistics/reports", Some(Room::StaffStatistics)),
            ("/api/v1/staff/statistics/reports.csv", Some(Room::StaffStatistics)),
            ("/api/v1/staff/blocks", Some(Room::StaffWindows)),
            ("/api/v1/staff/webhooks/1/test", Some(Room::StaffSettings)),
            ("/api/v1/staff/audit", Some(Room::StaffSettings)),
            ("/api/v1/mess", None),
            ("/api/v1/staff", None),
            ("/me/tokens", None),
        ] {
            assert_eq!(Room::of(path), room, "{path}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(picked in proptest::collection::vec((0..Room::ALL.len(), any::<bool>()), 0..12)) {
            let mut scopes = Scopes::default();
            for (room, writes) in picked {
                scopes.open(Room::ALL[room], if writes { "write" } else { "read" });
            }
            let read = Scopes::parse(&scopes.to_string());
            prop_assert_eq!(&read, &scopes);
            for room in Room::ALL {
                // Whoever may write may read; what was not opened is closed.
                prop_assert!(!read.allow(room, true) || read.allow(room, false));
                let named = scopes.rooms().find(|(open, _)| *open == room);
                prop_assert_eq!(read.allow(room, false), named.is_some());
                prop_assert_eq!(read.allow(room, true), named.is_some_and(|(_, writes)| writes));
            }
        }
    }
}
