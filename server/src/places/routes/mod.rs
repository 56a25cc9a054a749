//! Addresses of this room.

pub(crate) mod api;
mod communities;
mod home;
mod preferences;
mod staff;

use crate::http::{Access, Routes};
use app::people::Action;

/// The routes of this room.
pub fn routes() -> Routes {
    use Access::{Needs, Public};
    Routes::new()
        .get("/", Public, home::home)
        .get("/communities", Public, communities::list)
        .post("/communities", Public, communities::choose)
        .get("/c/{code}", Public, communities::link)
        .get("/c/{code}/qr.svg", Public, communities::qr)
        .post("/preferences", Public, preferences::save)
        .get("/staff", Needs(Action::NoticeRead), staff::today)
        .get("/staff/jobs", Needs(Action::JobsRead), staff::jobs)
        .get("/staff/audit", Needs(Action::AuditRead), staff::audit)
        .get("/api/v1/communities", Public, api::communities)
        .get("/api/v1/staff/jobs", Needs(Action::JobsRead), api::jobs)
        .get("/api/v1/staff/audit", Needs(Action::AuditRead), api::audit)
}
