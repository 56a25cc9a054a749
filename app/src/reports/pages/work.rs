//! The page of a report for staff, verifiers and supervisors, at `/staff/reports/{code}`.

use super::{
    Due, Happened, Shot, due_view,
    step::{Handler, StepForm, step_forms},
    timeline, tone,
};
use crate::{
    i18n::Words,
    reports::{State, Step},
    ui::parts::*,
};
use leptos::prelude::*;

/// A photo that staff may show to the public.
#[derive(Clone, Debug)]
pub struct PhotoToggle {
    /// The photo.
    pub shot: Shot,
    /// 处理前, 处理中, 处理后
    pub caption: String,
}

/// What the staff's page shows.
pub struct StaffReportPage {
    /// Words.
    pub w: Words,
    /// The code.
    pub code: String,
    /// State.
    pub state: State,
    /// Number of the last event.
    pub version: i64,
    /// Time limit, while it is open.
    pub due: Option<Due>,
    /// Somebody was quicker, or why a step is not possible: a sentence.
    pub trouble: Option<String>,
    /// Term and words, in order.
    pub facts: Vec<(String, String)>,
    /// The reporter's words.
    pub description: String,
    /// How it was and how it is now, side by side: what whoever verifies looks at.
    pub pair: Option<(Shot, Shot)>,
    /// All photos.
    pub photos: Vec<PhotoToggle>,
    /// The reader may release photos.
    pub may_release: bool,
    /// Steps that the reader may take now.
    pub steps: Vec<StepForm>,
    /// Who can be sent.
    pub handlers: Vec<Handler>,
    /// Categories that it can be changed to: code and name.
    pub categories: Vec<(String, String)>,
    /// The number of a caller or of a reporter without an account: it can be looked at.
    pub caller: Option<Caller>,
    /// Where the handbook says what to do with such a report.
    pub handbook: Option<String>,
    /// Open reports that may be the same.
    pub alike: Vec<AlikeCard>,
    /// Orders of supervision, newest first.
    pub orders: Vec<Order>,
    /// Matters that come from it, and whether the reader may send one.
    pub matters: (Vec<crate::matters::pages::ReportPart>, bool),
    /// Timeline, newest first.
    pub events: Vec<Happened>,
}

/// How to reach somebody without an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// It is there, and not shown: a look at it is written down.
    Hidden,
    /// Looked at: name and number.
    Shown(String, String),
}

/// An open report that may be about the same thing.
#[derive(Clone, Debug)]
pub struct AlikeCard {
    /// Code.
    pub code: String,
    /// Category.
    pub category: String,
    /// Grid and building.
    pub place: String,
    /// The beginning of what its reporter wrote.
    pub said: String,
    /// When it was filed, who joined, who handles it.
    pub note: String,
    /// State.
    pub state: State,
    /// What its button does; `None`: it has none.
    pub act: Option<AlikeAct>,
}

/// The button of a card.
#[derive(Clone, Debug)]
pub enum AlikeAct {
    /// Merge one report into another at once: where its form goes, the version of the one that goes, and the other's code.
    Merge {
        /// Where the form goes.
        action: String,
        /// Number of the last event of the report that goes.
        version: i64,
        /// Code of the report that stays.
        into: String,
        /// The report in view goes; else the one on the card.
        here: bool,
    },
    /// Send the form that the card stands in, to be merged into this one.
    Send,
}

/// An order of supervision.
#[derive(Clone, Debug)]
pub struct Order {
    /// By whom, or on which rung.
    pub title: String,
    /// When.
    pub when: String,
    /// What was ordered.
    pub text: String,
    /// The answer: words, who and when; `None`: it waits.
    pub answer: Option<(String, String)>,
}

pub(super) fn trouble_note(trouble: Option<String>) -> Option<AnyView> {
    trouble.map(|text| view! { <div role="alert"><Note tone=Tone::Warn><p>{text}</p></Note></div> }.into_any())
}

pub(super) fn fact_list(facts: Vec<(String, String)>) -> Vec<Fact> {
    facts.into_iter().map(|(term, value)| Fact::new(term, value)).collect()
}

/// The staff's page of a report.
pub fn staff_report_page(page: StaffReportPage) -> AnyView {
    let StaffReportPage {
        w,
        code,
        state,
        version,
        due,
        trouble,
        facts,
        description,
        pair,
        photos,
        may_release,
        steps,
        handlers,
        categories,
        caller,
        handbook,
        alike,
        orders,
        matters: (matters, may_send),
        events,
    } = page;
    let matters = crate::matters::pages::report_part(w, &code, matters, may_send);
    let action = format!("/staff/reports/{code}");
    let pair = pair.map(|(before, after)| {
        let (before, after) = (before.photo(w, 1), after.photo(w, 1));
        view! { <BeforeAfter before=(before, w.t("reports-before")) after=(after, w.t("reports-after"))/> }
    });
    let photo_list = photos
        .into_iter()
        .enumerate()
        .map(|(n, photo)| {
            let PhotoToggle { shot, caption } = photo;
            let released = shot.released;
            let picture = shot.photo(w, n + 1);
            let word = if released { w.t("reports-released") } else { w.t("reports-not-released") };
            let toggle = may_release.then(|| {
                let label = if released { w.t("reports-do-hide-photo") } else { w.t("reports-do-release-photo") };
                let value = if released { "0" } else { "1" };
                view! {
                    <form method="post" action=format!("/staff/reports/{code}/photos")>
                        <input r#type="hidden" name="photo" value=shot.id.clone()/>
                        <Button label=label small=true sends=("release", value.to_owned())/>
                        <a class="button small" href=format!("/staff/reports/{code}/photos/{}", shot.id)>
                            {w.t("reports-more-redact-open")}
                            <span class="sr">" " {n + 1}</span>
                        </a>
                    </form>
                }
            });
            view! {
                <li class="photo">
                    <a href=picture.full><img src=picture.thumb alt=picture.alt/></a>
                    <p class="photo-say">{caption} " · " {word}</p>
                    {toggle}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let photo_list = (!photo_list.is_empty()).then(|| view! { <ul class="photo-grid">{photo_list}</ul> });
    // A letter of supervision can be about this report.
    let letter = steps.iter().any(|form| form.step == crate::reports::Step::Supervise).then(|| {
        let href = format!("/staff/supervision/new?report={code}");
        view! { <p><a class="more-link" href=href>{w.t("supervision-from-report")}</a></p> }
    });
    let work = if steps.is_empty() {
        view! { <p class="muted">{w.t("reports-nothing-to-do")}</p> }.into_any()
    } else {
        step_forms(w, &action, version, steps, (&handlers, &categories))
    };
    let alike_section = (!alike.is_empty()).then(|| {
        view! {
            <section class="section alike-box">
                <h2>{w.t("alike-title")}</h2>
                {alike_cards(w, alike)}
            </section>
        }
    });
    let orders = (!orders.is_empty()).then(|| {
        let rows = orders.into_iter().map(|order| order_row(w, order)).collect_view();
        view! { <Section title=w.t("orders-title")><ul class="orders">{rows}</ul></Section> }
    });
    view! {
        {trouble_note(trouble)}
        <p class="meta">
            <Badge tone=tone(state) word=w.t(state.key())/>
            " "
            <code class="code">{code.clone()}</code>
            " "
            <a href=format!("/reports/{code}")>{w.t("reports-public-page")}</a>
        </p>
        {due.map(due_view)}
        <div class="split">
            <div class="stack">
                <p class="say">{description}</p>
                {pair}
                {photo_list}
                <Summary facts=fact_list(facts)/>
                {handbook.map(|href| view! { <p><a class="more-link" href=href>{w.t("handbook-for-report")}</a></p> })}
                {caller.map(|caller| caller_box(w, &code, caller))}
            </div>
            <div class="stack" data-script="/answers.js">
                {work}
                {alike_section}
            </div>
        </div>
        {orders}
        {letter}
        {matters}
        <Section title=w.t("reports-timeline")>
            <Timeline events=timeline(w, events)/>
        </Section>
    }
    .into_any()
}

fn caller_box(w: Words, code: &str, caller: Caller) -> AnyView {
    match caller {
        Caller::Hidden => view! {
            <form method="post" action=format!("/staff/reports/{code}/caller")>
                <Button label=w.t("call-show-number") small=true icon_name="phone"/>
                <p class="small muted">{w.t("call-show-number-note")}</p>
            </form>
        }
        .into_any(),
        Caller::Shown(name, number) => view! {
            <Note tone=Tone::Info>
                <p>{name} " " <a class="num" href=format!("tel:{number}")>{number.clone()}</a></p>
                <p class="small">{w.t("call-number-seen")}</p>
            </Note>
        }
        .into_any(),
    }
}

/// Reports that may be the same, each with one tap to merge.
pub fn alike_cards(w: Words, cards: Vec<AlikeCard>) -> AnyView {
    let cards = cards
        .into_iter()
        .map(|card| {
            let AlikeCard { code, category, place, said, note, state, act } = card;
            let act = act.map(|act| match act {
                AlikeAct::Merge { action, version, into, here } => {
                    let label = if here { w.t("alike-merge-here") } else { w.t("alike-merge-there") };
                    view! {
                        <form method="post" action=action>
                            <input r#type="hidden" name="version" value=version.to_string()/>
                            <input r#type="hidden" name="step" value=Step::Merge.code()/>
                            <input r#type="hidden" name="into" value=into/>
                            <button class="button small">{label}<span class="sr">" " {code.clone()}</span></button>
                        </form>
                    }
                    .into_any()
                }
                AlikeAct::Send => view! {
                    <button class="button small" name="into" value=code.clone()>
                        {w.t("call-merge")}
                        <span class="sr">" " {code.clone()}</span>
                    </button>
                }
                .into_any(),
            });
            let (href, data_code) = (format!("/staff/reports/{code}"), code.clone());
            view! {
                <li class="card alike-card" data-code=data_code>
                    <p><a href=href><strong>{category}</strong> " " {place}</a></p>
                    <p class="small">{said}</p>
                    <p class="small muted cluster">
                        <Badge tone=tone(state) word=w.t(state.key())/>
                        <span class="num">{code} " · " {note}</span>
                    </p>
                    {act}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="alike">{cards}</ul> }.into_any()
}

fn order_row(w: Words, order: Order) -> AnyView {
    let Order { title, when, text, answer } = order;
    let state = match answer {
        Some((words, who)) => view! {
            <p><Badge tone=Tone::Ok word=w.t("orders-answered")/> " " {words}</p>
            <p class="small muted">{who}</p>
        }
        .into_any(),
        None => view! { <p><Badge tone=Tone::Bad word=w.t("orders-waits")/></p> }.into_any(),
    };
    view! {
        <li class="order">
            <p><strong>{title}</strong> " " <span class="small muted num">{when}</span></p>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {state}
        </li>
    }
    .into_any()
}
