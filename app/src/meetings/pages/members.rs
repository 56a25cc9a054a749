//! What members and residents see: their meetings, their proposals, a session, its minutes.

use super::{ItemView, Mine, SessionLine, TaskLine, Typed, ballot, session::paper, session_badge, sessions, tasks};
use crate::{
    files::downloads,
    i18n::Words,
    meetings::{ProposalState, SessionState},
    ui::parts::*,
};
use leptos::prelude::*;

/// A proposal.
pub struct ProposalLine {
    /// Id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The proposal.
    pub text: String,
    /// By whom and when, or to whom, in words.
    pub note: String,
    /// What became of it.
    pub state: ProposalState,
    /// Why it is not talked about.
    pub answer: String,
    /// The session on whose agenda it is, where the reader may see it.
    pub session: Option<String>,
}

/// Proposals; with a form to answer those that wait where `answers` says below which address.
pub(super) fn proposals(w: Words, lines: Vec<ProposalLine>, answers: Option<&str>, typed: &Typed) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="muted">{w.t("meeting-proposals-none")}</p> }.into_any();
    }
    let troubled = typed.get("proposal");
    let rows = lines
        .into_iter()
        .map(|line| {
            let tone = match line.state {
                ProposalState::Submitted => Tone::Info,
                ProposalState::Agenda => Tone::Ok,
                ProposalState::Answered => Tone::Neutral,
            };
            let answer = (!line.answer.is_empty())
                .then(|| view! { <p>{w.tf("meeting-proposal-answer", &[("text", line.answer.clone().into())])}</p> });
            let session = line.session.map(|href| view! { <p><a href=href>{w.t("meeting-proposal-session")}</a></p> });
            let form = answers.filter(|_| line.state == ProposalState::Submitted).map(|here| {
                let wrong = troubled == line.id;
                let id = format!("reason-{}", line.id);
                let error = typed.error("reason").filter(|_| wrong).map(|text| view! { <p class="error">{text}</p> });
                let said = if wrong { typed.get("reason") } else { String::new() };
                view! {
                    <details class="more" open=wrong>
                        <summary>{w.t("meeting-proposal-decline")}<span class="sr">" "{line.title.clone()}</span></summary>
                        <div class="more-body">
                            <form class="stack" method="post" action=format!("{here}/proposals/{}", line.id)>
                                <div class="field">
                                    <label class="label" r#for=id.clone()>{w.t("meeting-proposal-reason")}</label>
                                    {error}
                                    <textarea class="input" id=id.clone() name="reason" rows="3" required=true>{said}</textarea>
                                </div>
                                <Button label=w.t("meeting-proposal-decline")/>
                            </form>
                        </div>
                    </details>
                }
            });
            view! {
                <li class="card stack">
                    <h3>{line.title.clone()} " " <Badge tone=tone word=w.t(line.state.key())/></h3>
                    <p class="small muted">{line.note}</p>
                    <p class="meeting-notes">{line.text}</p>
                    {answer}
                    {session}
                    {form}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="meeting-proposals">{rows}</ul> }.into_any()
}

/// What `/meetings` shows.
pub struct MinePage {
    /// Words.
    pub w: Words,
    /// Bodies in which the reader sits: name, seat and rights.
    pub seats: Vec<(String, String)>,
    /// Sessions of those.
    pub sessions: Vec<SessionLine>,
    /// What the reader has to carry out.
    pub own: Vec<TaskLine>,
    /// What others carry out, where the reader has the right of supervision.
    pub others: Vec<TaskLine>,
    /// Summaries of the reader's community.
    pub published: Vec<SessionLine>,
    /// The reader's proposals.
    pub proposals: Vec<ProposalLine>,
    /// Ids and names of bodies to which the reader may propose something.
    pub open: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
    /// One form is one proposal.
    pub key: String,
}

/// My meetings.
pub fn mine_page(page: MinePage) -> AnyView {
    let MinePage { w, seats, sessions: lines, own, others, published, proposals: said, open, typed, key } = page;
    let nothing = seats.is_empty() && open.is_empty() && said.is_empty();
    if nothing {
        return view! { <Empty icon_name="user" title=w.t("meeting-mine-none") text=w.t("meeting-mine-none-text")/> }
            .into_any();
    }
    let member = !seats.is_empty();
    let seats = (!seats.is_empty()).then(|| {
        let facts = seats.into_iter().map(|(name, rights)| Fact::new(name, rights)).collect();
        view! { <Section title=w.t("meeting-mine-seats")><Summary facts=facts/></Section> }
    });
    let lines = match sessions(w, lines) {
        Some(list) => Some(view! { <Section title=w.t("meeting-sessions")>{list}</Section> }.into_any()),
        None => member.then(|| {
            view! { <Section title=w.t("meeting-sessions")><p class="muted">{w.t("meeting-sessions-none")}</p></Section> }
                .into_any()
        }),
    };
    let own = tasks(w, own).map(|list| view! { <Section title=w.t("meeting-mine-tasks")>{list}</Section> });
    let others = tasks(w, others).map(|list| view! { <Section title=w.t("meeting-mine-others")>{list}</Section> });
    let published =
        sessions(w, published).map(|list| view! { <Section title=w.t("meeting-published")>{list}</Section> });
    let form = (!open.is_empty()).then(|| proposal_form(w, open, &typed, key));
    view! {
        <p class="lead">{w.t("meeting-mine-lead")}</p>
        <ErrorSummary w=w errors=typed.summary()/>
        {own}
        {lines}
        {others}
        <section class="section" id="proposals">
            <div class="section-head"><h2>{w.t("meeting-mine-proposals")}</h2></div>
            {proposals(w, said, None, &typed)}
            {form}
        </section>
        {published}
        {seats}
    }
    .into_any()
}

fn proposal_form(w: Words, open: Vec<(String, String)>, typed: &Typed, key: String) -> AnyView {
    let first = open.first().map(|(id, _)| id.clone()).unwrap_or_default();
    view! {
        <details class="more" id="propose" open=typed.troubled("proposal")>
            <summary>{w.t("meeting-propose")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action="/meetings/proposals">
                    <input type="hidden" name="key" value=key/>
                    <SelectField
                        w=w
                        name="proposal_body"
                        label=w.t("meeting-proposal-to")
                        options=open
                        value=typed.or("proposal_body", first)
                        error=typed.error("proposal_body")
                    />
                    <TextField
                        w=w
                        name="proposal_title"
                        label=w.t("meeting-proposal-title")
                        value=typed.get("proposal_title")
                        error=typed.error("proposal_title")
                    />
                    <TextArea
                        w=w
                        name="proposal_text"
                        label=w.t("meeting-proposal-text")
                        hint=w.t("meeting-proposal-text-hint")
                        value=typed.get("proposal_text")
                        error=typed.error("proposal_text")
                    />
                    <Button label=w.t("meeting-propose") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// What a session says to its reader.
pub enum AttendedView {
    /// Everything, to members and staff: agenda, resolutions, whether the minutes are there.
    Whole(Vec<ItemView>, Vec<TaskLine>, bool),
    /// What is published, as HTML that was sanitised, to residents.
    Published(String),
}

/// What `/meetings/{id}` shows.
pub struct AttendedPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Body, time and place.
    pub head: String,
    /// Where it stands.
    pub state: SessionState,
    /// What it says.
    pub view: AttendedView,
    /// The ballot with whose form something is wrong, and what.
    pub wrong: Option<(String, String)>,
    /// The page on which the reader runs it.
    pub runs: bool,
}

/// A session for its members, and its summary for residents.
pub fn attended_page(page: AttendedPage) -> AnyView {
    let AttendedPage { w, id, head, state, view, wrong, runs } = page;
    let head = view! { <p class="meta">{session_badge(w, state)} " " <span>{head}</span></p> };
    let (items, open, minuted) = match view {
        AttendedView::Published(html) => {
            return view! { {head} <div class="prose" inner_html=html></div> }.into_any();
        }
        AttendedView::Whole(items, open, minuted) => (items, open, minuted),
    };
    let waits = items.iter().flat_map(|item| &item.ballots).filter(|ballot| ballot.mine == Mine::Vote).count();
    let waits =
        (waits > 0).then(|| view! { <p class="note">{w.tf("meeting-votes-wait", &[("count", waits.into())])}</p> });
    let rows = items
        .into_iter()
        .map(|item| {
            let ballots = item
                .ballots
                .iter()
                .map(|one| {
                    let error = wrong.as_ref().filter(|(id, _)| *id == one.id).map(|(_, text)| text);
                    let form = ballot::voting(w, &id, one, error);
                    view! {
                        <section class="meeting-ballot stack" id=format!("ballot-{}", one.id)>
                            {ballot::shown(w, one)}
                            {form}
                        </section>
                    }
                })
                .collect_view();
            let paper = (!item.paper.is_empty()).then(|| paper(w, item.paper.clone()));
            let files = downloads(w, item.papers);
            view! {
                <li class="card stack">
                    <h3>{format!("{}. {}", item.position, item.title)}</h3>
                    {paper}
                    {files}
                    {ballots}
                </li>
            }
        })
        .collect_view();
    let open = tasks(w, open).map(|list| view! { <Section title=w.t("meeting-resolutions")>{list}</Section> });
    let minutes = minuted.then(|| {
        view! { <LinkButton href=format!("/meetings/{id}/minutes") label=w.t("meeting-minutes-read")/> }
    });
    let runs = runs.then(|| view! { <LinkButton href=format!("/staff/meetings/{id}") label=w.t("meeting-run")/> });
    view! {
        {head}
        {waits}
        <Section title=w.t("meeting-agenda")><ol class="meeting-agenda">{rows}</ol></Section>
        {open}
        <div class="cluster">{minutes} {runs}</div>
    }
    .into_any()
}

/// What `/meetings/{id}/minutes` shows.
pub struct MinutesPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Name of the body.
    pub body: String,
    /// The minutes, as HTML that was sanitised.
    pub html: String,
    /// Who wrote them and who approved them, in words.
    pub said: String,
    /// The reader may approve them, as they are at this version.
    pub approve: Option<i64>,
}

/// Minutes, to read, approve and print.
pub fn minutes_page(page: MinutesPage) -> AnyView {
    let MinutesPage { w, id, body, html, said, approve } = page;
    let approve = approve.map(|version| {
        view! {
            <form class="stack" method="post" action=format!("/meetings/{id}/minutes")>
                <p class="hint">{w.t("meeting-minutes-approve-hint")}</p>
                <input type="hidden" name="version" value=version.to_string()/>
                <Button label=w.t("meeting-minutes-approve") weight=Weight::Primary/>
            </form>
        }
    });
    view! {
        <article class="meeting-minutes">
            <p class="lead">{body}</p>
            <div class="prose" lang="zh-CN" inner_html=html></div>
            <p class="meta">{said}</p>
            <p class="meeting-signature">{w.t("meeting-minutes-signature")}</p>
        </article>
        {approve}
    }
    .into_any()
}
