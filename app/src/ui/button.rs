//! Buttons change something, links go somewhere; both can look like a button.

use super::icon::icon;
use leptos::prelude::*;

/// How much a button asks for attention. One `Primary` per screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// Secondary: an edge, no fill.
    #[default]
    Plain,
    /// The screen's main action.
    Primary,
    /// Words only, for what is rarely wanted.
    Quiet,
    /// Takes something away.
    Danger,
}

impl Weight {
    fn class(self, small: bool) -> &'static str {
        match (self, small) {
            (Weight::Plain, false) => "button",
            (Weight::Primary, false) => "button primary",
            (Weight::Quiet, false) => "button quiet",
            (Weight::Danger, false) => "button danger",
            (Weight::Plain, true) => "button small",
            (Weight::Primary, true) => "button primary small",
            (Weight::Quiet, true) => "button quiet small",
            (Weight::Danger, true) => "button danger small",
        }
    }
}

/// A button that submits its form.
#[component]
pub fn Button(
    /// Its word: a verb.
    #[prop(into)]
    label: String,
    /// How much it asks for attention.
    #[prop(optional)]
    weight: Weight,
    /// An icon before the word.
    #[prop(default = None, into)]
    icon_name: Option<&'static str>,
    /// Name and value sent with the form, for forms with more than one button.
    #[prop(default = None, into)]
    sends: Option<(&'static str, String)>,
    /// Smaller type, for lists and tools.
    #[prop(optional)]
    small: bool,
    /// Not possible now; say why beside it.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    let (name, value) = sends.unzip();
    view! {
        <button class=weight.class(small) r#type="submit" name=name value=value disabled=disabled>
            {icon_name.map(icon)}
            {label}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Its words.
    #[prop(into)]
    label: String,
    /// How much it asks for attention.
    #[prop(optional)]
    weight: Weight,
    /// An icon before the words.
    #[prop(default = None, into)]
    icon_name: Option<&'static str>,
    /// Smaller type, for lists and tools.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <a class=weight.class(small) href=href>
            {icon_name.map(icon)}
            {label}
        </a>
    }
}

/// Buttons that belong together: stacked on phones, in a line from 600 px.
#[component]
pub fn Buttons(children: Children) -> impl IntoView {
    view! { <div class="buttons">{children()}</div> }
}

/// The main action within reach of the thumb: sticks above the bottom bar on phones.
#[component]
pub fn ActionBar(children: Children) -> impl IntoView {
    view! { <div class="action-bar">{children()}</div> }
}

/// Asks once before something that cannot be undone, without JavaScript: the button opens what will happen and the form.
#[component]
pub fn Confirm(
    /// The word on the button that asks, e.g. 取消预约.
    #[prop(into)]
    label: String,
    /// What will happen, in a sentence.
    #[prop(into)]
    consequence: String,
    /// The form that does it.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="confirm">
            <summary class="button danger">{label}</summary>
            <div class="card">
                <p>{consequence}</p>
                {children()}
            </div>
        </details>
    }
}
