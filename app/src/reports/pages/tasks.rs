//! The tasks of volunteers, grid workers and units at `/volunteer`: mine, near me, due soon; and the page of one.

use super::{
    Due, Happened, Shot, StepForm, due_view,
    mine::rows,
    shots,
    step::{step_forms, takes_photos},
    timeline, tone, work,
};
use crate::{
    i18n::Words,
    reports::{State, Step},
    ui::parts::*,
};
use leptos::prelude::*;

/// A task in a list.
#[derive(Clone, Debug)]
pub struct TaskRow {
    /// Where it leads.
    pub href: String,
    /// Category.
    pub title: String,
    /// Grid, building, and the place in words.
    pub place: String,
    /// The beginning of what the reporter wrote.
    pub said: String,
    /// Id of its first photo.
    pub photo: Option<String>,
    /// State.
    pub state: State,
    /// Time limit.
    pub due: Option<Due>,
    /// By when, as a time.
    pub by: Option<String>,
    /// Longitude and latitude of the place, for the phone, which alone knows where it is.
    pub at: Option<(f64, f64)>,
    /// Verification of somebody else's work, not work of one's own.
    pub verify: bool,
    /// It can be taken with one tap: number of its last event.
    pub take: Option<i64>,
}

/// What `/volunteer` shows.
pub struct TasksPage {
    /// Words.
    pub w: Words,
    /// Mine, near me, due soon.
    pub tabs: Vec<Way>,
    /// Tasks under their headings; an empty heading is none.
    pub groups: Vec<(String, Vec<TaskRow>)>,
    /// The tab that sorts by the phone's position.
    pub near: bool,
    /// What I have finished.
    pub done: Vec<super::Brief>,
}

/// The tasks of a handler.
pub fn tasks_page(page: TasksPage) -> AnyView {
    let TasksPage { w, tabs, groups, near, done } = page;
    let empty = groups.iter().all(|(_, rows)| rows.is_empty());
    let lists = groups
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(heading, rows)| {
            let rows = rows.into_iter().map(|row| task_row(w, row)).collect_view();
            let heading = (!heading.is_empty()).then(|| view! { <h2>{heading}</h2> });
            view! { <section class="section task-group">{heading}<ul class="tasks">{rows}</ul></section> }
        })
        .collect_view();
    let sort = near.then(|| {
        view! {
            <div
                class="near cluster"
                data-script="/near.js"
                data-asking=w.t("reports-position-asking")
                data-found=w.t("tasks-near-found")
                data-failed=w.t("tasks-near-failed")
                data-metres=w.t("tasks-metres")
                data-kilometres=w.t("tasks-kilometres")
            >
                <button class="button" r#type="button" hidden=true>{icon("pin")}{w.t("tasks-near-sort")}</button>
                <p class="small muted" role="status">{w.t("tasks-near-by-grid")}</p>
            </div>
        }
    });
    let done = (!done.is_empty()).then(|| {
        view! { <Section title=w.t("reports-tasks-done") optional=true>{rows(w, done)}</Section> }
    });
    view! {
        <Tabs label=w.t("tasks-tabs") ways=tabs/>
        {sort}
        {empty.then(|| view! {
            <Empty icon_name="check" title=w.t("reports-tasks-empty") text=w.t("reports-tasks-empty-text")/>
        })}
        <div class="task-lists">{lists}</div>
        {done}
    }
    .into_any()
}

fn task_row(w: Words, row: TaskRow) -> AnyView {
    let TaskRow { href, title, place, said, photo, state, due, by, at, verify, take } = row;
    let picture = match photo {
        Some(id) => {
            let src = format!("/photos/{id}/thumb");
            view! { <img class="task-photo" src=src width="88" height="88" alt="" loading="lazy"/> }.into_any()
        }
        None => view! { <span class="task-photo">{icon("report")}</span> }.into_any(),
    };
    let (longitude, latitude) = at.map(|(longitude, latitude)| (longitude.to_string(), latitude.to_string())).unzip();
    let word = if verify { w.t("reports-tasks-verify") } else { w.t(state.key()) };
    let take = take.map(|version| {
        view! {
            <form method="post" action=href.clone() class="task-take">
                <input r#type="hidden" name="version" value=version.to_string()/>
                <input r#type="hidden" name="step" value=Step::Take.code()/>
                <button class="button primary small">
                    {w.t("tasks-take")}
                    <span class="sr">" " {title.clone()}</span>
                </button>
            </form>
        }
    });
    let by = by.map(|by| view! { <span class="num">{w.tf("tasks-by", &[("when", by.into())])}</span> });
    view! {
        <li class="task" data-longitude=longitude data-latitude=latitude>
            <a class="task-link" href=href>
                {picture}
                <span class="task-main">
                    <span class="task-title">{title}</span>
                    <span class="task-place">{place} <span class="task-distance num" hidden=true></span></span>
                    <span class="task-said muted small">{said}</span>
                    <span class="task-facts small"><Badge tone=tone(state) word=word/>{by}</span>
                    {due.map(due_view)}
                </span>
            </a>
            {take}
        </li>
    }
    .into_any()
}

/// What a handler's page of a report shows.
pub struct TaskPage {
    /// Words.
    pub w: Words,
    /// The code.
    pub code: String,
    /// State.
    pub state: State,
    /// Number of the last event.
    pub version: i64,
    /// Time limit, while it is open.
    pub due: Option<Due>,
    /// Why a step is not possible: a sentence.
    pub trouble: Option<String>,
    /// Term and words, in order.
    pub facts: Vec<(String, String)>,
    /// The reporter's words.
    pub description: String,
    /// Photos of the problem.
    pub before: Vec<Shot>,
    /// Photos of how it looks after the work.
    pub after: Vec<Shot>,
    /// Steps that are possible now.
    pub steps: Vec<StepForm>,
    /// Timeline, newest first.
    pub events: Vec<Happened>,
}

/// A handler's page of a report.
pub fn task_page(page: TaskPage) -> AnyView {
    let TaskPage { w, code, state, version, due, trouble, facts, description, before, after, steps, events } = page;
    let none_yet = (before.is_empty() && after.is_empty() && takes_photos(&steps))
        .then(|| view! { <p class="small muted">{w.t("tasks-no-before")}</p> });
    let photos = match (before.first(), after.split_last()) {
        (Some(first), Some((last, earlier))) => {
            let pair = ((first.photo(w, 1), w.t("reports-before")), (last.photo(w, 1), w.t("reports-after")));
            let others: Vec<_> = shots(w, &before).into_iter().skip(1).chain(shots(w, earlier)).collect();
            let others = (!others.is_empty()).then(|| view! { <Thumbs photos=others/> });
            view! { <BeforeAfter before=pair.0 after=pair.1/>{others} }.into_any()
        }
        _ => {
            let photos: Vec<_> = shots(w, &before).into_iter().chain(shots(w, &after)).collect();
            (!photos.is_empty()).then(|| view! { <Thumbs photos=photos/> }).into_any()
        }
    };
    let action = format!("/volunteer/reports/{code}");
    let work = (!steps.is_empty()).then(|| step_forms(w, &action, version, steps, (&[], &[])));
    view! {
        {work::trouble_note(trouble)}
        <p class="meta"><Badge tone=tone(state) word=w.t(state.key())/></p>
        {due.map(due_view)}
        <p class="say">{description}</p>
        {photos}
        {none_yet}
        <Summary facts=work::fact_list(facts)/>
        {work}
        <Section title=w.t("reports-timeline")>
            <Timeline events=timeline(w, events)/>
        </Section>
    }
    .into_any()
}
