//! The photo pipeline against any bytes.

#![no_main]

#[path = "../photo_check.rs"]
mod photo_check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| photo_check::check(bytes));
