//! Voices that look like one household, for staff who weigh.

use super::staff::refused;
use crate::{
    consultations::{
        service::{
            self,
            weighing::{self, Decision},
        },
        store::voices::Voice,
        view,
    },
    http::{
        Ctx, Result,
        api::{private, read, wrong_fields},
    },
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A voice of a pair.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationPairSide {
    /// Id of the voice.
    pub id: String,
    /// Building and flat.
    pub door: String,
    /// It came on paper.
    pub paper: bool,
    /// What it says.
    pub said: String,
}

/// Two voices that look like one household.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationPairOut {
    /// The older one.
    pub first: ConsultationPairSide,
    /// The younger one.
    pub second: ConsultationPairSide,
    /// Somebody has decided.
    pub decided: bool,
    /// Id of the voice that does not count; absent: both count.
    pub struck: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Voices that look like one household, while the consultation is weighed. A look is written down.
#[utoipa::path(get, path = "/api/v1/staff/consultations/{id}/pairs", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = Vec<ConsultationPairOut>), (status = 409, description = "it is not weighed now")))]
pub async fn pairs(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (consultation, found) = weighing::look(&ctx, &id).await?;
    let side = |voice: &Voice| ConsultationPairSide {
        id: voice.id.clone(),
        door: view::door(&ctx, voice),
        paper: voice.is_paper(),
        said: view::said(&ctx, &consultation, voice),
    };
    let pairs: Vec<ConsultationPairOut> = found
        .into_iter()
        .map(|pair| ConsultationPairOut {
            first: side(&pair.first),
            second: side(&pair.second),
            decided: pair.decided.is_some(),
            struck: pair.decided.as_ref().and_then(|decided| decided.struck_id.clone()),
            reason: pair.decided.map(|decided| decided.reason),
        })
        .collect();
    Ok(private(Json(pairs)))
}

/// A decision on a pair.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"first": "…", "second": "…", "decision": "second", "reason": "同一户填了两次"}))]
#[serde(default)]
pub struct ConsultationPairIn {
    /// Id of the older voice.
    pub first: String,
    /// Id of the younger one.
    pub second: String,
    /// `both` count, or `first` or `second` is struck.
    pub decision: String,
    /// Why.
    pub reason: String,
}

/// Decides whether two voices are one household's, with a reason.
#[utoipa::path(post, path = "/api/v1/staff/consultations/{id}/pairs", tag = "governance", request_body = ConsultationPairIn,
    params(("id" = String, Path, description = "id")),
    responses((status = 204, description = "decided"), (status = 409, description = "it is not weighed now")))]
pub async fn decide(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::for_staff(&ctx, &id).await?;
    let body: ConsultationPairIn = read(request).await?;
    let decision = Decision::from_code(&body.decision)
        .ok_or_else(|| wrong_fields([("decision", "both, first, second".to_owned())]))?;
    match weighing::decide(&ctx, &id, (&body.first, &body.second), (decision, &body.reason)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => refused(&ctx, error),
    }
}
