//! `/staff/reports/answers`: answers that staff send often, of an organisation and of those above it.

use crate::{
    i18n::Words,
    reports::{
        MAX_TEXT, Step,
        answers::{AnswerForm, MAX_TITLE, Slot, steps},
    },
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// An answer in the list.
pub struct AnswerRow {
    /// Id.
    pub id: String,
    /// The step it is for.
    pub step: Step,
    /// What lists call it.
    pub title: String,
    /// The text.
    pub text: String,
    /// Whose it is, when it comes from above: it cannot be changed here.
    pub above: Option<String>,
    /// There is one of the same step before it.
    pub can_rise: bool,
}

/// What the page shows.
pub struct AnswersPage {
    /// Words.
    pub w: Words,
    /// Organisations that can be chosen.
    pub places: Vec<Way>,
    /// Code of the one chosen.
    pub at: String,
    /// Own answers and those from above, by step and in their order.
    pub rows: Vec<AnswerRow>,
    /// Id of the one that is being changed; empty for a new one.
    pub id: String,
    /// What it was when the form began, to notice somebody else's change.
    pub seen: String,
    /// What is in the form.
    pub form: AnswerForm,
    /// Field and words.
    pub errors: Vec<(String, String)>,
    /// Somebody else was quicker.
    pub trouble: Option<String>,
    /// The text with the places of an example filled.
    pub example: Option<String>,
}

const ANSWERS: &str = "/staff/reports/answers";

/// The page.
pub fn answers_page(page: AnswersPage) -> AnyView {
    let AnswersPage { w, places, at, rows, id, seen, form, errors, trouble, example } = page;
    let empty = rows.is_empty();
    let mut groups: Vec<(Step, Vec<AnswerRow>)> = Vec::new();
    for row in rows {
        match groups.last_mut().filter(|(step, _)| *step == row.step) {
            Some((_, group)) => group.push(row),
            None => groups.push((row.step, vec![row])),
        }
    }
    let columns = ["answers-column-title", "answers-column-text", "answers-column-do"].map(|key| w.t(key)).to_vec();
    let lists = groups
        .into_iter()
        .map(|(step, group)| {
            let name = w.t(step.button_key());
            let rows = group.into_iter().map(|row| cells(w, &at, row)).collect();
            let columns = columns.clone();
            view! {
                <Section title=name.clone()>
                    <Table caption=w.tf("answers-caption", &[("step", name.into())]) columns=columns rows=rows/>
                </Section>
            }
        })
        .collect_view();
    let error = |field: &str| errors.iter().find(|(name, _)| name == field).map(|(_, words)| words.clone());
    let options = std::iter::once((String::new(), w.t("answers-step-none")))
        .chain(steps().map(|step| (step.code().to_owned(), w.t(step.button_key()))))
        .collect::<Vec<_>>();
    let names = Slot::ALL
        .into_iter()
        .map(|slot| {
            let (zh, en) = slot.names();
            format!("{{{}}}", w.pick(zh, en))
        })
        .collect::<Vec<_>>()
        .join(" ");
    let most = u32::try_from(MAX_TEXT).unwrap_or(1000);
    let changes = !id.is_empty();
    let title = if changes { w.t("answers-change") } else { w.t("answers-add") };
    let back = changes.then(|| {
        view! { <LinkButton href=format!("{ANSWERS}?at={at}") label=w.t("answers-change-not") weight=Weight::Quiet/> }
    });
    let example = example.map(|text| {
        view! { <div class="message-preview"><p class="meta">{w.t("answers-example")}</p><p>{text}</p></div> }
    });
    view! {
        <p class="lead">{w.t("answers-lead")}</p>
        {(places.len() > 1).then(|| view! { <Chips label=w.t("answers-place") ways=places/> })}
        <ErrorSummary w=w errors=errors.clone()/>
        {trouble.map(|words| view! { <div role="alert"><Note tone=Tone::Warn><p>{words}</p></Note></div> })}
        {empty.then(|| view! { <p class="muted">{w.t("answers-empty")}</p> })}
        {lists}
        <section class="section card" id="form">
            <h2>{title.clone()}</h2>
            <form method="post" action=ANSWERS class="form">
                <input r#type="hidden" name="at" value=at/>
                <input r#type="hidden" name="id" value=id/>
                <input r#type="hidden" name="seen" value=seen/>
                <SelectField w=w name="step" label=w.t("answers-step") options=options value=form.step error=error("step")/>
                <TextField w=w name="title" label=w.t("answers-title") hint=w.t("answers-title-hint") value=form.title error=error("title") maxlength=u32::try_from(MAX_TITLE).unwrap_or(30)/>
                <TextArea w=w name="text" label=w.t("answers-text") hint=w.tf("answers-slots", &[("names", names.into())]) value=form.text error=error("text") maxlength=most rows=3/>
                <TextArea w=w name="text_en" label=w.t("answers-text-en") value=form.text_en error=error("text_en") optional=true maxlength=most rows=3/>
                {example}
                <div class="buttons">
                    <Button label=w.t("answers-save") weight=Weight::Primary sends=("act", "save".to_owned())/>
                    <button class="button quiet" name="act" value="look">{w.t("answers-look")}</button>
                    {back}
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn cells(w: Words, at: &str, row: AnswerRow) -> Vec<Cell> {
    let AnswerRow { id, title, text, above, can_rise, .. } = row;
    let tools = match above {
        Some(name) => view! { <span class="muted">{w.tf("answers-from", &[("name", name.into())])}</span> }.into_any(),
        None => {
            let label = |key: &str| format!("{} {title}", w.t(key));
            let rise = can_rise.then(|| {
                view! {
                    <button class="button small" name="act" value="up" aria-label=label("answers-up")>{w.t("answers-up")}</button>
                }
            });
            view! {
                <form method="post" action=ANSWERS class="cluster">
                    <input r#type="hidden" name="at" value=at.to_owned()/>
                    <input r#type="hidden" name="id" value=id.clone()/>
                    <a class="button small" href=format!("{ANSWERS}?at={at}&edit={id}#form") aria-label=label("answers-edit")>{w.t("answers-edit")}</a>
                    {rise}
                    <button class="button small" name="act" value="remove" aria-label=label("answers-remove")>{w.t("answers-remove")}</button>
                </form>
            }
            .into_any()
        }
    };
    vec![Cell::new(title.clone()), Cell::new(view! { <span class="answer-text">{text}</span> }), Cell::new(tools)]
}
