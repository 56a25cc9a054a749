//! `/companies`: for those who act for a company.

use super::{
    assessment_rows, contract_rows,
    entries::{Body, paper_of, show},
    entry_row, inspection_rows, or_errors, standing_view, turns,
};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    property::{
        service::{assess, credit, reading},
        store::{credit::Entry, inspections},
    },
};
use app::{
    property::{
        credit::Step,
        pages::{
            Errors,
            own::{self as pages, OwnPage},
        },
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};

pub async fn list(ctx: Ctx) -> Result {
    let w = ctx.w;
    let companies = reading::own(&ctx).await?;
    let companies =
        companies.into_iter().map(|company| (company.id, w.pick(&company.name, &company.name_en).to_owned())).collect();
    Ok(Page::new(&ctx, w.t("property-own")).tab(Tab::Me).back("/me").render(pages::list(w, companies)))
}

pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let w = ctx.w;
    let known = reading::for_own(&ctx, &id).await?;
    let inspections = inspection_rows(&ctx, inspections::of_company(&ctx.app.db, &id).await?, true).await?;
    let (reader, by) = (&ctx, &ctx.actor()?.id);
    let row = |entry: &Entry| entry_row(reader, entry, Some("/companies/entries/"), false);
    let waits =
        |step: Step| known.entries.iter().filter(move |entry| credit::hindrance(reader, entry, step, by).is_none());
    let unanswered = waits(Step::Answer).filter(|entry| entry.answered_at.is_none());
    let page = OwnPage {
        w,
        inspections,
        standing: standing_view(&known.standing, &known.entries),
        waiting: unanswered.chain(waits(Step::Appeal)).map(row).collect(),
        entries: known.entries.iter().map(row).collect(),
        assessments: assessment_rows(&ctx, &known.assessments, "/companies/assessments/"),
        contracts: contract_rows(&ctx, &known.contracts, false),
        turns: turns(&ctx, &known.history),
    };
    let title = w.pick(&known.company.name, &known.company.name_en).to_owned();
    Ok(Page::new(&ctx, title).tab(Tab::Me).back("/companies").render(pages::one(page)))
}

pub async fn entry(ctx: Ctx, Path(id): Path<String>) -> Result {
    let entry = credit::own(&ctx, &id).await?;
    show(&ctx, &entry, false, Default::default(), Errors::new(), StatusCode::OK).await
}

pub async fn speak(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let entry = credit::own(&ctx, &id).await?;
    match credit::speak(&ctx, &id, &body.form()?).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/companies/entries/{id}"), "flash-property-said")),
        Err(refused) => {
            let errors = or_errors(refused)?;
            show(&ctx, &entry, false, body.typed(), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn assessment(ctx: Ctx, Path(id): Path<String>) -> Result {
    let opened = assess::own(&ctx, &id).await?;
    paper_of(&ctx, opened, false).await
}
