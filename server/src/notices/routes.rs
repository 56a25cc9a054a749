//! Addresses of notices, and the pages that everybody may read.

use super::{api, cap, feed, markdown, reading, staff, view};
use crate::http::{Access, Ctx, Error, Page, Result, Routes};
use app::{
    notices::pages::{self, NoticeList},
    people::Action,
    ui::shell::Tab,
};
use axum::{
    extract::{Path, Query, rejection::QueryRejection},
    response::Response,
};
use serde::Deserialize;

/// The routes of this room.
pub fn routes() -> Routes {
    let write = Access::Needs(Action::NoticeWrite);
    let read = Access::Needs(Action::NoticeRead);
    Routes::new()
        .get("/notices", Access::Public, list)
        .get("/notices.atom", Access::Public, feed::atom)
        .get("/notices/{id}", Access::Public, one)
        .get("/notices/{id}/cap.xml", Access::Public, cap::alert)
        .get("/api/v1/notices", Access::Public, api::list)
        .get("/api/v1/notices/{id}", Access::Public, api::one)
        .post("/api/v1/notices/preview", write, api::preview)
        .get("/staff/notices", read, staff::list)
        .post("/staff/notices", write, staff::create)
        .get("/staff/notices/new", write, staff::new)
        .get("/staff/notices/{id}", read, staff::one)
        .get("/staff/notices/{id}/edit", write, staff::edit)
        .post("/staff/notices/{id}/edit", write, staff::save)
        .post("/staff/notices/{id}/publish", write, staff::publish)
        .post("/staff/notices/{id}/unschedule", write, staff::unschedule)
        .post("/staff/notices/{id}/discard", write, staff::discard)
        .post("/staff/notices/{id}/correct", write, staff::correct)
        .post("/staff/notices/{id}/withdraw", write, staff::withdraw)
}

/// What the list's address may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// Kind's code.
    pub kind: String,
    /// State's code; staff only.
    pub state: String,
    /// A month, such as 2026-11: the archive.
    pub month: String,
    /// Words.
    pub q: String,
    /// Page, from 1.
    pub page: String,
    /// Code of a community; API only.
    pub community: String,
}

/// What an address says, or 400.
pub type Asks = std::result::Result<Query<ListQuery>, QueryRejection>;

/// The query of an address; one that cannot be read is a bad request.
pub fn query(asks: Asks) -> Result<ListQuery> {
    asks.map(|Query(query)| query).map_err(|error| Error::BadRequest(error.body_text().into()))
}

async fn list(ctx: Ctx, asks: Asks) -> Result {
    let query = query(asks)?;
    let mut asked = reading::Asked::parse(&query.kind, &query.q, &query.page)?;
    asked.month = reading::month(&query.month);
    let community = ctx.community.as_ref().map(|community| community.path.as_str());
    let reader = ctx.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let found = reading::find(&ctx.app, community, reader, &asked, ctx.now).await?;
    let list = NoticeList {
        rows: view::rows(&ctx.app, ctx.w, community, found.rows).await?,
        kind: asked.kind,
        month: asked.month,
        months: reading::months(&ctx.app, ctx.now).await?,
        counts: found.counts,
        search: asked.search,
        page: asked.page,
        pages: found.pages,
        everywhere: community.is_none(),
        feed: feed::path(ctx.community.as_ref().map_or("", |community| &community.code), &query.kind),
    };
    let (w, now) = (ctx.w, ctx.now);
    Ok(Page::new(&ctx, w.t("notices-title"))
        .tab(Tab::Home)
        .back("/")
        .description(w.t("notices-description"))
        .render(pages::notice_list(w, now, list)))
}

async fn one(mut ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let notice = reading::public_notice(&ctx.app, &id).await?;
    reading::mark_read(&mut ctx, &notice.id).await?;
    let (w, now) = (ctx.w, ctx.now);
    let mut shown = view::of_notice(&ctx.app, w, &notice, now).await?;
    let address = ctx.app.config.public_url.join(&format!("/notices/{}", notice.id)).map_err(anyhow::Error::new)?;
    shown.address = Some(address.to_string());
    // The band says the same as this page: once is enough.
    ctx.emergency.take_if(|(_, href)| href.ends_with(&notice.id));
    let description = markdown::plain(w.pick(&notice.body, &notice.body_en), 100);
    Ok(Page::new(&ctx, w.pick(&notice.title, &notice.title_en))
        .tab(Tab::Home)
        .back("/notices")
        .description(description)
        .render(pages::notice(w, now, shown)))
}
