//! Notices on a television, and the staff's page of screens, embedding and feeds.

use super::{
    markdown, reading,
    store::{self, Notice, list},
    view,
};
use crate::{
    deliver::outbox::absolute,
    http::{Ctx, Error, Page, Params, Result},
    places::{self, Organisation, OrganisationKind},
    qr,
};
use app::{
    notices::{
        NoticeKind,
        pages::{self, NoticeBoard, ScreenPlace, Screens, Slide},
    },
    people::Action,
    time::{date, day_of, time_of_day},
    ui::{parts::Way, shell::Tab},
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The board takes turns with so many notices…
const SLIDES: i64 = 8;
/// …each for so many seconds.
const SECONDS: u32 = 12;
/// Characters of a notice's text.
const TEXT: usize = 150;
/// Facts of a notice.
const FACTS: usize = 4;

/// Whose notices.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BoardQuery {
    community: String,
    building: String,
}

async fn slide(ctx: &Ctx, notice: &Notice) -> Result<Slide> {
    let w = ctx.w;
    let shown = view::of_notice(&ctx.app, w, notice, ctx.now).await?;
    let when = notice.published_at().map(|at| date(w.lang, day_of(at))).unwrap_or_default();
    Ok(Slide {
        kind: notice.kind().code(),
        kind_word: w.t(notice.kind().key()),
        source: format!("{} · {when}", shown.source),
        title: w.pick(&notice.title, &notice.title_en).to_owned(),
        instruction: shown.emergency.map(|emergency| emergency.instruction).filter(|text| !text.is_empty()),
        facts: shown.said.into_iter().chain(shown.facts).take(FACTS).collect(),
        text: markdown::plain(w.pick(&notice.body, &notice.body_en), TEXT),
        qr: qr::data_address(&absolute(&ctx.app, &format!("/notices/{}", notice.id)))?,
    })
}

/// `/board/notices?community=…` or `?building=…`: public notices alone, in the language of `lang` or of the browser.
pub(super) async fn board(ctx: Ctx, Params(query): Params<BoardQuery>) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let (place, lives) = match (query.building.as_str(), query.community.as_str()) {
        ("", code) => (places::store::community_by_code(db, code).await?, false),
        (code, _) => {
            let building = places::store::by_code(db, code).await?;
            (building.filter(|place| place.kind == OrganisationKind::Building.code()), true)
        }
    };
    let place = place.ok_or(Error::NotFound)?;
    let community = match place.path.split('/').nth(2) {
        Some(code) if lives => places::store::community_by_code(db, code).await?,
        _ => None,
    };
    let concerned = list::Concerned { looks_at: &place.path, ..list::Concerned::default() };
    // Of several emergencies each gets its turn, and nothing else.
    let running = list::emergencies(db, concerned, SLIDES, ctx.now).await?;
    let is_emergency = !running.is_empty();
    let rows: Vec<String> = if is_emergency {
        running.into_iter().map(|running| running.id).collect()
    } else {
        let rows = reading::for_screen(&ctx.app, &place.path, lives, SLIDES, ctx.now).await?;
        rows.into_iter().map(|row| row.id).collect()
    };
    // Another one with time, for a page that looks again by itself as for one that is reloaded.
    let turn = usize::try_from(ctx.now.as_second().unsigned_abs() / u64::from(SECONDS)).unwrap_or(0);
    let at = turn % rows.len().max(1);
    let shown = match rows.get(at) {
        Some(id) => store::by_id(db, id).await?,
        None => None,
    };
    let name = |place: &Organisation| w.pick(&place.name, &place.name_en).to_owned();
    let board = NoticeBoard {
        place: match &community {
            Some(community) => format!("{} {}", name(community), name(&place)),
            None => name(&place),
        },
        phone: community.as_ref().unwrap_or(&place).phone.clone(),
        clock: format!("{} {}", date(w.lang, day_of(ctx.now)), time_of_day(ctx.now)),
        slide: match &shown {
            Some(notice) => Some(slide(&ctx, notice).await?),
            None => None,
        },
        emergency: is_emergency,
        turn: (at + 1, rows.len()),
    };
    // A screen that everybody sees knows nobody, whoever set it up.
    let ctx = Ctx { emergency: None, actor: None, flash: None, unread: 0, ..ctx };
    Ok(Page::new(&ctx, String::new()).tab(Tab::Board).refresh(SECONDS).render(pages::notice_board(w, board)))
}

/// The communities whose notices the reader may read.
pub(super) async fn communities(ctx: &Ctx) -> Result<Vec<Organisation>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeRead)?;
    let mut communities = Vec::new();
    for scope in actor.scopes(Action::NoticeRead) {
        communities.extend(places::store::under(&ctx.app.db, scope, OrganisationKind::Community).await?);
    }
    let mut known = BTreeSet::new();
    communities.retain(|place| known.insert(place.id.clone()));
    Ok(communities)
}

/// A place as it is named on screens.
pub(super) fn screen_place(ctx: &Ctx, place: &Organisation) -> ScreenPlace {
    ScreenPlace { code: place.code.clone(), name: ctx.w.pick(&place.name, &place.name_en).to_owned() }
}

/// The buildings of a community as they are named on screens.
pub(super) async fn screens_in(ctx: &Ctx, community: &Organisation) -> Result<Vec<ScreenPlace>> {
    let buildings = places::store::under(&ctx.app.db, &community.path, OrganisationKind::Building).await?;
    Ok(buildings.iter().map(|place| screen_place(ctx, place)).collect())
}

/// `/staff/notices/screens`
pub(super) async fn screens(ctx: Ctx, Params(query): Params<BoardQuery>) -> Result {
    let w = ctx.w;
    let communities = communities(&ctx).await?;
    let chosen = communities.iter().find(|place| place.code == query.community).or(communities.first());
    let chosen = chosen.ok_or(Error::NotFound)?;
    let ways = communities
        .iter()
        .map(|place| {
            let href = format!("/staff/notices/screens?community={}", place.code);
            Way::new(href, screen_place(&ctx, place).name, place.code == chosen.code)
        })
        .collect();
    let page = Screens {
        communities: ways,
        community: screen_place(&ctx, chosen),
        buildings: screens_in(&ctx, chosen).await?,
        base: absolute(&ctx.app, ""),
        kinds: NoticeKind::ALL.map(|kind| (kind.code(), w.t(kind.key()))).to_vec(),
    };
    Ok(Page::new(&ctx, w.t("screens-title"))
        .tab(Tab::StaffNotices)
        .back("/staff/notices")
        .render(pages::screens_page(w, page)))
}
