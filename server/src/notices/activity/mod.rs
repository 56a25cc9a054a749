//! Activities: seats and a waiting list, the list at the door, calendars.

pub mod calendar;
pub mod routes;
pub mod service;
pub mod store;
