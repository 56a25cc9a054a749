//! Everything that Linli keeps of a person: to see, to take along, and to be forgotten.

use super::login::entry;
use crate::{
    audit::{self, By},
    auth::limit::Limit,
    http::{Ctx, Error},
    notices::activity,
    people::{inbox, store::data},
    reports,
    windows::service as windows,
};
use app::people::Action;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Files of everything: each reads all rows of a person.
const FILES: Limit = Limit { what: "data-file", max: 20, seconds: 3600 };

/// What is kept of a person.
pub struct Kept {
    /// Who they are.
    pub own: data::OwnRow,
    /// How many rows each section has; those that have none are left out.
    pub counts: Vec<(&'static data::Section, usize)>,
}

async fn own(ctx: &Ctx) -> Result<data::OwnRow, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    data::own(&ctx.app.db, &actor.id).await?.ok_or(Error::SignIn)
}

/// What is kept of the signed-in person, counted.
pub async fn kept(ctx: &Ctx) -> Result<Kept, Error> {
    let own = own(ctx).await?;
    let mut counts = Vec::new();
    for section in data::SECTIONS {
        let rows = data::rows(&ctx.app.db, section, &ctx.actor()?.id).await?;
        if !rows.is_empty() {
            counts.push((section, rows.len()));
        }
    }
    Ok(Kept { own, counts })
}

/// All of it as one JSON object, the number and the address in full. That it was asked for is written down.
pub async fn file(ctx: &Ctx) -> Result<Value, Error> {
    let own = own(ctx).await?;
    let actor = ctx.actor()?;
    let secrets = &ctx.app.secrets;
    let email = match own.email_sealed.as_str() {
        "" => Value::Null,
        sealed => secrets.open(sealed)?.into(),
    };
    FILES.take(&ctx.app.db, &actor.id, ctx.now).await?;
    let mut tx = ctx.app.db.begin().await?;
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "person.take_data", "person", &actor.id), ctx.now).await?;
    tx.commit().await?;
    let instant = |at: i64| Timestamp::from_microsecond(at).ok().map(|at| at.to_string());
    let mut file = Map::new();
    file.insert("made_at".to_owned(), ctx.now.to_string().into());
    let person = json!({
        "name": own.name,
        "phone": secrets.open(&own.phone_sealed)?,
        "email": email,
        "email_confirmed_at": own.email_confirmed_at.and_then(instant),
        "language": own.lang,
        "unit": own.unit,
        "community": own.community,
        "building": own.building,
        "created_at": instant(own.created_at),
    });
    file.insert("person".to_owned(), person);
    for section in data::SECTIONS {
        let mut rows = data::rows(&ctx.app.db, section, &actor.id).await?;
        rows.iter_mut().for_each(|row| in_words(ctx, row));
        file.insert(section.name.to_owned(), rows.into());
    }
    Ok(file.into())
}

/// A message as it was read, in place of what it is made from.
fn in_words(ctx: &Ctx, row: &mut Map<String, Value>) {
    if let (Some(Value::String(key)), Some(Value::String(args))) = (row.remove("text_key"), row.remove("text_args")) {
        row.insert("text".to_owned(), inbox::text(ctx.w, &key, &args).into());
    }
}

/// Deletes the signed-in person's account. Booked visits are cancelled first, waiting lists and activities left; then the
/// person is forgotten in one transaction. With `words`, what they wrote in their reports and the photos with it go as well. A
/// conflict where something stands that only somebody else, or they themselves, can end; what was cancelled until then stays so.
pub async fn leave(ctx: &Ctx, words: bool) -> Result<(), Error> {
    let own = own(ctx).await?;
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    if ctx.app.config.demo && own.demo == 1 {
        // Everybody who tries Linli out is this person.
        return Err(Error::Conflict("data-conflict-demo"));
    }
    if !actor.grants.is_empty() {
        return Err(Error::Conflict("data-conflict-work"));
    }
    windows::end_all_of(ctx).await?;
    activity::service::leave_all(ctx).await?;
    let mut tx = db.begin().await?;
    windows::lock_person(db.engine(), &mut tx, &actor.id).await?;
    let standing = data::standing(&mut tx, &actor.id, ctx.now).await?;
    if standing.roles > 0 || standing.reports > 0 {
        return Err(Error::Conflict("data-conflict-work"));
    }
    if standing.visits > 0 || standing.waiting > 0 {
        return Err(Error::Conflict("data-conflict-visit"));
    }
    let mut photos = Vec::new();
    if words {
        for id in data::report_ids(&mut tx, &actor.id).await? {
            photos.extend(reports::own::take_everything(&mut tx, &id).await?);
        }
    }
    data::forget(&mut tx, &actor.id, ctx.now).await?;
    let entry = audit::Entry {
        detail: json!({ "words": words }),
        ..entry(ctx, By::Person(&actor.id), "person.leave", "person", &actor.id)
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    for id in photos {
        ctx.app.blobs.delete(&id).await?;
    }
    Ok(())
}
