//! Consultations for everybody, and one's own voice.

use crate::{
    consultations::{
        service::{self, Refused, Typed, speaking},
        store::{self, Consultation, instant, voices},
        view,
    },
    http::{
        Ctx, Error, Params, Result,
        api::{Listed, Paging, listed, private, problem, read, wrong_fields},
    },
    places,
};
use app::consultations::{count::Cell, pages::Outcome};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question to residents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationItem {
    /// Id.
    pub id: String,
    /// Code of the place that is asked.
    pub place: String,
    /// Name of the place in the reader's language.
    pub place_name: String,
    /// The question, in the reader's language.
    pub question: String,
    /// `draft`, `open`, `closed`, `weighing`, `answered` or `withdrawn`.
    pub state: &'static str,
    /// `single`, `multiple`, `text` or `choice_comment`.
    pub kind: &'static str,
    /// `person` or `household`.
    pub voice: &'static str,
    /// Answers are taken from then on.
    #[schema(value_type = String, format = DateTime)]
    pub opens_at: Timestamp,
    /// Until then.
    #[schema(value_type = String, format = DateTime)]
    pub closes_at: Timestamp,
    /// Address of its page.
    pub href: String,
}

/// The item of a consultation.
pub(super) fn item(ctx: &Ctx, consultation: &Consultation) -> ConsultationItem {
    ConsultationItem {
        id: consultation.id.clone(),
        place: consultation.place_code.clone(),
        place_name: ctx.w.pick(&consultation.place, &consultation.place_en).to_owned(),
        question: ctx.w.pick(&consultation.question, &consultation.question_en).to_owned(),
        state: consultation.state_at(ctx.now).code(),
        kind: consultation.kind().code(),
        voice: consultation.per().code(),
        opens_at: consultation.opens_at(),
        closes_at: consultation.closes_at(),
        href: format!("/consultations/{}", consultation.id),
    }
}

/// How many chose an option.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationCell {
    /// The option, in the reader's language.
    pub option: String,
    /// Voices for it; absent: too few to be told, or another number would be given away.
    pub voices: Option<i64>,
}

/// What came of a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationOutcome {
    /// How many spoke.
    pub spoke: i64,
    /// The options; absent: too few spoke for any number to be told.
    pub options: Option<Vec<ConsultationCell>>,
    /// What was decided.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// What residents wrote, in the words of staff; may be empty.
    pub summary: String,
    /// Address of the notice that tells of it.
    pub notice: Option<String>,
}

fn outcome(outcome: Outcome) -> ConsultationOutcome {
    let cells = |cells: Vec<(String, Cell)>| {
        let cell = |(option, cell)| {
            let voices = match cell {
                Cell::Number(number) => Some(number),
                Cell::Untold => None,
            };
            ConsultationCell { option, voices }
        };
        cells.into_iter().map(cell).collect()
    };
    ConsultationOutcome {
        spoke: outcome.spoke,
        options: outcome.cells.map(cells),
        decision: outcome.decision,
        reason: outcome.reason,
        summary: outcome.summary,
        notice: outcome.notice,
    }
}

/// A question to residents with all that is said of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationOut {
    /// What the list says.
    #[serde(flatten)]
    pub item: ConsultationItem,
    /// The explanation, as safe HTML; may be empty.
    pub explanation: String,
    /// The options, in the reader's language; a voice names them by their place, from 0.
    pub options: Vec<String>,
    /// Households of the place.
    pub households: i64,
    /// What came of it, once it is answered.
    pub outcome: Option<ConsultationOutcome>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
}

/// Everything about a consultation.
pub(super) async fn whole(ctx: &Ctx, consultation: &Consultation) -> Result<ConsultationOut> {
    let asked = view::asked(ctx, consultation);
    let item = item(ctx, consultation);
    Ok(ConsultationOut {
        withdrawn: (item.state == "withdrawn").then(|| consultation.reason.clone()),
        item,
        explanation: asked.html,
        options: asked.options,
        households: asked.households,
        outcome: view::outcome(ctx, consultation).await?.map(outcome),
    })
}

/// Where one looks.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ConsultationWhere {
    /// Code of a place: what those who live there were asked. Everywhere without it.
    pub place: Option<String>,
    /// Where the page begins: as an answer's `next` or `Link` gives it.
    pub cursor: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<usize>,
}

/// Questions to residents, the open ones first; of the last 100.
#[utoipa::path(get, path = "/api/v1/consultations", tag = "governance", params(ConsultationWhere),
    responses((status = 200, body = Listed<ConsultationItem>)))]
pub async fn list(ctx: Ctx, Params(asked): Params<ConsultationWhere>) -> Result {
    let path = match asked.place.as_deref().unwrap_or_default() {
        "" => String::new(),
        code => places::store::by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?.path,
    };
    let found = store::public(&ctx.app.db, &path, ctx.now).await?;
    let paging = Paging { cursor: asked.cursor, limit: asked.limit };
    let (page, next) = paging.cut(found)?;
    let items: Vec<ConsultationItem> = page.iter().map(|consultation| item(&ctx, consultation)).collect();
    Ok(listed(&ctx, items, next))
}

/// One question to residents.
#[utoipa::path(get, path = "/api/v1/consultations/{id}", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = ConsultationOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let consultation = service::public(&ctx.app, &id).await?;
    Ok(Json(whole(&ctx, &consultation).await?).into_response())
}

/// One's own voice, or what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationVoiceOut {
    /// The flat, tidy; empty where each person has a voice.
    pub flat: String,
    /// Places of the chosen options; absent: somebody else of the household spoke later.
    pub choices: Option<Vec<usize>>,
    /// Words; absent: somebody else of the household spoke later.
    pub comment: Option<String>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
    /// Somebody else of the household spoke later: that counts.
    pub by_another: bool,
}

async fn mine(ctx: &Ctx, id: &str) -> Result<ConsultationVoiceOut> {
    let actor = ctx.actor()?;
    service::public(&ctx.app, id).await?;
    let voice = voices::of_person(&ctx.app.db, id, &actor.id).await?.ok_or(Error::NotFound)?;
    let by_another = voice.person_id.as_deref() != Some(actor.id.as_str());
    Ok(ConsultationVoiceOut {
        choices: (!by_another).then(|| voice.choices()),
        comment: (!by_another).then(|| voice.comment.clone()),
        flat: voice.flat,
        changed_at: instant(voice.changed_at),
        by_another,
    })
}

/// What the signed-in person has said.
#[utoipa::path(get, path = "/api/v1/consultations/{id}/voice", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = ConsultationVoiceOut), (status = 404, description = "nothing was said")))]
pub async fn voice(ctx: Ctx, Path(id): Path<String>) -> Result {
    Ok(private(Json(mine(&ctx, &id).await?)))
}

/// A voice.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"flat": "2-501", "choices": [0]}))]
#[serde(default)]
pub struct ConsultationVoiceIn {
    /// The flat, where each household has a voice: the building is the profile's.
    pub flat: String,
    /// Places of options, from 0.
    pub choices: Vec<usize>,
    /// Words.
    pub comment: String,
    /// It takes the place of what somebody else of the household has said.
    pub replace: bool,
}

/// Says something, or changes what was said, until the time is over. In a household the latest word counts; where somebody
/// else of it has spoken, 409 says when, and `replace` takes its place.
#[utoipa::path(post, path = "/api/v1/consultations/{id}/voice", tag = "governance", request_body = ConsultationVoiceIn,
    params(("id" = String, Path, description = "id")),
    responses((status = 200, body = ConsultationVoiceOut), (status = 409, description = "the time is over, one lives elsewhere, \
        or the household has spoken")))]
pub async fn speak(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    ctx.actor()?;
    service::public(&ctx.app, &id).await?;
    let body: ConsultationVoiceIn = read(request).await?;
    let choices = body.choices.iter().map(ToString::to_string).collect();
    let typed = Typed { flat: body.flat, choices, comment: body.comment };
    match speaking::speak(&ctx, &id, &typed, body.replace).await {
        Ok(()) => Ok(private(Json(mine(&ctx, &id).await?))),
        Err(Refused::Spoken(at)) => Ok(spoken(&ctx, at)),
        Err(Refused::Invalid(errors)) => Err(wrong_fields(errors)),
        Err(Refused::Other(error)) => Err(error),
    }
}

/// Somebody has spoken already.
pub(super) fn spoken(ctx: &Ctx, at: Timestamp) -> axum::response::Response {
    let when = app::time::date_time(ctx.w.lang, at, ctx.now);
    let detail = ctx.w.tf("consultations-spoken", &[("when", when.into())]);
    let more = serde_json::json!({ "spoken_at": at.to_string() });
    problem(ctx, StatusCode::CONFLICT, "household-has-spoken", detail, more)
}
