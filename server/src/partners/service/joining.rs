//! Teams for residents: looking at them, joining with consent, changing what one told, leaving at any time.

use super::{
    Done, Reader,
    members::{lock, take, take_all},
    note,
    teams::known_skills,
    today,
};
use crate::{
    auth::limit::Limit,
    http::{Ctx, Error},
    partners::store::{
        members::{self as store, Member, MemberGrid, Told},
        teams::{self, Team, TeamActivity},
    },
    people::{self, inbox},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    partners::{LINE_CHARS, MemberState, Times, listed},
    people::{Action, Role},
};

/// Joining and leaving, back and forth.
const CHANGES: Limit = Limit { what: "team", max: 30, seconds: 3600 };

/// Teams of a community that can be joined, and those of the reader.
pub async fn teams(ctx: &Ctx, community: &Organisation) -> Result<Vec<Team>, Error> {
    let mut all = teams::teams(&ctx.app.db, &[&community.path]).await?;
    all.retain(Team::open);
    Ok(all)
}

/// A team for everybody. One that nobody can join is shown to those who are in it.
pub async fn team(ctx: &Ctx, id: &str) -> Result<(Team, Option<Member>), Error> {
    let team = teams::team(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let mine = match &ctx.actor {
        Some(actor) => store::current(&ctx.app.db, id, &actor.id).await?,
        None => None,
    };
    if !team.open() && mine.is_none() {
        return Err(Error::NotFound);
    }
    Ok((team, mine))
}

/// What a team does next.
pub async fn activities(ctx: &Ctx, team: &Team) -> Result<Vec<TeamActivity>, Error> {
    let mut all = teams::activities(&ctx.app.db, &team.id).await?;
    all.retain(|one| one.ends() > ctx.now && !one.off());
    all.reverse();
    Ok(all)
}

/// Grids of a team's community that somebody can offer to serve.
pub async fn grids(ctx: &Ctx, team: &Team) -> Result<Vec<Organisation>, Error> {
    Ok(places::store::under(&ctx.app.db, &team.path, OrganisationKind::Grid).await?)
}

/// The reader's registration in a team, with its grids.
pub async fn mine(ctx: &Ctx, team_id: &str) -> Result<(Member, Vec<MemberGrid>), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let member = store::current(&ctx.app.db, team_id, &actor.id).await?.ok_or(Error::NotFound)?;
    let grids = store::grids(&ctx.app.db, &member.id).await?;
    Ok((member, grids))
}

/// What somebody tells of themselves.
#[derive(Clone, Debug, Default)]
pub struct JoinForm {
    /// Codes of skills.
    pub skills: Vec<String>,
    /// Codes of grids.
    pub grids: Vec<String>,
    /// Codes of times.
    pub times: Vec<String>,
    /// In their own words.
    pub note: String,
    /// They say that they can be sent.
    pub available: bool,
    /// They agree to what is kept and shown to whom; for joining.
    pub consent: bool,
}

async fn check(ctx: &Ctx, team: &Team, form: &JoinForm, joining: bool) -> Done<(Told, Vec<String>)> {
    let mut reader = Reader::new(ctx);
    let note = reader.line("note", &form.note, LINE_CHARS, false);
    if joining && !form.consent {
        reader.wrong("consent", "partners-error-consent");
    }
    let all = grids(ctx, team).await?;
    let chosen: Vec<String> =
        all.iter().filter(|grid| form.grids.contains(&grid.code)).map(|grid| grid.id.clone()).collect();
    if form.grids.iter().any(|code| all.iter().all(|grid| grid.code != *code)) {
        reader.wrong("grids", "partners-error-choose");
    }
    reader.done()?;
    let skills = known_skills(ctx, &form.skills).await?;
    let times = listed(&form.times.join(" "), Times::ALL.iter().map(|one| one.code())).join(" ");
    Ok((Told { skills, times, note, available: form.available }, chosen))
}

/// Asks to join a team. Twice is once.
pub async fn join(ctx: &Ctx, team_id: &str, form: &JoinForm) -> Done<()> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let (team, mine) = team(ctx, team_id).await?;
    if mine.is_some() {
        return Ok(());
    }
    let (told, grids) = check(ctx, &team, form, true).await?;
    if actor.name.trim().is_empty() {
        return Err(Error::Conflict("partners-conflict-name").into());
    }
    if !team.open() {
        return Err(Error::Conflict("partners-conflict-closed").into());
    }
    let mut tx = ctx.app.db.begin().await?;
    CHANGES.take_in(&mut tx, &actor.id, ctx.now).await?;
    let Some(id) = store::insert(&mut tx, (&team.id, &actor.id), &told, &grids, ctx.now).await? else { return Ok(()) };
    note(&mut tx, ctx, "team.ask", ("team", &team.id), serde_json::json!({ "member": id })).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes what the reader told. Grids that go, go at once; further ones wait for staff.
pub async fn change(ctx: &Ctx, team_id: &str, form: &JoinForm) -> Done<()> {
    let (member, _) = mine(ctx, team_id).await?;
    let team = teams::team(&ctx.app.db, team_id).await?.ok_or(Error::NotFound)?;
    let (told, chosen) = check(ctx, &team, form, false).await?;
    let mut tx = ctx.app.db.begin().await?;
    CHANGES.take_in(&mut tx, &member.person_id, ctx.now).await?;
    lock(ctx, &mut tx, &member.person_id).await?;
    if !store::tell(&mut tx, &member.id, &told).await? {
        return Err(super::CHANGED.into());
    }
    let before = store::grids_in(&mut tx, &member.id).await?;
    for grid in before.iter().filter(|grid| !chosen.contains(&grid.grid_id)) {
        take(ctx, &mut tx, &member, grid).await?;
        store::drop_grid(&mut tx, &member.id, &grid.grid_id).await?;
    }
    for grid in chosen.iter().filter(|id| before.iter().all(|grid| grid.grid_id != **id)) {
        store::add_grid(&mut tx, &member.id, grid).await?;
    }
    note(&mut tx, ctx, "team.tell", ("team", &team.id), serde_json::json!({ "member": member.id })).await?;
    tx.commit().await?;
    Ok(())
}

/// Leaves a team, or takes the request back, at any time. What was told goes, and so do the roles that it gave. Staff are told
/// when reports are left that somebody else has to deal with.
pub async fn leave(ctx: &Ctx, team_id: &str) -> Result<(), Error> {
    let (member, _) = mine(ctx, team_id).await?;
    let mut tx = ctx.app.db.begin().await?;
    lock(ctx, &mut tx, &member.person_id).await?;
    take_all(ctx, &mut tx, &member).await?;
    if !store::end(&mut tx, &member.id, (member.state(), MemberState::Left), None, today(ctx)).await? {
        return Err(super::CHANGED);
    }
    note(&mut tx, ctx, "team.leave", ("team", &member.team_id), serde_json::json!({ "member": member.id })).await?;
    let open = store::open_reports(&mut tx, &member.person_id).await?;
    if member.state() == MemberState::Active && open > 0 {
        let staff = people::store::with_role_around(&ctx.app.db, Role::CommunityStaff, &member.path).await?;
        let staff: Vec<&str> = staff.iter().map(|person| person.id.as_str()).collect();
        let message = inbox::Message {
            person_id: "",
            text_key: "inbox-partners-left",
            text_args: serde_json::json!({ "name": member.name, "team": member.team, "count": open.to_string() }),
            href: &format!("/staff/reports?owner={}", member.person_id),
            dedupe_key: &format!("team-left:{}", member.id),
        };
        inbox::send_all(&mut tx, &staff, message, ctx.now).await?;
    }
    tx.commit().await?;
    Ok(())
}
