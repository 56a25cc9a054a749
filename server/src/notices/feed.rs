//! `/notices.atom`: the newest notices for feed readers and other pages.

use super::{
    markdown,
    reading::{self, Asked},
    routes::{Asks, query},
    store, view,
};
use crate::{
    deliver::outbox::absolute,
    http::{
        Ctx, Error, Result,
        feed::{self, Entry, Feed},
        page::encode,
    },
    places,
};
use app::notices::{NoticeKind, pages::AttachedFile};
use axum::http::HeaderMap;
use std::fmt::Write;

/// Where the feed of a community and a kind is; empty ones: of all. Without the language, which the reader may name or
/// not: a feed's id never changes.
pub fn path(community: &str, kind: &str) -> String {
    let mut path = "/notices.atom".to_owned();
    for (name, value) in [("community", community), ("kind", kind)] {
        if !value.is_empty() {
            let mark = if path.contains('?') { '&' } else { '?' };
            let _ = write!(path, "{mark}{name}={}", encode(value));
        }
    }
    path
}

/// The feed of a community (or of everywhere) and of a kind (or of all), in the language of `lang` or the reader's.
/// Corrections are entries of their own; the notice they correct is marked as updated then.
pub async fn atom(ctx: Ctx, asked_with: HeaderMap, asks: Asks) -> Result {
    let query = query(asks)?;
    let asked = Asked::parse(&query.kind, "", "")?;
    let community = match query.community.as_str() {
        "" => None,
        code => Some(places::store::community_by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?),
    };
    let (app, w) = (&ctx.app, ctx.w);
    let place = community.as_ref().map(|community| community.path.as_str());
    let found = reading::find(app, place, "", &asked, ctx.now).await?;
    let mut entries = Vec::new();
    for row in &found.rows {
        let Some(notice) = store::by_id(&app.db, &row.id).await? else { continue };
        let later = store::corrections_of(&app.db, &notice.id).await?;
        let published = notice.published_at().unwrap_or_default();
        let body = w.pick(&notice.body, &notice.body_en);
        let base = absolute(app, "");
        let base = base.trim_end_matches('/');
        let pictures = view::pictures_of(app, &notice.id, base).await?;
        let files = view::files_of(app, &notice.id, base).await?;
        entries.push(Entry {
            id: absolute(app, &format!("/notices/{}", notice.id)),
            title: w.pick(&notice.title, &notice.title_en).to_owned(),
            page: absolute(app, &format!("/notices/{}", notice.id)),
            published,
            updated: later.iter().filter_map(|later| later.published_at()).chain([published]).max().unwrap_or_default(),
            author: w.pick(&notice.source, &notice.source_en).to_owned(),
            category: Some((notice.kind().code().to_owned(), w.t(notice.kind().key()))),
            summary: markdown::plain(body, 200),
            html: markdown::render(body, &w.t("notice-table"), &pictures) + &links(&files),
            enclosure: (notice.kind() == NoticeKind::Emergency)
                .then(|| (absolute(app, &format!("/notices/{}/cap.xml", notice.id)), "application/cap+xml")),
        });
    }
    entries.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| b.id.cmp(&a.id)));
    let own = path(&query.community, &query.kind);
    let name = community.as_ref().map(|community| w.pick(&community.name, &community.name_en).to_owned());
    let feed = Feed {
        id: absolute(app, &own),
        title: match &name {
            Some(name) => w.tf("notices-feed-of", &[("place", name.clone().into())]),
            None => w.t("notices-feed"),
        },
        lang: w.lang.tag(),
        own: absolute(app, &own),
        page: absolute(app, "/notices"),
        author: name.unwrap_or_else(|| w.t("notices-feed-author")),
        entries,
    };
    Ok(feed::public(&asked_with, feed::ATOM, feed.xml()?, 300))
}

/// The files of a notice as links, to stand below its text.
fn links(files: &[AttachedFile]) -> String {
    let link = |file: &AttachedFile| {
        format!("<p><a href=\"{}\">{}</a></p>\n", ammonia::clean_text(&file.href), ammonia::clean_text(&file.name))
    };
    files.iter().map(link).collect()
}
