//! Who may see and do what.

use crate::{
    auth::Actor,
    http::{Ctx, Error},
    matters::store::{self, Matter},
};
use app::{matters::life::Side, people::Action};

/// Ids and paths of the organisations in whose name a person acts: those on which a role was granted, not what lies below them.
pub fn acting(actor: &Actor) -> Vec<(String, String)> {
    let scopes = actor.scopes(Action::MatterHandle);
    let mut all: Vec<(String, String)> = actor
        .grants
        .iter()
        .filter(|grant| grant.role.may(Action::MatterHandle) && scopes.contains(&grant.path.as_str()))
        .map(|grant| (grant.organisation_id.clone(), grant.path.clone()))
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.dedup();
    all
}

/// The sides of a matter for which a person acts.
pub fn sides(actor: &Actor, matter: &Matter) -> Vec<Side> {
    let mine = acting(actor);
    let acts = |id: &str| !id.is_empty() && mine.iter().any(|(own, _)| own == id);
    [(Side::Sender, &matter.from_id), (Side::Receiver, &matter.to_id)]
        .into_iter()
        .filter(|(_, id)| acts(id))
        .map(|(side, _)| side)
        .collect()
}

/// Whether a person reads a matter: it is their organisations', or of what lies below them.
pub fn reads(actor: &Actor, matter: &Matter) -> Result<(), Error> {
    let tried = [&matter.from_path, &matter.to_path]
        .into_iter()
        .filter(|path| !path.is_empty())
        .map(|path| actor.require(Action::MatterRead, path));
    let mut refused = Error::Forbidden;
    for one in tried {
        match one {
            Ok(()) => return Ok(()),
            Err(Error::SecondFactor) => refused = Error::SecondFactor,
            Err(_) => {}
        }
    }
    Err(refused)
}

/// The matter with this id, if the reader reads it.
pub async fn readable(ctx: &Ctx, id: &str) -> Result<Matter, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::MatterRead)?;
    let matter = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    reads(actor, &matter)?;
    Ok(matter)
}

/// The matter with this id, if the reader acts for one of its sides, and for which.
pub async fn handled(ctx: &Ctx, id: &str) -> Result<(Matter, Vec<Side>), Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::MatterHandle)?;
    let matter = readable(ctx, id).await?;
    let sides = sides(actor, &matter);
    if sides.is_empty() { Err(Error::Forbidden) } else { Ok((matter, sides)) }
}
