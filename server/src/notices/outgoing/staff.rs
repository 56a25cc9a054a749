//! For staff: how a notice's messages fare, and sending again what failed.

use super::store::figures;
use crate::{
    audit::{self, By},
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    notices::writing,
};
use app::{
    notices::{
        following::Channel,
        pages::{self, ChannelRow, Deliveries, ReasonRow},
    },
    people::Action,
    places::Waiting,
    ui::shell::Tab,
};
use axum::extract::Path;
use jiff::SignedDuration;
use serde::Deserialize;

/// Failures older than this are no longer work that waits.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What waits for staff: notices of the last week that did not reach everybody on every way.
pub async fn not_delivered(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let scopes = ctx.actor()?.scopes(Action::NoticeWrite);
    let ids = figures::undelivered(&ctx.app.db, &scopes, ctx.now - RECENT).await?;
    let waiting = |latest: &String| Waiting {
        title: ctx.w.t("sent-waiting"),
        note: None,
        count: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        late: false,
        href: format!("/staff/notices/{latest}/deliveries"),
    };
    Ok(ids.first().map(waiting).into_iter().collect())
}

/// `GET /staff/notices/{id}/deliveries`
pub async fn page(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    let db = &ctx.app.db;
    let told = figures::told(db, &id).await?;
    let mut rows: Vec<ChannelRow> =
        vec![ChannelRow { delivered: told.map_or(0, |told| told.people), ..ChannelRow::default() }];
    rows.extend(Channel::ALL.map(|channel| ChannelRow { channel: Some(channel), ..ChannelRow::default() }));
    for count in figures::counts(db, &id).await? {
        let Some(channel) = Channel::from_code(&count.channel) else { continue };
        let Some(row) = rows.iter_mut().find(|row| row.channel == Some(channel)) else { continue };
        let place = match (count.state.as_str(), count.failure.as_str()) {
            ("delivered", _) => &mut row.delivered,
            ("created", "") => &mut row.waiting,
            ("created", _) => &mut row.retrying,
            ("sending", _) => &mut row.sending,
            (_, "unsure") => &mut row.unsure,
            (_, "overtaken" | "stopped") => &mut row.dropped,
            _ => &mut row.failed,
        };
        *place += count.count;
    }
    let reasons = figures::reasons(db, &id).await?.into_iter().filter_map(|row| {
        let channel = Channel::from_code(&row.channel)?;
        Some(ReasonRow { channel, state: row.state, failure: row.failure, reason: row.reason, count: row.count })
    });
    let reasons = reasons.collect();
    let may_send = ctx.actor()?.require(Action::NoticeWrite, &notice.source_path).is_ok();
    let cleared = told.is_some_and(|told| told.cleared);
    let told = told.map(|told| (told.people, told.all));
    let page = Deliveries { notice_id: id.clone(), told, cleared, rows, reasons, may_send };
    let view = pages::deliveries(ctx.w, page);
    let title = ctx.w.tf("sent-title", &[("title", ctx.w.pick(&notice.title, &notice.title_en).into())]);
    Ok(Page::new(&ctx, title).tab(Tab::StaffNotices).back(format!("/staff/notices/{id}")).render(view))
}

/// Which failed messages are sent again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AgainForm {
    /// "1": those of which nobody knows whether they went; else those that were refused or given up.
    unsure: String,
}

/// `POST /staff/notices/{id}/deliveries`: sends again what failed.
pub async fn again(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<AgainForm>) -> Result {
    send_again(&ctx, &id, form.unsure == "1").await?;
    Ok(see_other_with(&ctx, &format!("/staff/notices/{id}/deliveries"), "flash-sent-again"))
}

/// Sends a notice's messages again that were refused or given up; `unsure`: those of which nobody knows whether they went.
/// Gives how many.
pub async fn send_again(ctx: &Ctx, id: &str, unsure: bool) -> Result<u64> {
    let notice = writing::for_writing(ctx, id).await?;
    if !notice.state().is_public() {
        return Err(Error::Conflict("notice-conflict-not-published"));
    }
    let mut tx = ctx.app.db.begin().await?;
    let count = figures::again(&mut tx, id, unsure, ctx.now).await?;
    if count > 0 {
        let entry = audit::Entry {
            by: By::Person(&ctx.actor()?.id),
            action: "notice.send_again",
            object_kind: "notice",
            object_id: id,
            detail: serde_json::json!({ "messages": count, "unsure": unsure }),
            request_id: &ctx.request_id,
        };
        audit::write(&mut tx, entry, ctx.now).await?;
    }
    tx.commit().await?;
    Ok(count)
}
