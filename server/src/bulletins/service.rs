//! What staff do with bulletins before they are out; publishing and correcting are in [`super::publish`].

use super::{
    count::count,
    store::{self, New, Row, Stored, Texts},
};
use crate::{
    audit::{self, By},
    clock,
    db::Tx,
    http::{Ctx, Error, FieldErrors, Result},
    notices::writing::may_speak,
    places::{self, Organisation, OrganisationKind},
};
use app::{
    bulletins::{BODY_CHARS, Bulletin, TITLE_CHARS, draft, pages::State, period::Period},
    i18n::{Lang, Words},
    notices::form::{lines, one_line},
    people::Action,
    time,
};

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// Somebody else saved it in the meantime; the version that it has now.
    #[error("somebody else saved in the meantime")]
    Stale(i64),
    /// It cannot be published yet, and why, in words.
    #[error("something is missing")]
    Lacking(String),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// Organisations of which the reader may write bulletins, in the order of the tree.
pub async fn organisations(ctx: &Ctx) -> Result<Vec<Organisation>> {
    let mut all: Vec<Organisation> = Vec::new();
    for scope in ctx.actor()?.scopes(Action::BulletinWrite) {
        for kind in [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community] {
            for place in places::store::under(&ctx.app.db, scope, kind).await? {
                if all.iter().all(|one| one.id != place.id) {
                    all.push(place);
                }
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

/// Bulletins of the reader's places.
pub async fn list(ctx: &Ctx) -> Result<Vec<Row>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    Ok(store::under(&ctx.app.db, &actor.scopes(Action::NetRead)).await?)
}

/// A bulletin, for those who may read it in any state.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Stored> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    let found = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NetRead, &found.path)?;
    Ok(found)
}

/// A bulletin, for those who may write it.
pub async fn for_writing(ctx: &Ctx, id: &str) -> Result<Stored> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::BulletinWrite)?;
    let found = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::BulletinWrite, &found.path)?;
    Ok(found)
}

/// A bulletin that is out, for everybody.
pub async fn published(ctx: &Ctx, id: &str) -> Result<Stored> {
    let found = store::by_id(&ctx.app.db, id).await?;
    found.filter(|found| found.state() == State::Published).ok_or(Error::NotFound)
}

/// What the template writes from numbers, in both languages.
pub(super) fn drafted(bulletin: &Bulletin) -> Texts {
    let [zh, en] = [Lang::Zh, Lang::En].map(Words::new);
    Texts {
        title: draft::title(zh, bulletin),
        title_en: draft::title(en, bulletin),
        body: draft::body(zh, bulletin),
        body_en: draft::body(en, bulletin),
    }
}

/// A form of a new bulletin.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the organisation.
    pub organisation: String,
    /// Code of the week or month.
    pub period: String,
    /// One form makes one.
    pub key: String,
}

/// The key of a form as it is stored: nobody's form is another's.
pub(super) fn form_key(ctx: &Ctx, key: &str) -> Result<String> {
    if key.is_empty() || key.len() > 100 || key.chars().any(char::is_control) {
        return Err(Error::BadRequest("the form's key is missing".into()));
    }
    Ok(format!("{}:{key}", ctx.actor()?.id))
}

/// Counts and writes a new draft; gives its id. The same form sent twice makes one.
pub async fn make(ctx: &Ctx, form: &Form) -> std::result::Result<String, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::BulletinWrite)?;
    let place = places::store::by_code(&ctx.app.db, &one_line(&form.organisation)).await?;
    let place = place.filter(|place| may_speak(&place.kind) && actor.may(Action::BulletinWrite, &place.path));
    let today = time::day_of(ctx.now);
    let period = Period::from_code(form.period.trim()).filter(|period| period.is_over(today));
    let (Some(place), Some(period)) = (&place, period) else {
        let mut errors = FieldErrors::new();
        if place.is_none() {
            errors.add("organisation", ctx.w.t("bulletins-error-organisation"));
        }
        if period.is_none() {
            errors.add("period", ctx.w.t("bulletins-error-period"));
        }
        return Err(Refused::Invalid(errors));
    };
    actor.require(Action::BulletinWrite, &place.path)?;
    let form_key = form_key(ctx, &form.key)?;
    let bulletin = count(&ctx.app.db, place, period, ctx.now).await?;
    let texts = drafted(&bulletin);
    insert(ctx, (place, &bulletin, &texts), None, &form_key).await.map_err(Refused::Other)
}

/// Writes a draft down; gives its id, or that of the one which this form made before.
pub(super) async fn insert(
    ctx: &Ctx,
    (place, bulletin, texts): (&Organisation, &Bulletin, &Texts),
    corrects_id: Option<&str>,
    form_key: &str,
) -> Result<String> {
    let id = clock::new_id(ctx.now);
    let author_id = &ctx.actor()?.id;
    let new = New { id: &id, organisation_id: &place.id, bulletin, texts, corrects_id, author_id, form_key };
    let mut tx = ctx.app.db.begin().await?;
    if !store::insert(&mut tx, new, ctx.now).await? {
        let (id, _) = store::by_form_key(&mut tx, form_key).await?.ok_or(Error::NotFound)?;
        return Ok(id);
    }
    note(&mut tx, ctx, "bulletin.make", &id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Texts of a form, tidied and checked.
fn check(ctx: &Ctx, typed: &Texts) -> std::result::Result<Texts, FieldErrors> {
    let texts = Texts {
        title: one_line(&typed.title),
        title_en: one_line(&typed.title_en),
        body: lines(&typed.body),
        body_en: lines(&typed.body_en),
    };
    let mut errors = FieldErrors::new();
    if texts.title.is_empty() {
        errors.add("title", ctx.w.t("bulletins-error-title"));
    }
    if texts.body.trim().is_empty() {
        errors.add("body", ctx.w.t("bulletins-error-body"));
    }
    for (field, text, most) in [
        ("title", &texts.title, TITLE_CHARS),
        ("title_en", &texts.title_en, 2 * TITLE_CHARS),
        ("body", &texts.body, BODY_CHARS),
        ("body_en", &texts.body_en, 2 * BODY_CHARS),
    ] {
        if text.chars().count() > most {
            errors.add(field, ctx.w.tf("bulletins-error-long", &[("count", most.into())]));
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

/// Why nothing was changed: it is fixed, or somebody was faster.
async fn overtaken(ctx: &Ctx, id: &str) -> Refused {
    match for_writing(ctx, id).await {
        Ok(found) if found.state() == State::Draft => Refused::Stale(found.version),
        Ok(_) => Refused::Other(Error::Conflict("bulletins-conflict-fixed")),
        Err(error) => Refused::Other(error),
    }
}

/// What would be saved of the text of a draft: tidied and checked. Nothing is.
pub async fn preview(ctx: &Ctx, id: &str, typed: &Texts) -> std::result::Result<Texts, Refused> {
    let found = for_writing(ctx, id).await?;
    if found.state() != State::Draft {
        return Err(Error::Conflict("bulletins-conflict-fixed").into());
    }
    check(ctx, typed).map_err(Refused::Invalid)
}

/// Saves the text of a draft that nobody else changed in the meantime.
pub async fn save(ctx: &Ctx, id: &str, version: i64, typed: &Texts) -> std::result::Result<(), Refused> {
    let found = for_writing(ctx, id).await?;
    if found.state() != State::Draft {
        return Err(Error::Conflict("bulletins-conflict-fixed").into());
    }
    let texts = check(ctx, typed).map_err(Refused::Invalid)?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_texts(&mut tx, (id, version), &texts, ctx.now).await? {
        drop(tx);
        return Err(overtaken(ctx, id).await);
    }
    note(&mut tx, ctx, "bulletin.save", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Counts a draft anew, and writes its text anew as well if that is asked.
pub async fn anew(ctx: &Ctx, id: &str, version: i64, text: bool) -> std::result::Result<(), Refused> {
    let found = for_writing(ctx, id).await?;
    if found.state() != State::Draft {
        return Err(Error::Conflict("bulletins-conflict-fixed").into());
    }
    let place = places::store::by_code(&ctx.app.db, &found.code).await?.ok_or(Error::NotFound)?;
    let first = found.first_day.parse().map_err(anyhow::Error::new)?;
    let bulletin = count(&ctx.app.db, &place, Period::of(&found.kind, first), ctx.now).await?;
    let mut tx = ctx.app.db.begin().await?;
    let mut done = store::set_figures(&mut tx, (id, version), &bulletin, ctx.now).await?;
    if done && text {
        done = store::set_texts(&mut tx, (id, version + 1), &drafted(&bulletin), ctx.now).await?;
    }
    if !done {
        drop(tx);
        return Err(overtaken(ctx, id).await);
    }
    note(&mut tx, ctx, "bulletin.count", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Throws a draft away.
pub async fn discard(ctx: &Ctx, id: &str, version: i64) -> std::result::Result<(), Refused> {
    for_writing(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::discard(&mut tx, id, version).await? {
        drop(tx);
        return Err(overtaken(ctx, id).await);
    }
    note(&mut tx, ctx, "bulletin.discard", id).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn note(tx: &mut Tx, ctx: &Ctx, action: &str, id: &str) -> Result<()> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "bulletin",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
