//! Partners and volunteers: agreements, teams, activities, service hours.

pub mod samples;
