//! Places: the organisation tree, landmarks, the calendar, the home page and the choice of a community.

pub mod calendar;
pub(crate) mod exports;
pub mod landmarks;
pub mod plan;
pub mod routes;
pub mod service;
pub mod store;

pub use store::{Organisation, OrganisationKind};
