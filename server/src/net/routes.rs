//! `/staff/net`.

use super::{
    api,
    service::{self, Home, Odd},
};
use crate::{
    http::{Access, Ctx, Error, Page, Params, Result, Routes, page::encode},
    places::Organisation,
};
use app::{
    net::{
        figure::Figure,
        pages::{BehindPage, BehindRow, Card, NetPage, Part, Plan, UnusualRow, behind_page, month_cards, net_page},
    },
    people::Action,
    reports::State,
    time,
    ui::{nav::Way, shell::Tab},
};
use axum::extract::Path;
use jiff::Timestamp;
use serde::Deserialize;

/// The routes.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::NetRead);
    Routes::new()
        .get("/staff/net", read, own)
        .get("/staff/net/{code}", read, one)
        .get("/staff/net/{code}/unusual", read, behind)
        .merge(api::routes())
}

/// The rooms of the net: where they are, what they are called, and what one must be allowed to do there.
const ROOMS: [(&str, &str, Action); 12] = [
    ("/staff/grids", "net-room-grids", Action::GridRead),
    ("/staff/supervision", "net-room-supervision", Action::SupervisionRead),
    ("/staff/bulletins", "net-room-bulletins", Action::NetRead),
    ("/staff/matters", "net-room-matters", Action::MatterRead),
    ("/staff/property", "net-room-property", Action::PropertyRead),
    ("/staff/meetings", "net-room-meetings", Action::NetRead),
    ("/staff/consultations", "net-room-consultations", Action::ConsultationManage),
    ("/staff/partners", "net-room-partners", Action::PartnerManage),
    ("/staff/handbook", "net-room-handbook", Action::HandbookRead),
    ("/staff/patrols", "net-room-patrols", Action::NetRead),
    ("/staff/intake", "net-room-intake", Action::IntakeConfirm),
    ("/staff/calls", "net-room-calls", Action::IntakeConfirm),
];

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct NetQuery {
    figure: String,
}

async fn own(ctx: Ctx, Params(query): Params<NetQuery>) -> Result {
    let own = service::own(&ctx).await?;
    // None: somebody whose role ends below a community.
    let place = own.first().cloned().ok_or(Error::NotFound)?;
    show(&ctx, place, own, &query).await
}

async fn one(ctx: Ctx, Path(code): Path<String>, Params(query): Params<NetQuery>) -> Result {
    let place = service::place(&ctx, &code).await?;
    let own = service::own(&ctx).await?;
    show(&ctx, place, own, &query).await
}

fn name_of(ctx: &Ctx, place: &Organisation) -> String {
    ctx.w.pick(&place.name, &place.name_en).to_owned()
}

fn address(code: &str) -> String {
    format!("/staff/net/{}", encode(code))
}

fn desk(state: &str, code: &str) -> String {
    format!("/staff/reports?state={state}&place={}", encode(code))
}

fn odd_row(ctx: &Ctx, place: &Organisation, odd: Odd) -> UnusualRow {
    let w = ctx.w;
    let name = w.pick(&odd.name, &odd.name_en);
    let name = match &odd.around {
        Some((around, around_en)) => format!("{} · {name}", w.pick(around, around_en)),
        None => name.to_owned(),
    };
    let unusual = odd.unusual;
    UnusualRow {
        name,
        kind: w.t(if odd.kind == "grid" { "net-unusual-grid" } else { "net-unusual-category" }),
        note: w.tf(
            "net-unusual-text",
            &[("count", unusual.count.into()), ("usual", unusual.usual().into()), ("most", unusual.most.into())],
        ),
        href: format!("{}/unusual?kind={}&of={}", address(&place.code), odd.kind, encode(&odd.code)),
    }
}

async fn show(ctx: &Ctx, place: Organisation, own: Vec<Organisation>, query: &NetQuery) -> Result {
    let w = ctx.w;
    let figure = Figure::from_code(&query.figure).unwrap_or_default();
    let Home { place, above, sum, parts, waiting, odds } = service::home(ctx, place).await?;
    let card = |key: &str, count: i64, note: &str, href: String| Card {
        name: w.t(key),
        value: count.to_string(),
        note: w.t(note),
        href,
    };
    let unusual = i64::try_from(odds.all.len()).unwrap_or(i64::MAX);
    let now = vec![
        card("net-today", sum.today, "net-today-note", desk("today", &place.code)),
        card("net-figure-overdue", sum.overdue, "net-overdue-note", desk("late", &place.code)),
        card("net-figure-open", sum.open, "net-open-note", desk("open", &place.code)),
        card("net-unusual-count", unusual, "net-unusual-note", "#unusual".to_owned()),
    ];
    let waiting = waiting.into_iter().map(|waits| Card {
        name: w.t(waits.key),
        value: waits.count.to_string(),
        note: String::new(),
        href: waits.href,
    });
    let today = time::day_of(ctx.now);
    let month = month_cards(w, &sum, |measure| {
        format!(
            "/staff/reports/statistics/list?place={}&from={}&to={today}&measure={}",
            encode(&place.code),
            today.first_of_month(),
            measure.code()
        )
    });
    let parts_word = w.t(match place.kind.as_str() {
        "district" => "net-parts-streets",
        "subdistrict" => "net-parts-communities",
        _ => "net-parts-grids",
    });
    let plan = Plan {
        place: name_of(ctx, &place),
        parts_word,
        parts: parts
            .into_iter()
            .enumerate()
            .map(|(n, part)| match part.place {
                Some(child) => Part {
                    number: if part.ended { 0 } else { n + 1 },
                    name: match part.ended {
                        true => w.tf("net-ended", &[("name", name_of(ctx, &child).into())]),
                        false => name_of(ctx, &child),
                    },
                    href: Some(if child.kind == "grid" {
                        format!("/staff/grids/{}", encode(&child.code))
                    } else {
                        address(&child.code)
                    }),
                    lists: Some(["open", "today", "late"].map(|state| {
                        // A report keeps its grid whatever becomes of the grid's place in the tree.
                        let by = if child.kind == "grid" { "grid" } else { "place" };
                        format!("/staff/reports?state={state}&{by}={}", encode(&child.code))
                    })),
                    measured: part.measured,
                    outlines: part.outlines,
                    former: part.former,
                },
                None => Part {
                    number: 0,
                    name: w.t("net-no-grid"),
                    href: None,
                    lists: None,
                    measured: part.measured,
                    outlines: Vec::new(),
                    former: Vec::new(),
                },
            })
            .collect(),
        sum,
    };
    let here = address(&place.code);
    let ways = Figure::ALL
        .map(|way| Way::new(format!("{here}?figure={}#plan", way.code()), w.t(way.key()), way == figure))
        .to_vec();
    let actor = ctx.actor()?;
    let may = |action: Action| actor.require_somewhere(action).is_ok();
    let title = w.tf("net-title", &[("place", name_of(ctx, &place).into())]);
    let page = NetPage {
        w,
        up: above.iter().map(|above| (address(&above.code), name_of(ctx, above))).collect(),
        own: own.iter().map(|own| Way::new(address(&own.code), name_of(ctx, own), own.id == place.id)).collect(),
        now,
        waiting: waiting.collect(),
        month,
        unusual: odds.all.into_iter().map(|odd| odd_row(ctx, &place, odd)).collect(),
        young: odds.young,
        ways,
        figure,
        plan,
        rooms: ROOMS.into_iter().filter(|(_, _, action)| may(*action)).map(|(href, key, _)| (href, w.t(key))).collect(),
    };
    let back = above.last().map(|above| address(&above.code));
    let mut page_frame = Page::new(ctx, title).tab(Tab::StaffNet);
    if let Some(back) = back {
        page_frame = page_frame.back(back);
    }
    Ok(page_frame.render(net_page(page)))
}

/// Which grid or category.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct BehindQuery {
    kind: String,
    of: String,
}

async fn behind(ctx: Ctx, Path(code): Path<String>, Params(query): Params<BehindQuery>) -> Result {
    let place = service::place(&ctx, &code).await?;
    let found = service::behind(&ctx, &place, &query.kind, &query.of).await?;
    let w = ctx.w;
    let name = w.pick(&found.name, &found.name_en).to_owned();
    let (first, last) = service::this_week(ctx.now);
    let lead = w.tf(
        "net-behind-lead",
        &[
            ("place", name_of(&ctx, &place).into()),
            ("from", time::date(w.lang, first).into()),
            ("to", time::date(w.lang, last).into()),
            ("name", name.clone().into()),
        ],
    );
    let rows = found
        .rows
        .into_iter()
        .map(|row| {
            let community = w.pick(&row.community, &row.community_en);
            let grid = w.pick(&row.grid, &row.grid_en);
            BehindRow {
                place: if grid.is_empty() { community.to_owned() } else { format!("{community} · {grid}") },
                category: w.pick(&row.category, &row.category_en).to_owned(),
                state: State::from_code(&row.state).unwrap_or(State::Submitted),
                filed: time::date_time(w.lang, Timestamp::from_microsecond(row.filed_at).unwrap_or_default(), ctx.now),
                code: row.code,
            }
        })
        .collect();
    let page = BehindPage { w, lead, count: found.count, rows };
    let title = w.tf("net-unusual-title", &[("name", name.into())]);
    Ok(Page::new(&ctx, title).tab(Tab::StaffNet).back(address(&code)).render(behind_page(page)))
}
