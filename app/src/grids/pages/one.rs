//! `/staff/grids/{code}`: everything about a grid.

use super::{
    list::{ChangeLine, changes},
    picture::{Plan, picture},
};
use crate::{
    i18n::Words,
    ui::{parts::*, timeline},
};
use leptos::prelude::*;

/// A building of the grid.
pub struct BuildingRow {
    /// Name.
    pub name: String,
    /// Households.
    pub households: i64,
    /// Its key contact: name with flat, number as shown, since when.
    pub contact: Option<(String, String, String)>,
    /// Where the contact is named, for those who may.
    pub edit: Option<String>,
    /// Where the whole number is asked for.
    pub number: String,
    /// Open reports.
    pub open: i64,
}

/// A day of the coming week and who is on duty.
pub struct DutyLine {
    /// The day in words.
    pub day: String,
    /// Who, and as what; `None`: nobody.
    pub who: Option<(String, String)>,
}

/// An open report.
pub struct OpenLine {
    /// Where it leads.
    pub href: String,
    /// Category and place.
    pub title: String,
    /// State and owner.
    pub note: String,
    /// It is overdue.
    pub late: bool,
}

/// What is said of a grid that is no more.
pub struct Ended {
    /// Since when, in words.
    pub since: String,
    /// What it became: name, address.
    pub became: Vec<(String, String)>,
}

/// What the page shows.
pub struct GridPage {
    /// Words.
    pub w: Words,
    /// Address of the page.
    pub here: String,
    /// Name of the community.
    pub community: String,
    /// It is no more.
    pub ended: Option<Ended>,
    /// It stood on the day that is looked at.
    pub stood: bool,
    /// The plan.
    pub plan: Plan,
    /// It has an outline.
    pub drawn: bool,
    /// Buildings and households.
    pub sums: (i64, i64),
    /// Its buildings, or those that it had on the day that was asked for.
    pub buildings: Vec<BuildingRow>,
    /// The day that is looked at: as a date, and in words when it is not today.
    pub day: (String, Option<String>),
    /// Something is wrong with the day that was asked for.
    pub day_error: Option<String>,
    /// Who answers for it, or did on the day that is looked at; so the next three.
    pub responsible: Option<String>,
    /// They are away that day.
    pub away: bool,
    /// Who stands in.
    pub substitute: Option<String>,
    /// The coming week, or the past day alone.
    pub week: Vec<DutyLine>,
    /// Open reports, overdue ones first.
    pub open: Vec<OpenLine>,
    /// How many are open, and overdue.
    pub counts: (i64, i64),
    /// The desk with this grid's reports, patrols, figures: word, address.
    pub links: Vec<(String, String)>,
    /// Changes: those that are planned, and those in force or withdrawn.
    pub changes: (Vec<ChangeLine>, Vec<ChangeLine>),
    /// What happened: when, for machines and people, what, who.
    pub history: Vec<(String, String, String, Option<String>)>,
    /// The reader may change it.
    pub manages: bool,
}

/// The page.
pub fn grid_page(page: GridPage) -> AnyView {
    let GridPage { w, here, community, ended, plan, drawn, sums, buildings, day, day_error, .. } = page;
    let stands = ended.is_none();
    let manages = page.manages && stands;
    let ended = ended.map(|ended| ended_note(w, ended));
    let tools = manages.then(|| {
        let outline = format!("{here}/outline");
        let (duty, change) = (format!("{here}/duty"), format!("{here}/change"));
        view! {
            <Buttons>
                <LinkButton href=duty label=w.t("grids-to-duty") weight=Weight::Primary/>
                <LinkButton href=outline label=w.t("grids-to-outline")/>
                <LinkButton href=change label=w.t("grids-to-change")/>
            </Buttons>
        }
    });
    let people = page.stood.then(|| {
        let past = day.1.clone();
        people(w, past, (page.responsible, page.away), page.substitute, page.week)
    });
    let facts = vec![
        Fact::new(w.t("grids-fact-community"), community),
        Fact::new(w.t("grids-column-buildings"), view! { <span class="num">{sums.0}</span> }),
        Fact::new(w.t("grids-column-households"), view! { <span class="num">{sums.1}</span> }),
    ];
    let (planned, past) = page.changes;
    let (any_planned, any_past) = (!planned.is_empty(), !past.is_empty());
    let history = page
        .history
        .into_iter()
        .map(|(at, when, title, note)| timeline::Event { tone: Tone::Info, at, when, title, note, more: None })
        .collect::<Vec<_>>();
    let any_history = !history.is_empty();
    let links = page
        .links
        .into_iter()
        .map(|(word, href)| view! { <Item w=w href=href title=word icon_name="list"/> })
        .collect_view();
    view! {
        {ended}
        <Summary facts=facts/>
        {tools}
        {people}
        <Section title=w.t("grids-plan")>
            {picture(plan, false)}
            {(!drawn).then(|| view! { <p class="hint">{w.t("grids-not-drawn")}</p> })}
        </Section>
        {any_planned.then(|| view! { <Section title=w.t("grids-planned")>{changes(w, planned)}</Section> })}
        {houses(w, &here, manages, day, day_error, buildings)}
        {reports(w, page.open, page.counts)}
        <div class="screen-only"><Section title=w.t("grids-more")><List>{links}</List></Section></div>
        {any_past.then(|| view! { <Section title=w.t("grids-changes")>{changes(w, past)}</Section> })}
        {any_history.then(|| view! {
            <Section title=w.t("grids-history")><timeline::Timeline events=history/></Section>
        })}
    }
    .into_any()
}

fn ended_note(w: Words, ended: Ended) -> AnyView {
    let became = ended.became.into_iter().map(|(name, href)| view! { <li><a href=href>{name}</a></li> }).collect_view();
    view! {
        <Note tone=Tone::Warn>
            <p>{w.tf("grids-ended-since", &[("day", ended.since.into())])}</p>
            <ul>{became}</ul>
        </Note>
    }
    .into_any()
}

fn people(
    w: Words,
    past: Option<String>,
    (responsible, away): (Option<String>, bool),
    substitute: Option<String>,
    week: Vec<DutyLine>,
) -> AnyView {
    let nobody = || w.t("grids-not-named");
    let (title, is_away, caption) = match past {
        Some(day) => {
            let on = |key: &str| w.tf(key, &[("day", day.clone().into())]);
            (on("grids-people-on"), "grids-was-away", on("grids-duty-on"))
        }
        None => (w.t("grids-people"), "grids-is-away", w.t("grids-week")),
    };
    let away = away.then(|| view! { " "<Badge tone=Tone::Warn word=w.t(is_away)/> });
    let facts = vec![
        Fact::new(w.t("grids-responsible"), view! { {responsible.unwrap_or_else(nobody)}{away} }),
        Fact::new(w.t("grids-substitute"), substitute.unwrap_or_else(nobody)),
    ];
    let rows = week
        .into_iter()
        .map(|line| {
            let who = match line.who {
                Some((name, kind)) => view! { {name}<span class="small muted">" · "{kind}</span> }.into_any(),
                None => view! { <Badge tone=Tone::Warn word=w.t("grids-nobody")/> }.into_any(),
            };
            vec![Cell::new(line.day), Cell::new(who)]
        })
        .collect();
    let columns = ["grids-column-day", "grids-column-who"].map(|key| w.t(key)).to_vec();
    view! {
        <Section title=title>
            <Summary facts=facts/>
            <Table caption=caption columns=columns rows=rows/>
        </Section>
    }
    .into_any()
}

fn houses(
    w: Words,
    here: &str,
    manages: bool,
    (day, past): (String, Option<String>),
    error: Option<String>,
    buildings: Vec<BuildingRow>,
) -> AnyView {
    let today = past.is_none();
    let caption = match &past {
        Some(day) => w.tf("grids-buildings-on", &[("day", day.clone().into())]),
        None => w.t("grids-buildings-now"),
    };
    let none = buildings.is_empty();
    let mut columns = vec![w.t("grids-column-building"), w.t("grids-column-households")];
    if today {
        columns.extend(["grids-column-contact", "grids-column-open"].map(|key| w.t(key)));
    }
    let rows = buildings
        .into_iter()
        .map(|row| {
            let mut cells = vec![Cell::new(row.name.clone()), Cell::number(row.households)];
            if today {
                cells.push(Cell::new(contact(w, row.name, row.contact, row.edit.filter(|_| manages), row.number)));
                cells.push(Cell::number(row.open));
            }
            cells
        })
        .collect();
    let action = here.to_owned();
    view! {
        <Section title=w.t("grids-buildings")>
            <form method="get" action=action class="inline-fields">
                <TextField w=w name="day" label=w.t("grids-day") kind="date" value=day hint=w.t("grids-day-hint") error=error width="w-mid"/>
                <Button label=w.t("grids-day-show") small=true/>
            </form>
            {if none {
                view! { <p class="muted">{w.t("grids-no-buildings")}</p> }.into_any()
            } else {
                view! { <Table caption=caption columns=columns rows=rows/> }.into_any()
            }}
        </Section>
    }
    .into_any()
}

fn contact(
    w: Words,
    building: String,
    contact: Option<(String, String, String)>,
    edit: Option<String>,
    number: String,
) -> AnyView {
    let word = if contact.is_some() { "grids-contact-change" } else { "grids-contact-name" };
    let of = building.clone();
    let edit =
        edit.map(|href| view! { " "<a class="screen-only" href=href>{w.t(word)}<span class="sr">" "{of}</span></a> });
    match contact {
        Some((name, phone, since)) => view! {
            <div class="stack tight">
                <p>{name}<br/><span class="num">{phone}</span>" "<span class="small muted">{since}</span></p>
                <form method="post" action=number class="cluster">
                    <button class="button small" r#type="submit">
                        {w.t("grids-contact-number")}<span class="sr">" "{building}</span>
                    </button>
                    {edit}
                </form>
            </div>
        }
        .into_any(),
        None => view! { <span class="muted">{w.t("grids-not-named")}</span>{edit} }.into_any(),
    }
}

fn reports(w: Words, open: Vec<OpenLine>, (count, late): (i64, i64)) -> AnyView {
    let rows = open
        .into_iter()
        .map(|line| {
            view! {
                <Item w=w href=line.href title=line.title note=line.note>
                    {line.late.then(|| view! { <Badge tone=Tone::Bad word=w.t("grids-late")/> })}
                </Item>
            }
        })
        .collect_view();
    view! {
        <Section title=w.t("grids-reports")>
            <p>{w.tf("grids-reports-count", &[("count", count.into()), ("late", late.into())])}</p>
            {(count > 0).then(|| view! { <List>{rows}</List> })}
        </Section>
    }
    .into_any()
}
