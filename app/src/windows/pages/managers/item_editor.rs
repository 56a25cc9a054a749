//! `/staff/items/new` and `/staff/items/{item}/edit`: one form for everything about an item. Rows are added, moved and
//! taken out by buttons that send the form and get it back with what was typed.

use super::{area, choice, conflict, input, items::area_options, items::item_tabs};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{
        LifeEvent,
        item_form::{MATERIAL, MAX_MATERIALS, MAX_QUESTIONS, QUESTION, TEXTS, TextPart},
        settings::{FormErrors, MAX_ROWS},
    },
};
use leptos::prelude::*;

/// What the page shows.
pub struct ItemEditorProps {
    /// Words.
    pub w: Words,
    /// Code of the item; `None` for a new one.
    pub code: Option<String>,
    /// Its title as it is.
    pub name: String,
    /// The form, filled in, with settled codes.
    pub fields: Vec<(String, String)>,
    /// The version it is made from.
    pub version: i64,
    /// What is wrong with it.
    pub errors: FormErrors,
    /// Somebody saved meanwhile: who, when, what.
    pub meanwhile: Vec<(String, Vec<String>)>,
    /// Pinyin initials that could be added.
    pub proposed: Vec<String>,
}

/// The page.
pub fn item_editor_page(props: ItemEditorProps) -> AnyView {
    let ItemEditorProps { w, code, name, fields, version, errors, meanwhile, proposed } = props;
    let form = Form { w, fields: &fields, errors: &errors, action: action(code.as_deref()) };
    let action = form.action.clone();
    let conflict = conflict(w, meanwhile);
    let summary: Vec<_> = errors.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
    let texts = |from: usize, to: usize| {
        let field = |part: &TextPart| {
            let (label, value) = (w.t(part.key), form.get(part.name));
            if part.long {
                area(&errors, part.name, label, value)
            } else {
                input(&errors, part.name, label, value, "text", "")
            }
        };
        // Chinese and English side by side.
        let pair = |pair: &[TextPart]| {
            let fields = pair.iter().map(field).collect_view();
            view! { <div class="text-pair">{fields}</div> }
        };
        TEXTS[from..to].chunks(2).map(pair).collect_view()
    };
    let ticked: Vec<&str> = fields.iter().filter(|(name, _)| name == "life").map(|(_, value)| value.as_str()).collect();
    let life = LifeEvent::ALL
        .into_iter()
        .map(|event| {
            let checked = ticked.contains(&event.code());
            view! {
                <li><label class="check">
                    <input type="checkbox" name="life" value=event.code() checked=checked/>
                    <span class="check-main"><span class="check-title">{w.t(event.key())}</span></span>
                </label></li>
            }
        })
        .collect_view();
    let new = code.is_none();
    let code_field = new.then(|| {
        view! {
            <div>
                {input(&errors, "code", w.t("item-code"), form.get("code"), "text", "w-mid")}
                <p class="hint">{w.t("item-code-hint")}</p>
            </div>
        }
        .into_any()
    });
    let area_field = choice(&errors, "area", w.t("item-area"), form.get("area"), area_options(w));
    let letter = input(&errors, "letter", w.t("item-letter"), form.get("letter"), "text", "w-short");
    let minutes = input(&errors, "minutes", w.t("item-minutes"), form.get("minutes"), "number", "w-short");
    let keywords = area(&errors, "keywords", w.t("item-keywords"), form.get("keywords"));
    let initials = form.initials(proposed);
    let (names, facts) = (texts(0, 4), texts(4, TEXTS.len()));
    let questions = (form.questions(), form.add(QUESTION, "text", "item-add-question", MAX_QUESTIONS));
    let no_materials = errors.get("materials").map(|text| view! { <p class="error">{text.clone()}</p> }.into_any());
    let materials = (form.materials(), form.add(MATERIAL, "name", "item-add-material", MAX_MATERIALS));
    view! {
        {(!new).then(|| view! { <p class="lead">{name}</p> })}
        {code.as_deref().map(|code| item_tabs(w, code, true, "/edit"))}
        {conflict}
        <ErrorSummary w=w errors=summary/>
        <form class="form item-form" method="post" action=action>
            // What the Enter key presses: the first button of a form.
            <button class="sr" tabindex="-1" aria-hidden="true">{w.t("settings-preview")}</button>
            <input type="hidden" name="version" value=version.to_string()/>
            <Section title=w.t("item-section-name")>
                {names}
                {code_field}
                <div class="inline-fields">{area_field}{letter}{minutes}</div>
            </Section>
            <Section title=w.t("item-section-find")>
                {keywords}
                <p class="hint">{w.t("item-keywords-hint")}</p>
                {initials}
                <fieldset class="field">
                    <legend class="label">{w.t("windows-life")}</legend>
                    <ul class="checks many">{life}</ul>
                </fieldset>
            </Section>
            <Section title=w.t("item-section-facts")>{facts}</Section>
            <Section title=w.t("windows-questions")>
                <p class="hint">{w.t("item-questions-hint")}</p>
                <div class="setting-rows">{questions.0}</div>
                {questions.1}
            </Section>
            <Section title=w.t("windows-bring")>
                <p class="hint">{w.t("item-materials-hint")}</p>
                <div class="setting-rows" id="materials">{no_materials}{materials.0}</div>
                {materials.1}
            </Section>
            <ActionBar><Button label=w.t("settings-preview") weight=Weight::Primary icon_name="forward"/></ActionBar>
        </form>
    }
    .into_any()
}

/// Where the form of an item goes.
pub fn action(code: Option<&str>) -> String {
    code.map_or_else(|| "/staff/items/new".to_owned(), |code| format!("/staff/items/{code}/edit"))
}

struct Form<'a> {
    w: Words,
    fields: &'a [(String, String)],
    errors: &'a FormErrors,
    action: String,
}

impl Form<'_> {
    fn get(&self, name: &str) -> String {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// How many rows of a kind there are; each has a code.
    fn count(&self, kind: &str) -> usize {
        (0..MAX_ROWS)
            .take_while(|row| self.fields.iter().any(|(name, _)| *name == format!("{kind}-{row}-code")))
            .count()
    }

    fn row_input(&self, name: &str, key: &str, class: &'static str) -> AnyView {
        input(self.errors, name, self.w.t(key), self.get(name), "text", class)
    }

    /// A button that sends the form and comes back to `to`.
    fn button(&self, does: String, to: &str, (icon_name, key, what): (&'static str, &str, &str)) -> AnyView {
        let words = format!("{} {what}", self.w.t(key));
        view! {
            <button class="icon-button" name="do" value=does formaction=format!("{}#{to}", self.action) formnovalidate>
                {icon(icon_name)}<span class="sr">{words}</span>
            </button>
        }
        .into_any()
    }

    /// The buttons of a row: up, down, out.
    fn row_buttons(&self, kind: &str, part: &str, row: usize, what: &str) -> AnyView {
        let last = self.count(kind).saturating_sub(1);
        let at = |row: usize| format!("{kind}-{row}-{part}");
        let up = (row > 0).then(|| self.button(format!("{kind}-{row}-up"), &at(row - 1), ("move-up", "item-up", what)));
        let down = (row < last)
            .then(|| self.button(format!("{kind}-{row}-down"), &at(row + 1), ("move-down", "item-down", what)));
        let out =
            self.button(format!("{kind}-{row}-remove"), &at(row.saturating_sub(1)), ("trash", "item-remove", what));
        view! { <div class="row-buttons">{up}{down}{out}</div> }.into_any()
    }

    fn add(&self, kind: &str, part: &str, key: &str, most: usize) -> Option<AnyView> {
        let count = self.count(kind);
        (count < most).then(|| {
            let to = format!("{}#{kind}-{count}-{part}", self.action);
            view! {
                <div>
                    <button class="button small" name="do" value=format!("{kind}-add") formaction=to formnovalidate>
                        {icon("plus")}{self.w.t(key)}
                    </button>
                </div>
            }
            .into_any()
        })
    }

    fn initials(&self, proposed: Vec<String>) -> Option<AnyView> {
        (!proposed.is_empty()).then(|| {
            let words = self.w.tf("item-initials", &[("initials", proposed.join("、").into())]);
            view! {
                <p class="cluster">
                    <span class="small">{words}</span>
                    <button
                        class="button small"
                        name="do"
                        value="initials"
                        formaction=format!("{}#keywords", self.action)
                        formnovalidate
                    >{icon("plus")}{self.w.t("item-initials-add")}</button>
                </p>
            }
            .into_any()
        })
    }

    fn questions(&self) -> AnyView {
        (0..self.count(QUESTION))
            .map(|row| {
                let title = self.w.tf("item-question-number", &[("number", (row + 1).into())]);
                let code = format!("qu-{row}-code");
                let value = self.get(&code);
                view! {
                    <fieldset class="card form tight item-row">
                        <legend class="sr">{title.clone()}</legend>
                        <input type="hidden" name=code value=value/>
                        {self.row_input(&format!("qu-{row}-text"), "item-question", "")}
                        {self.row_input(&format!("qu-{row}-text_en"), "item-question-en", "")}
                        {self.row_buttons(QUESTION, "text", row, &title)}
                    </fieldset>
                }
            })
            .collect_view()
            .into_any()
    }

    /// When a material is needed: always, or by the answer to a question of the form.
    fn conditions(&self, chosen: &str) -> Vec<(String, String)> {
        let mut options = vec![(String::new(), self.w.t("item-always"))];
        for row in 0..self.count(QUESTION) {
            let code = self.get(&format!("qu-{row}-code"));
            let (zh, en) = (self.get(&format!("qu-{row}-text")), self.get(&format!("qu-{row}-text_en")));
            let text = self.w.pick(&zh, &en).to_owned();
            let text =
                if text.is_empty() { self.w.tf("item-question-number", &[("number", (row + 1).into())]) } else { text };
            for (answer, key) in [("yes", "windows-yes"), ("no", "windows-no")] {
                let args = [("question", text.clone().into()), ("answer", self.w.t(key).into())];
                options.push((format!("{code}:{answer}"), self.w.tf("item-only-if", &args)));
            }
        }
        if !options.iter().any(|(value, _)| value == chosen) {
            // The question is gone: it stays to be seen until something else is chosen.
            options.push((chosen.to_owned(), self.w.t("item-condition-gone")));
        }
        options
    }

    fn materials(&self) -> AnyView {
        (0..self.count(MATERIAL))
            .map(|row| {
                let field = |part: &str| format!("ma-{row}-{part}");
                let title = self.w.tf("item-material-number", &[("number", (row + 1).into())]);
                let (code, copies, when) =
                    (self.get(&field("code")), self.get(&field("copies")), self.get(&field("if")));
                let options = self.conditions(&when);
                view! {
                    <fieldset class="card form tight item-row">
                        <legend class="sr">{title.clone()}</legend>
                        <input type="hidden" name=field("code") value=code/>
                        {self.row_input(&field("name"), "item-material", "")}
                        {self.row_input(&field("name_en"), "item-material-en", "")}
                        {self.row_input(&field("note"), "item-note", "")}
                        {self.row_input(&field("note_en"), "item-note-en", "")}
                        {choice(self.errors, &field("if"), self.w.t("item-when"), when, options)}
                        {input(self.errors, &field("copies"), self.w.t("item-copies"), copies, "number", "w-short")}
                        {self.row_buttons(MATERIAL, "name", row, &title)}
                    </fieldset>
                }
            })
            .collect_view()
            .into_any()
    }
}
