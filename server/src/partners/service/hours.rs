//! Service hours: told by the volunteer, confirmed by staff, taken back with a reason. They are the volunteer's own record:
//! nothing here sums up anybody's hours but the reader's.

use super::{CHANGED, Done, Reader, form_key, note, reason, scopes, teams::activity, today};
use crate::{
    http::{Ctx, Error},
    partners::store::{
        hours::{self as store, Handled, Hour, NewHour, Written},
        members::{self, Member},
        teams::{self, Training},
    },
    people::inbox,
};
use app::{
    partners::{
        HourSource, HourState, LINE_CHARS, MemberState,
        hours::{BACK_DAYS, WAITING_MAX},
    },
    people::Action,
};
use jiff::{Span, civil::Date};

/// The reader's own record.
pub struct Record {
    /// All entries, the latest day first.
    pub hours: Vec<Hour>,
    /// Trainings.
    pub trainings: Vec<Training>,
    /// Registrations in teams.
    pub teams: Vec<Member>,
    /// Reports for which hours can be told.
    pub handled: Vec<Handled>,
}

/// The reader's own record.
pub async fn record(ctx: &Ctx) -> Result<Record, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let db = &ctx.app.db;
    Ok(Record {
        hours: store::of_person(db, &actor.id).await?,
        trainings: teams::trainings_of(db, &actor.id).await?,
        teams: members::of_person(db, &actor.id).await?,
        handled: store::handled(db, &actor.id).await?,
    })
}

/// Hours as a form tells them.
#[derive(Clone, Debug, Default)]
pub struct HourForm {
    /// Code of a report that the volunteer handled; empty: something else, for a team.
    pub report: String,
    /// Id of the team.
    pub team: String,
    /// Which day.
    pub day: String,
    /// How many hours.
    pub hours: String,
    /// What was done.
    pub words: String,
    /// One form writes one.
    pub key: String,
}

/// A day that is not in the future and not too long ago.
fn recent(ctx: &Ctx, reader: &mut Reader<'_>, typed: &str) -> Date {
    let day = reader.day("day", typed);
    if reader.errors.is_empty() {
        let first = today(ctx).saturating_sub(Span::new().days(BACK_DAYS));
        if day > today(ctx) {
            reader.wrong("day", "partners-error-future");
        } else if day < first {
            reader.wrong("day", "partners-error-long-ago");
        }
    }
    day
}

/// Tells hours of one's own, for staff to confirm; gives the id of the entry. The same form twice is one entry.
pub async fn propose(ctx: &Ctx, form: &HourForm) -> Done<String> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let db = &ctx.app.db;
    let mut reader = Reader::new(ctx);
    let day = recent(ctx, &mut reader, &form.day);
    let minutes = reader.minutes("hours", &form.hours);
    let code = form.report.trim().to_ascii_uppercase();
    let words = reader.line("words", &form.words, LINE_CHARS, code.is_empty());
    let report = match code.as_str() {
        "" => None,
        code => {
            let found = store::handled_by(db, &actor.id, code).await?;
            reader.one_of("report", found)
        }
    };
    let team = match form.team.as_str() {
        "" if report.is_some() => None,
        id => {
            let found = members::current(db, id, &actor.id).await?;
            let found = found.filter(|member| member.state() == MemberState::Active);
            if code.is_empty() || !id.is_empty() { reader.one_of("team", found) } else { None }
        }
    };
    reader.done()?;
    let community = match (&report, &team) {
        (Some((_, community)), _) => community.clone(),
        (None, Some(team)) => team.community_id.clone(),
        (None, None) => return Err(Error::NotFound.into()),
    };
    let key = form_key(ctx, &form.key)?;
    let new = NewHour {
        community_id: &community,
        person_id: &actor.id,
        day,
        minutes,
        source: if report.is_some() { HourSource::Report } else { HourSource::Other },
        activity_id: None,
        report_id: report.as_ref().map(|(id, _)| id.as_str()),
        team_id: team.as_ref().map(|team| team.team_id.as_str()),
        words: &words,
        confirmed_by: None,
        form_key: &key,
    };
    let mut tx = db.begin().await?;
    let id = match store::insert(&mut tx, new, ctx.now).await? {
        Written::Again(id) => return Ok(id),
        Written::Counted => return Err(Error::Conflict("partners-conflict-counted").into()),
        Written::New(id) => id,
    };
    if store::waiting_of(&mut tx, &actor.id).await? > WAITING_MAX {
        return Err(Error::Conflict("partners-conflict-many-hours").into());
    }
    note(&mut tx, ctx, "hours.propose", ("service_hour", &id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes hours of one's own back that staff have not looked at. Twice is once.
pub async fn withdraw(ctx: &Ctx, id: &str) -> Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let hour = store::hour(&ctx.app.db, id).await?.filter(|hour| hour.person_id == actor.id).ok_or(Error::NotFound)?;
    if hour.state() == HourState::Withdrawn {
        return Ok(());
    }
    let mut tx = ctx.app.db.begin().await?;
    let states = (HourState::Proposed, HourState::Withdrawn);
    if !store::end(&mut tx, (id, hour.version), states, (&actor.id, ""), ctx.now).await? {
        return Err(Error::Conflict("partners-conflict-looked"));
    }
    note(&mut tx, ctx, "hours.withdraw", ("service_hour", id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// What waits in the reader's communities, the oldest first, and what was confirmed last. Looking at it is written down.
pub async fn for_staff(ctx: &Ctx) -> Result<(Vec<Hour>, Vec<Hour>), Error> {
    let scopes = scopes(ctx)?;
    let waiting = store::waiting(&ctx.app.db, &scopes).await?;
    let lately = store::lately(&ctx.app.db, &scopes).await?;
    if !waiting.is_empty() || !lately.is_empty() {
        let mut tx = ctx.app.db.begin().await?;
        let detail = serde_json::json!({ "entries": waiting.len() + lately.len() });
        note(&mut tx, ctx, "hours.see", ("service_hour", ""), detail).await?;
        tx.commit().await?;
    }
    Ok((waiting, lately))
}

async fn find(ctx: &Ctx, id: &str) -> Result<Hour, Error> {
    scopes(ctx)?;
    let hour = store::hour(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::PartnerManage, &hour.path)?;
    Ok(hour)
}

/// Asks whether the reader may decide on an entry.
pub async fn permit(ctx: &Ctx, id: &str) -> Result<(), Error> {
    find(ctx, id).await.map(|_| ())
}

/// An entry of the reader's communities. Looking at it is written down.
pub async fn hour(ctx: &Ctx, id: &str) -> Result<Hour, Error> {
    let hour = find(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    note(&mut tx, ctx, "hours.see", ("service_hour", id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(hour)
}

/// What staff do with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Confirm,
    /// It is not so, with a reason.
    Decline,
    /// It was confirmed and is not so, with a reason.
    TakeBack,
}

impl Verdict {
    /// As forms and programs say it.
    pub fn from_code(code: &str) -> Option<Verdict> {
        match code {
            "confirm" => Some(Verdict::Confirm),
            "decline" => Some(Verdict::Decline),
            "take-back" => Some(Verdict::TakeBack),
            _ => None,
        }
    }
}

/// Decides on an entry that still is as the reader saw it. One's own is a colleague's.
pub async fn decide(ctx: &Ctx, id: &str, verdict: Verdict, version: i64, typed: &str) -> Done<()> {
    let hour = find(ctx, id).await?;
    let actor = ctx.actor()?;
    if hour.person_id == actor.id {
        return Err(Error::Conflict("partners-conflict-own").into());
    }
    let reason = if verdict == Verdict::Confirm { String::new() } else { reason(ctx, typed)? };
    let mut tx = ctx.app.db.begin().await?;
    let said = (actor.id.as_str(), reason.as_str());
    let (done, action, text_key) = match verdict {
        Verdict::Confirm => {
            let done = store::confirm(&mut tx, (id, version), &actor.id, ctx.now).await?;
            (done, "hours.confirm", "inbox-partners-hours-confirmed")
        }
        Verdict::Decline => {
            let states = (HourState::Proposed, HourState::Declined);
            let done = store::end(&mut tx, (id, version), states, said, ctx.now).await?;
            (done, "hours.decline", "inbox-partners-hours-declined")
        }
        Verdict::TakeBack => {
            let states = (HourState::Confirmed, HourState::TakenBack);
            let done = store::end(&mut tx, (id, version), states, said, ctx.now).await?;
            (done, "hours.take_back", "inbox-partners-hours-taken-back")
        }
    };
    if !done {
        return Err(CHANGED.into());
    }
    note(&mut tx, ctx, action, ("service_hour", id), serde_json::json!({})).await?;
    tell(ctx, &mut tx, (&hour.person_id, id), (text_key, hour.day(), &reason)).await?;
    tx.commit().await?;
    Ok(())
}

async fn tell(
    ctx: &Ctx,
    tx: &mut crate::db::Tx,
    (person_id, id): (&str, &str),
    (text_key, day, reason): (&'static str, Date, &str),
) -> Result<(), Error> {
    let message = inbox::Message {
        person_id,
        text_key,
        text_args: serde_json::json!({ "day": day.to_string(), "reason": reason }),
        href: "/me/service",
        dedupe_key: &format!("{text_key}:{id}"),
    };
    Ok(inbox::send(tx, message, ctx.now).await?)
}

/// Hours of an activity for those who were ticked at the door.
#[derive(Clone, Debug, Default)]
pub struct ActivityHours {
    /// Ids of people.
    pub people: Vec<String>,
    /// How many hours each.
    pub hours: String,
}

/// Confirms the hours of an activity that is over, for those who were ticked at the door. Who has them already keeps what
/// they have. Gives for how many it was new.
pub async fn confirm_activity(ctx: &Ctx, team_id: &str, id: &str, form: &ActivityHours) -> Done<usize> {
    let (team, activity, came) = activity(ctx, team_id, id).await?;
    let actor = ctx.actor()?;
    let mut reader = Reader::new(ctx);
    let minutes = reader.minutes("hours", &form.hours);
    let people: Vec<&str> = came
        .iter()
        .map(|one| one.person_id.as_str())
        .filter(|person| form.people.iter().any(|chosen| chosen == person) && *person != actor.id)
        .collect();
    if people.is_empty() {
        reader.wrong("people", "partners-error-nobody");
    }
    reader.done()?;
    if activity.ends() > ctx.now || activity.off() {
        return Err(Error::Conflict("partners-conflict-not-over").into());
    }
    let day = app::time::day_of(activity.starts());
    let mut tx = ctx.app.db.begin().await?;
    let mut confirmed = 0;
    for person in people {
        let key = format!("activity:{id}:{person}:{}", ctx.request_id);
        let new = NewHour {
            community_id: &team.community_id,
            person_id: person,
            day,
            minutes,
            source: HourSource::Activity,
            activity_id: Some(id),
            report_id: None,
            team_id: Some(&team.id),
            words: "",
            confirmed_by: Some(&actor.id),
            form_key: &key,
        };
        if let Written::New(hour) = store::insert(&mut tx, new, ctx.now).await? {
            confirmed += 1;
            note(&mut tx, ctx, "hours.confirm", ("service_hour", &hour), serde_json::json!({ "activity": id })).await?;
            tell(ctx, &mut tx, (person, &hour), ("inbox-partners-hours-confirmed", day, "")).await?;
        }
    }
    tx.commit().await?;
    Ok(confirmed)
}

/// Writes hours down for somebody in a team and confirms them at once; gives the id of the entry.
pub async fn write_for(ctx: &Ctx, member_id: &str, form: &HourForm) -> Done<String> {
    scopes(ctx)?;
    let member = members::member(&ctx.app.db, member_id).await?.ok_or(Error::NotFound)?;
    let actor = ctx.actor()?;
    actor.require(Action::PartnerManage, &member.path)?;
    if member.person_id == actor.id {
        return Err(Error::Conflict("partners-conflict-own").into());
    }
    let mut reader = Reader::new(ctx);
    let day = recent(ctx, &mut reader, &form.day);
    let minutes = reader.minutes("hours", &form.hours);
    let words = reader.line("words", &form.words, LINE_CHARS, true);
    reader.done()?;
    if member.state() != MemberState::Active {
        return Err(Error::Conflict("partners-conflict-not-in-team").into());
    }
    let key = form_key(ctx, &form.key)?;
    let new = NewHour {
        community_id: &member.community_id,
        person_id: &member.person_id,
        day,
        minutes,
        source: HourSource::Other,
        activity_id: None,
        report_id: None,
        team_id: Some(&member.team_id),
        words: &words,
        confirmed_by: Some(&actor.id),
        form_key: &key,
    };
    let mut tx = ctx.app.db.begin().await?;
    let id = match store::insert(&mut tx, new, ctx.now).await? {
        Written::Again(id) => return Ok(id),
        Written::Counted => return Err(CHANGED.into()),
        Written::New(id) => id,
    };
    note(&mut tx, ctx, "hours.confirm", ("service_hour", &id), serde_json::json!({})).await?;
    tell(ctx, &mut tx, (&member.person_id, &id), ("inbox-partners-hours-confirmed", day, "")).await?;
    tx.commit().await?;
    Ok(id)
}
