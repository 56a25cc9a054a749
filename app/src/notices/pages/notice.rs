//! One notice.

use super::{
    ConfirmPart, QuestionsPart, SignUpPart, attachments::file_list, confirm_part, questions_part, sign_up_part, span,
};
use crate::{
    files::AttachedFile,
    i18n::Words,
    notices::{Certainty, NoticeFact, NoticeKind, Severity},
    time,
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// What `/notices/{id}` shows, in the reader's language.
#[derive(Clone, Debug)]
pub struct NoticeView {
    /// Kind.
    pub kind: NoticeKind,
    /// Who says it.
    pub source: String,
    /// When it went out; `None` in a preview.
    pub published_at: Option<Timestamp>,
    /// Whom it is for: names of places.
    pub places: Vec<String>,
    /// When and where, as its kind says it, in the reader's language.
    pub said: Vec<NoticeFact>,
    /// Facts that somebody wrote, before the text.
    pub facts: Vec<NoticeFact>,
    /// For emergencies.
    pub emergency: Option<EmergencyFacts>,
    /// The sanitised text, with its pictures.
    pub html: String,
    /// Files to download.
    pub files: Vec<AttachedFile>,
    /// The text exists in Chinese only, and the reader reads English.
    pub only_chinese: bool,
    /// It left the lists then.
    pub expired_at: Option<Timestamp>,
    /// It was taken back.
    pub withdrawn: bool,
    /// The later notices that change it, newest first.
    pub changed_by: Vec<Changed>,
    /// The earlier notice that it changes.
    pub changes: Option<Changed>,
    /// Its address with the host, to pass on; `None` in a preview.
    pub address: Option<String>,
    /// Times are written as dates, never as "an hour ago": for pages that are kept.
    pub dated: bool,
}

/// The other end of a correction or withdrawal.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Where it is.
    pub href: String,
    /// Its title.
    pub title: String,
    /// When it went out.
    pub at: Option<Timestamp>,
    /// It is about taking back rather than correcting.
    pub withdrawal: bool,
    /// It names this very notice, and not one that came in between.
    pub direct: bool,
}

/// What an emergency says besides its text.
#[derive(Clone, Debug)]
pub struct EmergencyFacts {
    /// How bad.
    pub severity: Option<Severity>,
    /// How sure.
    pub certainty: Option<Certainty>,
    /// From.
    pub starts_at: Option<Timestamp>,
    /// To.
    pub ends_at: Option<Timestamp>,
    /// It is over.
    pub over: bool,
    /// What to do.
    pub instruction: String,
}

/// What residents can say to a notice, as far as it asks for it.
pub struct NoticeAnswers {
    /// "I have seen it".
    pub confirm: Option<ConfirmPart>,
    /// Signing up.
    pub sign_up: Option<SignUpPart>,
    /// Questions.
    pub questions: Option<QuestionsPart>,
}

/// The page of a notice, under the frame's heading.
pub fn notice(w: Words, now: Timestamp, notice: NoticeView, answers: NoticeAnswers) -> impl IntoView {
    let address = notice.address.clone();
    let alert =
        address.clone().filter(|_| notice.kind == NoticeKind::Emergency).map(|address| format!("{address}/cap.xml"));
    view! {
        {notice_body(w, now, notice)}
        {answers.confirm.map(|part| confirm_part(w, part))}
        {answers.sign_up.map(|part| sign_up_part(w, now, part))}
        {answers.questions.map(|part| questions_part(w, part))}
        {address.map(|address| tools(w, address))}
        {alert.map(|href| view! {
            <p class="optional"><a class="more-link" href=href type="application/cap+xml">{w.t("notice-cap")}</a></p>
        })}
    }
}

/// Everything but the tools: also the preview.
pub fn notice_body(w: Words, now: Timestamp, notice: NoticeView) -> impl IntoView {
    let listed = |facts: Vec<NoticeFact>| facts.into_iter().map(|f| Fact::new(f.label, f.value)).collect::<Vec<_>>();
    let (mut said, mut facts) = (listed(notice.said), listed(notice.facts));
    if !notice.only_chinese {
        // In one language, they are one list.
        said.append(&mut facts);
    }
    let emergency = notice.emergency.map(|emergency| emergency_part(w, now, emergency));
    let dated = notice.dated;
    let when = move |at| if dated { time::date_time(w.lang, at, now) } else { time::ago(w, at, now) };
    let chinese = notice.only_chinese.then_some("zh-CN");
    view! {
        <p class="meta">
            <Tag word=w.t(notice.kind.key())/>
            " "
            <span>{notice.source}</span>
            {notice.published_at.map(|at| view! {
                " " <time datetime=at.to_string()>{when(at)}</time>
            })}
        </p>
        {(!notice.places.is_empty()).then(|| view! {
            <p class="meta">{icon("pin")} {w.tf("notice-for", &[("places", notice.places.join(&w.t("notice-place-comma")).into())])}</p>
        })}
        <article class="notice">
            {notice.changed_by.into_iter().map(|change| changed_by(w, change.at.map(when).unwrap_or_default(), change)).collect_view()}
            {notice.changes.map(|change| {
                let key = if change.withdrawal { "notice-withdraws" } else { "notice-corrects" };
                view! { <Note><p>{w.t(key)} " " <a href=change.href>{change.title}</a></p></Note> }
            })}
            {notice.expired_at.map(|at| view! {
                <Note><p>{w.tf("notice-expired", &[("when", time::date_time(w.lang, at, now).into())])}</p></Note>
            })}
            {notice.only_chinese.then(|| view! { <p class="muted small">{w.t("notice-only-chinese")}</p> })}
            {emergency}
            {(!said.is_empty()).then(|| view! { <Facts facts=said/> })}
            {(!facts.is_empty()).then(|| view! { <div lang=chinese><Facts facts=facts/></div> })}
            <div class=if notice.withdrawn { "prose is-withdrawn" } else { "prose" } lang=chinese inner_html=notice.html></div>
            {file_list(w, notice.files)}
        </article>
    }
}

fn changed_by(w: Words, when: String, change: Changed) -> AnyView {
    let (tone, key) = match (change.withdrawal, change.direct) {
        (true, true) => (Tone::Bad, "notice-withdrawn-by"),
        (true, false) => (Tone::Bad, "notice-correction-withdrawn-by"),
        (false, true) => (Tone::Warn, "notice-corrected-by"),
        (false, false) => (Tone::Warn, "notice-corrected-again-by"),
    };
    view! {
        <Note tone=tone>
            <p><strong>{w.tf(key, &[("when", when.into())])}</strong> " " <a href=change.href>{change.title}</a></p>
        </Note>
    }
    .into_any()
}

fn emergency_part(w: Words, now: Timestamp, emergency: EmergencyFacts) -> AnyView {
    let mut facts = Vec::new();
    if let Some(severity) = emergency.severity {
        facts.push(Fact::new(w.t("notice-severity"), w.t(severity.key())));
    }
    if let Some(certainty) = emergency.certainty {
        facts.push(Fact::new(w.t("notice-certainty"), w.t(certainty.key())));
    }
    if let (Some(from), Some(to)) = (emergency.starts_at, emergency.ends_at) {
        facts.push(Fact::new(w.t("notice-time"), span(w, from, to, now)));
    }
    view! {
        {emergency.over.then(|| view! { <Note tone=Tone::Ok><p>{w.t("notice-emergency-over")}</p></Note> })}
        {(!emergency.instruction.is_empty() && !emergency.over).then(|| view! {
            <Note tone=Tone::Bad><p><strong>{w.t("notice-instruction")}</strong> " " {emergency.instruction}</p></Note>
        })}
        <Facts facts=facts/>
    }
    .into_any()
}

/// Passing it on: buttons that show themselves where the browser can do it, and the address for everybody else.
fn tools(w: Words, address: String) -> AnyView {
    view! {
        <div class="notice-tools">
            <button class="button small" type="button" data-do="share" hidden>{icon("share")}{w.t("notice-share")}</button>
            <button class="button small" type="button" data-do="copy" data-text=address.clone() hidden>
                {w.t("notice-copy")}
            </button>
            <button
                class="button small"
                type="button"
                data-do="speak"
                data-what=".page-head h1, .notice"
                data-stop=w.t("notice-speak-stop")
                lang=w.lang.tag()
                hidden
            >
                {w.t("notice-speak")}
            </button>
            <button class="button small" type="button" data-do="print" hidden>{icon("print")}{w.t("notice-print")}</button>
        </div>
        <p class="small muted notice-address">{w.t("notice-address")} " " <span class="num">{address}</span></p>
    }
    .into_any()
}
