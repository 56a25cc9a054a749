//! Notices: what matters, to whom it matters, and it arrives.

pub mod activity;
pub mod api;
pub mod attachments;
mod board;
pub mod cap;
mod card;
pub mod changing;
mod confirm;
mod deliver;
mod feed;
pub mod following;
mod made;
pub mod markdown;
pub mod outgoing;
pub mod outside;
pub mod questions;
mod reading;
pub mod review;
pub mod routes;
pub mod service;
mod staff;
pub mod store;
mod view;
mod visit;
pub mod writing;
