//! Webhooks: other systems are told what happens in an organisation's subtree, by signed messages after the Standard
//! Webhooks convention. What happened becomes a job in its own transaction ([`events`]); the job makes one message for each
//! webhook that wants it; a job each sends them ([`send`]), with retries. Administrators look after them at
//! `/staff/webhooks` ([`routes`]).

pub(crate) mod api;
pub mod events;
mod routes;
pub mod send;
mod service;
mod store;

pub use routes::routes;
pub use service::{organisations, sweep};
