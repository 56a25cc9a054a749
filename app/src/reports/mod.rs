//! Reports 上报: from a photo to a verified repair. The life of a report, its form, its pages.

pub mod islands;
pub mod life;

#[cfg(feature = "ssr")]
pub mod answers;
#[cfg(feature = "ssr")]
pub mod call;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod due;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod hours;
#[cfg(feature = "ssr")]
pub mod moved;
#[cfg(feature = "ssr")]
pub mod near;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod place;
#[cfg(feature = "ssr")]
pub mod statistics;
#[cfg(feature = "ssr")]
pub mod worktime;

pub use life::{State, Step};

/// Most photos that one report or one note may carry.
pub const MAX_PHOTOS: usize = 9;
/// Longest description and longest reason, in characters.
pub const MAX_TEXT: usize = 1000;
/// Longest place in words, in characters.
pub const MAX_PLACE: usize = 100;

/// How a report came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A resident, with or without an account.
    Resident,
    /// A volunteer or grid worker on patrol.
    Patrol,
    /// The hotline, typed in by staff.
    Hotline,
    /// Another system, through the API.
    Api,
    /// Handed over by 110 or a platform above, typed in by staff.
    Transfer,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Channel; 5] =
        [Channel::Resident, Channel::Patrol, Channel::Hotline, Channel::Api, Channel::Transfer];

    /// As addresses say it. Stored so, but for a transfer, which is a hotline's with `transferred_from`.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Resident => "resident",
            Channel::Patrol => "patrol",
            Channel::Hotline => "hotline",
            Channel::Api => "api",
            Channel::Transfer => "transfer",
        }
    }

    /// The channel with this code.
    pub fn from_code(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// Catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Channel::Resident => "reports-channel-resident",
            Channel::Patrol => "reports-channel-patrol",
            Channel::Hotline => "reports-channel-hotline",
            Channel::Api => "reports-channel-api",
            Channel::Transfer => "reports-channel-transfer",
        }
    }
}
