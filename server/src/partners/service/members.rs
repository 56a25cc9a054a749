//! Registrations for staff: taking somebody into a team, not taking them, ending it. Taking somebody in makes them a volunteer
//! of the grids that they offered; the end takes back what it gave and nothing else.

use super::{CHANGED, Done, note, reason, scopes, today};
use crate::{
    db::{Tx, dialect},
    http::{Ctx, Error},
    partners::store::{
        members::{self as store, Member, MemberGrid},
        teams::{self, Team, Training},
    },
    people::{self, inbox},
};
use app::{
    partners::MemberState,
    people::{Action, Role},
};

/// Registrations of the reader's communities that wait, the oldest first. Looking at them is written down.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Member>, Error> {
    let all = store::waiting(&ctx.app.db, &scopes(ctx)?).await?;
    let people = all.iter().map(|member| member.person_id.as_str());
    looked(ctx, "team.see_waiting", ("team", ""), people.collect()).await?;
    Ok(all)
}

/// Those in a team. Looking at them is written down.
pub async fn in_team(ctx: &Ctx, team: &Team) -> Result<Vec<Member>, Error> {
    let all = store::in_team(&ctx.app.db, &team.id).await?;
    let people = all.iter().map(|member| member.person_id.as_str());
    looked(ctx, "team.see_members", ("team", &team.id), people.collect()).await?;
    Ok(all)
}

async fn looked(ctx: &Ctx, action: &str, object: (&str, &str), people: Vec<&str>) -> Result<(), Error> {
    if people.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.app.db.begin().await?;
    note(&mut tx, ctx, action, object, serde_json::json!({ "people": people.len() })).await?;
    tx.commit().await?;
    Ok(())
}

async fn find(ctx: &Ctx, id: &str) -> Result<Member, Error> {
    scopes(ctx)?;
    let member = store::member(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::PartnerManage, &member.path)?;
    Ok(member)
}

/// A registration with its grids. Looking at it is written down.
pub async fn member(ctx: &Ctx, id: &str) -> Result<(Member, Vec<MemberGrid>), Error> {
    let member = find(ctx, id).await?;
    let grids = store::grids(&ctx.app.db, id).await?;
    looked(ctx, "team.see_member", ("person", &member.person_id), vec![&member.person_id]).await?;
    Ok((member, grids))
}

/// Asks whether the reader may decide on a registration.
pub async fn permit(ctx: &Ctx, id: &str) -> Result<(), Error> {
    find(ctx, id).await.map(|_| ())
}

/// Trainings of a registration's team at which its person was.
pub async fn trainings(ctx: &Ctx, member: &Member) -> Result<Vec<Training>, Error> {
    let mut all = teams::trainings_of(&ctx.app.db, &member.person_id).await?;
    all.retain(|one| one.team_id == member.team_id);
    Ok(all)
}

/// Nobody changes somebody's registration while somebody else does.
pub(super) async fn lock(ctx: &Ctx, tx: &mut Tx, person_id: &str) -> Result<(), Error> {
    Ok(dialect::lock_key(ctx.app.db.engine(), tx, &format!("volunteer:{person_id}")).await?)
}

/// What is done with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Into the team, with the grids that are asked for.
    Accept,
    /// Not into the team; or, who is in it, not the further grids.
    Decline,
    /// Out of the team.
    End,
}

impl Decision {
    /// As forms and programs say it.
    pub fn from_code(code: &str) -> Option<Decision> {
        match code {
            "accept" => Some(Decision::Accept),
            "decline" => Some(Decision::Decline),
            "end" => Some(Decision::End),
            _ => None,
        }
    }
}

/// Decides on a registration that still is as the reader saw it. One's own is a colleague's.
pub async fn decide(ctx: &Ctx, id: &str, decision: Decision, version: i64, typed: &str) -> Done<()> {
    let member = find(ctx, id).await?;
    let actor = ctx.actor()?;
    if member.person_id == actor.id {
        return Err(Error::Conflict("partners-conflict-own").into());
    }
    let reason = if decision == Decision::Accept { String::new() } else { reason(ctx, typed)? };
    let mut tx = ctx.app.db.begin().await?;
    lock(ctx, &mut tx, &member.person_id).await?;
    let said = Some((actor.id.as_str(), reason.as_str()));
    let (done, action, text_key) = match (decision, member.state()) {
        (Decision::Accept, _) => {
            let done = store::accept(&mut tx, (id, version), &actor.id, today(ctx)).await?;
            if done {
                give(ctx, &mut tx, &member).await?;
            }
            (done, "team.accept", "inbox-partners-accepted")
        }
        (Decision::Decline, MemberState::Active) => {
            // The version is the lock here as well.
            let done = store::accept(&mut tx, (id, version), &actor.id, today(ctx)).await?;
            for grid in store::grids_in(&mut tx, id).await?.iter().filter(|grid| done && grid.granted == 0) {
                store::drop_grid(&mut tx, id, &grid.grid_id).await?;
            }
            (done, "team.decline_grids", "inbox-partners-grids-declined")
        }
        (Decision::Decline, _) => {
            let done = member.version == version
                && store::end(&mut tx, id, (MemberState::Asked, MemberState::Declined), said, today(ctx)).await?;
            (done, "team.decline", "inbox-partners-declined")
        }
        (Decision::End, _) => {
            take_all(ctx, &mut tx, &member).await?;
            let done = member.version == version
                && store::end(&mut tx, id, (MemberState::Active, MemberState::Ended), said, today(ctx)).await?;
            (done, "team.end_member", "inbox-partners-ended")
        }
    };
    if !done {
        return Err(CHANGED.into());
    }
    let detail = serde_json::json!({ "member": id, "person": member.person_id });
    note(&mut tx, ctx, action, ("team", &member.team_id), detail).await?;
    let message = inbox::Message {
        person_id: &member.person_id,
        text_key,
        text_args: serde_json::json!({ "team": member.team, "reason": reason }),
        href: &format!("/teams/{}", member.team_id),
        dedupe_key: &format!("team:{id}:{version}"),
    };
    inbox::send(&mut tx, message, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes somebody a volunteer of the grids that they ask for.
async fn give(ctx: &Ctx, tx: &mut Tx, member: &Member) -> Result<(), Error> {
    for grid in store::grids_in(tx, &member.id).await?.into_iter().filter(|grid| grid.granted == 0) {
        let who = (member.person_id.as_str(), grid.grid_id.as_str());
        let (has, brought) = store::standing(tx, who, &member.id).await?;
        if !has {
            people::store::grant(tx, &member.person_id, Role::Volunteer, &grid.grid_id, ctx.now).await?;
            let detail = serde_json::json!({ "role": Role::Volunteer.code(), "at": grid.code, "team": member.team_id });
            note(tx, ctx, "role.grant", ("person", &member.person_id), detail).await?;
        }
        // What was there before stays when this ends.
        let granted = if has && !brought { 2 } else { 1 };
        store::set_granted(tx, &member.id, &grid.grid_id, granted).await?;
    }
    Ok(())
}

/// Takes back what a registration gave on one grid, unless another one of the same person gives it too.
pub(super) async fn take(ctx: &Ctx, tx: &mut Tx, member: &Member, grid: &MemberGrid) -> Result<(), Error> {
    if grid.granted != 1 {
        return Ok(());
    }
    let (has, brought) = store::standing(tx, (&member.person_id, &grid.grid_id), &member.id).await?;
    if has && !brought && people::store::take_role(tx, &member.person_id, Role::Volunteer, &grid.grid_id).await? {
        let detail = serde_json::json!({ "role": Role::Volunteer.code(), "at": grid.code, "team": member.team_id });
        note(tx, ctx, "role.take", ("person", &member.person_id), detail).await?;
    }
    Ok(())
}

/// The same for all of its grids.
pub(super) async fn take_all(ctx: &Ctx, tx: &mut Tx, member: &Member) -> Result<(), Error> {
    for grid in store::grids_in(tx, &member.id).await? {
        take(ctx, tx, member, &grid).await?;
    }
    Ok(())
}
