//! What the operations answer about estates.

use super::{out::PropertyContractOut, out_entry::addresses};
use crate::{
    http::{Ctx, Error},
    property::store::{
        estates::Estate,
        inspections::{Finding, Inspection},
        photos::{self, OF_INSPECTION},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

/// An estate.
#[derive(Serialize, ToSchema)]
pub struct PropertyEstateOut {
    /// Id.
    pub id: String,
    /// Code of its community.
    pub community: String,
    /// Name.
    pub name: String,
    /// Name in English, may be empty.
    pub name_en: String,
    /// Households.
    pub households: i64,
    /// Counts changes.
    pub version: i64,
}

impl PropertyEstateOut {
    pub fn of(estate: Estate) -> PropertyEstateOut {
        PropertyEstateOut {
            id: estate.id,
            community: estate.community_code,
            name: estate.name,
            name_en: estate.name_en,
            households: estate.households,
            version: estate.version,
        }
    }
}

/// An inspection.
#[derive(Serialize, ToSchema)]
pub struct PropertyInspectionOut {
    /// Id.
    pub id: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// 0 to 100.
    pub points: i64,
    /// What was found.
    pub findings: Vec<Finding>,
    /// More, may be empty.
    pub note: String,
    /// Addresses of its photos.
    pub photos: Vec<String>,
}

impl PropertyInspectionOut {
    /// Inspections with their photos.
    pub async fn read(ctx: &Ctx, all: Vec<Inspection>) -> Result<Vec<PropertyInspectionOut>, Error> {
        let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
        let mut photos = photos::of(&ctx.app.db, OF_INSPECTION, &ids).await?;
        let out = |one: Inspection| {
            let photos = addresses(photos.remove(&one.id));
            PropertyInspectionOut::of(one, photos)
        };
        Ok(all.into_iter().map(out).collect())
    }

    fn of(inspection: Inspection, photos: Vec<String>) -> PropertyInspectionOut {
        PropertyInspectionOut {
            photos,
            findings: inspection.findings(),
            id: inspection.id,
            day: inspection.day,
            points: inspection.points,
            note: inspection.note,
        }
    }
}

/// Ratings of a quarter that is over, of which there are enough.
#[derive(Serialize, ToSchema)]
pub struct PropertyRatingsOut {
    /// The quarter.
    pub quarter: String,
    /// How many.
    pub count: i64,
    /// Their stars together.
    pub stars: i64,
}

/// An estate with everything about it.
#[derive(Serialize, ToSchema)]
pub struct PropertyEstateOneOut {
    /// The estate.
    #[serde(flatten)]
    pub estate: PropertyEstateOut,
    /// Codes of its buildings.
    pub buildings: Vec<String>,
    /// Its contracts, the latest first.
    pub contracts: Vec<PropertyContractOut>,
    /// Its inspections, the latest first.
    pub inspections: Vec<PropertyInspectionOut>,
    /// What residents think, as sums.
    pub ratings: Vec<PropertyRatingsOut>,
}
