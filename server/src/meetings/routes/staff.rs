//! `/staff/meetings/{id}`: sessions, for those who run them.

use super::{
    Fields,
    bodies::body_address,
    typed,
    views::{self, Looker},
};
use crate::{
    clock,
    http::{Ctx, Error, FieldErrors, FormBody, Page, Result, see_other_with},
    meetings::{
        service::{
            self, Refused, ballots,
            ballots::{BallotForm, Hands},
            minutes as minute, resolutions,
            resolutions::ResolutionForm,
            sessions,
            sessions::ItemForm,
        },
        store,
    },
};
use app::{
    meetings::{
        BallotState, Presence, ProposalState, SessionState, SessionStep,
        pages::{self, MinutesPart, RollLine, SessionPage, Typed},
    },
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};

/// What a form's use case said: done, or shown again with what was typed.
pub(super) enum Said {
    /// Done.
    Done,
    /// Something is wrong with it.
    Wrong(Typed),
}

/// Sorts what a use case answered.
pub(super) fn said<T>(answer: std::result::Result<T, Refused>, mut typed: Typed) -> std::result::Result<Said, Error> {
    match answer {
        Ok(_) => Ok(Said::Done),
        Err(Refused::Invalid(errors)) => {
            typed.errors = FieldErrors::into_map(errors);
            Ok(Said::Wrong(typed))
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// 422 where something is wrong.
pub(super) fn status(typed: &Typed) -> StatusCode {
    if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The page of a session.
pub(super) fn address(id: &str) -> String {
    format!("/staff/meetings/{id}")
}

/// `GET /staff/meetings/{id}`
pub async fn session(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, Typed::default()).await
}

async fn show(ctx: &Ctx, id: &str, typed: Typed) -> Result {
    let w = ctx.w;
    let session = service::session(ctx, id, Action::NetRead).await?;
    let manages = ctx.actor()?.require(Action::MeetingManage, &session.path).is_ok();
    let db = &ctx.app.db;
    let body = store::bodies::by_id(db, &session.meeting_id).await?.ok_or(Error::NotFound)?;
    let looker = Looker { person: &ctx.actor()?.id, member: false };
    let items = views::items(ctx, &session, &looker, true).await?;
    let members = sessions::members(ctx, &session).await?;
    let today = service::today(ctx);
    // A session of the past is told by who had a vote then; one that is going on by who has one in its ballots.
    let day = if session.state() == SessionState::Open { today } else { time::day_of(session.starts()) };
    let votes = members.iter().filter(|(member, _)| member.rights().vote && member.sits(day));
    let there = votes.clone().filter(|(_, presence)| presence.is_some_and(Presence::is_there)).count();
    let entitled = votes.count();
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    let needed = body.quorum().needed(count(entitled));
    let agenda = store::sessions::agenda(db, id).await?;
    let mut proposals = store::bodies::proposals(db, &session.meeting_id).await?;
    proposals.retain(|one| one.state() == ProposalState::Submitted);
    let all = store::ballots::of_session(db, id).await?;
    let tasks = store::resolutions::of_session(db, id).await?;
    let publishes = manages && session.state() == SessionState::Minuted && session.published_at.is_none();
    let draft = if publishes { Some(minute::draft_summary(ctx, &session).await?) } else { None };
    let status = status(&typed);
    let minutes = MinutesPart {
        written: !session.minutes.is_empty(),
        said: views::said(ctx, &session).await?,
        draft,
        published: session.published_at.is_some(),
    };
    let page = SessionPage {
        w,
        id: id.to_owned(),
        head: views::head(ctx, &session),
        state: session.state(),
        version: session.version,
        manages,
        quorum: (count(there), count(entitled), needed),
        items,
        item_choices: agenda.into_iter().map(|item| (item.id, format!("{}. {}", item.position, item.title))).collect(),
        proposals: proposals.into_iter().map(|one| (one.id, one.title)).collect(),
        owners: members
            .iter()
            .filter(|(member, _)| member.rights().execute && member.sits(today))
            .map(|(member, _)| (member.id.clone(), format!("{} · {}", member.name, w.t(member.seat().key()))))
            .collect(),
        roll: members
            .into_iter()
            .map(|(member, presence)| RollLine {
                seat: w.t(member.seat().key()),
                votes: member.rights().vote,
                presence,
                id: member.id,
                name: member.name,
            })
            .collect(),
        tasks: views::task_lines(ctx, &tasks),
        decided: all
            .into_iter()
            .filter(|ballot| ballot.state() == BallotState::Closed)
            .map(|ballot| (ballot.id, ballot.question))
            .collect(),
        notes: session.notes.clone(),
        minutes,
        typed,
        key: clock::token(),
    };
    let page = pages::session_page(page);
    let back = body_address(&session.meeting_id);
    Ok(Page::new(ctx, session.title).tab(Tab::StaffNet).back(back).status(status).render(page))
}

/// Back to the session after a form, or its page again.
pub(super) async fn after(ctx: &Ctx, id: &str, said: Said, (place, flash): (&str, &'static str)) -> Result {
    match said {
        Said::Done => Ok(see_other_with(ctx, &format!("{}{place}", address(id)), flash)),
        Said::Wrong(typed) => show(ctx, id, typed).await,
    }
}

/// `POST /staff/meetings/{id}/step`
pub async fn step(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let step = SessionStep::from_code(&typed(fields).get("step"));
    let step = step.ok_or(Error::BadRequest("there is no such step".into()))?;
    sessions::step(&ctx, &id, step).await?;
    let flash = match step {
        SessionStep::Invite => "flash-meeting-invited",
        SessionStep::Open => "flash-meeting-opened",
        SessionStep::Close => "flash-meeting-closed",
    };
    Ok(see_other_with(&ctx, &address(&id), flash))
}

/// `POST /staff/meetings/{id}/agenda`
pub async fn add_item(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let form = ItemForm {
        title: typed.get("item_title"),
        paper: typed.get("item_paper"),
        proposal: typed.get("item_proposal"),
        key: typed.get("key"),
    };
    let said = said(sessions::add_item(&ctx, &id, &form).await, typed)?;
    after(&ctx, &id, said, ("", "flash-meeting-saved")).await
}

/// `POST /staff/meetings/{id}/roll`
pub async fn roll(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let typed = typed(fields);
    let presence = Presence::from_code(&typed.get("presence"));
    let presence = presence.ok_or(Error::BadRequest("there is no such state".into()))?;
    let member = typed.get("member");
    sessions::roll(&ctx, &id, &member, presence).await?;
    Ok(see_other_with(&ctx, &format!("{}#member-{member}", address(&id)), "flash-meeting-noted"))
}

/// `POST /staff/meetings/{id}/ballots`
pub async fn make_ballot(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let form = BallotForm {
        item: typed.get("ballot_item"),
        question: typed.get("ballot_question"),
        way: typed.get("ballot_way"),
        options: typed.get("ballot_options"),
        key: typed.get("key"),
    };
    let said = said(ballots::make(&ctx, &id, &form).await, typed)?;
    after(&ctx, &id, said, ("", "flash-meeting-saved")).await
}

/// `POST /staff/meetings/{id}/ballots/{ballot}`
pub async fn ballot(
    ctx: Ctx,
    Path((id, ballot)): Path<(String, String)>,
    FormBody(fields): FormBody<Fields>,
) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let typed = typed(fields);
    let place = format!("#ballot-{ballot}");
    match typed.get("step").as_str() {
        "open" => {
            let said = said(ballots::open(&ctx, &id, &ballot, &typed.get("until")).await, typed)?;
            after(&ctx, &id, said, (&place, "flash-meeting-ballot-open")).await
        }
        "close" => {
            let hands = Hands { votes: typed.all("votes"), witness: typed.get("witness") };
            let said = said(ballots::close(&ctx, &id, &ballot, &hands).await, typed)?;
            after(&ctx, &id, said, (&place, "flash-meeting-ballot-closed")).await
        }
        "remove" => {
            ballots::remove(&ctx, &id, &ballot).await?;
            Ok(see_other_with(&ctx, &address(&id), "flash-meeting-saved"))
        }
        _ => {
            store::ballots::by_id(&ctx.app.db, &id, &ballot).await?.ok_or(Error::NotFound)?;
            Err(Error::BadRequest("there is no such step".into()))
        }
    }
}

/// `POST /staff/meetings/{id}/resolutions`
pub async fn resolve(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let form = ResolutionForm {
        text: typed.get("resolution_text"),
        owner: typed.get("resolution_owner"),
        due: typed.get("resolution_due"),
        ballot: typed.get("resolution_ballot"),
        report: typed.get("resolution_report"),
        key: typed.get("key"),
    };
    let said = said(resolutions::make(&ctx, &id, &form).await, typed)?;
    after(&ctx, &id, said, ("", "flash-meeting-resolved")).await
}

/// `POST /staff/meetings/{id}/notes`
pub async fn notes(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let version = typed.get("version").parse().unwrap_or(0);
    let notes = typed.get("notes");
    let said = said(sessions::set_notes(&ctx, &id, version, &notes).await, typed)?;
    after(&ctx, &id, said, ("", "flash-meeting-saved")).await
}

/// `POST /staff/meetings/{id}/minutes`
pub async fn minutes(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let typed = typed(fields);
    match typed.get("step").as_str() {
        "write" => {
            minute::write(&ctx, &id).await?;
            Ok(see_other_with(&ctx, &format!("/meetings/{id}/minutes"), "flash-meeting-minutes"))
        }
        "publish" => {
            let summary = typed.get("summary");
            let said = said(minute::publish(&ctx, &id, &summary).await, typed)?;
            after(&ctx, &id, said, ("", "flash-meeting-published")).await
        }
        _ => Err(Error::BadRequest("there is no such step".into())),
    }
}
