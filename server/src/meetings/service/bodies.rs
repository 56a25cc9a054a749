//! Bodies, who sits in them, and what is proposed to them.

use super::{Asks, Judged, Refused, body, day, form_key, note, seat, tell, today, typed};
use crate::{
    auth::limit::Limit,
    db::dialect,
    http::{Ctx, Error, FieldErrors},
    meetings::store::bodies::{self as store, Body, Member, NewBody, NewMember, Proposal},
    people,
    places::{self, Organisation, OrganisationKind},
};
use app::{
    meetings::{
        ProposalState, Rights, Seat, limits,
        rules::{Majority, Quorum},
    },
    people::{Action, Phone},
};
use serde_json::json;

/// Numbers that staff of one place look up to name members: nobody finds out who has an account.
const LOOKED_UP: Limit = Limit { what: "meeting-member", max: 60, seconds: 3600 };
/// Proposals of one person.
const PROPOSED: Limit = Limit { what: "meeting-proposal", max: 10, seconds: 86_400 };

/// A body as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct BodyForm {
    /// Code of the community; stays as it is when a body is changed.
    pub community: String,
    /// Name.
    pub name: String,
    /// Code of a fraction.
    pub quorum: String,
    /// Code of a majority.
    pub majority: String,
    /// One form makes one.
    pub key: String,
}

/// Communities for which the reader may make bodies.
pub async fn communities(ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    let mut all: Vec<Organisation> = Vec::new();
    for scope in ctx.actor()?.scopes(Action::MeetingManage) {
        for place in places::store::under(&ctx.app.db, scope, OrganisationKind::Community).await? {
            if all.iter().all(|one| one.id != place.id) {
                all.push(place);
            }
        }
    }
    Ok(all)
}

/// Bodies of the places that the reader may read.
pub async fn list(ctx: &Ctx) -> Result<Vec<Body>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    let mut all: Vec<Body> = Vec::new();
    for scope in actor.scopes(Action::NetRead) {
        for one in store::under(&ctx.app.db, scope).await? {
            if all.iter().all(|known| known.id != one.id) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

fn check(ctx: &Ctx, errors: &mut FieldErrors, form: &BodyForm) -> (String, Option<(Quorum, Majority)>) {
    let asks = Asks { most: limits::TITLE, empty: Some("meeting-error-name"), lines: false };
    let name = typed(ctx, errors, "body_name", &form.name, asks);
    let quorum = Quorum::from_code(&form.quorum);
    if quorum.is_none() {
        errors.add("body_quorum", ctx.w.t("meeting-error-choose"));
    }
    let majority = Majority::from_code(&form.majority);
    if majority.is_none() {
        errors.add("body_majority", ctx.w.t("meeting-error-choose"));
    }
    (name, quorum.zip(majority))
}

/// Makes a body; `None` when this form has made one before.
pub async fn make(ctx: &Ctx, form: &BodyForm) -> Judged<Option<String>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::MeetingManage)?;
    let community = places::store::community_by_code(&ctx.app.db, &form.community).await?;
    let community = community.filter(|place| actor.may(Action::MeetingManage, &place.path));
    let mut errors = FieldErrors::new();
    if community.is_none() {
        errors.add("body_community", ctx.w.t("meeting-error-community"));
    }
    let (name, rules) = check(ctx, &mut errors, form);
    let (Some(community), Some(rules), true) = (community, rules, errors.is_empty()) else {
        return Err(errors.into());
    };
    actor.require(Action::MeetingManage, &community.path)?;
    let form_key = form_key(ctx, &form.key)?;
    let mut tx = ctx.app.db.begin().await?;
    let new = NewBody { community: (&community.id, &community.path), name: &name, rules, form_key: &form_key };
    let Some(id) = store::insert(&mut tx, new, ctx.now).await? else { return Ok(None) };
    note(&mut tx, ctx, "meeting.make", ("meeting", &id), json!({})).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Changes name and rules of a body that still is as the reader saw it. Ballots that are open keep their rules.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &BodyForm) -> Judged<()> {
    body(ctx, id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let (name, rules) = check(ctx, &mut errors, form);
    let (Some(rules), true) = (rules, errors.is_empty()) else { return Err(errors.into()) };
    let mut tx = ctx.app.db.begin().await?;
    if !store::change(&mut tx, (id, version), &name, rules).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    let detail = json!({ "quorum": rules.0.code(), "majority": rules.1.code() });
    note(&mut tx, ctx, "meeting.change", ("meeting", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Members and proposals of a body. That staff look at them is written down.
pub async fn look(ctx: &Ctx, id: &str) -> Result<(Body, Vec<Member>, Vec<Proposal>), Error> {
    let body = body(ctx, id, Action::NetRead).await?;
    let members = store::members(&ctx.app.db, id).await?;
    let proposals = store::proposals(&ctx.app.db, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    note(&mut tx, ctx, "meeting.look", ("meeting", id), json!({})).await?;
    tx.commit().await?;
    Ok((body, members, proposals))
}

/// A member to be, as a form describes them.
#[derive(Clone, Debug, Default)]
pub struct MemberForm {
    /// Their number.
    pub phone: String,
    /// Code of a seat.
    pub seat: String,
    /// Whom they speak for, may be empty.
    pub speaks_for: String,
    /// Codes of rights.
    pub rights: Vec<String>,
    /// The first day; empty: today.
    pub from: String,
}

/// Names a member: somebody with an account. Who sits there already stays as they are.
pub async fn add_member(ctx: &Ctx, id: &str, form: &MemberForm) -> Judged<()> {
    let body = body(ctx, id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let seat = Seat::from_code(&form.seat);
    if seat.is_none() {
        errors.add("member_seat", ctx.w.t("meeting-error-choose"));
    }
    let asks = Asks { most: limits::SHORT, empty: None, lines: false };
    let speaks_for = typed(ctx, &mut errors, "member_for", &form.speaks_for, asks);
    let rights = Rights::of(&form.rights);
    if rights == Rights::default() {
        errors.add("member_rights", ctx.w.t("meeting-error-rights"));
    }
    let from = if form.from.trim().is_empty() { Some(today(ctx)) } else { day(&form.from) };
    if from.is_none() {
        errors.add("member_from", ctx.w.t("meeting-error-day"));
    }
    LOOKED_UP.take(&ctx.app.db, &ctx.actor()?.id, ctx.now).await?;
    let person = match Phone::parse(&form.phone) {
        Ok(phone) => people::store::id_by_phone(&ctx.app.db, &ctx.app.secrets, &phone).await?,
        Err(_) => None,
    };
    if person.is_none() {
        errors.add("member_phone", ctx.w.t("meeting-error-phone"));
    }
    let (Some(seat), Some(from), Some(person_id), true) = (seat, from, person, errors.is_empty()) else {
        return Err(errors.into());
    };
    let mut tx = ctx.app.db.begin().await?;
    dialect::lock_key(ctx.app.db.engine(), &mut tx, &format!("meeting-body:{id}")).await?;
    if store::sitting(&mut tx, id, today(ctx)).await?.len() >= limits::MEMBERS {
        return Err(Error::Conflict("meeting-conflict-members").into());
    }
    let new = NewMember { body: id, person_id: &person_id, seat, speaks_for: &speaks_for, rights, from };
    let Some(member) = store::add_member(&mut tx, new, ctx.now).await? else {
        let mut errors = FieldErrors::new();
        errors.add("member_phone", ctx.w.t("meeting-error-sits"));
        return Err(errors.into());
    };
    let message = ("inbox-meeting-member", json!({ "body": body.name }));
    let dedupe = format!("meeting-member:{member}");
    tell(&mut tx, ctx, &[&person_id], message, ("/meetings", &dedupe)).await?;
    let detail = json!({ "seat": seat.code(), "rights": rights.codes(), "meeting": id });
    note(&mut tx, ctx, "meeting.add_member", ("meeting_member", &member), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a membership today: they vote no more, also where they are on the roll of an open ballot. Twice is once.
pub async fn end_member(ctx: &Ctx, id: &str, member: &str) -> Result<(), Error> {
    body(ctx, id, Action::MeetingManage).await?;
    store::member(&ctx.app.db, id, member).await?.ok_or(Error::NotFound)?;
    let mut tx = ctx.app.db.begin().await?;
    if store::end_member(&mut tx, member, today(ctx)).await? {
        note(&mut tx, ctx, "meeting.end_member", ("meeting_member", member), json!({ "meeting": id })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Bodies to which the reader may propose something, and whether as a member.
pub async fn open_to(ctx: &Ctx) -> Result<Vec<(Body, bool)>, Error> {
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let mut all: Vec<(Body, bool)> = Vec::new();
    for (id, _) in store::seats(db, &actor.id).await? {
        let suggests = seat(ctx, &id).await?.is_some_and(|seat| seat.rights().suggest);
        if suggests
            && all.iter().all(|(known, _)| known.id != id)
            && let Some(body) = store::by_id(db, &id).await?
        {
            all.push((body, true));
        }
    }
    if let Some(community) = &actor.community_id {
        for body in store::of_community(db, community).await? {
            if all.iter().all(|(known, _)| known.id != body.id) {
                all.push((body, false));
            }
        }
    }
    Ok(all)
}

/// A proposal as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct ProposalForm {
    /// Id of the body.
    pub body: String,
    /// What it is about.
    pub title: String,
    /// The proposal.
    pub text: String,
    /// One form is one proposal.
    pub key: String,
}

/// Proposes something: a resident of the community, or a member with the right of suggestion. `None`: sent before.
pub async fn propose(ctx: &Ctx, form: &ProposalForm) -> Judged<Option<String>> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let open = open_to(ctx).await?;
    let mut errors = FieldErrors::new();
    let chosen = open.iter().find(|(body, _)| body.id == form.body);
    if chosen.is_none() {
        errors.add("proposal_body", ctx.w.t("meeting-error-body"));
    }
    let title = Asks { most: limits::TITLE, empty: Some("meeting-error-title"), lines: false };
    let title = typed(ctx, &mut errors, "proposal_title", &form.title, title);
    let text = Asks { most: limits::TEXT, empty: Some("meeting-error-text"), lines: true };
    let text = typed(ctx, &mut errors, "proposal_text", &form.text, text);
    let (Some((body, by_member)), true) = (chosen, errors.is_empty()) else { return Err(errors.into()) };
    let form_key = form_key(ctx, &form.key)?;
    let mut tx = ctx.app.db.begin().await?;
    dialect::lock_key(ctx.app.db.engine(), &mut tx, &format!("meeting-proposals:{}", actor.id)).await?;
    let who = (body.id.as_str(), actor.id.as_str(), *by_member);
    let Some(id) = store::propose(&mut tx, who, (&title, &text), &form_key, ctx.now).await? else { return Ok(None) };
    PROPOSED.take_in(&mut tx, &actor.id, ctx.now).await?;
    if store::waiting_of(&mut tx, &body.id, &actor.id).await? > limits::WAITING {
        return Err(Error::Conflict("meeting-conflict-waiting").into());
    }
    note(&mut tx, ctx, "meeting.propose", ("meeting_proposal", &id), json!({})).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Answers a proposal that is not talked about, with the reason, and tells who proposed it.
pub async fn answer(ctx: &Ctx, id: &str, proposal: &str, reason: &str) -> Judged<()> {
    body(ctx, id, Action::MeetingManage).await?;
    let found = store::proposal(&ctx.app.db, proposal).await?.filter(|one| one.meeting_id == id);
    let found = found.ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::new();
    let asks = Asks { most: limits::TEXT, empty: Some("meeting-error-reason"), lines: true };
    let reason = typed(ctx, &mut errors, "reason", reason, asks);
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let mut tx = ctx.app.db.begin().await?;
    let to = (ProposalState::Answered, reason.as_str());
    if !store::decide(&mut tx, proposal, to, &ctx.actor()?.id, ctx.now).await? {
        return Err(Error::Conflict("meeting-conflict-decided").into());
    }
    let message = ("inbox-meeting-answered", json!({ "title": found.title }));
    let dedupe = format!("meeting-proposal:{proposal}");
    tell(&mut tx, ctx, &[&found.person_id], message, ("/meetings#proposals", &dedupe)).await?;
    note(&mut tx, ctx, "meeting.answer", ("meeting_proposal", proposal), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
