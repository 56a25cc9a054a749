//! The home page.

use crate::{
    http::{Ctx, Page, Result},
    places::service,
};
use app::{
    places::pages::{self, HomeProps},
    time,
    ui::shell::Tab,
};

/// The home page shows so many notices.
const NOTICES: i64 = 5;

/// `GET /`
pub async fn home(ctx: Ctx) -> Result {
    let w = ctx.w;
    let notices = crate::notices::service::newest_for_home(&ctx, NOTICES)
        .await?
        .into_iter()
        .map(|notice| pages::HomeNotice { when: time::ago(w, notice.published_at, ctx.now), notice })
        .collect();
    let view = pages::home(HomeProps {
        w,
        chosen: ctx.community.is_some(),
        next: service::next_cards(&ctx).await?,
        opening: crate::windows::service::opening_line(&ctx).await?,
        notices,
    });
    let title = match &ctx.community {
        Some(community) => w.pick(&community.name, &community.name_en).to_owned(),
        None => w.t("product-name"),
    };
    Ok(Page::new(&ctx, title).tab(Tab::Home).description(w.t("places-home-description")).render(view))
}
