//! One's own name and home, devices and inbox.

use super::login::entry;
use crate::{
    audit::{self, By},
    http::{Ctx, Error, page::safe_next},
    people::{
        inbox::{self, InboxMessage},
        store::{self, SessionRow},
    },
    places::{self, OrganisationKind},
};
use app::people::{Action, NameError, read_name};

/// Why name and home were not saved.
#[derive(Debug, thiserror::Error)]
pub enum NameFormError {
    /// The name.
    #[error("name")]
    Name(NameError),
    /// There is no such building.
    #[error("building")]
    Building,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for NameFormError {
    fn from(error: sqlx::Error) -> NameFormError {
        NameFormError::Other(error.into())
    }
}

/// Saves name and home building (its code; empty: none). The home community is the building's, else the one chosen.
pub async fn save_name(ctx: &Ctx, name: &str, building: &str) -> Result<(), NameFormError> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let name = read_name(name).map_err(NameFormError::Name)?;
    let db = &ctx.app.db;
    let chosen = ctx.community.as_ref().map(|community| community.id.clone());
    let (community, building) = if building.is_empty() {
        (chosen.or_else(|| actor.community_id.clone()), None)
    } else {
        let building = places::store::by_code(db, building).await?;
        let building =
            building.filter(|place| place.kind == OrganisationKind::Building.code()).ok_or(NameFormError::Building)?;
        // A path's third step is the community.
        let community = match building.path.split('/').nth(2) {
            Some(code) => places::store::community_by_code(db, code).await?.map(|community| community.id),
            None => None,
        };
        (community, Some(building.id))
    };
    let mut tx = db.begin().await?;
    store::set_name_and_home(&mut tx, &actor.id, &name, community.as_deref(), building.as_deref()).await?;
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "person.edit", "person", &actor.id), ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Where this person is logged in, the most recently seen first.
pub async fn devices(ctx: &Ctx) -> Result<Vec<SessionRow>, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    Ok(store::sessions(&ctx.app.db, &actor.id, ctx.now).await?)
}

/// Logs one of one's own devices out.
pub async fn revoke_device(ctx: &Ctx, session_id: &str) -> Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::revoke_session(&mut tx, &actor.id, session_id, ctx.now).await? {
        return Err(Error::NotFound);
    }
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "session.revoke", "session", session_id), ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Logs all one's devices out but this one.
pub async fn revoke_other_devices(ctx: &Ctx) -> Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    store::revoke_other_sessions(&mut tx, &actor.id, &actor.session_id, ctx.now).await?;
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "session.revoke_others", "person", &actor.id), ctx.now)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Messages, newest first, at most [`inbox::SHOWN`].
pub async fn messages(ctx: &Ctx) -> Result<Vec<InboxMessage>, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    Ok(inbox::newest(&ctx.app.db, &actor.id).await?)
}

/// Messages after this one (microseconds and id; `None`: from the newest), newest first.
pub async fn messages_after(ctx: &Ctx, after: Option<&(i64, String)>, rows: usize) -> Result<Vec<InboxMessage>, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    Ok(inbox::after(&ctx.app.db, &actor.id, after, rows).await?)
}

/// Marks a message as read and gives where it leads.
pub async fn open_message(ctx: &Ctx, id: &str) -> Result<String, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    let href = inbox::mark_read(&mut tx, &actor.id, id, ctx.now).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(safe_next(Some(&href)))
}

/// Marks all messages as read.
pub async fn read_all(ctx: &Ctx) -> Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    inbox::mark_all_read(&mut tx, &actor.id, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}
