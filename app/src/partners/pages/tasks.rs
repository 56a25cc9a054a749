//! Tasks of agreements for staff.

use super::parts::Typed;
use crate::{
    i18n::Words,
    partners::{TaskState, Whose, agreement::DueIn},
    ui::parts::*,
};
use leptos::prelude::*;

/// A task in a list.
pub struct TaskRow {
    /// Id.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// With whom, where the list has tasks of several agreements.
    pub partner: Option<String>,
    /// Who does it.
    pub whose: Whose,
    /// The day, in words.
    pub due: String,
    /// How its time stands.
    pub due_in: DueIn,
    /// Where it stands.
    pub state: TaskState,
    /// What was done or why not, by whom.
    pub note: String,
    /// Its photo: small form and whole picture.
    pub photo: Option<Photo>,
}

fn task_badge(w: Words, row: &TaskRow) -> AnyView {
    let (tone, word) = match (row.state, row.due_in) {
        (TaskState::Done, _) => (Tone::Ok, w.t(TaskState::Done.key())),
        (TaskState::Dropped, _) => (Tone::Neutral, w.t(TaskState::Dropped.key())),
        (_, DueIn::Late(days)) => (Tone::Bad, w.tf("partners-task-late", &[("days", days.into())])),
        (_, DueIn::Soon(0)) => (Tone::Warn, w.t("partners-task-today")),
        (_, DueIn::Soon(days)) => (Tone::Warn, w.tf("partners-task-soon", &[("days", days.into())])),
        _ => (Tone::Info, w.t(TaskState::Open.key())),
    };
    view! { <Badge tone=tone word=word/> }.into_any()
}

/// Tasks as rows that lead to them.
pub(super) fn task_list(w: Words, rows: Vec<TaskRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let badge = task_badge(w, &row);
            let mut note = w.tf("partners-task-note", &[("day", row.due.into()), ("whose", w.t(row.whose.key()).into())]);
            for more in [row.partner, Some(row.note).filter(|note| !note.is_empty())].into_iter().flatten() {
                note = format!("{note} · {more}");
            }
            view! {
                <Item w=w href=format!("/staff/partners/tasks/{}", row.id) title=row.title note=note thumb=row.photo.map(|photo| photo.thumb)>
                    {badge}
                </Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

/// The page of a task.
pub struct TaskPage {
    /// Words.
    pub w: Words,
    /// The task.
    pub row: TaskRow,
    /// Id and title of its agreement.
    pub agreement: (String, String),
    /// The lock.
    pub version: i64,
    /// What was typed.
    pub typed: Typed,
}

/// The page of a task: done with a note and a photo, dropped with a reason, or opened again.
pub fn task_page(page: TaskPage) -> AnyView {
    let TaskPage { w, row, agreement, version, typed } = page;
    let here = format!("/staff/partners/tasks/{}", row.id);
    let badge = task_badge(w, &row);
    let href = format!("/staff/partners/agreements/{}", agreement.0);
    let facts = vec![
        Fact::new(w.t("partners-agreement"), view! { <a href=href>{agreement.1}</a> }),
        Fact::new(w.t("partners-task-whose"), w.t(row.whose.key())),
        Fact::new(w.t("partners-task-due"), row.due.clone()),
        Fact::new(w.t("partners-agreement-state"), badge),
    ];
    let note = (!row.note.is_empty()).then(|| view! { <p>{row.note.clone()}</p> });
    let photo = row.photo.clone().map(|photo| view! { <Thumbs photos=vec![photo]/> });
    let version = version.to_string();
    let forms = if row.state == TaskState::Open {
        let done = view! {
            <form class="stack" method="post" action=here.clone() enctype="multipart/form-data">
                <input type="hidden" name="version" value=version.clone()/>
                <input type="hidden" name="state" value="done"/>
                {typed.text(w, "note", "partners-task-note-field", true)}
                {typed.error("photo").map(|text| view! { <p class="error" id="photo-error">{text}</p> })}
                <PhotoInput name="photo" label=w.t("partners-task-photo") multiple=false/>
                <Buttons><Button label=w.t("partners-task-done-do") weight=Weight::Primary icon_name="check"/></Buttons>
            </form>
        }
        .into_any();
        let drop = view! {
            <details class="more" open=typed.any_wrong(&["reason"])>
                <summary>{w.t("partners-task-drop")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=here enctype="multipart/form-data">
                        <input type="hidden" name="version" value=version/>
                        <input type="hidden" name="state" value="dropped"/>
                        {typed.line(w, "reason", "partners-reason", false)}
                        <Buttons><Button label=w.t("partners-task-drop") weight=Weight::Danger/></Buttons>
                    </form>
                </div>
            </details>
        }
        .into_any();
        view! { <Section title=w.t("partners-task-done-title")>{done}</Section>{drop} }.into_any()
    } else {
        view! {
            <form method="post" action=here enctype="multipart/form-data">
                <input type="hidden" name="version" value=version/>
                <input type="hidden" name="state" value="open"/>
                <Button label=w.t("partners-task-reopen")/>
            </form>
        }
        .into_any()
    };
    view! { {typed.summary(w)}<Facts facts=facts/>{note}{photo}{forms} }.into_any()
}
