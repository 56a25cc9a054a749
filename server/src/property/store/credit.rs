//! Credit entries and their steps.

use super::day;
use crate::{
    clock,
    db::{Db, Tx},
};
use app::property::credit::{Counted, State, Step};
use jiff::{Timestamp, civil::Date};

/// An entry.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    /// Id.
    pub id: String,
    /// The company.
    pub company_id: String,
    /// Its name.
    pub company: String,
    /// The same in English.
    pub company_en: String,
    /// The estate; empty: the company as a whole.
    pub estate_id: String,
    /// Name of the estate.
    pub estate: String,
    /// The same in English.
    pub estate_en: String,
    /// Who may see and decide it.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Rule and reason.
    pub basis: String,
    /// Evidence in words.
    pub evidence: String,
    /// Codes of reports, separated by blanks.
    pub reports: String,
    /// Points as they stand.
    pub points: i64,
    /// Points as proposed.
    pub first_points: i64,
    /// 1: leads to the black list by itself.
    pub severe: i64,
    /// First day for which it was proposed.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    state: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When, in microseconds.
    pub proposed_at: i64,
    /// Last day for the company's answer.
    pub answer_due: String,
    /// When the company answered, in microseconds.
    pub answered_at: Option<i64>,
    /// Who decided last; empty: nobody yet.
    pub decided_by: String,
    /// Day of publication; empty: none.
    pub published_day: String,
    /// Last day for an appeal; empty: none.
    pub appeal_due: String,
    /// Counts steps.
    pub version: i64,
}

impl Entry {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Dropped)
    }

    /// First day on which it counts: never before it was published.
    pub fn counts_from(&self) -> Date {
        let from = day(&self.from_day);
        if self.published_day.is_empty() { from } else { from.max(day(&self.published_day)) }
    }

    /// As far as levels ask.
    pub fn counted(&self) -> Counted {
        Counted {
            id: self.id.clone(),
            points: self.points,
            severe: self.severe == 1,
            from: self.counts_from(),
            until: day(&self.until_day),
            state: self.state(),
        }
    }

    /// Codes of reports.
    pub fn codes(&self) -> Vec<String> {
        self.reports.split(' ').filter(|code| !code.is_empty()).map(str::to_owned).collect()
    }
}

const ENTRY: &str = "SELECT x.id, x.company_id, c.name AS company, c.name_en AS company_en, \
    COALESCE(x.estate_id, '') AS estate_id, COALESCE(e.name, '') AS estate, COALESCE(e.name_en, '') AS estate_en, x.path, \
    x.title, x.source, x.basis, x.evidence, x.reports, x.points, x.first_points, x.severe, x.from_day, x.until_day, x.state, \
    x.proposed_by, x.proposed_at, x.answer_due, x.answered_at, COALESCE(x.decided_by, '') AS decided_by, x.published_day, \
    x.appeal_due, x.version FROM property_entry x JOIN property_company c ON c.id = x.company_id \
    LEFT JOIN property_estate e ON e.id = x.estate_id";

/// The entry with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Entry>, sqlx::Error> {
    let sql = format!("{ENTRY} WHERE x.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Entries of a company, the latest first.
pub async fn of_company(db: &Db, company_id: &str) -> Result<Vec<Entry>, sqlx::Error> {
    let sql = format!("{ENTRY} WHERE x.company_id = $1 ORDER BY x.proposed_at DESC, x.id DESC");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(company_id).fetch_all(db.read()).await
}

/// Entries of all companies that count and are not over on a day: what levels are made from.
pub async fn counting(db: &Db, day: Date) -> Result<Vec<Entry>, sqlx::Error> {
    let sql = format!(
        "{ENTRY} WHERE x.state IN ('published', 'appealed', 'settled') AND x.until_day >= $1 ORDER BY x.company_id, x.id"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(day.to_string()).fetch_all(db.read()).await
}

/// Entries of a state below one of these paths, the oldest first, at most 500; of any state for an empty one, the latest first.
pub async fn of_state(db: &Db, state: &str, paths: &[&str]) -> Result<Vec<Entry>, sqlx::Error> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let order = if state.is_empty() { "x.proposed_at DESC, x.id DESC" } else { "x.proposed_at, x.id" };
    let within: Vec<String> = (2..2 + paths.len()).map(|n| format!("substr(x.path, 1, length(${n})) = ${n}")).collect();
    let within = within.join(" OR ");
    let sql = format!("{ENTRY} WHERE ($1 = '' OR x.state = $1) AND ({within}) ORDER BY {order} LIMIT 500");
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(state);
    for path in paths {
        query = query.bind(*path);
    }
    query.fetch_all(db.read()).await
}

/// Entries below a path that were published, revoked ones among them, the oldest first.
pub async fn published(db: &Db, path: &str) -> Result<Vec<Entry>, sqlx::Error> {
    let sql = format!(
        "{ENTRY} WHERE x.state IN ('published', 'appealed', 'settled', 'revoked') \
         AND substr(x.path, 1, length($1)) = $1 ORDER BY x.proposed_at, x.id"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).fetch_all(db.read()).await
}

/// An entry that is proposed.
pub struct NewEntry<'a> {
    /// The company.
    pub company_id: &'a str,
    /// The estate, if it is about one.
    pub estate_id: Option<&'a str>,
    /// Who may see and decide it.
    pub path: &'a str,
    /// What it is about.
    pub title: &'a str,
    /// Where it comes from.
    pub source: &'a str,
    /// Rule and reason.
    pub basis: &'a str,
    /// Evidence.
    pub evidence: &'a str,
    /// Codes of reports, separated by blanks.
    pub reports: &'a str,
    /// Points, below zero when they are taken.
    pub points: i64,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// First and last day.
    pub days: (Date, Date),
    /// Last day for the company's answer.
    pub answer_due: Date,
    /// Who proposes it.
    pub by: &'a str,
    /// One form makes one.
    pub form_key: &'a str,
}

/// Writes an entry; gives its id. `None`: this form has made one before.
pub async fn insert(tx: &mut Tx, new: &NewEntry<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO property_entry (id, company_id, estate_id, path, title, source, basis, evidence, reports, points, \
         first_points, severe, from_day, until_day, state, proposed_by, proposed_at, answer_due, form_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13, 'proposed', $14, $15, $16, $17) \
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.company_id)
    .bind(new.estate_id)
    .bind(new.path)
    .bind(new.title)
    .bind(new.source)
    .bind(new.basis)
    .bind(new.evidence)
    .bind(new.reports)
    .bind(new.points)
    .bind(i64::from(new.severe))
    .bind(new.days.0.to_string())
    .bind(new.days.1.to_string())
    .bind(new.by)
    .bind(now.as_microsecond())
    .bind(new.answer_due.to_string())
    .bind(new.form_key)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    insert_event(tx, &id, 1, new.by, (Step::Propose, State::Proposed), new.points, new.basis, now).await?;
    Ok(Some(id))
}

/// What a step changes besides the state.
pub struct Moved<'a> {
    /// The step and the state it leads to.
    pub step: (Step, State),
    /// Who takes it.
    pub by: &'a str,
    /// What is said.
    pub text: &'a str,
    /// Points afterwards.
    pub points: i64,
    /// Day of publication and last day for an appeal, where it publishes.
    pub published: Option<(Date, Date)>,
}

/// Moves an entry on that is still as the reader saw it, and writes the step down. Returns whether it did.
pub async fn advance(tx: &mut Tx, entry: &Entry, moved: &Moved<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (step, state) = moved.step;
    let decides = !step.is_companys();
    let (published, appeal) =
        moved.published.map_or_else(Default::default, |(day, due)| (day.to_string(), due.to_string()));
    let done = sqlx::query(
        "UPDATE property_entry SET state = $3, points = $4, version = version + 1, \
         answered_at = CASE WHEN $5 = 1 THEN $6 ELSE answered_at END, \
         decided_by = CASE WHEN $7 = 1 THEN $8 ELSE decided_by END, \
         decided_at = CASE WHEN $7 = 1 THEN $6 ELSE decided_at END, \
         published_day = CASE WHEN $9 = '' THEN published_day ELSE $9 END, \
         appeal_due = CASE WHEN $9 = '' THEN appeal_due ELSE $10 END \
         WHERE id = $1 AND version = $2",
    )
    .bind(&entry.id)
    .bind(entry.version)
    .bind(state.code())
    .bind(moved.points)
    .bind(i64::from(step == Step::Answer))
    .bind(now.as_microsecond())
    .bind(i64::from(decides))
    .bind(moved.by)
    .bind(published)
    .bind(appeal)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    insert_event(tx, &entry.id, entry.version + 1, moved.by, moved.step, moved.points, moved.text, now).await?;
    Ok(true)
}

#[expect(clippy::too_many_arguments, reason = "a row")]
async fn insert_event(
    tx: &mut Tx,
    entry_id: &str,
    seq: i64,
    by: &str,
    (step, state): (Step, State),
    points: i64,
    text: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO property_entry_event (entry_id, seq, at, by_id, step, to_state, points, text) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(entry_id)
    .bind(seq)
    .bind(now.as_microsecond())
    .bind(by)
    .bind(step.code())
    .bind(state.code())
    .bind(points)
    .bind(text)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A step that was taken.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EntryEvent {
    /// When, in microseconds.
    pub at: i64,
    /// Name of who took it.
    pub name: String,
    /// Code of the step.
    pub step: String,
    /// Points afterwards.
    pub points: i64,
    /// What was said.
    pub text: String,
}

/// Steps of an entry, the latest first.
pub async fn events(db: &Db, entry_id: &str) -> Result<Vec<EntryEvent>, sqlx::Error> {
    sqlx::query_as(
        "SELECT v.at, p.name, v.step, v.points, v.text FROM property_entry_event v JOIN person p ON p.id = v.by_id \
         WHERE v.entry_id = $1 ORDER BY v.seq DESC",
    )
    .bind(entry_id)
    .fetch_all(db.read())
    .await
}

/// Which of these codes name a report below one of these paths.
pub async fn reports_there(db: &Db, codes: &[String], paths: &[&str]) -> Result<Vec<String>, sqlx::Error> {
    let mut found = Vec::new();
    for code in codes {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT path FROM report WHERE code = $1").bind(code).fetch_optional(db.read()).await?;
        if row.is_some_and(|(path,)| paths.iter().any(|scope| path.starts_with(scope))) {
            found.push(code.clone());
        }
    }
    Ok(found)
}
