//! Everything that Linli keeps of a person: to see, to take along, to have deleted.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A kind of thing that is kept.
pub struct DataRow {
    /// What it is.
    pub title: String,
    /// How many there are.
    pub count: i64,
    /// The page that shows them, may be empty.
    pub page: &'static str,
}

/// What `/me/data` shows.
pub struct DataProps {
    /// Words.
    pub w: Words,
    /// Name, may be empty.
    pub name: String,
    /// Number as shown.
    pub phone: String,
    /// E-mail address as shown, may be empty.
    pub email: String,
    /// Home in words, may be empty.
    pub home: String,
    /// Since when there is the account, in words.
    pub since: String,
    /// What else is kept.
    pub rows: Vec<DataRow>,
    /// The person has a role: then the account is the community's matter as well.
    pub works: bool,
}

/// The page.
pub fn data(props: DataProps) -> AnyView {
    let DataProps { w, name, phone, email, home, since, rows, works } = props;
    let none = |text: String| if text.is_empty() { w.t("data-nothing") } else { text };
    let change = || w.t("data-change");
    let facts = vec![
        Fact::new(w.t("people-name"), none(name)).change("/me/name", change()),
        Fact::new(w.t("people-phone"), view! { <span class="num">{phone}</span> }),
        Fact::new(w.t("data-email"), none(email)).change("/me/email", change()),
        Fact::new(w.t("data-home"), none(home)).change("/me/name", change()),
        Fact::new(w.t("data-since"), since),
    ];
    let rows: Vec<Fact> = rows
        .into_iter()
        .map(|row| {
            let fact = Fact::new(row.title, w.tf("data-count", &[("count", row.count.into())]));
            if row.page.is_empty() { fact } else { fact.change(row.page, w.t("data-see")) }
        })
        .collect();
    let leave = if works {
        view! { <p>{w.t("data-leave-works")}</p> }.into_any()
    } else {
        view! {
            <p>{w.t("data-leave-text")}</p>
            <Confirm label=w.t("data-leave-do") consequence=w.t("data-leave-consequence")>
                <form class="form" method="post" action="/me/data/leave">
                    <CheckBox name="words" label=w.t("data-leave-words") note=w.t("data-leave-words-note")/>
                    <Button label=w.t("data-leave-sure") weight=Weight::Danger/>
                </form>
            </Confirm>
        }
        .into_any()
    };
    view! {
        <p class="lead">{w.t("data-lead")}</p>
        <Section title=w.t("data-person")><Summary facts=facts/></Section>
        <Section title=w.t("data-things")>
            <Summary facts=rows/>
            <p class="hint">{w.t("data-kept-how-long")}</p>
        </Section>
        <Section title=w.t("data-take")>
            <p>{w.t("data-take-text")}</p>
            <Buttons><LinkButton href="/api/v1/me/data" label=w.t("data-take-do") icon_name="download"/></Buttons>
        </Section>
        <Section title=w.t("data-leave")>{leave}</Section>
    }
    .into_any()
}
