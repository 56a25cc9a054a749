//! Reports: filed with photos, accepted or refused, handled by exactly one, verified by another, closed.

pub mod api;
pub mod bulk;
pub mod categories;
pub mod chain;
pub mod classifier;
pub mod clocks;
pub mod desk;
pub mod events;
pub mod extensions;
pub mod file;
pub mod ladder;
pub mod limits;
pub mod public;
pub mod queue;
pub mod routes;
pub mod routing;
pub mod service;
pub mod staff;
pub mod statistics;
pub mod steps;
pub mod store;
pub mod suggest;
pub mod tasks;
pub mod view;
