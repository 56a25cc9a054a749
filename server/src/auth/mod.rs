//! Who is asking, and may they?

pub mod actor;
pub mod keys;
pub mod limit;
pub mod secrets;
pub mod session;
pub mod tokens;

pub use actor::{Actor, Grant};
