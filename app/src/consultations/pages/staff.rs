//! What staff see: the table, one consultation with its figures and steps.

use super::{
    Asked, answer_fields, explained, facts,
    steps::{Deciding, step_forms},
    tone,
};
use crate::{
    consultations::{Per, SHEET_CHARS, State, Step, count::Counted, flat::TYPED_CHARS},
    i18n::Words,
    notices::form::Errors,
    ui::{chart, parts::*},
};
use leptos::prelude::*;

/// A row of the table.
#[derive(Clone, Debug)]
pub struct StaffRow {
    /// Id.
    pub id: String,
    /// The question.
    pub question: String,
    /// Name of the place.
    pub place: String,
    /// Where it stands.
    pub state: State,
    /// Until when, in words.
    pub closes: String,
    /// How many have spoken.
    pub spoke: i64,
}

/// `/staff/consultations`
pub struct StaffTable {
    /// One page of them.
    pub rows: Vec<StaffRow>,
    /// The chosen state.
    pub state: Option<State>,
    /// This page, from 1.
    pub page: u32,
    /// The last page.
    pub pages: u32,
}

fn address(state: Option<State>, page: u32) -> String {
    let state = state.map(|state| format!("state={}", state.code()));
    let page = (page > 1).then(|| format!("page={page}"));
    let query: Vec<String> = [state, page].into_iter().flatten().collect();
    if query.is_empty() {
        "/staff/consultations".to_owned()
    } else {
        format!("/staff/consultations?{}", query.join("&"))
    }
}

/// The table.
pub fn staff_table(w: Words, table: StaffTable) -> AnyView {
    let StaffTable { rows, state, page, pages } = table;
    let all = Way::new(address(None, 1), w.t("consultations-all"), state.is_none());
    let ways = std::iter::once(all)
        .chain(State::ALL.into_iter().map(|one| Way::new(address(Some(one), 1), w.t(one.key()), state == Some(one))))
        .collect();
    let body = if rows.is_empty() {
        view! { <Empty icon_name="list" title=w.t("consultations-staff-none") text=w.t("consultations-staff-none-text")/> }
            .into_any()
    } else {
        let rows: Vec<Vec<Cell>> = rows
            .into_iter()
            .map(|row| {
                let href = format!("/staff/consultations/{}", row.id);
                vec![
                    Cell::new(view! { <a class="table-title" href=href>{row.question}</a> }),
                    Cell::new(row.place),
                    Cell::new(view! { <Badge tone=tone(row.state) word=w.t(row.state.key())/> }),
                    Cell::new(row.closes),
                    Cell::number(row.spoke),
                ]
            })
            .collect();
        let columns = [
            "consultations-column-question",
            "consultations-column-place",
            "consultations-column-state",
            "consultations-column-closes",
            "consultations-column-voices",
        ];
        view! {
            <Table caption=w.t("consultations-staff-title") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/>
        }
        .into_any()
    };
    let previous = (page > 1).then(|| address(state, page - 1));
    let next = (page < pages).then(|| address(state, page + 1));
    view! {
        <p class="lead">{w.t("consultations-staff-lead")}</p>
        <Buttons>
            <LinkButton
                href="/staff/consultations/new"
                label=w.t("consultations-new")
                weight=Weight::Primary
                icon_name="plus"
            />
        </Buttons>
        <Chips label=w.t("consultations-column-state") ways=ways/>
        {body}
        <Pagination w=w page=page pages=pages previous=previous next=next/>
    }
    .into_any()
}

/// A sheet of paper that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// Code and name of the buildings of the place.
    pub buildings: Vec<(String, String)>,
    /// The chosen one.
    pub building: String,
    /// The flat as typed.
    pub flat: String,
    /// The number of the sheet.
    pub sheet: String,
    /// Chosen options.
    pub choices: Vec<String>,
    /// Words.
    pub comment: String,
    /// What is wrong.
    pub errors: Errors,
    /// Somebody has spoken for it already, in words.
    pub spoken: Option<String>,
}

/// `/staff/consultations/{id}`
pub struct StaffPage {
    /// The question.
    pub asked: Asked,
    /// Counts changes.
    pub version: i64,
    /// The figures, uncut.
    pub counted: Counted,
    /// What residents wrote, without names.
    pub comments: Vec<String>,
    /// There are more than are shown.
    pub more_comments: bool,
    /// Pairs that nobody has decided on, while it is weighed.
    pub pairs: Option<usize>,
    /// Steps that are possible now.
    pub steps: Vec<Step>,
    /// The step that is being written.
    pub deciding: Deciding,
    /// The form of a sheet of paper, where one may be typed.
    pub paper: Option<Paper>,
    /// Address of the notice that tells of the result; `Some(None)`: it may be made.
    pub notice: Option<Option<String>>,
    /// Residents see it.
    pub is_public: bool,
}

/// One consultation.
pub fn staff_page(w: Words, page: StaffPage) -> AnyView {
    let StaffPage {
        asked,
        version,
        counted,
        comments,
        more_comments,
        pairs,
        steps,
        deciding,
        paper,
        notice,
        is_public,
    } = page;
    let here = format!("/staff/consultations/{}", asked.id);
    let paper_errors = paper.as_ref().map(|paper| &paper.errors);
    let summary = deciding.errors.iter().chain(paper_errors.into_iter().flatten());
    let summary = summary.map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let draft = asked.state == State::Draft;
    let edit = draft.then(|| {
        view! { <LinkButton href=format!("{here}/edit") label=w.t("consultations-edit") icon_name="edit"/> }
    });
    let public = is_public.then(|| {
        view! { <LinkButton href=format!("/consultations/{}", asked.id) label=w.t("consultations-see") icon_name="external"/> }
    });
    let pairs = pairs.map(|count| {
        let href = format!("{here}/pairs");
        let label = w.tf("consultations-pairs-open", &[("count", count.into())]);
        view! { <LinkButton href=href label=label/> }
    });
    let to_notice = match notice {
        None => ().into_any(),
        Some(Some(href)) => view! { <LinkButton href=href label=w.t("consultations-notice")/> }.into_any(),
        Some(None) => view! {
            <form method="post" action=format!("{here}/notice")>
                <Button label=w.t("consultations-notice-make")/>
            </form>
        }
        .into_any(),
    };
    let spoken = (!draft).then(|| figures(w, &asked, counted, comments, more_comments));
    let paper = paper.map(|paper| paper_form(w, &asked, &here, paper));
    view! {
        <ErrorSummary w=w errors=summary/>
        <p class="meta"><Badge tone=tone(asked.state) word=w.t(asked.state.key())/></p>
        {facts(w, &asked)}
        {explained(asked.html.clone())}
        {options(w, &asked)}
        <div class="cluster">{edit}{public}{pairs}{to_notice}</div>
        {spoken}
        {paper}
        {step_forms(w, &here, version, &steps, deciding)}
    }
    .into_any()
}

fn options(w: Words, asked: &Asked) -> AnyView {
    let list = asked.options.iter().cloned().map(|option| view! { <li>{option}</li> }).collect_view();
    let title = w.t(asked.kind.key());
    view! { <Section title=title><ol class="prose">{list}</ol></Section> }.into_any()
}

/// What was said so far.
fn figures(w: Words, asked: &Asked, counted: Counted, comments: Vec<String>, more: bool) -> AnyView {
    let share = (asked.per == Per::Household && asked.households > 0)
        .then(|| w.tf("consultations-share", &[("percent", (counted.spoke * 100 / asked.households).into())]));
    let mut facts = vec![
        Fact::new(w.t("consultations-figure-spoke"), format!("{} {}", counted.spoke, share.unwrap_or_default())),
        Fact::new(w.t("consultations-figure-paper"), counted.paper.to_string()),
    ];
    if counted.struck > 0 {
        facts.push(Fact::new(w.t("consultations-figure-struck"), counted.struck.to_string()));
    }
    let rows: Vec<(String, Vec<i64>)> =
        asked.options.iter().cloned().zip(counted.options.iter().map(|n| vec![*n])).collect();
    let bars = (!rows.is_empty())
        .then(|| chart::bars(w.t("consultations-chart"), &[w.t("consultations-column-voices")], rows));
    let comments = (!comments.is_empty()).then(|| {
        let list = comments.into_iter().map(|text| view! { <li class="typed">{text}</li> }).collect_view();
        let more = more.then(|| view! { <p class="hint">{w.t("consultations-comments-more")}</p> });
        view! {
            <h3>{w.t("consultations-comments")}</h3>
            <p class="hint">{w.t("consultations-comments-hint")}</p>
            <ul class="consultation-comments">{list}</ul>
            {more}
        }
    });
    view! {
        <Section title=w.t("consultations-figures")>
            <Summary facts=facts/>
            {bars}
            {comments}
        </Section>
    }
    .into_any()
}

fn paper_form(w: Words, asked: &Asked, here: &str, paper: Paper) -> AnyView {
    let Paper { buildings, building, flat, sheet, choices, comment, errors, spoken } = paper;
    let household = asked.per == Per::Household;
    let open = !errors.is_empty() || spoken.is_some();
    let fields = answer_fields(w, asked, (choices, comment), &errors);
    let sheet_field = (!household).then(|| {
        view! {
            <TextField
                w=w
                name="sheet"
                label=w.t("consultations-sheet")
                hint=w.t("consultations-sheet-hint")
                value=sheet
                error=errors.get("sheet").cloned()
                maxlength=u32::try_from(SHEET_CHARS).unwrap_or(u32::MAX)
                width="w-mid"
            />
        }
    });
    view! {
        <details class="more" id="paper" open=open>
            <summary>{w.t("consultations-paper")}</summary>
            <div class="more-body stack">
                <p class="hint">{w.t("consultations-paper-hint")}</p>
                {spoken.map(|text| view! { <Note tone=Tone::Warn><p>{text}</p></Note> })}
                <form class="form stack" method="post" action=format!("{here}/paper")>
                    {sheet_field}
                    <SelectField
                        w=w
                        name="building"
                        label=w.t("consultations-paper-building")
                        options=buildings
                        value=building
                        error=errors.get("building").cloned()
                        optional=!household
                    />
                    <TextField
                        w=w
                        name="flat"
                        label=w.t("consultations-flat")
                        hint=w.t("consultations-flat-hint")
                        value=flat
                        error=errors.get("flat").cloned()
                        optional=!household
                        maxlength=u32::try_from(TYPED_CHARS).unwrap_or(u32::MAX)
                        width="w-mid"
                    />
                    {fields}
                    <Buttons><Button label=w.t("consultations-paper-do")/></Buttons>
                </form>
            </div>
        </details>
    }
    .into_any()
}
