//! Halls, items, slots, appointments and tickets in the database.

pub mod appointments;
pub mod blocks;
pub mod halls;
pub mod holds;
pub mod items;
pub mod measures;
pub mod moves;
pub mod ratings;
pub mod rebooking;
pub mod settings;
pub mod slots;
pub mod statistics;
pub mod tickets;
pub mod today;
pub mod waiting;

pub use appointments::{Appointment, ForWhom, NewAppointment, NewVisitItem};
pub use halls::{Hall, ServiceWindow};
pub use holds::{Hold, Keeper};
pub use slots::Quota;
