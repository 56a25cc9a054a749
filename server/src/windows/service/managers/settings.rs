//! A hall's settings: look, preview, save, history.

use super::{
    apply::{Change, carry_out},
    hall_for,
    preview::{self, DayRow, Decision, Decisions, HitRow},
};
use crate::{
    audit,
    db::dialect,
    http::{Ctx, Error, Result},
    windows::{
        service::places,
        store::{
            Hall, items,
            items::StoredItem,
            settings::{self as store, NewVersion, Version},
        },
    },
};
use app::{
    i18n::{Lang, Words},
    people::Action,
    time::day_of,
    windows::settings::{FormErrors, HallSettings, differences, hits},
};

/// A hall's settings with their version.
pub struct Edit {
    /// The hall.
    pub hall: Hall,
    /// Its settings now.
    pub settings: HallSettings,
    /// Their version; 0 before the first change.
    pub version: i64,
    /// All items.
    pub items: Vec<StoredItem>,
}

/// What a change would do.
pub struct Preview {
    /// The hall.
    pub hall: Hall,
    /// The form's fields, to be carried on.
    pub settings: HallSettings,
    /// The version that the edit was made from.
    pub base: i64,
    /// What changes, in words.
    pub changes: Vec<String>,
    /// The coming two weeks.
    pub days: Vec<DayRow>,
    /// Bookings that are hit.
    pub rows: Vec<HitRow>,
    /// The decisions so far.
    pub decisions: Decisions,
    /// The page was sent to be saved, and has to be looked at again.
    pub again: bool,
}

/// What became of a form.
pub enum Outcome {
    /// Saved.
    Saved(Hall),
    /// Nothing differs from what is.
    Same(Hall),
    /// The form has mistakes.
    Invalid(Box<Edit>, FormErrors),
    /// Look at what it would do, and decide.
    Preview(Box<Preview>),
    /// Somebody else saved meanwhile: what they changed.
    Conflict(Box<Edit>, Vec<Version>),
}

/// The settings of a hall.
pub async fn edit(ctx: &Ctx, code: &str) -> Result<Edit> {
    let hall = hall_for(ctx, Action::HallManage, code).await?;
    load(ctx, hall).await
}

async fn load(ctx: &Ctx, hall: Hall) -> Result<Edit> {
    let db = &ctx.app.db;
    Ok(Edit {
        settings: store::hall(db.read(), &hall, day_of(ctx.now)).await?,
        version: store::newest(db.read(), ("hall", &hall.id)).await?,
        items: items::all(db).await?,
        hall,
    })
}

/// A form was sent: nothing is saved before `confirm`.
pub async fn submit(ctx: &Ctx, code: &str, fields: &[(String, String)]) -> Result<Outcome> {
    let edit = edit(ctx, code).await?;
    let get = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let base: i64 = get("version").and_then(|text| text.parse().ok()).unwrap_or(-1);
    if base != edit.version {
        let since = store::versions(ctx.app.db.read(), ("hall", &edit.hall.id), base.max(0)).await?;
        return Ok(Outcome::Conflict(Box::new(edit), since));
    }
    let codes: Vec<String> = edit.items.iter().map(|stored| stored.item.code.clone()).collect();
    let (new, errors) = HallSettings::from_fields(fields, &edit.settings.windows, &codes, ctx.w);
    if !errors.is_empty() {
        return Ok(Outcome::Invalid(Box::new(edit), errors));
    }
    let changes = differences(&edit.settings, &new, ctx.w);
    if changes.is_empty() {
        return Ok(Outcome::Same(edit.hall));
    }
    let decisions = Decisions::from_fields(fields);
    if get("confirm").is_none() {
        return Ok(Outcome::Preview(Box::new(show(ctx, edit, new, changes, decisions, None).await?)));
    }
    confirm(ctx, edit, new, changes, decisions).await
}

/// The state of a version, as a form that has not been sent yet: the same preview guards a restoration.
pub async fn restore(ctx: &Ctx, code: &str, version: i64) -> Result<Vec<(String, String)>> {
    let edit = edit(ctx, code).await?;
    let old = store::version(ctx.app.db.read(), ("hall", &edit.hall.id), version).await?.ok_or(Error::NotFound)?;
    let mut settings: HallSettings =
        serde_json::from_str(&old.snapshot).map_err(|error| Error::Internal(std::sync::Arc::new(error.into())))?;
    // Days that are over do not come back.
    let today = day_of(ctx.now).to_string();
    settings.exceptions.retain(|dated| dated.day >= today);
    settings.closures.retain(|span| span.to.get(..10).is_some_and(|day| day >= today.as_str()));
    let mut fields = settings.fields();
    fields.push(("version".to_owned(), edit.version.to_string()));
    Ok(fields)
}

/// The versions of a hall's settings, newest first.
pub async fn history(ctx: &Ctx, code: &str) -> Result<(Hall, Vec<Version>)> {
    let hall = hall_for(ctx, Action::HallManage, code).await?;
    let versions = store::versions(ctx.app.db.read(), ("hall", &hall.id), 0).await?;
    Ok((hall, versions))
}

async fn show(
    ctx: &Ctx,
    edit: Edit,
    new: HallSettings,
    changes: Vec<String>,
    decisions: Decisions,
    rows: Option<Vec<HitRow>>,
) -> Result<Preview> {
    let calendar = &ctx.app.calendar;
    let again = rows.is_some();
    let mut rows = match rows {
        Some(rows) => rows,
        None => {
            let (old, new) = ((&edit.settings, &**calendar), (&new, &**calendar));
            preview::look(ctx.app.db.read(), &edit.hall, old, new, ctx.now).await?
        }
    };
    preview::decide(&mut rows, &decisions, again);
    Ok(Preview {
        days: preview::days((&edit.settings, calendar), (&new, calendar), ctx.now),
        hall: edit.hall,
        base: edit.version,
        settings: new,
        changes,
        rows,
        decisions,
        again,
    })
}

async fn confirm(
    ctx: &Ctx,
    edit: Edit,
    new: HallSettings,
    changes: Vec<String>,
    decisions: Decisions,
) -> Result<Outcome> {
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let calendar = &*ctx.app.calendar;
    let hall = &edit.hall;
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("settings:hall:{}", hall.id)).await?;
    // Whoever books locks the day first and its slots then; so does this, or the two wait for each other in a circle.
    places::lock_every_day(db.engine(), &mut tx, hall, day_of(ctx.now)).await?;
    store::lock_slots(&mut tx, db.engine(), &hall.id, ctx.now).await?;
    let bookings = store::standing(&mut *tx, &hall.id, ctx.now).await?;
    let items = store::items_of(&mut *tx, &hall.id, ctx.now).await?;
    let standing = preview::as_standing(&bookings, &items);
    let found = hits((&edit.settings, calendar), (&new, calendar), &standing);
    let taken = preview::as_taken(store::taken(&mut *tx, &hall.id, ctx.now).await?);
    let mut rows = preview::hit_rows(found, (&bookings, &standing), (&new, calendar), taken, ctx.now);
    preview::decide(&mut rows, &decisions, true);
    if rows.iter().any(|row| row.fresh) || decisions.are_too_long(&rows) {
        drop(tx);
        return Ok(Outcome::Preview(Box::new(show(ctx, edit, new, changes, decisions, Some(rows)).await?)));
    }
    let in_words = |lang| differences(&edit.settings, &new, Words::new(lang));
    let version = NewVersion {
        object: ("hall", &hall.id),
        base: edit.version,
        before: Some(serde_json::to_string(&edit.settings).map_err(anyhow::Error::from)?),
        after: serde_json::to_string(&new).map_err(anyhow::Error::from)?,
        summary: (in_words(Lang::Zh), in_words(Lang::En)),
        by: Some(&actor.id),
    };
    let Some(saved) = store::save(&mut tx, version, ctx.now).await? else {
        drop(tx);
        let since = store::versions(db.read(), ("hall", &hall.id), edit.version).await?;
        let now = load(ctx, edit.hall).await?;
        return Ok(Outcome::Conflict(Box::new(now), since));
    };
    store::replace_hall(&mut tx, hall, &new, day_of(ctx.now), ctx.now).await?;
    let event = format!("hall-settings:{}:{saved}", hall.id);
    let change = Change {
        ctx,
        hall,
        settings: &new,
        calendar,
        event: &event,
        message: &decisions.message,
        default: decisions.default.unwrap_or(Decision::Keep),
    };
    if !carry_out(&mut tx, &change, &mut rows, &standing).await? {
        drop(tx);
        return Ok(Outcome::Preview(Box::new(show(ctx, edit, new, changes, decisions, Some(rows)).await?)));
    }
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "hall.settings",
        object_kind: "hall",
        object_id: &hall.id,
        detail: serde_json::json!({"version": saved, "hits": rows.len()}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(Outcome::Saved(edit.hall))
}
