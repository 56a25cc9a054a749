//! Grids through the API: the same use cases as the pages.

mod changes;
mod people;
mod show;

use crate::grids::service::Refused;
use crate::http::{Access, Error, Routes, api::wrong_fields};
use app::people::Action;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    show::list,
    show::one,
    show::buildings,
    show::draw,
    people::name,
    people::add_turn,
    people::remove_turn,
    people::add_away,
    people::remove_away,
    people::contact,
    people::put_contact,
    people::end_contact,
    people::number,
    changes::plan,
    changes::withdraw,
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let (read, manage) = (Access::Needs(Action::GridRead), Access::Needs(Action::GridManage));
    Routes::new()
        .get("/api/v1/staff/grids", read, show::list)
        .get("/api/v1/staff/grids/{code}", read, show::one)
        .get("/api/v1/staff/grids/{code}/buildings", read, show::buildings)
        .post("/api/v1/staff/grids/{code}/outline", manage, show::draw)
        .post("/api/v1/staff/grids/{code}/duty", manage, people::name)
        .post("/api/v1/staff/grids/{code}/turns", manage, people::add_turn)
        .delete("/api/v1/staff/grids/{code}/turns/{turn}", manage, people::remove_turn)
        .post("/api/v1/staff/grids/{code}/away", manage, people::add_away)
        .delete("/api/v1/staff/grids/{code}/away/{away}", manage, people::remove_away)
        .get("/api/v1/staff/grids/{code}/contacts/{building}", read, people::contact)
        .post("/api/v1/staff/grids/{code}/contacts/{building}", manage, people::put_contact)
        .delete("/api/v1/staff/grids/{code}/contacts/{building}", manage, people::end_contact)
        .post("/api/v1/staff/grids/{code}/contacts/{building}/phone", read, people::number)
        .post("/api/v1/staff/grids/{code}/changes", manage, changes::plan)
        .post("/api/v1/staff/grids/{code}/changes/{change}/withdraw", manage, changes::withdraw)
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Other(error) => error,
    }
}
