//! The notice desk through the API: drafts, reviews, publishing, corrections, figures, answers to questions.

use super::rfc3339;
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, problem, read, read_or_empty, versioned},
    },
    notices::{
        changing,
        outgoing::store::figures,
        questions,
        reading::page_count,
        review,
        store::{self, list},
        writing::{self, Refused, Sent},
    },
};
use app::{
    notices::{NoticeForm, NoticeState, QuestionState, QuestionStep},
    people::Action,
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which notices.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Which {
    /// `draft`, `review`, `scheduled`, `published` or `withdrawn`; every state without it.
    pub state: String,
}

/// A notice in the staff's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffNoticeItem {
    /// Id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Its kind.
    pub kind: String,
    /// Title, in the reader's language.
    pub title: String,
    /// Who says it.
    pub source: String,
    /// Who wrote it.
    pub author: String,
    /// RFC 3339, UTC: when it went out, else when it was last changed.
    pub at: String,
}

/// Notices of the reader's organisations, in every state, the newest first.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices", params(Which,
    ("cursor" = Option<String>, Query, description = "Where the page begins: as an answer's `next` or `Link` gives it")),
    responses((status = 200, body = Listed<StaffNoticeItem>)))]
pub async fn list_all(ctx: Ctx, Params(which): Params<Which>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeRead)?;
    let state = match which.state.as_str() {
        "" => None,
        code => Some(NoticeState::from_code(code).ok_or_else(|| {
            Error::Fields(vec![FieldProblem { pointer: "state".into(), detail: "no such state".into() }])
        })?),
    };
    let page = paging.after(|text| text.parse::<u32>().ok())?.unwrap_or(1).clamp(1, 100_000);
    let scopes = actor.scopes(Action::NoticeRead);
    let rows = list::for_staff(&ctx.app.db, &scopes, state, page).await?;
    let counts = list::staff_counts(&ctx.app.db, &scopes).await?;
    let matching =
        counts.iter().filter(|(code, _)| state.is_none_or(|state| state.code() == code)).map(|(_, n)| n).sum();
    let next = (page < page_count(matching)).then(|| (page + 1).to_string());
    let items = rows
        .into_iter()
        .map(|row| StaffNoticeItem {
            title: ctx.w.pick(&row.title, &row.title_en).to_owned(),
            source: ctx.w.pick(&row.source, &row.source_en).to_owned(),
            at: crate::notices::reading::instant_of(row.at).to_string(),
            id: row.id,
            state: row.state,
            kind: row.kind,
            author: row.author,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A draft. Times are local to the deployment: `2026-11-25T10:00`.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"kind": "outage", "organisation": "wutong", "title": "7 号楼停水", "body": "明早 8 点到 10 点停水。",
    "aims": ["wutong-1"], "starts_at": "2026-11-27T08:00", "ends_at": "2026-11-27T10:00"}))]
#[serde(default)]
pub struct Draft {
    /// `outage`, `activity`, `policy`, `service`, `emergency` or `disclosure`.
    pub kind: String,
    /// Code of the organisation that says it.
    pub organisation: String,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown.
    pub body_en: String,
    /// Codes of the places it is for.
    pub aims: Vec<String>,
    /// Facts.
    pub facts: Vec<DraftFact>,
    /// English facts.
    pub facts_en: Vec<DraftFact>,
    /// For emergencies: `extreme`, `severe`, `moderate` or `minor`.
    pub severity: String,
    /// For emergencies: `observed`, `likely` or `possible`.
    pub certainty: String,
    /// When an outage, an emergency or the time for objections begins.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// Where objections go.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// For emergencies: what to do.
    pub instruction: String,
    /// The same in English.
    pub instruction_en: String,
    /// Stays on top.
    pub pinned: bool,
    /// When it goes out; empty: at once.
    pub publish_at: String,
    /// When it leaves the lists; empty: never.
    pub expires_at: String,
    /// Residents may ask questions under it.
    pub questions: bool,
    /// For activities.
    pub activity: Option<DraftActivity>,
    /// The version that was edited; `If-Match` says the same.
    pub version: Option<i64>,
}

/// A fact that stands before the text.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct DraftFact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// An activity.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DraftActivity {
    /// When it begins.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// Where.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Seats; left out, nobody needs to sign up.
    pub seats: Option<i64>,
    /// People in one sign-up at most.
    pub most: Option<i64>,
    /// Sign-up ends then.
    pub sign_up_until: String,
}

impl Draft {
    /// As the editor's form would have sent it.
    fn form(self, key: String, version: Option<i64>) -> NoticeForm {
        let tick = |yes: bool| if yes { "1".to_owned() } else { String::new() };
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let (fact_label, fact_value) = self.facts.into_iter().map(|fact| (fact.label, fact.value)).unzip();
        let (fact_label_en, fact_value_en) = self.facts_en.into_iter().map(|fact| (fact.label, fact.value)).unzip();
        let activity = self.activity.unwrap_or_default();
        NoticeForm {
            form_key: key,
            version: number(version),
            kind: self.kind,
            title: self.title,
            title_en: self.title_en,
            body: self.body,
            body_en: self.body_en,
            aims: self.aims,
            organisation: self.organisation,
            fact_label,
            fact_value,
            fact_label_en,
            fact_value_en,
            severity: self.severity,
            certainty: self.certainty,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            place: self.place,
            place_en: self.place_en,
            instruction: self.instruction,
            instruction_en: self.instruction_en,
            pinned: tick(self.pinned),
            publish_at: self.publish_at,
            expires_at: self.expires_at,
            questions: tick(self.questions),
            activity_starts: activity.starts_at,
            activity_ends: activity.ends_at,
            activity_place: activity.place,
            activity_place_en: activity.place_en,
            activity_seats: number(activity.seats),
            activity_most: number(activity.most),
            activity_until: activity.sign_up_until,
            ..NoticeForm::default()
        }
    }

    fn of(form: NoticeForm) -> Draft {
        let facts = |labels: Vec<String>, values: Vec<String>| {
            labels.into_iter().zip(values).map(|(label, value)| DraftFact { label, value }).collect()
        };
        let activity = (!form.activity_starts.is_empty()).then(|| DraftActivity {
            starts_at: form.activity_starts,
            ends_at: form.activity_ends,
            place: form.activity_place,
            place_en: form.activity_place_en,
            seats: form.activity_seats.parse().ok(),
            most: form.activity_most.parse().ok(),
            sign_up_until: form.activity_until,
        });
        Draft {
            kind: form.kind,
            organisation: form.organisation,
            title: form.title,
            title_en: form.title_en,
            body: form.body,
            body_en: form.body_en,
            aims: form.aims,
            facts: facts(form.fact_label, form.fact_value),
            facts_en: facts(form.fact_label_en, form.fact_value_en),
            severity: form.severity,
            certainty: form.certainty,
            starts_at: form.starts_at,
            ends_at: form.ends_at,
            place: form.place,
            place_en: form.place_en,
            instruction: form.instruction,
            instruction_en: form.instruction_en,
            pinned: form.pinned == "1",
            publish_at: form.publish_at,
            expires_at: form.expires_at,
            questions: form.questions == "1",
            activity,
            version: form.version.parse().ok(),
        }
    }
}

/// A notice as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffNoticeOut {
    /// Id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// What is wanting before it can go out, in words.
    pub wants: Vec<String>,
    /// Its words.
    pub draft: Draft,
    /// Households and people whom it reaches.
    pub reach: (i64, i64),
    /// Id of the earlier notice that this one corrects or takes back.
    pub corrects: Option<String>,
    /// RFC 3339, UTC.
    pub published_at: Option<String>,
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let notice = writing::for_reading(ctx, id).await?;
    let wants = match notice.state() {
        NoticeState::Draft | NoticeState::Review => writing::missing(ctx, &notice).await?,
        _ => Vec::new(),
    };
    let reach = store::reach(&ctx.app.db, &notice.id).await?;
    let form = writing::form_of(ctx, &notice, &notice.content()).await?;
    let answer = StaffNoticeOut {
        state: notice.state().code().to_owned(),
        wants: wants.into_iter().map(|missing| ctx.w.t(missing.key())).collect(),
        draft: Draft::of(form),
        reach: (reach.households, reach.people),
        corrects: notice.corrects_id.clone(),
        published_at: rfc3339(notice.published_at()),
        id: notice.id.clone(),
    };
    Ok(versioned(notice.version, answer))
}

/// A notice in any state, with its words as they can be edited.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}", params(("id" = String, Path, description = "Id")),
    responses((status = 200, body = StaffNoticeOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Why a form was not taken.
fn refused(ctx: &Ctx, refused: Refused, if_match: IfMatch) -> Result<Response> {
    match refused {
        Refused::Other(error) => Err(error),
        Refused::Invalid(errors) => {
            Err(Error::Fields(errors.into_iter().map(|(field, text)| FieldProblem::of(field, text)).collect()))
        }
        Refused::Stale(now) => {
            let more = serde_json::json!({ "state": now.state().code(), "version": now.version });
            let text = ctx.w.t("notice-conflict-changed");
            if_match.stale(problem(ctx, StatusCode::CONFLICT, "changed", text, more))
        }
    }
}

/// Where a notice is after something was done with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeNow {
    /// Id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Its version.
    pub version: i64,
}

async fn now(ctx: &Ctx, id: &str) -> Result<NoticeNow> {
    let notice = writing::for_reading(ctx, id).await?;
    Ok(NoticeNow { state: notice.state().code().to_owned(), version: notice.version, id: notice.id })
}

/// Writes a new draft.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices", request_body = Draft,
    responses((status = 201, body = NoticeNow)))]
pub async fn create(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    let draft: Draft = read(request).await?;
    match writing::create(&ctx, &draft.form(once.or(&ctx, None), None)).await {
        Ok(id) => Ok(created(&format!("/api/v1/staff/notices/{id}"), now(&ctx, &id).await?)),
        Err(error) => refused(&ctx, error, IfMatch::Any),
    }
}

/// Overwrites a draft that nobody else has changed meanwhile.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}", request_body = Draft,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 409, description = "it is no draft (any more), or somebody else saved it; with `version`")))]
pub async fn save(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let draft: Draft = read(request).await?;
    let version = if_match.or(draft.version)?;
    match writing::save(&ctx, &id, &draft.form(String::new(), version)).await {
        Ok(_) => Ok(Json(now(&ctx, &id).await?).into_response()),
        Err(error) => refused(&ctx, error, if_match),
    }
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct VersionIn {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

async fn sent(ctx: &Ctx, id: &str, sent: Sent) -> Result {
    match sent {
        Sent::Lacking(missing) => {
            let fields = missing.iter().map(|missing| FieldProblem::of(missing.field(), ctx.w.t(missing.key())));
            Err(Error::Fields(fields.collect()))
        }
        Sent::Out | Sent::Scheduled | Sent::Asked => Ok(Json(now(ctx, id).await?).into_response()),
    }
}

async fn version(ctx: &Ctx, id: &str, if_match: IfMatch, request: Request) -> Result<String> {
    let body: VersionIn = read_or_empty(request).await?;
    let version = match if_match.or(body.version)? {
        Some(version) => version,
        None => writing::for_reading(ctx, id).await?.version,
    };
    Ok(version.to_string())
}

/// Publishes a draft: it goes out now or at its time, or a second person is asked where the organisation wants that.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/publish", request_body = Option<VersionIn>,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 422, description = "something is wanting")))]
pub async fn publish(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let version = version(&ctx, &id, if_match, request).await?;
    let done = writing::publish(&ctx, &id, &version).await?;
    sent(&ctx, &id, done).await
}

/// Approves what a colleague wrote, in the version that was looked at.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/approve", request_body = Option<VersionIn>,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 409, description = "one's own words, another version, or it is not in review")))]
pub async fn approve(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    review::for_review(&ctx, &id).await?;
    let version = version(&ctx, &id, if_match, request).await?;
    let done = review::approve(&ctx, &id, &version).await?;
    sent(&ctx, &id, done).await
}

/// A reason.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"reason": "时间写错了"}))]
#[serde(default)]
pub struct ReasonIn {
    /// In plain words.
    pub reason: String,
}

/// Gives a notice in review back to its author.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/return", request_body = ReasonIn,
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = NoticeNow)))]
pub async fn give_back(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    review::for_review(&ctx, &id).await?;
    let body: ReasonIn = read(request).await?;
    match review::give_back(&ctx, &id, &body.reason).await {
        Ok(()) => Ok(Json(now(&ctx, &id).await?).into_response()),
        Err(error) => refused(&ctx, error, IfMatch::Any),
    }
}

/// Begins a correction of a notice that is out: a new draft with its words.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/correct",
    params(("id" = String, Path, description = "Id")),
    responses((status = 201, body = NoticeNow), (status = 409, description = "it is not out, or was taken back or corrected already")))]
pub async fn correct(ctx: Ctx, once: OnceKey, Path(id): Path<String>) -> Result {
    let draft = changing::correct(&ctx, &id, &once.or(&ctx, None)).await?;
    Ok(created(&format!("/api/v1/staff/notices/{draft}"), now(&ctx, &draft).await?))
}

/// Takes a notice that is out back, by a new one that says why.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/withdraw", request_body = ReasonIn,
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = NoticeNow)))]
pub async fn withdraw(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let body: ReasonIn = read(request).await?;
    match changing::withdraw(&ctx, &id, &body.reason).await {
        Ok(_) => Ok(Json(now(&ctx, &id).await?).into_response()),
        Err(error) => refused(&ctx, error, IfMatch::Any),
    }
}

/// Takes a notice that waits for its time back to the drafts.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/unschedule",
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = NoticeNow)))]
pub async fn unschedule(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::unschedule(&ctx, &id).await?;
    Ok(Json(now(&ctx, &id).await?).into_response())
}

/// Throws a draft away.
#[utoipa::path(delete, tag = "notice-desk", path = "/api/v1/staff/notices/{id}", params(("id" = String, Path, description = "Id")),
    responses((status = 204, description = "Gone")))]
pub async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::discard(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// How a notice's messages fare.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveriesOut {
    /// People who have it in their inbox so far; absent before it goes out.
    pub people: Option<i64>,
    /// Everybody was told.
    pub all: bool,
    /// By way and state.
    pub ways: Vec<DeliveryCount>,
}

/// So many messages on one way in one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryCount {
    /// `push`, `email` or `sms`.
    pub channel: String,
    /// `created`, `sending`, `delivered` or `failed`.
    pub state: String,
    /// What kind of failure; empty: none.
    pub failure: String,
    /// How many.
    pub count: i64,
}

/// How a notice's messages fare, by way and state.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/deliveries",
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = DeliveriesOut)))]
pub async fn deliveries(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    let told = figures::told(&ctx.app.db, &notice.id).await?;
    let ways = figures::counts(&ctx.app.db, &notice.id).await?;
    Ok(Json(DeliveriesOut {
        people: told.as_ref().map(|told| told.people),
        all: told.is_some_and(|told| told.all),
        ways: ways
            .into_iter()
            .map(|row| DeliveryCount { channel: row.channel, state: row.state, failure: row.failure, count: row.count })
            .collect(),
    })
    .into_response())
}

/// A question to be answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffQuestion {
    /// Id.
    pub id: String,
    /// Id of the notice.
    pub notice: String,
    /// Its title, in the reader's language.
    pub title: String,
    /// `open`, `answered` or `declined`.
    pub state: &'static str,
    /// The question.
    pub body: String,
    /// The answer, may be empty.
    pub answer: String,
    /// Everybody sees it.
    pub released: bool,
    /// RFC 3339, UTC.
    pub asked_at: String,
    /// The lock of the next step.
    pub version: i64,
}

/// Which questions.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhichQuestions {
    /// `open` (without it), `answered` or `declined`.
    pub state: String,
}

/// Questions under the notices of the reader's organisations.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/questions", params(WhichQuestions,
    ("cursor" = Option<String>, Query, description = "Where the page begins: as an answer's `next` or `Link` gives it")),
    responses((status = 200, body = Listed<StaffQuestion>)))]
pub async fn all_questions(ctx: Ctx, Params(which): Params<WhichQuestions>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeAnswer)?;
    let state = match which.state.as_str() {
        "" => QuestionState::Open,
        code => QuestionState::from_code(code).ok_or_else(|| {
            Error::Fields(vec![FieldProblem { pointer: "state".into(), detail: "no such state".into() }])
        })?,
    };
    let page = paging.after(|text| text.parse::<u32>().ok())?.unwrap_or(1).clamp(1, 100_000);
    let counts = questions::service::counts(&ctx).await?;
    let total = counts.iter().find(|(one, _)| *one == state).map_or(0, |(_, count)| *count);
    let rows = questions::store::for_staff(&ctx.app.db, &actor.scopes(Action::NoticeAnswer), state, page).await?;
    let next = (page < page_count(total)).then(|| (page + 1).to_string());
    let items = rows
        .into_iter()
        .map(|row| StaffQuestion {
            title: ctx.w.pick(&row.title, &row.title_en).to_owned(),
            state: row.state().code(),
            released: row.released(),
            asked_at: row.asked_at().to_string(),
            version: row.version,
            id: row.id,
            notice: row.notice_id,
            body: row.body,
            answer: row.answer,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A step with a question.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "answer", "text": "预计 10 点恢复。", "version": 1}))]
#[serde(default)]
pub struct QuestionStepIn {
    /// `answer` (for everybody), `quietly` (to who asked), `decline`, `release` or `hide`.
    pub step: String,
    /// Words: the answer, or why it is declined.
    pub text: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Answers or declines a question, shows it to everybody or no longer.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/questions/{id}", request_body = QuestionStepIn,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version")),
    responses((status = 204, description = "Done"), (status = 409, description = "somebody was quicker")))]
pub async fn question_step(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let question = questions::service::for_answering(&ctx, &id).await?;
    let body: QuestionStepIn = read(request).await?;
    let step = QuestionStep::from_code(&body.step)
        .ok_or_else(|| Error::Fields(vec![FieldProblem::of("step", "there is no such step")]))?;
    let version = if_match.or(body.version)?.unwrap_or(question.version);
    match questions::service::step(&ctx, &id, step, version, &body.text).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(questions::service::Refused::Text(text)) => Err(Error::Fields(vec![FieldProblem::of("text", text)])),
        Err(questions::service::Refused::Other(error)) => Err(error),
    }
}
