//! `/services/{code}`: one item, what to bring by a few questions, what else could be done in the same visit, and the
//! way to a time.

use super::{
    HallWords,
    parts::{hall_place, measured_words},
    visit::{Visit, hidden_fields, material_fields, question_fields},
};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What the page shows.
pub struct GuideProps {
    /// Words.
    pub w: Words,
    /// The item, and what is to be done in the same visit.
    pub visit: Visit,
    /// The chosen hall.
    pub hall: HallWords,
    /// Halls that serve the items.
    pub halls: Vec<Way>,
    /// Items that could be added: address and title.
    pub more: Vec<(String, String)>,
    /// Middle half of the measured minutes of a single item, when enough was measured.
    pub measured: Option<(i64, i64)>,
    /// The added items: address without it, and title.
    pub added: Vec<(String, String)>,
    /// The hall's hours of today in words, with the wait.
    pub opening: String,
    /// Where a number can be drawn from afar now.
    pub remote: Option<String>,
}

/// The page. The title is the shell's.
pub fn guide_page(props: GuideProps) -> AnyView {
    let GuideProps { w, visit, hall, halls, more, measured, added, opening, remote } = props;
    let Some(item) = visit.0.first().map(|one| one.item.clone()) else { return ().into_any() };
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let unanswered = |one: &super::visit::Chosen| {
        one.item.questions.iter().any(|question| one.carried.answers.get(&question.code).is_none())
    };
    let hint = if visit.0.iter().any(unanswered) { w.t("windows-bring-hint-open") } else { w.t("windows-bring-hint") };
    let planned = w.tf("windows-minutes", &[("minutes", visit.minutes().into())]);
    let measured = measured.map(|range| {
        view! { <br/><span class="muted">{w.tf("windows-measured", &[("minutes", measured_words(w, range).into())])}</span> }
    });
    let minutes = view! { {planned}{measured} };
    let remote = remote.map(|href| view! { <p><a href=href>{w.t("home-remote")}</a></p> });
    let today = view! { <p>{opening}</p>{remote} };
    let facts = vec![
        Fact::new(w.t("windows-fact-where"), hall_place(w, &hall)),
        Fact::new(w.t("windows-today"), today),
        Fact::new(w.t("windows-fact-minutes"), minutes),
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
    let asks = visit.0.iter().any(|one| !one.item.questions.is_empty());
    let with: Vec<(String, String)> = visit.fields(false).into_iter().filter(|(name, _)| name == "with").collect();
    let questions = asks.then(|| {
        view! {
            <form class="form card" method="get" action=format!("/services/{}#bring", item.code)>
                <h2 class="card-title">{w.t("windows-questions")}</h2>
                {question_fields(w, &visit)}
                <div><Button label=w.t("windows-show-materials")/></div>
                {hidden_fields(with)}
                <input type="hidden" name="hall" value=hall.code.clone()/>
            </form>
        }
    });
    view! {
        <p class="official">{pick(&item.official_name, &item.official_name_en)}</p>
        <p class="lead">{pick(&item.who, &item.who_en)}</p>
        {added_items(w, added)}
        {questions}
        <form class="form" method="get" action=format!("/services/{}/times", item.code)>
            <div id="bring" class="stack loose">{material_fields(w, &visit, &w.t("windows-bring"), Some(hint))}</div>
            {more_items(w, more)}
            <Section title=w.t("windows-facts")>
                {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
                <Summary facts=facts/>
            </Section>
            {tools}
            {hidden_fields(visit.fields(false))}
            <input type="hidden" name="hall" value=hall.code.clone()/>
            <ActionBar><Button label=w.t("windows-choose-time") weight=Weight::Primary icon_name="calendar"/></ActionBar>
        </form>
    }
    .into_any()
}

/// What was added to the visit, each with a way to take it out again.
fn added_items(w: Words, added: Vec<(String, String)>) -> Option<AnyView> {
    let rows = added
        .iter()
        .map(|(href, title)| {
            view! {
                <li class="between">
                    <strong>{title.clone()}</strong>
                    <a href=href.clone()>{w.t("booking-remove-item")}<span class="sr">" "{title.clone()}</span></a>
                </li>
            }
        })
        .collect_view();
    (!added.is_empty()).then(|| {
        view! { <div class="card"><p>{w.t("booking-together")}</p><ul class="visit-items">{rows}</ul></div> }.into_any()
    })
}

/// 还想一起办: what could be added.
fn more_items(w: Words, more: Vec<(String, String)>) -> Option<AnyView> {
    (!more.is_empty()).then(|| {
        let rows = more
            .into_iter()
            .map(|(href, title)| view! { <li><a class="chip" href=href>{icon("plus")}{title}</a></li> })
            .collect_view();
        view! {
            <details class="more">
                <summary>{w.t("booking-add-item")}</summary>
                <div class="more-body">
                    <p class="muted small">{w.t("booking-add-item-note")}</p>
                    <ul class="chips visit-more">{rows}</ul>
                </div>
            </details>
        }
        .into_any()
    })
}
