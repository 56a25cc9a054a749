//! Halls, items, slots and appointments in the database.

pub mod appointments;
pub mod halls;
pub mod items;
pub mod slots;

pub use appointments::{Appointment, NewAppointment};
pub use halls::{Hall, ServiceWindow};
