//! Pages of consultations.

mod editor;
mod public;
mod staff;
mod steps;
mod weigh;

pub use editor::{Editor, editor};
pub use public::{Mine, Outcome, PublicPage, PublicRow, Speak, VoiceForm, public_list, public_page};
pub use staff::{Paper, StaffPage, StaffRow, StaffTable, staff_page, staff_table};
pub use steps::Deciding;
pub use weigh::{PairCard, PairSide, PairsPage, pairs_page};

use super::{AnswerKind, Per, State};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A question as pages show it, in the reader's language.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Id; empty in a preview.
    pub id: String,
    /// The question.
    pub question: String,
    /// The explanation, as safe HTML.
    pub html: String,
    /// Name of the place that is asked.
    pub place: String,
    /// How it is answered.
    pub kind: AnswerKind,
    /// For whom a voice counts.
    pub per: Per,
    /// The options.
    pub options: Vec<String>,
    /// Where it stands now.
    pub state: State,
    /// From when on residents answer, in words.
    pub opens: String,
    /// Until when, in words.
    pub closes: String,
    /// Households of the place.
    pub households: i64,
}

/// What a state means to the eye.
pub fn tone(state: State) -> Tone {
    match state {
        State::Draft => Tone::Neutral,
        State::Open => Tone::Info,
        State::Closed | State::Weighing => Tone::Busy,
        State::Answered => Tone::Ok,
        State::Withdrawn => Tone::Warn,
    }
}

/// Who is asked, how long, how.
fn facts(w: Words, asked: &Asked) -> AnyView {
    let whom = match asked.households {
        0 => asked.place.clone(),
        count => w.tf("consultations-whom", &[("place", asked.place.clone().into()), ("count", count.into())]),
    };
    let facts = vec![
        Fact::new(w.t("consultations-fact-whom"), whom),
        Fact::new(
            w.t("consultations-fact-time"),
            w.tf("consultations-time", &[("from", asked.opens.clone().into()), ("until", asked.closes.clone().into())]),
        ),
        Fact::new(w.t("consultations-fact-voice"), w.t(asked.per.key())),
    ];
    view! { <Facts facts=facts/> }.into_any()
}

/// The explanation.
fn explained(html: String) -> AnyView {
    (!html.is_empty()).then(|| view! { <div class="prose" inner_html=html></div> }).into_any()
}

/// The fields with which a question is answered.
fn answer_fields(
    w: Words,
    asked: &Asked,
    (choices, comment): (Vec<String>, String),
    errors: &crate::notices::form::Errors,
) -> AnyView {
    let options: Vec<Choice> =
        asked.options.iter().enumerate().map(|(place, text)| Choice::new(place.to_string(), text.clone())).collect();
    let error = |field: &str| errors.get(field).cloned();
    let field = match asked.kind {
        AnswerKind::Text => ().into_any(),
        AnswerKind::Multiple => view! {
            <CheckField
                name="choices"
                legend=w.t("consultations-choose-many")
                choices=options
                checked=choices
                error=error("choices")
            />
        }
        .into_any(),
        AnswerKind::Single | AnswerKind::ChoiceComment => view! {
            <RadioField
                name="choices"
                legend=w.t("consultations-choose-one")
                choices=options
                value=choices.into_iter().next().unwrap_or_default()
                error=error("choices")
            />
        }
        .into_any(),
    };
    let words = asked.kind.has_comment().then(|| {
        let optional = asked.kind != AnswerKind::Text;
        let label = w.t(if optional { "consultations-comment" } else { "consultations-words" });
        view! {
            <TextArea
                w=w
                name="comment"
                label=label
                hint=w.t("consultations-comment-hint")
                value=comment
                error=error("comment")
                optional=optional
                maxlength=u32::try_from(super::COMMENT_CHARS).unwrap_or(u32::MAX)
            />
        }
    });
    view! { {field}{words} }.into_any()
}
