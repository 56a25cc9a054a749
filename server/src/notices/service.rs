//! Use cases of notices that other rooms and jobs ask for.

pub use super::{
    deliver::{fan_out, publish_scheduled},
    reading::{emergency_for, newest_for_home, newest_titles},
    store::list::Concerned,
    writing::waiting,
};
