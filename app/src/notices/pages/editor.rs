//! The editor: text on the left, how it will look on the right.

use super::{Changed, NoticeView, notice_body};
use crate::{
    i18n::Words,
    notices::{
        Certainty, NoticeForm, NoticeKind, Severity,
        form::Errors,
        islands::MarkdownPreview,
        limits::{BODY_CHARS, FACTS, INSTRUCTION_CHARS, TITLE_CHARS},
    },
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// A place to aim at.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is or how many households it has, in small type.
    pub note: Option<String>,
}

/// Places that belong together.
#[derive(Clone, Debug)]
pub struct PlaceGroup {
    /// What they have in common; empty for the widest ones.
    pub title: String,
    /// The places.
    pub places: Vec<Place>,
}

/// What the editor shows.
pub struct Editor {
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub form: NoticeForm,
    /// What is wrong with it.
    pub errors: Errors,
    /// Who may say it: code and name.
    pub organisations: Vec<(String, String)>,
    /// Whom it may be for.
    pub places: Vec<PlaceGroup>,
    /// How it will look, when that was asked for.
    pub preview: Option<NoticeView>,
    /// Somebody else saved in the meantime: their title and text.
    pub stale: Option<(String, String)>,
    /// The notice it corrects.
    pub corrects: Option<Changed>,
}

/// The page of the editor, under the frame's heading.
pub fn editor(w: Words, now: Timestamp, page: Editor) -> impl IntoView {
    let Editor { action, form, errors, organisations, places, preview, stale, corrects } = page;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let previewed = preview.is_some();
    view! {
        {stale.map(|(title, body)| view! {
            <Note tone=Tone::Warn>
                <p><strong>{w.t("notice-stale-title")}</strong> " " {w.t("notice-stale-text")}</p>
                <details class="more">
                    <summary>{w.t("notice-stale-theirs")}</summary>
                    <div class="more-body"><p><strong>{title}</strong></p><pre class="typed">{body}</pre></div>
                </details>
            </Note>
        })}
        {corrects.map(|change| view! {
            <Note><p>{w.t("notice-corrects")} " " <a href=change.href>{change.title}</a> " " {w.t("notice-correct-hint")}</p></Note>
        })}
        <ErrorSummary w=w errors=summary/>
        <div class="editor">
            <form class="form" method="post" action=action>
                <input type="hidden" name="form_key" value=form.form_key.clone()/>
                <input type="hidden" name="version" value=form.version.clone()/>
                {text_part(w, &form, &errors)}
                {aims_part(w, &form, &errors, organisations, places)}
                {facts_part(w, &form, &errors)}
                {emergency_part(w, &form, &errors)}
                {time_part(w, &form, &errors)}
                {english_part(w, &form, &errors)}
                <div class="buttons">
                    <Button label=w.t("notice-preview") sends=("action", "preview".to_owned())/>
                    <Button label=w.t("notice-save") sends=("action", "save".to_owned())/>
                </div>
                <ActionBar>
                    <Button label=w.t("notice-next") weight=Weight::Primary sends=("action", "next".to_owned())/>
                </ActionBar>
            </form>
            <aside class="phone-preview" aria-labelledby="preview-title">
                <h2 id="preview-title">{w.t("notice-preview-title")}</h2>
                {(!previewed).then(|| view! { <MarkdownPreview target="body".to_owned() hint=w.t("notice-preview-hint")/> })}
                {preview.map(|view| view! {
                    <p class="preview-heading">{form.title.clone()}</p>
                    {notice_body(w, now, view)}
                })}
            </aside>
        </div>
    }
}

fn text_part(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let kinds = NoticeKind::ALL.into_iter().map(|kind| Choice::new(kind.code(), w.t(kind.key()))).collect::<Vec<_>>();
    let most = u32::try_from(TITLE_CHARS).unwrap_or(u32::MAX);
    let long = u32::try_from(BODY_CHARS).unwrap_or(u32::MAX);
    view! {
        <RadioField
            name="kind"
            legend=w.t("notice-field-kind")
            choices=kinds
            value=form.kind.clone()
            error=errors.get("kind").cloned()
            inline=true
        />
        <TextField
            w=w
            name="title"
            label=w.t("notice-field-title")
            hint=w.t("notice-field-title-hint")
            value=form.title.clone()
            error=errors.get("title").cloned()
            maxlength=most
        />
        <TextArea
            w=w
            name="body"
            label=w.t("notice-field-body")
            hint=w.t("notice-field-body-hint")
            value=form.body.clone()
            error=errors.get("body").cloned()
            maxlength=long
            rows=12
            optional=true
        />
    }
    .into_any()
}

fn aims_part(
    w: Words,
    form: &NoticeForm,
    errors: &Errors,
    organisations: Vec<(String, String)>,
    places: Vec<PlaceGroup>,
) -> AnyView {
    let aims = form.aims.clone();
    let groups = places
        .into_iter()
        .map(|group| {
            let chosen = group.places.iter().any(|place| aims.contains(&place.code));
            let boxes = group
                .places
                .into_iter()
                .map(|place| {
                    let ticked = aims.contains(&place.code);
                    view! {
                        <label class="choice">
                            <input type="checkbox" name="aims" value=place.code checked=ticked/>
                            <span class="choice-main">
                                <span class="choice-title">{place.name}</span>
                                {place.note.map(|note| view! { <span class="choice-note">{note}</span> })}
                            </span>
                        </label>
                    }
                })
                .collect_view();
            let boxes = view! { <div class="choices inline">{boxes}</div> };
            if group.title.is_empty() {
                boxes.into_any()
            } else {
                view! {
                    <details class="more" open=chosen>
                        <summary>{group.title}</summary>
                        <div class="more-body">{boxes}</div>
                    </details>
                }
                .into_any()
            }
        })
        .collect_view();
    let error = errors.get("aims").cloned();
    let invalid = error.is_some().then_some("");
    let who = if organisations.len() > 1 {
        view! {
            <SelectField
                w=w
                name="organisation"
                label=w.t("notice-field-organisation")
                options=organisations
                value=form.organisation.clone()
                error=errors.get("organisation").cloned()
            />
        }
        .into_any()
    } else {
        let only = organisations.into_iter().next().map(|(code, _)| code).unwrap_or_default();
        view! { <input type="hidden" name="organisation" value=only/> }.into_any()
    };
    view! {
        {who}
        <fieldset class="field" id="aims" tabindex="-1" data-invalid=invalid>
            <legend class="label">{w.t("notice-field-aims")}</legend>
            <p class="hint">{w.t("notice-field-aims-hint")}</p>
            {error.map(|text| view! { <p class="error">{text}</p> })}
            {groups}
        </fieldset>
    }
    .into_any()
}

fn facts_part(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let filled = form.fact_label.len().max(form.fact_value.len());
    let rows = (filled + 2).clamp(3, FACTS);
    let row = |values: &[String], n: usize| values.get(n).cloned().unwrap_or_default();
    let fields = (0..rows)
        .map(|n| {
            let number = n + 1;
            view! {
                <div class="fact-row">
                    <input
                        class="input"
                        id=(n == 0).then_some("fact_label")
                        name="fact_label"
                        value=row(&form.fact_label, n)
                        aria-label=w.tf("notice-fact-label", &[("number", number.into())])
                        placeholder=(n == 0).then(|| w.t("notice-fact-label-example"))
                    />
                    <input
                        class="input"
                        name="fact_value"
                        value=row(&form.fact_value, n)
                        aria-label=w.tf("notice-fact-value", &[("number", number.into())])
                        placeholder=(n == 0).then(|| w.t("notice-fact-value-example"))
                    />
                </div>
            }
        })
        .collect_view();
    let error = errors.get("fact_label").cloned();
    let invalid = error.is_some().then_some("");
    let open = filled > 0 || error.is_some() || form.kind == "outage";
    view! {
        <details class="more" open=open>
            <summary>{w.t("notice-field-facts")}</summary>
            <fieldset class="field more-body" data-invalid=invalid>
                <legend class="sr">{w.t("notice-field-facts")}</legend>
                <p class="hint">{w.t("notice-field-facts-hint")}</p>
                {error.map(|text| view! { <p class="error">{text}</p> })}
                {fields}
            </fieldset>
        </details>
    }
    .into_any()
}

fn emergency_part(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let open = form.kind == NoticeKind::Emergency.code();
    let severities = Severity::ALL.into_iter().map(|s| Choice::new(s.code(), w.t(s.key()))).collect::<Vec<_>>();
    let certainties = Certainty::ALL.into_iter().map(|c| Choice::new(c.code(), w.t(c.key()))).collect::<Vec<_>>();
    let most = u32::try_from(INSTRUCTION_CHARS).unwrap_or(u32::MAX);
    view! {
        <details class="more" open=open>
            <summary>{w.t("notice-field-emergency")}</summary>
            <div class="more-body stack">
                <RadioField
                    name="severity"
                    legend=w.t("notice-severity")
                    choices=severities
                    value=form.severity.clone()
                    inline=true
                />
                <RadioField
                    name="certainty"
                    legend=w.t("notice-certainty")
                    choices=certainties
                    value=form.certainty.clone()
                    inline=true
                />
                <TextField
                    w=w
                    name="starts_at"
                    label=w.t("notice-field-starts")
                    kind="datetime-local"
                    value=form.starts_at.clone()
                    error=errors.get("starts_at").cloned()
                    width="w-mid"
                    optional=true
                />
                <TextField
                    w=w
                    name="ends_at"
                    label=w.t("notice-field-ends")
                    kind="datetime-local"
                    value=form.ends_at.clone()
                    error=errors.get("ends_at").cloned()
                    width="w-mid"
                    optional=true
                />
                <TextField
                    w=w
                    name="instruction"
                    label=w.t("notice-field-instruction")
                    hint=w.t("notice-field-instruction-hint")
                    value=form.instruction.clone()
                    error=errors.get("instruction").cloned()
                    maxlength=most
                    optional=true
                />
            </div>
        </details>
    }
    .into_any()
}

fn time_part(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    view! {
        <TextField
            w=w
            name="publish_at"
            label=w.t("notice-field-publish")
            hint=w.t("notice-field-publish-hint")
            kind="datetime-local"
            value=form.publish_at.clone()
            error=errors.get("publish_at").cloned()
            width="w-mid"
            optional=true
        />
        <TextField
            w=w
            name="expires_at"
            label=w.t("notice-field-expires")
            hint=w.t("notice-field-expires-hint")
            kind="datetime-local"
            value=form.expires_at.clone()
            error=errors.get("expires_at").cloned()
            width="w-mid"
            optional=true
        />
        <CheckBox name="pinned" label=w.t("notice-field-pinned") checked=form.pinned == "1"/>
    }
    .into_any()
}

fn english_part(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let rows = form.fact_label.len().max(form.fact_label_en.len()).clamp(3, FACTS);
    let row = |values: &[String], n: usize| values.get(n).cloned().unwrap_or_default();
    let fields = (0..rows)
        .map(|n| {
            let number = n + 1;
            view! {
                <div class="fact-row">
                    <input
                        class="input"
                        name="fact_label_en"
                        value=row(&form.fact_label_en, n)
                        aria-label=w.tf("notice-fact-label-en", &[("number", number.into())])
                    />
                    <input
                        class="input"
                        name="fact_value_en"
                        value=row(&form.fact_value_en, n)
                        aria-label=w.tf("notice-fact-value-en", &[("number", number.into())])
                    />
                </div>
            }
        })
        .collect_view();
    let wrong = ["title_en", "body_en", "instruction_en"].iter().any(|field| errors.contains_key(field));
    view! {
        <details class="more" open=wrong || !form.title_en.is_empty() || !form.body_en.is_empty()>
            <summary>{w.t("notice-field-english")}</summary>
            <div class="more-body stack">
                <TextField
                    w=w
                    name="title_en"
                    label=w.t("notice-field-title-en")
                    value=form.title_en.clone()
                    error=errors.get("title_en").cloned()
                    optional=true
                />
                <TextArea
                    w=w
                    name="body_en"
                    label=w.t("notice-field-body-en")
                    value=form.body_en.clone()
                    error=errors.get("body_en").cloned()
                    rows=6
                    optional=true
                />
                <TextField
                    w=w
                    name="instruction_en"
                    label=w.t("notice-field-instruction-en")
                    value=form.instruction_en.clone()
                    error=errors.get("instruction_en").cloned()
                    optional=true
                />
                <fieldset class="field">
                    <legend class="label">{w.t("notice-field-facts-en")}</legend>
                    {fields}
                </fieldset>
            </div>
        </details>
    }
    .into_any()
}
