//! Calendar files of one activity, and the feed of a community's.

use super::store::{self, Activity};
use crate::{
    deliver::outbox::absolute,
    http::{
        Ctx, Error, Result,
        calendar::{self, Event, ICS},
        feed,
    },
    notices::{
        made::made,
        outside::words,
        reading,
        routes::{Asks, query},
        store::{self as notices, Notice},
    },
    places::{self, Organisation},
};
use app::notices::ActivityPlan;
use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use jiff::SignedDuration;

/// The feed tells of activities that ended less than so many days ago, so that programs see what was called off…
const BACK_DAYS: i64 = 30;
/// …and of so many at most.
const MOST: i64 = 200;

fn event<'a>(ctx: &Ctx, activity: &Activity, notice: &Notice, plan: &ActivityPlan, link: &'a str) -> Event<'a> {
    let w = ctx.w;
    let title = w.pick(&notice.title, &notice.title_en).to_owned();
    let source = w.pick(&notice.source, &notice.source_en).to_owned();
    Event {
        uid: format!("{}@{}", activity.id, ctx.app.config.public_url.host_str().unwrap_or("linli")),
        sequence: activity.sequence,
        cancelled: activity.standing().cancelled,
        changed_at: activity.changed_at(),
        starts_at: plan.starts_at,
        ends_at: plan.ends_at,
        description: w.tf("activity-ics-description", &[("source", source.into()), ("link", link.to_owned().into())]),
        location: w.pick(&plan.place, &plan.place_en).to_owned(),
        link,
        alarms: vec![("-PT2H", w.tf("activity-alarm", &[("title", title.clone().into())]))],
        summary: title,
    }
}

/// `/notices/{id}/activity.ics`
pub async fn file(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = reading::public_notice(&ctx.app, &id).await?;
    let activity = store::of_notice(&ctx.app.db, &notice.id).await?.ok_or(Error::NotFound)?;
    let notice = notices::by_id(&ctx.app.db, &activity.notice_id).await?.ok_or(Error::NotFound)?;
    let (_, plan) = store::plan(&ctx.app.db, &notice.id).await?.ok_or(Error::NotFound)?;
    let link = absolute(&ctx.app, &format!("/notices/{}", notice.id));
    let text = calendar::file("Activities", &event(&ctx, &activity, &notice, &plan, &link));
    let headers = [
        (header::CONTENT_TYPE, ICS),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"linli-activity.ics\""),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((headers, text).into_response())
}

/// Where the calendar of a community's activities is; empty: of all.
pub fn path(community: &str) -> String {
    match community {
        "" => "/activities.ics".to_owned(),
        code => format!("/activities.ics?community={}", crate::http::page::encode(code)),
    }
}

/// `/activities.ics`: the activities of a community, or of everywhere, for calendar programs to subscribe to.
pub async fn subscribed(ctx: Ctx, asked_with: HeaderMap, asks: Asks) -> Result {
    let query = query(asks)?;
    let w = words(&asked_with, &query.lang);
    let ctx = Ctx { w, ..ctx };
    let community = match query.community.as_str() {
        "" => None,
        code => Some(places::store::community_by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?),
    };
    let name = format!("activities {} {}", query.community, w.lang.tag());
    let text = made(&ctx.app, &name, ctx.now, feed_text(&ctx, community.as_ref())).await?;
    Ok(feed::public(&asked_with, ICS, text, 300))
}

async fn feed_text(ctx: &Ctx, community: Option<&Organisation>) -> Result<Vec<u8>> {
    let w = ctx.w;
    let place = community.map_or("", |community| community.path.as_str());
    let from = ctx.now - SignedDuration::from_hours(24 * BACK_DAYS);
    let mut told = Vec::new();
    for activity in store::for_calendar(&ctx.app.db, place, (from, ctx.now), MOST).await? {
        let Some(notice) = notices::by_id(&ctx.app.db, &activity.notice_id).await? else { continue };
        let Some((_, plan)) = store::plan(&ctx.app.db, &notice.id).await? else { continue };
        let link = absolute(&ctx.app, &format!("/notices/{}", notice.id));
        told.push((activity, notice, plan, link));
    }
    let events: Vec<Event<'_>> =
        told.iter().map(|(activity, notice, plan, link)| event(ctx, activity, notice, plan, link)).collect();
    let name = match community {
        Some(community) => {
            let place = w.pick(&community.name, &community.name_en).to_owned();
            w.tf("activity-feed-name", &[("place", place.into())])
        }
        None => w.t("activity-feed-all"),
    };
    Ok(calendar::feed("Activities", &name, &events).into_bytes())
}
