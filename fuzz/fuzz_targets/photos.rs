//! The photo pipeline against any bytes. The pipeline's own source is compiled here, without the rest of the server.

#![no_main]

// So that the pipeline finds `app::reports::place` as it does in the server.
extern crate self as app;

#[path = "../../app/src/reports/place.rs"]
pub mod place;

/// What the pipeline needs of the crate `app`.
pub mod reports {
    pub use super::place;
}

#[path = "../../server/src/photos/pipeline.rs"]
#[expect(dead_code, reason = "the server uses more of it")]
mod pipeline;

#[path = "../photo_check.rs"]
mod photo_check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| photo_check::check(bytes));
