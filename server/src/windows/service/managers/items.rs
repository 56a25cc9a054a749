//! Service items: list, editing with preview and versions, and no longer offering one.

use super::{
    preview::Decisions,
    wide::{self, AtHall, Cause},
};
use crate::{
    audit, clock,
    db::{Tx, dialect},
    http::{Ctx, Error, Result},
    people::inbox,
    windows::store::{
        halls, holds, items,
        items::StoredItem,
        measures::{self, Measured},
        settings::{self as store, NewVersion, Version},
        waiting,
    },
};
use app::{
    i18n::{Lang, Words},
    people::Action,
    time::date,
    windows::{
        ServiceItem,
        item_form::{self, Offer, differences, read_item, settle_codes},
        settings::{FormErrors, HallSettings, Hit, Standing},
        slots_needed,
    },
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// An item that is being looked at or changed.
#[derive(Clone)]
pub struct Edit {
    /// The item; `None` for a new one.
    pub stored: Option<StoredItem>,
    /// Its version; 0 before the first change.
    pub version: i64,
    /// Codes that its questions and materials have, or once had.
    pub used: BTreeSet<String>,
}

/// What a change would do.
pub struct Preview {
    /// Code of the item; `None` for a new one.
    pub code: Option<String>,
    /// The item as it would be.
    pub new: Offer,
    /// The version that the edit was made from.
    pub base: i64,
    /// What changes, in words.
    pub changes: Vec<String>,
    /// Bookings that are hit, by hall.
    pub hit: Vec<AtHall>,
    /// The decisions so far.
    pub decisions: Decisions,
    /// The page was sent to be saved, and has to be looked at again.
    pub again: bool,
}

/// What became of a form.
pub enum Outcome {
    /// Saved: code of the item.
    Saved(String),
    /// Nothing differs from what is.
    Same(String),
    /// The form has mistakes.
    Invalid(Box<Edit>, FormErrors),
    /// Look at what it would do, and decide.
    Preview(Box<Preview>),
    /// Somebody else saved meanwhile: what they changed.
    Conflict(Box<Edit>, Vec<Version>),
}

/// An item of the list.
pub struct Listed {
    /// The item.
    pub stored: StoredItem,
    /// Where it is done: code of the hall, number of the window.
    pub places: Vec<(String, i64)>,
    /// How long it takes, when enough was measured.
    pub measured: Option<Measured>,
}

/// All items, with names of halls by code.
pub async fn list(ctx: &Ctx) -> Result<(Vec<Listed>, BTreeMap<String, (String, String)>)> {
    ctx.actor()?.require_somewhere(Action::ItemRead)?;
    let db = &ctx.app.db;
    let mut windows: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    for (item, hall, number) in items::windows_of(db).await? {
        windows.entry(item).or_default().push((hall, number));
    }
    let measured = measures::all(db).await?;
    let names = halls::all(db).await?.into_iter().map(|hall| (hall.code, (hall.name, hall.name_en))).collect();
    let listed = items::all(db).await?.into_iter().map(|stored| Listed {
        places: windows.remove(&stored.item.code).unwrap_or_default(),
        measured: measured.get(&stored.id).copied(),
        stored,
    });
    Ok((listed.collect(), names))
}

/// One item of the list, with its version.
pub async fn look(ctx: &Ctx, code: &str) -> Result<(Listed, i64, BTreeMap<String, (String, String)>)> {
    let (all, names) = list(ctx).await?;
    let listed = all.into_iter().find(|listed| listed.stored.item.code == code).ok_or(Error::NotFound)?;
    let version = store::newest(ctx.app.db.read(), ("item", &listed.stored.id)).await?;
    Ok((listed, version, names))
}

/// The item with this code, to be changed.
pub async fn edit(ctx: &Ctx, code: Option<&str>) -> Result<Edit> {
    ctx.actor()?.require_somewhere(Action::ItemManage)?;
    let Some(code) = code else { return Ok(Edit { stored: None, version: 0, used: BTreeSet::new() }) };
    let db = &ctx.app.db;
    let stored = items::by_code(db, code).await?.ok_or(Error::NotFound)?;
    let mut used = codes(&stored.item);
    let versions = store::versions(db.read(), ("item", &stored.id), 0).await?;
    for version in &versions {
        if let Ok(offer) = serde_json::from_str::<Offer>(&version.snapshot) {
            used.extend(codes(&offer.item));
        }
    }
    let version = versions.first().map_or(0, |version| version.version);
    Ok(Edit { stored: Some(stored), version, used })
}

fn codes(item: &ServiceItem) -> BTreeSet<String> {
    let questions = item.questions.iter().map(|question| question.code.clone());
    questions.chain(item.materials.iter().map(|material| material.code.clone())).collect()
}

/// A form was sent: nothing is saved before `confirm`. Gives the form back with settled codes.
pub async fn submit(ctx: &Ctx, code: Option<&str>, fields: &mut Vec<(String, String)>) -> Result<Outcome> {
    let edit = edit(ctx, code).await?;
    settle_codes(fields, &edit.used);
    if let Some(conflict) = conflict(ctx, &edit, fields).await? {
        return Ok(conflict);
    }
    let (item, mut errors) = read_item(fields, code, ctx.w);
    if code.is_none() && (item.code == "new" || items::by_code(&ctx.app.db, &item.code).await?.is_some()) {
        errors.entry("code".to_owned()).or_insert(ctx.w.t("item-error-code-taken"));
    }
    if !errors.is_empty() {
        return Ok(Outcome::Invalid(Box::new(edit), errors));
    }
    let retired = edit.stored.as_ref().is_some_and(|stored| stored.retired);
    change(ctx, edit, Offer { item, retired }, fields).await
}

/// An item is no longer offered, or offered again.
pub async fn retire(ctx: &Ctx, code: &str, fields: &[(String, String)]) -> Result<Outcome> {
    let edit = edit(ctx, Some(code)).await?;
    if let Some(conflict) = conflict(ctx, &edit, fields).await? {
        return Ok(conflict);
    }
    let item = edit.stored.as_ref().map(|stored| (*stored.item).clone()).ok_or(Error::NotFound)?;
    let retired = fields.iter().any(|(name, value)| name == "retired" && value == "1");
    change(ctx, edit, Offer { item, retired }, fields).await
}

async fn conflict(ctx: &Ctx, edit: &Edit, fields: &[(String, String)]) -> Result<Option<Outcome>> {
    let sent = fields.iter().find(|(name, _)| name == "version").and_then(|(_, text)| text.parse().ok());
    let base: i64 = sent.unwrap_or(-1);
    let Some(stored) = edit.stored.as_ref().filter(|_| base != edit.version) else { return Ok(None) };
    let since = store::versions(ctx.app.db.read(), ("item", &stored.id), base.max(0)).await?;
    Ok(Some(Outcome::Conflict(Box::new(edit.clone()), since)))
}

/// Finds what a change of an item hits: bookings of an item that is no longer offered, and those that would need more
/// slots than they have.
fn judge(
    old: Option<&Offer>,
    new: &Offer,
    minutes: &BTreeMap<String, i64>,
    (settings, standing): (&mut HallSettings, &mut Vec<Standing>),
) -> BTreeMap<String, Hit> {
    let mut found = BTreeMap::new();
    let Some(old) = old else { return found };
    let code = &new.item.code;
    let retires = new.retired && !old.retired;
    if retires {
        // No other time is to be found for it.
        settings.windows.iter_mut().for_each(|window| window.items.retain(|item| item != code));
    }
    let slot = settings.slot_minutes.max(1);
    for booking in standing.iter_mut().filter(|booking| booking.items.contains(code)) {
        if retires {
            found.insert(booking.code.clone(), Hit::Retired);
            continue;
        }
        let length = |changed: i64| {
            let each = booking
                .items
                .iter()
                .map(|item| if item == code { changed } else { minutes.get(item).copied().unwrap_or(0) });
            i64::try_from(slots_needed(each, slot)).unwrap_or(i64::MAX).saturating_mul(slot)
        };
        let has = booking.to.duration_since(booking.from).as_mins();
        let (before, after) = (length(old.item.minutes), length(new.item.minutes));
        if before <= has && after > has {
            booking.needs = Some(after);
            found.insert(booking.code.clone(), Hit::TooShort);
        }
    }
    found
}

async fn change(ctx: &Ctx, edit: Edit, new: Offer, fields: &[(String, String)]) -> Result<Outcome> {
    let db = &ctx.app.db;
    let old = edit.stored.as_ref().map(|stored| Offer { item: (*stored.item).clone(), retired: stored.retired });
    let changes = differences(old.as_ref(), &new, ctx.w);
    if changes.is_empty() {
        return Ok(Outcome::Same(new.item.code));
    }
    let decisions = Decisions::from_fields(fields);
    let all = items::all(db).await?;
    let minutes: BTreeMap<String, i64> = all.into_iter().map(|one| (one.item.code.clone(), one.item.minutes)).collect();
    let judge = |settings: &mut HallSettings, standing: &mut Vec<Standing>| {
        judge(old.as_ref(), &new, &minutes, (settings, standing))
    };
    let cause = Cause { judge: &judge, calendar: &ctx.app.calendar };
    let show = |hit: Vec<AtHall>, decisions: Decisions, again: bool| {
        let code = edit.stored.as_ref().map(|stored| stored.item.code.clone());
        let (new, changes) = (new.clone(), changes.clone());
        Outcome::Preview(Box::new(Preview { code, new, base: edit.version, changes, hit, decisions, again }))
    };
    if !fields.iter().any(|(name, _)| name == "confirm") {
        let mut hit = wide::look(ctx, &cause).await?;
        wide::decide(&mut hit, &decisions, false);
        return Ok(show(hit, decisions, false));
    }
    let mut tx = db.begin().await?;
    let id = edit.stored.as_ref().map_or_else(|| clock::new_id(ctx.now), |stored| stored.id.clone());
    // Whoever books it meanwhile waits for this transaction, and then sees what it did.
    dialect::lock_key(db.engine(), &mut tx, &items::key_of(&id)).await?;
    let mut hit = wide::look_locked(ctx, &mut tx, &cause).await?;
    if wide::decide(&mut hit, &decisions, true) {
        drop(tx);
        return Ok(show(hit, decisions, true));
    }
    match &edit.stored {
        Some(stored) => {
            items::update(&mut tx, &stored.id, &new.item).await?;
            if new.retired != stored.retired {
                items::set_retired(&mut tx, &stored.id, new.retired.then_some(ctx.now)).await?;
            }
        }
        None => {
            let position = items::next_position(&mut tx).await?;
            if let Err(error) = items::insert(&mut tx, &id, &new.item, position).await {
                return taken(ctx, edit, error);
            }
        }
    }
    let Some(saved) = write_version(ctx, &mut tx, (&id, edit.version), old.as_ref(), &new).await? else {
        drop(tx);
        let since = store::versions(db.read(), ("item", &id), edit.version).await?;
        let now = self::edit(ctx, Some(&new.item.code)).await?;
        return Ok(Outcome::Conflict(Box::new(now), since));
    };
    let event = format!("item:{id}:{saved}");
    if !wide::carry(ctx, &mut tx, &mut hit, &cause, (&event, &decisions)).await? {
        drop(tx);
        return Ok(show(hit, decisions, true));
    }
    if new.retired && old.as_ref().is_some_and(|old| !old.retired) {
        end_waiting(ctx, &mut tx, &new.item).await?;
    }
    let entry = audit::Entry {
        by: audit::By::Person(&ctx.actor()?.id),
        action: match (&old, new.retired) {
            (None, _) => "item.create",
            (Some(old), true) if !old.retired => "item.retire",
            (Some(old), false) if old.retired => "item.offer",
            _ => "item.change",
        },
        object_kind: "item",
        object_id: &id,
        detail: serde_json::json!({"version": saved, "hits": wide::count(&hit)}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(Outcome::Saved(new.item.code))
}

/// The code of a new item was taken a moment ago (a second tap of the same button as well).
fn taken(ctx: &Ctx, edit: Edit, error: anyhow::Error) -> Result<Outcome> {
    let unique = error
        .downcast_ref::<sqlx::Error>()
        .and_then(|error| error.as_database_error())
        .is_some_and(|error| error.is_unique_violation());
    if !unique {
        return Err(error.into());
    }
    let errors = FormErrors::from([("code".to_owned(), ctx.w.t("item-error-code-taken"))]);
    Ok(Outcome::Invalid(Box::new(edit), errors))
}

async fn write_version(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, base): (&str, i64),
    old: Option<&Offer>,
    new: &Offer,
) -> Result<Option<i64>> {
    let in_words = |lang| differences(old, new, Words::new(lang));
    let version = NewVersion {
        object: ("item", id),
        base,
        before: old.map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?,
        after: serde_json::to_string(new).map_err(anyhow::Error::from)?,
        summary: (in_words(Lang::Zh), in_words(Lang::En)),
        by: Some(&ctx.actor()?.id),
    };
    Ok(store::save(tx, version, ctx.now).await?)
}

/// Those who wait for a place wait in vain: they are told, and what was offered to them is free again.
async fn end_waiting(ctx: &Ctx, tx: &mut Tx, item: &ServiceItem) -> Result<()> {
    for entry in waiting::open(tx).await?.into_iter().filter(|entry| entry.item_codes().contains(&item.code)) {
        if let Some(hold) = &entry.hold_id {
            holds::end(tx, hold, ctx.now).await?;
        }
        waiting::end_unserved(tx, &entry.id, ctx.now).await?;
        let Ok(day) = entry.day.parse::<Date>() else { continue };
        let told = inbox::Message {
            person_id: &entry.person_id,
            text_key: "inbox-waiting-retired",
            text_args: serde_json::json!({
                "item": item.title, "item_en": Lang::En.pick(&item.title, &item.title_en),
                "day": date(Lang::Zh, day), "day_en": date(Lang::En, day),
            }),
            href: "/services",
            dedupe_key: &format!("waiting-retired:{}", entry.id),
        };
        inbox::send(tx, told, ctx.now).await?;
    }
    Ok(())
}

/// The state of a version, as a form that has not been sent yet.
pub async fn restore(ctx: &Ctx, code: &str, version: i64) -> Result<Vec<(String, String)>> {
    let edit = edit(ctx, Some(code)).await?;
    let id = edit.stored.as_ref().map(|stored| stored.id.clone()).ok_or(Error::NotFound)?;
    let old = store::version(ctx.app.db.read(), ("item", &id), version).await?.ok_or(Error::NotFound)?;
    let offer: Offer = serde_json::from_str(&old.snapshot).map_err(anyhow::Error::from)?;
    Ok(item_form::item_fields(&offer.item))
}

/// The versions of an item, newest first.
pub async fn history(ctx: &Ctx, code: &str) -> Result<(StoredItem, Vec<Version>)> {
    ctx.actor()?.require_somewhere(Action::ItemRead)?;
    let stored = items::by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?;
    let versions = store::versions(ctx.app.db.read(), ("item", &stored.id), 0).await?;
    Ok((stored, versions))
}
