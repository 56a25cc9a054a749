//! Use cases of this room: the choice of a community, what waits for staff, jobs and audit.

use super::store::{self, AuditEntry, JobEntry, Organisation};
use crate::{
    audit::{self, By},
    http::{Ctx, Error},
    people,
};
use app::{
    people::Action,
    places::{NextCard, Waiting},
};

/// What the reader has to do or expect, the halls before the report.
pub async fn next_cards(ctx: &Ctx) -> Result<Vec<NextCard>, Error> {
    let windows = crate::windows::service::next_cards(ctx);
    let (mut cards, report) = tokio::try_join!(windows, crate::reports::service::next_card(ctx))?;
    cards.extend(report);
    Ok(cards)
}

/// The community with this code, to be remembered by the browser; a person without a home community gets it as theirs.
pub async fn choose(ctx: &Ctx, code: &str) -> Result<Option<Organisation>, Error> {
    let Some(community) = store::community_by_code(&ctx.app.db, code).await? else { return Ok(None) };
    if let Some(actor) = ctx.actor.as_ref().filter(|actor| actor.community_id.is_none()) {
        let mut tx = ctx.app.db.begin().await?;
        people::store::set_first_community(&mut tx, &actor.id, &community.id).await?;
        tx.commit().await?;
    }
    Ok(Some(community))
}

/// What waits for this person as staff: late things first, then the most.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    ctx.actor()?.require_somewhere(Action::NoticeRead)?;
    let mut rows = crate::reports::service::waiting(ctx).await?;
    rows.extend(crate::windows::service::waiting(ctx).await?);
    rows.extend(crate::windows::service::managers::appeals::waiting(ctx).await?);
    rows.extend(crate::notices::service::waiting(ctx).await?);
    rows.extend(crate::notices::questions::service::waiting(ctx).await?);
    rows.extend(crate::meetings::service::waiting(ctx).await?);
    rows.extend(crate::notices::service::not_delivered(ctx).await?);
    rows.extend(crate::handbook::service::waiting(ctx).await?);
    rows.extend(crate::supervision::service::read::waiting(ctx).await?);
    rows.extend(crate::partners::service::waiting(ctx).await?);
    // The rooms of the net that have no lines of their own here.
    let rooms = crate::net::service::Waits::of_rooms(ctx).await?;
    rows.extend(rooms.into_iter().filter(|(_, waits)| waits.count > 0).map(|(_, waits)| Waiting {
        title: ctx.w.t(waits.key),
        note: None,
        count: waits.count,
        late: false,
        href: waits.href,
    }));
    rows.sort_by_key(|row| (!row.late, std::cmp::Reverse(row.count)));
    Ok(rows)
}

/// Jobs that are not done, the dead ones first, at most 200.
pub async fn open_jobs(ctx: &Ctx) -> Result<Vec<JobEntry>, Error> {
    ctx.actor()?.require_somewhere(Action::JobsRead)?;
    Ok(store::open_jobs(&ctx.app.db).await?)
}

/// Entries of the audit log before an entry (the newest for an empty id), newest first. Reading it is written in it.
pub async fn audit_log(ctx: &Ctx, before: &str) -> Result<Vec<AuditEntry>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::AuditRead)?;
    let entries = store::audit_before(&ctx.app.db, before).await?;
    let mut tx = ctx.app.db.begin().await?;
    let entry = audit::Entry {
        by: By::Person(&actor.id),
        action: "audit.read",
        object_kind: "audit",
        object_id: before,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(entries)
}
