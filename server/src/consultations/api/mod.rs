//! The JSON API of this room.

mod pairs;
mod public;
mod staff;

use crate::http::{Access, Routes};
use app::people::Action;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    public::list,
    public::one,
    public::voice,
    public::speak,
    staff::list,
    staff::make,
    staff::one,
    staff::change,
    staff::step,
    staff::paper,
    staff::comments,
    pairs::pairs,
    pairs::decide,
    staff::notice,
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::ConsultationManage);
    Routes::new()
        .get("/api/v1/consultations", Access::Public, public::list)
        .get("/api/v1/consultations/{id}", Access::Public, public::one)
        .get("/api/v1/consultations/{id}/voice", Access::SignedIn, public::voice)
        .post("/api/v1/consultations/{id}/voice", Access::SignedIn, public::speak)
        .get("/api/v1/staff/consultations", manage, staff::list)
        .post("/api/v1/staff/consultations", manage, staff::make)
        .get("/api/v1/staff/consultations/{id}", manage, staff::one)
        .post("/api/v1/staff/consultations/{id}", manage, staff::change)
        .post("/api/v1/staff/consultations/{id}/step", manage, staff::step)
        .post("/api/v1/staff/consultations/{id}/paper", manage, staff::paper)
        .get("/api/v1/staff/consultations/{id}/comments", manage, staff::comments)
        .get("/api/v1/staff/consultations/{id}/pairs", manage, pairs::pairs)
        .post("/api/v1/staff/consultations/{id}/pairs", manage, pairs::decide)
        .post("/api/v1/staff/consultations/{id}/notice", manage, staff::notice)
}
