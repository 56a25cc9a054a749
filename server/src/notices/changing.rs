//! Use cases of staff for what is published: correct it, take it back. Both are new notices that refer to the old one; no
//! published text is ever changed.

use super::{
    activity, attachments,
    store::{
        self, Notice, versions,
        write::{self as rows, Origin},
    },
    writing::{Refused, for_writing, form_key, form_of, own_by_form_key, queue_fan_out, set_answers, write_down},
};
use crate::{
    clock,
    db::Tx,
    http::{Ctx, Error, Result},
};
use app::{
    i18n::{Lang, Words},
    notices::{Content, NoticeState, form, limits},
};
use jiff::{SignedDuration, Timestamp};

/// Asks that a notice may still be changed by another one (`by`): it is out, was not taken back, and no later one has taken
/// its place. Until the transaction ends, it stays so: of two corrections, one goes out.
pub(super) async fn still_stands(tx: &mut Tx, id: &str, by: &str) -> Result<()> {
    if !rows::lock_published(tx, id).await? {
        return Err(Error::Conflict("notice-conflict-not-published"));
    }
    if rows::has_later(tx, id, by).await? {
        return Err(Error::Conflict("notice-conflict-corrected"));
    }
    Ok(())
}

/// Why a draft that changes an earlier notice cannot do so any more, as a catalogue key: what [`still_stands`] will say.
pub(super) async fn overtaken(ctx: &Ctx, notice: &Notice) -> Result<Option<&'static str>> {
    let Some(earlier) = &notice.corrects_id else { return Ok(None) };
    let db = &ctx.app.db;
    if store::by_id(db, earlier).await?.is_none_or(|earlier| earlier.state() != NoticeState::Published) {
        return Ok(Some("notice-conflict-not-published"));
    }
    let later = store::corrections_of(db, earlier).await?;
    Ok(later.iter().any(|later| later.id != notice.id).then_some("notice-conflict-corrected"))
}

/// Begins a correction: a draft with the old words that refers to the published notice. Gives the draft's id.
pub async fn correct(ctx: &Ctx, id: &str, sent_key: &str) -> Result<String> {
    let old = for_writing(ctx, id).await?;
    let form_key = form_key(sent_key)?;
    let mut content = old.content();
    content.title = prefixed(Words::new(Lang::Zh), "notice-correction-title", &content.title, limits::TITLE_CHARS);
    if !content.title_en.is_empty() {
        let en = Words::new(Lang::En);
        content.title_en = prefixed(en, "notice-correction-title", &content.title_en, limits::TITLE_CHARS * 2);
    }
    content.publish_at = None;
    let origin = Origin {
        author_id: &ctx.actor()?.id,
        organisation_id: &old.organisation_id,
        form_key: &form_key,
        changes: Some((id, false)),
    };
    let aims = aims_of(ctx, id).await?;
    let form = form_of(ctx, &old, &content).await?;
    let plan = activity::store::plan(&ctx.app.db, id).await?.map(|(_, plan)| plan);
    let mut tx = ctx.app.db.begin().await?;
    still_stands(&mut tx, id, "").await?;
    let Some(new) = rows::insert(&mut tx, origin, &content, ctx.now).await? else {
        return own_by_form_key(ctx, &mut tx, &form_key).await;
    };
    rows::set_aims(&mut tx, &new, &aims).await?;
    attachments::store::copy(&mut tx, id, &new).await?;
    set_answers(&mut tx, &new, Some(id), old.questions(), plan.as_ref()).await?;
    versions::keep(&mut tx, (&new, 1), (&ctx.actor()?.id, false), &form, ctx.now).await?;
    write_down(ctx, &mut tx, "notice.correct", &new, serde_json::json!({ "corrects": id })).await?;
    tx.commit().await?;
    Ok(new)
}

async fn aims_of(ctx: &Ctx, id: &str) -> Result<Vec<(String, String)>> {
    let aims = store::aims_of(&ctx.app.db, &[id]).await?;
    Ok(aims.into_iter().map(|aim| (aim.organisation_id, aim.path)).collect())
}

/// A title before which the catalogue puts a word, once, cut to `most` characters.
fn prefixed(w: Words, key: &'static str, title: &str, most: usize) -> String {
    if title.starts_with(&w.tf(key, &[("title", String::new().into())])) {
        return title.to_owned();
    }
    let whole = w.tf(key, &[("title", title.to_owned().into())]);
    match whole.char_indices().nth(most) {
        Some((at, _)) => whole[..at].to_owned(),
        None => whole,
    }
}

/// Takes a published notice back with a new notice that says why, goes out at once and reaches everybody whom the old
/// one reached. Gives the new one's id; taking back twice is once.
pub async fn withdraw(ctx: &Ctx, id: &str, reason: &str) -> std::result::Result<String, Refused> {
    let old = for_writing(ctx, id).await?;
    let reason = form::lines(reason);
    let mut errors = form::Errors::new();
    if reason.trim().is_empty() {
        errors.insert("reason", ctx.w.t("notice-error-reason"));
    } else if reason.chars().count() > limits::REASON_CHARS {
        errors.insert("reason", ctx.w.tf("notice-error-long", &[("count", limits::REASON_CHARS.into())]));
    }
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    if old.is_withdrawal() || !old.state().is_public() {
        return Err(Refused::Other(Error::Conflict("notice-conflict-not-published")));
    }
    let aims = aims_of(ctx, id).await?;
    let content = withdrawal_content(&old, &reason, ctx.now);
    let mut tx = ctx.app.db.begin().await?;
    let step = (&[NoticeState::Published][..], NoticeState::Withdrawn);
    if !rows::advance(&mut tx, id, step, None, ctx.now).await? {
        drop(tx);
        let later = store::corrections_of(&ctx.app.db, id).await?;
        let done = later.into_iter().find(Notice::is_withdrawal).ok_or(Error::Conflict("notice-conflict-changed"))?;
        return Ok(done.id);
    }
    if rows::has_later(&mut tx, id, "").await? {
        return Err(Refused::Other(Error::Conflict("notice-conflict-corrected")));
    }
    let origin = Origin {
        author_id: &ctx.actor()?.id,
        organisation_id: &old.organisation_id,
        form_key: &clock::token(),
        changes: Some((id, true)),
    };
    let new = rows::insert(&mut tx, origin, &content, ctx.now).await?.ok_or(Error::NotFound)?;
    rows::set_aims(&mut tx, &new, &aims).await?;
    rows::advance(&mut tx, &new, (&[NoticeState::Draft], NoticeState::Published), None, ctx.now).await?;
    write_down(ctx, &mut tx, "notice.withdraw", id, serde_json::json!({ "by": new })).await?;
    activity::service::withdrawn(&mut tx, id, ctx.now).await?;
    queue_fan_out(&mut tx, &new, ctx.now).await?;
    tx.commit().await?;
    Ok(new)
}

/// The notice that takes `old` back: the reason is its text. It stays in the lists as long as the old one would have,
/// at least a week.
fn withdrawal_content(old: &Notice, reason: &str, now: Timestamp) -> Content {
    let week = now + SignedDuration::from_hours(24 * 7);
    let title_en = match old.title_en.as_str() {
        "" => String::new(),
        title => prefixed(Words::new(Lang::En), "notice-withdrawal-title", title, limits::TITLE_CHARS * 2),
    };
    Content {
        kind: old.kind(),
        title: prefixed(Words::new(Lang::Zh), "notice-withdrawal-title", &old.title, limits::TITLE_CHARS),
        title_en,
        body: reason.to_owned(),
        body_en: String::new(),
        facts: Vec::new(),
        facts_en: Vec::new(),
        severity: None,
        certainty: None,
        starts_at: None,
        ends_at: None,
        place: String::new(),
        place_en: String::new(),
        instruction: String::new(),
        instruction_en: String::new(),
        pinned: false,
        publish_at: None,
        expires_at: Some(old.expires_at().map_or(week, |end| end.max(week))),
    }
}
