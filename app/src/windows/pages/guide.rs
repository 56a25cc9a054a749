//! `/services/{code}`: one item, what to bring by a few questions, and the way to a time.

use super::{
    Carried, HallWords,
    parts::{hall_place, hidden, material_choices},
};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{Question, ServiceItem},
};
use leptos::prelude::*;

/// What the page shows.
pub struct GuideProps {
    /// Words.
    pub w: Words,
    /// The item.
    pub item: ServiceItem,
    /// The chosen hall.
    pub hall: HallWords,
    /// Halls that serve the item.
    pub halls: Vec<Way>,
    /// Answers and ticks so far.
    pub carried: Carried,
}

/// The page. The title is the shell's.
pub fn guide_page(props: GuideProps) -> AnyView {
    let GuideProps { w, item, hall, halls, carried } = props;
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let choices = material_choices(w, &item, &carried.answers);
    let settled = item.questions.iter().all(|question| carried.answers.get(&question.code).is_some());
    let hint = if settled { w.t("windows-bring-hint") } else { w.t("windows-bring-hint-open") };
    let facts = vec![
        Fact::new(w.t("windows-fact-where"), hall_place(w, &hall)),
        Fact::new(w.t("windows-fact-minutes"), w.tf("windows-minutes", &[("minutes", item.minutes.into())])),
        Fact::new(w.t("windows-fact-how-long"), pick(&item.how_long, &item.how_long_en)),
        Fact::new(w.t("windows-fact-fee"), pick(&item.fee, &item.fee_en)),
        Fact::new(w.t("windows-fact-result"), pick(&item.result, &item.result_en)),
        Fact::new(w.t("windows-fact-basis"), pick(&item.basis, &item.basis_en)),
    ];
    let tools = view! {
        <div class="cluster item-tools">
            <button class="button small" type="button" data-do="share" hidden>
                {icon("share")}{w.t("windows-share")}
            </button>
            <button class="button small" type="button" data-do="copy" hidden>{w.t("windows-copy-link")}</button>
            <button class="button small" type="button" data-do="print" hidden>
                {icon("print")}{w.t("windows-print")}
            </button>
        </div>
    };
    let questions = (!item.questions.is_empty()).then(|| questions(w, &item, &hall, &carried));
    view! {
        <p class="official">{pick(&item.official_name, &item.official_name_en)}</p>
        <p class="lead">{pick(&item.who, &item.who_en)}</p>
        {questions}
        <form class="form" method="get" action=format!("/services/{}/times", item.code)>
            <div id="bring">
                <CheckField
                    name="m"
                    legend=w.t("windows-bring")
                    hint=hint
                    choices=choices
                    checked=carried.ticked.clone()
                />
            </div>
            <Section title=w.t("windows-facts")>
                {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
                <Summary facts=facts/>
            </Section>
            {tools}
            {hidden(&carried, false)}
            <input type="hidden" name="hall" value=hall.code.clone()/>
            <ActionBar><Button label=w.t("windows-choose-time") weight=Weight::Primary icon_name="calendar"/></ActionBar>
        </form>
    }
    .into_any()
}

/// The questions: a form of its own that comes back to this page.
fn questions(w: Words, item: &ServiceItem, hall: &HallWords, carried: &Carried) -> AnyView {
    let fields = item
        .questions
        .iter()
        .map(|question| question_field(w, question, carried.answers.get(&question.code)))
        .collect_view();
    view! {
        <form class="form card" method="get" action=format!("/services/{}#bring", item.code)>
            <h2 class="card-title">{w.t("windows-questions")}</h2>
            {fields}
            <div><Button label=w.t("windows-show-materials")/></div>
            <input type="hidden" name="hall" value=hall.code.clone()/>
        </form>
    }
    .into_any()
}

/// A yes-or-no question. Its name comes from the data, so it is written here and not by `RadioField`.
fn question_field(w: Words, question: &Question, answer: Option<bool>) -> AnyView {
    let name = format!("q-{}", question.code);
    let choice = |value: &'static str, word: String, checked: bool| {
        let name = name.clone();
        view! {
            <label class="choice">
                <input type="radio" name=name value=value checked=checked required/>
                <span class="choice-main"><span class="choice-title">{word}</span></span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="label">{w.pick(&question.text, &question.text_en).to_owned()}</legend>
            <div class="choices inline">
                {choice("yes", w.t("windows-yes"), answer == Some(true))}
                {choice("no", w.t("windows-no"), answer == Some(false))}
            </div>
        </fieldset>
    }
    .into_any()
}
