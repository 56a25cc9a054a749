//! Lists of matters.

use super::{DONE, Matter, OVER, SELECT};
use crate::{
    db::Db,
    reports::conditions::{Conditions, bound},
};
use app::matters::kind::{Kind, Way};
use jiff::Timestamp;

/// Which matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Sent to the reader's organisations, and open.
    To,
    /// Sent by them, and open.
    From,
    /// Waiting for their decision.
    Decide,
    /// Over their time, in the reader's whole subtree.
    Late,
    /// Over, in the reader's whole subtree.
    Done,
    /// All in the reader's subtree.
    All,
}

impl Tab {
    /// All of them, in their order.
    pub const ALL: [Tab; 6] = [Tab::To, Tab::From, Tab::Decide, Tab::Late, Tab::Done, Tab::All];

    /// As in the address.
    pub fn code(self) -> &'static str {
        match self {
            Tab::To => "to",
            Tab::From => "from",
            Tab::Decide => "decide",
            Tab::Late => "late",
            Tab::Done => "done",
            Tab::All => "all",
        }
    }

    /// The tab with this code.
    pub fn from_code(code: &str) -> Option<Tab> {
        Tab::ALL.into_iter().find(|tab| tab.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Tab::To => "matters-tab-to",
            Tab::From => "matters-tab-from",
            Tab::Decide => "matters-tab-decide",
            Tab::Late => "matters-tab-late",
            Tab::Done => "matters-tab-done",
            Tab::All => "matters-tab-all",
        }
    }
}

/// What a list asks for.
pub struct Wish<'a> {
    /// Which.
    pub tab: Tab,
    /// Ids of the organisations for which the reader acts.
    pub mine: &'a [String],
    /// Subtrees in which the reader reads.
    pub scopes: &'a [String],
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Of this way.
    pub way: Option<Way>,
    /// With this in title or number; empty: any.
    pub search: &'a str,
    /// Now, for what is late.
    pub now: Timestamp,
}

fn conditions(wish: &Wish<'_>) -> Conditions {
    let mut all = Conditions::default();
    let mut reads = Vec::new();
    for scope in wish.scopes {
        let place = all.text(scope);
        for column in ["m.from_path", "m.to_path"] {
            reads.push(format!("substr({column}, 1, length({place})) = {place}"));
        }
    }
    all.sql.push(if reads.is_empty() { "1 = 0".to_owned() } else { format!("({})", reads.join(" OR ")) });
    let of_mine = |all: &mut Conditions, column: &str| {
        let places: Vec<String> = wish.mine.iter().map(|id| all.text(id)).collect();
        if places.is_empty() { "1 = 0".to_owned() } else { format!("{column} IN ({})", places.join(", ")) }
    };
    match wish.tab {
        Tab::To => {
            let mine = of_mine(&mut all, "m.to_id");
            all.sql.push(format!("{mine} AND m.state NOT IN ({OVER})"));
        }
        Tab::From => {
            let mine = of_mine(&mut all, "m.from_id");
            all.sql.push(format!("{mine} AND m.state NOT IN ({OVER})"));
        }
        Tab::Decide => {
            let (sent, got) = (of_mine(&mut all, "m.from_id"), of_mine(&mut all, "m.to_id"));
            all.sql.push(format!(
                "(({sent} AND m.state IN ('return_asked', 'extend_asked', 'answered')) \
                 OR ({got} AND m.state = 'withdraw_asked'))"
            ));
        }
        Tab::Late => {
            let now = all.number(wish.now.as_microsecond());
            all.sql.push(format!(
                "m.state NOT IN ({DONE}) AND (m.due_at < COALESCE(m.stopped_at, {now}) \
                 OR (m.state = 'sent' AND m.accept_due_at < {now}))"
            ));
        }
        Tab::Done => all.sql.push(format!("m.state IN ({OVER})")),
        Tab::All => {}
    }
    all.with("m.kind = ?", wish.kind.map_or("", Kind::code));
    all.with("m.way = ?", wish.way.map_or("", Way::code));
    if !wish.search.is_empty() {
        let pattern: String = wish.search.to_lowercase().replace(['%', '_', '\\'], " ");
        let place = all.text(&format!("%{}%", pattern.trim()));
        all.sql.push(format!("(lower(m.title) LIKE {place} OR lower(m.number) LIKE {place})"));
    }
    all
}

/// At most so many of them after this one (microseconds of sending, and id), the newest first.
pub async fn list(
    db: &Db,
    wish: &Wish<'_>,
    after: Option<&(i64, String)>,
    rows: usize,
) -> Result<Vec<Matter>, sqlx::Error> {
    let mut all = conditions(wish);
    if let Some((at, id)) = after {
        let (at, id) = (all.number(*at), all.text(id));
        all.sql.push(format!("(m.sent_at < {at} OR (m.sent_at = {at} AND m.id < {id}))"));
    }
    let sql = format!("{SELECT} WHERE {} ORDER BY m.sent_at DESC, m.id DESC LIMIT {rows}", all.all());
    let query = sqlx::query_as::<_, Matter>(sqlx::AssertSqlSafe(sql));
    bound!(query, all).fetch_all(db.read()).await
}

/// How many there are.
pub async fn counts(db: &Db, wish: &Wish<'_>) -> Result<i64, sqlx::Error> {
    let all = conditions(wish);
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM matter m WHERE {}", all.all());
    let query = sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(sql));
    let (count,) = bound!(query, all).fetch_one(db.read()).await?;
    Ok(count)
}
