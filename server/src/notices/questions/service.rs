//! Use cases: asking, answering, declining, releasing.

use super::store::{self, Question};
use crate::{
    audit::{self, By},
    auth::limit::Limit,
    db::Tx,
    http::{Ctx, Error, Result},
    notices::{reading, store as notices, store::Notice},
    people::inbox,
};
use app::{
    notices::{
        NoticeState, QuestionState, QuestionStep, form,
        question::{ANSWER_CHARS, OPEN_MAX, QUESTION_CHARS},
    },
    people::Action,
    places::Waiting,
};
use jiff::SignedDuration;

/// Questions of one person.
const HOURLY: Limit = Limit { what: "question", max: 5, seconds: 3600 };
const DAILY: Limit = Limit { what: "question-day", max: 20, seconds: 86_400 };
/// A question that waits longer is late.
const LATE: SignedDuration = SignedDuration::from_hours(48);

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nothing was written, or too much.
    #[error("the text does not do")]
    Text(String),
    /// Not about the text.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

fn text(ctx: &Ctx, typed: &str, most: usize, empty: &'static str) -> std::result::Result<String, Refused> {
    let text = form::lines(typed).trim().to_owned();
    if text.is_empty() {
        return Err(Refused::Text(ctx.w.t(empty)));
    }
    if text.chars().count() > most {
        return Err(Refused::Text(ctx.w.tf("notice-error-long", &[("count", most.into())])));
    }
    Ok(text)
}

/// Whether residents may ask under this notice now: it allows questions, stands, and no later notice has taken its place.
pub async fn may_ask(ctx: &Ctx, notice: &Notice) -> Result<bool> {
    let stands = notice.questions() && notice.state() == NoticeState::Published && !notice.is_expired(ctx.now);
    Ok(stands && notices::corrections_of(&ctx.app.db, &notice.id).await?.is_empty())
}

/// Asks. The same form sent twice is one question.
pub async fn ask(ctx: &Ctx, notice_id: &str, form_key: &str, typed: &str) -> std::result::Result<(), Refused> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let notice = reading::public_notice(&ctx.app, notice_id).await?;
    if !may_ask(ctx, &notice).await? {
        return Err(Refused::Other(Error::Conflict("question-conflict-closed")));
    }
    let body = text(ctx, typed, QUESTION_CHARS, "question-error-empty")?;
    let form_key = form::one_line(form_key);
    if form_key.len() != 43 {
        return Err(Refused::Other(Error::BadRequest("the form's key is missing".into())));
    }
    let mut tx = ctx.app.db.begin().await?;
    // A question that was sent before counts once: what is undone was not counted.
    HOURLY.take_in(&mut tx, &actor.id, ctx.now).await?;
    DAILY.take_in(&mut tx, &actor.id, ctx.now).await?;
    let said = (form_key.as_str(), body.as_str());
    let Some(id) = store::insert(&mut tx, &notice.id, &actor.id, said, ctx.now).await? else { return Ok(()) };
    if store::open_of(&mut tx, &notice.id, &actor.id).await? > OPEN_MAX {
        return Err(Refused::Other(Error::Conflict("question-conflict-many")));
    }
    write_down(ctx, &mut tx, "question.ask", &id).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the reader's own question under this notice back, while nobody has answered it: it is gone. Twice is once.
pub async fn take_back(ctx: &Ctx, notice_id: &str, id: &str) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let Some(question) = store::by_id(&ctx.app.db, id).await? else { return Ok(()) };
    if question.person_id != actor.id || question.notice_id != notice_id {
        return Err(Error::NotFound);
    }
    let mut tx = ctx.app.db.begin().await?;
    if store::remove_open(&mut tx, id).await? {
        write_down(ctx, &mut tx, "question.take_back", id).await?;
        tx.commit().await?;
        return Ok(());
    }
    drop(tx);
    match store::by_id(&ctx.app.db, id).await? {
        Some(_) => Err(Error::Conflict("question-conflict-answered")),
        None => Ok(()),
    }
}

/// A question, for staff who answer in the name of who says its notice.
pub async fn for_answering(ctx: &Ctx, id: &str) -> Result<Question> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeAnswer)?;
    let question = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeAnswer, &question.source_path)?;
    Ok(question)
}

/// Moves a question on and tells who asked, when something was said. A step that no longer fits, or that was meant for
/// another version, is a conflict.
pub async fn step(
    ctx: &Ctx,
    id: &str,
    step: QuestionStep,
    version: i64,
    typed: &str,
) -> std::result::Result<(), Refused> {
    let question = for_answering(ctx, id).await?;
    if question.version != version || !step.fits(question.state(), question.released()) {
        return Err(Refused::Other(Error::Conflict("question-conflict-changed")));
    }
    let empty = if step == QuestionStep::Decline { "question-error-reason" } else { "question-error-answer" };
    let words = match step.says_something() {
        true => Some(text(ctx, typed, ANSWER_CHARS, empty)?),
        false => None,
    };
    let after = step.after(question.state());
    let actor = ctx.actor()?;
    let said = words.as_deref().map(|words| (actor.id.as_str(), words));
    let mut tx = ctx.app.db.begin().await?;
    if !store::advance(&mut tx, (id, version), after, said, ctx.now).await? {
        return Err(Refused::Other(Error::Conflict("question-conflict-changed")));
    }
    if said.is_some() {
        let text_key = match step {
            QuestionStep::Decline => "inbox-question-declined",
            _ => "inbox-question-answered",
        };
        let message = inbox::Message {
            person_id: &question.person_id,
            text_key,
            text_args: serde_json::json!({ "title": question.title, "title_en": question.title_en }),
            href: &format!("/notices/{}#question-{id}", question.notice_id),
            dedupe_key: &format!("question:{id}"),
        };
        inbox::send(&mut tx, message, ctx.now).await?;
    }
    let action = match step {
        QuestionStep::Answer | QuestionStep::AnswerQuietly => "question.answer",
        QuestionStep::Decline => "question.decline",
        QuestionStep::Release => "question.release",
        QuestionStep::Hide => "question.hide",
    };
    write_down(ctx, &mut tx, action, id).await?;
    tx.commit().await?;
    Ok(())
}

/// How many questions of each state the reader may answer.
pub async fn counts(ctx: &Ctx) -> Result<Vec<(QuestionState, i64)>> {
    let scopes = ctx.actor()?.scopes(Action::NoticeAnswer);
    let rows = store::counts(&ctx.app.db, &scopes).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(code, count)| QuestionState::from_code(&code).map(|state| (state, count)))
        .collect())
}

/// What waits for the reader as staff, for `/staff`: questions that nobody has answered.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let scopes = ctx.actor()?.scopes(Action::NoticeAnswer);
    let (count, oldest) = store::open(&ctx.app.db, &scopes).await?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let late = oldest.is_some_and(|at| at < (ctx.now - LATE).as_microsecond());
    let waiting =
        Waiting { title: ctx.w.t("questions-waiting"), note: None, count, late, href: "/staff/questions".to_owned() };
    Ok(vec![waiting])
}

async fn write_down(ctx: &Ctx, tx: &mut Tx, action: &str, id: &str) -> Result<()> {
    let by = By::Person(&ctx.actor()?.id);
    let entry = audit::Entry {
        by,
        action,
        object_kind: "question",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
