//! `/staff/blocks`: blocks after missed visits, and appeals against them.

use super::super::views::{Fields, Segment};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::service::managers::appeals::{self, Decided, MAX_REASON, Which},
};
use app::{
    time::{date, date_time, day_of},
    ui::{parts::Way, shell::Tab},
    windows::pages::managers::appeals::{AppealView, AppealsProps, Refused, appeals_page},
};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

/// The blocks.
pub async fn list(ctx: Ctx, fields: Fields) -> Result {
    show(&ctx, Which::from_code(fields.get("which").unwrap_or_default()), None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, which: Which, refused: Option<Refused>, status: StatusCode) -> Result {
    let (listed, counts) = appeals::list(ctx, which).await?;
    let w = ctx.w;
    let ways = Which::ALL
        .into_iter()
        .zip(counts)
        .map(|(one, count)| {
            let key = match one {
                Which::Appealed => "appeal-tab-appealed",
                Which::Standing => "appeal-tab-standing",
                Which::Decided => "appeal-tab-decided",
            };
            Way::new(format!("/staff/blocks?which={}", one.code()), w.t(key), one == which).count(count)
        })
        .collect();
    let rows = listed
        .into_iter()
        .map(|one| AppealView {
            id: one.block.id.clone(),
            person: one.person,
            hall: w.pick(&one.hall.name, &one.hall.name_en).to_owned(),
            until: date(w.lang, day_of(one.block.ends())),
            over: one.block.ends() <= ctx.now,
            missed: one
                .missed
                .into_iter()
                .map(|visit| {
                    let at = Timestamp::from_microsecond(visit.starts_at).unwrap_or(Timestamp::UNIX_EPOCH);
                    (visit.code, w.pick(&visit.title, &visit.title_en).to_owned(), date_time(w.lang, at, ctx.now))
                })
                .collect(),
            appeal: one.block.appeal,
            decision: (one.block.decision, one.block.decision_reason, one.decided_by),
        })
        .collect();
    let props = AppealsProps { w, ways, rows, refused, max: MAX_REASON };
    let page = Page::new(ctx, w.t("appeal-title")).tab(Tab::StaffHalls).back("/staff/halls").status(status);
    Ok(page.render(appeals_page(props)))
}

/// The form of a decision.
#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    which: String,
}

/// Lifts or keeps a block.
pub async fn decide(ctx: Ctx, Segment(id): Segment, FormBody(form): FormBody<Form>) -> Result {
    let which = Which::from_code(&form.which);
    let known = matches!(form.decision.as_str(), "lift" | "keep");
    // A form without a decision is judged like one without a reason: permission is asked first either way.
    let reason = if known { form.reason.as_str() } else { "" };
    match appeals::decide(&ctx, &id, form.decision == "lift", reason).await? {
        Decided::Done => Ok(see_other_with(&ctx, "/staff/blocks", "flash-appeal-decided")),
        Decided::Before => Ok(see_other_with(&ctx, "/staff/blocks?which=decided", "flash-appeal-before")),
        Decided::NoReason => {
            let text = ctx.w.tf("appeal-error", &[("max", MAX_REASON.into())]);
            let refused = Refused { id, decision: form.decision, reason: form.reason, text };
            show(&ctx, which, Some(refused), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
