//! Changes of the net.

use super::{Errors, address, page, show};
use crate::{
    clock,
    grids::{
        service::{
            Refused,
            change::{self as service, Around, Form},
            today,
        },
        store::{Building, Grid},
    },
    http::{Ctx, FormBody, Params, Result, see_other_with},
};
use app::grids::{
    change::Kind,
    pages::{BuildingChoice, ChangePage, NAMES, change_page},
};
use axum::{extract::Path, http::StatusCode};
use jiff::Span;
use serde::Deserialize;

/// Which form is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
}

/// A change as its form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    kind: String,
    act: String,
    names: Vec<String>,
    names_en: Vec<String>,
    keeps: String,
    building: Vec<String>,
    to: Vec<String>,
    with: Vec<String>,
    into: String,
    goes: Vec<String>,
    line: String,
    day: String,
    reason: String,
    key: String,
}

impl Body {
    fn kind(&self) -> Kind {
        Kind::from_code(&self.kind).unwrap_or(Kind::Split)
    }

    fn names(&self) -> Vec<(String, String)> {
        let english = self.names_en.iter().cloned().chain(std::iter::repeat(String::new()));
        self.names.iter().cloned().zip(english).take(NAMES).collect()
    }

    /// Which building goes where. What is no number goes to a new grid that nobody named.
    fn to(&self) -> Vec<(String, usize)> {
        let number = |text: &String| text.parse().unwrap_or(usize::MAX);
        self.building.iter().cloned().zip(self.to.iter().map(number)).collect()
    }

    fn form(&self) -> Form {
        Form {
            kind: Some(self.kind()),
            names: self.names(),
            keeps: self.keeps == "1",
            to: self.to(),
            with: self.with.clone(),
            into: self.into.clone(),
            goes: self.goes.clone(),
            day: self.day.clone(),
            reason: self.reason.clone(),
            key: self.key.clone(),
        }
    }
}

/// `GET /staff/grids/{code}/change`
pub async fn form(ctx: Ctx, Path(code): Path<String>, Params(asked): Params<Asked>) -> Result {
    let grid = service::changeable(&ctx, &code).await?;
    let tomorrow = today(&ctx).checked_add(Span::new().days(1)).unwrap_or_else(|_| today(&ctx));
    let body = Body {
        kind: asked.kind,
        keeps: "1".to_owned(),
        into: grid.code.clone(),
        day: tomorrow.to_string(),
        key: clock::token(),
        ..Body::default()
    };
    show_form(&ctx, &grid, body, Errors::new(), StatusCode::OK).await
}

async fn show_form(ctx: &Ctx, grid: &Grid, body: Body, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let Around { grids, buildings } = service::around(ctx, grid).await?;
    let others: Vec<Grid> = grids.into_iter().filter(|other| other.id != grid.id).collect();
    let plan = show::plan(ctx, grid, &others, &buildings, None);
    let kind = body.kind();
    let to = body.to();
    let choices = buildings.iter().filter(|building| building.grid_id == grid.id).map(|building| {
        let chosen = match kind {
            Kind::Move => usize::from(body.goes.contains(&building.code)),
            _ => to.iter().find(|(code, _)| *code == building.code).map_or(0, |(_, nth)| *nth),
        };
        let name = w.pick(&building.name, &building.name_en).to_owned();
        let words = [("name", name.into()), ("count", building.households.into())];
        BuildingChoice { code: building.code.clone(), name: w.tf("grids-building-households", &words), to: chosen }
    });
    let name = |grid: &Grid| w.pick(&grid.name, &grid.name_en).to_owned();
    let view = change_page(ChangePage {
        w,
        here: format!("{}/change", address(&grid.code)),
        kind,
        plan,
        buildings: choices.collect(),
        others: others.iter().map(|other| (other.code.clone(), name(other))).collect(),
        names: body.names(),
        itself: (grid.code.clone(), name(grid)),
        with: body.with,
        into: body.into,
        keeps: body.keeps == "1",
        line: body.line,
        day: body.day,
        reason: body.reason,
        key: if body.key.is_empty() { clock::token() } else { body.key },
        errors,
    });
    let title = w.tf("grids-change-of", &[("name", name(grid).into())]);
    Ok(page(ctx, title).back(address(&grid.code)).status(status).render(view))
}

/// `POST /staff/grids/{code}/change`: proposes by a line, or plans.
pub async fn plan(ctx: Ctx, Path(code): Path<String>, FormBody(mut body): FormBody<Body>) -> Result {
    let grid = service::changeable(&ctx, &code).await?;
    if body.act == "line" {
        let around = service::around(&ctx, &grid).await?;
        let own: Vec<&Building> = around.buildings.iter().filter(|building| building.grid_id == grid.id).collect();
        let Some(to) = service::by_line(&own, &body.line) else {
            let errors = Errors::from([("line", ctx.w.t("grids-error-line"))]);
            return show_form(&ctx, &grid, body, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        };
        (body.building, body.to) = to.into_iter().map(|(code, nth)| (code, nth.to_string())).unzip();
        return show_form(&ctx, &grid, body, Errors::new(), StatusCode::OK).await;
    }
    match service::plan(&ctx, &code, &body.form()).await {
        Ok(_) => Ok(see_other_with(&ctx, &address(&code), "flash-grids-planned")),
        Err(Refused::Invalid(errors)) => {
            show_form(&ctx, &grid, body, errors.into_map(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// `POST /staff/grids/{code}/changes/{change}/withdraw`
pub async fn withdraw(ctx: Ctx, Path((code, change)): Path<(String, String)>) -> Result {
    service::withdraw(&ctx, &code, &change).await?;
    Ok(see_other_with(&ctx, &address(&code), "flash-grids-withdrawn"))
}
