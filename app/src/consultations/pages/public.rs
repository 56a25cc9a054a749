//! What residents see: the list, a question with its form, the result.

use super::{Asked, answer_fields, explained, facts, tone};
use crate::{
    consultations::{Per, State, count::Cell as Counted, flat::TYPED_CHARS},
    i18n::Words,
    notices::form::Errors,
    ui::{chart, parts::*},
};
use leptos::prelude::*;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct PublicRow {
    /// Id.
    pub id: String,
    /// The question.
    pub question: String,
    /// Name of the place.
    pub place: String,
    /// Where it stands.
    pub state: State,
    /// Until when it is open, or when it ended, in words.
    pub when: String,
}

/// `/consultations`: those that are open, then those that are not.
pub fn public_list(w: Words, rows: Vec<PublicRow>, everywhere: bool) -> AnyView {
    let (open, over): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.state == State::Open);
    let none = open.is_empty();
    let list = move |rows: Vec<PublicRow>| {
        let rows = rows
            .into_iter()
            .map(|row| {
                let note = format!("{} · {}", row.place, row.when);
                view! {
                    <Item w=w href=format!("/consultations/{}", row.id) title=row.question note=note>
                        <Badge tone=tone(row.state) word=w.t(row.state.key())/>
                    </Item>
                }
            })
            .collect_view();
        view! { <List>{rows}</List> }
    };
    let over = (!over.is_empty()).then(|| view! { <Section title=w.t("consultations-over")>{list(over)}</Section> });
    let open = if none {
        view! { <Empty icon_name="list" title=w.t("consultations-none") text=w.t("consultations-none-text")/> }
            .into_any()
    } else {
        view! { <Section title=w.t("consultations-open")>{list(open)}</Section> }.into_any()
    };
    view! {
        <p class="lead">{w.t("consultations-lead")}</p>
        {everywhere.then(|| view! {
            <Note><p><a href="/communities?next=%2Fconsultations">{w.t("choose-community")}</a></p></Note>
        })}
        {open}
        {over}
    }
    .into_any()
}

/// What became of the reader's voice.
#[derive(Clone, Debug)]
pub struct Mine {
    /// When it was last changed, in words.
    pub when: String,
    /// Somebody else of the household spoke after the reader.
    pub by_another: bool,
}

/// The form of a voice.
#[derive(Clone, Debug, Default)]
pub struct VoiceForm {
    /// Name of the reader's building.
    pub building: String,
    /// The flat as typed.
    pub flat: String,
    /// Chosen options.
    pub choices: Vec<String>,
    /// Words.
    pub comment: String,
    /// What is wrong.
    pub errors: Errors,
    /// The household has spoken, at this time in words: sent again, this voice takes its place.
    pub spoken: Option<String>,
    /// The voice takes the place of the household's without asking.
    pub replace: bool,
}

/// What the reader may do.
#[derive(Clone, Debug)]
pub enum Speak {
    /// Its time has not come, or is over.
    No,
    /// Sign in first.
    SignIn,
    /// Say first where one lives.
    NoBuilding,
    /// One lives elsewhere.
    Elsewhere,
    /// Answer.
    Form(Box<VoiceForm>),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How many spoke.
    pub spoke: i64,
    /// The options with their numbers; `None`: too few spoke for any.
    pub cells: Option<Vec<(String, Counted)>>,
    /// What residents wrote, in the words of staff.
    pub summary: String,
    /// What was decided.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// When, in words.
    pub when: String,
    /// Address of the notice that tells of it.
    pub notice: Option<String>,
}

/// `/consultations/{id}`
pub struct PublicPage {
    /// The question.
    pub asked: Asked,
    /// What the reader may do.
    pub speak: Speak,
    /// What became of the reader's voice.
    pub mine: Option<Mine>,
    /// What came of it, once it is answered.
    pub result: Option<Outcome>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
}

/// A question with its form, or with what came of it.
pub fn public_page(w: Words, page: PublicPage) -> AnyView {
    let PublicPage { asked, speak, mine, result, withdrawn } = page;
    let state = asked.state;
    let waits = matches!(state, State::Closed | State::Weighing);
    let mine = mine.map(|mine| {
        let key = if mine.by_another { "consultations-mine-changed" } else { "consultations-mine" };
        let tone = if mine.by_another { Tone::Warn } else { Tone::Ok };
        view! { <Note tone=tone><p>{w.tf(key, &[("when", mine.when.into())])}</p></Note> }
    });
    let result = result.map(|result| result_part(w, result, asked.per));
    view! {
        <article class="consultation">
            <p class="meta"><Badge tone=tone(state) word=w.t(state.key())/></p>
            {withdrawn.map(|why| view! {
                <Note tone=Tone::Warn>
                    <p><strong>{w.t("consultations-withdrawn")}</strong></p>
                    <p class="typed">{why}</p>
                </Note>
            })}
            {facts(w, &asked)}
            {explained(asked.html.clone())}
            {waits.then(|| view! { <Note><p>{w.t("consultations-waits")}</p></Note> })}
            {result}
            {mine}
            {speak_part(w, &asked, speak)}
        </article>
    }
    .into_any()
}

fn speak_part(w: Words, asked: &Asked, speak: Speak) -> AnyView {
    let here = format!("/consultations/{}", asked.id);
    let form = match speak {
        Speak::No => return ().into_any(),
        Speak::SignIn => {
            let href = format!("/login?next={here}");
            return view! { <Buttons><LinkButton href=href label=w.t("consultations-sign-in") weight=Weight::Primary/></Buttons> }
                .into_any();
        }
        Speak::NoBuilding => {
            let href = format!("/me/name?next={here}");
            return view! {
                <Note><p>{w.t("consultations-no-building")} " " <a href=href>{w.t("consultations-say-building")}</a></p></Note>
            }
            .into_any();
        }
        Speak::Elsewhere => return view! { <Note><p>{w.t("consultations-elsewhere")}</p></Note> }.into_any(),
        Speak::Form(form) => *form,
    };
    let VoiceForm { building, flat, choices, comment, errors, spoken, replace } = form;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let replace = replace || spoken.is_some();
    let household = asked.per == Per::Household;
    let (rule, flat_hint) = match household {
        true => ("consultations-rule-household", "consultations-flat-hint"),
        false => ("consultations-rule-person", "consultations-flat-hint-person"),
    };
    let label = w.t(if replace { "consultations-send-instead" } else { "consultations-send" });
    view! {
        <section class="section" id="voice" aria-labelledby="voice-title">
            <h2 id="voice-title">{w.t("consultations-your-voice")}</h2>
            <p class="hint">{w.tf(rule, &[("until", asked.closes.clone().into())])}</p>
            <ErrorSummary w=w errors=summary/>
            {spoken.map(|when| view! {
                <Note tone=Tone::Warn><p>{w.tf("consultations-spoken", &[("when", when.into())])}</p></Note>
            })}
            <form class="form stack" method="post" action=here>
                {replace.then(|| view! { <input type="hidden" name="replace" value="1"/> })}
                {answer_fields(w, asked, (choices, comment), &errors)}
                {household.then(|| view! {
                    <p class="meta">{w.tf("consultations-building", &[("name", building.clone().into())])}</p>
                    <TextField
                        w=w
                        name="flat"
                        label=w.t("consultations-flat")
                        hint=w.t(flat_hint)
                        value=flat.clone()
                        error=errors.get("flat").cloned()
                        maxlength=u32::try_from(TYPED_CHARS).unwrap_or(u32::MAX)
                        width="w-mid"
                    />
                })}
                {(!household).then(|| view! { <p class="meta">{w.t(flat_hint)}</p> })}
                <Buttons><Button label=label weight=Weight::Primary/></Buttons>
            </form>
        </section>
    }
    .into_any()
}

/// The numbers of the options, as a table and, as far as they are told, as bars.
pub(super) fn cells(w: Words, cells: Vec<(String, Counted)>) -> AnyView {
    let told: Vec<(String, Vec<i64>)> = cells
        .iter()
        .filter_map(|(name, cell)| match cell {
            Counted::Number(n) => Some((name.clone(), vec![*n])),
            Counted::Untold => None,
        })
        .collect();
    let untold = told.len() < cells.len();
    let rows: Vec<Vec<Cell>> = cells
        .into_iter()
        .map(|(name, cell)| {
            let number = match cell {
                Counted::Number(n) => n.to_string(),
                Counted::Untold => w.t("consultations-untold"),
            };
            vec![Cell::new(name), Cell::number(number)]
        })
        .collect();
    let columns = vec![w.t("consultations-column-option"), w.t("consultations-column-voices")];
    let bars =
        (told.len() > 1).then(|| chart::bars(w.t("consultations-chart"), &[w.t("consultations-column-voices")], told));
    view! {
        {bars}
        <Table caption=w.t("consultations-chart") columns=columns rows=rows/>
        {untold.then(|| view! { <p class="hint">{w.t("consultations-untold-why")}</p> })}
    }
    .into_any()
}

fn result_part(w: Words, result: Outcome, per: Per) -> AnyView {
    let Outcome { spoke, cells: options, summary, decision, reason, when, notice } = result;
    let key = match per {
        Per::Household => "consultations-spoke-households",
        Per::Person => "consultations-spoke-people",
    };
    let figures = match options {
        Some(options) if options.is_empty() => ().into_any(),
        Some(options) => cells(w, options),
        None => view! { <p class="hint">{w.t("consultations-few")}</p> }.into_any(),
    };
    let text = |title: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <h3>{w.t(title)}</h3><p class="typed">{text}</p> })
    };
    view! {
        <section class="section consultation-result" aria-labelledby="result-title">
            <h2 id="result-title">{w.t("consultations-result")}</h2>
            <p class="meta">{when}</p>
            {text("consultations-decision", decision)}
            {text("consultations-why", reason)}
            {text("consultations-summary", summary)}
            <h3>{w.t("consultations-figures")}</h3>
            <p>{w.tf(key, &[("count", spoke.into())])}</p>
            {figures}
            {notice.map(|href| view! { <p><a class="more-link" href=href>{w.t("consultations-notice")}</a></p> })}
        </section>
    }
    .into_any()
}
