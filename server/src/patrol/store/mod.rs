//! This room in the database.

pub mod intake;
pub mod plans;
