//! The staff's table, one consultation, pairs.

use crate::{
    consultations::{
        service::{
            self, Refused, Typed,
            paper::{self, Sheet},
            published,
            steps::{self, Words},
            weighing::{self, Decision, Pair},
        },
        store::{self, Consultation, PAGE_ROWS, instant, voices::Voice},
        view,
    },
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other, see_other_with},
};
use app::{
    consultations::{
        State, Step,
        pages::{self, Deciding, PairCard, PairSide, PairsPage, Paper, StaffPage, StaffRow, StaffTable},
    },
    notices::form::Errors,
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// So many comments are shown.
const COMMENTS: usize = 200;

/// What the table's address may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    state: String,
    page: String,
}

/// `GET /staff/consultations`
pub async fn list(ctx: Ctx, Params(query): Params<ListQuery>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ConsultationManage)?;
    let state = match query.state.as_str() {
        "" => None,
        code => Some(State::from_code(code).ok_or(Error::BadRequest("no such state".into()))?),
    };
    let page = query.page.parse::<u32>().unwrap_or(1).clamp(1, 100_000);
    let scopes = actor.scopes(Action::ConsultationManage);
    let total = store::count_for_staff(&ctx.app.db, &scopes, state, ctx.now).await?;
    let after = i64::from(page.saturating_sub(1)) * PAGE_ROWS;
    let rows = store::for_staff(&ctx.app.db, &scopes, state, (PAGE_ROWS, after), ctx.now).await?;
    let w = ctx.w;
    let rows = rows
        .iter()
        .map(|consultation| StaffRow {
            id: consultation.id.clone(),
            question: w.pick(&consultation.question, &consultation.question_en).to_owned(),
            place: w.pick(&consultation.place, &consultation.place_en).to_owned(),
            state: consultation.state_at(ctx.now),
            closes: time::date_time(w.lang, consultation.closes_at(), ctx.now),
            spoke: consultation.voices,
        })
        .collect();
    let pages = u32::try_from((total + PAGE_ROWS - 1) / PAGE_ROWS).unwrap_or(u32::MAX).max(1);
    let table = StaffTable { rows, state, page, pages };
    Ok(Page::new(&ctx, w.t("consultations-staff-title"))
        .tab(Tab::StaffNet)
        .back("/staff/net")
        .render(pages::staff_table(w, table)))
}

/// What is shown again after a mistake.
#[derive(Default)]
struct Again {
    deciding: Deciding,
    paper: Option<Paper>,
    status: StatusCode,
}

/// `GET /staff/consultations/{id}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let consultation = service::for_staff(&ctx, &id).await?;
    show(&ctx, &consultation, Again::default()).await
}

async fn show(ctx: &Ctx, consultation: &Consultation, again: Again) -> Result {
    let w = ctx.w;
    let asked = view::asked(ctx, consultation);
    let state = asked.state;
    let (comments, more_comments) = service::comments(ctx, consultation, COMMENTS).await?;
    let paper = match consultation.takes_paper_at(ctx.now) {
        true => {
            let buildings = paper::buildings(ctx, consultation).await?.into_iter();
            let buildings = buildings.map(|place| (place.code.clone(), w.pick(&place.name, &place.name_en).to_owned()));
            let none = std::iter::once((String::new(), w.t("consultations-paper-choose")));
            Some(Paper { buildings: none.chain(buildings).collect(), ..again.paper.unwrap_or_default() })
        }
        false => None,
    };
    let pairs = match state {
        State::Weighing => Some(weighing::open_pairs(ctx, consultation).await?),
        _ => None,
    };
    let notice =
        (state == State::Answered).then(|| consultation.notice_id.as_ref().map(|id| format!("/staff/notices/{id}")));
    let page = StaffPage {
        asked,
        version: consultation.version,
        counted: service::counted(&ctx.app, consultation).await?,
        comments,
        more_comments,
        pairs,
        steps: steps::possible(consultation, ctx.now),
        deciding: again.deciding,
        paper,
        notice,
        is_public: consultation.was_asked(),
    };
    Ok(Page::new(ctx, w.pick(&consultation.question, &consultation.question_en))
        .tab(Tab::StaffNet)
        .back("/staff/consultations")
        .status(again.status)
        .render(pages::staff_page(w, page)))
}

/// The forms of the steps.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepBody {
    step: String,
    version: String,
    decision: String,
    reason: String,
    withdrawn: String,
    summary: String,
}

/// `POST /staff/consultations/{id}/step`
pub async fn step(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<StepBody>) -> Result {
    let consultation = service::for_staff(&ctx, &id).await?;
    let step = Step::from_code(&body.step).ok_or(Error::BadRequest("no such step".into()))?;
    let reason = if step == Step::Withdraw { body.withdrawn } else { body.reason };
    let words = Words { decision: body.decision, reason, summary: body.summary };
    match steps::take(&ctx, &id, (step, body.version.parse().unwrap_or(0)), &words).await {
        Ok(()) => {
            let flash = match step {
                Step::Ask => "flash-consultations-asked",
                Step::Answer => "flash-consultations-answered",
                Step::Withdraw => "flash-consultations-withdrawn",
                Step::Weigh | Step::Close => "flash-consultations-weighing",
            };
            Ok(see_other_with(&ctx, &format!("/staff/consultations/{id}"), flash))
        }
        Err(Refused::Invalid(errors)) => {
            let Words { decision, reason, summary } = words;
            let deciding = Deciding { summary, decision, reason, errors };
            let again = Again { deciding, status: StatusCode::UNPROCESSABLE_ENTITY, ..Again::default() };
            show(&ctx, &consultation, again).await
        }
        Err(Refused::Spoken(_)) => Err(Error::Conflict("consultations-conflict-changed")),
        Err(Refused::Other(error)) => Err(error),
    }
}

/// The form of a sheet of paper.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PaperBody {
    building: String,
    flat: String,
    sheet: String,
    choices: Vec<String>,
    comment: String,
}

/// `POST /staff/consultations/{id}/paper`
pub async fn paper(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<PaperBody>) -> Result {
    let consultation = service::for_staff(&ctx, &id).await?;
    let typed = Typed { flat: body.flat, choices: body.choices, comment: body.comment };
    let sheet = Sheet { building: body.building, number: body.sheet, typed };
    let (errors, spoken, status) = match paper::enter(&ctx, &id, &sheet).await {
        Ok(()) => {
            return Ok(see_other_with(&ctx, &format!("/staff/consultations/{id}#paper"), "flash-consultations-paper"));
        }
        Err(Refused::Invalid(errors)) => (errors, None, StatusCode::UNPROCESSABLE_ENTITY),
        Err(Refused::Spoken(at)) => {
            let when = time::date_time(ctx.w.lang, at, ctx.now);
            let text = ctx.w.tf("consultations-paper-spoken", &[("when", when.into())]);
            (Errors::new(), Some(text), StatusCode::CONFLICT)
        }
        Err(Refused::Other(error)) => return Err(error),
    };
    let Sheet { building, number, typed } = sheet;
    let paper = Paper {
        buildings: Vec::new(),
        building,
        flat: typed.flat,
        sheet: number,
        choices: typed.choices,
        comment: typed.comment,
        errors,
        spoken,
    };
    show(&ctx, &consultation, Again { paper: Some(paper), status, ..Again::default() }).await
}

/// `POST /staff/consultations/{id}/notice`
pub async fn notice(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = published::make(&ctx, &id).await?;
    Ok(see_other(&format!("/staff/notices/{notice}")))
}

/// `GET /staff/consultations/{id}/pairs`
pub async fn pairs(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_pairs(&ctx, &id, None, StatusCode::OK).await
}

/// A pair whose form comes back: the two voices, the reason as typed, what is wrong.
type PairAgain = ((String, String), (String, Errors));

async fn show_pairs(ctx: &Ctx, id: &str, again: Option<PairAgain>, status: StatusCode) -> Result {
    let w = ctx.w;
    let (consultation, found) = weighing::look(ctx, id).await?;
    let side = |voice: &Voice| {
        let key = if voice.is_paper() { "consultations-on-paper" } else { "consultations-by-phone" };
        PairSide {
            id: voice.id.clone(),
            door: view::door(ctx, voice),
            note: w.tf(key, &[("when", time::date_time(w.lang, instant(voice.changed_at), ctx.now).into())]),
            said: view::said(ctx, &consultation, voice),
        }
    };
    let card = |pair: Pair| {
        let typed = again.as_ref().filter(|((first, second), _)| *first == pair.first.id && *second == pair.second.id);
        PairCard {
            sides: [side(&pair.first), side(&pair.second)],
            likeness: pair.likeness,
            decided: pair.decided.map(|decided| (decided.struck_id.unwrap_or_default(), decided.reason)),
            typed: typed.map(|(_, typed)| typed.clone()),
        }
    };
    let page = PairsPage {
        id: id.to_owned(),
        question: w.pick(&consultation.question, &consultation.question_en).to_owned(),
        pairs: found.into_iter().map(card).collect(),
    };
    Ok(Page::new(ctx, w.t("consultations-pairs"))
        .tab(Tab::StaffNet)
        .back(format!("/staff/consultations/{id}"))
        .status(status)
        .no_store()
        .render(pages::pairs_page(w, page)))
}

/// The form of a pair.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PairBody {
    first: String,
    second: String,
    decision: String,
    reason: String,
}

/// `POST /staff/consultations/{id}/pairs`
pub async fn decide(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<PairBody>) -> Result {
    service::for_staff(&ctx, &id).await?;
    let decision = Decision::from_code(&body.decision).ok_or(Error::BadRequest("no such decision".into()))?;
    match weighing::decide(&ctx, &id, (&body.first, &body.second), (decision, &body.reason)).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/consultations/{id}/pairs"), "flash-consultations-decided")),
        Err(Refused::Invalid(errors)) => {
            let again = ((body.first, body.second), (body.reason, errors));
            show_pairs(&ctx, &id, Some(again), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Spoken(_)) => Err(Error::Conflict("consultations-conflict-changed")),
        Err(Refused::Other(error)) => Err(error),
    }
}
