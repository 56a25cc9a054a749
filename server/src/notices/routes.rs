//! Addresses of notices, and the pages that everybody may read.

use super::{
    activity, api,
    attachments::routes as attached,
    board, cap, card, confirm, feed,
    following::{api as follows, routes as following},
    markdown, outgoing, outside, questions, reading,
    staff::{self, editor, preview, review, versions},
    view,
    visit::Visits,
};
use crate::{
    deliver::outbox::absolute,
    http::{Access, Ctx, Error, Page, Result, Routes, SameFor},
};
use app::{
    notices::pages::{self, NoticeAnswers, NoticeList},
    people::Action,
    ui::shell::{ShareCard, Tab},
};
use axum::{
    extract::{Path, Query, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use jiff::Timestamp;
use serde::Deserialize;

/// The routes of this room.
pub fn routes() -> Routes {
    let write = Access::Needs(Action::NoticeWrite);
    let read = Access::Needs(Action::NoticeRead);
    let settings = Access::Needs(Action::NoticeSettings);
    let answer = Access::Needs(Action::NoticeAnswer);
    Routes::new()
        .get("/notices", Access::Public, list)
        .get("/notices.atom", Access::Public, feed::atom)
        .get("/notices/kept", Access::Public, outside::kept)
        .get("/embed/notices", Access::Public, outside::embed)
        .get("/board/notices", Access::Public, board::board)
        .get("/staff/notices/screens", read, board::screens)
        .get("/notices/{id}", Access::Public, one)
        .get("/notices/{id}/card.png", Access::Public, card::picture)
        .get("/notices/{id}/cap.xml", Access::Public, cap::alert)
        .get("/notices/{id}/activity.ics", Access::Public, activity::calendar::file)
        .get("/activities.ics", Access::Public, activity::calendar::subscribed)
        .get("/notices/{id}/sign-up", Access::Public, activity::routes::back)
        .post("/notices/{id}/sign-up", Access::SignedIn, activity::routes::sign_up)
        .post("/notices/{id}/sign-up/cancel", Access::SignedIn, activity::routes::leave)
        .get("/notices/{id}/questions", Access::Public, activity::routes::back)
        .get("/notices/{id}/confirm", Access::Public, activity::routes::back)
        .post("/notices/{id}/questions", Access::SignedIn, questions::routes::ask)
        .post("/notices/{id}/questions/{question}/take-back", Access::SignedIn, questions::routes::take_back)
        .post("/notices/{id}/confirm", Access::SignedIn, confirm::confirm)
        .get("/staff/questions", answer, questions::routes::list)
        .get("/staff/questions/{id}", answer, questions::routes::one)
        .post("/staff/questions/{id}", answer, questions::routes::step)
        .get("/me/sign-ups", Access::SignedIn, activity::routes::mine)
        .get("/staff/notices/{id}/sign-ups", answer, activity::routes::door)
        .get("/staff/notices/{id}/sign-ups.csv", answer, activity::routes::door_file)
        .post("/staff/notices/{id}/sign-ups/{sign_up}/came", answer, activity::routes::tick)
        .get("/api/v1/notices", Access::Public, api::list)
        .get("/api/v1/notices/{id}", Access::Public, api::one)
        .post("/api/v1/notices/preview", write, api::preview)
        .get("/staff/notices", read, staff::list)
        .post("/staff/notices", write, editor::create)
        .get("/staff/notices/new", write, editor::new)
        .get("/staff/notices/{id}", read, staff::one)
        .get("/staff/notices/{id}/edit", write, editor::edit)
        .post("/staff/notices/{id}/edit", write, editor::save)
        .get("/staff/notices/settings", settings, review::settings)
        .post("/staff/notices/settings", settings, review::set)
        .post("/staff/notices/{id}/approve", Access::Needs(Action::NoticeReview), review::approve)
        .post("/staff/notices/{id}/return", Access::Needs(Action::NoticeReview), review::give_back)
        .post("/staff/notices/{id}/call-back", write, review::call_back)
        .get("/notices/{id}/files/{number}", Access::Public, attached::download)
        .get("/staff/notices/{id}/files", write, attached::page)
        .post("/staff/notices/{id}/files", write, attached::change)
        .post("/staff/notices/{id}/files/picture", write, attached::picture)
        .post("/staff/notices/{id}/files/file", write, attached::file)
        .get("/staff/notices/{id}/preview", read, preview::show)
        .get("/staff/notices/{id}/versions", read, versions::list)
        .post("/staff/notices/{id}/versions/restore", write, versions::restore)
        .post("/staff/notices/{id}/publish", write, staff::publish)
        .post("/staff/notices/{id}/unschedule", write, staff::unschedule)
        .post("/staff/notices/{id}/discard", write, staff::discard)
        .post("/staff/notices/{id}/correct", write, staff::correct)
        .post("/staff/notices/{id}/withdraw", write, staff::withdraw)
        .get("/staff/notices/{id}/deliveries", read, outgoing::staff::page)
        .post("/staff/notices/{id}/deliveries", write, outgoing::staff::again)
        .get("/me/follows", Access::SignedIn, following::page)
        .post("/me/follows", Access::SignedIn, following::choose)
        .post("/me/follows/add", Access::SignedIn, following::add)
        .post("/me/follows/remove", Access::SignedIn, following::remove)
        .post("/me/follows/forget", Access::SignedIn, following::forget)
        .post("/me/follows/browsers/{id}/remove", Access::SignedIn, following::remove_browser)
        .get("/mail/notices/stop/{person}", Access::Public, following::stop_page)
        .post("/mail/notices/stop/{person}", Access::Public, following::stop)
        .get("/api/v1/me/follows", Access::SignedIn, follows::export)
        .post("/api/v1/me/follows", Access::SignedIn, follows::set_choices)
        .post("/api/v1/me/follows/places", Access::SignedIn, follows::follow)
        .delete("/api/v1/me/follows/places/{place}", Access::SignedIn, follows::unfollow)
        .get("/api/v1/me/sign-ups", Access::SignedIn, api::answers::mine)
        .post("/api/v1/notices/{id}/seen", Access::SignedIn, api::answers::seen)
        .post("/api/v1/notices/{id}/sign-up", Access::SignedIn, api::answers::sign_up)
        .delete("/api/v1/notices/{id}/sign-up", Access::SignedIn, api::answers::leave)
        .get("/api/v1/notices/{id}/questions", Access::Public, api::answers::questions)
        .post("/api/v1/notices/{id}/questions", Access::SignedIn, api::answers::ask)
        .delete("/api/v1/notices/{id}/questions/{question}", Access::SignedIn, api::answers::take_back)
        .delete("/api/v1/me/follows/browsers/{id}", Access::SignedIn, follows::end_browser)
        .post("/api/v1/me/push", Access::SignedIn, follows::subscribe)
        .post("/api/v1/me/push/end", Access::SignedIn, follows::unsubscribe)
        .merge(desk())
}

/// The notice desk through the API.
fn desk() -> Routes {
    use api::staff::{files, list_all, messages, one, questions, screens, settings, sign_ups, steps, versions};
    let write = Access::Needs(Action::NoticeWrite);
    let read = Access::Needs(Action::NoticeRead);
    let set = Access::Needs(Action::NoticeSettings);
    let answer = Access::Needs(Action::NoticeAnswer);
    Routes::new()
        .get("/api/v1/staff/notices", read, list_all)
        .post("/api/v1/staff/notices", write, steps::create)
        .get("/api/v1/staff/notices/screens", read, screens::addresses)
        .get("/api/v1/staff/notices/{id}", read, one)
        .post("/api/v1/staff/notices/{id}", write, steps::save)
        .delete("/api/v1/staff/notices/{id}", write, steps::discard)
        .post("/api/v1/staff/notices/{id}/publish", write, steps::publish)
        .post("/api/v1/staff/notices/{id}/unschedule", write, steps::unschedule)
        .post("/api/v1/staff/notices/{id}/approve", Access::Needs(Action::NoticeReview), steps::approve)
        .post("/api/v1/staff/notices/{id}/return", Access::Needs(Action::NoticeReview), steps::give_back)
        .post("/api/v1/staff/notices/{id}/call-back", write, steps::call_back)
        .post("/api/v1/staff/notices/{id}/correct", write, steps::correct)
        .post("/api/v1/staff/notices/{id}/withdraw", write, steps::withdraw)
        .get("/api/v1/staff/notices/{id}/deliveries", read, messages::deliveries)
        .post("/api/v1/staff/notices/{id}/deliveries", write, messages::again)
        .get("/api/v1/staff/notices/{id}/attachments", read, files::all)
        .post("/api/v1/staff/notices/{id}/pictures", write, files::add_picture)
        .post("/api/v1/staff/notices/{id}/pictures/{number}", write, files::describe)
        .delete("/api/v1/staff/notices/{id}/pictures/{number}", write, files::remove_picture)
        .post("/api/v1/staff/notices/{id}/files", write, files::add_file)
        .delete("/api/v1/staff/notices/{id}/files/{number}", write, files::remove_file)
        .get("/api/v1/staff/notices/{id}/versions", read, versions::list)
        .get("/api/v1/staff/notices/{id}/versions/{version}", read, versions::one)
        .post("/api/v1/staff/notices/{id}/versions/{version}/restore", write, versions::restore)
        .get("/api/v1/staff/notices/{id}/sign-ups", answer, sign_ups::list)
        .get("/api/v1/staff/notices/{id}/sign-ups.csv", answer, sign_ups::file)
        .post("/api/v1/staff/notices/{id}/sign-ups/{sign_up}", answer, sign_ups::tick)
        .get("/api/v1/staff/questions", answer, questions::all_questions)
        .post("/api/v1/staff/questions/{id}", answer, questions::question_step)
        .get("/api/v1/staff/settings/notices", set, settings::all)
        .post("/api/v1/staff/settings/notices", set, settings::set)
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
    /// `1`: what changed since the last visit.
    pub new: String,
    /// Page, from 1.
    pub page: String,
    /// Code of a community; feeds, the API and what stands in other pages.
    pub community: String,
    /// Language, for those who send no cookie.
    pub lang: String,
}

/// What an address says, or 400.
pub type Asks = std::result::Result<Query<ListQuery>, QueryRejection>;

/// The query of an address; one that cannot be read is a bad request.
pub fn query(asks: Asks) -> Result<ListQuery> {
    asks.map(|Query(query)| query).map_err(|error| Error::BadRequest(error.body_text().into()))
}

async fn list(ctx: Ctx, headers: HeaderMap, asks: Asks) -> Result {
    let query = query(asks)?;
    let visits = Visits::read(&ctx.app, &headers, ctx.now);
    let mut asked = reading::Asked::parse(&query.kind, &query.q, &query.page)?;
    asked.month = reading::month(&query.month);
    let only_new = query.new == "1" && visits.before > 0;
    asked.changed_since = if only_new { visits.before } else { 0 };
    let community = ctx.community.as_ref().map(|community| community.path.as_str());
    let reader = ctx.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let found = reading::find(&ctx.app, community, reader, &asked, ctx.now).await?;
    let changed = match visits.before {
        0 => None,
        before => {
            let at = Timestamp::from_microsecond(before).unwrap_or(ctx.now);
            let asked = reading::Asked { changed_since: before, ..reading::Asked::default() };
            let counts = reading::find(&ctx.app, community, reader, &asked, ctx.now).await?.counts;
            Some((at, counts.iter().map(|(_, count)| count).sum()))
        }
    };
    let list = NoticeList {
        changed,
        only_new,
        rows: view::rows(&ctx.app, ctx.w, community, found.rows).await?,
        kind: asked.kind,
        month: asked.month,
        months: reading::months(&ctx.app, ctx.now).await?,
        counts: found.counts,
        search: asked.search,
        page: asked.page,
        pages: found.pages,
        everywhere: community.is_none(),
        consultations: consultations(&ctx).await?,
        calendar: activity::calendar::path(ctx.community.as_ref().map_or("", |community| &community.code)),
        feed: feed::path(ctx.community.as_ref().map_or("", |community| &community.code), &query.kind),
    };
    let (w, now) = (ctx.w, ctx.now);
    let mut page = Page::new(&ctx, w.t("notices-title"))
        .tab(Tab::Home)
        .back("/")
        .description(w.t("notices-description"))
        .keep(outside::kept_address(&ctx))
        .feed(&list.feed)
        .render(pages::notice_list(w, now, list));
    page.headers_mut().append(header::SET_COOKIE, visits.cookie(&ctx.app));
    Ok(page)
}

/// How many questions to residents wait where the reader lives or looks.
async fn consultations(ctx: &Ctx) -> Result<i64> {
    let Some(community) = &ctx.community else { return Ok(0) };
    Ok(crate::consultations::store::open_at(&ctx.app.db, &community.path, ctx.now).await?)
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    show(ctx, &id, None, StatusCode::OK).await
}

/// The page of a notice. `refused` is a question that was typed and what is wrong with it.
pub(super) async fn show(
    mut ctx: Ctx,
    id: &str,
    refused: Option<(String, String)>,
    status: StatusCode,
) -> Result<Response> {
    let notice = reading::public_notice(&ctx.app, id).await?;
    reading::mark_read(&mut ctx, &notice.id).await?;
    let (w, now) = (ctx.w, ctx.now);
    let mut shown = view::of_notice(&ctx.app, w, &notice, now).await?;
    shown.address = Some(absolute(&ctx.app, &format!("/notices/{}", notice.id)));
    // The band says the same as this page: once is enough.
    ctx.emergency.take_if(|band| band.href.ends_with(&notice.id));
    let confirm = confirm::part(&ctx, &notice).await?;
    let sign_up = activity::routes::part(&ctx, &notice.id).await?;
    let questions = questions::routes::part(&ctx, &notice, refused).await?;
    let description = markdown::plain(w.pick(&notice.body, &notice.body_en), 100);
    let address = absolute(&ctx.app, &format!("/notices/{}", notice.id));
    let shared = ShareCard {
        picture: format!("{address}/card.png?lang={}", w.lang.tag()),
        size: card::SIZE,
        words: w.tf(
            "card-alt",
            &[
                ("title", w.pick(&notice.title, &notice.title_en).to_owned().into()),
                ("source", w.pick(&notice.source, &notice.source_en).to_owned().into()),
            ],
        ),
        address: address.clone(),
    };
    Ok(Page::new(&ctx, w.pick(&notice.title, &notice.title_en))
        .tab(Tab::Home)
        .back("/notices")
        .card(shared)
        .status(status)
        .description(description)
        .keep(outside::kept_address(&ctx))
        .same_for(SameFor::Visitors)
        .render(pages::notice(w, now, shown, NoticeAnswers { confirm, sign_up, questions })))
}
