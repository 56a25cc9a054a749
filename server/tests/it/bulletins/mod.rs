//! Periodic bulletins: weekly and monthly, written from the data.

pub mod samples;
