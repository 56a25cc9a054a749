//! From rows to what pages show.

use crate::{
    http::{Ctx, Error},
    meetings::{
        service::{minutes, resolutions},
        store::{
            self,
            ballots::{self, Ballot, BallotOption},
            bodies::Proposal,
            instant, papers,
            resolutions::Resolution,
            sessions::{self, Session},
        },
    },
    notices::markdown,
};
use app::{
    files::AttachedFile,
    meetings::{
        BallotState, Way,
        pages::{self, BallotView, ItemView, Mine, OptionView, ProposalLine, SessionLine, TaskLine},
        rules::Outcome,
    },
    people::Action,
    time,
};
use leptos::prelude::AnyView;

/// Sanitised HTML of a text.
pub fn html(ctx: &Ctx, text: &str) -> String {
    if text.is_empty() { String::new() } else { markdown::render(text, &ctx.w.t("meeting-table"), &[]) }
}

/// Body, time and place.
pub fn head(ctx: &Ctx, session: &Session) -> String {
    let when = time::date_time(ctx.w.lang, session.starts(), ctx.now);
    format!("{} · {when} · {} · {}", session.body, session.place, ctx.w.t(session.mode().key()))
}

/// A session in a list; `below`: the address below which it is.
pub fn session_line(ctx: &Ctx, session: &Session, below: &str) -> SessionLine {
    SessionLine {
        href: format!("{below}/{}", session.id),
        title: session.title.clone(),
        note: head(ctx, session),
        state: session.state(),
    }
}

/// A resolution in a list.
fn task_line(ctx: &Ctx, one: &Resolution) -> TaskLine {
    let due = time::date(ctx.w.lang, one.due());
    let args = [("owner", one.name.as_str().into()), ("due", due.into())];
    TaskLine {
        href: format!("/meetings/resolutions/{}", one.id),
        text: one.text.chars().take(80).collect(),
        note: ctx.w.tf("meeting-task-note", &args),
        late: one.is_late(time::day_of(ctx.now)),
        state: one.state(),
    }
}

/// Resolutions in a list.
pub fn task_lines(ctx: &Ctx, all: &[Resolution]) -> Vec<TaskLine> {
    all.iter().map(|one| task_line(ctx, one)).collect()
}

/// Resolutions on the desk; at most so many.
const ON_DESK: usize = 5;

/// What handlers have to do because a meeting resolved it, for their list of tasks; and how many there are.
pub async fn of_handler(ctx: &Ctx) -> Result<(Option<AnyView>, usize), Error> {
    let mut own = store::resolutions::of_person(&ctx.app.db, &ctx.actor()?.id).await?;
    own.retain(resolutions::is_task);
    Ok((pages::tasks_section(ctx.w, task_lines(ctx, &own)), own.len()))
}

/// The first of the open resolutions of places where the reader runs meetings, for the desk of reports.
pub async fn of_desk(ctx: &Ctx) -> Result<Option<AnyView>, Error> {
    let mut all = Vec::new();
    for scope in ctx.actor()?.scopes(Action::MeetingManage) {
        all.extend(store::resolutions::under(&ctx.app.db, scope).await?);
    }
    all.truncate(ON_DESK);
    Ok(pages::tasks_section(ctx.w, task_lines(ctx, &all)))
}

/// Resolutions about the same as a report, for its page, where the reader may read meetings.
pub async fn of_report(ctx: &Ctx, code: &str, path: &str) -> Result<Option<AnyView>, Error> {
    if ctx.actor()?.require(Action::NetRead, path).is_err() {
        return Ok(None);
    }
    let all = store::resolutions::of_report(&ctx.app.db, code).await?;
    Ok(pages::tasks_section(ctx.w, task_lines(ctx, &all)))
}

/// A proposal; `by`: names who proposed it. `below`: the address below which its session is, where the reader may see it.
pub fn proposal_line(ctx: &Ctx, one: Proposal, by: bool, below: Option<&str>) -> ProposalLine {
    let when = time::ago(ctx.w, instant(one.submitted_at), ctx.now);
    let kind = if one.by_member == 1 { "meeting-by-member" } else { "meeting-by-resident" };
    let note = if by { format!("{} · {} · {when}", one.name, ctx.w.t(kind)) } else { when };
    ProposalLine {
        state: one.state(),
        session: below.zip(one.session_id.as_ref()).map(|(below, id)| format!("{below}/{id}")),
        note,
        id: one.id,
        title: one.title,
        text: one.body,
        answer: one.answer,
    }
}

/// As whom a ballot is looked at.
pub struct Looker<'a> {
    /// Id of the reader.
    pub person: &'a str,
    /// Has a seat, and so may vote where the roll names them.
    pub member: bool,
}

fn ballot_view(ctx: &Ctx, ballot: &Ballot, options: &[BallotOption], all: &Loaded, looker: &Looker<'_>) -> BallotView {
    let w = ctx.w;
    let own: Vec<&BallotOption> = options.iter().filter(|option| option.ballot_id == ballot.id).collect();
    let voted = all.rolls.iter().find(|(id, _)| *id == ballot.id).map(|(_, voted)| *voted == 1);
    let mine = match voted {
        Some(voted) if looker.member && ballot.takes_votes(ctx.now) && ballot.way() != Way::Hands => {
            if voted && ballot.way() == Way::Secret { Mine::Voted } else { Mine::Vote }
        }
        Some(true) if ballot.way() == Way::Secret => Mine::Voted,
        _ => Mine::Nothing,
    };
    let turnout = all.turnout.iter().find(|(id, _)| *id == ballot.id).map_or(0, |(_, voted)| *voted);
    let outcome = ballot.outcome();
    let rules = match ballot.state() {
        BallotState::Draft => String::new(),
        _ => format!("{} · {}", w.t(ballot.rules().0.key()), w.t(ballot.rules().1.key())),
    };
    let until = (ballot.closes_at > 0 && ballot.state() == BallotState::Open)
        .then(|| time::date_time(w.lang, instant(ballot.closes_at), ctx.now));
    // Who votes how is seen when it is over, even where it is no secret: nobody waits for the others.
    let shows = ballot.state() == BallotState::Closed;
    let options = own
        .iter()
        .map(|option| {
            let votes = all.votes.iter().filter(|(id, number, ..)| *id == ballot.id && *number == option.number);
            let open = ballot.way() == Way::Open;
            OptionView {
                text: option.text.clone(),
                votes: option.votes,
                own: open && votes.clone().any(|(_, _, _, person)| person == looker.person),
                names: votes.filter(|_| open && shows).map(|(_, _, name, _)| name.clone()).collect(),
            }
        })
        .collect();
    BallotView {
        id: ballot.id.clone(),
        question: ballot.question.clone(),
        way: ballot.way(),
        state: ballot.state(),
        rules,
        entitled: ballot.entitled,
        took_part: if ballot.state() == BallotState::Closed { ballot.took_part } else { turnout },
        until,
        options,
        outcome: outcome.map(|outcome| (minutes::outcome(w, ballot, &own), matches!(outcome, Outcome::Chosen(_)))),
        witness: ballot
            .witness_id
            .as_ref()
            .and_then(|id| all.names.iter().find(|(member, _)| member == id))
            .map(|(_, name)| name.clone()),
        mine,
    }
}

/// What the ballots of a session are shown with.
struct Loaded {
    turnout: Vec<(String, i64)>,
    rolls: Vec<(String, i64)>,
    votes: Vec<(String, i64, String, String)>,
    names: Vec<(String, String)>,
}

/// Agenda and ballots of a session, as the reader sees them. `drafts`: with ballots that are not open yet.
pub async fn items(ctx: &Ctx, session: &Session, looker: &Looker<'_>, drafts: bool) -> Result<Vec<ItemView>, Error> {
    let db = &ctx.app.db;
    let mut all = ballots::of_session(db, &session.id).await?;
    all.retain(|ballot| drafts || ballot.state() != BallotState::Draft);
    let options = ballots::options(db, &session.id).await?;
    let members = store::bodies::members(db, &session.meeting_id).await?;
    let loaded = Loaded {
        turnout: ballots::turnout(db, &session.id).await?,
        rolls: ballots::rolls_of(db, &session.id, looker.person).await?,
        votes: ballots::open_votes(db, &session.id).await?,
        names: members.into_iter().map(|member| (member.id, member.name)).collect(),
    };
    let agenda = sessions::agenda(db, &session.id).await?;
    let files = papers::of_session(db, &session.id).await?;
    Ok(agenda
        .into_iter()
        .map(|item| ItemView {
            position: item.position,
            paper: html(ctx, &item.paper),
            papers: files
                .iter()
                .filter(|paper| paper.item_id == item.id)
                .map(|paper| AttachedFile {
                    number: paper.file.number,
                    name: paper.file.name.clone(),
                    bytes: paper.file.bytes,
                    href: format!("/meetings/{}/papers/{}/{}", session.id, item.id, paper.file.number),
                })
                .collect(),
            proposed: item.proposal_id.is_some(),
            ballots: all
                .iter()
                .filter(|ballot| ballot.agenda_id == item.id)
                .map(|ballot| ballot_view(ctx, ballot, &options, &loaded, looker))
                .collect(),
            title: item.title,
            id: item.id,
        })
        .collect())
}

async fn name_of(ctx: &Ctx, id: Option<&str>) -> Result<String, Error> {
    let Some(id) = id else { return Ok(String::new()) };
    let found = crate::people::store::brief_by_id(&ctx.app.db, id).await?;
    Ok(found.map(|person| person.name).unwrap_or_default())
}

/// Who wrote the minutes and who approved them, in words.
pub async fn said(ctx: &Ctx, session: &Session) -> Result<String, Error> {
    let w = ctx.w;
    if session.minutes.is_empty() {
        return Ok(w.t("meeting-minutes-none"));
    }
    let writer = name_of(ctx, session.minutes_by.as_deref()).await?;
    Ok(match session.approved_at {
        Some(at) => {
            let when = time::date_time(w.lang, instant(at), ctx.now);
            let approver = name_of(ctx, session.approved_by.as_deref()).await?;
            let args = [("writer", writer.into()), ("approver", approver.into()), ("when", when.into())];
            w.tf("meeting-minutes-approved", &args)
        }
        None => w.tf("meeting-minutes-wait", &[("writer", writer.into())]),
    })
}
