//! The community worker's handbook: what to do when.

pub mod samples;
mod story;
