//! The classifier at work: what it learned last is kept in `category_model` and in memory; a nightly job teaches it
//! anew from this deployment's closed reports. It proposes to residents and staff and decides nothing.

use super::{
    categories::{self, Category},
    classifier::{Accuracy, Class, Example, Model, Proposal},
};
use crate::{
    app_state::App,
    audit, clock,
    db::Db,
    http::{Ctx, Page, Params, Result, see_other_with},
    jobs::{self, Job},
};
use app::{
    people::Action,
    reports::pages::{ClassifierPage, Guess, Training, classifier_page},
    time,
    ui::shell::Tab,
};
use axum::{Json, response::IntoResponse};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

/// Most closed reports that are learned from, the newest.
const MOST_EXAMPLES: i64 = 20_000;
/// After so long a server looks whether another one has taught the model anew.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// The model in memory. One in each [`App`].
#[derive(Default)]
pub struct Cache(Mutex<Option<(Timestamp, String, Arc<Model>)>>);

/// A row of `category_model` without its weights.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Trained {
    /// Id.
    pub id: String,
    /// Microseconds.
    pub trained_at: i64,
    /// Reports learned from.
    pub learned: i64,
    /// Reports tested on.
    pub tested: i64,
    /// Share whose category was the first proposal.
    pub first_right: f64,
    /// Share whose category was among the first three.
    pub three_right: f64,
}

/// The newest trainings, newest first, at most `most`.
pub async fn trainings(db: &Db, most: i64) -> std::result::Result<Vec<Trained>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, trained_at, learned, tested, first_right, three_right FROM category_model \
         ORDER BY trained_at DESC, id DESC LIMIT $1",
    )
    .bind(most)
    .fetch_all(db.read())
    .await
}

fn classes(categories: &[Category]) -> Vec<Class> {
    categories
        .iter()
        .map(|category| {
            let mut hints = category.hints();
            hints.push(category.name.clone());
            Class { code: category.code.clone(), hints }
        })
        .collect()
}

/// The model in use: the newest that was trained, or the categories' hints alone before the first training.
pub async fn model(app: &App) -> anyhow::Result<Arc<Model>> {
    let now = app.clock.now();
    let kept = app.classifier.0.lock().ok().and_then(|kept| kept.clone());
    if let Some((at, _, model)) = &kept
        && now.duration_since(*at).abs() < FRESH
    {
        return Ok(Arc::clone(model));
    }
    let newest = trainings(&app.db, 1).await?.into_iter().next().map(|row| row.id).unwrap_or_default();
    let model = match kept {
        Some((_, id, model)) if id == newest && !id.is_empty() => model,
        _ => Arc::new(read(app, &newest).await?),
    };
    if let Ok(mut kept) = app.classifier.0.lock() {
        *kept = Some((now, newest, Arc::clone(&model)));
    }
    Ok(model)
}

async fn read(app: &App, id: &str) -> anyhow::Result<Model> {
    let row: Option<(String,)> = sqlx::query_as("SELECT weights FROM category_model WHERE id = $1")
        .bind(id)
        .fetch_optional(app.db.read())
        .await?;
    if let Some((weights,)) = row {
        match serde_json::from_str(&weights) {
            Ok(model) => return Ok(model),
            // Written by another version: the hints serve until the next night.
            Err(error) => tracing::warn!(%error, "the kept classifier is not readable"),
        }
    }
    Ok(Model::learn(&classes(&categories::all(&app.db).await?), []))
}

/// Teaches the model anew from closed reports and keeps it; older models beyond the last thirty go. The job
/// `TrainClassifier`; running it twice only measures twice.
pub async fn train(app: &App) -> anyhow::Result<Accuracy> {
    let now = app.clock.now();
    let classes = classes(&categories::all(&app.db).await?);
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, category, description FROM report WHERE state = 'closed' AND description <> '' \
         ORDER BY changed_at DESC LIMIT $1",
    )
    .bind(MOST_EXAMPLES)
    .fetch_all(app.db.read())
    .await?;
    let examples: Vec<Example> = rows.into_iter().map(|(id, category, text)| Example { id, category, text }).collect();
    let (model, accuracy) = tokio::task::spawn_blocking(move || Model::learn_and_measure(&classes, &examples)).await?;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let id = clock::new_id(now);
    let weights = serde_json::to_string(&model)?;
    let mut tx = app.db.begin().await?;
    sqlx::query(
        "INSERT INTO category_model (id, trained_at, learned, tested, first_right, three_right, weights) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&id)
    .bind(now.as_microsecond())
    .bind(count(accuracy.learned))
    .bind(count(accuracy.tested))
    .bind(accuracy.first)
    .bind(accuracy.three)
    .bind(weights)
    .execute(&mut *tx)
    .await?;
    // The figures of a month stay to be compared; only the newest is ever read.
    sqlx::query("UPDATE category_model SET weights = '' WHERE id <> $1").bind(&id).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM category_model WHERE trained_at < $1")
        .bind((now - SignedDuration::from_hours(24 * 30)).as_microsecond())
        .execute(&mut *tx)
        .await?;
    let entry = audit::Entry {
        by: audit::By::System,
        action: "report.train_classifier",
        object_kind: "category_model",
        object_id: &id,
        detail: serde_json::json!({ "learned": accuracy.learned, "tested": accuracy.tested }),
        request_id: "",
    };
    audit::write(&mut tx, entry, now).await?;
    tx.commit().await?;
    if let Ok(mut kept) = app.classifier.0.lock() {
        *kept = Some((now, id, Arc::new(model)));
    }
    Ok(accuracy)
}

/// A proposal with the category it names.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The category.
    pub category: Category,
    /// How sure the model is, and why.
    pub proposal: Proposal,
}

/// Up to three categories in use that a text may be about.
pub async fn suggest(app: &App, text: &str) -> anyhow::Result<Vec<Suggestion>> {
    let proposals = model(app).await?.propose(text);
    if proposals.is_empty() {
        return Ok(Vec::new());
    }
    let categories = categories::all(&app.db).await?;
    Ok(proposals
        .into_iter()
        .filter_map(|proposal| {
            let category = categories.iter().find(|category| category.code == proposal.category)?.clone();
            Some(Suggestion { category, proposal })
        })
        .collect())
}

/// The text that is being typed.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SuggestQuery {
    /// What is wrong there, as far as it is typed; the first 1,000 characters are read.
    text: String,
}

/// A category that a text may be about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SuggestionOut {
    /// Code of the category.
    pub code: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Name of its major.
    pub major_name: String,
    /// How sure the classifier is, 0 to 1.
    pub share: f64,
    /// Words of the text that speak for it.
    pub because: Vec<String>,
}

/// Up to three categories that a text may be about, the likeliest first: a proposal, never a decision.
#[utoipa::path(get, path = "/api/v1/reports/suggest-category", tag = "reports", params(SuggestQuery),
    responses((status = 200, body = [SuggestionOut])))]
pub(crate) async fn suggest_category(ctx: Ctx, Params(query): Params<SuggestQuery>) -> Result {
    let all: Vec<SuggestionOut> = suggest(&ctx.app, &query.text)
        .await?
        .into_iter()
        .map(|Suggestion { category, proposal }| SuggestionOut {
            name: ctx.w.pick(&category.name, &category.name_en).to_owned(),
            major_name: ctx.w.pick(&category.major_name, &category.major_name_en).to_owned(),
            code: category.code,
            share: (proposal.share * 1000.0).round() / 1000.0,
            because: proposal.because,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// `/staff/reports/classifier`: how often the proposals were right, and a box to try them.
pub async fn page(ctx: Ctx, Params(query): Params<SuggestQuery>) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportRead)?;
    let w = ctx.w;
    let trainings = trainings(&ctx.app.db, 30)
        .await?
        .into_iter()
        .map(|row| Training {
            when: time::date_time(w.lang, super::store::instant(row.trained_at), ctx.now),
            learned: row.learned,
            tested: row.tested,
            first: row.first_right,
            three: row.three_right,
        })
        .collect();
    let text: String = query.text.chars().take(super::classifier::MAX_READ).collect();
    let guesses = suggest(&ctx.app, &text).await?.into_iter().map(|guess| guess.shown(w)).collect();
    let teaches = !ctx.actor()?.scopes(Action::ReportSettings).is_empty();
    let page = ClassifierPage { w, trainings, text, guesses, teaches };
    Ok(Page::new(&ctx, w.t("desk-classifier"))
        .tab(Tab::StaffReports)
        .back("/staff/reports")
        .render(classifier_page(page)))
}

/// `POST /staff/reports/classifier`: has the model learn now, by the same job as at night; once a minute.
pub async fn learn(ctx: Ctx) -> Result {
    teach(&ctx).await?;
    Ok(see_other_with(&ctx, "/staff/reports/classifier", "flash-classifier-learns"))
}

/// Has the model learn now, by the same job as at night; once a minute.
pub async fn teach(ctx: &Ctx) -> std::result::Result<(), crate::http::Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportSettings)?;
    let mut tx = ctx.app.db.begin().await?;
    let key = format!("train_classifier:by_hand:{}", ctx.now.as_second() / 60);
    jobs::queue(&mut tx, &Job::TrainClassifier, ctx.now, Some(&key), ctx.now).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "report.teach_classifier",
        object_kind: "category_model",
        object_id: "",
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

impl Suggestion {
    /// As pages show it.
    pub fn shown(self, w: app::i18n::Words) -> Guess {
        Guess {
            name: w.pick(&self.category.name, &self.category.name_en).to_owned(),
            code: self.category.code,
            share: self.proposal.share,
            because: self.proposal.because,
        }
    }
}
