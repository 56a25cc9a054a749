//! The JSON API of this room.

mod agreements;
mod hours;
mod resident;
mod teams;

use super::service::{Done, Refused};
use crate::http::{Access, Error, Result, Routes, api::wrong_fields};
use app::people::Action;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    agreements::partners,
    agreements::make_partner,
    agreements::partner,
    agreements::change_partner,
    agreements::contact,
    agreements::make_agreement,
    agreements::list,
    agreements::one,
    agreements::change,
    agreements::end,
    agreements::add_task,
    agreements::settle,
    teams::list,
    teams::make,
    teams::one,
    teams::change,
    teams::members,
    teams::add_training,
    teams::remove_training,
    teams::link,
    teams::activity,
    teams::confirm,
    teams::waiting,
    teams::member,
    teams::decide,
    hours::write_for,
    hours::waiting,
    hours::one,
    hours::decide,
    resident::list,
    resident::one,
    resident::join,
    resident::change,
    resident::leave,
    resident::record,
    resident::tell,
    resident::withdraw,
    resident::certificates,
    resident::issue,
    resident::check,
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::PartnerManage);
    Routes::new()
        .get("/api/v1/staff/partners/organisations", manage, agreements::partners)
        .post("/api/v1/staff/partners/organisations", manage, agreements::make_partner)
        .get("/api/v1/staff/partners/organisations/{partner}", manage, agreements::partner)
        .post("/api/v1/staff/partners/organisations/{partner}", manage, agreements::change_partner)
        .post("/api/v1/staff/partners/organisations/{partner}/contact", manage, agreements::contact)
        .post("/api/v1/staff/partners/organisations/{partner}/agreements", manage, agreements::make_agreement)
        .get("/api/v1/staff/partners/agreements", manage, agreements::list)
        .get("/api/v1/staff/partners/agreements/{agreement}", manage, agreements::one)
        .post("/api/v1/staff/partners/agreements/{agreement}", manage, agreements::change)
        .post("/api/v1/staff/partners/agreements/{agreement}/end", manage, agreements::end)
        .post("/api/v1/staff/partners/agreements/{agreement}/tasks", manage, agreements::add_task)
        .post("/api/v1/staff/partners/tasks/{task}", manage, agreements::settle)
        .get("/api/v1/staff/partners/teams", manage, teams::list)
        .post("/api/v1/staff/partners/teams", manage, teams::make)
        .get("/api/v1/staff/partners/teams/{team}", manage, teams::one)
        .post("/api/v1/staff/partners/teams/{team}", manage, teams::change)
        .get("/api/v1/staff/partners/teams/{team}/members", manage, teams::members)
        .post("/api/v1/staff/partners/teams/{team}/trainings", manage, teams::add_training)
        .delete("/api/v1/staff/partners/trainings/{training}", manage, teams::remove_training)
        .post("/api/v1/staff/partners/teams/{team}/activities", manage, teams::link)
        .get("/api/v1/staff/partners/teams/{team}/activities/{activity}", manage, teams::activity)
        .post("/api/v1/staff/partners/teams/{team}/activities/{activity}", manage, teams::confirm)
        .get("/api/v1/staff/partners/members", manage, teams::waiting)
        .get("/api/v1/staff/partners/members/{member}", manage, teams::member)
        .post("/api/v1/staff/partners/members/{member}", manage, teams::decide)
        .post("/api/v1/staff/partners/members/{member}/hours", manage, hours::write_for)
        .get("/api/v1/staff/partners/hours", manage, hours::waiting)
        .get("/api/v1/staff/partners/hours/{hour}", manage, hours::one)
        .post("/api/v1/staff/partners/hours/{hour}", manage, hours::decide)
        .get("/api/v1/teams", Access::Public, resident::list)
        .get("/api/v1/teams/{id}", Access::Public, resident::one)
        .post("/api/v1/teams/{id}/join", Access::SignedIn, resident::join)
        .post("/api/v1/teams/{id}/change", Access::SignedIn, resident::change)
        .post("/api/v1/teams/{id}/leave", Access::SignedIn, resident::leave)
        .get("/api/v1/me/service", Access::SignedIn, resident::record)
        .post("/api/v1/me/service/hours", Access::SignedIn, resident::tell)
        .post("/api/v1/me/service/hours/{hour}/withdraw", Access::SignedIn, resident::withdraw)
        .get("/api/v1/me/service/certificates", Access::SignedIn, resident::certificates)
        .post("/api/v1/me/service/certificates", Access::SignedIn, resident::issue)
        .get("/api/v1/teams/certificates/{code}", Access::Public, resident::check)
}

/// What came of a form, as the API says it.
fn answer<T>(done: Done<T>) -> Result<T> {
    done.map_err(|refused| match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Other(error) => error,
    })
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct PartnersMade {
    /// Id.
    id: String,
}

/// A decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct PartnersDecisionIn {
    /// What is decided: `accept`, `decline` or `end` for a registration, `confirm`, `decline` or `take-back` for hours.
    decision: String,
    /// Why; needed for everything but `accept` and `confirm`. The volunteer is told.
    reason: String,
    /// The version that was looked at; `If-Match` says the same.
    version: Option<i64>,
}

/// There is no such code.
fn unknown(field: &'static str) -> Error {
    wrong_fields([(field, "no such code".to_owned())])
}
