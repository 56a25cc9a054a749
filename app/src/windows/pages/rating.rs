//! Ratings: the form on the ticket, and the hall's answers.

use crate::{
    i18n::Words,
    ui::parts::*,
    windows::queue::{REASON_BELOW, stars_key},
};
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

/// What was rated, with the answer. `title`: whose rating; `who`: who answers.
pub fn rated_view(w: Words, title: String, who: String, (stars, reason, answer): Rated) -> AnyView {
    view! {
        <Section title=title>
            <p><strong>{w.t(stars_key(stars))}</strong>" "{reason}</p>
            {(!answer.is_empty()).then(|| view! { <Note><p><strong>{who}</strong>" "{answer}</p></Note> })}
        </Section>
    }
    .into_any()
}

/// The form for a rating, or what was rated.
pub fn rating_view(w: Words, ticket: &str, token: &str, rated: Option<Rated>, wrong: Option<WrongRating>) -> AnyView {
    if let Some(rated) = rated {
        return rated_view(w, w.t("queue-rating-yours"), w.t("queue-rating-answer"), rated);
    }
    let choices =
        (1..=5).rev().map(|stars: i64| Choice::new(stars.to_string(), w.t(stars_key(stars)))).collect::<Vec<_>>();
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

/// A rating to answer: of a visit or of a report.
pub struct RatingRow {
    /// Names its field on the page.
    pub id: String,
    /// Where the answer goes.
    pub action: String,
    /// What the answer's form sends beside it: name and value.
    pub sends: Option<(&'static str, String)>,
    /// Number, day, item.
    pub what: String,
    /// The page of what was rated, if it has one.
    pub href: Option<String>,
    /// Stars and reason.
    pub rated: Rated,
    /// The last day on which an answer is in time, while a bad rating has none.
    pub due: Option<String>,
    /// So many days past it.
    pub late: i64,
    /// An answer that was not taken, and why.
    pub wrong: Option<(String, String)>,
}

/// `/staff/ratings` and `/staff/reports/ratings`.
pub struct RatingsPage {
    /// Words.
    pub w: Words,
    /// Ratings of visits, of reports: where somebody answers both.
    pub kinds: Vec<Way>,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// Catalogue key: who answers.
    pub who: &'static str,
    /// What went wrong, with words that were typed and can be sent no longer.
    pub trouble: Option<(String, String)>,
    /// Those without an answer first.
    pub rows: Vec<RatingRow>,
}

fn rating_card(w: Words, who: &'static str, row: RatingRow) -> AnyView {
    let (stars, reason, answer) = row.rated;
    let tone = if stars < REASON_BELOW { Tone::Warn } else { Tone::Ok };
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
    let form = answer.is_empty().then(|| {
        let id = format!("answer-{}", row.id);
        let (typed, error) = row.wrong.unzip();
        let described = error.is_some().then(|| format!("{id}-error"));
        let word = error.zip(described.clone()).map(|(error, id)| view! { <p class="error" id=id>{error}</p> });
        view! {
            <form class="form" method="post" action=row.action>
                {row.sends.map(|(name, value)| view! { <input r#type="hidden" name=name value=value/> })}
                <div class="field" data-invalid=described.is_some().then_some("")>
                    <label class="label" for=id.clone()>{w.t("queue-rating-your-answer")}</label>
                    {word}
                    <textarea class="input" id=id name="answer" rows="2" maxlength="500" required
                        aria-describedby=described.clone() aria-invalid=described.is_some().then_some("true")>
                        {typed.unwrap_or_default()}
                    </textarea>
                </div>
                <div><Button label=w.t("queue-rating-do-answer")/></div>
            </form>
        }
    });
    let what = match row.href {
        Some(href) => view! { <a href=href>{row.what}</a> }.into_any(),
        None => row.what.into_any(),
    };
    view! {
        <article class="card">
            <p class="cluster"><Badge tone=tone word=w.t(stars_key(stars))/>{what}{due}</p>
            {(!reason.is_empty()).then(|| view! { <p>{reason}</p> })}
            {(!answer.is_empty()).then(|| view! { <p class="muted">{w.t(who)}" "{answer}</p> })}
            {form}
        </article>
    }
    .into_any()
}

/// The page.
pub fn ratings_page(page: RatingsPage) -> AnyView {
    let RatingsPage { w, kinds, halls, who, trouble, rows } = page;
    let trouble = trouble.map(|(why, unsent)| {
        view! {
            <div role="alert">
                <Note tone=Tone::Warn><p>{why}</p><blockquote>{unsent}</blockquote></Note>
            </div>
        }
    });
    let empty = rows.is_empty();
    let rows = rows.into_iter().map(|row| rating_card(w, who, row)).collect_view();
    view! {
        {(kinds.len() > 1).then(|| view! { <Tabs label=w.t("queue-ratings-title") ways=kinds/> })}
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        {trouble}
        {empty.then(|| view! { <Empty icon_name="success" title=w.t("queue-rating-none")/> })}
        <div class="stack">{rows}</div>
    }
    .into_any()
}
