//! `/notices.atom`: the newest notices for feed readers and other pages.

use super::{
    activity,
    made::made,
    markdown, outside,
    reading::{self, Asked},
    routes::{Asks, query},
    store::{self, Notice},
    view,
};
use crate::{
    deliver::outbox::absolute,
    http::{
        Ctx, Error, Result,
        feed::{self, Entry, Feed},
        page::encode,
    },
    places::{self, Organisation},
};
use app::{
    i18n::Lang,
    notices::{ActivityPlan, NoticeFact, NoticeKind, facts_of_kind, pages},
    time,
};
use axum::http::HeaderMap;
use quick_xml::escape::escape;
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
    let ctx = Ctx { w: outside::words(&asked_with, &query.lang), ..ctx };
    let asked = Asked::parse(&query.kind, "", "")?;
    let community = match query.community.as_str() {
        "" => None,
        code => Some(places::store::community_by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?),
    };
    let name = format!("atom {} {} {}", query.community, query.kind, ctx.w.lang.tag());
    let own = path(&query.community, &query.kind);
    let xml = made(&ctx.app, &name, ctx.now, xml(&ctx, community.as_ref(), &asked, &own)).await?;
    Ok(feed::public(&asked_with, feed::ATOM, xml, 300))
}

async fn xml(ctx: &Ctx, community: Option<&Organisation>, asked: &Asked, own: &str) -> Result<Vec<u8>> {
    let (app, w) = (&ctx.app, ctx.w);
    let place = community.map(|community| community.path.as_str());
    let found = reading::find(app, place, "", asked, ctx.now).await?;
    let mut entries = Vec::new();
    for row in &found.rows {
        let Some(notice) = store::by_id(&app.db, &row.id).await? else { continue };
        let later = store::later_than(&app.db, &notice.id).await?;
        let published = notice.published_at().unwrap_or_default();
        let body = w.pick(&notice.body, &notice.body_en);
        let html = html(ctx, &notice, &later).await?;
        entries.push(Entry {
            id: absolute(app, &format!("/notices/{}", notice.id)),
            title: w.pick(&notice.title, &notice.title_en).to_owned(),
            page: absolute(app, &format!("/notices/{}", notice.id)),
            published,
            updated: later.iter().filter_map(|later| later.published_at()).chain([published]).max().unwrap_or_default(),
            author: w.pick(&notice.source, &notice.source_en).to_owned(),
            category: Some((notice.kind().code().to_owned(), w.t(notice.kind().key()))),
            summary: markdown::plain(body, 200),
            html,
            enclosure: (notice.kind() == NoticeKind::Emergency)
                .then(|| (absolute(app, &format!("/notices/{}/cap.xml", notice.id)), "application/cap+xml")),
        });
    }
    entries.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| b.id.cmp(&a.id)));
    let name = community.map(|community| w.pick(&community.name, &community.name_en).to_owned());
    let feed = Feed {
        id: absolute(app, own),
        title: match &name {
            Some(name) => w.tf("notices-feed-of", &[("place", name.clone().into())]),
            None => w.t("notices-feed"),
        },
        lang: w.lang.tag(),
        own: absolute(app, own),
        page: absolute(app, "/notices"),
        author: name.unwrap_or_else(|| w.t("notices-feed-author")),
        entries,
    };
    feed.xml()
}

/// The whole of a notice for readers that know nothing of our pages: what became of it, what to do, its facts, its text with
/// the pictures, its files.
async fn html(ctx: &Ctx, notice: &Notice, later: &[Notice]) -> Result<String> {
    let (app, w, now) = (&ctx.app, ctx.w, ctx.now);
    let base = absolute(app, "");
    let base = base.trim_end_matches('/');
    let mut out = String::new();
    for change in later {
        let said = match change.is_withdrawal() {
            true => "notice-withdrawn-by",
            false => "notice-corrected-by",
        };
        let when = change.published_at().map(|at| time::date_time(w.lang, at, now)).unwrap_or_default();
        let link = (format!("{base}/notices/{}", change.id), w.pick(&change.title, &change.title_en).to_owned());
        paragraph(&mut out, &w.tf(said, &[("when", when.into())]), Some(link));
    }
    if let Some(earlier) = &notice.corrects_id
        && let Some(earlier) = store::by_id(&app.db, earlier).await?
    {
        let said = if notice.is_withdrawal() { "notice-withdraws" } else { "notice-corrects" };
        let link = (format!("{base}/notices/{}", earlier.id), w.pick(&earlier.title, &earlier.title_en).to_owned());
        paragraph(&mut out, &w.t(said), Some(link));
    }
    let instruction = w.pick(&notice.instruction, &notice.instruction_en);
    if !instruction.is_empty() {
        paragraph(&mut out, &format!("{} {instruction}", w.t("notice-instruction")), None);
    }
    let content = notice.content();
    let mut facts = Vec::new();
    if let Some((_, plan)) = activity::store::plan(&app.db, &notice.id).await? {
        // Without the seats: how many are left is not for a text that is kept.
        facts.extend(pages::activity_facts(w, &ActivityPlan { seats: 0, ..plan }, None, now));
    }
    facts.extend(facts_of_kind(w, &content, now));
    if content.kind == NoticeKind::Emergency
        && let (Some(from), Some(to)) = (content.starts_at, content.ends_at)
    {
        facts.push(NoticeFact { label: w.t("notice-time"), value: pages::span(w, from, to, now) });
    }
    facts.extend(if w.lang == Lang::En && !content.facts_en.is_empty() { content.facts_en } else { content.facts });
    if !facts.is_empty() {
        let row = |fact: &NoticeFact| {
            let [label, value] = [&fact.label, &fact.value].map(|text| escape(text.as_str()));
            format!("<li><strong>{label}</strong> {value}</li>\n")
        };
        let _ = write!(out, "<ul>\n{}</ul>\n", facts.iter().map(row).collect::<String>());
    }
    let pictures = view::pictures_of(app, &notice.id, base).await?;
    out.push_str(&markdown::render(w.pick(&notice.body, &notice.body_en), &w.t("notice-table"), &pictures));
    for file in view::files_of(app, &notice.id, base).await? {
        paragraph(&mut out, "", Some((file.href, file.name)));
    }
    Ok(out)
}

/// A paragraph of a few words, with a link behind them.
fn paragraph(out: &mut String, said: &str, link: Option<(String, String)>) {
    let link = link.map(|(href, text)| format!("<a href=\"{}\">{}</a>", escape(href.as_str()), escape(text.as_str())));
    let said = Some(escape(said).into_owned()).filter(|said| !said.is_empty());
    let parts: Vec<String> = said.into_iter().chain(link).collect();
    let _ = writeln!(out, "<p>{}</p>", parts.join(" "));
}
