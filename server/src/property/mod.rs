//! Property companies: estates, contracts, assessment, credit and appeals.
//!
//! A company is the district's; staff see it where it is kept and where it has, or had, an estate. Those who act for one
//! ([`store::Member`]) sign in as residents do and see their own company at `/companies`. Everybody sees levels and published
//! entries at `/property`. What an assessment is made from is gathered in [`store::assess`]; how it becomes points and how
//! entries become a level is `app::property`.

pub mod api;
pub mod exports;
mod routes;
pub mod service;
pub mod store;

pub use routes::routes;
