//! The server behind `linli`.
//!
//! A request goes one way in and one way out: route ([`http::routes::Routes`]) → use case (`service.rs` of a room,
//! which asks for permission) → store (`store.rs`) → types of `app` → page view → HTML. See ARCHITECTURE.md.

pub mod app_state;
pub mod archive;
pub mod audit;
pub mod auth;
pub mod bulletins;
pub mod clock;
pub mod config;
pub mod consultations;
pub mod db;
pub mod deliver;
pub mod demo;
pub mod exports;
pub mod files;
pub mod grids;
pub mod handbook;
pub mod http;
pub mod imports;
pub mod jobs;
pub mod matters;
pub mod meetings;
pub mod net;
pub mod notices;
pub mod open311;
pub mod operate;
pub mod partners;
pub mod patrol;
pub mod people;
pub mod photos;
pub mod places;
pub mod property;
pub mod qr;
pub mod reports;
pub mod serve;
pub mod supervision;
pub mod telemetry;
pub mod webhooks;
pub mod windows;

pub use app_state::App;
