//! One bulletin: what can be done with it, its editor, what is printed, what everybody reads.

use super::figures;
use crate::{
    bulletins::{BODY_CHARS, Bulletin, TITLE_CHARS},
    i18n::Words,
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How far a bulletin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may be changed.
    Draft,
    /// Its notice waits for a second person.
    Review,
    /// Its notice was given back, or not sent yet.
    Returned,
    /// It is out, and fixed.
    Published,
    /// Its notice was taken back.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [State; 5] = [State::Draft, State::Review, State::Returned, State::Published, State::Withdrawn];

    /// As the API says it.
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Review => "review",
            State::Returned => "returned",
            State::Published => "published",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            State::Draft => "bulletins-state-draft",
            State::Review => "bulletins-state-review",
            State::Returned => "bulletins-state-returned",
            State::Published => "bulletins-state-published",
            State::Withdrawn => "bulletins-state-withdrawn",
        }
    }
}

pub(super) fn badge(w: Words, state: State) -> AnyView {
    let tone = match state {
        State::Draft => Tone::Neutral,
        State::Review => Tone::Busy,
        State::Returned | State::Withdrawn => Tone::Warn,
        State::Published => Tone::Ok,
    };
    view! { <Badge tone=tone word=w.t(state.key())/> }.into_any()
}

/// What `/staff/bulletins/{id}` shows.
pub struct OnePage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Its state.
    pub state: State,
    /// The lock of its text.
    pub version: i64,
    /// Organisation and period.
    pub about: String,
    /// When it was counted, in words.
    pub counted: String,
    /// Its text as HTML.
    pub html: String,
    /// Its numbers.
    pub bulletin: Bulletin,
    /// The reader may write.
    pub may_write: bool,
    /// Address of its notice.
    pub notice: Option<String>,
    /// The one that it corrects: address and title.
    pub corrects: Option<(String, String)>,
    /// The one that corrects it.
    pub corrected_by: Option<(String, String)>,
    /// One form of a correction makes one.
    pub key: String,
    /// What keeps it from being published.
    pub problem: Option<String>,
}

fn referring(w: Words, key: &'static str, other: Option<(String, String)>) -> Option<AnyView> {
    other.map(|(href, title)| {
        view! { <Note tone=Tone::Info><p>{w.t(key)}" "<a href=href>{title}</a></p></Note> }.into_any()
    })
}

/// The page.
pub fn one_page(page: OnePage) -> AnyView {
    let OnePage {
        w,
        id,
        state,
        version,
        about,
        counted,
        html,
        bulletin,
        may_write,
        notice,
        corrects,
        corrected_by,
        key,
        problem,
    } = page;
    let here = format!("/staff/bulletins/{id}");
    let to = |what: &str| format!("{here}/{what}");
    let [to_publish, to_edit, to_count, to_rewrite, to_discard] =
        ["publish", "edit", "figures", "figures", "discard"].map(to);
    let [to_publish_again, to_reopen, to_correct, to_print] = ["publish", "reopen", "correct", "print"].map(to);
    let locked = move || view! { <input type="hidden" name="version" value=version.to_string()/> };
    let draft = (may_write && state == State::Draft).then(|| {
        view! {
            <Buttons>
                <form method="post" action=to_publish>
                    {locked()}
                    <Button label=w.t("bulletins-publish") weight=Weight::Primary/>
                </form>
                <LinkButton href=to_edit label=w.t("bulletins-edit") icon_name="edit"/>
                <form method="post" action=to_count>
                    {locked()}
                    <Button label=w.t("bulletins-anew")/>
                </form>
            </Buttons>
            <p class="hint">{w.t("bulletins-publish-hint")}</p>
            <Confirm label=w.t("bulletins-rewrite") consequence=w.t("bulletins-rewrite-text")>
                <form method="post" action=to_rewrite>
                    {locked()}
                    <Button label=w.t("bulletins-rewrite-do") weight=Weight::Danger sends=("text", "1".to_owned())/>
                </form>
            </Confirm>
            <Confirm label=w.t("bulletins-discard") consequence=w.t("bulletins-discard-text")>
                <form method="post" action=to_discard>
                    {locked()}
                    <Button label=w.t("bulletins-discard-do") weight=Weight::Danger/>
                </form>
            </Confirm>
        }
    });
    let returned = (may_write && state == State::Returned).then(|| {
        view! {
            <p>{w.t("bulletins-returned-text")}</p>
            <Buttons>
                <form method="post" action=to_publish_again>
                    {locked()}
                    <Button label=w.t("bulletins-publish-again") weight=Weight::Primary/>
                </form>
                <form method="post" action=to_reopen>
                    {locked()}
                    <Button label=w.t("bulletins-reopen")/>
                </form>
            </Buttons>
        }
    });
    let correct = (may_write && state == State::Published && corrected_by.is_none()).then(|| {
        view! {
            <Confirm label=w.t("bulletins-correct") consequence=w.t("bulletins-correct-text")>
                <form method="post" action=to_correct>
                    <input type="hidden" name="key" value=key/>
                    <Button label=w.t("bulletins-correct-do") weight=Weight::Primary/>
                </form>
            </Confirm>
        }
    });
    let public = (state == State::Published).then(|| {
        view! { <LinkButton href=format!("/bulletins/{id}") label=w.t("bulletins-public") icon_name="external"/> }
    });
    view! {
        <p class="meta">{badge(w, state)}" "<span>{about}</span>" "<span class="muted">{counted}</span></p>
        {problem.map(|problem| view! { <Note tone=Tone::Bad><p>{problem}</p></Note> })}
        {referring(w, "bulletins-corrects", corrects)}
        {referring(w, "bulletins-corrected", corrected_by)}
        <Buttons>
            <LinkButton href=to_print label=w.t("bulletins-print") icon_name="print"/>
            {public}
            {notice.map(|href| view! { <LinkButton href=href label=w.t("bulletins-notice")/> })}
        </Buttons>
        {draft}
        {returned}
        {correct}
        <article class="bulletin stack">
            <div class="prose" inner_html=html></div>
            {figures::figures(w, &bulletin, true)}
        </article>
    }
    .into_any()
}

/// The editor.
pub struct EditPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// The version that is edited.
    pub version: String,
    /// Title, English title, text, English text.
    pub texts: [String; 4],
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
    /// Somebody else saved meanwhile: saving again replaces what they wrote.
    pub stale: bool,
    /// How the words would look; empty when nobody asked.
    pub preview: Vec<Preview>,
}

/// The words of a bulletin in one language, as residents would see them.
pub struct Preview {
    /// Its language, as `lang` has it.
    pub lang: &'static str,
    /// The title.
    pub title: String,
    /// The text as HTML.
    pub html: String,
}

/// The page of the editor.
pub fn edit_page(page: EditPage) -> AnyView {
    let EditPage { w, id, version, texts: [title, title_en, body, body_en], errors, stale, preview } = page;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let error = |field: &str| errors.get(field).cloned();
    let most = |chars: usize| u32::try_from(chars).unwrap_or(u32::MAX);
    let action = format!("/staff/bulletins/{id}");
    let to_preview = format!("{action}#preview");
    view! {
        <ErrorSummary w=w errors=summary/>
        {stale.then(|| view! { <Note tone=Tone::Warn><p>{w.t("bulletins-stale")}</p></Note> })}
        <div class="editor">
            <form class="stack" method="post" action=action>
                <input type="hidden" name="version" value=version/>
                <TextField w=w name="title" label=w.t("bulletins-title-label") value=title maxlength=most(TITLE_CHARS) error=error("title")/>
                <TextArea
                    w=w
                    name="body"
                    label=w.t("bulletins-body-label")
                    hint=w.t("bulletins-body-hint")
                    value=body
                    rows=16
                    maxlength=most(BODY_CHARS)
                    error=error("body")
                />
                <TextField
                    w=w
                    name="title_en"
                    label=w.t("bulletins-title-en-label")
                    value=title_en
                    maxlength=most(2 * TITLE_CHARS)
                    error=error("title_en")
                    optional=true
                />
                <TextArea
                    w=w
                    name="body_en"
                    label=w.t("bulletins-body-en-label")
                    value=body_en
                    rows=12
                    maxlength=most(2 * BODY_CHARS)
                    error=error("body_en")
                    optional=true
                />
                <Buttons>
                    <Button label=w.t("bulletins-save") weight=Weight::Primary/>
                    <button class="button" name="action" value="preview" formaction=to_preview formnovalidate>
                        {w.t("notice-preview")}
                    </button>
                </Buttons>
            </form>
            {previewed(w, preview)}
        </div>
    }
    .into_any()
}

/// How the words will look: without script, and before anything is saved.
fn previewed(w: Words, preview: Vec<Preview>) -> AnyView {
    let none = preview.is_empty();
    let texts = preview
        .into_iter()
        .map(|one| {
            view! {
                <div class="stack" lang=one.lang>
                    <p class="preview-heading">{one.title}</p>
                    <div class="prose" inner_html=one.html></div>
                </div>
            }
        })
        .collect_view();
    view! {
        <aside class="phone-preview" id="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{w.t("notice-preview-title")}</h2>
            {none.then(|| view! { <p class="muted small">{w.t("notice-preview-hint")}</p> })}
            {texts}
        </aside>
    }
    .into_any()
}

/// A bulletin as a paper: printed, or read by everybody.
pub struct PaperPage {
    /// Words.
    pub w: Words,
    /// Organisation and period.
    pub about: String,
    /// When it was counted, in words.
    pub counted: String,
    /// Its text as HTML.
    pub html: String,
    /// Its numbers.
    pub bulletin: Bulletin,
    /// It is no more than a draft.
    pub draft: bool,
    /// For staff: how to print it.
    pub printing: bool,
    /// Address of its notice, for everybody.
    pub notice: Option<String>,
    /// The one that it corrects: address and title.
    pub corrects: Option<(String, String)>,
    /// The one that corrects it.
    pub corrected_by: Option<(String, String)>,
}

/// The page.
pub fn paper_page(page: PaperPage) -> AnyView {
    let PaperPage { w, about, counted, html, bulletin, draft, printing, notice, corrects, corrected_by } = page;
    view! {
        {printing.then(|| view! { <p class="bulletin-tip hint">{w.t("bulletins-print-tip")}</p> })}
        <article class="bulletin bulletin-paper stack">
            {draft.then(|| view! { <p><Badge tone=Tone::Warn word=w.t("bulletins-draft-mark")/></p> })}
            {referring(w, "bulletins-corrects", corrects)}
            {referring(w, "bulletins-corrected", corrected_by)}
            <p class="meta"><span>{about}</span>" "<span class="muted">{counted}</span></p>
            <div class="prose" inner_html=html></div>
            {figures::figures(w, &bulletin, false)}
            {notice.map(|href| view! { <p><a href=href>{w.t("bulletins-notice")}</a></p> })}
        </article>
    }
    .into_any()
}
