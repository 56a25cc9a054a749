//! `/me/blocks/{id}`: booking online is blocked after missed visits; until when, why, and how to object.

use super::HallWords;
use crate::{i18n::Words, time, ui::parts::*, windows::code_for_reading};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
pub struct BlockProps {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// The hall.
    pub hall: HallWords,
    /// Until when.
    pub until: Timestamp,
    /// Codes of the missed visits.
    pub missed: Vec<String>,
    /// What was said against it.
    pub appeal: String,
    /// `lifted`, `kept` or nothing, and why.
    pub decision: (String, String),
    /// What was typed and is not acceptable.
    pub typed: Option<String>,
    /// Longest appeal.
    pub max: usize,
}

/// The page.
pub fn block_page(props: BlockProps) -> AnyView {
    let BlockProps { w, id, hall, until, missed, appeal, decision, typed, max } = props;
    let until = time::date(w.lang, time::day_of(until));
    let lead = w.tf("booking-block-lead", &[("hall", hall.name.into()), ("until", until.into())]);
    let codes = missed
        .into_iter()
        .map(|code| {
            let readable = code_for_reading(&code);
            view! { <li><a href=format!("/appointments/{code}")><code>{readable}</code></a></li> }
        })
        .collect_view();
    let error = typed.is_some().then(|| w.tf("booking-appeal-wrong", &[("max", max.into())]));
    let summary: Vec<_> = error.iter().map(|text| ("appeal".to_owned(), text.clone())).collect();
    let form = if appeal.is_empty() && decision.0.is_empty() {
        view! {
            <ErrorSummary w=w errors=summary/>
            <form class="form" method="post" action=format!("/me/blocks/{id}/appeal")>
                <TextArea w=w name="appeal" label=w.t("booking-appeal") hint=w.t("booking-appeal-hint")
                    value=typed.unwrap_or_default() error=error maxlength=max as u32/>
                <Buttons><Button label=w.t("booking-appeal-send") weight=Weight::Primary/></Buttons>
            </form>
        }
        .into_any()
    } else {
        let state = match decision.0.as_str() {
            "lifted" => w.t("booking-appeal-lifted"),
            "kept" => w.t("booking-appeal-kept"),
            _ => w.t("booking-appeal-sent"),
        };
        view! {
            <Note><p>{state}</p><p>{decision.1}</p></Note>
            <Section title=w.t("booking-appeal")><p>{appeal}</p></Section>
        }
        .into_any()
    };
    let call = w.tf("booking-block-counter", &[("phone", hall.phone.into())]);
    view! {
        <p class="lead">{lead}</p>
        <p>{call}</p>
        <Section title=w.t("booking-block-missed")><ul class="visit-items">{codes}</ul></Section>
        {form}
    }
    .into_any()
}
