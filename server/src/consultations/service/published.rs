//! The result as a notice: a draft of the disclosure, which goes its usual way from there.

use super::{counted, for_staff, note};
use crate::{
    auth::secrets::sha256,
    consultations::store::{Consultation, write},
    http::{Ctx, Error, Result},
    notices::writing,
    places::{self, Organisation},
};
use app::{
    consultations::{
        Per, State,
        count::{self, Cell},
    },
    i18n::{Lang, Words},
    notices::{NoticeForm, NoticeKind, form::local, limits},
    people::Action,
};
use jiff::SignedDuration;

/// Objections to what is disclosed are taken for so many days.
const DISCLOSED_DAYS: i64 = 7;

/// In whose name a place is spoken to: itself, or the community above a grid or a building.
async fn speaker(ctx: &Ctx, place: &str) -> Result<Organisation> {
    let mut next = Some(place.to_owned());
    while let Some(id) = next {
        let place = places::store::by_id(&ctx.app.db, &id).await?.ok_or(Error::NotFound)?;
        if writing::may_speak(&place.kind) {
            return Ok(place);
        }
        next = place.parent_id;
    }
    Err(Error::NotFound)
}

/// The body of the notice, in one language.
fn body(w: Words, consultation: &Consultation, counted: &count::Counted) -> String {
    let question = w.pick(&consultation.question, &consultation.question_en);
    let spoke = match consultation.per() {
        Per::Household => "consultations-spoke-households",
        Per::Person => "consultations-spoke-people",
    };
    let mut text = format!("{question}\n\n{}\n\n", w.tf(spoke, &[("count", counted.spoke.into())]));
    if let Some(cells) = count::published(consultation.kind(), counted) {
        for (option, cell) in consultation.options().iter().zip(cells) {
            let number = match cell {
                Cell::Number(number) => number.to_string(),
                Cell::Untold => w.t("consultations-untold"),
            };
            let option = w.pick(&option.zh, &option.en).to_owned();
            let line = w.tf("consultations-notice-line", &[("option", option.into()), ("number", number.into())]);
            text.push_str(&format!("- {line}\n"));
        }
    }
    for (key, words) in [
        ("consultations-decision", &consultation.decision),
        ("consultations-why", &consultation.reason),
        ("consultations-summary", &consultation.summary),
    ] {
        if !words.is_empty() {
            text.push_str(&format!("\n## {}\n\n{words}\n", w.t(key)));
        }
    }
    text
}

/// Makes the draft of a notice that tells of the result; gives the notice's id. Twice is once.
pub async fn make(ctx: &Ctx, id: &str) -> Result<String> {
    let consultation = for_staff(ctx, id).await?;
    if let Some(notice) = consultation.notice_id {
        return Ok(notice);
    }
    if consultation.state_at(ctx.now) != State::Answered {
        return Err(Error::Conflict("consultations-conflict-step"));
    }
    let speaker = speaker(ctx, &consultation.organisation_id).await?;
    ctx.actor()?.require(Action::NoticeWrite, &speaker.path)?;
    let counted = counted(&ctx.app, &consultation).await?;
    let zh = Words::new(Lang::Zh);
    let title = zh.tf("consultations-notice-title", &[("question", consultation.question.clone().into())]);
    let form = NoticeForm {
        form_key: sha256(&format!("consultation:{id}:{}", ctx.actor()?.id)),
        kind: NoticeKind::Disclosure.code().to_owned(),
        title: title.chars().take(limits::TITLE_CHARS).collect(),
        body: body(zh, &consultation, &counted),
        organisation: speaker.code,
        aims: vec![consultation.place_code.clone()],
        starts_at: local(Some(ctx.now)),
        ends_at: local(Some(ctx.now + SignedDuration::from_hours(24 * DISCLOSED_DAYS))),
        place: format!("{} {}", speaker.name, speaker.phone).trim().to_owned(),
        ..NoticeForm::default()
    };
    let notice = writing::create(ctx, &form).await.map_err(|refused| match refused {
        writing::Refused::Other(error) => error,
        writing::Refused::Invalid(_) | writing::Refused::Stale(_) => Error::Conflict("consultations-conflict-notice"),
    })?;
    let mut tx = ctx.app.db.begin().await?;
    if write::set_notice(&mut tx, id, &notice).await? {
        note(ctx, &mut tx, "consultation.notice", id, serde_json::json!({ "notice": notice })).await?;
        tx.commit().await?;
        return Ok(notice);
    }
    drop(tx);
    // Somebody was faster: theirs counts.
    for_staff(ctx, id).await?.notice_id.ok_or(Error::NotFound)
}
