//! Periodic bulletins: weekly and monthly, written from the data.
//!
//! `count` makes the numbers, `service` keeps them with the text that `app::bulletins::draft` writes, `publish` makes a notice of it
//! through the notices' own use case: where an organisation has its notices reviewed, so are its bulletins. Whether a bulletin may
//! be changed follows from its notice: as long as there is one, it is fixed.

pub mod api;
pub mod count;
pub mod publish;
mod routes;
pub mod service;
pub mod store;

pub use routes::routes;
