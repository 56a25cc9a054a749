//! Ratings: the form on the ticket, and the hall's answers.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A rating as it is shown: stars, reason, answer.
pub type Rated = (i64, String, String);

/// A rating that was sent and not taken: shown again as it was typed.
#[derive(Clone, Debug)]
pub struct WrongRating {
    /// Why it was not taken.
    pub error: String,
    /// The chosen stars, as sent.
    pub stars: String,
    /// The words, as sent.
    pub reason: String,
}

/// The form for a rating, or what was rated.
pub fn rating_view(w: Words, ticket: &str, token: &str, rated: Option<Rated>, wrong: Option<WrongRating>) -> AnyView {
    if let Some((stars, reason, answer)) = rated {
        return view! {
            <Section title=w.t("queue-rating-yours")>
                <p><strong>{w.t(crate::windows::queue::stars_key(stars))}</strong>" "{reason}</p>
                {(!answer.is_empty()).then(|| view! {
                    <Note><p><strong>{w.t("queue-rating-answer")}</strong>" "{answer}</p></Note>
                })}
            </Section>
        }
        .into_any();
    }
    let choices = (1..=5)
        .rev()
        .map(|stars: i64| Choice::new(stars.to_string(), w.t(crate::windows::queue::stars_key(stars))))
        .collect::<Vec<_>>();
    let (ticket, token) = (ticket.to_owned(), token.to_owned());
    let (error, stars, reason) = match wrong {
        Some(WrongRating { error, stars, reason }) => (Some(error), stars, reason),
        None => (None, String::new(), String::new()),
    };
    view! {
        <Section title=w.t("queue-rating-title")>
            <form class="form" method="post" action=format!("/tickets/{ticket}/rating")>
                <input type="hidden" name="t" value=token/>
                <RadioField name="stars" legend=w.t("queue-rating-how") choices=choices value=stars inline=true/>
                <TextField w=w name="reason" label=w.t("queue-rating-reason") hint=w.t("queue-rating-hint")
                    value=reason error=error optional=true maxlength=500/>
                <div><Button label=w.t("queue-rating-send")/></div>
            </form>
        </Section>
    }
    .into_any()
}

/// A rating to answer.
pub struct RatingRow {
    /// Id of the ticket.
    pub ticket: String,
    /// Number, day, item.
    pub what: String,
    /// Stars and reason.
    pub rated: Rated,
    /// The last day on which an answer is in time, while a bad rating has none.
    pub due: Option<String>,
    /// So many days past it.
    pub late: i64,
}

/// `/staff/ratings`.
pub fn ratings_page(w: Words, halls: Vec<Way>, rows: Vec<RatingRow>) -> AnyView {
    let empty = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            let (stars, reason, answer) = row.rated;
            let tone = if stars < 3 { Tone::Warn } else { Tone::Ok };
            let due = row.due.map(|due| match row.late {
                0 => {
                    let word = w.tf("queue-rating-due", &[("date", due.into())]);
                    view! { <Badge tone=Tone::Info word=word/> }.into_any()
                }
                days => {
                    let word = w.tf("queue-rating-late", &[("days", days.into())]);
                    view! { <Badge tone=Tone::Bad word=word/> }.into_any()
                }
            });
            let id = format!("answer-{}", row.ticket);
            let form = answer.is_empty().then(|| {
                view! {
                    <form class="form" method="post" action=format!("/staff/ratings/{}", row.ticket)>
                        <div class="field">
                            <label class="label" for=id.clone()>{w.t("queue-rating-your-answer")}</label>
                            <textarea class="input" id=id name="answer" rows="2" maxlength="500" required></textarea>
                        </div>
                        <div><Button label=w.t("queue-rating-do-answer")/></div>
                    </form>
                }
            });
            view! {
                <article class="card">
                    <p class="cluster"><Badge tone=tone word=w.t(crate::windows::queue::stars_key(stars))/>{row.what}{due}</p>
                    {(!reason.is_empty()).then(|| view! { <p>{reason}</p> })}
                    {(!answer.is_empty()).then(|| view! { <p class="muted">{w.t("queue-rating-answer")}" "{answer}</p> })}
                    {form}
                </article>
            }
        })
        .collect_view();
    view! {
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        {empty.then(|| view! { <Empty icon_name="success" title=w.t("queue-rating-none")/> })}
        <div class="stack">{rows}</div>
    }
    .into_any()
}
