//! Missed visits: marked some time after their end, and when there were several, booking online is blocked for a while.
//! Never at the counter, never for what staff book.

use crate::{
    app_state::App,
    audit, clock,
    http::{Ctx, Error, Result},
    people::inbox,
    windows::store::{
        Hall, blocks,
        blocks::{Block, Missed},
        halls, slots,
    },
};
use app::{
    i18n::Lang,
    people::Action,
    time::{date, day_of},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A visit counts as missed so long after its end.
const GRACE: SignedDuration = SignedDuration::from_hours(2);
/// No hall looks back further than so long.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Longest appeal, in characters.
pub const MAX_APPEAL: usize = 500;

/// Marks missed visits, blocks whoever missed too many, forgets old reserved places. Running it again changes nothing.
pub async fn sweep_visits(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let all = halls::all(&app.db).await?;
    let mut tx = app.db.begin().await?;
    slots::sweep(&mut tx, now - SignedDuration::from_hours(1)).await?;
    for missed in blocks::mark_missed(&mut tx, now - GRACE, now).await? {
        note_missed(&mut tx, &missed, &all, now).await?;
    }
    let mut by_person: BTreeMap<(String, String), Vec<(String, i64)>> = BTreeMap::new();
    for (person, hall, code, at) in blocks::uncounted(&mut tx, now - LONGEST).await? {
        by_person.entry((person, hall)).or_default().push((code, at));
    }
    for ((person_id, hall_id), missed) in by_person {
        let Some(hall) = all.iter().find(|hall| hall.id == hall_id) else { continue };
        let limits = hall.limits();
        let since = now - SignedDuration::from_hours(24 * limits.no_show_days.clamp(1, 366));
        let codes: Vec<String> =
            missed.into_iter().filter(|(_, at)| *at > since.as_microsecond()).map(|(code, _)| code).collect();
        let enough = i64::try_from(codes.len()).unwrap_or(i64::MAX) >= limits.no_show_count.max(1);
        if !enough || limits.block_days <= 0 {
            continue;
        }
        let ends_at = now + SignedDuration::from_hours(24 * limits.block_days.clamp(1, 366));
        let id = clock::new_id(now);
        blocks::insert(&mut tx, &id, (&person_id, &hall_id), ends_at, &codes, now).await?;
        let entry = audit::Entry {
            by: audit::By::System,
            action: "booking.block",
            object_kind: "booking_block",
            object_id: &id,
            detail: serde_json::json!({"missed": codes}),
            request_id: "",
        };
        audit::write(&mut tx, entry, now).await?;
        let day = day_of(ends_at);
        let told = inbox::Message {
            person_id: &person_id,
            text_key: "inbox-booking-blocked",
            text_args: serde_json::json!({
                "hall": hall.name, "hall_en": Lang::En.pick(&hall.name, &hall.name_en),
                "until": date(Lang::Zh, day), "until_en": date(Lang::En, day),
            }),
            href: &format!("/me/blocks/{id}"),
            dedupe_key: &format!("booking-block:{id}"),
        };
        inbox::send(&mut tx, told, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn note_missed(tx: &mut crate::db::Tx, missed: &Missed, all: &[Hall], now: Timestamp) -> anyhow::Result<()> {
    let entry = audit::Entry {
        by: audit::By::System,
        action: "appointment.no_show",
        object_kind: "appointment",
        object_id: &missed.id,
        detail: serde_json::json!({}),
        request_id: "",
    };
    audit::write(tx, entry, now).await?;
    let Some(hall) = all.iter().find(|hall| hall.id == missed.hall_id) else { return Ok(()) };
    let told = inbox::Message {
        person_id: &missed.person_id,
        text_key: "inbox-appointment-missed",
        text_args: serde_json::json!({"hall": hall.name, "hall_en": Lang::En.pick(&hall.name, &hall.name_en)}),
        href: &format!("/appointments/{}", missed.code),
        dedupe_key: &format!("appointment-missed:{}", missed.id),
    };
    inbox::send(tx, told, now).await?;
    Ok(())
}

/// The signed-in person's block with its hall.
pub async fn block(ctx: &Ctx, id: &str) -> Result<(Block, Hall)> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let block = blocks::by_id(&ctx.app.db, id).await?.filter(|block| block.person_id == actor.id);
    let block = block.ok_or(Error::NotFound)?;
    let hall = halls::by_id(&ctx.app.db, &block.hall_id).await?.ok_or(Error::NotFound)?;
    Ok((block, hall))
}

/// Writes down what the person says against a block; the first time counts. `false`: too long or empty.
pub async fn appeal(ctx: &Ctx, id: &str, text: &str) -> Result<bool> {
    let (block, _) = block(ctx, id).await?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_APPEAL {
        return Ok(false);
    }
    let mut tx = ctx.app.db.begin().await?;
    if blocks::appeal(&mut tx, &block.id, text, ctx.now).await? {
        let entry = audit::Entry {
            by: audit::By::Person(&block.person_id),
            action: "booking.appeal",
            object_kind: "booking_block",
            object_id: &block.id,
            detail: serde_json::json!({}),
            request_id: &ctx.request_id,
        };
        audit::write(&mut tx, entry, ctx.now).await?;
        tx.commit().await?;
    }
    Ok(true)
}
