//! Notices without anybody's session: the list for other pages' frames, and the page that phones keep. Both are the same
//! for everybody and may be kept by shared caches.

use super::{
    made::{FRESH, made},
    reading,
    routes::Asks,
    store, view,
};
use crate::{
    app_state::App,
    deliver::outbox::absolute,
    http::{Ctx, Error, Page, Result, feed, page::render_html},
    places::{self, Organisation},
};
use app::{
    i18n::{Lang, Words},
    notices::pages::{self, EmbeddedList, KeptNotice},
    ui::shell::{Size, Tab},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};
use serde::Deserialize;

/// The list shows so many notices.
const ROWS: usize = 10;
/// A phone keeps so many notices.
const KEPT: i64 = 30;

/// Frames may be put around this page alone; it runs nothing, sends nothing and loads one style sheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; object-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors *";

async fn community(app: &App, code: &str) -> Result<Option<Organisation>> {
    match code {
        "" => Ok(None),
        code => Ok(Some(places::store::community_by_code(&app.db, code).await?.ok_or(Error::NotFound)?)),
    }
}

/// The language of `lang=` or of the browser; no cookie is looked at.
pub(in crate::notices) fn words(headers: &HeaderMap, lang: &str) -> Words {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Words::new(Lang::from_tag(lang).or_else(|| accepted.and_then(Lang::from_accept_language)).unwrap_or_default())
}

/// `/embed/notices?community=…&kind=…&lang=…`
pub(super) async fn embed(State(app): State<App>, headers: HeaderMap, asks: Asks) -> Result {
    let query = super::routes::query(asks)?;
    let asked = reading::Asked::parse(&query.kind, "", "")?;
    let w = words(&headers, &query.lang);
    let now = app.clock.now();
    let community = community(&app, &query.community).await?;
    let path = community.as_ref().map(|community| community.path.as_str());
    let mut found = reading::find(&app, path, "", &asked, now).await?.rows;
    found.truncate(ROWS);
    let list = EmbeddedList {
        title: match &community {
            Some(place) => {
                let place = w.pick(&place.name, &place.name_en).to_owned();
                w.tf("notices-feed-of", &[("place", place.into())])
            }
            None => w.t("notices-feed"),
        },
        rows: view::rows(&app, w, path, found).await?,
        all: absolute(&app, "/notices"),
    };
    let html = render_html(move || pages::embedded_list(w, list));
    let mut response = feed::public(&headers, "text/html; charset=utf-8", html.into_bytes(), 300);
    let out = response.headers_mut();
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    out.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// What the kept page's address says: it is asked for without cookies.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeptQuery {
    community: String,
    size: String,
}

/// Where the page that a phone keeps is, for what the reader has chosen.
pub fn kept_address(ctx: &Ctx) -> Option<String> {
    let community = ctx.community.as_ref()?;
    let size = if ctx.size == Size::Large { "large" } else { "ordinary" };
    Some(format!("/notices/kept?shell=1&community={}&lang={}&size={size}", community.code, ctx.w.lang.tag()))
}

/// `/notices/kept`: the latest notices of a community with their whole texts, on one page.
pub(super) async fn kept(
    ctx: Ctx,
    headers: HeaderMap,
    crate::http::Params(query): crate::http::Params<KeptQuery>,
) -> Result {
    let size = if query.size == "large" { Size::Large } else { Size::Ordinary };
    let community = community(&ctx.app, &query.community).await?;
    let code = community.as_ref().map_or("", |community| community.code.as_str());
    let name = format!("kept {code} {} {size:?}", ctx.w.lang.tag());
    let ctx = Ctx { actor: None, unread: 0, emergency: None, flash: None, community, size, ..ctx };
    let page = made(&ctx.app, &name, ctx.now, kept_page(&ctx)).await?;
    Ok(feed::public(&headers, "text/html; charset=utf-8", page, FRESH))
}

async fn kept_page(ctx: &Ctx) -> Result<Vec<u8>> {
    let (w, now) = (ctx.w, ctx.now);
    let path = ctx.community.as_ref().map_or("", |community| community.path.as_str());
    let mut notices = Vec::new();
    for row in reading::latest(&ctx.app, path, KEPT, now).await? {
        let Some(notice) = store::by_id(&ctx.app.db, &row.id).await? else { continue };
        let title = w.pick(&notice.title, &notice.title_en).to_owned();
        let mut view = view::of_notice(&ctx.app, w, &notice, now).await?;
        // "An hour ago" would be wrong tomorrow, and would make every copy another one.
        view.dated = true;
        notices.push(KeptNotice { id: notice.id, title, view });
    }
    let page = Page::new(ctx, w.t("kept-title")).tab(Tab::Home).back("/notices");
    let response = page.render(pages::kept_notices(w, now, notices));
    Ok(axum::body::to_bytes(response.into_body(), usize::MAX).await.map_err(anyhow::Error::new)?.to_vec())
}
