//! From stored consultations to what pages show, in the reader's language.

use super::{
    service,
    store::{Consultation, voices::Voice},
};
use crate::{
    http::{Ctx, Result},
    notices::markdown,
};
use app::{
    consultations::{State, Wording, count, pages},
    i18n::Words,
    time,
};

/// The explanation as safe HTML.
pub fn html(w: Words, question: &str, explanation: &str) -> String {
    match explanation.is_empty() {
        true => String::new(),
        false => markdown::render(explanation, &w.tf("notice-table-of", &[("title", question.to_owned().into())]), &[]),
    }
}

/// A question as pages show it.
pub fn asked(ctx: &Ctx, consultation: &Consultation) -> pages::Asked {
    let place = ctx.w.pick(&consultation.place, &consultation.place_en).to_owned();
    pages::Asked {
        id: consultation.id.clone(),
        state: consultation.state_at(ctx.now),
        households: consultation.households,
        ..of_wording(ctx, &consultation.wording(), place)
    }
}

/// The same of what is being written.
pub fn of_wording(ctx: &Ctx, wording: &Wording, place: String) -> pages::Asked {
    let w = ctx.w;
    let question = w.pick(&wording.question, &wording.question_en).to_owned();
    let when = |at| time::date_time(w.lang, at, ctx.now);
    pages::Asked {
        id: String::new(),
        html: html(w, &question, w.pick(&wording.explanation, &wording.explanation_en)),
        question,
        place,
        kind: wording.kind,
        per: wording.per,
        options: wording.options.iter().map(|option| w.pick(&option.zh, &option.en).to_owned()).collect(),
        state: State::Draft,
        opens: when(wording.opens_at),
        closes: when(wording.closes_at),
        households: 0,
    }
}

/// When it ends or ended, for rows.
pub fn when(ctx: &Ctx, consultation: &Consultation) -> String {
    let w = ctx.w;
    let day = |at| time::date_time(w.lang, at, ctx.now);
    match consultation.state_at(ctx.now) {
        State::Open if consultation.opens_at() > ctx.now => {
            w.tf("consultations-row-opens", &[("when", day(consultation.opens_at()).into())])
        }
        State::Answered | State::Withdrawn => day(consultation.ended_at().unwrap_or_default()),
        State::Closed | State::Weighing | State::Draft => day(consultation.closes_at()),
        State::Open => w.tf("consultations-row-closes", &[("when", day(consultation.closes_at()).into())]),
    }
}

/// The options with their numbers as everybody sees them.
pub fn cells(ctx: &Ctx, consultation: &Consultation, counted: &count::Counted) -> Option<Vec<(String, count::Cell)>> {
    let names = consultation.options().into_iter().map(|option| ctx.w.pick(&option.zh, &option.en).to_owned());
    count::published(consultation.kind(), counted)
        .map(|cells| names.collect::<Vec<_>>().into_iter().zip(cells).collect())
}

/// What came of it, for everybody; `None` before it is answered.
pub async fn outcome(ctx: &Ctx, consultation: &Consultation) -> Result<Option<pages::Outcome>> {
    if consultation.state_at(ctx.now) != State::Answered {
        return Ok(None);
    }
    let counted = service::counted(&ctx.app, consultation).await?;
    Ok(Some(pages::Outcome {
        spoke: counted.spoke,
        cells: cells(ctx, consultation, &counted),
        summary: consultation.summary.clone(),
        decision: consultation.decision.clone(),
        reason: consultation.reason.clone(),
        when: when(ctx, consultation),
        notice: public_notice(ctx, consultation).await?,
    }))
}

/// The notice that tells of the result, once it is out.
async fn public_notice(ctx: &Ctx, consultation: &Consultation) -> Result<Option<String>> {
    let Some(id) = &consultation.notice_id else { return Ok(None) };
    let notice = crate::notices::store::by_id(&ctx.app.db, id).await?;
    Ok(notice.filter(|notice| notice.state().is_public()).map(|notice| format!("/notices/{}", notice.id)))
}

/// What a voice says, in words.
pub fn said(ctx: &Ctx, consultation: &Consultation, voice: &Voice) -> String {
    let options = consultation.options();
    let chosen = voice.choices().into_iter().filter_map(|place| options.get(place));
    let mut parts: Vec<String> = chosen.map(|option| ctx.w.pick(&option.zh, &option.en).to_owned()).collect();
    if !voice.comment.is_empty() {
        parts.push(voice.comment.clone());
    }
    parts.join(" · ")
}

/// The door of a voice, in words.
pub fn door(ctx: &Ctx, voice: &Voice) -> String {
    let name =
        ctx.w.pick(voice.building.as_deref().unwrap_or_default(), voice.building_en.as_deref().unwrap_or_default());
    format!("{name} {}", voice.flat).trim().to_owned()
}
