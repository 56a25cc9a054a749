//! Minutes: written from what happened, approved by a second person, fixed afterwards; and the summary for residents.

use super::{Asks, Judged, Refused, attended, note, session, sessions::members, typed};
use crate::{
    http::{Ctx, Error, FieldErrors},
    meetings::store::{
        ballots::{self, Ballot, BallotOption},
        resolutions,
        sessions::{self as store, Session},
    },
};
use app::{
    i18n::{Lang, Words},
    meetings::{
        BallotState, SessionState, Way, limits,
        minutes::{self, BallotLine, Facts, ItemLine, MemberLine, TaskLine},
        rules::Outcome,
    },
    people::Action,
    time,
};
use serde_json::json;

/// The words of an outcome.
pub fn outcome(w: Words, ballot: &Ballot, options: &[&BallotOption]) -> String {
    let text = |number: usize| options.get(number).map_or_else(String::new, |option| option.text.clone());
    match ballot.outcome() {
        None => String::new(),
        Some(Outcome::Chosen(_)) if ballot.is_motion() => w.t("meeting-outcome-carried"),
        Some(Outcome::Chosen(number)) => w.tf("meeting-outcome-chosen", &[("option", text(number).into())]),
        Some(Outcome::Lost(_)) => w.t("meeting-outcome-lost"),
        Some(Outcome::Tie) => w.t("meeting-outcome-tie"),
        Some(Outcome::Short) => w.t("meeting-outcome-short"),
        Some(Outcome::NoQuorum) => w.t("meeting-outcome-no-quorum"),
        Some(Outcome::TooFew) => w.t("meeting-outcome-too-few"),
        Some(Outcome::Void) => w.t("meeting-outcome-void"),
    }
}

/// What happened in a session, as minutes tell it. Of secret ballots there is nothing but totals to tell.
async fn facts(ctx: &Ctx, session: &Session) -> Result<Facts, Error> {
    let zh = Words::new(Lang::Zh);
    let db = &ctx.app.db;
    let all = ballots::of_session(db, &session.id).await?;
    let options = ballots::options(db, &session.id).await?;
    let votes = ballots::open_votes(db, &session.id).await?;
    let people = members(ctx, session).await?;
    let name_of = |member: &str| {
        let found = people.iter().find(|(one, _)| one.id == member);
        found.map(|(one, _)| one.name.clone()).unwrap_or_default()
    };
    let line = |ballot: &Ballot| {
        let own: Vec<&BallotOption> = options.iter().filter(|option| option.ballot_id == ballot.id).collect();
        let names = |number: i64| {
            let of_it = votes.iter().filter(|(id, voted, ..)| *id == ballot.id && *voted == number);
            of_it.map(|(_, _, name, _)| name.clone()).collect::<Vec<_>>()
        };
        BallotLine {
            question: ballot.question.clone(),
            way: zh.t(ballot.way().key()),
            rules: format!("{}；{}", zh.t(ballot.rules().0.key()), zh.t(ballot.rules().1.key())),
            entitled: ballot.entitled,
            took_part: ballot.took_part,
            totals: own
                .iter()
                .filter_map(|option| {
                    let names = if ballot.way() == Way::Open { names(option.number) } else { Vec::new() };
                    option.votes.map(|votes| (option.text.clone(), votes, names))
                })
                .collect(),
            outcome: outcome(zh, ballot, &own),
            witness: ballot.witness_id.as_deref().map(name_of),
        }
    };
    let items = store::agenda(db, &session.id).await?;
    let items = items.into_iter().map(|item| ItemLine {
        ballots: all
            .iter()
            .filter(|ballot| ballot.agenda_id == item.id && ballot.state() == BallotState::Closed)
            .map(line)
            .collect(),
        title: item.title,
    });
    let tasks = resolutions::of_session(db, &session.id).await?;
    Ok(Facts {
        body: session.body.clone(),
        title: session.title.clone(),
        when: format!(
            "{} {}",
            time::date_long(Lang::Zh, time::day_of(session.starts())),
            time::time_of_day(session.starts())
        ),
        place: format!("{}（{}）", session.place, zh.t(session.mode().key())),
        members: people
            .iter()
            .map(|(member, presence)| MemberLine {
                name: member.name.clone(),
                seat: zh.t(member.seat().key()),
                presence: zh.t(presence.map_or("meeting-presence-unknown", |presence| presence.key())),
            })
            .collect(),
        items: items.collect(),
        tasks: tasks
            .into_iter()
            .map(|task| TaskLine {
                text: task.text.clone(),
                owner: task.name.clone(),
                due: time::date_long(Lang::Zh, task.due()),
            })
            .collect(),
        notes: session.notes.clone(),
    })
}

/// Writes the minutes of a session that is over, or writes them anew while nobody has approved them.
pub async fn write(ctx: &Ctx, id: &str) -> Result<(), Error> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    if session.state() != SessionState::Closed {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    let text = minutes::write(Words::new(Lang::Zh), &facts(ctx, &session).await?);
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_minutes(&mut tx, id, &text, &ctx.actor()?.id, ctx.now).await? {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    note(&mut tx, ctx, "meeting.write_minutes", ("meeting_session", id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Approves the minutes as they were read: a colleague of who wrote them, or a member with the right of supervision.
pub async fn approve(ctx: &Ctx, id: &str, version: i64) -> Result<(), Error> {
    let (session, reader) = attended(ctx, id).await?;
    if !reader.approves() {
        return Err(Error::Forbidden);
    }
    let me = &ctx.actor()?.id;
    if session.minutes_by.as_ref() == Some(me) {
        return Err(Error::Conflict("meeting-conflict-second"));
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::approve(&mut tx, (id, version), me, ctx.now).await? {
        return Err(Error::Conflict("error-conflict-text"));
    }
    note(&mut tx, ctx, "meeting.approve_minutes", ("meeting_session", id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// What a summary for residents may begin as: items, outcomes and resolutions, without names.
pub async fn draft_summary(ctx: &Ctx, session: &Session) -> Result<String, Error> {
    Ok(minutes::summary(Words::new(Lang::Zh), &facts(ctx, session).await?))
}

/// Publishes a summary for the residents of the community, once the minutes are approved.
pub async fn publish(ctx: &Ctx, id: &str, summary: &str) -> Judged<()> {
    session(ctx, id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let asks = Asks { most: limits::PAPER, empty: Some("meeting-error-text"), lines: true };
    let summary = typed(ctx, &mut errors, "summary", summary, asks);
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::publish(&mut tx, id, &summary, ctx.now).await? {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    note(&mut tx, ctx, "meeting.publish", ("meeting_session", id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
