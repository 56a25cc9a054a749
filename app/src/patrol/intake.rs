//! What vehicles, cameras and sensors find, until a person has looked at it.

/// Longest number that another system has for a finding, in characters.
pub const MAX_FOREIGN: usize = 60;
/// Longest reason for refusing, in characters.
pub const MAX_REASON: usize = 300;
/// From so many percent on a finding is called likely; below [`UNLIKELY`] unlikely. Only a word on the page: a person looks at
/// each of them.
pub const LIKELY: i64 = 80;
/// See [`LIKELY`].
pub const UNLIKELY: i64 = 50;

/// What found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finder {
    /// A patrol vehicle.
    Vehicle,
    /// A camera that stands somewhere.
    Camera,
    /// Something that measures.
    Sensor,
}

impl Finder {
    /// Every kind.
    pub const ALL: [Finder; 3] = [Finder::Vehicle, Finder::Camera, Finder::Sensor];

    /// As stored and as the API says it.
    pub fn code(self) -> &'static str {
        match self {
            Finder::Vehicle => "vehicle",
            Finder::Camera => "camera",
            Finder::Sensor => "sensor",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Finder> {
        Finder::ALL.into_iter().find(|finder| finder.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Finder::Vehicle => "patrol-finder-vehicle",
            Finder::Camera => "patrol-finder-camera",
            Finder::Sensor => "patrol-finder-sensor",
        }
    }
}

/// How sure the finder says it is: a catalogue key.
pub fn sureness(confidence: i64) -> &'static str {
    match confidence {
        LIKELY.. => "patrol-likely",
        UNLIKELY.. => "patrol-perhaps",
        _ => "patrol-unlikely",
    }
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntakeState {
    /// Nobody has looked yet.
    Waiting,
    /// Somebody is making a report of it; left so, it can be gone on with.
    Filing,
    /// It is a report.
    Confirmed,
    /// It is what another report says already.
    Joined,
    /// There was nothing.
    Refused,
}

impl IntakeState {
    /// Every state.
    pub const ALL: [IntakeState; 5] =
        [IntakeState::Waiting, IntakeState::Filing, IntakeState::Confirmed, IntakeState::Joined, IntakeState::Refused];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            IntakeState::Waiting => "waiting",
            IntakeState::Filing => "filing",
            IntakeState::Confirmed => "confirmed",
            IntakeState::Joined => "joined",
            IntakeState::Refused => "refused",
        }
    }

    /// The state with this code; what is unknown waits.
    pub fn from_code(code: &str) -> IntakeState {
        IntakeState::ALL.into_iter().find(|state| state.code() == code).unwrap_or(IntakeState::Waiting)
    }

    /// Somebody is still to decide.
    pub fn is_open(self) -> bool {
        matches!(self, IntakeState::Waiting | IntakeState::Filing)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            IntakeState::Waiting => "patrol-intake-waiting",
            IntakeState::Filing => "patrol-intake-filing",
            IntakeState::Confirmed => "patrol-intake-confirmed",
            IntakeState::Joined => "patrol-intake-joined",
            IntakeState::Refused => "patrol-intake-refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_percentage_has_a_word() {
        let words: Vec<_> = [0, 49, 50, 79, 80, 100].map(sureness).to_vec();
        assert_eq!(words[0], words[1]);
        assert_eq!(words[2], words[3]);
        assert_eq!(words[4], words[5]);
        assert_eq!(words.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }
}
