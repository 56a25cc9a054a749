//! `/staff/grids`.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A grid in the list.
pub struct GridRow {
    /// Where it leads.
    pub href: String,
    /// Name.
    pub name: String,
    /// Who is on duty today, and as what; `None`: nobody.
    pub duty: Option<(String, String)>,
    /// Buildings.
    pub buildings: i64,
    /// Households.
    pub households: i64,
    /// Open reports.
    pub open: i64,
    /// Of these: overdue.
    pub late: i64,
}

/// A community and its grids.
pub struct Group {
    /// Name of the community.
    pub name: String,
    /// Its grids.
    pub rows: Vec<GridRow>,
}

/// A change in words.
pub struct ChangeLine {
    /// What, e.g. "拆分：第一网格 → 第一网格、第五网格".
    pub title: String,
    /// From which day, and why.
    pub note: String,
    /// What becomes of it: catalogue key.
    pub state: &'static str,
    /// How that looks.
    pub tone: Tone,
    /// Where its form to withdraw is sent, while it can be.
    pub withdraw: Option<String>,
}

/// What the page shows.
pub struct GridsPage {
    /// Words.
    pub w: Words,
    /// Community by community.
    pub groups: Vec<Group>,
    /// Changes that are planned.
    pub planned: Vec<ChangeLine>,
    /// Grids that have ended: name with its community and day, address.
    pub ended: Vec<(String, String)>,
}

/// Changes, each with its state and the way to take it back.
pub(super) fn changes(w: Words, lines: Vec<ChangeLine>) -> AnyView {
    let lines = lines
        .into_iter()
        .map(|line| {
            let title = line.title.clone();
            view! {
                <li class="card stack tight">
                    <p><strong>{line.title}</strong>" "<Badge tone=line.tone word=w.t(line.state)/></p>
                    <p class="muted">{line.note}</p>
                    {line.withdraw.map(|action| view! {
                        <form method="post" action=action>
                            <button class="button small" r#type="submit">
                                {w.t("grids-withdraw")}<span class="sr">" "{title}</span>
                            </button>
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="grid-changes">{lines}</ul> }.into_any()
}

/// The list.
pub fn list_page(page: GridsPage) -> AnyView {
    let GridsPage { w, groups, planned, ended } = page;
    if groups.is_empty() && ended.is_empty() {
        return view! { <Empty icon_name="map" title=w.t("grids-none") text=w.t("grids-none-text")/> }.into_any();
    }
    let groups = groups
        .into_iter()
        .map(|group| {
            let rows = group
                .rows
                .into_iter()
                .map(|row| {
                    let duty = match row.duty {
                        Some((name, kind)) => view! { {name}<span class="small muted">" · "{kind}</span> }.into_any(),
                        None => view! { <Badge tone=Tone::Warn word=w.t("grids-nobody")/> }.into_any(),
                    };
                    let late = (row.late > 0).then(|| {
                        view! { " "<Badge tone=Tone::Bad word=w.tf("grids-late-count", &[("count", row.late.into())])/> }
                    });
                    vec![
                        Cell::new(view! { <a href=row.href>{row.name}</a> }),
                        Cell::new(duty),
                        Cell::number(row.buildings),
                        Cell::number(row.households),
                        Cell::new(view! { <span class="num">{row.open}</span>{late} }),
                    ]
                })
                .collect();
            let columns =
                ["grids-column-grid", "grids-column-duty", "grids-column-buildings", "grids-column-households", "grids-column-open"];
            view! {
                <Section title=group.name.clone()>
                    <Table
                        caption=w.tf("grids-caption", &[("name", group.name.into())])
                        columns=columns.map(|key| w.t(key)).to_vec()
                        rows=rows
                    />
                </Section>
            }
        })
        .collect_view();
    let any_planned = !planned.is_empty();
    let any_ended = !ended.is_empty();
    let ended = ended.into_iter().map(|(name, href)| view! { <li><a href=href>{name}</a></li> }).collect_view();
    view! {
        <p class="lead">{w.t("grids-lead")}</p>
        {any_planned.then(|| view! { <Section title=w.t("grids-planned")>{changes(w, planned)}</Section> })}
        {groups}
        {any_ended.then(|| view! { <Section title=w.t("grids-ended-ones")><ul>{ended}</ul></Section> })}
    }
    .into_any()
}
