//! Ratings (好差评): once after service, with a reason when it was bad; the hall answers.

use super::{
    kept_words,
    queue::{Mover, ticket_path},
};
use crate::{
    app_state::App,
    http::{Ctx, Error, Result},
    people::inbox,
    windows::store::{Hall, halls, ratings as store, tickets, tickets::Ticket},
};
use app::{
    people::Action,
    places::Waiting,
    time::{date, day_of},
    windows::queue::{REASON_BELOW, TicketState},
};
use jiff::{Timestamp, civil::Date};

/// Longest reason or answer, in characters.
pub const MAX_RATING_TEXT: usize = 500;

/// Why a rating was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RateError {
    /// No stars, or too many.
    #[error("choose 1 to 5")]
    Choose,
    /// A bad rating needs a reason.
    #[error("say why")]
    Why,
    /// More than [`MAX_RATING_TEXT`] characters.
    #[error("too long")]
    Long,
    /// The visit is not over, or nobody was served.
    #[error("not yet")]
    NotYet,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for RateError {
    fn from(error: sqlx::Error) -> RateError {
        RateError::Http(error.into())
    }
}

/// The last day on which a bad rating is answered in time: so many working days after it was given, as the hall's
/// limits say. `None`: no working day is known.
pub fn answer_due(app: &App, hall: &Hall, rated_at: Timestamp) -> Option<Date> {
    let days = hall.limits().answer_days.clamp(1, 30);
    (0..days).try_fold(day_of(rated_at), |day, _| app.calendar.next_working_day(day))
}

/// For those who answer: the bad ratings of their halls that have no answer.
pub(super) async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let scopes = ctx.actor()?.scopes(Action::HallManage);
    let today = day_of(ctx.now);
    let w = ctx.w;
    let mut rows = Vec::new();
    for hall in halls::all(&ctx.app.db).await? {
        if !scopes.iter().any(|scope| hall.path.starts_with(scope)) {
            continue;
        }
        let open = store::unanswered(&ctx.app.db, &hall.id, REASON_BELOW).await?;
        let rated = open.first().and_then(|rating| Timestamp::from_microsecond(rating.rated_at).ok());
        let Some(due) = rated.and_then(|at| answer_due(&ctx.app, &hall, at)) else { continue };
        rows.push(Waiting {
            title: w.t("queue-ratings-waiting"),
            note: Some(w.tf("queue-ratings-waiting-note", &[("date", date(w.lang, due).into())])),
            count: i64::try_from(open.len()).unwrap_or(i64::MAX),
            late: due < today,
            href: format!("/staff/ratings?hall={}", hall.code),
        });
    }
    Ok(rows)
}

/// Takes the rating of a ticket's person (the caller has seen that it is theirs). Rating twice keeps the first.
pub async fn rate(mover: &Mover<'_>, ticket: &Ticket, stars: i64, reason: &str) -> std::result::Result<(), RateError> {
    if !(1..=5).contains(&stars) {
        return Err(RateError::Choose);
    }
    let reason = kept_words(reason, MAX_RATING_TEXT).ok_or(RateError::Long)?;
    if stars < REASON_BELOW && reason.is_empty() {
        return Err(RateError::Why);
    }
    if ticket.state() != TicketState::Done {
        return Err(RateError::NotYet);
    }
    let mut tx = mover.app.db.begin().await?;
    if store::insert(&mut tx, (&ticket.id, &ticket.hall_id), (stars, &reason), mover.now).await? {
        mover.audit(&mut tx, "ticket.rate", &ticket.id, serde_json::json!({"stars": stars})).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A hall's ratings with their tickets, for those who answer.
pub async fn ratings(ctx: &Ctx, hall: &Hall) -> Result<Vec<(store::Rating, Ticket)>> {
    ctx.actor()?.require(Action::HallManage, &hall.path)?;
    let mut list = Vec::new();
    for rating in store::of_hall(&ctx.app.db, &hall.id).await? {
        if let Some(ticket) = tickets::by_id(ctx.app.db.read(), &rating.ticket_id).await? {
            list.push((rating, ticket));
        }
    }
    Ok(list)
}

/// What became of an answer to a rating of a hall.
pub enum Answered {
    /// It is kept, or one was there already.
    Kept(Hall),
    /// It has more than [`MAX_RATING_TEXT`] characters: nothing was kept.
    Long(Hall),
}

/// The number with this id and its hall, for whoever may answer ratings there.
pub async fn rated(ctx: &Ctx, ticket_id: &str) -> Result<(Ticket, Hall)> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::HallManage)?;
    let ticket = tickets::by_id(ctx.app.db.read(), ticket_id).await?.ok_or(Error::NotFound)?;
    let hall = halls::by_id(&ctx.app.db, &ticket.hall_id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::HallManage, &hall.path)?;
    Ok((ticket, hall))
}

/// Answers a rating; the person is told. Answering twice keeps the first.
pub async fn answer_rating(ctx: &Ctx, ticket_id: &str, text: &str) -> Result<Answered> {
    let actor = ctx.actor()?;
    let (ticket, hall) = rated(ctx, ticket_id).await?;
    let Some(text) = kept_words(text, MAX_RATING_TEXT) else { return Ok(Answered::Long(hall)) };
    if text.is_empty() {
        return Ok(Answered::Kept(hall));
    }
    let mut tx = ctx.app.db.begin().await?;
    if store::answer(&mut tx, ticket_id, &text, &actor.id, ctx.now).await? {
        let mover = Mover { app: &ctx.app, now: ctx.now, person: Some(&actor.id), request_id: &ctx.request_id };
        mover.audit(&mut tx, "ticket.answer_rating", ticket_id, serde_json::json!({})).await?;
        if let Some(person_id) = &ticket.person_id {
            let message = inbox::Message {
                person_id,
                text_key: "inbox-rating-answered",
                text_args: serde_json::json!({"number": ticket.label()}),
                href: &ticket_path(&ticket),
                dedupe_key: &format!("rating-answered:{ticket_id}"),
            };
            inbox::send(&mut tx, message, ctx.now).await?;
        }
        tx.commit().await?;
    }
    Ok(Answered::Kept(hall))
}
