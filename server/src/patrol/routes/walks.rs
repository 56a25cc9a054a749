//! Plans, for whoever walks them.

use super::plans::grid_of;
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other, see_other_with},
    patrol::plans,
};
use app::{
    patrol::pages::walk::{self as walk_page, TodayRow, WalkPage, WalkPoint},
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

pub(super) async fn today(ctx: Ctx) -> Result {
    let w = ctx.w;
    let rows = plans::today(&ctx).await?.into_iter().map(|today| {
        let so_far = w.tf("patrol-so-far", &[("looked", today.looks.len().into()), ("all", today.points.len().into())]);
        TodayRow {
            href: format!("/patrols/{}", today.plan.id),
            note: format!("{} · {so_far}", grid_of(&ctx, &today.plan)),
            done: today.walk.is_some_and(|walk| walk.done_at.is_some()),
            name: today.plan.name,
        }
    });
    let page = walk_page::today(w, rows.collect());
    Ok(Page::new(&ctx, w.t("patrol-today-title")).tab(Tab::VolunteerTasks).back("/volunteer").render(page))
}

pub(super) async fn walk_of(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_walk(&ctx, &id, None).await
}

async fn show_walk(ctx: &Ctx, id: &str, wrong: Option<(String, String)>) -> Result {
    let today = plans::walk(ctx, id).await?;
    let state = |position: i64| {
        today.looks.iter().find(|(at, _)| *at == position).map(|(_, state)| state.clone()).unwrap_or_default()
    };
    let found = plans::found_today(ctx, &today.plan).await?;
    let me = ctx.actor()?.id.clone();
    let reports = |position: i64| {
        let here = found.iter().filter(|found| found.position == position);
        here.map(|found| {
            let mine = found.reporter_id.as_ref() == Some(&me);
            (found.code.clone(), mine.then(|| format!("/reports/{}", found.code)))
        })
        .collect()
    };
    let points = today
        .points
        .iter()
        .zip(0_i64..)
        .map(|(point, position)| WalkPoint {
            position,
            place: point.place.clone(),
            look_at: point.look_at.clone(),
            state: state(position),
            reports: reports(position),
            collect: format!("/volunteer/collect?patrol={id}&point={position}"),
        })
        .collect();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (typed, error) = wrong.unzip();
    let page = walk_page::walk(WalkPage {
        w: ctx.w,
        here: format!("/patrols/{id}"),
        grid: grid_of(ctx, &today.plan),
        points,
        due: today.due,
        note: typed.or_else(|| today.walk.as_ref().map(|walk| walk.note.clone())).unwrap_or_default(),
        done: today.walk.is_some_and(|walk| walk.done_at.is_some()),
        error,
    });
    let answer = Page::new(ctx, today.plan.name).tab(Tab::VolunteerTasks).back("/patrols").status(status);
    Ok(answer.render(page))
}

/// How a point looks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LookBody {
    position: i64,
    state: String,
}

pub(super) async fn look_at(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<LookBody>) -> Result {
    plans::look(&ctx, &id, body.position, &body.state).await?;
    Ok(see_other(&format!("/patrols/{id}#p{}", body.position)))
}

/// What is to be written down of a walk.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DoneBody {
    note: String,
}

pub(super) async fn done(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<DoneBody>) -> Result {
    match plans::finish(&ctx, &id, &body.note).await {
        Ok(()) | Err(plans::Refused::Again) => Ok(see_other_with(&ctx, "/patrols", "flash-patrol-done")),
        Err(plans::Refused::Invalid(errors)) => {
            let text = errors.into_map().remove("note").unwrap_or_default();
            show_walk(&ctx, &id, Some((body.note, text))).await
        }
        Err(plans::Refused::Other(error)) => Err(error),
    }
}
