//! An appointment's states and its short code.

/// Characters of a code.
pub const CODE_LENGTH: usize = 6;

/// Longest reason for a cancellation, in characters.
pub const MAX_CANCEL_REASON: usize = 200;

/// Longest need (wheelchair, sign language, a visit at home), in characters.
pub const MAX_NEED: usize = 200;

/// Longest name and longest relation of somebody for whom a person comes, in characters.
pub const MAX_NAME: usize = 40;

/// Leading zero bits of the hash that a browser without an account looks for under pressure: 8,192 tries on average,
/// about a second on a cheap phone.
pub const WORK_BITS: u32 = 13;

/// Where an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentState {
    /// 已预约
    Booked,
    /// 已签到
    CheckedIn,
    /// 已取消
    Cancelled,
    /// 已办完
    Done,
    /// 未到
    NoShow,
}

impl AppointmentState {
    /// All of them.
    pub const ALL: [AppointmentState; 5] = [
        AppointmentState::Booked,
        AppointmentState::CheckedIn,
        AppointmentState::Cancelled,
        AppointmentState::Done,
        AppointmentState::NoShow,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            AppointmentState::Booked => "booked",
            AppointmentState::CheckedIn => "checked_in",
            AppointmentState::Cancelled => "cancelled",
            AppointmentState::Done => "done",
            AppointmentState::NoShow => "no_show",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<AppointmentState> {
        AppointmentState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            AppointmentState::Booked => "windows-state-booked",
            AppointmentState::CheckedIn => "windows-state-checked-in",
            AppointmentState::Cancelled => "windows-state-cancelled",
            AppointmentState::Done => "windows-state-done",
            AppointmentState::NoShow => "windows-state-no-show",
        }
    }
}

/// Reads a code as people type it: any case, spaces and hyphens. `None` for what cannot be one.
pub fn parse_code(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let code: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == CODE_LENGTH && code.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(code)
}

/// The code in two halves, easier to read aloud: K7M 4PQ.
pub fn code_for_reading(code: &str) -> String {
    match code.split_at_checked(CODE_LENGTH / 2) {
        Some((first, second)) => format!("{first} {second}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for text in ["K7M4PQ", "k7m 4pq", " K7M-4PQ "] {
            assert_eq!(parse_code(text).as_deref(), Some("K7M4PQ"), "{text}");
        }
        for text in ["", "K7M4P", "K7M4PQ8", "林林林", "K7M4P'", &"A".repeat(100_000)] {
            assert_eq!(parse_code(text), None);
        }
        assert_eq!(code_for_reading("K7M4PQ"), "K7M 4PQ");
    }
}
