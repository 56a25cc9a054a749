//! The community worker's handbook: what to do when.

mod hostile;
pub mod samples;
mod story;
