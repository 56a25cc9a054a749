//! Consultations for staff.

use super::public::{ConsultationItem, ConsultationOut, item, spoken, whole};
use crate::{
    consultations::{
        service::{
            self, Refused, Typed,
            paper::{self, Sheet},
            published,
            steps::{self, Words},
            weighing, writing,
        },
        store::{self, Consultation},
    },
    http::{
        Ctx, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, read, versioned, wrong_fields},
    },
};
use app::{
    consultations::{ConsultationForm, Step, form::OptionText},
    notices::form::local,
    people::Action,
};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many rows are looked through for a page.
const ROWS: i64 = 1000;

/// What staff of these places have asked, the newest first.
#[utoipa::path(get, path = "/api/v1/staff/consultations", tag = "governance", params(Paging),
    responses((status = 200, body = Listed<ConsultationItem>)))]
pub async fn list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ConsultationManage)?;
    let scopes = actor.scopes(Action::ConsultationManage);
    let all = store::for_staff(&ctx.app.db, &scopes, None, (ROWS, 0), ctx.now).await?;
    let (page, next) = paging.cut(all)?;
    let items: Vec<ConsultationItem> = page.iter().map(|consultation| item(&ctx, consultation)).collect();
    Ok(listed(&ctx, items, next))
}

/// An option in both languages.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct ConsultationOption {
    /// Chinese.
    pub zh: String,
    /// English, may be empty.
    pub en: String,
}

/// A consultation that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"place": "wutong", "question": "南广场要不要装健身器材？", "kind": "single", "voice": "household",
    "options": [{"zh": "装"}, {"zh": "不装"}], "closes_at": "2026-12-20T10:00:00Z"}))]
#[serde(default)]
pub struct ConsultationIn {
    /// Code of the place that is asked.
    pub place: String,
    /// The question.
    pub question: String,
    /// The same in English.
    pub question_en: String,
    /// Markdown.
    pub explanation: String,
    /// The same in English.
    pub explanation_en: String,
    /// `single`, `multiple`, `text` or `choice_comment`.
    pub kind: String,
    /// The options.
    pub options: Vec<ConsultationOption>,
    /// `person` or `household`.
    pub voice: String,
    /// Answers are taken from then on; absent: at once.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Timestamp>,
    /// Until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Timestamp>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

impl ConsultationIn {
    fn form(self, form_key: String, version: i64) -> ConsultationForm {
        let (option, option_en) = self.options.into_iter().map(|option| (option.zh, option.en)).unzip();
        ConsultationForm {
            form_key,
            version: version.to_string(),
            action: String::new(),
            place: self.place,
            question: self.question,
            question_en: self.question_en,
            explanation: self.explanation,
            explanation_en: self.explanation_en,
            kind: self.kind,
            option,
            option_en,
            voice: self.voice,
            opens_at: local(self.opens_at),
            closes_at: local(self.closes_at),
        }
    }
}

/// The name that the API has for a field of the form.
fn field(name: &'static str) -> &'static str {
    match name {
        "option" => "options",
        "withdrawn" => "reason",
        "sheet" => "number",
        name => name,
    }
}

pub(super) fn refused(ctx: &Ctx, refused: Refused) -> Result<Response> {
    match refused {
        Refused::Invalid(errors) => {
            Err(wrong_fields(errors.into_iter().map(|(name, text)| (field(name), text)).collect::<Vec<_>>()))
        }
        Refused::Spoken(at) => Ok(spoken(ctx, at)),
        Refused::Other(error) => Err(error),
    }
}

/// A consultation as its staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationDesk {
    /// What everybody sees, or will see.
    #[serde(flatten)]
    pub consultation: ConsultationOut,
    /// The lock of its words and steps.
    pub version: i64,
    /// The question as written.
    pub question_zh: String,
    /// The same in English, may be empty.
    pub question_en: String,
    /// Markdown.
    pub explanation_zh: String,
    /// The same in English, may be empty.
    pub explanation_en: String,
    /// The options as written.
    pub options_written: Vec<ConsultationOption>,
    /// Voices that count.
    pub spoke: i64,
    /// Of them on paper.
    pub paper: i64,
    /// Voices that were struck.
    pub struck: i64,
    /// Voices for each option, in its order.
    pub voices: Vec<i64>,
    /// Steps that are possible now.
    pub steps: Vec<&'static str>,
    /// Pairs that nobody has decided on, while it is weighed.
    pub open_pairs: Option<usize>,
    /// Id of the notice that tells of the result.
    pub notice_id: Option<String>,
}

async fn shown(ctx: &Ctx, consultation: &Consultation) -> Result {
    let counted = service::counted(&ctx.app, consultation).await?;
    let written = |option: OptionText| ConsultationOption { zh: option.zh, en: option.en };
    let public = whole(ctx, consultation).await?;
    let open_pairs = match public.item.state {
        "weighing" => Some(weighing::open_pairs(ctx, consultation).await?),
        _ => None,
    };
    let desk = ConsultationDesk {
        consultation: public,
        version: consultation.version,
        question_zh: consultation.question.clone(),
        question_en: consultation.question_en.clone(),
        explanation_zh: consultation.explanation.clone(),
        explanation_en: consultation.explanation_en.clone(),
        options_written: consultation.options().into_iter().map(written).collect(),
        spoke: counted.spoke,
        paper: counted.paper,
        struck: counted.struck,
        voices: counted.options,
        steps: steps::possible(consultation, ctx.now).into_iter().map(Step::code).collect(),
        open_pairs,
        notice_id: consultation.notice_id.clone(),
    };
    Ok(versioned(consultation.version, desk))
}

/// One consultation with its figures.
#[utoipa::path(get, path = "/api/v1/staff/consultations/{id}", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = ConsultationDesk)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let consultation = service::for_staff(&ctx, &id).await?;
    shown(&ctx, &consultation).await
}

/// Writes a draft.
#[utoipa::path(post, path = "/api/v1/staff/consultations", tag = "governance", request_body = ConsultationIn,
    responses((status = 201, body = ConsultationItem)))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ConsultationManage)?;
    let body: ConsultationIn = read(request).await?;
    let form = body.form(once.or(&ctx, None), 0);
    match writing::create(&ctx, &form).await {
        Ok(id) => {
            let consultation = service::for_staff(&ctx, &id).await?;
            Ok(created(&format!("/api/v1/staff/consultations/{id}"), item(&ctx, &consultation)))
        }
        Err(error) => refused(&ctx, error),
    }
}

/// Changes a draft: all of its words.
#[utoipa::path(post, path = "/api/v1/staff/consultations/{id}", tag = "governance", request_body = ConsultationIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = ConsultationDesk), (status = 409, description = "it is no draft any more, or was changed")))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let consultation = writing::for_writing(&ctx, &id).await?;
    let body: ConsultationIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(consultation.version);
    match writing::save(&ctx, &id, &body.form(String::new(), version)).await {
        Ok(()) => one(ctx, Path(id)).await,
        Err(Refused::Other(error)) => Err(if_match.blame(error)),
        Err(error) => refused(&ctx, error),
    }
}

/// A step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "answer", "decision": "装六件。", "reason": "多数家庭同意。"}))]
#[serde(default)]
pub struct ConsultationStepIn {
    /// `ask`, `weigh`, `answer` or `withdraw`.
    pub step: String,
    /// What was decided.
    pub decision: String,
    /// Why, or why it is withdrawn.
    pub reason: String,
    /// What residents wrote, in the words of staff.
    pub summary: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Takes a step: puts a draft to residents, begins to weigh, publishes the decision, or withdraws.
#[utoipa::path(post, path = "/api/v1/staff/consultations/{id}/step", tag = "governance", request_body = ConsultationStepIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = ConsultationDesk), (status = 409, description = "it is not possible from here, or was changed")))]
pub async fn step(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let consultation = service::for_staff(&ctx, &id).await?;
    let body: ConsultationStepIn = read(request).await?;
    let step = Step::from_code(&body.step).filter(|step| step.is_for_staff());
    let step = step.ok_or_else(|| wrong_fields([("step", "ask, weigh, answer, withdraw".to_owned())]))?;
    let version = if_match.or(body.version)?.unwrap_or(consultation.version);
    let words = Words { decision: body.decision, reason: body.reason, summary: body.summary };
    match steps::take(&ctx, &id, (step, version), &words).await {
        Ok(()) => one(ctx, Path(id)).await,
        Err(Refused::Other(error)) => Err(if_match.blame(error)),
        Err(error) => refused(&ctx, error),
    }
}

/// A sheet of paper.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"building": "wutong-5", "flat": "2-501", "choices": [0]}))]
#[serde(default)]
pub struct ConsultationPaperIn {
    /// Code of the building; needed where each household has a voice.
    pub building: String,
    /// The flat; needed there as well.
    pub flat: String,
    /// The number of the sheet; needed where each person has a voice.
    pub number: String,
    /// Places of options, from 0.
    pub choices: Vec<usize>,
    /// Words.
    pub comment: String,
}

/// Types a sheet of paper. What a household has said from a phone stays.
#[utoipa::path(post, path = "/api/v1/staff/consultations/{id}/paper", tag = "governance", request_body = ConsultationPaperIn,
    params(("id" = String, Path, description = "id")),
    responses((status = 204, description = "it counts"), (status = 409, description = "the household has spoken, or no paper is taken now")))]
pub async fn paper(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::for_staff(&ctx, &id).await?;
    let body: ConsultationPaperIn = read(request).await?;
    let choices = body.choices.iter().map(ToString::to_string).collect();
    let typed = Typed { flat: body.flat, choices, comment: body.comment };
    let sheet = Sheet { building: body.building, number: body.number, typed };
    match paper::enter(&ctx, &id, &sheet).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => refused(&ctx, error),
    }
}

/// What residents wrote, without names and in no order that says who was first.
#[utoipa::path(get, path = "/api/v1/staff/consultations/{id}/comments", tag = "governance",
    params(("id" = String, Path, description = "id"), Paging), responses((status = 200, body = Listed<String>)))]
pub async fn comments(ctx: Ctx, Path(id): Path<String>, Params(paging): Params<Paging>) -> Result {
    let consultation = service::for_staff(&ctx, &id).await?;
    let (all, _) = service::comments(&ctx, &consultation, usize::MAX).await?;
    let (page, next) = paging.cut(all)?;
    Ok(listed(&ctx, page, next))
}

/// The notice that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationNotice {
    /// Id of the draft.
    pub id: String,
}

/// Makes the draft of a notice that tells of the result; it goes out its usual way. Twice is once.
#[utoipa::path(post, path = "/api/v1/staff/consultations/{id}/notice", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 201, body = ConsultationNotice), (status = 409, description = "it is not answered yet")))]
pub async fn notice(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = published::make(&ctx, &id).await?;
    Ok(created(&format!("/api/v1/staff/notices/{notice}"), ConsultationNotice { id: notice }))
}
