//! Pairs of voices that look like one household, for staff who weigh.

use crate::{
    consultations::{REASON_CHARS, count::Likeness},
    i18n::Words,
    notices::form::Errors,
    ui::parts::*,
};
use leptos::prelude::*;

/// One of the two voices.
#[derive(Clone, Debug)]
pub struct PairSide {
    /// Id of the voice.
    pub id: String,
    /// Building and flat.
    pub door: String,
    /// When it was last changed and how it came, in words.
    pub note: String,
    /// What it says.
    pub said: String,
}

/// A pair.
#[derive(Clone, Debug)]
pub struct PairCard {
    /// The earlier one and the later one.
    pub sides: [PairSide; 2],
    /// Why they look like one household.
    pub likeness: Likeness,
    /// The voice that does not count, and why; an empty id: both count.
    pub decided: Option<(String, String)>,
    /// What was typed and what is wrong with it.
    pub typed: Option<(String, Errors)>,
}

/// `/staff/consultations/{id}/pairs`
pub struct PairsPage {
    /// Id of the consultation.
    pub id: String,
    /// Its question.
    pub question: String,
    /// The pairs.
    pub pairs: Vec<PairCard>,
}

/// The pairs, each with its decision.
pub fn pairs_page(w: Words, page: PairsPage) -> AnyView {
    let PairsPage { id, question, pairs } = page;
    if pairs.is_empty() {
        return view! {
            <p class="lead">{question}</p>
            <Empty icon_name="check" title=w.t("consultations-pairs-none") text=w.t("consultations-pairs-none-text")/>
        }
        .into_any();
    }
    let cards = pairs.into_iter().enumerate().map(|(nth, pair)| card(w, &id, nth + 1, pair)).collect_view();
    view! {
        <p class="lead">{question}</p>
        <p class="hint">{w.t("consultations-pairs-hint")}</p>
        {cards}
    }
    .into_any()
}

fn card(w: Words, id: &str, number: usize, pair: PairCard) -> AnyView {
    let PairCard { sides, likeness, decided, typed } = pair;
    let title = w.tf("consultations-pair-number", &[("number", number.into())]);
    let heading = format!("pair-{number}");
    let struck = decided.as_ref().map(|(struck, _)| struck.clone()).unwrap_or_default();
    let [first, second] = sides.clone().map(|side| side.id);
    let shown = sides.map(|side| {
        let gone = (side.id == struck).then(|| view! { <Badge tone=Tone::Warn word=w.t("consultations-struck")/> });
        view! {
            <div class="card">
                <p><strong>{side.door}</strong> " " {gone}</p>
                <p class="meta">{side.note}</p>
                <p class="typed">{side.said}</p>
            </div>
        }
    });
    let (reason, errors) = match (typed, &decided) {
        (Some((reason, errors)), _) => (reason, errors),
        (None, Some((_, reason))) => (reason.clone(), Errors::new()),
        (None, None) => (String::new(), Errors::new()),
    };
    let state = match &decided {
        None => (Tone::Busy, "consultations-pair-open"),
        Some((struck, _)) if struck.is_empty() => (Tone::Ok, "consultations-pair-both"),
        Some(_) => (Tone::Ok, "consultations-pair-one"),
    };
    let error = errors.get("reason").cloned();
    let field = format!("reason-{number}");
    let described = error.is_some().then(|| format!("{field}-error"));
    let invalid = error.is_some().then_some("true");
    let error_id = format!("{field}-error");
    let error = error.map(|text| view! { <p class="error" id=error_id>{text}</p> });
    let label_for = field.clone();
    let labelled = heading.clone();
    view! {
        <section class="section consultation-pair" aria-labelledby=labelled>
            <h2 id=heading>{title}</h2>
            <p><Badge tone=state.0 word=w.t(state.1)/> " " {w.t(likeness.key())}</p>
            <div class="consultation-sides">{shown.into_iter().collect_view()}</div>
            <form class="form stack" method="post" action=format!("/staff/consultations/{id}/pairs")>
                <input type="hidden" name="first" value=first/>
                <input type="hidden" name="second" value=second/>
                <div class="field">
                    <label class="label" r#for=label_for>{w.t("consultations-pair-why")}</label>
                    {error}
                    <textarea
                        class="input"
                        id=field
                        name="reason"
                        rows="2"
                        maxlength=REASON_CHARS.to_string()
                        required=true
                        aria-describedby=described
                        aria-invalid=invalid
                    >
                        {reason}
                    </textarea>
                </div>
                <Buttons>
                    <Button label=w.t("consultations-pair-strike-first") sends=("decision", "first".to_owned())/>
                    <Button label=w.t("consultations-pair-strike-second") sends=("decision", "second".to_owned())/>
                    <Button label=w.t("consultations-pair-keep") sends=("decision", "both".to_owned())/>
                </Buttons>
            </form>
        </section>
    }
    .into_any()
}
