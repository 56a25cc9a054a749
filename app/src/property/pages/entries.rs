//! A credit entry, for staff and for its company.

use super::{EntryRow, Errors, Part, entry_table, photos::evidence as pictures, source_key, state, summary, tabs};
use crate::{
    i18n::Words,
    property::{
        TEXT_MAX,
        credit::{State, Step},
    },
    ui::parts::*,
};
use leptos::prelude::*;

/// The list of entries for staff.
pub fn list(w: Words, current: &str, rows: Vec<EntryRow>) -> AnyView {
    let mut ways = vec![Way::new("/staff/property/entries", w.t("property-all"), current.is_empty())];
    ways.extend(State::ALL.into_iter().map(|state| {
        let code = state.code();
        Way::new(format!("/staff/property/entries?state={code}"), w.t(state.key()), code == current)
    }));
    view! {
        {tabs(w, Part::Entries)}
        <Chips label=w.t("property-column-state") ways=ways/>
        {entry_table(w, w.t("property-entries"), rows)}
    }
    .into_any()
}

/// What the page of an entry shows.
pub struct EntryPage {
    /// Words.
    pub w: Words,
    /// Where its forms go.
    pub here: String,
    /// Name and page of its company.
    pub company: (String, Option<String>),
    /// Name of the estate; empty: the company as a whole.
    pub estate: String,
    /// Code of the source.
    pub source: String,
    /// Rule and reason.
    pub basis: String,
    /// Evidence.
    pub evidence: String,
    /// Ids of photos as evidence.
    pub photos: Vec<String>,
    /// Where further photos go, for whoever may add some now.
    pub add_photos: Option<String>,
    /// Code and page of reports.
    pub reports: Vec<(String, String)>,
    /// Points now, and as proposed.
    pub points: (i64, i64),
    /// Leads to the black list by itself.
    pub severe: bool,
    /// From when to when it counts, in words.
    pub valid: String,
    /// Where it stands.
    pub state: State,
    /// Last day for an answer, in words.
    pub answer_due: String,
    /// Last day for an appeal, in words; may be empty.
    pub appeal_due: String,
    /// Its steps.
    pub events: Vec<Event>,
    /// Steps that the reader may take now.
    pub steps: Vec<Step>,
    /// Why they may not, in words.
    pub hindrance: Option<String>,
    /// The version that a step is for.
    pub version: i64,
    /// What was typed: step, text, points.
    pub typed: [String; 3],
    /// What is wrong.
    pub errors: Errors,
}

fn label(w: Words, step: Step) -> String {
    w.t(match step {
        Step::Propose => "property-do-propose",
        Step::Answer => "property-do-answer",
        Step::Publish => "property-do-publish",
        Step::Drop => "property-do-drop",
        Step::Appeal => "property-do-appeal",
        Step::Uphold => "property-do-uphold",
        Step::Change => "property-do-change",
        Step::Revoke => "property-do-revoke",
    })
}

fn note(w: Words, step: Step) -> String {
    w.t(match step {
        Step::Propose | Step::Publish => "property-note-publish",
        Step::Drop => "property-note-drop",
        Step::Answer => "property-note-answer",
        Step::Appeal => "property-note-appeal",
        Step::Uphold => "property-note-uphold",
        Step::Change => "property-note-change",
        Step::Revoke => "property-note-revoke",
    })
}

fn form(
    w: Words,
    here: String,
    steps: &[Step],
    version: i64,
    [step, text, points]: [String; 3],
    errors: &Errors,
) -> AnyView {
    let choices = steps.iter().map(|step| Choice::new(step.code(), label(w, *step)).note(note(w, *step))).collect();
    let chosen =
        if step.is_empty() { steps.first().map(|step| step.code().to_owned()).unwrap_or_default() } else { step };
    let changes = steps.contains(&Step::Change);
    view! {
        <form class="stack" method="post" action=here>
            <input type="hidden" name="version" value=version.to_string()/>
            <RadioField name="step" legend=w.t("property-step-legend") choices=choices value=chosen/>
            <TextArea w=w name="text" label=w.t("property-step-text") hint=w.t("property-step-text-hint") value=text maxlength=u32::try_from(TEXT_MAX).unwrap_or(1000) error=errors.get("text").cloned()/>
            {changes.then(|| view! {
                <TextField w=w name="points" label=w.t("property-step-points") hint=w.t("property-step-points-hint") value=points optional=true width="w-short" error=errors.get("points").cloned()/>
            })}
            <Button label=w.t("property-step-do") weight=Weight::Primary/>
        </form>
    }
    .into_any()
}

/// The page of an entry.
pub fn one(page: EntryPage) -> AnyView {
    let w = page.w;
    let (now, first) = page.points;
    let company = match page.company {
        (name, Some(href)) => view! { <a href=href>{name}</a> }.into_any(),
        (name, None) => name.into_any(),
    };
    let points = match now == first {
        true => format!("{now:+}"),
        false => w.tf(
            "property-points-changed",
            &[("now", format!("{now:+}").into()), ("first", format!("{first:+}").into())],
        ),
    };
    let severe = page.severe.then(|| view! { " " <Badge tone=Tone::Bad word=w.t("property-severe")/> });
    let estate = if page.estate.is_empty() { w.t("property-whole-company") } else { page.estate };
    let mut facts = vec![
        Fact::new(w.t("property-column-company"), company),
        Fact::new(w.t("property-entry-estate"), estate),
        Fact::new(w.t("property-column-points"), view! { <span class="num">{points}</span>{severe} }),
        Fact::new(w.t("property-column-valid"), page.valid),
        Fact::new(w.t("property-entry-source"), w.t(source_key(&page.source))),
    ];
    if page.state == State::Proposed {
        facts.push(Fact::new(w.t("property-answer-due"), page.answer_due));
    }
    if page.state == State::Published {
        facts.push(Fact::new(w.t("property-appeal-due"), page.appeal_due));
    }
    let reports =
        page.reports.into_iter().map(|(code, href)| view! { <li><a href=href>{code}</a></li> }).collect::<Vec<_>>();
    let revoked = page.state == State::Revoked;
    let errors = summary(&page.errors);
    let wrong = page.errors.get("photos").cloned();
    let photos = pictures(w, page.photos, page.add_photos, "photos".to_owned(), wrong);
    let deciding = (!page.steps.is_empty()).then(|| {
        let form = form(w, page.here, &page.steps, page.version, page.typed, &page.errors);
        view! { <Section title=w.t("property-decide")>{form}</Section> }
    });
    let (basis, evidence, events) = (page.basis, page.evidence, page.events);
    view! {
        <ErrorSummary w=w errors=errors/>
        <p class="meta">{state(w, page.state)}</p>
        {revoked.then(|| view! { <Note><p>{w.t("property-revoked-note")}</p></Note> })}
        <Summary facts=facts/>
        <Section title=w.t("property-entry-basis")><p class="property-text">{basis}</p></Section>
        <Section title=w.t("property-entry-evidence")>
            <p class="property-text">{evidence}</p>
            {(!reports.is_empty()).then(|| view! { <ul class="property-reasons">{reports}</ul> })}
            {photos}
        </Section>
        {page.hindrance.map(|text| view! { <Note tone=Tone::Warn><p>{text}</p></Note> })}
        {deciding}
        <Section title=w.t("property-events")><Timeline events=events/></Section>
    }
    .into_any()
}
