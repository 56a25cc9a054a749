//! What the API says of sessions, ballots and resolutions.

use super::papers::MeetingPaper;
use crate::{
    http::{Ctx, Error},
    meetings::{
        routes::views::{self, Looker},
        store::{
            bodies::Proposal,
            instant,
            resolutions::{Note, Resolution},
            sessions::Session,
        },
    },
};
use app::{
    meetings::pages::{BallotView, Mine},
    time,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A session in a list.
#[derive(Serialize, ToSchema)]
pub struct MeetingSessionLine {
    /// Id.
    pub id: String,
    /// Id of its body.
    pub body: String,
    /// Name of its body.
    pub body_name: String,
    /// Title.
    pub title: String,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    /// Where.
    pub place: String,
    /// `hall`, `online` or `both`.
    pub mode: &'static str,
    /// `planned`, `invited`, `open`, `closed` or `minuted`.
    pub state: &'static str,
}

impl MeetingSessionLine {
    /// Of a row.
    pub fn of(session: &Session) -> MeetingSessionLine {
        MeetingSessionLine {
            id: session.id.clone(),
            body: session.meeting_id.clone(),
            body_name: session.body.clone(),
            title: session.title.clone(),
            starts_at: session.starts(),
            place: session.place.clone(),
            mode: session.mode().code(),
            state: session.state().code(),
        }
    }
}

/// A proposal.
#[derive(Serialize, ToSchema)]
pub struct MeetingProposal {
    /// Id.
    pub id: String,
    /// Id of the body.
    pub body: String,
    /// What it is about.
    pub title: String,
    /// The proposal.
    pub text: String,
    /// `submitted`, `agenda` or `answered`.
    pub state: &'static str,
    /// Why it is not talked about; may be empty.
    pub answer: String,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Timestamp,
    /// Who proposed it; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Proposed by a member, not by a resident.
    pub by_member: bool,
}

impl MeetingProposal {
    /// Of a row; `by`: with the name.
    pub fn of(one: Proposal, by: bool) -> MeetingProposal {
        MeetingProposal {
            state: one.state().code(),
            submitted_at: instant(one.submitted_at),
            by: by.then_some(one.name),
            by_member: one.by_member == 1,
            id: one.id,
            body: one.meeting_id,
            title: one.title,
            text: one.body,
            answer: one.answer,
        }
    }
}

/// An option of a ballot.
#[derive(Serialize, ToSchema)]
pub struct MeetingOption {
    /// Its text.
    pub text: String,
    /// Its votes, once they are counted.
    pub votes: Option<i64>,
    /// Who voted so; open ballots that are over.
    pub names: Vec<String>,
}

/// A ballot.
#[derive(Serialize, ToSchema)]
pub struct MeetingBallot {
    /// Id.
    pub id: String,
    /// The question.
    pub question: String,
    /// `open`, `secret` or `hands`.
    pub way: &'static str,
    /// `draft`, `open` or `closed`.
    pub state: &'static str,
    /// How many are entitled.
    pub entitled: i64,
    /// How many took part.
    pub took_part: i64,
    /// Its options, in order: a vote names one by its number from 0.
    pub options: Vec<MeetingOption>,
    /// What came of it, in words.
    pub outcome: Option<String>,
    /// A motion is carried, or an option has won.
    pub decided: bool,
    /// The reader may vote.
    pub may_vote: bool,
    /// The reader has voted, secretly.
    pub voted: bool,
}

impl MeetingBallot {
    fn of(one: BallotView) -> MeetingBallot {
        MeetingBallot {
            way: one.way.code(),
            state: one.state.code(),
            entitled: one.entitled,
            took_part: one.took_part,
            options: one
                .options
                .into_iter()
                .map(|option| MeetingOption { text: option.text, votes: option.votes, names: option.names })
                .collect(),
            decided: one.outcome.as_ref().is_some_and(|(_, good)| *good),
            outcome: one.outcome.map(|(words, _)| words),
            may_vote: one.mine == Mine::Vote,
            voted: one.mine == Mine::Voted,
            id: one.id,
            question: one.question,
        }
    }
}

/// An item of an agenda.
#[derive(Serialize, ToSchema)]
pub struct MeetingItem {
    /// Its place, from 1.
    pub position: i64,
    /// Its title.
    pub title: String,
    /// Its paper, as HTML that was sanitised; may be empty.
    pub paper_html: String,
    /// Its files.
    pub papers: Vec<MeetingPaper>,
    /// It comes from a proposal.
    pub proposed: bool,
    /// Its ballots.
    pub ballots: Vec<MeetingBallot>,
}

/// The agenda of a session.
pub async fn items(ctx: &Ctx, session: &Session, looker: &Looker<'_>, drafts: bool) -> Result<Vec<MeetingItem>, Error> {
    let all = views::items(ctx, session, looker, drafts).await?;
    Ok(all
        .into_iter()
        .map(|item| MeetingItem {
            position: item.position,
            title: item.title,
            paper_html: item.paper,
            papers: item
                .papers
                .into_iter()
                .map(|file| MeetingPaper {
                    number: file.number,
                    name: file.name,
                    bytes: file.bytes,
                    // Tokens open nothing but the API.
                    href: format!("/api/v1{}", file.href),
                })
                .collect(),
            proposed: item.proposed,
            ballots: item.ballots.into_iter().map(MeetingBallot::of).collect(),
        })
        .collect())
}

/// A resolution.
#[derive(Serialize, ToSchema)]
pub struct MeetingTask {
    /// Id.
    pub id: String,
    /// Id of its session.
    pub session: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// The last day.
    #[schema(format = Date)]
    pub due: String,
    /// The last day is over.
    pub late: bool,
    /// `open`, `reported`, `done` or `dropped`.
    pub state: &'static str,
    /// Code of a report about the same; may be empty.
    pub report: String,
    /// The lock.
    pub version: i64,
}

impl MeetingTask {
    /// Of a row.
    pub fn of(ctx: &Ctx, one: Resolution) -> MeetingTask {
        MeetingTask {
            late: one.is_late(time::day_of(ctx.now)),
            state: one.state().code(),
            id: one.id,
            session: one.session_id,
            text: one.text,
            owner: one.name,
            due: one.due_day,
            report: one.report_code,
            version: one.version,
        }
    }
}

/// What was done about a resolution.
#[derive(Serialize, ToSchema)]
pub struct MeetingTaskNote {
    /// By whom.
    pub by: String,
    /// Code of the step.
    pub step: String,
    /// The words; may be empty.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl MeetingTaskNote {
    /// Of a row.
    pub fn of(note: Note) -> MeetingTaskNote {
        MeetingTaskNote { by: note.name, step: note.step, text: note.text, at: instant(note.at) }
    }
}
