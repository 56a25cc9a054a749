//! Use cases of this room.

pub mod data;
pub mod email;
pub mod factor;
pub mod login;
pub mod mine;
pub mod tokens;
