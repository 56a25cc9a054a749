//! Matters that move up, down and to upper platforms (三个对接).

pub mod samples;
