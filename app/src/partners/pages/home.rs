//! `/staff/partners`.

use super::{
    agreements::{AgreementRow, agreement_list},
    parts::{HourRow, hour_state, length},
    tasks::{TaskRow, task_list},
};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A team in a list.
pub struct TeamRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of the community.
    pub place: String,
    /// How many are in it.
    pub members: i64,
    /// How many registrations wait.
    pub waiting: i64,
    /// Whether somebody can join it.
    pub open: bool,
}

/// A registration in a list.
pub struct MemberRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of the team.
    pub team: String,
    /// When, in words.
    pub when: String,
    /// They are in the team and ask for further grids.
    pub grids: bool,
}

/// What the page shows.
pub enum HomeTab {
    /// What is due, agreements, and partners: id and name.
    Agreements(Vec<TaskRow>, Vec<AgreementRow>, Vec<(String, String)>),
    /// Teams.
    Teams(Vec<TeamRow>),
    /// Registrations that wait.
    Waiting(Vec<MemberRow>),
    /// Hours to confirm, and what was confirmed last.
    Hours(Vec<HourRow>, Vec<HourRow>),
}

/// The page.
pub struct HomePage {
    /// Words.
    pub w: Words,
    /// Which tab, with what is in it.
    pub tab: HomeTab,
    /// How many registrations and hours wait.
    pub waiting: (i64, i64),
}

/// The page with its four tabs.
pub fn home(page: HomePage) -> AnyView {
    let HomePage { w, tab, waiting } = page;
    let at = match &tab {
        HomeTab::Agreements(..) => "agreements",
        HomeTab::Teams(_) => "teams",
        HomeTab::Waiting(_) => "waiting",
        HomeTab::Hours(..) => "hours",
    };
    let way = |code: &str, word: String| Way::new(format!("/staff/partners?tab={code}"), word, at == code);
    let ways = vec![
        way("agreements", w.t("partners-agreements")),
        way("teams", w.t("partners-teams")),
        way("waiting", w.t("partners-tab-waiting")).count(waiting.0),
        way("hours", w.t("partners-tab-hours")).count(waiting.1),
    ];
    let body = match tab {
        HomeTab::Agreements(due, agreements, partners) => agreements_tab(w, due, agreements, partners),
        HomeTab::Teams(rows) => teams_tab(w, rows),
        HomeTab::Waiting(rows) => waiting_tab(w, rows),
        HomeTab::Hours(waiting, lately) => hours_tab(w, waiting, lately),
    };
    view! { <Tabs label=w.t("partners-title") ways=ways/>{body} }.into_any()
}

fn agreements_tab(
    w: Words,
    due: Vec<TaskRow>,
    agreements: Vec<AgreementRow>,
    partners: Vec<(String, String)>,
) -> AnyView {
    let new = "/staff/partners/organisations/new";
    if partners.is_empty() {
        return view! {
            <Empty icon_name="building" title=w.t("partners-none") text=w.t("partners-none-text")>
                <LinkButton href=new label=w.t("partners-partner-make") weight=Weight::Primary/>
            </Empty>
        }
        .into_any();
    }
    let due = (!due.is_empty()).then(|| view! { <Section title=w.t("partners-due")>{task_list(w, due)}</Section> });
    let partners = partners
        .into_iter()
        .map(|(id, name)| {
            view! { <Item w=w href=format!("/staff/partners/organisations/{id}") title=name icon_name="building"/> }
        })
        .collect_view();
    let none = agreements.is_empty();
    view! {
        <div class="buttons"><LinkButton href=new label=w.t("partners-partner-make") icon_name="plus"/></div>
        {due}
        <Section title=w.t("partners-agreements")>
            {if none { view! { <p class="muted">{w.t("partners-agreements-none")}</p> }.into_any() } else { agreement_list(w, agreements) }}
        </Section>
        <Section title=w.t("partners-partners")><List>{partners}</List></Section>
    }
    .into_any()
}

fn teams_tab(w: Words, rows: Vec<TeamRow>) -> AnyView {
    let new = "/staff/partners/teams/new";
    if rows.is_empty() {
        return view! {
            <Empty icon_name="volunteer" title=w.t("partners-teams-none") text=w.t("partners-teams-none-text")>
                <LinkButton href=new label=w.t("partners-team-make") weight=Weight::Primary/>
            </Empty>
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let members = w.tf("partners-team-members", &[("count", row.members.into())]);
            let waits = (row.waiting > 0).then(|| {
                let word = w.tf("partners-team-waiting", &[("count", row.waiting.into())]);
                view! { <Badge tone=Tone::Busy word=word/> }
            });
            let closed = (!row.open).then(|| view! { <Badge word=w.t("partners-team-closed")/> });
            view! {
                <Item
                    w=w
                    href=format!("/staff/partners/teams/{}", row.id)
                    title=row.name
                    note=format!("{} · {members}", row.place)
                    icon_name="volunteer"
                >
                    {waits}{closed}
                </Item>
            }
        })
        .collect_view();
    view! {
        <div class="buttons"><LinkButton href=new label=w.t("partners-team-make") icon_name="plus"/></div>
        <List>{rows}</List>
    }
    .into_any()
}

fn waiting_tab(w: Words, rows: Vec<MemberRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <Empty icon_name="user" title=w.t("partners-waiting-none") text=w.t("partners-waiting-none-text")/> }
            .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let word = if row.grids { "partners-member-asks-grids" } else { "partners-member-asked" };
            view! {
                <Item
                    w=w
                    href=format!("/staff/partners/members/{}", row.id)
                    title=row.name
                    note=format!("{} · {}", row.team, row.when)
                    icon_name="user"
                >
                    <Badge tone=Tone::Busy word=w.t(word)/>
                </Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

fn hour_items(w: Words, rows: Vec<HourRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let note = format!("{} · {} · {}", row.day, length(w, row.minutes), row.what);
            view! {
                <Item w=w href=format!("/staff/partners/hours/{}", row.id) title=row.name note=note icon_name="clock">
                    {hour_state(w, row.state)}
                </Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

fn hours_tab(w: Words, waiting: Vec<HourRow>, lately: Vec<HourRow>) -> AnyView {
    let first = if waiting.is_empty() {
        view! { <Empty icon_name="clock" title=w.t("partners-hours-none") text=w.t("partners-hours-none-text")/> }
            .into_any()
    } else {
        hour_items(w, waiting)
    };
    let lately = (!lately.is_empty()).then(|| {
        view! {
            <Section title=w.t("partners-hours-lately")>
                <p class="hint">{w.t("partners-hours-lately-text")}</p>
                {hour_items(w, lately)}
            </Section>
        }
    });
    view! { <p class="hint">{w.t("partners-hours-lead")}</p>{first}{lately} }.into_any()
}
