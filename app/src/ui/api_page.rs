//! The JSON API as a page to read, made from its description.

use super::parts::*;
use crate::i18n::Words;
use leptos::prelude::*;

/// A field of a request: a parameter, or a member of the body.
pub struct ApiField {
    /// Its name.
    pub name: String,
    /// What it takes: `string`, `integer`…
    pub takes: String,
    /// It may not be left out.
    pub required: bool,
    /// What it means.
    pub words: String,
}

/// One operation.
pub struct ApiOperation {
    /// Name in the page.
    pub id: String,
    /// GET, POST or DELETE.
    pub method: String,
    /// Its address.
    pub path: String,
    /// What it does, the first sentence.
    pub title: String,
    /// The rest, in paragraphs.
    pub notes: Vec<String>,
    /// Scopes of which a token needs one; empty where nobody needs any.
    pub scopes: Vec<String>,
    /// It works without signing in.
    pub open: bool,
    /// Parameters of address and query.
    pub parameters: Vec<ApiField>,
    /// Members of the body.
    pub body: Vec<ApiField>,
    /// Statuses of its own, with words.
    pub answers: Vec<(String, String)>,
    /// A call to copy.
    pub curl: String,
}

/// Operations about one thing.
pub struct ApiGroup {
    /// Catalogue key of its heading.
    pub key: &'static str,
    /// Name in the page.
    pub id: &'static str,
    /// The operations.
    pub operations: Vec<ApiOperation>,
}

/// What `/api` shows.
pub struct ApiPage {
    /// Words.
    pub w: Words,
    /// What holds for all operations, in paragraphs.
    pub manners: Vec<String>,
    /// The operations.
    pub groups: Vec<ApiGroup>,
}

/// The page.
pub fn api_page(page: ApiPage) -> AnyView {
    let ApiPage { w, manners, groups } = page;
    let ways = groups
        .iter()
        .map(|group| {
            let count = group.operations.len();
            view! {
                <li><a href=format!("#{}", group.id)>{w.t(group.key)}</a> " " <span class="muted num">{count}</span></li>
            }
        })
        .collect_view();
    let sections = groups
        .into_iter()
        .map(|group| {
            let operations = group.operations.into_iter().map(|one| operation(w, one)).collect_view();
            view! {
                <section class="section" id=group.id>
                    <h2>{w.t(group.key)}</h2>
                    <div class="stack tight">{operations}</div>
                </section>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("api-lead")}</p>
        <p class="cluster">
            <LinkButton href="/me/tokens" label=w.t("token-title")/>
            <LinkButton href="/api/v1/openapi.json" label=w.t("api-document")/>
        </p>
        <section class="section">
            <h2>{w.t("api-manners")}</h2>
            <div class="stack" lang="en">{manners.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}</div>
        </section>
        <nav class="section" aria-label=w.t("api-groups")><ul class="api-groups">{ways}</ul></nav>
        {sections}
    }
    .into_any()
}

fn operation(w: Words, one: ApiOperation) -> AnyView {
    let tone = match one.method.as_str() {
        "GET" => Tone::Info,
        "DELETE" => Tone::Bad,
        _ => Tone::Ok,
    };
    let scope = w.tf("api-scope", &[("scope", one.scopes.join(" / ").into())]);
    let who = if one.open { format!("{} {scope}", w.t("api-open")) } else { scope };
    view! {
        <details class="more api-operation" id=one.id>
            <summary>
                <span class="api-name"><Badge tone=tone word=one.method/> <code>{one.path}</code></span>
                <span class="small" lang="en">{one.title}</span>
            </summary>
            <div class="more-body stack">
                {one.notes.into_iter().map(|text| view! { <p lang="en">{text}</p> }).collect_view()}
                <p class="small muted">{who}</p>
                {fields(w, "api-parameters", one.parameters)}
                {fields(w, "api-body", one.body)}
                <h3>{w.t("api-answers")}</h3>
                <dl class="api-facts" lang="en">
                    {one.answers.into_iter().map(|(status, words)| view! { <dt class="num">{status}</dt><dd>{words}</dd> }).collect_view()}
                </dl>
                <h3>{w.t("api-example")}</h3>
                <pre class="api-curl" tabindex="0"><code>{one.curl}</code></pre>
            </div>
        </details>
    }
    .into_any()
}

fn fields(w: Words, key: &'static str, fields: Vec<ApiField>) -> Option<AnyView> {
    if fields.is_empty() {
        return None;
    }
    let rows = fields
        .into_iter()
        .map(|field| {
            let needed = field.required.then(|| view! { " " <span class="tag">{w.t("api-needed")}</span> });
            view! {
                <dt><code>{field.name}</code> " " <span class="small muted">{field.takes}</span>{needed}</dt>
                <dd>{field.words}</dd>
            }
        })
        .collect_view();
    Some(view! { <h3>{w.t(key)}</h3><dl class="api-facts" lang="en">{rows}</dl> }.into_any())
}
