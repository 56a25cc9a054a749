//! The home page, the choice of a community, and the pages of the back office that belong to no single room.

mod communities;
mod home;
mod staff;
pub mod webhooks;

pub use communities::{CommunityRow, SubdistrictGroup, communities, no_such_community};
pub use home::{HomeNotice, HomeProps, home};
pub use staff::{AuditRow, JobRow, audit, jobs, today};
