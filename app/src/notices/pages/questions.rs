//! Questions: under a notice, the staff's list, one question.

use crate::{
    i18n::Words,
    notices::{
        QuestionState, QuestionStep,
        question::{ANSWER_CHARS, QUESTION_CHARS},
    },
    ui::parts::*,
};
use leptos::prelude::*;

/// A question as pages show it. It never says who asked.
#[derive(Clone, Debug)]
pub struct QuestionRow {
    /// Id.
    pub id: String,
    /// The question.
    pub body: String,
    /// When it was asked, in words.
    pub asked: String,
    /// Where it stands.
    pub state: QuestionState,
    /// Everybody sees it.
    pub released: bool,
    /// The answer, or why there is none.
    pub answer: String,
    /// When it was answered, in words.
    pub answered: Option<String>,
    /// Address and title of the notice.
    pub notice: (String, String),
    /// The reader asked it.
    pub mine: bool,
}

/// What stands under a notice.
#[derive(Clone, Debug)]
pub struct QuestionsPart {
    /// Address of the notice.
    pub notice: String,
    /// The questions, the oldest first.
    pub rows: Vec<QuestionRow>,
    /// One may ask.
    pub may_ask: bool,
    /// Somebody is signed in.
    pub signed_in: bool,
    /// Two submits of one form are one question.
    pub form_key: String,
    /// What was typed before and what is wrong with it.
    pub refused: Option<(String, String)>,
}

/// Questions and answers under a notice, and the form.
pub fn questions_part(w: Words, part: QuestionsPart) -> AnyView {
    let QuestionsPart { notice, rows, may_ask, signed_in, form_key, refused } = part;
    let rows = rows.into_iter().map(|row| asked(w, row)).collect_view();
    let ask = match (may_ask, signed_in) {
        (false, _) => ().into_any(),
        (true, false) => view! {
            <p><a href=format!("/login?next={notice}")>{w.t("question-sign-in")}</a></p>
        }
        .into_any(),
        (true, true) => {
            let open = refused.is_some();
            let (typed, error) = refused.unzip();
            view! {
                <details class="more" open=open>
                    <summary>{w.t("question-ask")}</summary>
                    <form class="form more-body" method="post" action=format!("{notice}/questions")>
                        <input type="hidden" name="form_key" value=form_key/>
                        <TextArea
                            w=w
                            name="question"
                            label=w.t("question-label")
                            hint=w.t("question-hint")
                            value=typed.unwrap_or_default()
                            error=error
                            rows=3
                            maxlength=u32::try_from(QUESTION_CHARS).unwrap_or(u32::MAX)
                        />
                        <Buttons><Button label=w.t("question-send")/></Buttons>
                    </form>
                </details>
            }
            .into_any()
        }
    };
    view! {
        <section class="section questions" id="questions" aria-labelledby="questions-title">
            <h2 id="questions-title">{w.t("question-section")}</h2>
            {rows}
            {ask}
        </section>
    }
    .into_any()
}

fn asked(w: Words, row: QuestionRow) -> AnyView {
    let who = if row.mine { w.t("question-by-you") } else { w.t("question-by-resident") };
    let state = match (row.state, row.mine) {
        (QuestionState::Open, true) => Some((Tone::Busy, w.t("question-you-wait"))),
        (QuestionState::Open, false) => Some((Tone::Neutral, w.t("question-answer-follows"))),
        (QuestionState::Answered, true) if !row.released => Some((Tone::Info, w.t("question-only-you"))),
        (QuestionState::Declined, _) => Some((Tone::Warn, w.t(row.state.key()))),
        _ => None,
    };
    let answer_key = if row.state == QuestionState::Declined { "question-why" } else { "question-answer" };
    let take_back = (row.mine && row.state == QuestionState::Open).then(|| {
        let action = format!("{}/questions/{}/take-back", row.notice.0, row.id);
        view! {
            <Confirm label=w.t("question-take-back") consequence=w.t("question-take-back-text")>
                <form method="post" action=action>
                    <Button label=w.t("question-take-back-do") weight=Weight::Danger/>
                </form>
            </Confirm>
        }
    });
    view! {
        <article class="card question" id=format!("question-{}", row.id)>
            <p class="meta">{who}" · "{row.asked}</p>
            <p class="typed">{row.body}</p>
            {state.map(|(tone, word)| view! { <p><Badge tone=tone word=word/></p> })}
            {(!row.answer.is_empty()).then(|| view! {
                <figure class="said">
                    <figcaption>{w.t(answer_key)}{row.answered.map(|when| format!(" · {when}"))}</figcaption>
                    <blockquote class="typed">{row.answer}</blockquote>
                </figure>
            })}
            {take_back}
        </article>
    }
    .into_any()
}

/// `/staff/questions`
pub struct QuestionTable {
    /// One page of them.
    pub rows: Vec<QuestionRow>,
    /// The chosen state.
    pub state: QuestionState,
    /// How many there are of each.
    pub counts: Vec<(QuestionState, i64)>,
    /// This page, from 1.
    pub page: u32,
    /// The last page.
    pub pages: u32,
}

fn address(state: QuestionState, page: u32) -> String {
    match page {
        1 => format!("/staff/questions?state={}", state.code()),
        page => format!("/staff/questions?state={}&page={page}", state.code()),
    }
}

/// The staff's list.
pub fn question_table(w: Words, table: QuestionTable) -> impl IntoView {
    let ways = QuestionState::ALL
        .into_iter()
        .map(|state| {
            let count = table.counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, count)| *count);
            Way::new(address(state, 1), w.t(state.key()), state == table.state).count(count)
        })
        .collect();
    let (state, page, pages) = (table.state, table.page, table.pages);
    let previous = (page > 1).then(|| address(state, page - 1));
    let next = (page < pages).then(|| address(state, page + 1));
    let body = if table.rows.is_empty() {
        view! { <Empty icon_name="success" title=w.t("questions-none") text=w.t("questions-none-text")/> }.into_any()
    } else {
        let columns = ["question-column", "question-column-notice", "question-column-asked", "notice-column-state"];
        let columns = columns.iter().map(|key| w.t(key)).collect();
        let rows = table
            .rows
            .into_iter()
            .map(|row| {
                let href = format!("/staff/questions/{}", row.id);
                let (notice, title) = row.notice;
                let badge = state_badge(w, row.state, row.released);
                vec![
                    Cell::new(view! { <a class="table-title" href=href>{row.body}</a> }),
                    Cell::new(view! { <a class="table-title" href=notice>{title}</a> }),
                    Cell::new(row.asked),
                    Cell::new(badge),
                ]
            })
            .collect();
        view! { <Table caption=w.t("questions-caption") columns=columns rows=rows/> }.into_any()
    };
    view! {
        <Chips label=w.t("questions-states") ways=ways/>
        {body}
        <Pagination w=w page=page pages=pages previous=previous next=next/>
    }
}

fn state_badge(w: Words, state: QuestionState, released: bool) -> AnyView {
    let tone = match state {
        QuestionState::Open => Tone::Busy,
        QuestionState::Answered => Tone::Ok,
        QuestionState::Declined => Tone::Warn,
    };
    view! {
        <span class="cluster">
            <Badge tone=tone word=w.t(state.key())/>
            {released.then(|| view! { <Tag word=w.t("question-is-shown")/> })}
        </span>
    }
    .into_any()
}

/// `/staff/questions/{id}`
pub struct QuestionPage {
    /// The question.
    pub question: QuestionRow,
    /// The version shown.
    pub version: i64,
    /// A step that was refused: what was typed, and what is wrong with it.
    pub refused: Option<(QuestionStep, String, String)>,
}

/// One question with what can be done about it.
pub fn question_page(w: Words, page: QuestionPage) -> impl IntoView {
    let QuestionPage { question, version, refused } = page;
    let (state, released) = (question.state, question.released);
    let (href, title) = question.notice.clone();
    let action = format!("/staff/questions/{}", question.id);
    let decline_refused = refused.as_ref().is_some_and(|(step, ..)| *step == QuestionStep::Decline);
    let (typed, error) = refused.map(|(_, typed, error)| (typed, error)).unzip();
    let (answer_typed, answer_error) =
        if decline_refused { (String::new(), None) } else { (typed.clone().unwrap_or_default(), error.clone()) };
    let (reason_typed, reason_error) =
        if decline_refused { (typed.unwrap_or_default(), error) } else { (String::new(), None) };
    let most = u32::try_from(ANSWER_CHARS).unwrap_or(u32::MAX);
    let facts = vec![
        Fact::new(w.t("question-column-notice"), view! { <a href=href>{title}</a> }),
        Fact::new(w.t("question-column-asked"), question.asked.clone()),
        Fact::new(w.t("notice-column-state"), state_badge(w, state, released)),
    ];
    let version = version.to_string();
    let hidden = |version: &str| view! { <input type="hidden" name="version" value=version.to_owned()/> };
    let said = (!question.answer.is_empty()).then(|| {
        let key = if state == QuestionState::Declined { "question-why" } else { "question-answer" };
        view! {
            <figure class="said">
                <figcaption>{w.t(key)}{question.answered.clone().map(|when| format!(" · {when}"))}</figcaption>
                <blockquote class="typed">{question.answer.clone()}</blockquote>
            </figure>
        }
    });
    let open = (state == QuestionState::Open).then(|| {
        view! {
            <form class="form" method="post" action=action.clone()>
                {hidden(&version)}
                <TextArea
                    w=w
                    name="text"
                    label=w.t("question-answer-label")
                    hint=w.t("question-answer-hint")
                    value=answer_typed
                    error=answer_error
                    rows=5
                    maxlength=most
                />
                <Buttons>
                    <Button
                        label=w.t("question-do-answer")
                        weight=Weight::Primary
                        sends=("step", QuestionStep::Answer.code().to_owned())
                    />
                    <Button
                        label=w.t("question-do-quietly")
                        sends=("step", QuestionStep::AnswerQuietly.code().to_owned())
                    />
                </Buttons>
            </form>
            <details class="confirm" open=decline_refused>
                <summary class="button danger">{w.t("question-do-decline")}</summary>
                <div class="card">
                    <p>{w.t("question-decline-text")}</p>
                    <form class="form" method="post" action=action.clone()>
                        {hidden(&version)}
                        <TextArea
                            w=w
                            name="reason"
                            label=w.t("question-reason")
                            value=reason_typed
                            error=reason_error
                            rows=3
                            maxlength=most
                        />
                        <Button
                            label=w.t("question-do-decline")
                            weight=Weight::Danger
                            sends=("step", QuestionStep::Decline.code().to_owned())
                        />
                    </form>
                </div>
            </details>
        }
    });
    let shown = [
        (QuestionStep::Release, "question-do-release", "question-release-text"),
        (QuestionStep::Hide, "question-do-hide", "question-hide-text"),
    ]
    .into_iter()
    .filter(|(step, ..)| step.fits(state, released))
    .map(|(step, label, text)| {
        view! {
            <form method="post" action=action.clone() class="stack tight">
                {hidden(&version)}
                <p class="hint">{w.t(text)}</p>
                <Button label=w.t(label) sends=("step", step.code().to_owned())/>
            </form>
        }
    })
    .collect_view();
    view! {
        <div class="stack">
            <blockquote class="card typed big">{question.body.clone()}</blockquote>
            <Summary facts=facts/>
            {said}
            {open}
            {shown}
        </div>
    }
}
