//! A resolution and what is done about it.

use super::task_badge;
use crate::{
    i18n::Words,
    meetings::{Onlooker, ResolutionState, ResolutionStep},
    ui::parts::*,
};
use leptos::prelude::*;

/// What was done or said.
pub struct NoteLine {
    /// By whom.
    pub name: String,
    /// The step.
    pub step: Option<ResolutionStep>,
    /// The words, may be empty.
    pub text: String,
    /// When, for machines.
    pub at: String,
    /// When, for people.
    pub when: String,
}

/// What `/meetings/resolutions/{id}` shows.
pub struct ResolutionPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// Where it stands.
    pub state: ResolutionState,
    /// The last day is over.
    pub late: bool,
    /// Who does it.
    pub owner: String,
    /// The last day, in words.
    pub due: String,
    /// Address and title of the session.
    pub session: (String, String),
    /// Address and code of a report about the same.
    pub report: Option<(String, String)>,
    /// The lock.
    pub version: i64,
    /// As whom the reader looks at it.
    pub who: Onlooker,
    /// What was done, the latest first.
    pub notes: Vec<NoteLine>,
    /// What was typed, for which step, and what is wrong.
    pub wrong: Option<(ResolutionStep, String, String)>,
    /// One form is one step.
    pub key: String,
}

/// The page.
pub fn resolution_page(page: ResolutionPage) -> AnyView {
    let ResolutionPage { w, id, text, state, late, owner, due, session, report, version, who, notes, wrong, key } =
        page;
    let here = format!("/meetings/resolutions/{id}");
    let (session_href, session_title) = session;
    let mut facts = vec![
        Fact::new(w.t("meeting-resolution-owner"), owner),
        Fact::new(w.t("meeting-resolution-due"), due),
        Fact::new(w.t("meeting-resolution-session"), view! { <a href=session_href>{session_title}</a> }),
    ];
    if let Some((href, code)) = report {
        facts.push(Fact::new(w.t("meeting-resolution-report"), view! { <a href=href>{code}</a> }));
    }
    let steps: Vec<ResolutionStep> =
        ResolutionStep::ALL.iter().copied().filter(|step| step.leads(state, who).is_some()).collect();
    let summary = wrong.iter().map(|(step, _, error)| (format!("text-{}", step.code()), error.clone())).collect();
    let forms = steps
        .into_iter()
        .map(|step| {
            let this = wrong.as_ref().filter(|(wrong, ..)| *wrong == step);
            let name = format!("text-{}", step.code());
            let said = this.map(|(_, said, _)| said.clone()).unwrap_or_default();
            let error = this.map(|(_, _, error)| view! { <p class="error">{error.clone()}</p> });
            let words = step.needs_words().then(|| {
                view! {
                    <div class="field">
                        <label class="label" r#for=name.clone()>{w.t("meeting-do-text")}</label>
                        {error}
                        <textarea class="input" id=name.clone() name="text" rows="3" required=true>{said}</textarea>
                    </div>
                }
            });
            let weight = if step == ResolutionStep::Drop { Weight::Danger } else { Weight::Primary };
            view! {
                <details class="more" open=this.is_some()>
                    <summary>{w.t(step.key())}</summary>
                    <div class="more-body">
                        <form class="stack" method="post" action=here.clone()>
                            <input type="hidden" name="key" value=key.clone()/>
                            <input type="hidden" name="version" value=version.to_string()/>
                            <input type="hidden" name="step" value=step.code()/>
                            {words}
                            <Button label=w.t(step.key()) weight=weight/>
                        </form>
                    </div>
                </details>
            }
        })
        .collect_view();
    let none = notes.is_empty();
    let events: Vec<Event> = notes
        .into_iter()
        .map(|note| Event {
            tone: match note.step {
                Some(ResolutionStep::Confirm) => Tone::Ok,
                Some(ResolutionStep::Return | ResolutionStep::Drop) => Tone::Warn,
                _ => Tone::Info,
            },
            at: note.at,
            when: note.when,
            title: format!("{} · {}", note.step.map_or_else(String::new, |step| w.t(step.key())), note.name),
            note: Some(note.text).filter(|text| !text.is_empty()),
            more: None,
        })
        .collect();
    view! {
        <p class="lead meeting-notes">{text}</p>
        <p class="meta">{task_badge(w, state, late)}</p>
        <Summary facts=facts/>
        <ErrorSummary w=w errors=summary/>
        {forms}
        <Section title=w.t("meeting-resolution-notes")>
            {none.then(|| view! { <p class="muted">{w.t("meeting-resolution-notes-none")}</p> })}
            <Timeline events=events/>
        </Section>
    }
    .into_any()
}
