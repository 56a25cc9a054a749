//! Reports: filed with photos, accepted or refused, handled by exactly one, verified by another, closed.

pub mod api;
pub mod categories;
pub mod classifier;
pub mod clocks;
pub mod desk;
pub mod events;
pub mod extensions;
pub mod file;
pub mod public;
pub mod routes;
pub mod service;
pub mod staff;
pub mod steps;
pub mod store;
pub mod suggest;
pub mod tasks;
pub mod view;
