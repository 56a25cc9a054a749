//! The net: what an organisation's level sees of its subtree now.

mod home;
pub mod raw;
pub mod samples;
mod unusual;
