//! The list, and everything about one grid.

use super::{address, home, page};
use crate::{
    grids::{
        service::{
            page::{self as service, List, Whole},
            today,
        },
        store::{Building, Grid, changes::Row},
    },
    http::{Ctx, Error, Params, Result},
    reports::view,
};
use app::{
    grids::{
        change::Kind,
        pages::{
            BuildingRow, ChangeLine, Dot, DutyLine, Ended, GridPage, GridRow, GridsPage, Group, Look, OpenLine, Plan,
            Shape, grid_page, list_page,
        },
    },
    people::Action,
    time,
    ui::badge::Tone,
};
use axum::{extract::Path, http::StatusCode};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

/// A date as stored, in words.
fn day_words(ctx: &Ctx, day: &str) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| time::date_long(ctx.w.lang, day))
}

/// The grids of a change in words: those that it takes from, and those that it leads to.
pub fn title(ctx: &Ctx, row: &Row) -> String {
    let w = ctx.w;
    let names = |roles: &[&str]| {
        let some = row.parts.iter().filter(|part| roles.contains(&part.role.as_str()));
        some.map(|part| w.pick(&part.name, &part.name_en).to_owned()).collect::<Vec<_>>().join(&w.t("grids-and"))
    };
    let kind = Kind::from_code(&row.kind).unwrap_or(Kind::Move);
    let from = match kind {
        Kind::Merge => names(&["ends", "takes"]),
        _ => names(&["ends", "gives"]),
    };
    let to = match kind {
        Kind::Split => names(&["gives", "takes"]),
        _ => names(&["takes"]),
    };
    w.tf("grids-change-title", &[("kind", w.t(kind.key()).into()), ("from", from.into()), ("to", to.into())])
}

/// A change as pages show it. `grid`: on whose page it stands; `None`: it cannot be withdrawn there.
fn line(ctx: &Ctx, row: &Row, grid: Option<&str>) -> ChangeLine {
    let w = ctx.w;
    let (state, tone) = match row.state.as_str() {
        "planned" => ("grids-state-planned", Tone::Info),
        "in_force" => ("grids-state-in-force", Tone::Ok),
        _ => ("grids-state-withdrawn", Tone::Neutral),
    };
    let day = day_words(ctx, row.in_force_day.as_deref().unwrap_or(&row.day));
    let mut note = w.tf("grids-change-from", &[("day", day.into()), ("name", row.planner.clone().into())]);
    if !row.reason.is_empty() {
        note = format!("{note} · {}", row.reason);
    }
    let may = ctx.actor.as_ref().is_some_and(|actor| actor.require(Action::GridManage, &row.community_path).is_ok());
    let withdraw = grid
        .filter(|_| may && row.state == "planned")
        .map(|code| format!("{}/changes/{}/withdraw", address(code), row.id));
    ChangeLine { title: title(ctx, row), note, state, tone, withdraw }
}

/// `GET /staff/grids`
pub async fn list(ctx: Ctx) -> Result {
    let List { grids, rosters, planned } = service::list(&ctx).await?;
    let w = ctx.w;
    let day = today(&ctx);
    let mut groups: Vec<(String, Group)> = Vec::new();
    let mut ended = Vec::new();
    for row in &grids {
        let grid = &row.grid;
        let name = w.pick(&grid.name, &grid.name_en).to_owned();
        let community = w.pick(&grid.community_name, &grid.community_name_en).to_owned();
        if let Some(since) = &grid.ended_on {
            let words =
                [("community", community.into()), ("name", name.into()), ("day", day_words(&ctx, since).into())];
            ended.push((w.tf("grids-ended-line", &words), address(&grid.code)));
            continue;
        }
        if groups.last().is_none_or(|(id, _)| *id != grid.community_id) {
            groups.push((grid.community_id.clone(), Group { name: community, rows: Vec::new() }));
        }
        let duty = rosters.on_duty(&grid.id, day).map(|(person, kind)| (person.name.clone(), w.t(kind.key())));
        if let Some((_, group)) = groups.last_mut() {
            group.rows.push(GridRow {
                href: address(&grid.code),
                name,
                duty,
                buildings: row.buildings,
                households: row.households,
                open: row.open,
                late: row.late,
            });
        }
    }
    let planned = planned
        .iter()
        .map(|row| {
            let code = row.parts.iter().map(|part| part.code.as_str()).find(|code| !code.is_empty());
            line(&ctx, row, code)
        })
        .collect();
    let view = list_page(GridsPage { w, groups: groups.into_iter().map(|(_, group)| group).collect(), planned, ended });
    Ok(page(&ctx, w.t("grids-title")).back(home(&ctx)).render(view))
}

/// The plan of a community with a grid on it.
pub fn plan(ctx: &Ctx, grid: &Grid, others: &[Grid], buildings: &[Building], draft: Option<Vec<[f64; 2]>>) -> Plan {
    let w = ctx.w;
    let name = |grid: &Grid| w.pick(&grid.name, &grid.name_en).to_owned();
    let mut shapes: Vec<Shape> = others
        .iter()
        .filter(|other| other.ended_on.is_none())
        .map(|other| Shape { name: name(other), corners: other.corners(), look: Look::Other })
        .collect();
    shapes.push(Shape { name: name(grid), corners: grid.corners(), look: Look::Here });
    shapes.extend(draft.map(|corners| Shape { name: String::new(), corners, look: Look::Draft }));
    shapes.retain(|shape| shape.corners.len() >= 3 || shape.look == Look::Draft);
    let dots = buildings.iter().filter_map(|building| {
        let words = w.pick(&building.name, &building.name_en).to_owned();
        Some(Dot { name: words, at: building.at()?, here: building.grid_id == grid.id })
    });
    let inside: Vec<&str> = buildings
        .iter()
        .filter(|building| building.grid_id == grid.id)
        .map(|building| w.pick(&building.name, &building.name_en))
        .collect();
    let label =
        w.tf("grids-plan-label", &[("name", name(grid).into()), ("buildings", inside.join(&w.t("grids-and")).into())]);
    Plan { label, shapes, dots: dots.collect() }
}

/// Which day is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    day: String,
}

/// `GET /staff/grids/{code}`
pub async fn one(ctx: Ctx, Path(code): Path<String>, Params(asked): Params<Asked>) -> Result {
    let day = service::day(&ctx, &asked.day);
    let whole = service::whole(&ctx, &code, day.unwrap_or_else(|| today(&ctx))).await?;
    let error = day.is_none().then(|| ctx.w.t("grids-error-day"));
    let title = ctx.w.pick(&whole.grid.name, &whole.grid.name_en).to_owned();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let typed = if error.is_some() { asked.day } else { whole.day.to_string() };
    let view = grid_page(shown(&ctx, whole, typed, error)?);
    Ok(page(&ctx, title).back("/staff/grids").status(status).render(view))
}

/// What a grid that has ended became: the grids that took over when it did.
fn ended(ctx: &Ctx, whole: &Whole, since: &str) -> Ended {
    let row = whole.changes.iter().find(|row| {
        row.state == "in_force"
            && row.parts.iter().any(|part| part.role == "ends" && part.grid_id.as_deref() == Some(&whole.grid.id))
    });
    let parts = row.map(|row| row.parts.as_slice()).unwrap_or_default();
    let became = parts
        .iter()
        .filter(|part| part.role == "takes")
        .map(|part| (ctx.w.pick(&part.name, &part.name_en).to_owned(), address(&part.code)));
    Ended { since: day_words(ctx, since), became: became.collect() }
}

/// What was done, as the catalogue words it.
fn done_key(action: &str) -> Option<&'static str> {
    Some(match action {
        "grid.draw" => "grids-did-draw",
        "grid.name_responsible" => "grids-did-responsible",
        "grid.name_substitute" => "grids-did-substitute",
        "grid.add_turn" => "grids-did-add-turn",
        "grid.remove_turn" => "grids-did-remove-turn",
        "grid.add_away" => "grids-did-add-away",
        "grid.remove_away" => "grids-did-remove-away",
        "grid.name_contact" => "grids-did-contact",
        "grid.end_contact" => "grids-did-end-contact",
        "grid.plan_change" => "grids-did-plan",
        "grid.withdraw_change" => "grids-did-withdraw",
        "grid.change_in_force" => "grids-did-force",
        _ => return None,
    })
}

fn shown(ctx: &Ctx, whole: Whole, typed: String, day_error: Option<String>) -> std::result::Result<GridPage, Error> {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let here = address(&whole.grid.code);
    let (now, day) = (today(ctx), whole.day);
    let grid = &whole.grid;
    let roster = whole.rosters.of.get(&grid.id);
    // Somebody whom no record names any more has left.
    let words = |name: &str| if name.is_empty() { w.t("grids-left") } else { name.to_owned() };
    let named = |id: Option<&String>| id.and_then(|id| whole.rosters.name(id)).map(words);
    let responsible = roster.and_then(|roster| roster.responsible.as_ref());
    let away = roster.zip(responsible).is_some_and(|(roster, person)| roster.is_away(person, day));
    let days = if day == now { service::week(now) } else { vec![day] };
    let week = days.into_iter().map(|day| DutyLine {
        day: time::date(w.lang, day),
        who: whole.rosters.on_duty(&grid.id, day).map(|(person, kind)| (words(&person.name), w.t(kind.key()))),
    });
    let buildings = whole.buildings.iter().map(|building| {
        let contact = whole.contacts.iter().find(|contact| contact.building_id == building.id);
        let contact_at = format!("{here}/contacts/{}", building.code);
        BuildingRow {
            name: w.pick(&building.name, &building.name_en).to_owned(),
            households: building.households,
            contact: contact.map(|contact| {
                let who = [contact.name.as_str(), contact.flat.as_str()].join(" ").trim().to_owned();
                let since = w.tf("grids-since-day", &[("day", day_words(ctx, &contact.since_day).into())]);
                (who, contact.phone_masked.clone(), since)
            }),
            number: format!("{contact_at}/phone"),
            edit: Some(contact_at),
            open: whole.open_of.get(&building.id).copied().unwrap_or_default(),
        }
    });
    let open = whole.open.iter().map(|report| {
        let owner = report.owner_name.clone().unwrap_or_else(|| w.t("grids-no-owner"));
        OpenLine {
            href: format!("/staff/reports/{}", report.code),
            title: format!("{} · {}", view::category(w, report), view::place(w, report)),
            note: format!("{} · {owner}", w.t(report.state().key())),
            late: report.is_late(ctx.now),
        }
    });
    let (planned, past): (Vec<&Row>, Vec<&Row>) = whole.changes.iter().partition(|row| row.state == "planned");
    let lines = |rows: Vec<&Row>| rows.into_iter().map(|row| line(ctx, row, Some(&grid.code))).collect();
    let history = whole.history.iter().filter_map(|done| {
        let at = Timestamp::from_microsecond(done.at).unwrap_or_default();
        let note = (!done.name.is_empty()).then(|| done.name.clone());
        Some((at.to_string(), time::date_time(w.lang, at, ctx.now), w.t(done_key(&done.action)?), note))
    });
    let mut links = Vec::new();
    let mut link = |action: Action, key: &str, href: String| {
        if actor.require(action, &grid.path).is_ok() {
            links.push((w.t(key), href));
        }
    };
    link(Action::ReportRead, "grids-link-desk", format!("/staff/reports?grid={}", grid.code));
    link(Action::NetRead, "grids-link-patrols", format!("/staff/patrols?grid={}", grid.code));
    link(Action::StatisticsRead, "grids-link-figures", format!("/staff/reports/statistics?place={}", grid.code));
    let inside: Vec<&Building> = whole.around.iter().filter(|building| building.grid_id == grid.id).collect();
    let sums =
        (i64::try_from(inside.len()).unwrap_or(i64::MAX), inside.iter().map(|building| building.households).sum());
    Ok(GridPage {
        w,
        community: w.pick(&grid.community_name, &grid.community_name_en).to_owned(),
        ended: grid.ended_on.as_deref().map(|since| ended(ctx, &whole, since)),
        stood: grid.ended_on.as_deref().is_none_or(|since| day.to_string().as_str() < since),
        plan: plan(ctx, grid, &whole.others, &whole.around, None),
        drawn: !grid.corners().is_empty(),
        sums,
        buildings: buildings.collect(),
        day: (typed, (whole.day != now).then(|| time::date_long(w.lang, whole.day))),
        day_error,
        responsible: named(responsible),
        away,
        substitute: named(roster.and_then(|roster| roster.substitute.as_ref())),
        week: week.collect(),
        open: open.collect(),
        counts: whole.counts,
        links,
        changes: (lines(planned), lines(past)),
        history: history.collect(),
        manages: actor.require(Action::GridManage, &grid.path).is_ok(),
        here,
    })
}
