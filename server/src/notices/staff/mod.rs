//! The staff's pages of notices: the table, and one notice with what can be done with it.

pub(super) mod editor;
pub(super) mod preview;
pub(super) mod review;
pub(super) mod versions;

use super::{
    activity, changing,
    reading::{page_count, page_number},
    routes::{Asks, query},
    store::{
        self, Notice,
        list::{self, Among, StaffNotice as Stored},
    },
    view,
    writing::{self, Refused, Sent},
};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other, see_other_with},
};
use app::{
    notices::{
        NoticeKind, NoticeState,
        pages::{self, Lacking, StaffList, StaffNotice, StaffRow},
    },
    people::Action,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

/// In an address: what the reader may review.
pub(super) const MINE: &str = "mine";

pub(super) async fn list(ctx: Ctx, asks: Asks) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeRead)?;
    let query = query(asks)?;
    let reviews = actor.scopes(Action::NoticeReview);
    let mine = query.state == MINE && !reviews.is_empty();
    let state = match query.state.as_str() {
        "" | MINE => None,
        code => Some(NoticeState::from_code(code).ok_or(Error::BadRequest("no such state".into()))?),
    };
    let page = page_number(&query.page);
    let scopes = actor.scopes(Action::NoticeRead);
    let rows = if mine {
        list::for_staff(&ctx.app.db, &reviews, Among::ToReviewBy(&actor.id), page).await?
    } else {
        list::for_staff(&ctx.app.db, &scopes, Among::State(state), page).await?
    };
    let to_review = match reviews.is_empty() {
        true => None,
        false => Some(store::review::waiting_for(&ctx.app.db, &actor.id, &reviews).await?),
    };
    let counts: Vec<(NoticeState, i64)> = list::staff_counts(&ctx.app.db, &scopes)
        .await?
        .into_iter()
        .filter_map(|(code, count)| NoticeState::from_code(&code).map(|state| (state, count)))
        .collect();
    let of_state = counts.iter().filter(|(s, _)| state.is_none_or(|state| state == *s)).map(|(_, count)| count).sum();
    let shown = StaffList {
        rows: rows.into_iter().map(|row| staff_row(&ctx, row)).collect(),
        state,
        mine,
        to_review,
        counts,
        page,
        pages: page_count(if mine { to_review.unwrap_or(0) } else { of_state }),
        may_write: !actor.scopes(Action::NoticeWrite).is_empty(),
        may_set: !actor.scopes(Action::NoticeSettings).is_empty(),
    };
    let (w, now) = (ctx.w, ctx.now);
    Ok(Page::new(&ctx, w.t("notices-staff-title")).tab(Tab::StaffNotices).render(pages::staff_list(w, now, shown)))
}

fn staff_row(ctx: &Ctx, row: Stored) -> StaffRow {
    let w = ctx.w;
    StaffRow {
        kind: NoticeKind::from_code(&row.kind).unwrap_or(NoticeKind::Service),
        state: NoticeState::from_code(&row.state).unwrap_or(NoticeState::Draft),
        expired: row.expires_at.is_some_and(|end| end <= ctx.now.as_microsecond()),
        corrected: row.corrections > 0,
        title: w.pick(&row.title, &row.title_en).to_owned(),
        source: w.pick(&row.source, &row.source_en).to_owned(),
        author: row.author,
        at: Timestamp::from_microsecond(row.at).unwrap_or(Timestamp::UNIX_EPOCH),
        id: row.id,
    }
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    show_notice(&ctx, notice, Refusal::default(), StatusCode::OK).await
}

/// What was typed and refused, and why.
#[derive(Default)]
struct Refusal {
    withdrawal: Option<(String, String)>,
    giving_back: Option<(String, String)>,
}

async fn show_notice(ctx: &Ctx, notice: Notice, refusal: Refusal, status: StatusCode) -> Result {
    let (w, now) = (ctx.w, ctx.now);
    let actor = ctx.actor()?;
    let aims = store::aims_of(&ctx.app.db, &[&notice.id]).await?;
    let may_write = actor.require(Action::NoticeWrite, &notice.source_path).is_ok()
        && aims.iter().all(|aim| actor.require(Action::NoticeWrite, &aim.path).is_ok());
    let lacking = match notice.state() {
        NoticeState::Draft | NoticeState::Review => lacking(ctx, &notice).await?,
        _ => Vec::new(),
    };
    let versions = store::versions::of(&ctx.app.db, &notice.id).await?.len();
    let view = view::of_notice(&ctx.app, w, &notice, now).await?;
    let reach = store::reach(&ctx.app.db, &notice.id).await?;
    let shown = StaffNotice {
        id: notice.id.clone(),
        state: notice.state(),
        expired: notice.is_expired(now),
        corrected: view.changed_by.iter().any(|change| !change.withdrawal),
        latest: view.changed_by.first().map(|latest| (format!("/staff{}", latest.href), latest.title.clone())),
        version: notice.version,
        versions,
        may_write,
        is_withdrawal: notice.is_withdrawal(),
        publish_at: notice.publish_at(),
        expires_at: notice.expires_at(),
        reach: (reach.households, reach.people),
        lacking,
        confirmed: super::confirm::total(&ctx.app.db, &notice).await?,
        activity: actor.require(Action::NoticeAnswer, &notice.source_path).is_ok()
            && activity::store::of_notice(&ctx.app.db, &notice.id).await?.is_some(),
        view,
        form_key: clock::token(),
        withdrawal: refusal.withdrawal,
        review: review::part(ctx, &notice, refusal.giving_back).await?,
    };
    Ok(Page::new(ctx, w.pick(&notice.title, &notice.title_en))
        .tab(Tab::StaffNotices)
        .back("/staff/notices")
        .status(status)
        .render(pages::staff_notice(w, now, shown)))
}

/// What must be mended in a draft first; or that it comes too late.
async fn lacking(ctx: &Ctx, notice: &Notice) -> Result<Vec<Lacking>> {
    let w = ctx.w;
    let missing = writing::missing(ctx, notice).await?;
    let missing = missing.into_iter().map(|missing| Lacking { text: w.t(missing.key()), field: missing.field() });
    let late = changing::overtaken(ctx, notice).await?.map(|key| Lacking { text: w.t(key), field: "title" });
    Ok(missing.chain(late).collect())
}

/// The form of the button that publishes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PublishForm {
    version: String,
}

pub(super) async fn publish(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<PublishForm>) -> Result {
    let sent = writing::publish(&ctx, &id, &form.version).await?;
    answer_sent(&ctx, &id, sent).await
}

/// Where the button that publishes or approves leads.
async fn answer_sent(ctx: &Ctx, id: &str, sent: Sent) -> Result {
    let here = format!("/staff/notices/{id}");
    match sent {
        Sent::Out => Ok(see_other_with(ctx, &here, "flash-notice-published")),
        Sent::Scheduled => Ok(see_other_with(ctx, &here, "flash-notice-scheduled")),
        Sent::Asked => Ok(see_other_with(ctx, &here, "flash-notice-asked")),
        Sent::Lacking(_) => {
            let notice = writing::for_reading(ctx, id).await?;
            show_notice(ctx, notice, Refusal::default(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub(super) async fn unschedule(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::unschedule(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &format!("/staff/notices/{id}"), "flash-notice-unscheduled"))
}

pub(super) async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::discard(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/staff/notices", "flash-notice-discarded"))
}

/// The form of the button that begins a correction.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CorrectForm {
    form_key: String,
}

pub(super) async fn correct(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<CorrectForm>) -> Result {
    let draft = changing::correct(&ctx, &id, &form.form_key).await?;
    Ok(see_other(&format!("/staff/notices/{draft}/edit")))
}

/// The form that takes a notice back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WithdrawForm {
    reason: String,
}

pub(super) async fn withdraw(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<WithdrawForm>) -> Result {
    match changing::withdraw(&ctx, &id, &form.reason).await {
        Ok(_) => Ok(see_other_with(&ctx, &format!("/staff/notices/{id}"), "flash-notice-withdrawn")),
        Err(Refused::Invalid(errors)) => {
            let notice = writing::for_writing(&ctx, &id).await?;
            let text = errors.into_values().next().unwrap_or_default();
            let refusal = Refusal { withdrawal: Some((form.reason, text)), ..Refusal::default() };
            show_notice(&ctx, notice, refusal, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
        Err(Refused::Stale(_)) => Err(Error::Conflict("notice-conflict-changed")),
    }
}
