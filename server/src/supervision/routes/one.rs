//! One letter, and the steps in its life.

use super::address;
use crate::{
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    photos::intake::PhotoForm,
    supervision::{
        service::{self, Errors, Sides, StepError, Wanted, draft, photos, steps::due_after, tell},
        store::{self, Letter, instant},
    },
};
use app::{
    supervision::{
        State, Step,
        letter::Wish,
        life,
        pages::{AnswerView, FindingView, MARK, OnePage, StepView, TypedAnswer, one_page, photo},
    },
    time,
    ui::{badge::Tone, shell::Tab, timeline::Event},
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What came back with mistakes.
#[derive(Default)]
struct Typed {
    wanted: Option<Wanted>,
    errors: Errors,
    status: StatusCode,
}

/// `GET /staff/supervision/{id}`
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result {
    render(&ctx, &id, Typed::default()).await
}

async fn render(ctx: &Ctx, id: &str, typed: Typed) -> Result {
    let (letter, sides) = service::one(ctx, id).await?;
    let w = ctx.w;
    let Typed { wanted, errors, status } = typed;
    let answers = wanted.iter().flat_map(|wanted| &wanted.answers);
    let answers = answers
        .map(|(number, said)| (*number, TypedAnswer { text: said.text.clone(), photos: said.photos.clone() }))
        .collect();
    let reports = store::reports(&ctx.app.db, &letter.id)
        .await?
        .into_iter()
        .map(|report| {
            let name = w.pick(&report.name, &report.name_en).to_owned();
            (format!("/staff/reports/{}", report.code), format!("{} · {name}", report.code))
        })
        .collect();
    let (steps, obstacle) = offered(ctx, &letter, sides, wanted.as_ref()).await?;
    let title = letter.subject.clone();
    let page = OnePage {
        w,
        id: letter.id.clone(),
        kind: w.t(letter.kind().key()),
        sign: Some(letter.sign.clone()).filter(|sign| !sign.is_empty()),
        state: letter.state(),
        overdue: letter.is_overdue(ctx.now),
        round: letter.round,
        say: say(ctx, &letter),
        facts: facts(ctx, &letter),
        asked: letter.asked.clone(),
        findings: findings(ctx, &letter).await?,
        reports,
        events: events(ctx, &letter).await?,
        steps,
        obstacle,
        version: letter.version,
        edits: sides.issuer && letter.state() == State::Draft,
        typed: answers,
        errors,
    };
    Ok(Page::new(ctx, title).tab(Tab::StaffNet).back("/staff/supervision").status(status).render(one_page(page)))
}

/// The plain sentence on top.
fn say(ctx: &Ctx, letter: &Letter) -> String {
    let w = ctx.w;
    let due = letter.due().map(|due| time::date_time(w.lang, due, ctx.now)).unwrap_or_default();
    let addressee = w.pick(&letter.addressee_name, &letter.addressee_name_en).to_owned();
    let key = match letter.state() {
        State::Draft => "supervision-say-draft",
        State::Issued if letter.is_overdue(ctx.now) => "supervision-say-overdue",
        State::Issued => "supervision-say-issued",
        State::Answered => "supervision-say-answered",
        State::Done => "supervision-say-done",
        State::Withdrawn => "supervision-say-withdrawn",
    };
    w.tf(key, &[("addressee", addressee.into()), ("due", due.into())])
}

fn facts(ctx: &Ctx, letter: &Letter) -> Vec<(String, String)> {
    let w = ctx.w;
    let mut facts = vec![
        (w.t("supervision-issuer"), w.pick(&letter.issuer_name, &letter.issuer_name_en).to_owned()),
        (w.t("supervision-addressee"), w.pick(&letter.addressee_name, &letter.addressee_name_en).to_owned()),
    ];
    if !letter.company.is_empty() {
        facts.push((w.t("supervision-company"), letter.company.clone()));
    }
    if let Some(at) = letter.issued_at {
        facts.push((w.t("supervision-issued-at"), time::date_long(w.lang, time::day_of(instant(at)))));
    }
    let due = match (letter.due(), letter.wish()) {
        (Some(due), _) => time::date_time(w.lang, due, ctx.now),
        (None, Some(Wish::Days(days))) => w.tf("supervision-wish-days", &[("count", days.into())]),
        (None, Some(Wish::Day(day))) => time::date_long(w.lang, day),
        (None, None) => String::new(),
    };
    if !due.is_empty() {
        facts.push((w.t("supervision-due"), due));
    }
    if letter.wait_days > 0 {
        let words = w.tf("supervision-wait-days", &[("count", letter.wait_days.into())]);
        facts.push((w.t("supervision-extension"), words));
    }
    facts
}

async fn findings(ctx: &Ctx, letter: &Letter) -> Result<Vec<FindingView>> {
    let (w, db) = (ctx.w, &ctx.app.db);
    let mut photos = store::photos(db, &letter.id).await?;
    let mut answers: BTreeMap<String, Vec<AnswerView>> = BTreeMap::new();
    for answer in store::answers(db, &letter.id).await? {
        let ids = photos.remove(&answer.id).unwrap_or_default();
        let view = AnswerView {
            round: answer.round,
            text: answer.text,
            when: time::date_time(w.lang, instant(answer.answered_at), ctx.now),
            photos: ids.iter().enumerate().map(|(nth, id)| photo(w, id, nth + 1)).collect(),
        };
        answers.entry(answer.finding_id).or_default().push(view);
    }
    let findings = store::findings(db, &letter.id).await?;
    Ok(findings
        .into_iter()
        .map(|finding| {
            let ids = photos.remove(&finding.id).unwrap_or_default();
            FindingView {
                photos: ids.into_iter().enumerate().map(|(nth, id)| (id.clone(), photo(w, &id, nth + 1))).collect(),
                answers: answers.remove(&finding.id).unwrap_or_default(),
                id: finding.id,
                number: finding.number,
                text: finding.text,
            }
        })
        .collect())
}

async fn events(ctx: &Ctx, letter: &Letter) -> Result<Vec<Event>> {
    let w = ctx.w;
    let events = store::events(&ctx.app.db, &letter.id).await?;
    Ok(events
        .into_iter()
        .map(|event| {
            let step = Step::from_code(&event.step).unwrap_or(Step::Change);
            let tone = match step {
                Step::Pass => Tone::Ok,
                Step::SendBack | Step::Withdraw | Step::ExtendRefuse => Tone::Warn,
                Step::Change => Tone::Neutral,
                _ => Tone::Info,
            };
            let mut note = vec![event.actor_name];
            if event.days > 0 {
                note.push(w.tf("supervision-event-days", &[("count", event.days.into())]));
            }
            if matches!(step, Step::Issue | Step::SendBack | Step::ExtendGrant)
                && let Some(due) = event.due_at
            {
                let due = time::date_time(w.lang, instant(due), ctx.now);
                note.push(w.tf("supervision-event-due", &[("due", due.into())]));
            }
            if !event.reason.is_empty() {
                note.push(event.reason);
            }
            Event {
                tone,
                at: instant(event.at).to_string(),
                when: time::date_time(w.lang, instant(event.at), ctx.now),
                title: w.t(step.event_key()),
                note: Some(note.join(" · ")),
                more: None,
            }
        })
        .collect())
}

/// The steps that the reader may take, and why not those that the state allows.
async fn offered(
    ctx: &Ctx,
    letter: &Letter,
    sides: Sides,
    wanted: Option<&Wanted>,
) -> Result<(Vec<StepView>, Option<String>)> {
    let w = ctx.w;
    let past = letter.past(&ctx.actor()?.id, ctx.now);
    let mut views = Vec::new();
    for step in life::offered(letter.state(), past, (sides.issuer, sides.addressee)) {
        if step == Step::Change {
            continue;
        }
        let typed = wanted.filter(|wanted| wanted.step == step);
        let [reason, days, day] = typed.map_or_else(
            || [String::new(), if step == Step::ExtendAsk { "3" } else { "5" }.to_owned(), String::new()],
            |wanted| [wanted.text.clone(), wanted.days.clone(), wanted.day.clone()],
        );
        let wish = match step {
            Step::Issue => letter.wish(),
            _ => Wish::read(&days, &day).ok(),
        };
        let due = due_after(ctx, letter, step, wish).await?;
        let said = if reason.trim().is_empty() && step.needs_reason() { "……" } else { reason.trim() };
        let asked = match step {
            Step::ExtendAsk => days.trim().parse().unwrap_or(0),
            _ => letter.wait_days,
        };
        let message = |said: &str| tell::of_step(letter, step, said, (asked, due), ctx.now);
        let message = message(said)
            .zip(message(MARK))
            .map(|(message, template)| (tell::receivers(ctx, letter, message.to), message.text(w), template.text(w)));
        let about = match step {
            Step::ExtendGrant | Step::ExtendRefuse => {
                Some(w.tf("supervision-wait-days", &[("count", letter.wait_days.into())]))
            }
            Step::Issue => Some(w.t("supervision-issue-about")),
            Step::Pass => Some(w.t("supervision-pass-about")),
            _ => None,
        };
        views.push(StepView { step, message, about, typed: [reason, days, day], open: typed.is_some() });
    }
    // What came back with mistakes stands first.
    views.sort_by_key(|view| !view.open);
    let own = sides.issuer && past.own_answer && letter.state() == State::Answered;
    let obstacle = own.then(|| w.t("supervision-obstacle-own-answer"));
    Ok((views, obstacle))
}

/// What a step's form sends, besides answers and photos of the findings.
fn wanted(form: &PhotoForm, step: Step) -> Wanted {
    let mut wanted = Wanted {
        version: form.get("version").parse().ok(),
        text: form.get("text").to_owned(),
        days: form.get("days").to_owned(),
        day: form.get("day").to_owned(),
        ..Wanted::new(step)
    };
    for (name, value) in &form.fields {
        let number = |prefix: &str| name.strip_prefix(prefix).and_then(|number| number.parse::<i64>().ok());
        if let Some(number) = number("answer-") {
            wanted.answers.entry(number).or_default().text.clone_from(value);
        } else if let Some(number) = number("photo-").filter(|_| !value.is_empty()) {
            wanted.answers.entry(number).or_default().photos.push(value.clone());
        }
    }
    wanted
}

/// `POST /staff/supervision/{id}/steps`
pub async fn step(ctx: Ctx, Path(id): Path<String>, mut form: PhotoForm) -> Result {
    let (letter, sides) = service::one(&ctx, &id).await?;
    let step = Step::from_code(form.get("step")).filter(|step| *step != Step::Change);
    let Some(step) = step else { return Err(Error::BadRequest("there is no such step".into())) };
    let mut wanted = wanted(&form, step);
    if form.has("preview") {
        return render(&ctx, &letter.id, Typed { wanted: Some(wanted), ..Typed::default() }).await;
    }
    let mut troubles = Errors::new();
    // Photos are taken in for nobody but whoever may answer now.
    if step == Step::Answer && sides.addressee && life::next(letter.state(), step).is_some() {
        let brought = photos::take_in(&ctx, &mut form).await?;
        for (field, ids) in brought.ids {
            if let Some(number) = field.strip_prefix("photos-").and_then(|number| number.parse::<i64>().ok()) {
                wanted.answers.entry(number).or_default().photos.extend(ids);
            }
        }
        troubles = brought.errors;
    }
    let outcome = match troubles.is_empty() {
        true => service::take(&ctx, &letter.id, &wanted).await,
        false => Err(StepError::Mistakes(troubles)),
    };
    match outcome {
        Ok(()) => Ok(see_other_with(&ctx, &address(&letter.id), "flash-supervision-step")),
        Err(StepError::Mistakes(errors)) => {
            let typed = Typed { wanted: Some(wanted), errors, status: StatusCode::UNPROCESSABLE_ENTITY };
            render(&ctx, &letter.id, typed).await
        }
        Err(StepError::Failed(error)) => Err(error),
        Err(StepError::Stale) => Err(Error::Conflict("supervision-conflict-changed")),
        Err(StepError::Obstacle(key)) => Err(Error::Conflict(key)),
    }
}

/// `POST /staff/supervision/{id}/photos`
pub async fn add_photos(ctx: Ctx, Path(id): Path<String>, mut form: PhotoForm) -> Result {
    let letter = draft::for_changing(&ctx, &id).await?;
    let brought = photos::take_in(&ctx, &mut form).await?;
    let ids: Vec<String> = brought.ids.into_values().flatten().collect();
    let version = form.get("version").parse().unwrap_or(0);
    let mut errors = brought.errors;
    if errors.is_empty()
        && let Some(wrong) = photos::add(&ctx, (&letter.id, version), form.get("finding"), &ids).await?
    {
        errors.insert("photos".to_owned(), wrong);
    }
    if errors.is_empty() {
        return Ok(see_other_with(&ctx, &address(&letter.id), "flash-supervision-saved"));
    }
    render(&ctx, &letter.id, Typed { errors, status: StatusCode::UNPROCESSABLE_ENTITY, ..Typed::default() }).await
}

/// Which photo is taken from a finding.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RemoveBody {
    photo: String,
    version: String,
}

/// `POST /staff/supervision/{id}/photos/remove`
pub async fn remove_photo(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<RemoveBody>) -> Result {
    photos::remove(&ctx, (&id, body.version.parse().unwrap_or(0)), &body.photo).await?;
    Ok(see_other_with(&ctx, &address(&id), "flash-supervision-saved"))
}
