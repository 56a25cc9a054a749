//! One letter.

use super::lists::{SupervisionItem, item};
use crate::{
    http::{
        Ctx, Error, Result,
        api::{IfMatch, OnceKey, created, read, versioned, wrong_fields},
    },
    supervision::{
        service::{
            self, Wanted,
            draft::{self, Refused},
            photos as pictures,
            steps::Answered,
        },
        store::{self, instant},
    },
};
use app::{
    people::Action,
    supervision::{Step, form::LetterForm, life},
};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An answer to a finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionAnswerOut {
    /// In which round.
    pub round: i64,
    /// What was written.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub answered_at: Timestamp,
    /// Addresses of photos of how it is now.
    pub photos: Vec<String>,
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionFindingOut {
    /// Id.
    pub id: String,
    /// Its number on the letter, from 1.
    pub number: i64,
    /// What was found.
    pub text: String,
    /// Addresses of photos of how it was.
    pub photos: Vec<String>,
    /// Its answers, the newest first.
    pub answers: Vec<SupervisionAnswerOut>,
}

/// Something that happened to a letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionEventOut {
    /// The version that it made.
    pub seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Name of whoever did it.
    pub by: String,
    /// `change`, `issue`, `answer`, `pass`, `send_back`, `extend_ask`, `extend_grant`, `extend_refuse` or `withdraw`.
    pub step: String,
    /// The state into which it led.
    pub to: String,
    /// In which round.
    pub round: i64,
    /// Why, may be empty.
    pub reason: String,
    /// Working days asked for; 0: none were.
    pub days: i64,
    /// The deadline that held after it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
}

/// A letter with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionLetterOut {
    /// The letter.
    pub letter: SupervisionItem,
    /// What is asked.
    pub asked: String,
    /// Findings.
    pub findings: Vec<SupervisionFindingOut>,
    /// Codes of reports that it is about.
    pub reports: Vec<String>,
    /// What happened, the newest first.
    pub events: Vec<SupervisionEventOut>,
    /// Steps that the reader may take now.
    pub steps: Vec<&'static str>,
}

fn addresses(photos: &mut BTreeMap<String, Vec<String>>, owner: &str) -> Vec<String> {
    let ids = photos.remove(owner).unwrap_or_default();
    ids.into_iter().map(|id| format!("/photos/{id}/full")).collect()
}

async fn shown(ctx: &Ctx, id: &str) -> Result<(i64, SupervisionLetterOut)> {
    let (letter, sides) = service::one(ctx, id).await?;
    let db = &ctx.app.db;
    let mut photos = store::photos(db, &letter.id).await?;
    let mut answers: BTreeMap<String, Vec<SupervisionAnswerOut>> = BTreeMap::new();
    for answer in store::answers(db, &letter.id).await? {
        let out = SupervisionAnswerOut {
            round: answer.round,
            answered_at: instant(answer.answered_at),
            photos: addresses(&mut photos, &answer.id),
            text: answer.text,
        };
        answers.entry(answer.finding_id).or_default().push(out);
    }
    let findings = store::findings(db, &letter.id).await?;
    let findings = findings.into_iter().map(|finding| SupervisionFindingOut {
        photos: addresses(&mut photos, &finding.id),
        answers: answers.remove(&finding.id).unwrap_or_default(),
        id: finding.id,
        number: finding.number,
        text: finding.text,
    });
    let findings = findings.collect();
    let events = store::events(db, &letter.id).await?;
    let past = letter.past(&ctx.actor()?.id, ctx.now);
    let steps = life::offered(letter.state(), past, (sides.issuer, sides.addressee));
    let out = SupervisionLetterOut {
        letter: item(ctx, &letter),
        asked: letter.asked.clone(),
        findings,
        reports: store::reports(db, &letter.id).await?.into_iter().map(|report| report.code).collect(),
        events: events
            .into_iter()
            .map(|event| SupervisionEventOut {
                seq: event.seq,
                at: instant(event.at),
                by: event.actor_name,
                step: event.step,
                to: event.to_state,
                round: event.round,
                reason: event.reason,
                days: event.days,
                due_at: event.due_at.map(instant),
            })
            .collect(),
        steps: steps.into_iter().filter(|step| *step != Step::Change).map(Step::code).collect(),
    };
    Ok((letter.version, out))
}

async fn answer(ctx: &Ctx, id: &str) -> Result {
    let (version, out) = shown(ctx, id).await?;
    Ok(versioned(version, out))
}

/// One letter.
#[utoipa::path(get, path = "/api/v1/staff/supervision/{id}", tag = "net",
    params(("id" = String, Path, description = "id")), responses((status = 200, body = SupervisionLetterOut)))]
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result {
    answer(&ctx, &id).await
}

/// A finding of a draft.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct SupervisionFindingIn {
    /// Id of one that is there, to keep it and its photos; empty: a new one.
    pub id: String,
    /// What was found.
    pub text: String,
}

/// A letter as it is to be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"kind": "notice", "addressee": "wutong", "subject": "消防通道堵塞", "findings": [{"text": "3 栋东侧通道停放电动车"}],
    "asked": "清理通道并每日巡查", "days": 5}))]
#[serde(default)]
pub struct SupervisionDraftIn {
    /// `order` or `notice`.
    pub kind: String,
    /// Code of the organisation that issues it; may be left out by somebody who writes for one only.
    pub issuer: String,
    /// Code of the street or community that it is addressed to.
    pub addressee: String,
    /// A unit or company that it is about, may be empty.
    pub company: String,
    /// Subject.
    pub subject: String,
    /// Findings in their order.
    pub findings: Vec<SupervisionFindingIn>,
    /// What is asked.
    pub asked: String,
    /// Working days to answer in; or `day`.
    pub days: Option<i64>,
    /// The day by whose end it is to be answered, `2026-12-04`; or `days`.
    pub day: Option<String>,
    /// Codes of reports that it is about.
    pub reports: Vec<String>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

impl SupervisionDraftIn {
    fn form(self, key: String) -> LetterForm {
        let (finding_id, finding) = self.findings.into_iter().map(|finding| (finding.id, finding.text)).unzip();
        LetterForm {
            key,
            version: String::new(),
            kind: self.kind,
            issuer: self.issuer,
            addressee: self.addressee,
            company: self.company,
            subject: self.subject,
            finding,
            finding_id,
            asked: self.asked,
            days: self.days.map(|days| days.to_string()).unwrap_or_default(),
            day: self.day.unwrap_or_default(),
            reports: self.reports.join(" "),
        }
    }
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors),
        Refused::Other(error) => error,
    }
}

/// Writes a draft. It is issued by the step `issue`, which gives it its number.
#[utoipa::path(post, path = "/api/v1/staff/supervision", tag = "net",
    request_body = SupervisionDraftIn, responses((status = 201, body = SupervisionLetterOut)))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::SupervisionOrder)?;
    let body: SupervisionDraftIn = read(request).await?;
    let form = body.form(once.or(&ctx, None));
    let id = draft::make(&ctx, &form).await.map_err(refused)?;
    let (_, out) = shown(&ctx, &id).await?;
    Ok(created(&format!("/api/v1/staff/supervision/{id}"), out))
}

/// Changes a draft: all of it.
#[utoipa::path(post, path = "/api/v1/staff/supervision/{id}", tag = "net",
    request_body = SupervisionDraftIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = SupervisionLetterOut), (status = 409, description = "it was issued, or changed meanwhile")))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let letter = draft::for_writing(&ctx, &id).await?;
    let body: SupervisionDraftIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(letter.version);
    let form = body.form(String::new());
    match draft::change(&ctx, &letter.id, version, &form).await {
        Ok(()) => answer(&ctx, &letter.id).await,
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

/// Photos for a finding of a draft.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"finding": 1, "photos": ["0198c0de-0000-7000-8000-000000000001"]}))]
#[serde(default)]
pub struct SupervisionPhotosIn {
    /// Number of the finding.
    pub finding: i64,
    /// Ids of photos that were sent to `/api/v1/photos` within 24 hours.
    pub photos: Vec<String>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Gives photos to a finding of a draft.
#[utoipa::path(post, path = "/api/v1/staff/supervision/{id}/photos", tag = "net",
    request_body = SupervisionPhotosIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = SupervisionLetterOut), (status = 422, description = "no such finding, or not the sender's photos")))]
pub async fn photos(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let letter = draft::for_writing(&ctx, &id).await?;
    let body: SupervisionPhotosIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(letter.version);
    let findings = store::findings(&ctx.app.db, &letter.id).await?;
    let Some(finding) = findings.into_iter().find(|finding| finding.number == body.finding) else {
        return Err(wrong_fields([("finding", ctx.w.t("supervision-error-finding"))]));
    };
    let added = pictures::add(&ctx, (&letter.id, version), &finding.id, &body.photos).await;
    match added.map_err(|error| if_match.blame(error))? {
        None => answer(&ctx, &letter.id).await,
        Some(wrong) => Err(wrong_fields([("photos", wrong)])),
    }
}

/// Takes a photo from a finding of a draft.
#[utoipa::path(delete, path = "/api/v1/staff/supervision/{id}/photos/{photo}", tag = "net",
    params(("id" = String, Path, description = "id"), ("photo" = String, Path, description = "id of the photo")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "it was issued")))]
pub async fn remove_photo(ctx: Ctx, Path((id, photo)): Path<(String, String)>) -> Result {
    let letter = draft::for_writing(&ctx, &id).await?;
    pictures::remove(&ctx, (&letter.id, letter.version), &photo).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An answer to a finding.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct SupervisionAnswerIn {
    /// Number of the finding.
    pub number: i64,
    /// What was done.
    pub text: String,
    /// Ids of photos that were sent to `/api/v1/photos` within 24 hours.
    pub photos: Vec<String>,
}

/// A step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "answer", "version": 2, "answers": [{"number": 1, "text": "已清理"}]}))]
#[serde(default)]
pub struct SupervisionStepIn {
    /// `issue`, `answer`, `pass`, `send_back`, `extend_ask`, `extend_grant`, `extend_refuse` or `withdraw`.
    pub step: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
    /// The reason; `send_back`, `extend_ask`, `extend_refuse` and `withdraw` need one.
    pub text: String,
    /// Working days: of the new deadline (`send_back`), or asked for (`extend_ask`).
    pub days: Option<i64>,
    /// `send_back`: the day of the new deadline, instead of `days`.
    pub day: Option<String>,
    /// `answer`: one for each finding.
    pub answers: Vec<SupervisionAnswerIn>,
}

/// Takes a step in the life of a letter.
#[utoipa::path(post, path = "/api/v1/staff/supervision/{id}/steps", tag = "net",
    request_body = SupervisionStepIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = SupervisionLetterOut), (status = 409, description = "the state does not allow it (any more)")))]
pub async fn step(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let (letter, _) = service::one(&ctx, &id).await?;
    let body: SupervisionStepIn = read(request).await?;
    let Some(step) = Step::from_code(&body.step).filter(|step| *step != Step::Change) else {
        return Err(wrong_fields([("step", "there is no such step".to_owned())]));
    };
    let mut wanted = Wanted {
        version: if_match.or(body.version)?,
        text: body.text,
        days: body.days.map(|days| days.to_string()).unwrap_or_default(),
        day: body.day.unwrap_or_default(),
        ..Wanted::new(step)
    };
    for said in body.answers {
        wanted.answers.insert(said.number, Answered { text: said.text, photos: said.photos });
    }
    match service::take(&ctx, &letter.id, &wanted).await {
        Ok(()) => answer(&ctx, &letter.id).await,
        Err(error) => Err(if_match.blame(error.into())),
    }
}
