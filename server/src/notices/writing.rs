//! Use cases of staff: write and publish; to correct and withdraw, see [`super::changing`]. Each asks for permission on who
//! says it and on every place it is aimed at.

use super::{
    activity, attachments,
    changing::{overtaken, still_stands},
    questions, review,
    store::{
        self, Notice, versions,
        write::{self as rows, Origin},
    },
};
use crate::{
    app_state::App,
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, Result},
    jobs::{self, Job},
    places::{self, Organisation},
    webhooks,
};
use app::{
    notices::{ActivityPlan, Content, Missing, NoticeForm, NoticeKind, NoticeState, form, limits, missing_of_activity},
    people::Action,
    places::{Waiting, webhook::Event},
};
use jiff::Timestamp;

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
    let actor = ctx.actor()?;
    let reviews = store::review::waiting_for(&ctx.app.db, &actor.id, &actor.scopes(Action::NoticeReview)).await?;
    let review = Waiting {
        title: ctx.w.t("notices-waiting-review"),
        note: None,
        count: reviews,
        late: false,
        href: "/staff/notices?state=mine".to_owned(),
    };
    let scopes = actor.scopes(Action::NoticeWrite);
    let drafts = store::list::drafts(&ctx.app.db, &scopes).await?;
    let waiting = Waiting {
        title: ctx.w.t("notices-waiting"),
        note: None,
        count: drafts,
        late: false,
        href: "/staff/notices?state=draft".to_owned(),
    };
    Ok([review, waiting].into_iter().filter(|waiting| waiting.count > 0).collect())
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
    plan: Option<ActivityPlan>,
    questions: bool,
    organisation: Organisation,
    aims: Vec<(String, String)>,
    codes: Vec<String>,
}

impl Checked {
    /// The form as it is kept among the versions: what was typed, made tidy.
    fn form(&self) -> NoticeForm {
        NoticeForm::of(&self.content, self.codes.clone(), self.organisation.code.clone(), 0)
            .with_answers(self.questions, self.plan.as_ref())
    }
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
    let mut aims: Vec<(String, String, String)> = Vec::new();
    for code in form.aims.iter().take(limits::AIMS) {
        let Some(place) = places::store::by_code(db, &form::one_line(code)).await? else {
            errors.insert("aims", ctx.w.t("notice-error-aims"));
            continue;
        };
        actor.require(Action::NoticeWrite, &place.path)?;
        if organisation.as_ref().is_some_and(|o| !place.path.starts_with(&o.path)) {
            errors.insert("aims", ctx.w.t("notice-error-aims-outside"));
        }
        aims.push((place.id, place.path, place.code));
    }
    // A place inside another aim is aimed at already.
    let all: Vec<String> = aims.iter().map(|(_, path, _)| path.clone()).collect();
    aims.retain(|(_, path, _)| !all.iter().any(|wider| wider != path && path.starts_with(wider)));
    aims.sort();
    aims.dedup();
    let codes = aims.iter().map(|(_, _, code)| code.clone()).collect();
    let aims = aims.into_iter().map(|(id, path, _)| (id, path)).collect();
    let plan = form.plan(ctx.w).unwrap_or_else(|more| {
        errors.extend(more);
        None
    });
    match (form.check(ctx.w, ctx.now), organisation) {
        (Ok(content), Some(organisation)) if errors.is_empty() => {
            Ok(Checked { content, plan, questions: form.questions == "1", organisation, aims, codes })
        }
        (Ok(_), _) => Err(Refused::Invalid(errors)),
        (Err(more), _) => {
            errors.extend(more);
            Err(Refused::Invalid(errors))
        }
    }
}

/// The editor's form for a notice with this content, in the name of who says it and for its aims.
pub(super) async fn form_of(ctx: &Ctx, notice: &Notice, content: &Content) -> Result<NoticeForm> {
    let aims = store::aims_of(&ctx.app.db, &[&notice.id]).await?.into_iter().map(|aim| aim.code).collect();
    let organisation = places::store::by_id(&ctx.app.db, &notice.organisation_id).await?.map(|o| o.code);
    let plan = activity::store::plan(&ctx.app.db, &notice.id).await?;
    let attached = attachments::store::in_words(&mut *ctx.app.db.read().acquire().await?, &notice.id).await?;
    let form = NoticeForm::of(content, aims, organisation.unwrap_or_default(), notice.version)
        .with_answers(notice.questions(), plan.as_ref().map(|(_, plan)| plan));
    Ok(NoticeForm { attached, ..form })
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
    let who = (actor.id.as_str(), saves_itself(form));
    versions::keep(&mut tx, (&id, 1), who, &checked.form(), ctx.now).await.map_err(Error::from)?;
    set_answers(&mut tx, &id, None, checked.questions, checked.plan.as_ref()).await?;
    write_down(ctx, &mut tx, "notice.create", &id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// Whether the editor's script sent the form while somebody typed.
pub(super) fn saves_itself(form: &NoticeForm) -> bool {
    form.action == "autosave"
}

/// The key of a form: made by us when it was shown, never empty.
pub(super) fn form_key(sent: &str) -> Result<String> {
    let fine = sent.len() == 43 && sent.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fine { Ok(sent.to_owned()) } else { Err(Error::BadRequest("the form's key is missing".into())) }
}

/// The notice that this form wrote when it was sent before, by the same person.
pub(super) async fn own_by_form_key(ctx: &Ctx, tx: &mut Tx, form_key: &str) -> Result<String> {
    let id = store::id_by_form_key(tx, form_key).await?.ok_or(Error::NotFound)?;
    match store::by_id_in(tx, &id).await? {
        Some(notice) if notice.author_id == ctx.actor()?.id => Ok(id),
        _ => Err(Error::Forbidden),
    }
}

/// Overwrites a draft that nobody else changed in the meantime, and keeps what was saved among its versions. Gives the
/// version that it has now.
pub async fn save(ctx: &Ctx, id: &str, form: &NoticeForm) -> std::result::Result<i64, Refused> {
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
    let who = (ctx.actor()?.id.as_str(), saves_itself(form));
    set_answers(&mut tx, id, notice.corrects_id.as_deref(), checked.questions, checked.plan.as_ref()).await?;
    let attached = attachments::store::in_words(&mut tx, id).await?;
    let kept = NoticeForm { attached, ..checked.form() };
    let folded = versions::keep(&mut tx, (id, version + 1), who, &kept, ctx.now).await.map_err(Error::from)?;
    // A draft saves itself every few seconds: one entry stands for the sitting.
    if !(folded && saves_itself(form)) {
        write_down(ctx, &mut tx, "notice.save", id, serde_json::json!({ "version": version + 1 })).await?;
    }
    tx.commit().await?;
    Ok(version + 1)
}

/// How a publication went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is out, now or since an earlier tap of the same button.
    Out,
    /// It goes out at its time.
    Scheduled,
    /// A second person is asked to approve it.
    Asked,
    /// It lacks something.
    Lacking(Vec<Missing>),
}

/// What must be mended in this notice before it can go out now.
pub(super) async fn missing(ctx: &Ctx, notice: &Notice) -> Result<Vec<Missing>> {
    let aims = store::aims_of(&ctx.app.db, &[&notice.id]).await?;
    let mut missing = notice.content().missing(aims.len(), ctx.now);
    if notice.kind() == NoticeKind::Activity {
        let plan = activity::store::plan(&ctx.app.db, &notice.id).await?.map(|(_, plan)| plan);
        missing.extend(missing_of_activity(plan.as_ref()));
    }
    Ok(missing)
}

/// What this notice lacks to go out now, if anything. A correction of what was taken back or corrected meanwhile is a
/// conflict.
pub(super) async fn lacking(ctx: &Ctx, notice: &Notice) -> Result<Option<Vec<Missing>>> {
    let missing = missing(ctx, notice).await?;
    if !missing.is_empty() {
        return Ok(Some(missing));
    }
    match overtaken(ctx, notice).await? {
        Some(key) => Err(Error::Conflict(key)),
        None => Ok(None),
    }
}

/// Publishes a draft, or schedules it when its time is ahead, or puts it before a second person where its organisation
/// asks for one. Twice is once.
pub async fn publish(ctx: &Ctx, id: &str, version: &str) -> Result<Sent> {
    let notice = for_writing(ctx, id).await?;
    match notice.state() {
        NoticeState::Draft => {}
        NoticeState::Review => return Ok(Sent::Asked),
        NoticeState::Scheduled => return Ok(Sent::Scheduled),
        NoticeState::Published | NoticeState::Withdrawn => return Ok(Sent::Out),
    }
    if let Some(missing) = lacking(ctx, &notice).await? {
        return Ok(Sent::Lacking(missing));
    }
    if version.parse::<i64>() != Ok(notice.version) {
        return Err(Error::Conflict("notice-conflict-changed"));
    }
    let needs_review = review::is_needed(ctx, &notice).await?;
    // Before the transaction, which must not wait for a second connection.
    let colleagues = review::colleagues(ctx, &notice).await?;
    let mut tx = ctx.app.db.begin().await?;
    let sent = if needs_review {
        review::ask(ctx, &mut tx, &notice, &colleagues).await?.then_some(Sent::Asked)
    } else {
        review::tell_unreviewed(ctx, &mut tx, &notice, &colleagues).await?;
        put_out(ctx, &mut tx, &notice, By::Person(&ctx.actor()?.id)).await?
    };
    let Some(sent) = sent else { return settled(ctx, tx, id).await };
    tx.commit().await?;
    Ok(sent)
}

/// Publishes a notice that may go out, or schedules it when its time is ahead, in the caller's transaction. `None` when it
/// was changed in the meantime.
pub(super) async fn put_out(ctx: &Ctx, tx: &mut Tx, notice: &Notice, by: By<'_>) -> Result<Option<Sent>> {
    let Some(at) = notice.publish_at().filter(|at| *at > ctx.now) else {
        return Ok(send_out(&ctx.app, tx, notice, by, &ctx.request_id, ctx.now).await?.then_some(Sent::Out));
    };
    let step = (&[notice.state()][..], NoticeState::Scheduled);
    if !rows::advance(tx, &notice.id, step, Some(notice.version), ctx.now).await? {
        return Ok(None);
    }
    let key = format!("notice-publish:{}:{}", notice.id, notice.version);
    jobs::queue(tx, &Job::NoticePublish { notice_id: notice.id.clone() }, at, Some(&key), ctx.now).await?;
    write_down(ctx, tx, "notice.schedule", &notice.id, serde_json::json!({ "at": at.to_string() })).await?;
    Ok(Some(Sent::Scheduled))
}

/// Somebody was faster: what they made of it counts.
pub(super) async fn settled(ctx: &Ctx, tx: Tx, id: &str) -> Result<Sent> {
    drop(tx);
    match for_writing(ctx, id).await?.state() {
        NoticeState::Review => Ok(Sent::Asked),
        NoticeState::Draft => Err(Error::Conflict("notice-conflict-changed")),
        NoticeState::Scheduled => Ok(Sent::Scheduled),
        NoticeState::Published | NoticeState::Withdrawn => Ok(Sent::Out),
    }
}

/// Puts a written notice out, with its audit entry and the job that tells people. Returns whether it did: `false` when
/// it was changed, published or withdrawn in the meantime.
pub(super) async fn send_out(
    app: &App,
    tx: &mut Tx,
    notice: &Notice,
    by: By<'_>,
    request_id: &str,
    now: Timestamp,
) -> Result<bool> {
    let step = (&[notice.state()][..], NoticeState::Published);
    if !rows::advance(tx, &notice.id, step, Some(notice.version), now).await? {
        return Ok(false);
    }
    if let Some(earlier) = &notice.corrects_id {
        still_stands(tx, earlier, &notice.id).await?;
    }
    attachments::store::release(tx, &notice.id).await?;
    let detail = serde_json::json!({ "corrects": notice.corrects_id });
    let entry =
        audit::Entry { by, action: "notice.publish", object_kind: "notice", object_id: &notice.id, detail, request_id };
    audit::write(tx, entry, now).await?;
    activity::service::published(app, tx, notice, now).await?;
    queue_fan_out(tx, &notice.id, now).await?;
    Ok(true)
}

pub(super) async fn queue_fan_out(tx: &mut Tx, id: &str, now: Timestamp) -> Result<()> {
    let key = format!("notice-fan-out:{id}");
    jobs::queue(tx, &Job::NoticeFanOut { notice_id: id.to_owned() }, now, Some(&key), now).await?;
    webhooks::events::note(tx, Event::NoticePublished, (id, ""), now).await?;
    Ok(())
}

/// How residents may answer: with questions, by signing up.
pub(super) async fn set_answers(
    tx: &mut Tx,
    id: &str,
    corrects: Option<&str>,
    may_ask: bool,
    plan: Option<&ActivityPlan>,
) -> Result<()> {
    questions::store::set_allowed(tx, id, may_ask).await?;
    activity::store::set_plan(tx, id, corrects, plan).await?;
    Ok(())
}

pub(super) async fn write_down(
    ctx: &Ctx,
    tx: &mut Tx,
    action: &str,
    id: &str,
    detail: serde_json::Value,
) -> Result<()> {
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

/// Throws a draft away, with its pictures and files.
pub async fn discard(ctx: &Ctx, id: &str) -> Result<()> {
    for_writing(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if rows::touch(&mut tx, id, ctx.now).await?.is_none() {
        return Err(Error::Conflict("notice-conflict-not-draft"));
    }
    let photos = attachments::remove_all(&mut tx, id).await?;
    rows::discard(&mut tx, id).await?;
    write_down(ctx, &mut tx, "notice.discard", id, serde_json::json!({})).await?;
    tx.commit().await?;
    attachments::sweep_photos(&ctx.app, &photos).await;
    Ok(())
}
