//! Teams for residents: the list, a team, joining, changing, leaving.

use super::parts::{Typed, choices};
use crate::{
    i18n::Words,
    partners::{MemberState, Times},
    ui::parts::*,
};
use leptos::prelude::*;

/// A team in the list.
pub struct TeamCard {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is there for, shortened.
    pub purpose: String,
    /// What it looks for, in words; may be empty.
    pub looks_for: String,
}

/// The teams of a community.
pub fn teams(w: Words, cards: Vec<TeamCard>) -> AnyView {
    if cards.is_empty() {
        return view! { <Empty icon_name="volunteer" title=w.t("partners-public-none") text=w.t("partners-public-none-text")/> }
            .into_any();
    }
    let rows = cards
        .into_iter()
        .map(|card| {
            let note = if card.looks_for.is_empty() {
                card.purpose
            } else {
                w.tf("partners-public-note", &[("purpose", card.purpose.into()), ("skills", card.looks_for.into())])
            };
            view! { <Item w=w href=format!("/teams/{}", card.id) title=card.name note=note icon_name="volunteer"/> }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("partners-public-lead")}</p>
        <List>{rows}</List>
        <p><a href="/me/service">{w.t("partners-record-title")}</a></p>
    }
    .into_any()
}

/// The reader's own registration.
pub struct Mine {
    /// Waits or holds.
    pub state: MemberState,
    /// Since when, in words.
    pub since: String,
    /// Names of grids for which staff have not answered.
    pub asks: Vec<String>,
}

/// What the page of a team shows.
pub struct PublicTeam {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Name of the community.
    pub place: String,
    /// What it is there for.
    pub purpose: String,
    /// What it looks for, in words.
    pub looks_for: String,
    /// What it does next: address, title, when and seats in words.
    pub next: Vec<(String, String, String)>,
    /// The reader's registration.
    pub mine: Option<Mine>,
    /// Somebody is signed in.
    pub signed_in: bool,
    /// All skills: code and word.
    pub skills: Vec<(String, String)>,
    /// Grids of the community: code and name.
    pub grids: Vec<(String, String)>,
    /// What was typed, or what was told before.
    pub typed: Typed,
    /// They say that they can be sent now.
    pub available: bool,
}

/// The page of a team.
pub fn team(page: PublicTeam) -> AnyView {
    let PublicTeam { w, id, place, purpose, looks_for, next, mine, signed_in, skills, grids, typed, available } = page;
    let here = format!("/teams/{id}");
    let [to_join, to_change, to_leave] = ["join", "change", "leave"].map(|what| format!("{here}/{what}"));
    let looks_for = (!looks_for.is_empty()).then(|| view! { <p>{w.t("partners-team-skills")} " " {looks_for}</p> });
    let next = (!next.is_empty()).then(|| {
        let rows = next
            .into_iter()
            .map(|(href, title, note)| view! { <Item w=w href=href title=title note=note icon_name="activity"/> })
            .collect_view();
        view! { <Section title=w.t("partners-public-next")><List>{rows}</List></Section> }
    });
    let fields = {
        let times: Vec<(String, String)> =
            Times::ALL.iter().map(|one| (one.code().to_owned(), w.t(one.key()))).collect();
        view! {
            {typed.checks(w, ("skills", "partners-join-skills"), choices(&skills), None)}
            {(!grids.is_empty()).then(|| typed.checks(w, ("grids", "partners-join-grids"), choices(&grids), Some(w.t("partners-join-grids-hint"))))}
            {typed.checks(w, ("times", "partners-join-times"), choices(&times), None)}
            {typed.line(w, "note", "partners-join-note", true)}
            <CheckBox name="available" label=w.t("partners-join-available") note=w.t("partners-join-available-note") checked=available/>
        }
        .into_any()
    };
    let consent = typed.error("consent").map(|text| view! { <p class="error" id="consent-error">{text}</p> });
    let changing = typed.is_wrong();
    let part = match mine {
        None if !signed_in => {
            let href = format!("/login?next={here}");
            view! { <LinkButton href=href label=w.t("partners-join-login") weight=Weight::Primary/> }.into_any()
        }
        None => view! {
            <Section title=w.t("partners-join")>
                <form class="stack" method="post" action=to_join>
                    <p class="hint">{w.t("partners-join-lead")}</p>
                    {fields}
                    {consent}
                    <CheckBox name="consent" label=w.t("partners-join-consent") note=w.t("partners-join-consent-note")/>
                    <Buttons><Button label=w.t("partners-join-do") weight=Weight::Primary/></Buttons>
                </form>
            </Section>
        }
        .into_any(),
        Some(mine) => {
            let (tone, text) = match mine.state {
                MemberState::Active => (Tone::Ok, w.tf("partners-mine-active", &[("since", mine.since.into())])),
                _ => (Tone::Info, w.t("partners-mine-asked")),
            };
            let asks = (mine.state == MemberState::Active && !mine.asks.is_empty()).then(|| {
                let grids = mine.asks.join(&w.t("partners-comma"));
                view! { <p>{w.tf("partners-mine-asks", &[("grids", grids.into())])}</p> }
            });
            view! {
                <Note tone=tone><p>{text}</p>{asks}</Note>
                <p><a href="/me/service">{w.t("partners-record-title")}</a></p>
                <details class="more" open=changing>
                    <summary>{w.t("partners-mine-change")}</summary>
                    <div class="more-body">
                        <form class="stack" method="post" action=to_change>
                            {fields}
                            <Buttons><Button label=w.t("partners-save") weight=Weight::Primary/></Buttons>
                        </form>
                    </div>
                </details>
                <Confirm label=w.t("partners-leave") consequence=w.t("partners-leave-text")>
                    <form method="post" action=to_leave>
                        <Button label=w.t("partners-leave-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
            }
            .into_any()
        }
    };
    view! {
        {typed.summary(w)}
        <p class="meta">{place}</p>
        <p class="lead partners-lines">{purpose}</p>
        {looks_for}{next}{part}
    }
    .into_any()
}
