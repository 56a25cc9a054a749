//! `/property`: what everybody sees, and where residents rate.

use super::{contract_rows, entry_row, or_errors, standing_view, turns};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    property::service::{ratings, reading, today},
};
use app::{
    property::{
        credit::State,
        pages::{
            Errors,
            public::{self as pages, PublicPage, PublicRow, RatePage},
        },
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

pub async fn list(ctx: Ctx) -> Result {
    let w = ctx.w;
    let rows = reading::public_list(&ctx).await?.into_iter().map(|ranked| PublicRow {
        name: w.pick(&ranked.company.name, &ranked.company.name_en).to_owned(),
        estates: ranked
            .contracts
            .iter()
            .map(|contract| w.pick(&contract.estate, &contract.estate_en).to_owned())
            .collect(),
        standing: standing_view(&ranked.standing, &ranked.entries),
        appealed: ranked.entries.iter().any(|entry| entry.state() == State::Appealed),
        id: ranked.company.id,
    });
    let page = pages::list(w, rows.collect(), ctx.actor.is_some());
    Ok(Page::new(&ctx, w.t("property-public")).tab(Tab::Home).back("/").render(page))
}

pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let w = ctx.w;
    let known = reading::public(&ctx, &id).await?;
    let day = today(&ctx).to_string();
    let current: Vec<_> = known.contracts.into_iter().filter(|contract| contract.holds(&day)).collect();
    let page = PublicPage {
        w,
        standing: standing_view(&known.standing, &known.entries),
        turns: turns(&ctx, &known.history),
        contracts: contract_rows(&ctx, &current, false),
        entries: known.entries.iter().map(|entry| (entry_row(&ctx, entry, None, false), entry.basis.clone())).collect(),
        registration: known.company.registration,
        phone: known.company.phone,
    };
    let title = w.pick(&known.company.name, &known.company.name_en).to_owned();
    Ok(Page::new(&ctx, title).tab(Tab::Home).back("/property").render(pages::one(page)))
}

pub async fn rate_page(ctx: Ctx) -> Result {
    show(&ctx, None, Errors::new(), StatusCode::OK).await
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    stars: String,
    reason: String,
}

async fn show(ctx: &Ctx, typed: Option<Body>, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let home = ratings::home(ctx).await?;
    let own = home.as_ref().and_then(|home| home.own.clone());
    let rated = own.is_some();
    let typed = typed
        .unwrap_or_else(|| own.map_or_else(Body::default, |(stars, reason)| Body { stars: stars.to_string(), reason }));
    let page = RatePage {
        w,
        quarter: home.as_ref().map(|home| home.quarter.clone()).unwrap_or_default(),
        home: home.map(|home| {
            let contract = home.contract;
            (
                w.pick(&contract.estate, &contract.estate_en).to_owned(),
                w.pick(&contract.company, &contract.company_en).to_owned(),
            )
        }),
        rated,
        stars: typed.stars,
        reason: typed.reason,
        errors,
    };
    let page = pages::rate(page);
    Ok(Page::new(ctx, w.t("property-rate")).tab(Tab::Me).back("/property").status(status).render(page))
}

pub async fn rate(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    match ratings::rate(&ctx, &body.stars, &body.reason).await {
        Ok(()) => Ok(see_other_with(&ctx, "/property/rate", "flash-property-rated")),
        Err(refused) => {
            let errors = or_errors(refused)?;
            show(&ctx, Some(body), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
