//! The reviewer's part of a notice's page, its buttons, and the setting that asks for review.

use super::{PublishForm, Refusal, WithdrawForm, answer_sent, show_notice, versions};
use crate::{
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    notices::{
        review as cases,
        store::{self, Notice, review as rows},
        writing::{self, Refused},
    },
};
use app::{
    notices::{
        NoticeState,
        pages::{self, Review, ReviewSetting},
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// What the page says of review. `refused`: the reason for giving it back that was refused, and why.
pub(super) async fn part(ctx: &Ctx, notice: &Notice, refused: Option<(String, String)>) -> Result<Review> {
    let db = &ctx.app.db;
    let in_review = notice.state() == NoticeState::Review;
    let needed = in_review || (notice.state() == NoticeState::Draft && cases::is_needed(ctx, notice).await?);
    if !needed {
        let returned = match notice.state() {
            NoticeState::Draft => cases::returned(ctx, &notice.id).await?,
            _ => None,
        };
        return Ok(Review { returned, ..Review::default() });
    }
    let mut writers = rows::writers(db, &notice.id).await?;
    if !in_review {
        // Whoever asks is one of the writers.
        writers.push(ctx.actor()?.id.clone());
    }
    let reviewers = rows::reviewers(db, &notice.source_path, &writers).await?;
    Ok(Review {
        needed,
        reviewers: reviewers.into_iter().map(|person| person.name).collect(),
        may_decide: in_review && cases::may_decide(ctx, notice).await?,
        compared: if in_review { compared(ctx, notice).await? } else { Vec::new() },
        returned: if in_review { None } else { cases::returned(ctx, &notice.id).await? },
        refused,
    })
}

/// What a reviewer compares the notice with: what it corrects, and what was given back before.
async fn compared(ctx: &Ctx, notice: &Notice) -> Result<Vec<(String, Vec<app::notices::diff::Difference>)>> {
    let (w, db) = (ctx.w, &ctx.app.db);
    let form = writing::form_of(ctx, notice, &notice.content()).await?;
    let mut found = Vec::new();
    if let Some(earlier) = &notice.corrects_id
        && let Some(earlier) = store::by_id(db, earlier).await?
    {
        let old = writing::form_of(ctx, &earlier, &earlier.content()).await?;
        found.push((w.t("notice-compared-corrected"), versions::between(ctx, &old, &form).await?));
    }
    let last = rows::rounds(db, &notice.id).await?.into_iter().next();
    if let Some(round) = last {
        let saved = store::versions::of(db, &notice.id).await?;
        if let Some(then) = saved.iter().find(|version| version.version <= round.version) {
            found.push((w.t("notice-compared-last"), versions::between(ctx, &then.form(), &form).await?));
        }
    }
    Ok(found)
}

pub(in crate::notices) async fn approve(
    ctx: Ctx,
    Path(id): Path<String>,
    FormBody(form): FormBody<PublishForm>,
) -> Result {
    let sent = cases::approve(&ctx, &id, &form.version).await?;
    answer_sent(&ctx, &id, sent).await
}

pub(in crate::notices) async fn give_back(
    ctx: Ctx,
    Path(id): Path<String>,
    FormBody(form): FormBody<WithdrawForm>,
) -> Result {
    match cases::give_back(&ctx, &id, &form.reason).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/notices/{id}"), "flash-notice-returned")),
        Err(Refused::Invalid(errors)) => {
            let notice = cases::for_review(&ctx, &id).await?;
            let text = errors.into_values().next().unwrap_or_default();
            let refusal = Refusal { giving_back: Some((form.reason, text)), ..Refusal::default() };
            show_notice(&ctx, notice, refusal, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
        Err(Refused::Stale(_)) => Err(Error::Conflict("notice-conflict-changed")),
    }
}

pub(in crate::notices) async fn call_back(ctx: Ctx, Path(id): Path<String>) -> Result {
    cases::call_back(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &format!("/staff/notices/{id}"), "flash-notice-called-back"))
}

pub(in crate::notices) async fn settings(ctx: Ctx) -> Result {
    let found = cases::settings(&ctx).await?;
    let w = ctx.w;
    let settings = found.into_iter().map(|(organisation, review)| ReviewSetting {
        name: w.pick(&organisation.name, &organisation.name_en).to_owned(),
        code: organisation.code,
        review,
    });
    let page = pages::notice_settings(w, settings.collect());
    Ok(Page::new(&ctx, w.t("notice-settings")).tab(Tab::StaffNotices).back("/staff/notices").render(page))
}

/// The button beside an organisation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::notices) struct SettingForm {
    organisation: String,
    /// `1` to ask for review, `0` not to.
    review: String,
}

pub(in crate::notices) async fn set(ctx: Ctx, FormBody(form): FormBody<SettingForm>) -> Result {
    let review = match form.review.as_str() {
        "1" => true,
        "0" => false,
        _ => {
            cases::settings(&ctx).await?;
            return Err(Error::BadRequest("review: 0 or 1".into()));
        }
    };
    cases::set(&ctx, &form.organisation, review).await?;
    let flash = if review { "flash-notice-review-on" } else { "flash-notice-review-off" };
    Ok(see_other_with(&ctx, "/staff/notices/settings", flash))
}
