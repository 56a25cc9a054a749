//! The net: what an organisation's level sees of its subtree now.

mod changed;
mod home;
pub mod raw;
pub mod samples;
mod unusual;
mod waiting;
