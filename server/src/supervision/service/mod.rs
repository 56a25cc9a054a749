//! What people do with letters. Each use case asks for permission first; each write has its entry in the audit log.

pub mod clock;
pub mod draft;
pub mod photos;
pub mod read;
pub mod steps;
pub mod tell;

pub use steps::{StepError, Wanted, take};

use super::store::{self, Letter, list::Scope};
use crate::{
    audit::{self, By},
    auth::Actor,
    db::Tx,
    http::{Ctx, Error},
};
use app::people::{Action, Role};
use std::collections::BTreeMap;

/// On which sides of a letter the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Orders in the name of who issues it.
    pub issuer: bool,
    /// Answers for whom it is addressed to.
    pub addressee: bool,
}

/// What is wrong with a form, by field.
pub type Errors = BTreeMap<String, String>;

/// Whether somebody answers for an organisation: its community staff; of a street, its own supervisors (not those of the district
/// above, who may be the ones that ask).
pub fn answers_for(actor: &Actor, path: &str) -> bool {
    let own = |role: Role| actor.grants.iter().any(|grant| grant.role == role && grant.path == path);
    actor.require(Action::SupervisionAnswer, path).is_ok() || (actor.second_factor && own(Role::Supervisor))
}

/// On which sides of a letter somebody is.
pub fn sides(actor: &Actor, letter: &Letter) -> Sides {
    Sides {
        issuer: actor.require(Action::SupervisionOrder, &letter.issuer_path).is_ok(),
        addressee: letter.issued_at.is_some() && answers_for(actor, &letter.addressee_path),
    }
}

/// What the reader sees in lists.
pub fn scope(actor: &Actor) -> Scope {
    let paths = |action| actor.scopes(action).into_iter().map(str::to_owned).collect();
    let own = actor.grants.iter().filter(|grant| actor.second_factor && grant.role == Role::Supervisor);
    Scope {
        read: paths(Action::SupervisionRead),
        order: paths(Action::SupervisionOrder),
        answer: paths(Action::SupervisionAnswer),
        own: own.map(|grant| grant.path.clone()).collect(),
        person: actor.id.clone(),
    }
}

/// The letter with this id, if the reader may see it: a draft is its issuer's, what was issued is for whoever reads at the
/// addressee.
pub async fn one(ctx: &Ctx, id: &str) -> Result<(Letter, Sides), Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionRead)?;
    let letter = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let sides = sides(actor, &letter);
    if !sides.issuer {
        if letter.issued_at.is_none() {
            return Err(Error::NotFound);
        }
        if !sides.addressee {
            actor.require(Action::SupervisionRead, &letter.addressee_path)?;
        }
    }
    Ok((letter, sides))
}

/// Whether the reader may see a photo that belongs to a finding or an answer: whoever sees the letter.
pub async fn may_see_photo(ctx: &Ctx, (kind, owner): (&str, &str)) -> Result<bool, Error> {
    let Some(letter) = store::of_photo(&ctx.app.db, (kind, owner)).await? else { return Ok(false) };
    match one(ctx, &letter.id).await {
        Ok(_) => Ok(true),
        Err(Error::Internal(error)) => Err(Error::Internal(error)),
        Err(Error::Unavailable(error)) => Err(Error::Unavailable(error)),
        Err(_) => Ok(false),
    }
}

/// Writes down what was done to a letter.
async fn write_down(
    ctx: &Ctx,
    tx: &mut Tx,
    (action, id): (&str, &str),
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "supervision",
        object_id: id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
