//! What residents see and send.

use crate::{
    consultations::{
        service::{
            self, Refused, Typed,
            speaking::{self, Home},
        },
        store::{self, Consultation, instant, voices},
        view,
    },
    http::{Ctx, FormBody, Page, Result, see_other_with},
};
use app::{
    consultations::{
        State,
        pages::{self, Mine, PublicPage, PublicRow, Speak, VoiceForm},
    },
    notices::form::Errors,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// `GET /consultations`
pub async fn list(ctx: Ctx) -> Result {
    let path = ctx.community.as_ref().map_or("", |community| community.path.as_str());
    let found = store::public(&ctx.app.db, path, ctx.now).await?;
    let rows = found
        .iter()
        .map(|consultation| PublicRow {
            id: consultation.id.clone(),
            question: ctx.w.pick(&consultation.question, &consultation.question_en).to_owned(),
            place: ctx.w.pick(&consultation.place, &consultation.place_en).to_owned(),
            state: consultation.state_at(ctx.now),
            when: view::when(&ctx, consultation),
        })
        .collect();
    let w = ctx.w;
    let everywhere = ctx.community.is_none();
    Ok(Page::new(&ctx, w.t("consultations-title"))
        .tab(Tab::Home)
        .back("/")
        .description(w.t("consultations-lead"))
        .render(pages::public_list(w, rows, everywhere)))
}

/// `GET /consultations/{id}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let consultation = service::public(&ctx.app, &id).await?;
    show(&ctx, &consultation, None, StatusCode::OK).await
}

/// What was typed, with what is wrong and when the household has spoken.
type Again = (Typed, Errors, Option<String>);

/// What the reader may do, and what became of their voice.
async fn speak_part(ctx: &Ctx, consultation: &Consultation, again: Option<Again>) -> Result<(Speak, Option<Mine>)> {
    let w = ctx.w;
    let when = |micros: i64| time::date_time(w.lang, instant(micros), ctx.now);
    let mut form = VoiceForm::default();
    let mut mine = None;
    if let Some(actor) = &ctx.actor
        && let Some(voice) = voices::of_person(&ctx.app.db, &consultation.id, &actor.id).await?
    {
        let by_another = voice.person_id.as_deref() != Some(actor.id.as_str());
        mine = Some(Mine { when: when(voice.changed_at), by_another });
        form.flat.clone_from(&voice.flat);
        form.replace = by_another;
        // What somebody else said is not told, of one's own household either.
        if !by_another {
            form.choices = voice.choices().iter().map(ToString::to_string).collect();
            form.comment = voice.comment;
        }
    }
    if !consultation.answers_at(ctx.now) {
        return Ok((Speak::No, mine));
    }
    let building = match speaking::home(ctx, consultation).await? {
        Home::Unknown => return Ok((Speak::SignIn, mine)),
        Home::NoBuilding => return Ok((Speak::NoBuilding, mine)),
        Home::Elsewhere => return Ok((Speak::Elsewhere, mine)),
        Home::Here(building) => building,
    };
    form.building = w.pick(&building.name, &building.name_en).to_owned();
    if let Some((typed, errors, spoken)) = again {
        form.flat = typed.flat;
        form.choices = typed.choices;
        form.comment = typed.comment;
        form.errors = errors;
        form.spoken = spoken;
    }
    Ok((Speak::Form(Box::new(form)), mine))
}

async fn show(ctx: &Ctx, consultation: &Consultation, again: Option<Again>, status: StatusCode) -> Result {
    let (speak, mine) = speak_part(ctx, consultation, again).await?;
    let asked = view::asked(ctx, consultation);
    let title = asked.question.clone();
    let page = PublicPage {
        speak,
        mine,
        result: view::outcome(ctx, consultation).await?,
        withdrawn: (asked.state == State::Withdrawn).then(|| consultation.reason.clone()),
        asked,
    };
    Ok(Page::new(ctx, title)
        .tab(Tab::Home)
        .back("/consultations")
        .status(status)
        .render(pages::public_page(ctx.w, page)))
}

/// The form of a voice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    flat: String,
    choices: Vec<String>,
    comment: String,
    replace: String,
}

/// `POST /consultations/{id}`
pub async fn speak(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    ctx.actor()?;
    let consultation = service::public(&ctx.app, &id).await?;
    let typed = Typed { flat: body.flat, choices: body.choices, comment: body.comment };
    match speaking::speak(&ctx, &id, &typed, body.replace == "1").await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/consultations/{id}"), "flash-consultations-spoken")),
        Err(Refused::Invalid(errors)) => {
            show(&ctx, &consultation, Some((typed, errors, None)), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Spoken(at)) => {
            let when = time::date_time(ctx.w.lang, at, ctx.now);
            show(&ctx, &consultation, Some((typed, Errors::new(), Some(when))), StatusCode::CONFLICT).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}
