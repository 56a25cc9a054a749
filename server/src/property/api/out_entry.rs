//! What the operations answer about credit entries.

use super::out::instant;
use crate::{
    http::{Ctx, Error},
    property::{
        service::credit,
        store::{
            credit::{Entry, EntryEvent},
            photos::{self, OF_ENTRY},
        },
    },
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A credit entry.
#[derive(Serialize, ToSchema)]
pub struct PropertyEntryOut {
    /// Id.
    pub id: String,
    /// Id of the company.
    pub company: String,
    /// Name of the company in the reader's language.
    pub company_name: String,
    /// Id of the estate; empty: the company as a whole.
    pub estate: String,
    /// What it is about.
    pub title: String,
    /// `reports`, `inspection`, `residents`, `authority` or `merit`.
    pub source: String,
    /// Rule and reason.
    pub basis: String,
    /// Evidence; not for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Codes of reports; not for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<Vec<String>>,
    /// Points as they stand.
    pub points: i64,
    /// Points as proposed.
    pub first_points: i64,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// First day on which it counts, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub until: String,
    /// `proposed`, `published`, `dropped`, `appealed`, `settled` or `revoked`.
    pub state: &'static str,
    /// Last day for the company's answer.
    pub answer_due: String,
    /// Last day for an appeal; empty: not published.
    pub appeal_due: String,
    /// The version that a step is for.
    pub version: i64,
}

impl PropertyEntryOut {
    /// `whole`: with what is not for everybody.
    pub fn of(ctx: &Ctx, entry: &Entry, whole: bool) -> PropertyEntryOut {
        PropertyEntryOut {
            id: entry.id.clone(),
            company: entry.company_id.clone(),
            company_name: ctx.w.pick(&entry.company, &entry.company_en).to_owned(),
            estate: entry.estate_id.clone(),
            title: entry.title.clone(),
            source: entry.source.clone(),
            basis: entry.basis.clone(),
            evidence: whole.then(|| entry.evidence.clone()),
            reports: whole.then(|| entry.codes()),
            points: entry.points,
            first_points: entry.first_points,
            severe: entry.severe == 1,
            from: entry.counts_from().to_string(),
            until: entry.until_day.clone(),
            state: entry.state().code(),
            answer_due: entry.answer_due.clone(),
            appeal_due: entry.appeal_due.clone(),
            version: entry.version,
        }
    }
}

/// A step of an entry.
#[derive(Serialize, ToSchema)]
pub struct PropertyStepOut {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Code of the step.
    pub step: String,
    /// Points afterwards.
    pub points: i64,
    /// What was said.
    pub text: String,
}

/// An entry with its steps, the latest first.
#[derive(Serialize, ToSchema)]
pub struct PropertyEntryOneOut {
    /// The entry.
    #[serde(flatten)]
    pub entry: PropertyEntryOut,
    /// Its steps.
    pub steps: Vec<PropertyStepOut>,
    /// Addresses of photos as evidence.
    pub photos: Vec<String>,
}

/// Addresses of photos.
pub(super) fn addresses(ids: Option<Vec<String>>) -> Vec<String> {
    ids.unwrap_or_default().into_iter().map(|id| format!("/photos/{id}/full")).collect()
}

impl PropertyEntryOneOut {
    /// With its steps and photos.
    pub async fn read(ctx: &Ctx, entry: &Entry) -> Result<PropertyEntryOneOut, Error> {
        let events = credit::events(ctx, entry).await?;
        let mut photos = photos::of(&ctx.app.db, OF_ENTRY, &[entry.id.as_str()]).await?;
        Ok(PropertyEntryOneOut::of(ctx, entry, events, addresses(photos.remove(&entry.id))))
    }

    fn of(ctx: &Ctx, entry: &Entry, events: Vec<EntryEvent>, photos: Vec<String>) -> PropertyEntryOneOut {
        let step = |event: EntryEvent| PropertyStepOut {
            at: instant(event.at),
            step: event.step,
            points: event.points,
            text: event.text,
        };
        PropertyEntryOneOut {
            entry: PropertyEntryOut::of(ctx, entry, true),
            steps: events.into_iter().map(step).collect(),
            photos,
        }
    }
}
