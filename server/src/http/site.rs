//! Pages of the site itself: what shows without a signal, and the gallery of the design system.

use super::{Access, Ctx, Error, Page, Result, Routes};
use app::ui::{gallery::gallery_page, offline_page::offline_page};
use axum::http::{HeaderValue, header};

/// The routes of the site itself.
pub fn routes() -> Routes {
    Routes::new().get("/offline", Access::Public, offline).get("/ui", Access::Public, gallery)
}

/// Kept by the service worker and shown when there is no signal: the same for everybody.
async fn offline(ctx: Ctx) -> Result {
    let mut response = Page::new(&ctx, ctx.w.t("offline-title")).render(offline_page(ctx.w));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Every part of the design system on one page; in demo mode only.
async fn gallery(ctx: Ctx) -> Result {
    if !ctx.app.config.demo {
        return Err(Error::NotFound);
    }
    Ok(Page::new(&ctx, ctx.w.t("ui-g-title")).render(gallery_page(ctx.w)))
}
