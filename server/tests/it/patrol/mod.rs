//! Patrol plans, intake from vehicles and cameras, and the hotline desk.

pub mod samples;
