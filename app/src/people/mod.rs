//! People: roles and what each may do, phone numbers, and the pages of the door (log in, my things, inbox).

mod device;
mod door;
mod email;
mod permission;
mod phone;
mod scope;
mod token;

#[cfg(feature = "ssr")]
pub mod pages;

pub use device::{Device, DeviceApp};
pub use door::{CODE_DIGITS, CODE_MINUTES, CODE_TRIES, NAME_MAX, NameError, read_code, read_name};
pub use email::{EMAIL_MAX, EmailError, mask_email, read_email};
pub use permission::{Action, Role};
pub use phone::{Phone, PhoneError};
pub use scope::Scope;
pub use token::{Room, Scopes, TOKEN_DAYS, TOKEN_NAME_MAX, TOKENS, WORK_DAYS};
