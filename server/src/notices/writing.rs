//! Use cases of staff: write, publish, correct, withdraw. Each asks for permission on who says it and on every place
//! it is aimed at.

use super::store::{
    self, Notice,
    write::{self as rows, Origin},
};
use crate::{
    audit::{self, By},
    clock,
    db::Tx,
    http::{Ctx, Error, Result},
    jobs::{self, Job},
    places::{self, Organisation},
};
use app::{
    i18n::{Lang, Words},
    notices::{Content, Missing, NoticeForm, NoticeState, form, limits},
    people::Action,
    places::Waiting,
};
use jiff::{SignedDuration, Timestamp};

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it is wrong; words by field.
    #[error("the form has mistakes")]
    Invalid(form::Errors),
    /// Somebody else saved it in the meantime.
    #[error("somebody else saved in the meantime")]
    Stale(Box<Notice>),
    /// Not about the form.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// What waits for the reader as staff in this room, for `/staff`: drafts that nobody has published yet.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let scopes = ctx.actor()?.scopes(Action::NoticeWrite);
    let counts = store::list::staff_counts(&ctx.app.db, &scopes).await?;
    let drafts = counts.into_iter().find(|(state, _)| state == NoticeState::Draft.code()).map_or(0, |(_, count)| count);
    let waiting = Waiting {
        title: ctx.w.t("notices-waiting"),
        note: None,
        count: drafts,
        late: false,
        href: "/staff/notices?state=draft".to_owned(),
    };
    Ok((drafts > 0).then_some(waiting).into_iter().collect())
}

/// The notice with this id, for staff who may see all its states.
pub async fn for_reading(ctx: &Ctx, id: &str) -> Result<Notice> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeRead)?;
    let notice = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeRead, &notice.source_path)?;
    Ok(notice)
}

/// The notice with this id, for staff who may change it: in the name of its organisation and for all its aims.
pub async fn for_writing(ctx: &Ctx, id: &str) -> Result<Notice> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeWrite)?;
    let notice = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeWrite, &notice.source_path)?;
    for aim in store::aims_of(&ctx.app.db, &[&notice.id]).await? {
        actor.require(Action::NoticeWrite, &aim.path)?;
    }
    Ok(notice)
}

/// A form's words, with who says it and whom it is for, all allowed.
struct Checked {
    content: Content,
    organisation: Organisation,
    aims: Vec<(String, String)>,
}

async fn check(ctx: &Ctx, form: &NoticeForm) -> std::result::Result<Checked, Refused> {
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let mut errors = form::Errors::new();
    let code = form::one_line(&form.organisation);
    let organisation = places::store::by_code(db, &code).await?.filter(|o| may_speak(&o.kind));
    if let Some(organisation) = &organisation {
        actor.require(Action::NoticeWrite, &organisation.path)?;
    } else {
        errors.insert("organisation", ctx.w.t("notice-error-organisation"));
    }
    if form.aims.len() > limits::AIMS {
        errors.insert("aims", ctx.w.t("notice-error-aims"));
    }
    let mut aims: Vec<(String, String)> = Vec::new();
    for code in form.aims.iter().take(limits::AIMS) {
        let Some(place) = places::store::by_code(db, &form::one_line(code)).await? else {
            errors.insert("aims", ctx.w.t("notice-error-aims"));
            continue;
        };
        actor.require(Action::NoticeWrite, &place.path)?;
        if organisation.as_ref().is_some_and(|o| !place.path.starts_with(&o.path)) {
            errors.insert("aims", ctx.w.t("notice-error-aims-outside"));
        }
        aims.push((place.id, place.path));
    }
    // A place inside another aim is aimed at already.
    let all: Vec<String> = aims.iter().map(|(_, path)| path.clone()).collect();
    aims.retain(|(_, path)| !all.iter().any(|wider| wider != path && path.starts_with(wider)));
    aims.sort();
    aims.dedup();
    match (form.check(ctx.w, ctx.now), organisation) {
        (Ok(content), Some(organisation)) if errors.is_empty() => Ok(Checked { content, organisation, aims }),
        (Ok(_), _) => Err(Refused::Invalid(errors)),
        (Err(more), _) => {
            errors.extend(more);
            Err(Refused::Invalid(errors))
        }
    }
}

/// Whether an organisation of this kind speaks in its own name.
pub fn may_speak(kind: &str) -> bool {
    matches!(kind, "district" | "subdistrict" | "community")
}

/// Writes a new draft and gives its id. The same form sent twice gives the same draft.
pub async fn create(ctx: &Ctx, form: &NoticeForm) -> std::result::Result<String, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeWrite)?;
    let checked = check(ctx, form).await?;
    let form_key = form_key(&form.form_key)?;
    let origin =
        Origin { author_id: &actor.id, organisation_id: &checked.organisation.id, form_key: &form_key, changes: None };
    let mut tx = ctx.app.db.begin().await?;
    let Some(id) = rows::insert(&mut tx, origin, &checked.content, ctx.now).await? else {
        return Ok(own_by_form_key(ctx, &mut tx, &form_key).await?);
    };
    rows::set_aims(&mut tx, &id, &checked.aims).await?;
    write_down(ctx, &mut tx, "notice.create", &id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// The key of a form: made by us when it was shown, never empty.
fn form_key(sent: &str) -> Result<String> {
    let fine = sent.len() == 43 && sent.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fine { Ok(sent.to_owned()) } else { Err(Error::BadRequest("the form's key is missing".into())) }
}

/// The notice that this form wrote when it was sent before, by the same person.
async fn own_by_form_key(ctx: &Ctx, tx: &mut Tx, form_key: &str) -> Result<String> {
    let id = store::id_by_form_key(tx, form_key).await?.ok_or(Error::NotFound)?;
    match store::by_id_in(tx, &id).await? {
        Some(notice) if notice.author_id == ctx.actor()?.id => Ok(id),
        _ => Err(Error::Forbidden),
    }
}

/// Overwrites a draft that nobody else changed in the meantime.
pub async fn save(ctx: &Ctx, id: &str, form: &NoticeForm) -> std::result::Result<(), Refused> {
    let notice = for_writing(ctx, id).await?;
    if notice.state() != NoticeState::Draft {
        return Err(Refused::Other(Error::Conflict("notice-conflict-not-draft")));
    }
    let checked = check(ctx, form).await?;
    let version = form.version.parse().unwrap_or(0);
    let mut tx = ctx.app.db.begin().await?;
    if !rows::update(&mut tx, id, version, &checked.organisation.id, &checked.content, ctx.now).await? {
        drop(tx);
        let current = for_writing(ctx, id).await?;
        return Err(match current.state() {
            NoticeState::Draft => Refused::Stale(Box::new(current)),
            _ => Refused::Other(Error::Conflict("notice-conflict-not-draft")),
        });
    }
    rows::set_aims(&mut tx, id, &checked.aims).await?;
    write_down(ctx, &mut tx, "notice.save", id, serde_json::json!({ "version": version + 1 })).await?;
    tx.commit().await?;
    Ok(())
}

/// How a publication went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is out, now or since an earlier tap of the same button.
    Out,
    /// It goes out at its time.
    Scheduled,
    /// It lacks something.
    Lacking(Vec<Missing>),
}

/// Publishes a draft, or schedules it when its time is ahead. Twice is once.
pub async fn publish(ctx: &Ctx, id: &str, version: &str) -> Result<Sent> {
    let notice = for_writing(ctx, id).await?;
    match notice.state() {
        NoticeState::Draft => {}
        NoticeState::Scheduled => return Ok(Sent::Scheduled),
        NoticeState::Published | NoticeState::Withdrawn => return Ok(Sent::Out),
    }
    let aims = store::aims_of(&ctx.app.db, &[id]).await?;
    let missing = notice.content().missing(aims.len(), ctx.now);
    if !missing.is_empty() {
        return Ok(Sent::Lacking(missing));
    }
    let version: i64 = version.parse().unwrap_or(0);
    if version != notice.version {
        return Err(Error::Conflict("notice-conflict-changed"));
    }
    if let Some(earlier) = &notice.corrects_id
        && store::by_id(&ctx.app.db, earlier).await?.is_none_or(|earlier| earlier.state() != NoticeState::Published)
    {
        return Err(Error::Conflict("notice-conflict-not-published"));
    }
    let by = By::Person(&ctx.actor()?.id);
    let mut tx = ctx.app.db.begin().await?;
    if let Some(at) = notice.publish_at().filter(|at| *at > ctx.now) {
        let step = (&[NoticeState::Draft][..], NoticeState::Scheduled);
        if !rows::advance(&mut tx, id, step, Some(version), ctx.now).await? {
            return settled(ctx, tx, id).await;
        }
        let key = format!("notice-publish:{id}:{version}");
        jobs::queue(&mut tx, &Job::NoticePublish { notice_id: id.to_owned() }, at, Some(&key), ctx.now).await?;
        write_down(ctx, &mut tx, "notice.schedule", id, serde_json::json!({ "at": at.to_string() })).await?;
        tx.commit().await?;
        return Ok(Sent::Scheduled);
    }
    if !send_out(&mut tx, &notice, by, &ctx.request_id, ctx.now).await? {
        return settled(ctx, tx, id).await;
    }
    tx.commit().await?;
    Ok(Sent::Out)
}

/// Somebody was faster: what they made of it counts.
async fn settled(ctx: &Ctx, tx: Tx, id: &str) -> Result<Sent> {
    drop(tx);
    match for_writing(ctx, id).await?.state() {
        NoticeState::Draft => Err(Error::Conflict("notice-conflict-changed")),
        NoticeState::Scheduled => Ok(Sent::Scheduled),
        NoticeState::Published | NoticeState::Withdrawn => Ok(Sent::Out),
    }
}

/// Puts a written notice out, with its audit entry and the job that tells people. Returns whether it did: `false` when
/// it was changed, published or withdrawn in the meantime.
pub(super) async fn send_out(
    tx: &mut Tx,
    notice: &Notice,
    by: By<'_>,
    request_id: &str,
    now: Timestamp,
) -> Result<bool> {
    let step = (&[NoticeState::Draft, NoticeState::Scheduled][..], NoticeState::Published);
    if !rows::advance(tx, &notice.id, step, Some(notice.version), now).await? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "corrects": notice.corrects_id });
    let entry =
        audit::Entry { by, action: "notice.publish", object_kind: "notice", object_id: &notice.id, detail, request_id };
    audit::write(tx, entry, now).await?;
    queue_fan_out(tx, &notice.id, now).await?;
    Ok(true)
}

async fn queue_fan_out(tx: &mut Tx, id: &str, now: Timestamp) -> Result<()> {
    let key = format!("notice-fan-out:{id}");
    jobs::queue(tx, &Job::NoticeFanOut { notice_id: id.to_owned() }, now, Some(&key), now).await?;
    Ok(())
}

async fn write_down(ctx: &Ctx, tx: &mut Tx, action: &str, id: &str, detail: serde_json::Value) -> Result<()> {
    let by = By::Person(&ctx.actor()?.id);
    let entry = audit::Entry { by, action, object_kind: "notice", object_id: id, detail, request_id: &ctx.request_id };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// Calls a scheduled notice back: it is a draft again. One that is out already is a conflict.
pub async fn unschedule(ctx: &Ctx, id: &str) -> Result<()> {
    let notice = for_writing(ctx, id).await?;
    if notice.state() == NoticeState::Draft {
        return Ok(());
    }
    let mut tx = ctx.app.db.begin().await?;
    let step = (&[NoticeState::Scheduled][..], NoticeState::Draft);
    if !rows::advance(&mut tx, id, step, None, ctx.now).await? {
        return Err(Error::Conflict("notice-conflict-not-draft"));
    }
    write_down(ctx, &mut tx, "notice.unschedule", id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Throws a draft away.
pub async fn discard(ctx: &Ctx, id: &str) -> Result<()> {
    for_writing(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !rows::discard(&mut tx, id).await? {
        return Err(Error::Conflict("notice-conflict-not-draft"));
    }
    write_down(ctx, &mut tx, "notice.discard", id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Begins a correction: a draft with the old words that refers to the published notice. Gives the draft's id.
pub async fn correct(ctx: &Ctx, id: &str, sent_key: &str) -> Result<String> {
    let old = for_writing(ctx, id).await?;
    if old.state() != NoticeState::Published {
        return Err(Error::Conflict("notice-conflict-not-published"));
    }
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
    let mut tx = ctx.app.db.begin().await?;
    let Some(new) = rows::insert(&mut tx, origin, &content, ctx.now).await? else {
        return own_by_form_key(ctx, &mut tx, &form_key).await;
    };
    rows::set_aims(&mut tx, &new, &aims).await?;
    write_down(ctx, &mut tx, "notice.correct", &new, serde_json::json!({ "corrects": id })).await?;
    tx.commit().await?;
    Ok(new)
}

async fn aims_of(ctx: &Ctx, id: &str) -> Result<Vec<(String, String)>> {
    let aims = store::aims_of(&ctx.app.db, &[id]).await?;
    Ok(aims.into_iter().map(|aim| (aim.organisation_id, aim.path)).collect())
}

/// A title before which the catalogue puts a word, cut to `most` characters.
fn prefixed(w: Words, key: &'static str, title: &str, most: usize) -> String {
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
    if old.is_withdrawal() || old.state().is_editable() {
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
        instruction: String::new(),
        instruction_en: String::new(),
        pinned: false,
        publish_at: None,
        expires_at: Some(old.expires_at().map_or(week, |end| end.max(week))),
    }
}
