//! Addresses of this room.

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
}
