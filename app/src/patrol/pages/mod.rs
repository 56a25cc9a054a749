//! Pages of this room.

pub mod calls;
pub mod intake;
pub mod plans;
pub mod walk;
