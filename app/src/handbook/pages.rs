//! Pages of the handbook.

use super::{
    CONTACTS, NAME_CHARS, PHONE_CHARS, QUERY_CHARS, STEPS_CHARS, TITLE_CHARS, entry::Contact, form::HandbookForm,
};
use crate::{
    i18n::Words,
    notices::{diff::Difference, form::Errors, pages::differences},
    ui::parts::*,
};
use leptos::prelude::*;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Id.
    pub id: String,
    /// When what happens.
    pub title: String,
    /// Whose it is.
    pub organisation: String,
    /// The first numbers to call.
    pub contacts: String,
    /// It is to be looked at again.
    pub due: bool,
}

/// `/staff/handbook`
pub struct ListPage {
    /// The entries, the best first.
    pub rows: Vec<Row>,
    /// The words searched.
    pub query: String,
    /// The category or item that is asked for: its parameter, its code, its name.
    pub about: Option<(&'static str, String, String)>,
    /// Only what is to be looked at again.
    pub only_due: bool,
    /// How many are to be looked at again.
    pub due: i64,
    /// The reader may write.
    pub may_write: bool,
}

/// The list with its search.
pub fn list(w: Words, page: ListPage) -> AnyView {
    let ListPage { rows, query, about, only_due, due, may_write } = page;
    let hidden = about.clone().map(|(name, code, _)| view! { <input type="hidden" name=name value=code/> });
    let about = about.map(|(_, _, name)| {
        view! {
            <p class="meta">
                {w.tf("handbook-about", &[("name", name.into())])} " " <a href="/staff/handbook">{w.t("handbook-all")}</a>
            </p>
        }
    });
    let ways = vec![
        Way::new("/staff/handbook", w.t("handbook-all"), !only_due),
        Way::new("/staff/handbook?due=1", w.t("handbook-due"), only_due).count(due),
    ];
    let body = if rows.is_empty() {
        let text = w.t(if query.is_empty() { "handbook-none-text" } else { "handbook-found-none-text" });
        view! { <Empty icon_name="list" title=w.t("handbook-none") text=text/> }.into_any()
    } else {
        let rows = rows
            .into_iter()
            .map(|row| {
                let note = match row.contacts.is_empty() {
                    true => row.organisation,
                    false => format!("{} · {}", row.organisation, row.contacts),
                };
                let due = row.due.then(|| view! { <Badge tone=Tone::Warn word=w.t("handbook-is-due")/> });
                view! {
                    <Item w=w href=format!("/staff/handbook/{}", row.id) title=row.title note=note>{due}</Item>
                }
            })
            .collect_view();
        view! { <List>{rows}</List> }.into_any()
    };
    view! {
        <p class="lead">{w.t("handbook-lead")}</p>
        <form class="search" role="search" method="get" action="/staff/handbook">
            {hidden}
            <input
                class="input"
                r#type="search"
                name="q"
                value=query
                maxlength=QUERY_CHARS.to_string()
                aria-label=w.t("handbook-search")
                placeholder=w.t("handbook-search-like")
            />
            <button class="button">{icon("search")}<span class="sr">{w.t("handbook-search-do")}</span></button>
        </form>
        {about}
        <Chips label=w.t("handbook-show") ways=ways/>
        {body}
        {may_write.then(|| view! {
            <Buttons><LinkButton href="/staff/handbook/new" label=w.t("handbook-new") icon_name="plus"/></Buttons>
        })}
    }
    .into_any()
}

/// `/staff/handbook/{id}`
pub struct OnePage {
    /// Id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// Words for the situation.
    pub words: Vec<String>,
    /// The steps, as safe HTML.
    pub html: String,
    /// Whom to call.
    pub contacts: Vec<Contact>,
    /// Name of the category, and where its reports are.
    pub category: Option<(String, String)>,
    /// Name of the service item, and its page.
    pub item: Option<(String, String)>,
    /// When it was last looked at, in words.
    pub reviewed: String,
    /// It is to be looked at again.
    pub due: bool,
    /// The lock of its words.
    pub version: i64,
    /// The reader may change it.
    pub may_write: bool,
}

/// One entry: whom to call first, then what to do.
pub fn one(w: Words, page: OnePage) -> AnyView {
    let OnePage { id, organisation, words, html, contacts, category, item, reviewed, due, version, may_write } = page;
    let here = format!("/staff/handbook/{id}");
    let contacts = (!contacts.is_empty()).then(|| {
        let facts = contacts
            .into_iter()
            .map(|contact| {
                let dialled: String = contact.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                Fact::new(contact.name, view! { <a href=format!("tel:{dialled}")>{contact.phone}</a> })
            })
            .collect();
        view! { <Section title=w.t("handbook-call")><Facts facts=facts/></Section> }
    });
    let mut facts = vec![Fact::new(w.t("handbook-field-organisation"), organisation)];
    if !words.is_empty() {
        facts.push(Fact::new(w.t("handbook-field-words"), words.join("、")));
    }
    for (key, link) in [("handbook-field-category", category), ("handbook-field-item", item)] {
        facts.extend(link.map(|(name, href)| Fact::new(w.t(key), view! { <a href=href>{name}</a> })));
    }
    facts.push(Fact::new(w.t("handbook-reviewed"), reviewed));
    let tools = may_write.then(|| {
        let [edit, reviewed, remove] = ["edit", "reviewed", "remove"].map(|what| format!("{here}/{what}"));
        view! {
            <div class="cluster handbook-tools">
                <LinkButton href=edit label=w.t("handbook-edit") icon_name="edit"/>
                <form method="post" action=reviewed>
                    <input type="hidden" name="version" value=version.to_string()/>
                    <Button label=w.t("handbook-reviewed-do")/>
                </form>
                <Confirm label=w.t("handbook-remove") consequence=w.t("handbook-remove-text")>
                    <form method="post" action=remove>
                        <input type="hidden" name="version" value=version.to_string()/>
                        <Button label=w.t("handbook-remove-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
            </div>
        }
    });
    view! {
        <article class="handbook-entry">
            {due.then(|| view! { <Note tone=Tone::Warn><p>{w.t("handbook-due-text")}</p></Note> })}
            {contacts}
            <Section title=w.t("handbook-field-steps")><div class="prose" inner_html=html></div></Section>
            <Summary facts=facts/>
        </article>
        <p class="handbook-tools"><a class="more-link" href=format!("{here}/versions")>{w.t("handbook-versions")}</a></p>
        {tools}
    }
    .into_any()
}

/// The editor.
pub struct EditorPage {
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub form: HandbookForm,
    /// What is wrong.
    pub errors: Errors,
    /// Code and name of the organisations one may write for.
    pub organisations: Vec<(String, String)>,
    /// Code and name of the categories of reports.
    pub categories: Vec<(String, String)>,
    /// Code and name of the service items.
    pub items: Vec<(String, String)>,
}

/// The editor.
pub fn editor(w: Words, page: EditorPage) -> AnyView {
    let EditorPage { action, form, errors, organisations, categories, items } = page;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let error = |field: &str| errors.get(field).cloned();
    let most = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let none = |list: Vec<(String, String)>| {
        std::iter::once((String::new(), w.t("handbook-no-link"))).chain(list).collect::<Vec<_>>()
    };
    let rows = (form.contact_name.len().max(form.contact_phone.len()) + 1).clamp(3, CONTACTS);
    let contacts = (0..rows)
        .map(|nth| {
            let name = w.tf("handbook-contact-name", &[("number", (nth + 1).into())]);
            let phone = w.tf("handbook-contact-phone", &[("number", (nth + 1).into())]);
            view! {
                <div class="handbook-contact">
                    <input
                        class="input"
                        name="contact_name"
                        id=(nth == 0).then_some("contact_name")
                        value=form.contact_name.get(nth).cloned().unwrap_or_default()
                        aria-label=name.clone()
                        placeholder=name
                        maxlength=NAME_CHARS.to_string()
                    />
                    <input
                        class="input"
                        r#type="tel"
                        name="contact_phone"
                        value=form.contact_phone.get(nth).cloned().unwrap_or_default()
                        aria-label=phone.clone()
                        placeholder=phone
                        maxlength=PHONE_CHARS.to_string()
                    />
                </div>
            }
        })
        .collect_view();
    let contact_invalid = errors.contains_key("contact_name").then_some("");
    let contact_error = error("contact_name").map(|text| view! { <p class="error" id="contact_name-error">{text}</p> });
    view! {
        <ErrorSummary w=w errors=summary/>
        <form class="form stack" method="post" action=action>
            <input type="hidden" name="form_key" value=form.form_key.clone()/>
            <input type="hidden" name="version" value=form.version.clone()/>
            <TextField
                w=w
                name="title"
                label=w.t("handbook-field-title")
                hint=w.t("handbook-field-title-hint")
                value=form.title.clone()
                error=error("title")
                maxlength=most(TITLE_CHARS)
            />
            <SelectField
                w=w
                name="organisation"
                label=w.t("handbook-field-organisation")
                hint=w.t("handbook-field-organisation-hint")
                options=organisations
                value=form.organisation.clone()
                error=error("organisation")
            />
            <TextArea
                w=w
                name="words"
                label=w.t("handbook-field-words")
                hint=w.t("handbook-field-words-hint")
                value=form.words.clone()
                error=error("words")
                optional=true
                rows=2
            />
            <TextArea
                w=w
                name="steps"
                label=w.t("handbook-field-steps")
                hint=w.t("handbook-field-steps-hint")
                value=form.steps.clone()
                error=error("steps")
                rows=12
                maxlength=most(STEPS_CHARS)
            />
            <fieldset class="field" data-invalid=contact_invalid>
                <legend class="label">{w.t("handbook-field-contacts")}</legend>
                <p class="hint">{w.t("handbook-field-contacts-hint")}</p>
                {contact_error}
                {contacts}
            </fieldset>
            <SelectField
                w=w
                name="category"
                label=w.t("handbook-field-category")
                options=none(categories)
                value=form.category.clone()
                error=error("category")
                optional=true
            />
            <SelectField
                w=w
                name="item"
                label=w.t("handbook-field-item")
                options=none(items)
                value=form.item.clone()
                error=error("item")
                optional=true
            />
            <Buttons><Button label=w.t("handbook-save") weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

/// A version in the table.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Its number.
    pub version: i64,
    /// Who saved it.
    pub by: String,
    /// When, in words.
    pub when: String,
    /// It is the one whose changes are shown.
    pub chosen: bool,
}

/// `/staff/handbook/{id}/versions`
pub struct VersionsPage {
    /// Id of the entry.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The newest first.
    pub rows: Vec<VersionRow>,
    /// What the chosen one changed; `None` for the first one.
    pub changes: Option<Vec<Difference>>,
}

/// The versions, and what changed from one to the next.
pub fn versions(w: Words, page: VersionsPage) -> AnyView {
    let VersionsPage { id, title, rows, changes } = page;
    let rows: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let name = w.tf("handbook-version-number", &[("number", row.version.into())]);
            let href = format!("/staff/handbook/{id}/versions?version={}", row.version);
            let current = row.chosen.then_some("true");
            vec![
                Cell::new(view! { <a href=href aria-current=current>{name}</a> }),
                Cell::new(row.by),
                Cell::new(row.when),
            ]
        })
        .collect();
    let changes = match changes {
        Some(changes) => differences(w, changes),
        None => view! { <p class="muted">{w.t("handbook-version-first")}</p> }.into_any(),
    };
    let columns = ["handbook-column-version", "handbook-column-by", "handbook-column-when"];
    view! {
        <p class="lead">{title}</p>
        <Section title=w.t("handbook-changes")>{changes}</Section>
        <Table caption=w.t("handbook-versions") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/>
    }
    .into_any()
}
