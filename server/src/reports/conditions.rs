//! Conditions of a query that are only there when something asks for them, with what is bound to their placeholders.

use crate::db::{Db, marks};

/// What `select` (with `r` for the reports) gives for these ids, in that order; those that are not there are left out.
pub(crate) async fn by_ids<T>(
    db: &Db,
    select: &str,
    ids: &[String],
    id_of: impl Fn(&T) -> &str,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
{
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{select} WHERE r.id IN ({})", marks(1, ids.len()));
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id);
    }
    let mut found: Vec<T> = query.fetch_all(db.read()).await?;
    found.sort_by_key(|one| ids.iter().position(|id| *id == id_of(one)));
    Ok(found)
}

/// A value that is bound.
pub(crate) enum Bound {
    Text(String),
    Number(i64),
}

/// Conditions and what is bound to them.
#[derive(Default)]
pub(crate) struct Conditions {
    pub(crate) sql: Vec<String>,
    pub(crate) bound: Vec<Bound>,
}

impl Conditions {
    fn bind(&mut self, value: Bound) -> String {
        self.bound.push(value);
        format!("${}", self.bound.len())
    }

    /// Binds a text and gives its placeholder.
    pub(crate) fn text(&mut self, value: &str) -> String {
        self.bind(Bound::Text(value.to_owned()))
    }

    /// Binds a number and gives its placeholder.
    pub(crate) fn number(&mut self, value: i64) -> String {
        self.bind(Bound::Number(value))
    }

    /// Adds `condition` with `?` where the text stands; nothing for an empty text.
    pub(crate) fn with(&mut self, condition: &str, value: &str) {
        if !value.is_empty() {
            let place = self.text(value);
            self.sql.push(condition.replace('?', &place));
        }
    }

    /// That the report `r` lies under one of these paths.
    pub(crate) fn under<'a>(&mut self, paths: impl IntoIterator<Item = &'a String>) -> String {
        let each: Vec<String> = paths
            .into_iter()
            .map(|path| {
                let place = self.text(path);
                format!("substr(r.path, 1, length({place})) = {place}")
            })
            .collect();
        if each.is_empty() { "1 = 0".to_owned() } else { format!("({})", each.join(" OR ")) }
    }

    /// All of them.
    pub(crate) fn all(&self) -> String {
        self.sql.join(" AND ")
    }
}

/// A query with everything bound in order.
macro_rules! bound {
    ($query:expr, $conditions:expr) => {{
        let mut query = $query;
        for value in $conditions.bound {
            query = match value {
                $crate::reports::conditions::Bound::Text(text) => query.bind(text),
                $crate::reports::conditions::Bound::Number(number) => query.bind(number),
            };
        }
        query
    }};
}
pub(crate) use bound;
