//! `/staff/reports/hours`: when an organisation works, what that does to open deadlines, and who takes it from whom.

use crate::{
    i18n::Words,
    reports::hours::MOST_PARTS,
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// An organisation and its hours.
pub struct HoursRow {
    /// Where its form is.
    pub href: String,
    /// Name.
    pub name: String,
    /// The parts of its working day.
    pub hours: String,
    /// Its own, or whose.
    pub from: String,
}

/// A report whose deadline moves.
pub struct MovedRow {
    /// Where it leads.
    pub href: String,
    /// Code and category.
    pub title: String,
    /// Deadline now.
    pub before: String,
    /// Deadline then.
    pub after: String,
    /// It would be overdue at once.
    pub late: bool,
}

/// What a change does.
pub struct HoursEffect {
    /// In a sentence.
    pub sum: String,
    /// The first of those that move.
    pub rows: Vec<MovedRow>,
}

/// What the page shows.
pub struct HoursPage {
    /// Words.
    pub w: Words,
    /// Organisations that can be chosen.
    pub rows: Vec<HoursRow>,
    /// Code and name of the one chosen.
    pub at: (String, String),
    /// The hours that the form began with, to notice somebody else's change.
    pub seen: String,
    /// It has hours of its own.
    pub own: bool,
    /// What applies without: hours and whose.
    pub inherited: String,
    /// Opening and closing time of each row.
    pub typed: Vec<(String, String)>,
    /// Field and words.
    pub errors: Vec<(String, String)>,
    /// Somebody else was quicker.
    pub trouble: Option<String>,
    /// What the change does, after it was asked.
    pub effect: Option<HoursEffect>,
}

const HOURS: &str = "/staff/reports/hours";

/// The page.
pub fn hours_page(page: HoursPage) -> AnyView {
    let HoursPage { w, rows, at, seen, own, inherited, mut typed, errors, trouble, effect } = page;
    typed.resize(MOST_PARTS, Default::default());
    let parts = typed
        .into_iter()
        .enumerate()
        .map(|(n, (opens, closes))| {
            let name = if n == 0 { "opens".to_owned() } else { format!("opens-{n}") };
            let error = errors.iter().find(|(field, _)| *field == name).map(|(_, words)| words.clone());
            let part = w.tf("hours-part", &[("n", (n + 1).into())]);
            let invalid = error.is_some().then_some("");
            let described = error.is_some().then(|| format!("{name}-error"));
            let label = |key: &str| format!("{part} {}", w.t(key));
            view! {
                <div class="field" data-invalid=invalid>
                    <label class="label" r#for=name.clone()>{part.clone()}</label>
                    {error.map(|words| view! { <p class="error" id=format!("{name}-error")>{words}</p> })}
                    <div class="hours-part">
                        <input class="input" r#type="time" id=name.clone() name="opens" value=opens aria-label=label("hours-opens") aria-describedby=described.clone()/>
                        <span aria-hidden="true">"–"</span>
                        <input class="input" r#type="time" name="closes" value=closes aria-label=label("hours-closes") aria-describedby=described/>
                    </div>
                </div>
            }
        })
        .collect_view();
    let choices = vec![
        Choice::new("0", w.t("hours-inherit")).note(inherited),
        Choice::new("1", w.t("hours-own")).note(w.t("hours-own-note")),
    ];
    let shown = effect.map(|effect| effect_view(w, effect));
    let save = if shown.is_some() {
        view! {
            <Buttons>
                <Button label=w.t("hours-save") weight=Weight::Primary sends=("act", "save".to_owned())/>
                <Button label=w.t("hours-look-again") sends=("act", "look".to_owned())/>
            </Buttons>
        }
        .into_any()
    } else {
        view! { <Buttons><Button label=w.t("hours-look") weight=Weight::Primary sends=("act", "look".to_owned())/></Buttons> }
            .into_any()
    };
    let table = rows
        .into_iter()
        .map(|row| {
            vec![
                Cell::new(view! { <a href=row.href>{row.name}</a> }),
                Cell::new(view! { <span class="num">{row.hours}</span> }),
                Cell::new(row.from),
            ]
        })
        .collect();
    let columns = ["hours-column-place", "hours-column-hours", "hours-column-from"].map(|key| w.t(key)).to_vec();
    view! {
        <p class="lead">{w.t("hours-lead")}</p>
        <ErrorSummary w=w errors=errors.clone()/>
        {trouble.map(|words| view! { <div role="alert"><Note tone=Tone::Warn><p>{words}</p></Note></div> })}
        <section class="section card" id="form">
            <h2>{at.1}</h2>
            <form method="post" action=HOURS class="form">
                <input r#type="hidden" name="at" value=at.0/>
                <input r#type="hidden" name="seen" value=seen/>
                <RadioField name="own" legend=w.t("hours-which") choices=choices value=if own { "1" } else { "0" }/>
                <div class="hours-parts">{parts}</div>
                <p class="hint">{w.t("hours-urgent")}</p>
                {shown}
                {save}
            </form>
        </section>
        <Section title=w.t("hours-all")>
            <Table caption=w.t("hours-all-caption") columns=columns rows=table/>
        </Section>
    }
    .into_any()
}

fn effect_view(w: Words, effect: HoursEffect) -> AnyView {
    let columns = ["hours-column-report", "hours-column-before", "hours-column-after"].map(|key| w.t(key)).to_vec();
    let any = !effect.rows.is_empty();
    let rows = effect
        .rows
        .into_iter()
        .map(|row| {
            let late = row.late.then(|| view! { " "<Badge tone=Tone::Bad word=w.t("hours-late")/> });
            vec![
                Cell::new(view! { <a href=row.href>{row.title}</a> }),
                Cell::new(row.before),
                Cell::new(view! { {row.after}{late} }),
            ]
        })
        .collect();
    view! {
        <div class="stack tight" role="status">
            <h3>{w.t("hours-effect")}</h3>
            <p class="say">{effect.sum}</p>
            {any.then(|| view! { <Table caption=w.t("hours-effect-caption") columns=columns rows=rows/> })}
        </div>
    }
    .into_any()
}
