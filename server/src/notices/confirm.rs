//! "I have seen it" under emergencies: only counted. A mark is a keyed hash of notice and person, so that a second tap is
//! seen and no list of people can be made of the marks; the audit entry has no actor for the same reason.

use super::{reading, store::Notice};
use crate::{
    audit::{self, By},
    db::Db,
    http::{Ctx, Error, Result, see_other_with},
};
use app::{
    notices::{NoticeKind, NoticeState, pages::ConfirmPart},
    people::Action,
};
use axum::extract::Path;

/// Whether the notice is an emergency that is going on.
fn asks(ctx: &Ctx, notice: &Notice) -> bool {
    notice.kind() == NoticeKind::Emergency
        && notice.state() == NoticeState::Published
        && notice.ends_at().is_some_and(|end| end > ctx.now)
}

fn mark(ctx: &Ctx, notice: &Notice) -> Result<String> {
    Ok(ctx.app.secrets.link_token("confirm", &format!("{}:{}", notice.id, ctx.actor()?.id)))
}

/// What stands under an emergency.
pub async fn part(ctx: &Ctx, notice: &Notice) -> Result<Option<ConfirmPart>> {
    if !asks(ctx, notice) {
        return Ok(None);
    }
    let done = match &ctx.actor {
        None => None,
        Some(_) => {
            let row: Option<(String,)> =
                sqlx::query_as("SELECT mark FROM notice_confirmation WHERE notice_id = $1 AND mark = $2")
                    .bind(&notice.id)
                    .bind(mark(ctx, notice)?)
                    .fetch_optional(ctx.app.db.read())
                    .await?;
            Some(row.is_some())
        }
    };
    Ok(Some(ConfirmPart { notice: format!("/notices/{}", notice.id), done }))
}

/// How many have confirmed, for emergencies.
pub async fn total(db: &Db, notice: &Notice) -> Result<Option<i64>> {
    if notice.kind() != NoticeKind::Emergency || !notice.state().is_public() {
        return Ok(None);
    }
    let row: Option<(i64,)> = sqlx::query_as("SELECT total FROM notice_confirmed WHERE notice_id = $1")
        .bind(&notice.id)
        .fetch_optional(db.read())
        .await?;
    Ok(Some(row.map_or(0, |(total,)| total)))
}

/// `POST /notices/{id}/confirm`
pub(super) async fn confirm(ctx: Ctx, Path(id): Path<String>) -> Result {
    ctx.actor()?;
    let notice = reading::public_notice(&ctx.app, &id).await?;
    count(&ctx, &notice).await?;
    Ok(see_other_with(&ctx, &format!("/notices/{id}#confirm"), "flash-confirmed"))
}

/// Counts that the reader has seen an emergency that is going on. Twice is once.
pub async fn count(ctx: &Ctx, notice: &Notice) -> Result<()> {
    ctx.actor()?.require(Action::OwnThings, "")?;
    if !asks(ctx, notice) {
        return Err(Error::Conflict("confirm-conflict-over"));
    }
    let mut tx = ctx.app.db.begin().await?;
    let new = sqlx::query("INSERT INTO notice_confirmation (notice_id, mark) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(&notice.id)
        .bind(mark(ctx, notice)?)
        .execute(&mut *tx)
        .await?;
    if new.rows_affected() == 1 {
        sqlx::query(
            "INSERT INTO notice_confirmed (notice_id, total) VALUES ($1, 1) \
             ON CONFLICT (notice_id) DO UPDATE SET total = notice_confirmed.total + 1",
        )
        .bind(&notice.id)
        .execute(&mut *tx)
        .await?;
        let entry = audit::Entry {
            by: By::Visitor,
            action: "notice.confirm",
            object_kind: "notice",
            object_id: &notice.id,
            detail: serde_json::json!({}),
            request_id: "",
        };
        audit::write(&mut tx, entry, ctx.now).await?;
    }
    tx.commit().await?;
    Ok(())
}
