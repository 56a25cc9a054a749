//! Halls, items, slots, appointments and tickets in the database.

pub mod appointments;
pub mod halls;
pub mod items;
pub mod moves;
pub mod ratings;
pub mod slots;
pub mod tickets;

pub use appointments::{Appointment, NewAppointment};
pub use halls::{Hall, ServiceWindow};
