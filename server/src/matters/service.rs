//! What staff do with matters.

mod children;
mod moves;
mod permit;
mod platforms;
mod sending;
mod steps;
mod tell;

pub use children::{above, below};
pub use moves::{Move, Who, around, lock, take as move_on};
pub use permit::{acting, handled, readable, reads as permit_reads, sides};
pub use platforms::{
    Form as PlatformForm, again, change, list as platforms, log, make, one as platform, pause, remove, rotate, usable,
};
pub use sending::{Form, Made, Sent, from_platform, parent_of, send, targets};
pub use steps::{StepError, Wanted, possible, take};

use crate::http::{Error, FieldErrors};

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// This form was sent before; what it made.
    #[error("made before")]
    Again(String),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}
