//! The JSON API of this room: for staff, for those who act for a company, for everybody.

mod out;
mod out_entry;
mod out_estate;
mod own;
mod photos;
mod staff;
mod work;

use super::service::Refused;
use crate::http::{Access, Error, Routes, api::wrong_fields};
use app::people::Action;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    staff::companies,
    staff::make_company,
    staff::company,
    staff::change_company,
    staff::add_member,
    staff::remove_member,
    staff::estates,
    staff::make_estate,
    staff::estate,
    staff::change_estate,
    staff::make_contract,
    staff::end_contract,
    work::inspect,
    work::propose,
    work::assess,
    work::assessment,
    work::entries,
    work::entry,
    work::decide,
    work::rules,
    work::make_rules,
    photos::to_entry,
    photos::to_inspection,
    photos::remove,
    own::companies,
    own::company,
    own::inspections,
    own::entry,
    own::speak,
    own::assessment,
    own::public_list,
    own::public_one,
    own::rating,
    own::rate,
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let (read, assess, manage) = (
        Access::Needs(Action::PropertyRead),
        Access::Needs(Action::PropertyAssess),
        Access::Needs(Action::PropertyManage),
    );
    Routes::new()
        .get("/api/v1/staff/property/companies", read, staff::companies)
        .post("/api/v1/staff/property/companies", manage, staff::make_company)
        .get("/api/v1/staff/property/companies/{company}", read, staff::company)
        .post("/api/v1/staff/property/companies/{company}", manage, staff::change_company)
        .post("/api/v1/staff/property/companies/{company}/members", manage, staff::add_member)
        .delete("/api/v1/staff/property/companies/{company}/members/{person}", manage, staff::remove_member)
        .post("/api/v1/staff/property/companies/{company}/entries", assess, work::propose)
        .post("/api/v1/staff/property/companies/{company}/assessments", manage, work::assess)
        .get("/api/v1/staff/property/assessments/{assessment}", read, work::assessment)
        .get("/api/v1/staff/property/estates", read, staff::estates)
        .post("/api/v1/staff/property/estates", manage, staff::make_estate)
        .get("/api/v1/staff/property/estates/{estate}", read, staff::estate)
        .post("/api/v1/staff/property/estates/{estate}", manage, staff::change_estate)
        .post("/api/v1/staff/property/estates/{estate}/contracts", manage, staff::make_contract)
        .post("/api/v1/staff/property/estates/{estate}/inspections", assess, work::inspect)
        .post("/api/v1/staff/property/contracts/{contract}/end", manage, staff::end_contract)
        .get("/api/v1/staff/property/entries", read, work::entries)
        .get("/api/v1/staff/property/entries/{entry}", read, work::entry)
        .post("/api/v1/staff/property/entries/{entry}/steps", manage, work::decide)
        .post("/api/v1/staff/property/entries/{entry}/photos", assess, photos::to_entry)
        .post("/api/v1/staff/property/inspections/{inspection}/photos", assess, photos::to_inspection)
        .delete("/api/v1/staff/property/photos/{photo}", assess, photos::remove)
        .get("/api/v1/staff/property/rules", read, work::rules)
        .post("/api/v1/staff/property/rules", manage, work::make_rules)
        .get("/api/v1/companies", Access::SignedIn, own::companies)
        .get("/api/v1/companies/{company}", Access::SignedIn, own::company)
        .get("/api/v1/companies/{company}/inspections", Access::SignedIn, own::inspections)
        .get("/api/v1/companies/entries/{entry}", Access::SignedIn, own::entry)
        .post("/api/v1/companies/entries/{entry}/steps", Access::SignedIn, own::speak)
        .get("/api/v1/companies/assessments/{assessment}", Access::SignedIn, own::assessment)
        .get("/api/v1/property", Access::Public, own::public_list)
        .get("/api/v1/property/rating", Access::SignedIn, own::rating)
        .post("/api/v1/property/rating", Access::SignedIn, own::rate)
        .get("/api/v1/property/{company}", Access::Public, own::public_one)
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Other(error) => error,
    }
}
