//! Partners and volunteers: agreements, teams, activities, service hours.

#[cfg(feature = "ssr")]
pub mod pages;
