//! People: roles and what each may do, phone numbers, and the pages of the door (log in, my things, inbox).

mod permission;
mod phone;

#[cfg(feature = "ssr")]
pub mod pages;

pub use permission::{Action, Role};
pub use phone::{Phone, PhoneError};
