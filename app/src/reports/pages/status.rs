//! `/reports/{code}`: how a report stands, for everybody who knows its code; more for whoever filed it.

use super::{Happened, Shot, shots, timeline, tone};
use crate::{
    i18n::Words,
    reports::State,
    ui::{badge::Badge, parts::*, summary::ErrorSummary},
    windows::pages::{Rated, rated_view},
};
use leptos::prelude::*;

/// What the page shows. Fields that only the reporter may see are empty for everybody else.
pub struct StatusPage {
    /// Words.
    pub w: Words,
    /// The code.
    pub code: String,
    /// State.
    pub state: State,
    /// What went wrong with what was just sent, in a sentence.
    pub trouble: Option<String>,
    /// What was typed and cannot be sent any more: shown, so that it is not lost.
    pub unsent: Option<String>,
    /// Mistakes in what was just sent: field and words.
    pub errors: Vec<(String, String)>,
    /// One sentence: how it stands.
    pub say: String,
    /// The newest words for everybody: who says it, and what.
    pub said: Option<(String, String)>,
    /// By when, in a sentence.
    pub due: Option<String>,
    /// Why that is another time than was promised first, in sentences.
    pub moved: Vec<String>,
    /// Community, grid, building.
    pub place: String,
    /// When it was filed.
    pub filed: String,
    /// Photos of the problem that the reader may see.
    pub before: Vec<Shot>,
    /// Photos after it was dealt with that the reader may see.
    pub after: Vec<Shot>,
    /// Timeline, newest first.
    pub events: Vec<Happened>,
    /// The reporter's own words: description and place.
    pub own: Option<(String, String)>,
    /// The reporter's rating: stars, reason and the community's answer.
    pub rated: Option<Rated>,
    /// Code of the report as which it goes on.
    pub into: Option<String>,
    /// The address with which a reporter without an account comes back.
    pub link: Option<String>,
    /// The community's hotline, may be empty.
    pub hotline: String,
}

/// The page. `actions`: what the reader may do now; `changes`: what they may do to what is theirs.
pub fn status_page(page: StatusPage, actions: AnyView, changes: Option<AnyView>) -> AnyView {
    let StatusPage { w, code, state, say, due, place, filed, before, after, events, own, link, .. } = page;
    let pair = match (before.first(), after.last()) {
        (Some(first), Some(last)) => {
            let before = (first.photo(w, 1), w.t("reports-before"));
            let after = (last.photo(w, 1), w.t("reports-after"));
            Some(view! { <BeforeAfter before=before after=after/> })
        }
        _ => None,
    };
    let mut others = shots(w, &before);
    if pair.is_some() {
        others.remove(0);
        others.extend(shots(w, &after[..after.len() - 1]));
    } else {
        others.extend(shots(w, &after));
    }
    let others = (!others.is_empty()).then(|| view! { <Thumbs photos=others/> });
    let mut facts = vec![
        Fact::new(w.t("reports-fact-code"), view! { <code class="code">{code.clone()}</code> }),
        Fact::new(w.t("reports-fact-place"), place),
        Fact::new(w.t("reports-fact-filed"), filed),
    ];
    let own = own.map(|(description, place_text)| {
        if !place_text.is_empty() {
            facts.push(Fact::new(w.t("reports-place"), place_text));
        }
        view! {
            <Section title=w.t("reports-own-words")>
                <p class="prose">{description}</p>
                <p class="small muted">{w.t("reports-own-words-note")}</p>
            </Section>
        }
    });
    let link = link.map(|href| {
        view! {
            <Note>
                <p>{w.t("reports-link-note")}</p>
                <p class="own-link"><a href=href.clone()>{w.t("reports-link")}</a></p>
                <p>
                    <button class="button small" r#type="button" hidden=true data-do="copy" data-text=href>
                        {w.t("reports-link-copy")}
                    </button>
                </p>
            </Note>
        }
    });
    let trouble = page.trouble.map(|text| {
        let unsent = page.unsent.map(|unsent| {
            view! {
                <p>{w.t("reports-mine-unsent")}</p>
                <blockquote>{unsent}</blockquote>
            }
        });
        view! { <div role="alert"><Note tone=Tone::Warn><p>{text}</p>{unsent}</Note></div> }
    });
    let said = page.said.map(|(who, words)| {
        view! {
            <figure class="said">
                <figcaption class="small muted">{who}</figcaption>
                <blockquote>{words}</blockquote>
            </figure>
        }
    });
    let moved = (!page.moved.is_empty()).then(|| {
        let why = page.moved.into_iter().map(|why| view! { <li>{why}</li> }).collect_view();
        view! {
            <div class="moved">
                <p class="small muted">{w.t("reports-moved")}</p>
                <ul class="bullets small">{why}</ul>
            </div>
        }
    });
    let into = page.into.map(|code| {
        let href = format!("/reports/{code}");
        view! { <p><a href=href>{w.tf("reports-merged-into", &[("code", code.into())])}</a></p> }
    });
    let rated = page.rated.map(|rated| rated_view(w, w.t("reports-mine-rated"), w.t("reports-said-community"), rated));
    // Also when the report is over: what is dangerous may have come back.
    let urgent = (!page.hotline.is_empty()).then(|| {
        view! {
            <p class="small muted">
                {w.t("reports-form-urgent")} " " <a href=format!("tel:{}", page.hotline)>{page.hotline.clone()}</a>
            </p>
        }
    });
    view! {
        <ErrorSummary w=w errors=page.errors/>
        {trouble}
        <p class="meta"><Badge tone=tone(state) word=w.t(state.key())/></p>
        <p class="say">{say}</p>
        {due.map(|due| view! { <p>{due}</p> })}
        {moved}
        {into}
        {said}
        {link}
        {pair}
        {others}
        {actions}
        {rated}
        <Summary facts=facts/>
        {own}
        {changes}
        <Section title=w.t("reports-timeline")>
            <Timeline events=timeline(w, events)/>
        </Section>
        {urgent}
    }
    .into_any()
}
