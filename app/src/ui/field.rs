//! Fields of a form. Each comes as label, hint, error, control, in that order and tied together for screen readers;
//! it shows the value it is given, so that nothing typed is lost when a form comes back with mistakes.
//!
//! The control's id is the field's name: [`ErrorSummary`](super::summary::ErrorSummary) links to it.

use crate::i18n::Words;
use leptos::prelude::*;

/// What `aria-describedby` names: the hint and the error, as far as they exist.
fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (true, true) => Some(format!("{name}-hint {name}-error")),
    }
}

pub(super) fn hint_and_error(name: &str, hint: Option<String>, error: Option<String>) -> AnyView {
    let hint = hint.map(|text| view! { <p class="hint" id=format!("{name}-hint")>{text}</p> });
    let error = error.map(|text| view! { <p class="error" id=format!("{name}-error")>{text}</p> });
    (hint, error).into_any()
}

/// Label, hint and error around any control whose id is `name`.
#[component]
pub fn Field(
    /// Words, for "(选填)".
    w: Words,
    /// The control's id.
    name: &'static str,
    /// What is asked, in a word or a short question.
    #[prop(into)]
    label: String,
    /// What helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong with the answer and how to mend it.
    #[prop(default = None, into)]
    error: Option<String>,
    /// May be left empty: says so after the label.
    #[prop(optional)]
    optional: bool,
    /// The control. Give it `id=name` and, for the hint and error, `aria-describedby`.
    children: Children,
) -> impl IntoView {
    let invalid = error.is_some().then_some("");
    view! {
        <div class="field" data-invalid=invalid>
            <label class="label" r#for=name>
                {label}
                {optional.then(|| view! { " "<span class="opt">{w.t("ui-optional")}</span> })}
            </label>
            {hint_and_error(name, hint, error)}
            {children()}
        </div>
    }
}

/// One line of text, a phone number, a date, a search word: whatever `kind` says.
#[component]
pub fn TextField(
    /// Words, for "(选填)".
    w: Words,
    /// Name in the form and id in the page.
    name: &'static str,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What was typed before.
    #[prop(optional, into)]
    value: String,
    /// What helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong and how to mend it.
    #[prop(default = None, into)]
    error: Option<String>,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
    /// The input's `type`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Which keyboard a phone shows: `numeric`, `tel`, `email`, `search`.
    #[prop(default = None, into)]
    inputmode: Option<&'static str>,
    /// What the browser may fill in: `tel`, `name`, `one-time-code`.
    #[prop(default = None, into)]
    autocomplete: Option<&'static str>,
    /// At most so many characters.
    #[prop(default = None, into)]
    maxlength: Option<u32>,
    /// `w-short` (8 em), `w-mid` (16 em), `otp`; full width otherwise.
    #[prop(optional)]
    width: &'static str,
) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    let described = described_by(name, hint.is_some(), error.is_some());
    view! {
        <Field w=w name=name label=label hint=hint error=error optional=optional>
            <input
                class=format!("input {width}").trim_end().to_owned()
                id=name
                name=name
                r#type=kind
                value=value
                inputmode=inputmode
                autocomplete=autocomplete
                maxlength=maxlength.map(|n| n.to_string())
                aria-describedby=described
                aria-invalid=invalid
                required=!optional
            />
        </Field>
    }
}

/// The six digits of a one-time code: one input, which phones fill from the message.
#[component]
pub fn CodeField(
    /// Words, for the frame of the field.
    w: Words,
    /// Name in the form and id in the page.
    name: &'static str,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Where the code is to be found and how long it is good for.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong and how many tries are left.
    #[prop(default = None, into)]
    error: Option<String>,
) -> impl IntoView {
    view! {
        <TextField
            w=w
            name=name
            label=label
            hint=hint
            error=error
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength=6
            width="otp"
        />
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Words, for "(选填)".
    w: Words,
    /// Name in the form and id in the page.
    name: &'static str,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What was typed before.
    #[prop(optional, into)]
    value: String,
    /// What helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong and how to mend it.
    #[prop(default = None, into)]
    error: Option<String>,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
    /// At most so many characters.
    #[prop(default = None, into)]
    maxlength: Option<u32>,
    /// Lines shown at first.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    // Browsers drop a line end that follows the tag at once.
    let value = if value.starts_with(['\n', '\r']) { format!("\n{value}") } else { value };
    let invalid = error.is_some().then_some("true");
    let described = described_by(name, hint.is_some(), error.is_some());
    view! {
        <Field w=w name=name label=label hint=hint error=error optional=optional>
            <textarea
                class="input"
                id=name
                name=name
                rows=rows.to_string()
                maxlength=maxlength.map(|n| n.to_string())
                aria-describedby=described
                aria-invalid=invalid
                required=!optional
            >
                {value}
            </textarea>
        </Field>
    }
}

/// One of a list too long for radio cards.
#[component]
pub fn SelectField(
    /// Words, for "(选填)".
    w: Words,
    /// Name in the form and id in the page.
    name: &'static str,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Value and word of each entry. An entry with an empty value stands for "not chosen".
    options: Vec<(String, String)>,
    /// The chosen value.
    #[prop(optional, into)]
    value: String,
    /// What helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong and how to mend it.
    #[prop(default = None, into)]
    error: Option<String>,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    let described = described_by(name, hint.is_some(), error.is_some());
    let options = options
        .into_iter()
        .map(|(key, word)| {
            let selected = key == value;
            view! { <option value=key selected=selected>{word}</option> }
        })
        .collect_view();
    view! {
        <Field w=w name=name label=label hint=hint error=error optional=optional>
            <select class="input" id=name name=name aria-describedby=described aria-invalid=invalid required=!optional>
                {options}
            </select>
        </Field>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn what_was_typed_into_a_text_area_is_text_and_stays_whole() {
        for (typed, written) in [
            ("</textarea><script>alert(1)</script>", "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a & b &amp; <b>c</b>", "a &amp; b &amp;amp; &lt;b&gt;c&lt;/b&gt;"),
            ("\"她说\" 'it'", "\"她说\" 'it'"),
            ("一\n\n  二  ", "一\n\n  二  "),
            // The browser takes the first line end after the tag for the tag's own.
            ("\n一", "\n\n一"),
            ("\r\n一", "\n\r\n一"),
        ] {
            let html = view! { <TextArea w=Words::new(Lang::Zh) name="text" label="字" value=typed/> }.to_html();
            let inner = html.split_once("<textarea").and_then(|(_, rest)| rest.split_once("</textarea>"));
            let (inner, after) = inner.expect("a text area");
            let inner = inner.split_once('>').expect("its tag ends").1;
            assert_eq!(inner, written, "{html}");
            assert!(!after.contains("<script"), "{html}");
        }
    }
}
