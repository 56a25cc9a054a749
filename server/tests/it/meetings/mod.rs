//! Joint meetings (联席会议): members, proposals, ballots, minutes, resolutions.

pub mod samples;
