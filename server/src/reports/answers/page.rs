//! `/staff/reports/answers`: the answers of an organisation, and the form for one.

use super::{
    Canned, MOST, at,
    saving::{Body, Outcome, carry_out},
};
use crate::{
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    places::Organisation,
    reports::settings,
};
use app::{
    reports::{
        Step,
        answers::{self, AnswerForm, Values},
        pages::{AnswerRow, AnswersPage, answers_page},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use serde::Deserialize;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    at: String,
    edit: String,
}

/// `/staff/reports/answers`.
pub async fn show(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let place = settings::chosen(&ctx, &query.at).await?;
    let mut body = Body { at: place.code.clone(), ..Body::default() };
    if !query.edit.is_empty() {
        let own = at(&ctx.app.db, &place.path).await?;
        let edited = own.iter().find(|row| row.id == query.edit && row.path == place.path).ok_or(Error::NotFound)?;
        let AnswerForm { step, title, text, text_en } = edited.form();
        body = Body { id: edited.id.clone(), seen: edited.stamp(), step, title, text, text_en, ..body };
    }
    render(&ctx, &place, body, Shown::default()).await
}

#[derive(Default)]
struct Shown {
    errors: Vec<(String, String)>,
    conflict: bool,
    example: bool,
}

async fn render(ctx: &Ctx, place: &Organisation, body: Body, shown: Shown) -> Result {
    let w = ctx.w;
    let mut all = at(&ctx.app.db, &place.path).await?;
    let order = |row: &Canned| answers::steps().position(|step| step.code() == row.step).unwrap_or(usize::MAX);
    all.sort_by_key(order);
    let mut rows: Vec<AnswerRow> = Vec::new();
    for row in all {
        let Some(step) = Step::from_code(&row.step) else { continue };
        let own = row.path == place.path;
        let can_rise = own && rows.last().is_some_and(|last| last.step == step && last.above.is_none());
        rows.push(AnswerRow {
            step,
            text: w.pick(&row.text, &row.text_en).to_owned(),
            above: (!own).then(|| w.pick(&row.place, &row.place_en).to_owned()),
            can_rise,
            id: row.id,
            title: row.title,
        });
    }
    let ways = settings::places(ctx)
        .await?
        .into_iter()
        .map(|other| {
            let current = other.code == place.code;
            let name = w.pick(&other.name, &other.name_en).to_owned();
            Way::new(format!("/staff/reports/answers?at={}", other.code), name, current)
        })
        .collect();
    let example = Values {
        code: "K7Q2M9XA".to_owned(),
        category: w.t("answers-example-category"),
        place: w.pick(&place.name, &place.name_en).to_owned(),
        due: time::date_time(w.lang, ctx.now, ctx.now),
        owner: w.t("reports-owner-neighbour"),
    };
    let page = AnswersPage {
        w,
        places: ways,
        at: place.code.clone(),
        rows,
        example: shown.example.then(|| answers::fill(w.pick(&body.text, &body.text_en), &example)),
        form: body.form(),
        id: body.id,
        seen: body.seen,
        trouble: shown.conflict.then(|| w.t("answers-conflict")),
        errors: shown.errors,
    };
    let mut answer = Page::new(ctx, w.t("answers")).tab(Tab::StaffReports).back("/staff/reports/settings");
    if shown.conflict {
        answer = answer.status(axum::http::StatusCode::CONFLICT);
    } else if !page.errors.is_empty() {
        answer = answer.invalid();
    }
    Ok(answer.render(answers_page(page)))
}

/// `POST /staff/reports/answers`: shows an example, saves, removes or moves one up.
pub async fn change(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let place = settings::chosen(&ctx, &body.at).await?;
    let mistakes = body.form().mistakes();
    match body.act.as_str() {
        "save" | "look" if !mistakes.is_empty() => {
            let errors = mistakes.into_iter().map(|(field, key)| (field.to_owned(), ctx.w.t(key))).collect();
            return render(&ctx, &place, body, Shown { errors, ..Shown::default() }).await;
        }
        "look" => return render(&ctx, &place, body, Shown { example: true, ..Shown::default() }).await,
        "save" | "remove" | "up" => {}
        _ => return Err(Error::BadRequest("there is no such button".into())),
    }
    let flash = match carry_out(&ctx, &place, &body).await? {
        Outcome::Saved => "flash-report-settings",
        Outcome::Removed => "flash-answer-removed",
        Outcome::Many => {
            let errors = vec![("title".to_owned(), ctx.w.tf("answers-error-many", &[("most", MOST.into())]))];
            return render(&ctx, &place, body, Shown { errors, ..Shown::default() }).await;
        }
        Outcome::Stale(id, seen) => {
            return render(&ctx, &place, Body { id, seen, ..body }, Shown { conflict: true, ..Shown::default() }).await;
        }
    };
    Ok(see_other_with(&ctx, &format!("/staff/reports/answers?at={}", place.code), flash))
}
