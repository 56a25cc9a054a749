//! Findings, for whoever looks at them.

use crate::{
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    patrol::{
        intake::{self, Said},
        store::intake::{self as store, Finding},
    },
    reports::categories,
};
use app::{
    patrol::{
        intake::{Finder, sureness},
        pages::intake::{self as intake_page, FindingPage, FindingRow, FindingsPage},
    },
    people::Action,
    time,
    ui::{nav::Way, photo::Photo, shell::Tab},
};
use axum::{extract::Path, http::StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Findings on a page.
const ROWS: usize = 50;

type Errors = BTreeMap<&'static str, String>;

/// Which findings are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    state: String,
    after: String,
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

pub(super) async fn findings(ctx: Ctx, Params(which): Params<Which>) -> Result {
    let w = ctx.w;
    let open = which.state != "decided";
    let after = which.after.split_once('_').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let mut rows = intake::list(&ctx, open, after, ROWS + 1).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let state = if open { "waiting" } else { "decided" };
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| format!("/staff/intake?state={state}&after={}_{}", last.received_at, last.id));
    let actor = ctx.actor()?;
    let waiting = store::waiting(&ctx.app.db, &actor.scopes(Action::IntakeConfirm)).await?;
    let page = intake_page::list(FindingsPage {
        w,
        tabs: vec![
            Way::new("/staff/intake", w.t("patrol-intake-tab-waiting"), open).count(waiting),
            Way::new("/staff/intake?state=decided", w.t("patrol-intake-tab-decided"), !open),
        ],
        rows: rows.iter().map(|finding| row(&ctx, finding)).collect(),
        next,
    });
    Ok(Page::new(&ctx, w.t("patrol-intake-title")).tab(Tab::StaffNet).back("/staff/net").render(page))
}

fn finder(ctx: &Ctx, finding: &Finding) -> String {
    let word = Finder::from_code(&finding.source).map(|finder| ctx.w.t(finder.key())).unwrap_or_default();
    format!("{word} · {}", finding.system)
}

fn row(ctx: &Ctx, finding: &Finding) -> FindingRow {
    let w = ctx.w;
    FindingRow {
        href: format!("/staff/intake/{}", finding.id),
        title: w.pick(&finding.category_name, &finding.category_name_en).to_owned(),
        note: format!(
            "{} · {} · {}",
            w.pick(&finding.place_name, &finding.place_name_en),
            finder(ctx, finding),
            time::ago(w, at(finding.found_at), ctx.now)
        ),
        sureness: w.tf(sureness(finding.confidence), &[("percent", finding.confidence.into())]),
        state: finding.state(),
    }
}

pub(super) async fn finding(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_finding(&ctx, &id, None, Errors::new()).await
}

async fn show_finding(ctx: &Ctx, id: &str, typed: Option<Said>, errors: Errors) -> Result {
    let w = ctx.w;
    let finding = intake::one(ctx, id).await?;
    let photos = store::photos(&ctx.app.db, id).await?;
    let photos = photos.into_iter().zip(1_i64..).map(|(photo, number)| Photo {
        thumb: format!("/photos/{photo}/thumb"),
        full: format!("/photos/{photo}"),
        alt: w.tf("patrol-photo", &[("number", number.into())]),
    });
    let alike = intake::alike(ctx, &finding).await?.into_iter().map(|report| {
        let words = format!(
            "{} · {} · {}",
            w.pick(&report.category_name, &report.category_name_en),
            w.t(report.state().key()),
            time::ago(w, at(report.filed_at), ctx.now)
        );
        (report.code, words)
    });
    let categories = categories::all(&ctx.app.db).await?;
    let said = typed.unwrap_or_else(|| Said {
        category: finding.category.clone(),
        place: finding.place.clone(),
        description: finding.description.clone(),
    });
    let facts = vec![
        (w.t("reports-category"), w.pick(&finding.category_name, &finding.category_name_en).to_owned()),
        (w.t("patrol-where"), {
            let place = w.pick(&finding.place_name, &finding.place_name_en);
            if finding.place.is_empty() { place.to_owned() } else { format!("{place} · {}", finding.place) }
        }),
        (w.t("patrol-finder"), finder(ctx, &finding)),
        (w.t("patrol-sure"), w.tf(sureness(finding.confidence), &[("percent", finding.confidence.into())])),
        (w.t("patrol-found-at"), time::date_time(w.lang, at(finding.found_at), ctx.now)),
        (w.t("patrol-foreign"), finding.foreign_code.clone()),
    ];
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = intake_page::one(FindingPage {
        w,
        here: format!("/staff/intake/{id}"),
        state: finding.state(),
        facts,
        photos: photos.collect(),
        report: finding.report_code,
        reason: finding.reason,
        categories: categories
            .into_iter()
            .map(|category| (category.code, w.pick(&category.name, &category.name_en).to_owned()))
            .collect(),
        typed: (said.category, said.place, said.description),
        alike: alike.collect(),
        errors,
    });
    let answer = Page::new(ctx, w.t("patrol-intake-one")).tab(Tab::StaffNet).back("/staff/intake").status(status);
    Ok(answer.render(page))
}

/// What the forms of a finding send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FindingBody {
    category: String,
    place: String,
    description: String,
    report: String,
    reason: String,
}

pub(super) async fn confirm(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<FindingBody>) -> Result {
    let said = Said { category: body.category, place: body.place, description: body.description };
    match intake::confirm(&ctx, &id, &said).await {
        Ok(code) => Ok(see_other_with(&ctx, &format!("/staff/reports/{code}"), "flash-patrol-confirmed")),
        Err(intake::Refused::Invalid(errors)) => show_finding(&ctx, &id, Some(said), errors.into_map()).await,
        Err(error) => Err(other(error)),
    }
}

fn other(refused: intake::Refused) -> Error {
    match refused {
        intake::Refused::Other(error) => error,
        intake::Refused::OtherContent | intake::Refused::Invalid(_) => Error::KeyReused,
    }
}

pub(super) async fn join(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<FindingBody>) -> Result {
    match intake::join(&ctx, &id, &body.report).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/intake/{id}"), "flash-patrol-joined")),
        Err(intake::Refused::Invalid(errors)) => show_finding(&ctx, &id, None, errors.into_map()).await,
        Err(error) => Err(other(error)),
    }
}

pub(super) async fn refuse(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<FindingBody>) -> Result {
    match intake::refuse(&ctx, &id, &body.reason).await {
        Ok(()) => Ok(see_other_with(&ctx, "/staff/intake", "flash-patrol-refused")),
        Err(intake::Refused::Invalid(errors)) => show_finding(&ctx, &id, None, errors.into_map()).await,
        Err(error) => Err(other(error)),
    }
}
