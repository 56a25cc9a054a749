//! The net: what an organisation's level sees of its subtree now.

pub mod samples;
