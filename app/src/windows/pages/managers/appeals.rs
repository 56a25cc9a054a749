//! `/staff/blocks`: blocks after missed visits, what their holders say, and the decision.

use crate::{i18n::Words, ui::parts::*, windows::code_for_reading};
use leptos::prelude::*;

/// A block.
pub struct AppealView {
    /// Its id.
    pub id: String,
    /// Its holder's name and masked number.
    pub person: (String, String),
    /// Its hall.
    pub hall: String,
    /// Its last day.
    pub until: String,
    /// It is over.
    pub over: bool,
    /// The missed visits: code, item, when.
    pub missed: Vec<(String, String, String)>,
    /// What the holder says; may be empty.
    pub appeal: String,
    /// `lifted`, `kept` or nothing; why; by whom.
    pub decision: (String, String, String),
}

/// A decision that was not taken.
pub struct Refused {
    /// Of which block.
    pub id: String,
    /// What was chosen.
    pub decision: String,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub text: String,
}

/// What the page shows.
pub struct AppealsProps {
    /// Words.
    pub w: Words,
    /// Which blocks.
    pub ways: Vec<Way>,
    /// The blocks.
    pub rows: Vec<AppealView>,
    /// A decision that was not taken.
    pub refused: Option<Refused>,
    /// Longest reason.
    pub max: usize,
}

/// The page.
pub fn appeals_page(props: AppealsProps) -> AnyView {
    let AppealsProps { w, ways, rows, refused, max } = props;
    let which = ways.iter().find(|way| way.current).map(|way| way.href.clone()).unwrap_or_default();
    let which = which.rsplit('=').next().unwrap_or_default().to_owned();
    let summary: Vec<(String, String)> =
        refused.iter().map(|one| (format!("reason-{}", one.id), one.text.clone())).collect();
    let body = if rows.is_empty() {
        view! { <Empty icon_name="success" title=w.t("appeal-none") text=w.t("appeal-none-text")/> }.into_any()
    } else {
        let cards = rows
            .into_iter()
            .map(|row| {
                let wrong = refused.as_ref().filter(|one| one.id == row.id);
                card(w, row, wrong, &which, max)
            })
            .collect_view();
        view! { <ul class="hit-list">{cards}</ul> }.into_any()
    };
    view! {
        <p class="lead">{w.t("appeal-lead")}</p>
        <Tabs label=w.t("appeal-title") ways=ways/>
        <ErrorSummary w=w errors=summary/>
        {body}
    }
    .into_any()
}

fn card(w: Words, row: AppealView, wrong: Option<&Refused>, which: &str, max: usize) -> AnyView {
    let AppealView { id, person, hall, until, over, missed, appeal, decision } = row;
    let visits = missed
        .into_iter()
        .map(|(code, title, when)| {
            view! { <li><span class="num">{when}</span>" "{title}" "<code class="small">{code_for_reading(&code)}</code></li> }
        })
        .collect_view();
    let said = (!appeal.is_empty()).then(|| view! { <blockquote class="said"><p>{appeal}</p></blockquote> });
    let state = match decision.0.as_str() {
        "lifted" => view! { <Badge tone=Tone::Ok word=w.t("appeal-lifted")/> }.into_any(),
        "kept" => view! { <Badge tone=Tone::Bad word=w.t("appeal-kept")/> }.into_any(),
        _ if over => view! { <Badge word=w.t("appeal-over")/> }.into_any(),
        _ => view! { <Badge tone=Tone::Warn word=w.tf("appeal-until", &[("until", until.into())])/> }.into_any(),
    };
    let open = decision.0.is_empty();
    let foot = if open {
        form(w, &id, &person.0, wrong, which, max)
    } else {
        view! { <p>{decision.1}</p><p class="meta">{decision.2}</p> }.into_any()
    };
    view! {
        <li class="card hit" id=format!("block-{id}")>
            <h2 class="card-title">{person.0}" "<span class="muted small num nowrap">{person.1}</span></h2>
            <p class="meta"><span>{hall}</span>" · "{state}</p>
            {said}
            <p class="small muted">{w.t("booking-block-missed")}</p>
            <ul class="visit-items small">{visits}</ul>
            {foot}
        </li>
    }
    .into_any()
}

fn form(w: Words, id: &str, person: &str, wrong: Option<&Refused>, which: &str, max: usize) -> AnyView {
    let field = format!("reason-{id}");
    let error = wrong.map(|one| one.text.clone());
    let invalid = error.is_some().then_some("");
    let described = if error.is_some() { format!("{field}-hint {field}-error") } else { format!("{field}-hint") };
    let aria = error.is_some().then_some("true");
    let typed = wrong.map(|one| one.reason.clone()).unwrap_or_default();
    let who = person.to_owned();
    view! {
        <form class="form tight" method="post" action=format!("/staff/blocks/{id}")>
            <input type="hidden" name="which" value=which.to_owned()/>
            <div class="field" data-invalid=invalid>
                <label class="label" r#for=field.clone()>{w.t("appeal-reason")}<span class="sr">" "{who}</span></label>
                <p class="hint" id=format!("{field}-hint")>{w.t("appeal-reason-hint")}</p>
                {error.map(|text| view! { <p class="error" id=format!("{field}-error")>{text}</p> })}
                <textarea
                    class="input"
                    id=field.clone()
                    name="reason"
                    rows="2"
                    maxlength=max.to_string()
                    required
                    aria-describedby=described
                    aria-invalid=aria
                >{typed}</textarea>
            </div>
            <Buttons>
                <Button label=w.t("appeal-lift") sends=("decision", "lift".to_owned()) icon_name="check"/>
                <Button label=w.t("appeal-keep") sends=("decision", "keep".to_owned()) weight=Weight::Quiet/>
            </Buttons>
        </form>
    }
    .into_any()
}
