//! `/staff/meetings` for those who run meetings, `/meetings` for those who take part.

mod bodies;
pub(in crate::meetings) mod members;
pub(in crate::meetings) mod papers;
mod staff;
pub(in crate::meetings) mod views;

pub use views::{of_desk, of_handler, of_report};

use crate::http::{Access, Routes};
use app::{meetings::pages::Typed, people::Action};

/// The routes.
pub fn routes() -> Routes {
    let (read, manage, own) = (Access::Needs(Action::NetRead), Access::Needs(Action::MeetingManage), Access::SignedIn);
    Routes::new()
        .get("/staff/meetings", read, bodies::list)
        .post("/staff/meetings", manage, bodies::make)
        .get("/staff/meetings/bodies/{body}", read, bodies::body)
        .post("/staff/meetings/bodies/{body}", manage, bodies::change)
        .post("/staff/meetings/bodies/{body}/members", manage, bodies::add_member)
        .post("/staff/meetings/bodies/{body}/members/{member}/end", manage, bodies::end_member)
        .post("/staff/meetings/bodies/{body}/proposals/{proposal}", manage, bodies::answer)
        .post("/staff/meetings/bodies/{body}/sessions", manage, bodies::plan)
        .get("/staff/meetings/{id}", read, staff::session)
        .post("/staff/meetings/{id}/step", manage, staff::step)
        .post("/staff/meetings/{id}/agenda", manage, staff::add_item)
        .post("/staff/meetings/{id}/papers/{item}", manage, papers::add)
        .post("/staff/meetings/{id}/papers/{item}/{number}/remove", manage, papers::remove)
        .post("/staff/meetings/{id}/roll", manage, staff::roll)
        .post("/staff/meetings/{id}/ballots", manage, staff::make_ballot)
        .post("/staff/meetings/{id}/ballots/{ballot}", manage, staff::ballot)
        .post("/staff/meetings/{id}/resolutions", manage, staff::resolve)
        .post("/staff/meetings/{id}/notes", manage, staff::notes)
        .post("/staff/meetings/{id}/minutes", manage, staff::minutes)
        .get("/meetings", own, members::mine)
        .post("/meetings/proposals", own, members::propose)
        .get("/meetings/{id}", own, members::attended)
        .get("/meetings/{id}/papers/{item}/{number}", own, papers::download)
        .post("/meetings/{id}/ballots/{ballot}", own, members::vote)
        .get("/meetings/{id}/minutes", own, members::minutes)
        .post("/meetings/{id}/minutes", own, members::approve)
        .get("/meetings/resolutions/{resolution}", own, members::resolution)
        .post("/meetings/resolutions/{resolution}", own, members::resolution_step)
}

/// What a form sends: names and values in their order.
type Fields = Vec<(String, String)>;

/// The fields of a form as they were typed, before anything is wrong.
fn typed(fields: Fields) -> Typed {
    Typed { fields, ..Typed::default() }
}
