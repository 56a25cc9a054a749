//! Use cases of notices that other rooms and jobs ask for.

pub use super::{
    deliver::publish_scheduled,
    outgoing::{fan_out::fan_out, staff::not_delivered},
    reading::{emergency_for, newest_for_home, newest_titles},
    store::list::Concerned,
    writing::waiting,
};
