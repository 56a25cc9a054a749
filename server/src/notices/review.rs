//! Review by a second person, where the organisation that says it asks for one: the same version that was looked at goes
//! out, and nobody approves what they wrote in. Emergencies do not wait; colleagues are told instead.

use super::{
    reading::instant_of,
    store::{self, Notice, review as rows, write},
    writing::{self, Refused, Sent, for_writing, write_down},
};
use crate::{
    audit::By,
    db::Tx,
    http::{Ctx, Error, Result},
    people::inbox,
    places::{self, Organisation, OrganisationKind},
};
use app::{
    notices::{NoticeKind, NoticeState, form, limits},
    people::Action,
};

/// Whether this notice goes out only after a second person has approved it.
pub async fn is_needed(ctx: &Ctx, notice: &Notice) -> Result<bool> {
    Ok(notice.kind() != NoticeKind::Emergency && rows::is_asked_for(&ctx.app.db, &notice.organisation_id).await?)
}

/// A message about a notice to staff.
struct Told<'a> {
    text_key: &'static str,
    /// What happened, and when: part of the key that makes it one message.
    event: &'a str,
    reason: &'a str,
}

async fn tell(ctx: &Ctx, tx: &mut Tx, notice: &Notice, people: &[String], told: Told<'_>) -> Result<()> {
    let href = format!("/staff/notices/{}", notice.id);
    let dedupe_key = format!("notice-{}:{}:{}", told.event, notice.id, notice.version);
    let me = ctx.actor()?;
    for person_id in people.iter().filter(|id| **id != me.id) {
        let message = inbox::Message {
            person_id,
            text_key: told.text_key,
            text_args: serde_json::json!({
                "who": me.name, "title": notice.title, "title_en": notice.title_en, "reason": told.reason,
            }),
            href: &href,
            dedupe_key: &dedupe_key,
        };
        inbox::send(tx, message, ctx.now).await?;
    }
    Ok(())
}

/// Those who are to look at a notice, or to hear that it went out without them: none where review is not asked for.
pub(super) async fn colleagues(ctx: &Ctx, notice: &Notice) -> Result<Vec<String>> {
    if !rows::is_asked_for(&ctx.app.db, &notice.organisation_id).await? {
        return Ok(Vec::new());
    }
    let mut writers = rows::writers(&ctx.app.db, &notice.id).await?;
    writers.push(ctx.actor()?.id.clone());
    let reviewers = rows::reviewers(&ctx.app.db, &notice.source_path, &writers).await?;
    Ok(reviewers.into_iter().map(|person| person.id).collect())
}

/// Puts a draft before a second person, in the caller's transaction, and tells those who may review it. Returns whether it
/// did: not when it was changed in the meantime.
pub(super) async fn ask(ctx: &Ctx, tx: &mut Tx, notice: &Notice, people: &[String]) -> Result<bool> {
    let me = &ctx.actor()?.id;
    if !write::advance(tx, &notice.id, (&[NoticeState::Draft], NoticeState::Review), Some(notice.version), ctx.now)
        .await?
    {
        return Ok(false);
    }
    rows::begin(tx, &notice.id, me, ctx.now).await?;
    let told = Told { text_key: "inbox-notice-review", event: "review", reason: "" };
    tell(ctx, tx, notice, people, told).await?;
    write_down(ctx, tx, "notice.review_asked", &notice.id, serde_json::json!({ "version": notice.version })).await?;
    Ok(true)
}

/// Tells colleagues of an emergency that went out without waiting for them, where others wait.
pub(super) async fn tell_unreviewed(ctx: &Ctx, tx: &mut Tx, notice: &Notice, people: &[String]) -> Result<()> {
    if notice.kind() != NoticeKind::Emergency {
        return Ok(());
    }
    let told = Told { text_key: "inbox-notice-unreviewed", event: "unreviewed", reason: "" };
    tell(ctx, tx, notice, people, told).await
}

/// The notice with this id, for somebody who may review it: who says it and all its aims lie in their scope.
pub async fn for_review(ctx: &Ctx, id: &str) -> Result<Notice> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeReview)?;
    let notice = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeReview, &notice.source_path)?;
    for aim in store::aims_of(&ctx.app.db, &[&notice.id]).await? {
        actor.require(Action::NoticeReview, &aim.path)?;
    }
    Ok(notice)
}

/// Whether the reader may decide on it: they may review here, and wrote nothing in it.
pub async fn may_decide(ctx: &Ctx, notice: &Notice) -> Result<bool> {
    let writers = rows::writers(&ctx.app.db, &notice.id).await?;
    Ok(for_review(ctx, &notice.id).await.is_ok() && !writers.contains(&ctx.actor()?.id))
}

/// Approves the version that was looked at: it goes out, now or at its time. Twice is once.
pub async fn approve(ctx: &Ctx, id: &str, version: &str) -> Result<Sent> {
    let notice = for_review(ctx, id).await?;
    match notice.state() {
        NoticeState::Review => {}
        NoticeState::Draft => return Err(Error::Conflict("notice-conflict-not-in-review")),
        NoticeState::Scheduled => return Ok(Sent::Scheduled),
        NoticeState::Published | NoticeState::Withdrawn => return Ok(Sent::Out),
    }
    if rows::writers(&ctx.app.db, id).await?.contains(&ctx.actor()?.id) {
        return Err(Error::Conflict("notice-conflict-own-review"));
    }
    if version.parse::<i64>() != Ok(notice.version) {
        return Err(Error::Conflict("notice-conflict-changed"));
    }
    if let Some(missing) = writing::lacking(ctx, &notice).await? {
        return Ok(Sent::Lacking(missing));
    }
    let writers = rows::writers(&ctx.app.db, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    let outcome = rows::Outcome { outcome: "approved", by: &ctx.actor()?.id, reason: "", version: notice.version };
    let Some(sent) = writing::put_out(ctx, &mut tx, &notice, By::Person(&ctx.actor()?.id)).await? else {
        return writing::settled(ctx, tx, id).await;
    };
    rows::end(&mut tx, id, &outcome, ctx.now).await?;
    let told = Told { text_key: "inbox-notice-approved", event: "approved", reason: "" };
    tell(ctx, &mut tx, &notice, &writers, told).await?;
    write_down(ctx, &mut tx, "notice.approve", id, serde_json::json!({ "version": notice.version })).await?;
    tx.commit().await?;
    Ok(sent)
}

/// Gives a notice back to who wrote it, with the reason. One that is no longer in review stays as it is.
pub async fn give_back(ctx: &Ctx, id: &str, reason: &str) -> std::result::Result<(), Refused> {
    let notice = for_review(ctx, id).await?;
    let reason = form::lines(reason);
    let mut errors = form::Errors::new();
    if reason.trim().is_empty() {
        errors.insert("reason", ctx.w.t("notice-error-return-reason"));
    } else if reason.chars().count() > limits::REASON_CHARS {
        errors.insert("reason", ctx.w.tf("notice-error-long", &[("count", limits::REASON_CHARS.into())]));
    }
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let told = Told { text_key: "inbox-notice-returned", event: "returned", reason: &reason };
    end_without(ctx, &notice, ("returned", "notice.return"), told).await?;
    Ok(())
}

/// Takes one's notice out of review again, to go on writing.
pub async fn call_back(ctx: &Ctx, id: &str) -> Result<()> {
    let notice = for_writing(ctx, id).await?;
    if notice.state() == NoticeState::Draft {
        return Ok(());
    }
    let told = Told { text_key: "inbox-notice-called-back", event: "called-back", reason: "" };
    end_without(ctx, &notice, ("called_back", "notice.call_back"), told).await
}

/// Ends a round without publishing.
async fn end_without(
    ctx: &Ctx,
    notice: &Notice,
    (outcome, action): (&'static str, &'static str),
    told: Told<'_>,
) -> Result<()> {
    let writers = rows::writers(&ctx.app.db, &notice.id).await?;
    let me = &ctx.actor()?.id;
    let mut tx = ctx.app.db.begin().await?;
    let step = (&[NoticeState::Review][..], NoticeState::Draft);
    if !write::advance(&mut tx, &notice.id, step, Some(notice.version), ctx.now).await? {
        return Err(Error::Conflict("notice-conflict-not-in-review"));
    }
    let ended = rows::Outcome { outcome, by: me, reason: told.reason, version: notice.version };
    rows::end(&mut tx, &notice.id, &ended, ctx.now).await?;
    let detail = serde_json::json!({ "version": notice.version, "reason": told.reason });
    tell(ctx, &mut tx, notice, &writers, told).await?;
    write_down(ctx, &mut tx, action, &notice.id, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Why the notice was given back last, if that is how its last round ended: who, when, and the reason.
pub async fn returned(ctx: &Ctx, notice_id: &str) -> Result<Option<(String, jiff::Timestamp, String)>> {
    let last = rows::rounds(&ctx.app.db, notice_id).await?.into_iter().next();
    let last = last.filter(|round| round.outcome == "returned");
    Ok(last.map(|round| (round.name, instant_of(round.decided_at), round.reason)))
}

/// Organisations that speak in the reader's scope, with whether they ask for review.
pub async fn settings(ctx: &Ctx) -> Result<Vec<(Organisation, bool)>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeSettings)?;
    let mut found: Vec<(Organisation, bool)> = Vec::new();
    for scope in actor.scopes(Action::NoticeSettings) {
        for kind in [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community] {
            for organisation in places::store::under(&ctx.app.db, scope, kind).await? {
                if found.iter().any(|(known, _)| known.id == organisation.id) {
                    continue;
                }
                let asked = rows::is_asked_for(&ctx.app.db, &organisation.id).await?;
                found.push((organisation, asked));
            }
        }
    }
    Ok(found)
}

/// Asks for review in an organisation, or no longer. Everybody who may review there is told: nobody drops it in silence.
pub async fn set(ctx: &Ctx, code: &str, review: bool) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeSettings)?;
    let organisation = places::store::by_code(&ctx.app.db, &form::one_line(code)).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeSettings, &organisation.path)?;
    if !writing::may_speak(&organisation.kind) {
        return Err(Error::NotFound);
    }
    let others = rows::reviewers(&ctx.app.db, &organisation.path, std::slice::from_ref(&actor.id)).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !rows::ask_for(&mut tx, &organisation.id, review, &actor.id, ctx.now).await? {
        return Ok(());
    }
    let text_key = if review { "inbox-notice-review-on" } else { "inbox-notice-review-off" };
    let key = format!("notice-settings:{}:{review}:{}", organisation.id, ctx.now.as_microsecond());
    for person in &others {
        let message = inbox::Message {
            person_id: &person.id,
            text_key,
            text_args: serde_json::json!({
                "who": actor.name, "place": organisation.name, "place_en": organisation.name_en,
            }),
            href: "/staff/notices/settings",
            dedupe_key: &key,
        };
        inbox::send(&mut tx, message, ctx.now).await?;
    }
    let detail = serde_json::json!({ "review": review });
    write_down_setting(ctx, &mut tx, &organisation.id, detail).await?;
    tx.commit().await?;
    Ok(())
}

async fn write_down_setting(ctx: &Ctx, tx: &mut Tx, id: &str, detail: serde_json::Value) -> Result<()> {
    let entry = crate::audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action: "notice.settings",
        object_kind: "organisation",
        object_id: id,
        detail,
        request_id: &ctx.request_id,
    };
    crate::audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
