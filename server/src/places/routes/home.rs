//! The home page.

use crate::{
    http::{Ctx, Page, Result, SameFor},
    places::service,
};
use app::{
    places::pages::{self, HomeProps},
    time,
    ui::shell::Tab,
};

/// The home page shows so many notices.
const NOTICES: i64 = 5;
/// With a number of today it looks again after so many seconds where nothing else does it.
const LOOK_AGAIN: u32 = 30;

/// `GET /`
pub async fn home(ctx: Ctx) -> Result {
    let w = ctx.w;
    // The three know nothing of each other: they wait for the database together.
    let (notices, next, hall) = tokio::try_join!(
        crate::notices::service::newest_for_home(&ctx, NOTICES),
        service::next_cards(&ctx),
        crate::windows::service::hall_now(&ctx),
    )?;
    let notices = notices
        .into_iter()
        .map(|notice| pages::HomeNotice { when: time::ago(w, notice.published_at, ctx.now), notice })
        .collect();
    let live = next.iter().any(|card| card.live.is_some());
    let (opening, remote) = hall.map(|hall| (hall.opening, hall.remote)).unzip();
    let view =
        pages::home(HomeProps { w, chosen: ctx.community.is_some(), next, opening, remote: remote.flatten(), notices });
    let title = match &ctx.community {
        Some(community) => w.pick(&community.name, &community.name_en).to_owned(),
        None => w.t("product-name"),
    };
    let page = Page::new(&ctx, title)
        .tab(Tab::Home)
        .description(w.t("places-home-description"))
        .keep(crate::notices::outside::kept_address(&ctx))
        // Others may have drawn a number on theirs.
        .same_for(SameFor::NewVisitors);
    let page = if live { page.refresh(LOOK_AGAIN) } else { page };
    Ok(page.render(view))
}
