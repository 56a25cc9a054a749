//! The page on which staff run a session: agenda, roll call, ballots, resolutions, notes, minutes.

use super::{
    BallotView, TaskLine, Typed, ballot,
    forms::{ballot_form, item_form, notes_form, paper_form, resolution_form},
    session_badge, tasks,
};
use crate::{
    files::{AttachedFile, size},
    i18n::Words,
    meetings::{BallotState, Presence, SessionState, SessionStep, Way, limits::PAPERS},
    ui::parts::*,
};
use leptos::prelude::*;

/// An item of the agenda with its ballots.
pub struct ItemView {
    /// Id.
    pub id: String,
    /// Its place, from 1.
    pub position: i64,
    /// Its title.
    pub title: String,
    /// Its paper, as HTML that was sanitised; empty: none.
    pub paper: String,
    /// Its files.
    pub papers: Vec<AttachedFile>,
    /// It comes from a proposal.
    pub proposed: bool,
    /// Its ballots.
    pub ballots: Vec<BallotView>,
}

/// A member in the roll call.
pub struct RollLine {
    /// Id of the membership.
    pub id: String,
    /// Name.
    pub name: String,
    /// Seat, in a word.
    pub seat: String,
    /// What was noted.
    pub presence: Option<Presence>,
    /// Has the right of vote.
    pub votes: bool,
}

/// The minutes, as far as they are.
pub struct MinutesPart {
    /// They are written.
    pub written: bool,
    /// Who wrote them and who approved them, in words.
    pub said: String,
    /// What a summary begins as, where one can be published.
    pub draft: Option<String>,
    /// The summary is published.
    pub published: bool,
}

/// What `/staff/meetings/{id}` shows.
pub struct SessionPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Body, time and place.
    pub head: String,
    /// Where it stands.
    pub state: SessionState,
    /// The lock of its texts.
    pub version: i64,
    /// The reader runs it.
    pub manages: bool,
    /// Present with the right of vote, entitled, and what the quorum asks for.
    pub quorum: (i64, i64, i64),
    /// Agenda.
    pub items: Vec<ItemView>,
    /// Ids and titles of items, for the form of a ballot.
    pub item_choices: Vec<(String, String)>,
    /// Ids and titles of proposals that wait.
    pub proposals: Vec<(String, String)>,
    /// Roll call.
    pub roll: Vec<RollLine>,
    /// Resolutions.
    pub tasks: Vec<TaskLine>,
    /// Ids and names of members who may carry out.
    pub owners: Vec<(String, String)>,
    /// Ids and questions of ballots that are over.
    pub decided: Vec<(String, String)>,
    /// Notes as typed.
    pub notes: String,
    /// Minutes.
    pub minutes: MinutesPart,
    /// What was typed.
    pub typed: Typed,
    /// One form makes one.
    pub key: String,
}

/// The page.
pub fn session_page(page: SessionPage) -> AnyView {
    let w = page.w;
    let here = format!("/staff/meetings/{}", page.id);
    let id = page.id;
    let (head, state, version, manages, quorum) = (page.head, page.state, page.version, page.manages, page.quorum);
    let (items, item_choices, proposals, roll) = (page.items, page.item_choices, page.proposals, page.roll);
    let (open, owners, decided, notes) = (page.tasks, page.owners, page.decided, page.notes);
    let (minutes, typed, key) = (page.minutes, page.typed, page.key);
    let steps = manages.then(|| steps(w, &here, state));
    let writes = manages && state.is_written();
    let add_item = (manages && state.takes_items()).then(|| item_form(w, &here, &typed, &key, proposals));
    let add_ballot = (manages && state.takes_items() && !item_choices.is_empty())
        .then(|| ballot_form(w, &here, &typed, &key, item_choices));
    let witnesses: Vec<(String, String)> = roll
        .iter()
        .filter(|line| line.presence.is_some_and(Presence::is_there))
        .map(|line| (line.id.clone(), line.name.clone()))
        .collect();
    let running = manages && state == SessionState::Open;
    let papers = manages && state.takes_items();
    let run = Run { w, here: &here, manages, running, papers, key: &key, typed: &typed, witnesses: &witnesses };
    let agenda = agenda(&run, items);
    let called = calling(w, &here, writes, quorum, roll);
    let listed = tasks(w, open);
    let resolve = writes.then(|| resolution_form(w, &here, &typed, &key, owners, decided));
    let noted = match writes {
        true => notes_form(w, &here, version, &typed, &notes),
        false if notes.is_empty() => view! { <p class="muted">{w.t("meeting-notes-none")}</p> }.into_any(),
        false => view! { <p class="meeting-notes">{notes}</p> }.into_any(),
    };
    let ending = minutes_part(w, &here, &id, manages && state == SessionState::Closed, minutes, &typed);
    view! {
        <p class="meta">{session_badge(w, state)} " " <span>{head}</span></p>
        <ErrorSummary w=w errors=typed.summary()/>
        {steps}
        <Section title=w.t("meeting-agenda")>{agenda} {add_item} {add_ballot}</Section>
        <Section title=w.t("meeting-roll")>{called}</Section>
        <Section title=w.t("meeting-resolutions")>
            {listed.unwrap_or_else(|| view! { <p class="muted">{w.t("meeting-resolutions-none")}</p> }.into_any())}
            {resolve}
        </Section>
        <Section title=w.t("meeting-notes")>{noted}</Section>
        <Section title=w.t("meeting-minutes")>{ending}</Section>
    }
    .into_any()
}

/// What the pieces of the page share.
struct Run<'a> {
    w: Words,
    here: &'a str,
    manages: bool,
    running: bool,
    /// Files may be added and removed.
    papers: bool,
    key: &'a str,
    typed: &'a Typed,
    witnesses: &'a [(String, String)],
}

fn steps(w: Words, here: &str, state: SessionState) -> Option<AnyView> {
    let step = SessionStep::ALL.iter().copied().find(|step| step.way().0 == state)?;
    let action = format!("{here}/step");
    let button = view! {
        <form method="post" action=action>
            <Button label=w.t(step.key()) weight=Weight::Primary sends=("step", step.code().to_owned())/>
        </form>
    };
    Some(match step {
        SessionStep::Close => view! { <Buttons>{button}</Buttons> }.into_any(),
        SessionStep::Invite => {
            view! { <p class="hint">{w.t("meeting-step-invite-hint")}</p> <Buttons>{button}</Buttons> }.into_any()
        }
        SessionStep::Open => {
            view! { <p class="hint">{w.t("meeting-step-open-hint")}</p> <Buttons>{button}</Buttons> }.into_any()
        }
    })
}

fn agenda(run: &Run<'_>, items: Vec<ItemView>) -> AnyView {
    let w = run.w;
    if items.is_empty() {
        return view! { <p class="muted">{w.t("meeting-agenda-none")}</p> }.into_any();
    }
    let rows = items
        .into_iter()
        .map(|item| {
            let ballots = item.ballots.iter().map(|one| run_ballot(run, one)).collect_view();
            let proposed = item.proposed.then(|| view! { " " <Tag word=w.t("meeting-item-proposed")/> });
            let paper = (!item.paper.is_empty()).then(|| paper(w, item.paper.clone()));
            let files = papers(run, &item.id, &item.title, item.papers);
            view! {
                <li class="card stack" id=format!("item-{}", item.id)>
                    <h3>{format!("{}. {}", item.position, item.title)}{proposed}</h3>
                    {paper}
                    {files}
                    {ballots}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="meeting-agenda">{rows}</ol> }.into_any()
}

/// A paper that opens.
pub(super) fn paper(w: Words, html: String) -> AnyView {
    view! {
        <details class="more">
            <summary>{w.t("meeting-paper")}</summary>
            <div class="more-body prose" inner_html=html></div>
        </details>
    }
    .into_any()
}

/// The files of an item, with what adds and removes one.
fn papers(run: &Run<'_>, item: &str, title: &str, files: Vec<AttachedFile>) -> AnyView {
    let w = run.w;
    let (some, room) = (!files.is_empty(), files.len() < PAPERS);
    let rows = files
        .into_iter()
        .map(|file| {
            let remove = run.papers.then(|| {
                let action = format!("{}/papers/{item}/{}/remove", run.here, file.number);
                let consequence = w.tf("meeting-paper-remove-text", &[("name", file.name.clone().into())]);
                view! {
                    <Confirm label=w.t("meeting-paper-remove") consequence=consequence>
                        <form method="post" action=action>
                            <Button label=w.t("meeting-paper-remove-do") weight=Weight::Danger/>
                        </form>
                    </Confirm>
                }
            });
            let note = w.tf("ui-file-note", &[("size", size(file.bytes).into())]);
            view! {
                <li class="stack tight">
                    <span><a href=file.href>{file.name}</a> " " <span class="small muted">{note}</span></span>
                    {remove}
                </li>
            }
        })
        .collect_view();
    let form = (run.papers && room).then(|| paper_form(w, run.here, run.typed, run.key, (item, title)));
    view! {
        {some.then(|| view! { <ul class="meeting-papers">{rows}</ul> })}
        {form}
    }
    .into_any()
}

fn run_ballot(run: &Run<'_>, one: &BallotView) -> AnyView {
    let w = run.w;
    let action = format!("{}/ballots/{}", run.here, one.id);
    let here = format!("ballot-{}", one.id);
    let options = (one.state != BallotState::Closed).then(|| {
        let texts: Vec<String> = one.options.iter().map(|option| option.text.clone()).collect();
        view! { <p class="small">{texts.join(" / ")}</p> }
    });
    let form = match one.state {
        BallotState::Closed => None,
        _ if !run.manages => None,
        BallotState::Draft => Some(open_form(run, &action, one)),
        BallotState::Open => Some(close_form(run, &action, one)),
    };
    view! { <section class="meeting-ballot stack" id=here>{ballot::shown(w, one)} {options} {form}</section> }
        .into_any()
}

fn open_form(run: &Run<'_>, action: &str, one: &BallotView) -> AnyView {
    let w = run.w;
    let id = format!("until-{}", one.id);
    let until = (one.way != Way::Hands).then(|| {
        view! {
            <div class="field">
                <label class="label" r#for=id.clone()>{w.t("meeting-until")}" "<span class="opt">{w.t("ui-optional")}</span></label>
                <input class="input w-mid" id=id.clone() name="until" r#type="datetime-local"/>
            </div>
        }
    });
    let warning = (one.way == Way::Secret).then(|| view! { <p class="hint">{w.t("meeting-secret-warning")}</p> });
    let open = run.running.then(|| {
        view! {
            <form class="stack" method="post" action=action.to_owned()>
                {warning}
                {until}
                <Button label=w.t("meeting-ballot-open-do") weight=Weight::Primary sends=("step", "open".to_owned())/>
            </form>
        }
    });
    view! {
        {open}
        <form method="post" action=action.to_owned()>
            <Button label=w.t("meeting-ballot-remove") weight=Weight::Quiet small=true sends=("step", "remove".to_owned())/>
        </form>
    }
    .into_any()
}

fn close_form(run: &Run<'_>, action: &str, one: &BallotView) -> AnyView {
    let w = run.w;
    let counted = (one.way == Way::Hands).then(|| {
        // Another ballot of the page may be open as well: what was typed and what is wrong belong to one of them.
        let this = run.typed.get("ballot") == one.id;
        let votes = if this { run.typed.all("votes") } else { Vec::new() };
        let fields = one
            .options
            .iter()
            .enumerate()
            .map(|(number, option)| {
                let id = if this && number == 0 { "votes".to_owned() } else { format!("votes-{}-{number}", one.id) };
                let value = votes.get(number).cloned();
                view! {
                    <div class="field">
                        <label class="label" r#for=id.clone()>{option.text.clone()}</label>
                        <input class="input w-short" id=id.clone() name="votes" inputmode="numeric" required=true value=value/>
                    </div>
                }
            })
            .collect_view();
        let id = if this { "witness".to_owned() } else { format!("witness-{}", one.id) };
        let chosen = if this { run.typed.get("witness") } else { String::new() };
        let names = run
            .witnesses
            .iter()
            .map(|(id, name)| view! { <option value=id.clone() selected=*id == chosen>{name.clone()}</option> })
            .collect_view();
        let wrong = ["votes", "witness"].into_iter().filter(|_| this).filter_map(|field| run.typed.error(field));
        let wrong = wrong.map(|text| view! { <p class="error">{text}</p> }).collect_view();
        view! {
            <input type="hidden" name="ballot" value=one.id.clone()/>
            {wrong}
            <div class="cluster">{fields}</div>
            <div class="field">
                <label class="label" r#for=id.clone()>{w.t("meeting-witness")}</label>
                <select class="input" id=id.clone() name="witness" required=true>{names}</select>
            </div>
        }
    });
    view! {
        <form class="stack" method="post" action=action.to_owned()>
            {counted}
            <Button label=w.t("meeting-ballot-close-do") weight=Weight::Primary sends=("step", "close".to_owned())/>
        </form>
    }
    .into_any()
}

fn calling(
    w: Words,
    here: &str,
    writes: bool,
    (there, entitled, needed): (i64, i64, i64),
    roll: Vec<RollLine>,
) -> AnyView {
    let action = format!("{here}/roll");
    let rows = roll
        .into_iter()
        .map(|line| {
            let said = line.presence.map_or("meeting-presence-unknown", Presence::key);
            let tone = match line.presence {
                None => Tone::Neutral,
                Some(Presence::Absent) => Tone::Bad,
                Some(Presence::Late | Presence::Represented) => Tone::Info,
                Some(Presence::Present) => Tone::Ok,
            };
            let votes = (!line.votes).then(|| view! { " · " {w.t("meeting-no-vote")} });
            let name = line.name.clone();
            let member = line.id;
            let buttons = writes.then(|| {
                let buttons = Presence::ALL
                    .iter()
                    .map(|presence| {
                        let pressed = (line.presence == Some(*presence)).to_string();
                        view! {
                            <button class="button" name="presence" value=presence.code() aria-pressed=pressed>
                                {w.t(presence.key())}<span class="sr">" "{name.clone()}</span>
                            </button>
                        }
                    })
                    .collect_view();
                view! {
                    <form class="meeting-calls" method="post" action=action.clone()>
                        <input type="hidden" name="member" value=member.clone()/>
                        {buttons}
                    </form>
                }
            });
            view! {
                <li id=format!("member-{member}")>
                    <p>
                        <strong>{line.name}</strong> " " <span class="muted small">{line.seat}{votes}</span> " "
                        <Badge tone=tone word=w.t(said)/>
                    </p>
                    {buttons}
                </li>
            }
        })
        .collect_view();
    let args = [("there", there.into()), ("entitled", entitled.into()), ("needed", needed.into())];
    view! {
        <p class="hint">{w.tf("meeting-roll-quorum", &args)}</p>
        <p class="hint">{w.t("meeting-roll-hint")}</p>
        <ul class="meeting-roll">{rows}</ul>
    }
    .into_any()
}

fn minutes_part(w: Words, here: &str, id: &str, may_write: bool, minutes: MinutesPart, typed: &Typed) -> AnyView {
    let action = format!("{here}/minutes");
    let read = minutes.written.then(|| {
        view! { <LinkButton href=format!("/meetings/{id}/minutes") label=w.t("meeting-minutes-read")/> }
    });
    let label = if minutes.written { w.t("meeting-minutes-again") } else { w.t("meeting-minutes-write") };
    let write = may_write.then(|| {
        view! {
            <form method="post" action=action.clone()>
                <Button label=label sends=("step", "write".to_owned())/>
            </form>
        }
    });
    let publish = minutes.draft.map(|draft| {
        view! {
            <form class="stack" method="post" action=action.clone()>
                <input type="hidden" name="step" value="publish"/>
                <TextArea
                    w=w
                    name="summary"
                    label=w.t("meeting-summary")
                    hint=w.t("meeting-summary-hint")
                    value=typed.or("summary", draft)
                    error=typed.error("summary")
                    rows=10
                />
                <Button label=w.t("meeting-summary-publish") weight=Weight::Primary/>
            </form>
        }
    });
    let published = minutes.published.then(|| view! { <p class="note">{w.t("meeting-summary-published")}</p> });
    view! {
        <p class="muted">{minutes.said}</p>
        <div class="cluster">{read} {write}</div>
        {publish}
        {published}
    }
    .into_any()
}
