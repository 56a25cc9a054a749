//! The forms of steps on a page of a report: which stand open, with what was typed, and what is said when a step was not
//! taken.

use crate::{
    auth::Actor,
    http::{Ctx, Error},
    reports::{
        answers,
        events::{self, Event},
        extensions,
        steps::{self, StepError, Wanted},
        store::{Report, instant},
        view,
    },
};
use app::{
    i18n::Words,
    people::{Action, Role},
    reports::{
        Step,
        life::{self, Relation},
        pages::StepForm,
    },
    time,
    windows::queue::stars_key,
};
use axum::http::StatusCode;

/// What a page shows of a step that was asked for.
#[derive(Default)]
pub struct Open {
    pub(super) step: Option<Step>,
    pub(super) wanted: Option<Wanted>,
    pub(super) errors: Vec<(String, String)>,
    pub(super) trouble: Option<String>,
    pub(super) status: StatusCode,
    /// Id of an answer that is to be put into the words.
    pub(super) answer: String,
    /// Name and number of a caller who was looked at.
    pub(super) caller: Option<(String, String)>,
}

impl Open {
    /// A page on which a step's form stands open.
    pub fn at(step: Option<Step>) -> Open {
        Open { step, ..Open::default() }
    }

    /// A page that shows a step's form again with what was typed; with mistakes it is a 422.
    pub fn again(wanted: Wanted, errors: Vec<(String, String)>) -> Open {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Open { step: Some(wanted.step), wanted: Some(wanted), errors, status, ..Open::default() }
    }

    /// The same with a sentence on top.
    #[must_use]
    pub fn note(mut self, text: String) -> Open {
        self.trouble = Some(text);
        self
    }

    /// The sentence on top, taken out, and the status.
    pub fn say(&mut self) -> (Option<String>, StatusCode) {
        (self.trouble.take(), self.status)
    }
}

/// The steps that a person may take now, with what they typed.
pub async fn forms(
    ctx: &Ctx,
    actor: &Actor,
    report: &Report,
    open: &Open,
) -> std::result::Result<Vec<StepForm>, Error> {
    let relation = Relation {
        reporter: false,
        owner: report.owner_id.as_deref() == Some(&actor.id),
        handled: events::has_handled(&ctx.app.db, &report.id, &actor.id).await?,
    };
    let in_scope = |role: Role, step: Step| {
        actor.grants.iter().any(|grant| {
            grant.role == role && (report.path.starts_with(&grant.path) || step.action() == Some(Action::ReportHandle))
        })
    };
    let past = steps::past(&ctx.app.db, report, ctx.now).await?;
    let asked = extensions::waiting(&ctx.app.db, &report.id).await?;
    let canned = answers::at(&ctx.app.db, &report.path).await?;
    let values = answers::values(ctx.w, report, ctx.now);
    let steps = Step::ALL.into_iter().filter(|step| {
        step.action().is_some()
            && life::next(report.state(), *step).is_some()
            && life::obstacle(*step, past).is_none()
            && Role::ALL.into_iter().any(|role| life::may(role, relation, *step) && in_scope(role, *step))
    });
    Ok(steps
        .map(|step| {
            let typed = open.wanted.as_ref().filter(|wanted| wanted.step == step);
            let own_answers = answers::for_step(ctx.w, &canned, step, &values);
            let text = typed.map(|wanted| wanted.text.clone()).unwrap_or_default();
            let text = if typed.is_some() { answers::insert_into(&text, &own_answers, &open.answer) } else { text };
            StepForm {
                step,
                message: view::message(ctx.w, report, step, &text, &values),
                answers: own_answers,
                text,
                internal: typed.map(|wanted| wanted.internal.clone()).unwrap_or_default(),
                to: typed.map(|wanted| wanted.to.clone()).unwrap_or_default(),
                hours: typed.map(|wanted| wanted.hours.clone()).unwrap_or_default(),
                into: typed.map(|wanted| wanted.into.clone()).unwrap_or_default(),
                category: typed.map(|wanted| wanted.category.clone()).unwrap_or_default(),
                about: about(ctx.w, report, step, asked.as_ref()),
                photos: typed.map(|wanted| wanted.photos.clone()).unwrap_or_default(),
                errors: if typed.is_some() { open.errors.clone() } else { Vec::new() },
                open: open.step == Some(step),
            }
        })
        .collect())
}

/// What a step decides on or answers, in a sentence. `asked`: hours and reason of the extension that waits.
fn about(w: Words, report: &Report, step: Step, asked: Option<&(i64, String)>) -> Option<String> {
    match step {
        Step::ExtendGrant | Step::ExtendRefuse | Step::ExtendGrantAbove | Step::ExtendRefuseAbove => {
            let (hours, reason) = asked?;
            Some(w.tf("reports-step-asked", &[("hours", (*hours).into()), ("reason", reason.clone().into())]))
        }
        Step::RateAnswer => {
            let stars = w.t(stars_key(report.stars?));
            let reason = report.stars_reason.as_str();
            Some(w.tf("reports-step-rated", &[("stars", stars.into()), ("reason", reason.into())]))
        }
        _ => None,
    }
}

/// What the page says after a step was not taken.
pub fn after(ctx: &Ctx, wanted: Wanted, error: StepError) -> std::result::Result<Open, Error> {
    let w = ctx.w;
    let (errors, trouble, status) = match error {
        StepError::Failed(error) => return Err(error),
        StepError::Mistakes(mistakes) => {
            let errors = mistakes.into_iter().map(|(field, key)| (field.to_owned(), w.t(key))).collect();
            (errors, None, StatusCode::UNPROCESSABLE_ENTITY)
        }
        StepError::Obstacle(key) => {
            let step = w.t(wanted.step.button_key());
            let words = w.tf("reports-obstacle", &[("step", step.into()), ("why", w.t(key).into())]);
            (Vec::new(), Some(words), StatusCode::CONFLICT)
        }
        StepError::OwnWork => (Vec::new(), Some(w.t("reports-conflict-own-work")), StatusCode::CONFLICT),
        StepError::Stale(last) => (Vec::new(), Some(quicker(ctx, last.as_deref())), StatusCode::CONFLICT),
    };
    Ok(Open { step: Some(wanted.step), wanted: Some(wanted), errors, trouble, status, ..Open::default() })
}

/// Who was quicker, and what they did.
pub fn quicker(ctx: &Ctx, last: Option<&Event>) -> String {
    let w = ctx.w;
    let Some(event) = last else { return w.t("error-conflict-text") };
    let what = w.t(event.what().key());
    let who = match (&event.actor_name, event.actor_kind.as_str()) {
        (Some(name), kind) if kind != "reporter" => name.clone(),
        _ => w.t("reports-somebody"),
    };
    let when = time::date_time(w.lang, instant(event.at), ctx.now);
    w.tf("reports-conflict-quicker", &[("who", who.into()), ("what", what.into()), ("when", when.into())])
}
