//! This room in the database.

pub mod found;
pub mod intake;
pub mod plans;
