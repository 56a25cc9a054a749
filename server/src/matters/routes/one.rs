//! `/staff/matters/{id}`.

use crate::{
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    matters::{
        service::{self, StepError, Wanted},
        store::{self, Matter, messages},
        view,
    },
    reports,
};
use app::{
    matters::{
        life::{Side, Step, may_hand_on},
        pages::{self, Child, MatterPage, StepForm},
    },
    people::Action,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the form of a step sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    step: String,
    version: i64,
    text: String,
    days: String,
}

/// What is shown of a step that was not taken.
#[derive(Default)]
struct Again {
    wanted: Option<Wanted>,
    errors: BTreeMap<&'static str, String>,
    trouble: Option<String>,
    status: StatusCode,
}

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result {
    let matter = service::readable(&ctx, &id).await?;
    render(&ctx, &matter, Again::default()).await
}

/// `POST`: a step.
pub async fn step(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    service::handled(&ctx, &id).await?;
    let step = Step::from_code(&body.step).ok_or(Error::BadRequest("there is no such step".into()))?;
    let wanted = Wanted { step, version: body.version, text: body.text, days: body.days };
    let w = ctx.w;
    let (errors, trouble, status) = match service::take(&ctx, &id, &wanted).await {
        Ok(()) => return Ok(see_other_with(&ctx, &format!("/staff/matters/{id}"), "flash-matter-step")),
        Err(StepError::Other(error)) => return Err(error),
        Err(StepError::Mistakes(errors)) => (errors.into_map(), None, StatusCode::UNPROCESSABLE_ENTITY),
        Err(StepError::Obstacle(key)) => (BTreeMap::new(), Some(w.t(key)), StatusCode::CONFLICT),
        Err(StepError::Stale) => (BTreeMap::new(), Some(w.t("matters-conflict-quicker")), StatusCode::CONFLICT),
    };
    // As it is now: somebody may have been quicker.
    let matter = service::readable(&ctx, &id).await?;
    render(&ctx, &matter, Again { wanted: Some(wanted), errors, trouble, status }).await
}

fn child(ctx: &Ctx, matter: &Matter) -> Child {
    Child {
        id: matter.id.clone(),
        name: format!("{} {}", matter.number, matter.title),
        note: format!("{} · {}", view::between(ctx.w, matter), view::clock(ctx, matter)),
        state: matter.state(),
        late: matter.late(ctx.now),
        answer: matter.answer.clone(),
    }
}

async fn render(ctx: &Ctx, matter: &Matter, mut again: Again) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let sides = service::sides(actor, matter);
    let mut steps = Vec::new();
    for (step, obstacle) in service::possible(ctx, matter, &sides).await? {
        let typed = again.wanted.as_ref().filter(|wanted| wanted.step == step);
        steps.push(StepForm {
            step,
            obstacle: obstacle.map(|key| w.t(key)),
            text: typed.map(|wanted| wanted.text.clone()).unwrap_or_default(),
            days: typed.map(|wanted| wanted.days.clone()).unwrap_or_default(),
            open: typed.is_some(),
            errors: if typed.is_some() { std::mem::take(&mut again.errors) } else { BTreeMap::new() },
        });
    }
    let report = match matter.report_id.is_empty() {
        true => None,
        false => {
            let report = reports::store::by_id(&ctx.app.db, &matter.report_id).await?;
            let may = report.is_some_and(|report| actor.require(Action::ReportRead, &report.path).is_ok());
            Some((matter.report_code.clone(), may))
        }
    };
    let events = store::events(&ctx.app.db, &matter.id).await?;
    let sentence = [view::turn(w, matter), view::clock(ctx, matter)];
    let page = MatterPage {
        w,
        id: matter.id.clone(),
        number: matter.number.clone(),
        version: matter.version,
        state: matter.state(),
        late: matter.late(ctx.now),
        sentence: sentence.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" "),
        trouble: again.trouble,
        facts: view::facts(ctx, matter),
        report,
        text: matter.body.clone(),
        answer: matter.answer.clone(),
        parent: service::above(ctx, matter).await?.map(|parent| child(ctx, &parent)),
        children: service::below(ctx, matter).await?.iter().map(|one| child(ctx, one)).collect(),
        steps,
        may_hand_on: sides.contains(&Side::Receiver) && may_hand_on(matter.state()),
        unsent: if sides.is_empty() { 0 } else { messages::unsent(&ctx.app.db, &matter.id).await? },
        events: view::timeline(ctx, matter, &events),
    };
    Ok(Page::new(ctx, matter.title.clone())
        .tab(Tab::StaffNet)
        .back("/staff/matters")
        .status(again.status)
        .render(pages::one(page)))
}
