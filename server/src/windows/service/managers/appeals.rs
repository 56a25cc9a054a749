//! Blocks after missed visits, and what their holders say against them.

use super::halls_for;
use crate::{
    audit,
    http::{Ctx, Error, Result},
    people::inbox,
    windows::store::{
        Hall,
        blocks::{self, Block, MissedVisit},
        halls,
    },
};
use app::{
    i18n::Lang,
    people::Action,
    places::Waiting,
    time::{date, day_of},
};
use jiff::SignedDuration;

/// Longest reason, in characters.
pub const MAX_REASON: usize = 300;
/// An appeal that waits longer than so is late.
const LATE: SignedDuration = SignedDuration::from_hours(72);

/// Which blocks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Somebody says something against them, and nobody has decided.
    Appealed,
    /// They stand, and nobody says anything against them.
    Standing,
    /// Decided.
    Decided,
}

impl Which {
    /// All of them.
    pub const ALL: [Which; 3] = [Which::Appealed, Which::Standing, Which::Decided];

    /// In addresses.
    pub fn code(self) -> &'static str {
        match self {
            Which::Appealed => "appealed",
            Which::Standing => "standing",
            Which::Decided => "decided",
        }
    }

    /// Which one this code means; the first one otherwise.
    pub fn from_code(code: &str) -> Which {
        Which::ALL.into_iter().find(|which| which.code() == code).unwrap_or(Which::Appealed)
    }
}

/// A block with its holder.
pub struct Listed {
    /// The block.
    pub block: Block,
    /// Its holder's name and masked number.
    pub person: (String, String),
    /// Its hall.
    pub hall: Hall,
    /// The visits that led to it.
    pub missed: Vec<MissedVisit>,
    /// Who decided; empty if nobody has.
    pub decided_by: String,
}

/// The blocks of the halls that the signed-in person manages, the longest waiting first, and how many there are of each
/// kind. Looking at them is in the audit log.
pub async fn list(ctx: &Ctx, which: Which) -> Result<(Vec<Listed>, [i64; 3])> {
    let halls = halls_for(ctx, Action::HallManage).await?;
    let db = &ctx.app.db;
    let mut counts = [0; 3];
    let mut listed = Vec::new();
    for hall in &halls {
        let found = blocks::of_hall(db, &hall.id, ctx.now).await?;
        for (block, name, phone, decided_by) in found {
            let kind = if !block.decision.is_empty() {
                Which::Decided
            } else if block.appeal.is_empty() {
                Which::Standing
            } else {
                Which::Appealed
            };
            if let Some(index) = Which::ALL.into_iter().position(|which| which == kind) {
                counts[index] += 1;
            }
            if kind == which {
                let missed = blocks::missed_visits(db, &block.missed_codes()).await?;
                listed.push(Listed { block, person: (name, phone), hall: hall.clone(), missed, decided_by });
            }
        }
    }
    if !listed.is_empty() {
        let mut tx = db.begin().await?;
        for hall in &halls {
            let rows = listed.iter().filter(|one| one.hall.id == hall.id).count();
            if rows == 0 {
                continue;
            }
            let entry = audit::Entry {
                by: audit::By::Person(&ctx.actor()?.id),
                action: "block.list",
                object_kind: "hall",
                object_id: &hall.id,
                detail: serde_json::json!({"which": which.code(), "rows": rows}),
                request_id: &ctx.request_id,
            };
            audit::write(&mut tx, entry, ctx.now).await?;
        }
        tx.commit().await?;
    }
    Ok((listed, counts))
}

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It holds, and the resident is told.
    Done,
    /// Somebody has decided before.
    Before,
    /// A reason is needed, of a sensible length.
    NoReason,
}

/// A block with its hall, for those who may decide about it.
pub async fn for_deciding(ctx: &Ctx, id: &str) -> Result<(Block, Hall)> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HallManage)?;
    let db = &ctx.app.db;
    let block = blocks::by_id(db, id).await?.ok_or(Error::NotFound)?;
    let hall = halls::by_id(db, &block.hall_id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::HallManage, &hall.path)?;
    // Nobody judges their own case.
    if block.person_id == actor.id { Err(Error::Forbidden) } else { Ok((block, hall)) }
}

/// Lifts a block or keeps it, with a reason that the resident reads.
pub async fn decide(ctx: &Ctx, id: &str, lift: bool, reason: &str) -> Result<Decided> {
    let (block, hall) = for_deciding(ctx, id).await?;
    let (actor, db) = (ctx.actor()?, &ctx.app.db);
    let reason = reason.trim().replace('\0', "");
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        return Ok(Decided::NoReason);
    }
    let decision = if lift { "lifted" } else { "kept" };
    let mut tx = db.begin().await?;
    if !blocks::decide(&mut tx, &block.id, (decision, &reason), &actor.id, ctx.now).await? {
        return Ok(Decided::Before);
    }
    let until = day_of(block.ends());
    let told = inbox::Message {
        person_id: &block.person_id,
        text_key: if lift { "inbox-block-lifted" } else { "inbox-block-kept" },
        text_args: serde_json::json!({
            "hall": hall.name, "hall_en": Lang::En.pick(&hall.name, &hall.name_en), "reason": reason,
            "until": date(Lang::Zh, until), "until_en": date(Lang::En, until),
        }),
        href: &format!("/me/blocks/{}", block.id),
        dedupe_key: &format!("block-decided:{}", block.id),
    };
    inbox::send(&mut tx, told, ctx.now).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: if lift { "block.lift" } else { "block.keep" },
        object_kind: "booking_block",
        object_id: &block.id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(Decided::Done)
}

/// For staff who manage halls: appeals that nobody has decided.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    if ctx.actor()?.require_somewhere(Action::HallManage).is_err() {
        return Ok(Vec::new());
    }
    let (mut count, mut oldest) = (0, None);
    for hall in halls_for(ctx, Action::HallManage).await? {
        let (number, first) = blocks::appealed(&ctx.app.db, &hall.id).await?;
        count += number;
        oldest = [oldest, first].into_iter().flatten().min();
    }
    let late = oldest.is_some_and(|at: i64| at < (ctx.now - LATE).as_microsecond());
    let row = Waiting {
        title: ctx.w.t("appeal-waiting"),
        note: Some(ctx.w.t("appeal-waiting-note")),
        count,
        late,
        href: "/staff/blocks".to_owned(),
    };
    Ok(if count > 0 { vec![row] } else { Vec::new() })
}
