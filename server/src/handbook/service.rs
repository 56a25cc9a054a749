//! Use cases: looking something up, writing it down, looking at it again.

use super::store::{self, Stored, Version};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, Result},
    places::{self, Organisation, OrganisationKind},
    reports::categories,
    windows::store::items,
};
use app::{
    handbook::{
        entry::{Entry, due_before, is_due, reads},
        form::HandbookForm,
        search,
    },
    notices::form::{Errors, one_line},
    people::Action,
    places::Waiting,
    time,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(Errors),
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

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Words.
    pub query: String,
    /// Code of a category, may be empty.
    pub category: String,
    /// Code of a service item, may be empty.
    pub item: String,
    /// Only what is to be looked at again.
    pub due: bool,
}

/// Everything the reader may read.
async fn readable(ctx: &Ctx) -> Result<Vec<Stored>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HandbookRead)?;
    Ok(store::readable(&ctx.app.db, &actor.scopes(Action::HandbookRead)).await?)
}

/// Whether it is to be looked at again.
pub fn due(ctx: &Ctx, stored: &Stored) -> bool {
    is_due(stored.reviewed_on(), time::day_of(ctx.now))
}

/// The entries that fit, the best first, and how many of all that one reads are to be looked at again.
pub async fn find(ctx: &Ctx, asked: &Asked) -> Result<(Vec<Stored>, i64)> {
    let all = readable(ctx).await?;
    let many_due = i64::try_from(all.iter().filter(|entry| due(ctx, entry)).count()).unwrap_or(i64::MAX);
    let fits = |stored: &&Stored| {
        (asked.category.is_empty() || stored.category() == asked.category)
            && (asked.item.is_empty() || stored.item() == asked.item)
            && (!asked.due || due(ctx, stored))
    };
    let shown: Vec<&Stored> = all.iter().filter(fits).collect();
    let entries: Vec<Entry> = shown.iter().map(|stored| stored.entry()).collect();
    let found = search::ranked(&entries, &asked.query).into_iter().map(|place| shown[place].clone()).collect();
    Ok((found, many_due))
}

/// Where the handbook says what to do with a report of this category, if it does and the reader may read it.
pub async fn address_for(ctx: &Ctx, category: &str) -> Result<Option<String>> {
    let scopes = ctx.actor()?.scopes(Action::HandbookRead);
    let known = !scopes.is_empty() && store::knows(&ctx.app.db, &scopes, category).await?;
    Ok(known.then(|| format!("/staff/handbook?category={category}")))
}

/// An entry that the reader may read.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Stored> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HandbookRead)?;
    let stored = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let scopes = actor.scopes(Action::HandbookRead);
    match scopes.iter().any(|scope| reads(scope, &stored.path)) {
        true => Ok(stored),
        false => Err(Error::Forbidden),
    }
}

/// An entry that the reader may change.
pub async fn for_writing(ctx: &Ctx, id: &str) -> Result<Stored> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HandbookWrite)?;
    let stored = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::HandbookWrite, &stored.path)?;
    Ok(stored)
}

/// Whether the reader may change what belongs to a path.
pub fn may_write(ctx: &Ctx, path: &str) -> bool {
    ctx.actor.as_ref().is_some_and(|actor| actor.require(Action::HandbookWrite, path).is_ok())
}

/// Organisations for which the reader may write: districts, subdistricts and communities.
pub async fn organisations(ctx: &Ctx) -> Result<Vec<Organisation>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HandbookWrite)?;
    let mut all: Vec<Organisation> = Vec::new();
    for scope in actor.scopes(Action::HandbookWrite) {
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

/// Codes and names of categories and of service items, in the reader's language.
pub async fn links(ctx: &Ctx) -> Result<(Vec<(String, String)>, Vec<(String, String)>)> {
    let w = ctx.w;
    let categories = categories::all(&ctx.app.db).await?.into_iter();
    let categories = categories.map(|one| (one.code.clone(), w.pick(&one.name, &one.name_en).to_owned())).collect();
    let items = items::offered(&ctx.app.db).await?.into_iter().map(|stored| stored.item);
    let items = items.map(|item| (item.code.clone(), w.pick(&item.title, &item.title_en).to_owned())).collect();
    Ok((categories, items))
}

/// The form's entry and organisation, both fine, the organisation one that the reader may write for.
async fn check(ctx: &Ctx, form: &HandbookForm) -> std::result::Result<(Entry, Organisation), Refused> {
    let actor = ctx.actor()?;
    let w = ctx.w;
    let mut errors = Errors::new();
    let organisation = places::store::by_code(&ctx.app.db, &one_line(&form.organisation)).await?;
    let organisation =
        organisation.filter(|place| matches!(place.kind.as_str(), "district" | "subdistrict" | "community"));
    match &organisation {
        Some(place) => actor.require(Action::HandbookWrite, &place.path)?,
        None => {
            errors.insert("organisation", w.t("handbook-error-organisation"));
        }
    }
    let entry = form.check(w);
    if let Err(more) = &entry {
        errors.extend(more.clone());
    }
    if let Ok(entry) = &entry {
        if !entry.category.is_empty() && categories::by_code(&ctx.app.db, &entry.category).await?.is_none() {
            errors.insert("category", w.t("handbook-error-link"));
        }
        if !entry.item.is_empty() && items::by_code(&ctx.app.db, &entry.item).await?.is_none() {
            errors.insert("item", w.t("handbook-error-link"));
        }
    }
    match (entry, organisation) {
        (Ok(entry), Some(organisation)) if errors.is_empty() => Ok((entry, organisation)),
        _ => Err(Refused::Invalid(errors)),
    }
}

/// Writes a new entry and gives its id. The same form sent twice gives the same entry.
pub async fn create(ctx: &Ctx, form: &HandbookForm) -> std::result::Result<String, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HandbookWrite)?;
    let (entry, organisation) = check(ctx, form).await?;
    if form.form_key.is_empty() || form.form_key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let key = format!("{}:{}", actor.id, form.form_key);
    let place = (organisation.id.as_str(), organisation.path.as_str());
    let today = time::day_of(ctx.now);
    let mut tx = ctx.app.db.begin().await?;
    let Some(id) = store::insert(&mut tx, (&actor.id, &key), place, &entry, (today, ctx.now)).await? else {
        return Ok(store::id_by_form_key(&mut tx, &key).await?.ok_or(Error::NotFound)?);
    };
    let kept = HandbookForm::of(&entry, organisation.code.clone(), 1);
    store::keep(&mut tx, (&id, 1), &actor.id, &kept, ctx.now).await?;
    note(ctx, &mut tx, "handbook.create", &id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Overwrites an entry that nobody else changed in the meantime, and keeps the version. What says the same is no version.
pub async fn save(ctx: &Ctx, id: &str, form: &HandbookForm) -> std::result::Result<(), Refused> {
    let stored = for_writing(ctx, id).await?;
    let (entry, organisation) = check(ctx, form).await?;
    let version: i64 = form.version.parse().unwrap_or(0);
    if stored.version != version {
        return Err(Error::Conflict("handbook-conflict-changed").into());
    }
    if entry == stored.entry() && organisation.path == stored.path {
        return Ok(());
    }
    let actor = ctx.actor()?;
    let place = (organisation.id.as_str(), organisation.path.as_str());
    let today = time::day_of(ctx.now);
    let mut tx = ctx.app.db.begin().await?;
    if !store::update(&mut tx, (id, version), place, &entry, (today, ctx.now)).await? {
        return Err(Error::Conflict("handbook-conflict-changed").into());
    }
    let kept = HandbookForm::of(&entry, organisation.code.clone(), version + 1);
    store::keep(&mut tx, (id, version + 1), &actor.id, &kept, ctx.now).await?;
    note(ctx, &mut tx, "handbook.save", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that the entry was looked at today and still holds.
pub async fn review(ctx: &Ctx, id: &str, version: i64) -> Result<()> {
    for_writing(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::review(&mut tx, (id, version), time::day_of(ctx.now)).await? {
        return Err(Error::Conflict("handbook-conflict-changed"));
    }
    note(ctx, &mut tx, "handbook.review", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes an entry.
pub async fn remove(ctx: &Ctx, id: &str, version: i64) -> Result<()> {
    for_writing(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::remove(&mut tx, (id, version), ctx.now).await? {
        return Err(Error::Conflict("handbook-conflict-changed"));
    }
    note(ctx, &mut tx, "handbook.remove", id).await?;
    tx.commit().await?;
    Ok(())
}

/// The versions of an entry, the newest first, and names of what they name by code.
pub async fn versions(ctx: &Ctx, id: &str) -> Result<(Stored, Vec<Version>, BTreeMap<String, String>)> {
    let stored = one(ctx, id).await?;
    let all = store::versions(&ctx.app.db, id).await?;
    let (categories, items) = links(ctx).await?;
    let mut names: BTreeMap<String, String> = categories.into_iter().chain(items).collect();
    for code in all.iter().map(|version| version.form().organisation).collect::<BTreeSet<_>>() {
        if let Some(place) = places::store::by_code(&ctx.app.db, &code).await? {
            names.insert(code, ctx.w.pick(&place.name, &place.name_en).to_owned());
        }
    }
    Ok((stored, all, names))
}

/// What waits for the reader as staff, for `/staff`: entries of their own that nobody has looked at for a year.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let scopes = ctx.actor()?.scopes(Action::HandbookWrite);
    let count = store::looked_at_before(&ctx.app.db, &scopes, due_before(time::day_of(ctx.now))).await?;
    let waiting = Waiting {
        title: ctx.w.t("handbook-waiting"),
        note: None,
        count,
        late: false,
        href: "/staff/handbook?due=1".to_owned(),
    };
    Ok(if count > 0 { vec![waiting] } else { Vec::new() })
}

async fn note(ctx: &Ctx, tx: &mut Tx, action: &str, id: &str) -> Result<()> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "handbook",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
