//! `/staff/reports`: what is open, by lateness, with filters in the address; and several at once.

use super::{Answer, Due, Handler, Message, answer_field, due_view, map_box, message_preview, tone};
use crate::{
    i18n::Words,
    reports::{MAX_TEXT, State, Step},
    ui::parts::*,
};
use leptos::prelude::*;

/// A report on the desk.
pub struct DeskRow {
    /// Where it leads.
    pub href: String,
    /// Its code.
    pub code: String,
    /// Number of its last event.
    pub version: i64,
    /// Category.
    pub category: String,
    /// Grid and building.
    pub place: String,
    /// The beginning of what the reporter wrote.
    pub said: String,
    /// State.
    pub state: State,
    /// Who handles it.
    pub owner: String,
    /// When it was filed.
    pub filed: String,
    /// Time limit, while it is open.
    pub due: Option<Due>,
}

/// A filter beside those of states.
pub struct DeskFilter {
    /// Its parameter.
    pub name: &'static str,
    /// What it chooses.
    pub label: String,
    /// Value and word; an empty value for everything.
    pub choices: Vec<(String, String)>,
    /// The one chosen.
    pub value: String,
    /// Address without it.
    pub without: String,
}

/// What the desk shows.
pub struct DeskPage {
    /// Words.
    pub w: Words,
    /// Filters by state.
    pub states: Vec<Way>,
    /// The other filters.
    pub filters: Vec<DeskFilter>,
    /// Parameters that the form of the other filters keeps.
    pub kept: Vec<(&'static str, String)>,
    /// Text that is searched for.
    pub text: String,
    /// The rows.
    pub rows: Vec<DeskRow>,
    /// Address of the first page, when this is another one.
    pub first: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// The reader may accept, dispatch, reject and close.
    pub manages: bool,
    /// Changes when something happens.
    pub version: i64,
    /// Address of the plan on which the rows stand.
    pub plan: String,
    /// The reader may change settings.
    pub sets: bool,
    /// The reader may see the figures.
    pub counts: bool,
}

/// The page.
pub fn desk_page(page: DeskPage) -> AnyView {
    let DeskPage { w, states, filters, kept, text, rows, first, next, manages, version, plan, sets, counts } = page;
    let shortened = filters
        .iter()
        .filter(|filter| !filter.value.is_empty())
        .map(|filter| {
            let word = filter.choices.iter().find(|(value, _)| *value == filter.value).map(|(_, word)| word.clone());
            let label = w.tf("desk-filter-off", &[("name", word.unwrap_or_default().into())]);
            view! { <a class="chip" aria-current="true" href=filter.without.clone() aria-label=label>{
                filter.choices.iter().find(|(value, _)| *value == filter.value).map(|(_, word)| word.clone())
            }" ×"</a> }
        })
        .collect::<Vec<_>>();
    let active = !shortened.is_empty() || !text.is_empty();
    let shortened = (!shortened.is_empty())
        .then(|| view! { <nav class="chips" aria-label=w.t("desk-filters-on")>{shortened}</nav> });
    let selects = filters
        .into_iter()
        .map(|filter| view! { <SelectField w=w name=filter.name label=filter.label options=filter.choices value=filter.value/> })
        .collect_view();
    let kept =
        kept.into_iter().map(|(name, value)| view! { <input r#type="hidden" name=name value=value/> }).collect_view();
    let body = if rows.is_empty() {
        view! { <Empty icon_name="check" title=w.t("reports-desk-empty") text=w.t("reports-desk-empty-text")/> }
            .into_any()
    } else {
        let rows = rows.into_iter().map(|row| desk_row(w, row, manages)).collect_view();
        view! { <ul class="desk-rows" aria-label=w.t("reports-desk-caption")>{rows}</ul> }.into_any()
    };
    let bar = manages.then(|| bulk_bar(w));
    let pages = (first.is_some() || next.is_some()).then(|| {
        let first = first.map(|href| view! { <a rel="first" href=href>{w.t("desk-first-page")}</a> });
        let next = next.map(|href| view! { <a rel="next" href=href>{w.t("desk-next-page")}</a> });
        view! { <nav class="pages" aria-label=w.t("desk-pages")>{first}{next}</nav> }
    });
    view! {
        <p class="cluster">
            {manages.then(|| view! { <LinkButton href="/staff/reports/new" label=w.t("call-title") icon_name="phone"/> })}
            {counts.then(|| view! { <a class="more-link" href="/staff/reports/statistics">{w.t("desk-statistics")}</a> })}
            {if sets {
                view! { <a class="more-link" href="/staff/reports/settings">{w.t("reports-settings")}</a> }
            } else {
                view! { <a class="more-link" href="/staff/reports/classifier">{w.t("desk-classifier")}</a> }
            }}
        </p>
        <Chips label=w.t("reports-filter-state") ways=states/>
        {shortened}
        <details class="more" open=active>
            <summary>{w.t("desk-filter-more")}</summary>
            <form method="get" action="/staff/reports" class="more-body desk-filters">
                {kept}
                <TextField w=w name="q" label=w.t("desk-search") value=text kind="search" optional=true/>
                {selects}
                <Buttons><Button label=w.t("desk-filter-do")/></Buttons>
            </form>
        </details>
        <div class="desk" data-script="/desk.js" data-watch="/staff/reports/version" data-version=version.to_string()>
            <section class="desk-list" aria-label=w.t("reports-desk")>
                <form method="post" action="/staff/reports/bulk">
                    {body}
                    {bar}
                </form>
                {pages}
                <p class="small muted desk-keys" hidden=true>{w.t("desk-keys")}</p>
                <p
                    class="sr"
                    role="status"
                    aria-live="polite"
                    data-say=w.t("desk-changed")
                    data-ticked=w.t("desk-ticked-changed")
                ></p>
            </section>
            <section class="desk-detail" aria-label=w.t("desk-detail") tabindex="-1" hidden=true data-loading=w.t("desk-loading") data-failed=w.t("desk-failed")></section>
            <div class="desk-map">{map_box(w, plan, false)}</div>
        </div>
    }
    .into_any()
}

fn desk_row(w: Words, row: DeskRow, manages: bool) -> AnyView {
    let pick = manages.then(|| {
        let label = w.tf("desk-pick", &[("code", row.code.clone().into())]);
        let value = format!("{}:{}", row.code, row.version);
        view! { <label class="desk-pick"><input r#type="checkbox" name="pick" value=value aria-label=label/></label> }
    });
    let (id, code) = (format!("row-{}", row.code), row.code.clone());
    let owner = (!row.owner.is_empty()).then(|| view! { <span>{row.owner}</span> });
    view! {
        <li data-code=code>
            {pick}
            <a class="desk-row" href=row.href id=id>
                <span class="desk-what"><strong>{row.category}</strong>" "<span class="muted">{row.place}</span></span>
                <span class="desk-said muted small">{row.said}</span>
                <span class="desk-facts small"><Badge tone=tone(row.state) word=w.t(row.state.key())/>{owner}<span class="muted num">{row.code}" · "{row.filed}</span></span>
                {row.due.map(due_view)}
            </a>
        </li>
    }
    .into_any()
}

fn bulk_bar(w: Words) -> AnyView {
    let steps = [Step::Accept, Step::Dispatch, Step::Reject, Step::Close]
        .into_iter()
        .map(|step| {
            view! { <button class="button small" name="step" value=step.code()>{w.t(step.button_key())}</button> }
        })
        .collect_view();
    view! {
        <fieldset class="desk-bulk">
            <legend class="small">{w.t("desk-bulk-legend")}</legend>
            <div class="cluster">{steps}</div>
        </fieldset>
    }
    .into_any()
}

/// What became of one of several.
#[derive(Clone, Debug)]
pub struct BulkDone {
    /// Code.
    pub code: String,
    /// Category and place.
    pub title: String,
    /// Why not; `None`: done.
    pub why: Option<String>,
}

/// A step for several: what is asked, or what became of it.
#[derive(Clone, Debug)]
pub struct BulkPage {
    /// Words.
    pub w: Words,
    /// The step.
    pub step: Option<Step>,
    /// Code and version of what was ticked.
    pub picks: Vec<String>,
    /// What was ticked, in words.
    pub titles: Vec<String>,
    /// Who can be sent to all of them.
    pub handlers: Vec<Handler>,
    /// Who was chosen.
    pub to: String,
    /// What was typed.
    pub text: String,
    /// The message that the first of the reporters gets.
    pub message: Option<Message>,
    /// Answers that can be put into the words.
    pub answers: Vec<Answer>,
    /// What is wrong.
    pub trouble: Option<String>,
    /// What became of each; empty before.
    pub done: Vec<BulkDone>,
}

impl BulkPage {
    /// Nothing yet.
    pub fn new(w: Words) -> BulkPage {
        BulkPage {
            w,
            step: None,
            picks: Vec::new(),
            titles: Vec::new(),
            handlers: Vec::new(),
            to: String::new(),
            text: String::new(),
            message: None,
            answers: Vec::new(),
            trouble: None,
            done: Vec::new(),
        }
    }
}

/// The page of a step for several.
pub fn bulk_page(page: BulkPage) -> AnyView {
    let BulkPage { w, step, picks, titles, handlers, to, text, message, answers, trouble, done } = page;
    let trouble = trouble.map(|text| view! { <div role="alert"><Note tone=Tone::Bad><p>{text}</p></Note></div> });
    let Some(step) = step else {
        return view! { {trouble}<Buttons><LinkButton href="/staff/reports" label=w.t("desk-bulk-back")/></Buttons> }
            .into_any();
    };
    if !done.is_empty() {
        let good = done.iter().filter(|one| one.why.is_none()).count();
        let sum = w.tf(
            "desk-bulk-sum",
            &[("step", w.t(step.button_key()).into()), ("done", good.into()), ("not", (done.len() - good).into())],
        );
        let rows = done
            .into_iter()
            .map(|one| {
                let badge = match &one.why {
                    None => view! { <Badge tone=Tone::Ok word=w.t("desk-bulk-done")/> }.into_any(),
                    Some(_) => view! { <Badge tone=Tone::Bad word=w.t("desk-bulk-not")/> }.into_any(),
                };
                view! { <Item w=w href=format!("/staff/reports/{}", one.code) title=one.title note=one.why.unwrap_or(one.code)>{badge}</Item> }
            })
            .collect_view();
        return view! {
            <p class="lead" role="status">{sum}</p>
            <List>{rows}</List>
            <Buttons><LinkButton href="/staff/reports" label=w.t("desk-bulk-back")/></Buttons>
        }
        .into_any();
    }
    let count = picks.len();
    let picks = picks.into_iter().map(|pick| view! { <input r#type="hidden" name="pick" value=pick/> }).collect_view();
    let titles = titles.into_iter().map(|title| view! { <li>{title}</li> }).collect_view();
    let choose = (step == Step::Dispatch).then(|| {
        let choices = handlers.into_iter().map(|h| Choice::new(h.id, h.name).note(h.note)).collect();
        view! { <RadioField name="to" legend=w.t("reports-step-to") choices=choices value=to hint=w.t("desk-bulk-to-hint")/> }
    });
    let preview = message.map(message_preview);
    let answers = answer_field(w, ("sure", "answer"), &answers);
    let weight = if step == Step::Reject { Weight::Danger } else { Weight::Primary };
    let name = w.tf("desk-bulk-do", &[("step", w.t(step.button_key()).into()), ("count", count.into())]);
    view! {
        {trouble}
        <p class="lead">{name.clone()}</p>
        <ul>{titles}</ul>
        <form method="post" action="/staff/reports/bulk" class="form" data-script="/answers.js">
            <button class="sr" tabindex="-1" aria-hidden="true" name="sure" value="1">{name.clone()}</button>
            {picks}
            <input r#type="hidden" name="step" value=step.code()/>
            {choose}
            {answers}
            <TextArea w=w name="text" label=w.t("desk-bulk-words") value=text optional=!step.needs_reason() maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000) rows=2/>
            {preview}
            <div class="buttons">
                <Button label=name weight=weight sends=("sure", "1".into())/>
                <button class="button quiet" name="sure" value="">{w.t("reports-preview")}</button>
            </div>
        </form>
    }
    .into_any()
}
