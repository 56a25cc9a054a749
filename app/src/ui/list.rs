//! Lists of links, the large entrances of the home page, and "my next".

use super::icon::icon;
use crate::i18n::Words;
use leptos::prelude::*;

/// Rows with hairlines between them; the children are [`Item`]s.
#[component]
pub fn List(children: Children) -> impl IntoView {
    view! { <ul class="list">{children()}</ul> }
}

/// One row that leads somewhere.
#[component]
pub fn Item(
    /// Words, for "未读".
    w: Words,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The row's own words.
    #[prop(into)]
    title: String,
    /// Small words under it.
    #[prop(default = None, into)]
    note: Option<String>,
    /// An icon before it.
    #[prop(default = None, into)]
    icon_name: Option<&'static str>,
    /// A small picture before it, instead of the icon: its address. The title says what it shows.
    #[prop(default = None, into)]
    thumb: Option<String>,
    /// Not yet read.
    #[prop(optional)]
    unread: bool,
    /// What stands at the end of the row: a badge, a count, a time.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let start = match thumb {
        Some(src) => {
            view! { <img class="item-thumb" src=src width="64" height="64" alt="" loading="lazy"/> }.into_any()
        }
        None => icon_name.map(|name| view! { <span class="item-icon">{icon(name)}</span> }).into_any(),
    };
    view! {
        <li>
            <a class="item" href=href data-unread=unread.then_some("")>
                {start}
                <span class="item-body">
                    <span class="item-main">
                        <span class="item-title">
                            {unread.then(|| view! { <span class="sr">{w.t("ui-unread")}" "</span> })}
                            {title}
                        </span>
                        {note.map(|note| view! { <span class="item-note">{note}</span> })}
                    </span>
                    {children.map(|children| view! { <span class="item-end">{children()}</span> })}
                </span>
            </a>
        </li>
    }
}

/// The large entrances of the home page; the children are [`Door`]s.
#[component]
pub fn Doors(children: Children) -> impl IntoView {
    view! { <div class="doors">{children()}</div> }
}

/// One large entrance.
#[component]
pub fn Door(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Its icon.
    icon_name: &'static str,
    /// Its name.
    #[prop(into)]
    title: String,
    /// What there is behind it now.
    #[prop(default = None, into)]
    note: Option<String>,
) -> impl IntoView {
    view! {
        <a class="door" href=href>
            <span class="door-icon">{icon(icon_name)}</span>
            <span class="door-title">{title}</span>
            {note.map(|note| view! { <span class="door-note">{note}</span> })}
        </a>
    }
}

/// "My next": what this person has to do or expect today.
#[component]
pub fn Next(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What it is about, in small type above.
    #[prop(into)]
    kicker: String,
    /// The state, in a few words.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(default = None, into)]
    note: Option<String>,
) -> impl IntoView {
    view! {
        <a class="next" href=href>
            <span class="next-kicker">{kicker}</span>
            <span class="next-title">{title}</span>
            {note.map(|note| view! { <span class="next-note">{note}</span> })}
        </a>
    }
}

/// A part of a page under its heading, with a link to all of it at the heading's end.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Address and word of the link.
    #[prop(default = None)]
    more: Option<(String, String)>,
    /// Hidden in large type.
    #[prop(optional)]
    optional: bool,
    /// What stands under the heading.
    children: Children,
) -> impl IntoView {
    view! {
        <section class=if optional { "section optional" } else { "section" }>
            <div class="section-head">
                <h2>{title}</h2>
                {more.map(|(href, word)| view! { <a href=href>{word}</a> })}
            </div>
            {children()}
        </section>
    }
}
