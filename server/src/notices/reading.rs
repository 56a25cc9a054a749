//! Use cases of readers: lists, one notice, the emergency of the moment.

use super::{
    store::{
        self, Notice,
        list::{self, Concerned, Wanted},
    },
    view,
};
use crate::{
    app_state::App,
    http::{self, Ctx, Error},
    places,
};
use app::{
    i18n::Words,
    notices::{NoticeKind, NoticeRow, form::one_line, limits},
    time::{day_of, start_of},
    ui::shell::EmergencyBand,
};
use jiff::{SignedDuration, Span, Timestamp, civil::Date};

/// The worst emergency that concerns somebody now, in the reader's language.
pub async fn emergency_for(
    app: &App,
    w: Words,
    concerned: Concerned<'_>,
    now: Timestamp,
) -> Result<Option<EmergencyBand>, sqlx::Error> {
    let found = list::emergency(&app.db, concerned, now).await?;
    Ok(found.map(|running| EmergencyBand {
        title: w.pick(&running.title, &running.title_en).to_owned(),
        instruction: Some(w.pick(&running.instruction, &running.instruction_en).to_owned())
            .filter(|text| !text.is_empty()),
        href: format!("/notices/{}", running.id),
    }))
}

/// What is for the reader's own building stays above what is for the whole community for so many days.
const NEAR_DAYS: i64 = 14;

/// Since when something nearer goes before something newer.
fn near_since(now: Timestamp) -> i64 {
    (now - SignedDuration::from_hours(24 * NEAR_DAYS)).as_microsecond()
}

/// The home page and screens look so many days back, and at what is pinned.
const RECENT_DAYS: i64 = 90;

fn recent_since(now: Timestamp) -> Option<i64> {
    Some((now - SignedDuration::from_hours(24 * RECENT_DAYS)).as_microsecond())
}

/// The newest notices that concern the reader, pinned ones first, at most `limit`; for the home page. For somebody whose
/// building is known: what is for the building before what is for the grid, the community and the street, and nothing
/// that is for other buildings. What was corrected or withdrawn is left out: the later notice says it.
pub async fn newest_for_home(ctx: &Ctx, limit: i64) -> http::Result<Vec<NoticeRow>> {
    let reader = ctx.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let home = home(ctx).await?;
    let community = ctx.community.as_ref().map(|community| community.path.as_str());
    let wanted = match &home {
        Some(building) => {
            Wanted { community: Some(building), near_since: Some(near_since(ctx.now)), ..Wanted::default() }
        }
        None => Wanted { community, ..Wanted::default() },
    };
    let wanted = Wanted { reader, current_only: true, recent_since: recent_since(ctx.now), limit, ..wanted };
    let listed = list::list(&ctx.app.db, wanted, ctx.now).await?;
    view::rows_for(&ctx.app, ctx.w, community, home.as_deref(), listed).await
}

/// The path of the reader's own building, when it lies in the community that is shown.
async fn home(ctx: &Ctx) -> http::Result<Option<String>> {
    let Some(id) = ctx.actor.as_ref().and_then(|actor| actor.building_id.as_deref()) else { return Ok(None) };
    let building = places::store::by_id(&ctx.app.db, id).await?.map(|building| building.path);
    let community = ctx.community.as_ref().map_or("", |community| community.path.as_str());
    Ok(building.filter(|path| path.starts_with(community)))
}

/// The notices that a screen shows: current ones of the place at `path`, a building when `lives`, at most `limit`.
pub async fn for_screen(
    app: &App,
    path: &str,
    lives: bool,
    limit: i64,
    now: Timestamp,
) -> http::Result<Vec<list::ListedNotice>> {
    let near_since = lives.then(|| near_since(now));
    let wanted = Wanted {
        community: Some(path),
        near_since,
        current_only: true,
        recent_since: recent_since(now),
        limit,
        ..Wanted::default()
    };
    Ok(list::list(&app.db, wanted, now).await?)
}

/// The newest notices of the community at `path` (empty: of everywhere), pinned ones first, at most `limit`.
pub async fn latest(app: &App, path: &str, limit: i64, now: Timestamp) -> http::Result<Vec<list::ListedNotice>> {
    let community = (!path.is_empty()).then_some(path);
    Ok(list::list(&app.db, Wanted { community, limit, ..Wanted::default() }, now).await?)
}

/// Kind and title of the newest notices that concern the community at `path`, for its hall's screen.
pub async fn newest_titles(
    app: &App,
    w: Words,
    path: &str,
    limit: i64,
    now: Timestamp,
) -> http::Result<Vec<(NoticeKind, String)>> {
    let wanted = Wanted {
        community: Some(path),
        current_only: true,
        recent_since: recent_since(now),
        limit,
        ..Wanted::default()
    };
    let listed = list::list(&app.db, wanted, now).await?;
    let rows = view::rows(app, w, Some(path), listed).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.title)).collect())
}

/// What a reader asks a list for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Only this kind.
    pub kind: Option<NoticeKind>,
    /// Only what was published in this month; its first day.
    pub month: Option<Date>,
    /// Words in title or text.
    pub search: String,
    /// Only what was published or corrected after this instant, in microseconds; 0: any.
    pub changed_since: i64,
    /// Page, from 1; 0 is the first as well.
    pub page: u32,
}

impl Asked {
    /// From what an address says: `kind` must be one, words are cut to [`limits::SEARCH_CHARS`], anything that is no
    /// page is the first.
    pub fn parse(kind: &str, search: &str, page: &str) -> http::Result<Asked> {
        let kind = match kind {
            "" => None,
            code => Some(NoticeKind::from_code(code).ok_or(Error::BadRequest("no such kind".into()))?),
        };
        let search = one_line(search).chars().take(limits::SEARCH_CHARS).collect::<String>().trim().to_owned();
        Ok(Asked { kind, search, page: page_number(page), ..Asked::default() })
    }
}

/// The first day of a month as addresses write it: 2026-11. Anything else is no month.
pub fn month(text: &str) -> Option<Date> {
    let month: Date = format!("{text}-01").parse().ok()?;
    (text.len() == 7 && (2000..=2999).contains(&month.year())).then_some(month)
}

/// Months of the archive at most.
const MONTHS: usize = 36;

/// The months in which notices were published, the latest first.
pub async fn months(app: &App, now: Timestamp) -> http::Result<Vec<Date>> {
    let Some(first) = list::first_published(&app.db).await?.and_then(|at| Timestamp::from_microsecond(at).ok()) else {
        return Ok(Vec::new());
    };
    let (first, last) = (day_of(first).first_of_month(), day_of(now).first_of_month());
    let back = std::iter::successors(Some(last), |month| month.checked_sub(Span::new().months(1)).ok());
    Ok(back.take_while(|month| *month >= first).take(MONTHS).collect())
}

/// The page an address asks for, from 1; far beyond any list ends the counting.
pub fn page_number(text: &str) -> u32 {
    text.parse::<u32>().unwrap_or(1).clamp(1, 100_000)
}

/// How many pages `rows` rows take.
pub fn page_count(rows: i64) -> u32 {
    u32::try_from((rows.max(0) + limits::PAGE_ROWS - 1) / limits::PAGE_ROWS).unwrap_or(u32::MAX).max(1)
}

/// A page of published notices with the numbers behind the filters.
pub struct Found {
    /// The rows.
    pub rows: Vec<list::ListedNotice>,
    /// Number of each kind, for the words searched.
    pub counts: Vec<(NoticeKind, i64)>,
    /// The last page.
    pub pages: u32,
}

/// Published notices of the community at this path, or of everywhere.
pub async fn find(
    app: &App,
    community: Option<&str>,
    reader: &str,
    asked: &Asked,
    now: Timestamp,
) -> http::Result<Found> {
    let wanted = Wanted {
        community,
        kind: asked.kind,
        search: &asked.search,
        published: asked.month.map(|month| {
            let next = month.checked_add(Span::new().months(1)).unwrap_or(month);
            (start_of(month).as_microsecond(), start_of(next).as_microsecond())
        }),
        reader,
        changed_since: asked.changed_since,
        limit: limits::PAGE_ROWS,
        offset: i64::from(asked.page.saturating_sub(1)) * limits::PAGE_ROWS,
        ..Wanted::default()
    };
    let rows = list::list(&app.db, wanted, now).await?;
    let counts: Vec<(NoticeKind, i64)> = list::counts(&app.db, wanted, now)
        .await?
        .into_iter()
        .filter_map(|(code, count)| NoticeKind::from_code(&code).map(|kind| (kind, count)))
        .collect();
    let matching =
        counts.iter().filter(|(kind, _)| asked.kind.is_none_or(|k| k == *kind)).map(|(_, count)| count).sum();
    Ok(Found { rows, counts, pages: page_count(matching) })
}

/// A notice that the public may read: published, or withdrawn with a later notice on top.
pub async fn public_notice(app: &App, id: &str) -> http::Result<Notice> {
    store::by_id(&app.db, id).await?.filter(|notice| notice.state().is_public()).ok_or(Error::NotFound)
}

/// Reading the notice is reading the message about it.
pub async fn mark_read(ctx: &mut Ctx, notice_id: &str) -> http::Result<()> {
    let Some(actor) = &ctx.actor else { return Ok(()) };
    let key = dedupe_key(notice_id);
    if ctx.unread == 0 || !store::has_unread(&ctx.app.db, &actor.id, &key).await? {
        return Ok(());
    }
    let mut tx = ctx.app.db.begin().await?;
    let read = store::write::mark_read(&mut tx, &actor.id, &key, ctx.now).await?;
    tx.commit().await?;
    ctx.unread = (ctx.unread - read).max(0);
    Ok(())
}

/// The inbox's name for "this notice went out".
pub fn dedupe_key(notice_id: &str) -> String {
    format!("notice:{notice_id}")
}

/// The instant of stored microseconds.
pub fn instant_of(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
