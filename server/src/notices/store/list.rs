//! Lists of notices.

use crate::db::Db;
use app::notices::{NoticeKind, NoticeState, limits};
use jiff::Timestamp;

/// What a list of published notices is cut to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Path of the community looked at; `None`: everything.
    pub community: Option<&'a str>,
    /// Only this kind.
    pub kind: Option<NoticeKind>,
    /// Words in title or text; empty: any.
    pub search: &'a str,
    /// Only what was published in this span, half-open, in microseconds; what has expired is then listed, too.
    pub published: Option<(i64, i64)>,
    /// Leave out what was corrected or withdrawn.
    pub current_only: bool,
    /// `community` is where somebody lives, a building: only what is for it or for what lies above it, the nearest first as
    /// long as it was published since this instant, in microseconds.
    pub near_since: Option<i64>,
    /// Only what was published since this instant, in microseconds, or is pinned: for pages that everybody opens all the time.
    pub recent_since: Option<i64>,
    /// Only what was published or corrected after this instant, in microseconds; 0: any.
    pub changed_since: i64,
    /// Whose unread messages are marked; empty: nobody's.
    pub reader: &'a str,
    /// Rows at most.
    pub limit: i64,
    /// Rows left out before.
    pub offset: i64,
}

impl Wanted<'_> {
    fn span(&self) -> (i64, i64) {
        self.published.unwrap_or((self.recent_since.unwrap_or(0), 0))
    }
}

/// When the first notice was published, in microseconds.
pub async fn first_published(db: &Db) -> Result<Option<i64>, sqlx::Error> {
    let (at,): (Option<i64>,) =
        sqlx::query_as("SELECT MIN(published_at) FROM notice WHERE state IN ('published', 'withdrawn')")
            .fetch_one(db.read())
            .await?;
    Ok(at)
}

/// Ids of the notices that went out last, the latest first: another one is out when they are others.
pub async fn newest_ids(db: &Db) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM notice WHERE state IN ('published', 'withdrawn') ORDER BY published_at DESC, id DESC LIMIT 8",
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A row of a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedNotice {
    /// Id.
    pub id: String,
    /// Kind, as stored.
    pub kind: String,
    /// State, as stored.
    pub state: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// 0 or 1.
    pub pinned: i64,
    /// Microseconds.
    pub published_at: i64,
    /// Microseconds.
    pub expires_at: Option<i64>,
    /// Who says it.
    pub source: String,
    /// English name, may be empty.
    pub source_en: String,
    /// Published corrections.
    pub corrections: i64,
    /// Unread messages of the reader about it.
    pub unread: i64,
}

/// Words that a search takes into account.
const SEARCH_WORDS: usize = 3;

/// What makes a notice part of a list: the SQL of [`app::notices::concerns`] with [`app::notices::Looking::Community`]
/// (or `LivesAt`), and the filters. Placeholders $1 to $11: now, path looked at, kind, a LIKE pattern, "current only", the
/// span of publication (0, 0: any, and then nothing that has expired), "lives there", "changed since", two more patterns.
/// Every word must stand somewhere in title, text or facts, wherever it stands: that finds Chinese words, which nothing
/// separates.
fn listed() -> String {
    let mut sql = "n.state IN ('published', 'withdrawn') AND n.published_at <= $1 \
     AND (n.expires_at IS NULL OR n.expires_at > $1 OR $7 > 0) \
     AND (n.published_at >= $6 OR (n.pinned = 1 AND $7 = 0)) AND ($7 = 0 OR n.published_at < $7) \
     AND ($2 = '' OR EXISTS (SELECT 1 FROM notice_aim a WHERE a.notice_id = n.id \
         AND (substr($2, 1, length(a.path)) = a.path OR ($8 = 0 AND substr(a.path, 1, length($2)) = $2)))) \
     AND ($3 = '' OR n.kind = $3) \
     AND ($9 = 0 OR n.published_at > $9 OR EXISTS (SELECT 1 FROM notice c WHERE c.corrects_id = n.id \
         AND c.state IN ('published', 'withdrawn') AND c.published_at > $9)) \
     AND ($5 = 0 OR (n.state = 'published' AND NOT EXISTS (SELECT 1 FROM notice c WHERE c.corrects_id = n.id \
         AND c.state IN ('published', 'withdrawn'))))"
        .to_owned();
    for mark in ["$4", "$10", "$11"] {
        let mut anywhere = ["title", "title_en", "body", "body_en"].map(|column| format!("lower(n.{column})")).to_vec();
        // Facts are stored as JSON: the names of its fields are nobody's words.
        anywhere.extend(
            ["facts", "facts_en"]
                .map(|column| format!("replace(replace(lower(n.{column}), '\"label\":', ''), '\"value\":', '')")),
        );
        let anywhere =
            anywhere.into_iter().map(|text| format!("{text} LIKE {mark} ESCAPE '!'")).collect::<Vec<_>>().join(" OR ");
        sql.push_str(&format!(" AND ({mark} = '' OR {anywhere})"));
    }
    sql
}

/// The patterns of the words searched, as many as there are placeholders.
fn patterns(words: &str) -> [String; SEARCH_WORDS] {
    let mut words = words.split_whitespace();
    std::array::from_fn(|_| words.next().map(pattern).unwrap_or_default())
}

/// A LIKE pattern that finds a word as it stands, wherever they stand; empty for no words.
pub fn pattern(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() {
        return String::new();
    }
    let escaped = words.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

/// Published notices, pinned ones first, then the newest. A search shows first what has the words in its title; where
/// somebody lives, what is for the building comes before what is for the grid, the community and the street.
pub async fn list(db: &Db, wanted: Wanted<'_>, now: Timestamp) -> Result<Vec<ListedNotice>, sqlx::Error> {
    let sql = format!(
        "SELECT n.id, n.kind, n.state, n.title, n.title_en, n.pinned, n.published_at, n.expires_at, \
         o.name AS source, o.name_en AS source_en, \
         CAST((SELECT COUNT(*) FROM notice c WHERE c.corrects_id = n.id AND c.state IN ('published', 'withdrawn')) \
             AS BIGINT) AS corrections, \
         CAST((SELECT COUNT(*) FROM inbox_message m WHERE m.person_id = $12 AND m.dedupe_key = 'notice:' || n.id \
             AND m.read_at IS NULL) AS BIGINT) AS unread \
         FROM notice n JOIN organisation o ON o.id = n.organisation_id WHERE {} \
         ORDER BY CASE WHEN $4 <> '' AND lower(n.title) LIKE $4 ESCAPE '!' THEN 0 ELSE 1 END, n.pinned DESC, \
         CASE WHEN $8 = 1 AND n.published_at >= $15 THEN (SELECT MAX(length(a.path)) FROM notice_aim a \
             WHERE a.notice_id = n.id AND substr($2, 1, length(a.path)) = a.path) ELSE 0 END DESC, \
         n.published_at DESC, n.id DESC LIMIT $13 OFFSET $14",
        listed()
    );
    let [one, two, three] = patterns(wanted.search);
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now.as_microsecond())
        .bind(wanted.community.unwrap_or_default())
        .bind(wanted.kind.map_or("", NoticeKind::code))
        .bind(one)
        .bind(i64::from(wanted.current_only))
        .bind(wanted.span().0)
        .bind(wanted.span().1)
        .bind(i64::from(wanted.near_since.is_some()))
        .bind(wanted.changed_since)
        .bind(two)
        .bind(three)
        .bind(wanted.reader)
        .bind(wanted.limit)
        .bind(wanted.offset)
        .bind(wanted.near_since.unwrap_or_default())
        .fetch_all(db.read())
        .await
}

/// How many notices of each kind the same list has, without its filter by kind: kind as stored → number.
pub async fn counts(db: &Db, wanted: Wanted<'_>, now: Timestamp) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let sql = format!("SELECT n.kind, CAST(COUNT(*) AS BIGINT) FROM notice n WHERE {} GROUP BY n.kind", listed());
    let [one, two, three] = patterns(wanted.search);
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now.as_microsecond())
        .bind(wanted.community.unwrap_or_default())
        .bind("")
        .bind(one)
        .bind(i64::from(wanted.current_only))
        .bind(wanted.span().0)
        .bind(wanted.span().1)
        .bind(i64::from(wanted.near_since.is_some()))
        .bind(wanted.changed_since)
        .bind(two)
        .bind(three)
        .fetch_all(db.read())
        .await
}

/// Whom an emergency is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Concerned<'a> {
    /// Path of the place that is looked at, a community or a building: what is for it, above it or for a part of it. Empty:
    /// none.
    pub looks_at: &'a str,
    /// Ids of the building and of the community in which the reader lives, as far as they are known: what is for them
    /// or above them. Of the place looked at, only that counts when the building lies in it.
    pub lives_at: [&'a str; 2],
}

/// An emergency that is going on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Running {
    /// Id of its notice.
    pub id: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// What to do.
    pub instruction: String,
    /// The same in English, may be empty.
    pub instruction_en: String,
}

/// The worst emergency that concerns somebody; see [`emergencies`].
pub async fn emergency(db: &Db, concerned: Concerned<'_>, now: Timestamp) -> Result<Option<Running>, sqlx::Error> {
    Ok(emergencies(db, concerned, 1, now).await?.into_iter().next())
}

/// The emergencies that concern somebody, each from its publication to its end, the worst first, at most `limit`. Asked on every
/// page: the partial index on running emergencies answers it without looking at any other notice.
pub async fn emergencies(
    db: &Db,
    concerned: Concerned<'_>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Running>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.id, n.title, n.title_en, n.instruction, n.instruction_en FROM notice n \
         WHERE n.kind = 'emergency' AND n.state = 'published' AND n.ends_at > $1 AND n.published_at <= $1 \
         AND EXISTS (SELECT 1 FROM notice_aim a WHERE a.notice_id = n.id \
             AND (EXISTS (SELECT 1 FROM organisation o WHERE (o.id = $3 OR o.id = $4) \
                     AND substr(o.path, 1, length(a.path)) = a.path) \
                 OR ($2 <> '' AND (substr($2, 1, length(a.path)) = a.path OR substr(a.path, 1, length($2)) = $2) \
                     AND NOT EXISTS (SELECT 1 FROM organisation h WHERE h.id = $3 \
                         AND substr(h.path, 1, length($2)) = $2)))) \
         AND NOT EXISTS (SELECT 1 FROM notice c WHERE c.corrects_id = n.id AND c.state IN ('published', 'withdrawn')) \
         ORDER BY CASE n.severity WHEN 'extreme' THEN 0 WHEN 'severe' THEN 1 WHEN 'moderate' THEN 2 ELSE 3 END, \
         n.published_at DESC, n.id DESC LIMIT $5",
    )
    .bind(now.as_microsecond())
    .bind(concerned.looks_at)
    .bind(concerned.lives_at[0])
    .bind(concerned.lives_at[1])
    .bind(limit)
    .fetch_all(db.read())
    .await
}

/// The state of the notice `n`, with "review".
const STATE: &str = super::state_of_n!();

/// A row of the staff's table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StaffNotice {
    /// Id.
    pub id: String,
    /// Kind, as stored.
    pub kind: String,
    /// State, as stored.
    pub state: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Who says it.
    pub source: String,
    /// English name, may be empty.
    pub source_en: String,
    /// Who wrote it.
    pub author: String,
    /// Microseconds: when it went out or is to go out, else when it was last changed.
    pub at: i64,
    /// Microseconds.
    pub expires_at: Option<i64>,
    /// Published corrections.
    pub corrections: i64,
}

/// Which notices staff look at.
#[derive(Clone, Copy)]
pub enum Among<'a> {
    /// All, or those of one state.
    State(Option<NoticeState>),
    /// Those that this person may review: neither written nor changed nor handed in by them; see [`super::review::waiting_for`].
    ToReviewBy(&'a str),
}

/// Notices whose organisation lies under one of `scopes`, newest first; one page of them, counted from 1.
pub async fn for_staff(db: &Db, scopes: &[&str], among: Among<'_>, page: u32) -> Result<Vec<StaffNotice>, sqlx::Error> {
    let sql = format!(
        "SELECT n.id, n.kind, {STATE} AS state, n.title, n.title_en, o.name AS source, o.name_en AS source_en, \
         p.name AS author, COALESCE(n.published_at, CASE WHEN n.state = 'scheduled' THEN n.publish_at END, \
         n.updated_at) AS at, n.expires_at, \
         CAST((SELECT COUNT(*) FROM notice c WHERE c.corrects_id = n.id AND c.state IN ('published', 'withdrawn')) \
             AS BIGINT) AS corrections \
         FROM notice n JOIN organisation o ON o.id = n.organisation_id JOIN person p ON p.id = n.author_id \
         WHERE ($1 = '' OR {STATE} = $1) AND ($4 = '' OR {}) AND ({}) \
         ORDER BY at DESC, n.id DESC LIMIT $2 OFFSET $3",
        super::review::others("$4"),
        under_any(scopes, 5)
    );
    let (state, reviewer) = match among {
        Among::State(state) => (state, ""),
        Among::ToReviewBy(person_id) => (Some(NoticeState::Review), person_id),
    };
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(state.map_or("", NoticeState::code))
        .bind(limits::PAGE_ROWS)
        .bind(i64::from(page.saturating_sub(1)) * limits::PAGE_ROWS)
        .bind(reviewer);
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// How many there are in each state: state as stored → number.
pub async fn staff_counts(db: &Db, scopes: &[&str]) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let sql = format!(
        "SELECT {STATE}, CAST(COUNT(*) AS BIGINT) FROM notice n JOIN organisation o ON o.id = n.organisation_id \
         WHERE {} GROUP BY {STATE}",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// How many drafts there are that nobody has been asked to review. Reads nothing that is out.
pub async fn drafts(db: &Db, scopes: &[&str]) -> Result<i64, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM notice n JOIN organisation o ON o.id = n.organisation_id \
         WHERE n.state = 'draft' AND n.review_asked_at IS NULL AND ({})",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    let (count,): (i64,) = query.fetch_one(db.read()).await?;
    Ok(count)
}

/// The condition "lies under one of these scopes" for the organisation `o`; the scopes are bound from `first` on.
pub(in crate::notices) fn under_any(scopes: &[&str], first: usize) -> String {
    if scopes.is_empty() {
        return "1 = 0".to_owned();
    }
    let conditions: Vec<String> =
        (first..first + scopes.len()).map(|n| format!("substr(o.path, 1, length(${n})) = ${n}")).collect();
    conditions.join(" OR ")
}
