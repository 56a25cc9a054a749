//! Partners, agreements and their tasks.

use super::{CHANGED, Done, Reader, community, form_key, note, reason, scopes, today};
use crate::{
    http::{Ctx, Error},
    partners::store::{
        agreements::{self as store, Agreement, AgreementData, Partner, PartnerData},
        tasks::{self, Task},
    },
    photos::store::{self as photos, Uploader},
};
use app::{
    partners::{
        LINE_CHARS, NAME_CHARS, PartnerKind, TASKS_MAX, TEXT_CHARS, TaskState, Whose, agreement::Standing, is_contact,
        mask_contact,
    },
    people::Action,
};

/// What a photo of a task belongs to.
pub const OF_TASK: &str = "partner_task";

/// A partner as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct PartnerForm {
    /// Code of the community; stays as it is when a partner is changed.
    pub community: String,
    /// Name.
    pub name: String,
    /// Code of what it is.
    pub kind: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number; empty leaves it as it is.
    pub contact: String,
    /// One form makes one.
    pub key: String,
}

/// Partners of the reader's communities.
pub async fn partners(ctx: &Ctx) -> Result<Vec<Partner>, Error> {
    Ok(store::partners(&ctx.app.db, &scopes(ctx)?).await?)
}

/// A partner of the reader's communities.
pub async fn partner(ctx: &Ctx, id: &str) -> Result<Partner, Error> {
    scopes(ctx)?;
    let partner = store::partner(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::PartnerManage, &partner.path)?;
    Ok(partner)
}

struct Checked {
    name: String,
    kind: PartnerKind,
    contact_name: String,
    contact: Option<(String, String)>,
}

fn check_partner(ctx: &Ctx, reader: &mut Reader<'_>, form: &PartnerForm) -> Result<Checked, Error> {
    let name = reader.line("name", &form.name, NAME_CHARS, true);
    let kind = reader.one_of("kind", PartnerKind::from_code(&form.kind)).unwrap_or(PartnerKind::Other);
    let contact_name = reader.line("contact_name", &form.contact_name, NAME_CHARS, false);
    let number = app::notices::form::one_line(&form.contact);
    let contact = match number.as_str() {
        "" => None,
        number if is_contact(number) => Some((ctx.app.secrets.seal(number)?, mask_contact(number))),
        _ => {
            reader.wrong("contact", "partners-error-contact");
            None
        }
    };
    Ok(Checked { name, kind, contact_name, contact })
}

impl Checked {
    fn data(&self) -> PartnerData<'_> {
        PartnerData {
            name: &self.name,
            kind: self.kind,
            contact_name: &self.contact_name,
            contact: self.contact.as_ref().map(|(sealed, masked)| (sealed.as_str(), masked.as_str())),
        }
    }
}

/// Writes a partner down; gives its id. The same form twice is one partner.
pub async fn make_partner(ctx: &Ctx, form: &PartnerForm) -> Done<String> {
    scopes(ctx)?;
    let mut reader = Reader::new(ctx);
    let place = community(ctx, &mut reader, &form.community).await?;
    let checked = check_partner(ctx, &mut reader, form)?;
    reader.done()?;
    let place = place.ok_or(Error::NotFound)?;
    let actor = ctx.actor()?;
    actor.require(Action::PartnerManage, &place.path)?;
    let key = form_key(ctx, &form.key)?;
    let mut tx = ctx.app.db.begin().await?;
    let (id, new) = store::insert_partner(&mut tx, &place.id, checked.data(), (&key, &actor.id), ctx.now).await?;
    if new {
        note(&mut tx, ctx, "partner.make", ("partner", &id), serde_json::json!({})).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Changes a partner that still is as the reader saw it. Where nobody is to be called any more, their number goes with their name.
pub async fn change_partner(ctx: &Ctx, id: &str, version: i64, form: &PartnerForm) -> Done<()> {
    let before = partner(ctx, id).await?;
    let mut reader = Reader::new(ctx);
    let mut checked = check_partner(ctx, &mut reader, form)?;
    reader.done()?;
    if !before.contact_name.is_empty() && checked.contact_name.is_empty() && checked.contact.is_none() {
        checked.contact = Some((String::new(), String::new()));
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_partner(&mut tx, (id, version), checked.data()).await? {
        return Err(CHANGED.into());
    }
    note(&mut tx, ctx, "partner.change", ("partner", id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// The number of a partner's contact in full. Looking at it is written down.
pub async fn contact(ctx: &Ctx, id: &str) -> Result<(Partner, String), Error> {
    let partner = partner(ctx, id).await?;
    if partner.contact_sealed.is_empty() {
        return Err(Error::NotFound);
    }
    let number = ctx.app.secrets.open(&partner.contact_sealed)?;
    let mut tx = ctx.app.db.begin().await?;
    note(&mut tx, ctx, "partner.see_contact", ("partner", id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok((partner, number))
}

/// An agreement as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct AgreementForm {
    /// What it is about.
    pub title: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// What the community gives.
    pub community_gives: String,
    /// What the partner gives.
    pub partner_gives: String,
    /// One form makes one.
    pub key: String,
}

/// Agreements of the reader's communities, those in force first.
pub async fn agreements(ctx: &Ctx) -> Result<Vec<Agreement>, Error> {
    Ok(store::agreements(&ctx.app.db, &scopes(ctx)?, today(ctx)).await?)
}

/// Open tasks of the reader's communities that are due within so many days, the most urgent first.
pub async fn due(ctx: &Ctx, days: i32) -> Result<Vec<Task>, Error> {
    let until = today(ctx).saturating_add(jiff::Span::new().days(days));
    Ok(tasks::due(&ctx.app.db, &scopes(ctx)?, until).await?)
}

/// An agreement of the reader's communities.
pub async fn agreement(ctx: &Ctx, id: &str) -> Result<Agreement, Error> {
    scopes(ctx)?;
    let agreement = store::agreement(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::PartnerManage, &agreement.path)?;
    Ok(agreement)
}

fn check_agreement(ctx: &Ctx, form: &AgreementForm) -> Done<(AgreementForm, (jiff::civil::Date, jiff::civil::Date))> {
    let mut reader = Reader::new(ctx);
    let title = reader.line("title", &form.title, NAME_CHARS, true);
    let from = reader.day("from", &form.from);
    let until = reader.day("until", &form.until);
    if reader.errors.is_empty() && until < from {
        reader.wrong("until", "partners-error-until");
    }
    let community_gives = reader.text("community_gives", &form.community_gives, TEXT_CHARS, true);
    let partner_gives = reader.text("partner_gives", &form.partner_gives, TEXT_CHARS, true);
    reader.done()?;
    Ok((AgreementForm { title, community_gives, partner_gives, ..form.clone() }, (from, until)))
}

fn data(form: &AgreementForm, span: (jiff::civil::Date, jiff::civil::Date)) -> AgreementData<'_> {
    AgreementData { title: &form.title, span, gives: (&form.community_gives, &form.partner_gives) }
}

/// Writes an agreement with a partner; gives its id. The same form twice is one agreement.
pub async fn make_agreement(ctx: &Ctx, partner_id: &str, form: &AgreementForm) -> Done<String> {
    let partner = partner(ctx, partner_id).await?;
    let (form, span) = check_agreement(ctx, form)?;
    let key = form_key(ctx, &form.key)?;
    let by = (key.as_str(), ctx.actor()?.id.as_str());
    let mut tx = ctx.app.db.begin().await?;
    let (id, new) = store::insert_agreement(&mut tx, &partner.id, data(&form, span), by, ctx.now).await?;
    if new {
        note(&mut tx, ctx, "agreement.make", ("agreement", &id), serde_json::json!({ "partner": partner.id })).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Changes an agreement that still is as the reader saw it.
pub async fn change_agreement(ctx: &Ctx, id: &str, version: i64, form: &AgreementForm) -> Done<()> {
    let before = agreement(ctx, id).await?;
    let (form, span) = check_agreement(ctx, form)?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_agreement(&mut tx, (id, version), data(&form, span)).await? {
        return Err(CHANGED.into());
    }
    let (from, until) = before.span();
    let detail = serde_json::json!({ "from": from.to_string(), "until": until.to_string() });
    note(&mut tx, ctx, "agreement.change", ("agreement", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends an agreement before its time, with a reason; its open tasks are dropped.
pub async fn end_agreement(ctx: &Ctx, id: &str, version: i64, typed: &str) -> Done<()> {
    agreement(ctx, id).await?;
    let reason = reason(ctx, typed)?;
    let by = (ctx.actor()?.id.as_str(), reason.as_str());
    let mut tx = ctx.app.db.begin().await?;
    if !store::end_agreement(&mut tx, (id, version), by, (today(ctx), ctx.now)).await? {
        return Err(CHANGED.into());
    }
    note(&mut tx, ctx, "agreement.end", ("agreement", id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Agreements with a partner, the latest first.
pub async fn of_partner(ctx: &Ctx, partner: &Partner) -> Result<Vec<Agreement>, Error> {
    Ok(store::of_partner(&ctx.app.db, &partner.id).await?)
}

/// Tasks of an agreement, what is open first.
pub async fn tasks(ctx: &Ctx, agreement: &Agreement) -> Result<Vec<Task>, Error> {
    Ok(tasks::tasks(&ctx.app.db, &agreement.id).await?)
}

/// A task as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct TaskForm {
    /// What is to be done.
    pub title: String,
    /// Code of who does it.
    pub whose: String,
    /// By which day.
    pub due: String,
    /// One form makes one.
    pub key: String,
}

/// Adds a task to an agreement that stands; gives its id. The same form twice is one task.
pub async fn add_task(ctx: &Ctx, agreement_id: &str, form: &TaskForm) -> Done<String> {
    let agreement = agreement(ctx, agreement_id).await?;
    let mut reader = Reader::new(ctx);
    let title = reader.line("task_title", &form.title, NAME_CHARS, true);
    let whose = reader.one_of("whose", Whose::from_code(&form.whose)).unwrap_or(Whose::Both);
    let due = reader.day("due", &form.due);
    let (from, until) = agreement.span();
    if reader.errors.is_empty() && (due < from || due > until) {
        reader.wrong("due", "partners-error-due");
    }
    reader.done()?;
    if matches!(agreement.standing(today(ctx)), Standing::Over | Standing::Ended) {
        return Err(Error::Conflict("partners-conflict-over").into());
    }
    let key = form_key(ctx, &form.key)?;
    let by = (key.as_str(), ctx.actor()?.id.as_str());
    let mut tx = ctx.app.db.begin().await?;
    let (id, new) = tasks::insert_task(&mut tx, &agreement.id, (&title, whose, due), by, ctx.now).await?;
    if new {
        if tasks::task_count(&mut tx, &agreement.id).await? > TASKS_MAX {
            return Err(Error::Conflict("partners-conflict-many-tasks").into());
        }
        note(&mut tx, ctx, "agreement.add_task", ("agreement", &agreement.id), serde_json::json!({ "task": id }))
            .await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// A task of the reader's communities.
pub async fn task(ctx: &Ctx, id: &str) -> Result<Task, Error> {
    scopes(ctx)?;
    let task = tasks::task(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::PartnerManage, &task.path)?;
    Ok(task)
}

/// What is done with a task.
#[derive(Clone, Debug, Default)]
pub struct Settling {
    /// `done`, `dropped`, or `open` to open it again.
    pub state: String,
    /// What was done, or why it was dropped.
    pub note: String,
    /// Id of a photo that was sent for it; may be empty.
    pub photo: String,
    /// The version that was looked at.
    pub version: i64,
}

/// Settles a task, or opens it again. Done asks for nothing more; dropped asks for a reason.
pub async fn settle(ctx: &Ctx, id: &str, wanted: &Settling) -> Done<()> {
    let task = task(ctx, id).await?;
    let to = TaskState::from_code(&wanted.state).ok_or(Error::BadRequest("no such state".into()))?;
    let mut reader = Reader::new(ctx);
    let text = match to {
        TaskState::Dropped => reader.line("reason", &wanted.note, LINE_CHARS, true),
        TaskState::Done => reader.text("note", &wanted.note, LINE_CHARS, false),
        TaskState::Open => String::new(),
    };
    if !wanted.photo.is_empty() && to == TaskState::Done {
        let found = photos::by_id(&ctx.app.db, &wanted.photo).await?;
        if !found.is_some_and(|photo| photo.is_by(&Uploader::of(ctx)) && photo.owner_id.is_none()) {
            reader.wrong("photo", "reports-error-photo-gone");
        }
    }
    reader.done()?;
    let from = if to == TaskState::Open { task.state() } else { TaskState::Open };
    if from == to {
        return Ok(());
    }
    let actor = ctx.actor()?;
    let mut tx = ctx.app.db.begin().await?;
    if !tasks::settle_task(&mut tx, (id, wanted.version), (from, to), (&actor.id, &text), ctx.now).await? {
        return Err(CHANGED.into());
    }
    if to == TaskState::Done && !wanted.photo.is_empty() {
        photos::attach(&mut tx, &wanted.photo, (OF_TASK, id), "after", 0).await?;
    }
    let detail = serde_json::json!({ "task": id, "from": from.code(), "to": to.code(), "note": task.note });
    note(&mut tx, ctx, "agreement.settle_task", ("agreement", &task.agreement_id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the reader may see a photo of a task.
pub async fn may_see_photo(ctx: &Ctx, task_id: &str) -> Result<bool, Error> {
    let Some(actor) = &ctx.actor else { return Ok(false) };
    let task = tasks::task(&ctx.app.db, task_id).await?;
    Ok(task.is_some_and(|task| actor.require(Action::PartnerManage, &task.path).is_ok()))
}
