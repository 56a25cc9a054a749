//! On the page of a report, for whoever filed it: what they may do now. Answer a question, add words and photos, say
//! that it is solved or not, rate it, take it back. Every form works without JavaScript; which of them stand there, the
//! table in `reports::life` says.

use super::form::photo_field;
use crate::{
    i18n::Words,
    reports::{MAX_TEXT, Step},
    ui::parts::*,
    windows::queue::stars_key,
};
use leptos::prelude::*;

/// What was sent and not taken.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The step that was asked for.
    pub step: Step,
    /// Words typed.
    pub text: String,
    /// Stars chosen.
    pub stars: String,
    /// Ids of photos that are there already.
    pub photos: Vec<String>,
    /// Field and words.
    pub errors: Vec<(String, String)>,
}

/// What it shows.
pub struct ReporterBox {
    /// Words.
    pub w: Words,
    /// Where the forms go.
    pub action: String,
    /// Number of the last event.
    pub version: i64,
    /// The reporter's steps that are possible now.
    pub steps: Vec<Step>,
    /// What staff asked, while it waits for an answer.
    pub question: Option<String>,
    /// Until when it can be reopened.
    pub reopen_until: Option<String>,
    /// What was sent and not taken.
    pub typed: Option<Typed>,
}

/// Name of the field with the words of a step: each form on the page has one of its own.
pub fn text_field(step: Step) -> &'static str {
    match step {
        Step::Answer => "answer",
        Step::Add => "more",
        Step::Reopen => "unsolved",
        Step::Rate => "opinion",
        _ => "why",
    }
}

/// Whether the forms for these steps take photos: only then does the page need its island.
pub fn reporter_takes_photos(steps: &[Step]) -> bool {
    steps.iter().any(|step| brings_photos(*step))
}

fn brings_photos(step: Step) -> bool {
    matches!(step, Step::Answer | Step::Add | Step::Reopen)
}

impl ReporterBox {
    fn has(&self, step: Step) -> bool {
        self.steps.contains(&step)
    }

    fn typed(&self, step: Step) -> Option<&Typed> {
        self.typed.as_ref().filter(|typed| typed.step == step)
    }

    fn error(&self, step: Step, field: &str) -> Option<String> {
        let typed = self.typed(step)?;
        typed.errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone())
    }

    /// The form of a step, with its words, its photos and its button.
    fn form(&self, step: Step, label: String, hint: Option<String>, weight: Weight) -> AnyView {
        let w = self.w;
        let name = text_field(step);
        let typed = self.typed(step);
        let text = (step != Step::Confirm).then(|| {
            view! {
                <TextArea
                    w=w
                    name=name
                    label=label
                    hint=hint
                    value=typed.map(|typed| typed.text.clone()).unwrap_or_default()
                    error=self.error(step, name)
                    optional=!step.needs_reason()
                    maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                    rows=3
                />
            }
        });
        let photos = brings_photos(step).then(|| {
            let there = typed.map(|typed| typed.photos.clone()).unwrap_or_default();
            let troubles = self.error(step, "photos").into_iter().collect();
            photo_field(w, &there, troubles, w.t("reports-mine-photos"), None)
        });
        let stars = (step == Step::Rate).then(|| {
            let choices = (1..=5).rev().map(|n: i64| Choice::new(n.to_string(), w.t(stars_key(n)))).collect::<Vec<_>>();
            view! {
                <RadioField
                    name="stars"
                    legend=w.t("reports-mine-rate-how")
                    choices=choices
                    value=typed.map(|typed| typed.stars.clone()).unwrap_or_default()
                    error=self.error(step, "stars")
                />
            }
        });
        view! {
            <form method="post" action=self.action.clone() enctype="multipart/form-data" class="form">
                // The first button of a form is what the Enter key presses.
                <button class="sr" tabindex="-1" aria-hidden="true">{w.t(step.button_key())}</button>
                <input r#type="hidden" name="step" value=step.code()/>
                <input r#type="hidden" name="version" value=self.version.to_string()/>
                {stars}
                {text}
                {photos}
                <Buttons><Button label=w.t(step.button_key()) weight=weight/></Buttons>
            </form>
        }
        .into_any()
    }

    /// The same behind a button that opens it; open when something in it is to be put right.
    fn fold(&self, step: Step, about: Option<String>, form: AnyView) -> AnyView {
        let open = self.typed(step).is_some();
        let class = if step == Step::Withdraw { "button danger" } else { "button" };
        view! {
            <details class="confirm" open=open id=format!("do-{}", step.code())>
                <summary class=class>{self.w.t(step.button_key())}</summary>
                <div class="card">
                    {about.map(|about| view! { <p>{about}</p> })}
                    {form}
                </div>
            </details>
        }
        .into_any()
    }
}

/// The forms, the one that is waited for first.
pub fn reporter_box(page: &ReporterBox) -> AnyView {
    let w = page.w;
    if page.steps.is_empty() {
        return ().into_any();
    }
    let answer = page.has(Step::Answer).then(|| {
        let form = page.form(Step::Answer, w.t("reports-mine-answer"), None, Weight::Primary);
        let question = page.question.clone().map(|text| view! { <p class="say">{text}</p> });
        view! {
            <section class="card waits" aria-labelledby="do-answer-title">
                <h2 id="do-answer-title">{w.t("reports-mine-question")}</h2>
                {question}
                {form}
            </section>
        }
    });
    let reopen = page.has(Step::Reopen).then(|| {
        let form = page.form(
            Step::Reopen,
            w.t("reports-mine-unsolved"),
            Some(w.t("reports-mine-unsolved-hint")),
            Weight::Primary,
        );
        let until = page.reopen_until.clone();
        let about = until.map(|until| w.tf("reports-mine-reopen-until", &[("until", until.into())]));
        page.fold(Step::Reopen, about, form)
    });
    let rate = page.has(Step::Rate).then(|| {
        page.form(Step::Rate, w.t("reports-mine-rate-why"), Some(w.t("reports-mine-rate-why-hint")), Weight::Plain)
    });
    let over = if page.has(Step::Confirm) {
        // One question first; the rating waits behind its button.
        let confirm = page.form(Step::Confirm, String::new(), None, Weight::Primary);
        let rate = rate.map(|form| page.fold(Step::Rate, None, form));
        view! {
            <section class="card waits" aria-labelledby="do-confirm-title">
                <h2 id="do-confirm-title">{w.t("reports-mine-solved")}</h2>
                {confirm}
                {reopen}
            </section>
            {rate}
        }
        .into_any()
    } else {
        let rate = rate.map(|form| {
            view! {
                <section class="card" aria-labelledby="do-rate-title">
                    <h2 id="do-rate-title">{w.t("reports-mine-rate")}</h2>
                    {form}
                </section>
            }
        });
        view! { {rate} {reopen} }.into_any()
    };
    let add = page.has(Step::Add).then(|| {
        let form = page.form(Step::Add, w.t("reports-mine-add"), None, Weight::Primary);
        page.fold(Step::Add, None, form)
    });
    let withdraw = page.has(Step::Withdraw).then(|| {
        let form = page.form(Step::Withdraw, w.t("reports-withdraw-reason"), None, Weight::Danger);
        page.fold(Step::Withdraw, Some(w.t("reports-withdraw-text")), form)
    });
    view! { <div class="stack" id="do">{answer}{over}{add}{withdraw}</div> }.into_any()
}
