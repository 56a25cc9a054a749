//! The chain of what happened: checked from the first event to the last, report by report.

use super::events::Link;
use crate::db::{Db, Tx};
use std::collections::BTreeMap;

/// What a check of all chains found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Chains that hold.
    pub good: usize,
    /// Reports whose events have no hashes at all: from before there were chains.
    pub unchained: usize,
    /// Chains that do not hold: code of the report and number of the first event that is wrong.
    pub broken: Vec<(String, i64)>,
}

/// The number of the first event that is missing or does not fit the one before.
pub fn first_break(links: &[Link]) -> Option<i64> {
    let mut before = "";
    for (expected, link) in (1_i64..).zip(links) {
        if link.seq != expected || link.hash != link.hash_after(before) || !link.words_hold() {
            return Some(expected);
        }
        before = &link.hash;
    }
    None
}

const COLUMNS: &str = "id, report_id, seq, at, actor_id, actor_kind, action, from_state, to_state, to_person_id, \
    public_text, internal_text, hash, words_salt, words_hash";

/// Reports checked in one go.
const BATCH: i64 = 500;

/// Checks every chain. A report that says it had more events than there are is broken too: its end was cut off.
pub async fn verify(db: &Db) -> Result<Verdict, sqlx::Error> {
    let mut verdict = Verdict::default();
    let mut after = String::new();
    loop {
        let reports: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT id, code, version FROM report WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(&after)
                .bind(BATCH)
                .fetch_all(db.read())
                .await?;
        let Some((last, ..)) = reports.last() else { return Ok(verdict) };
        let links: Vec<Link> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM report_event WHERE report_id > $1 AND report_id <= $2 ORDER BY report_id, seq"
        )))
        .bind(&after)
        .bind(last)
        .fetch_all(db.read())
        .await?;
        after = last.clone();
        let mut chains: BTreeMap<String, Vec<Link>> = BTreeMap::new();
        for link in links {
            chains.entry(link.report_id.clone()).or_default().push(link);
        }
        for (id, code, version) in reports {
            let chain = chains.remove(&id).unwrap_or_default();
            if !chain.is_empty() && chain.iter().all(|link| link.hash.is_empty()) {
                verdict.unchained += 1;
                continue;
            }
            let cut = i64::try_from(chain.len()).unwrap_or(i64::MAX);
            match first_break(&chain).or((cut != version).then_some(cut + 1)) {
                None => verdict.good += 1,
                Some(seq) => verdict.broken.push((code, seq)),
            }
        }
    }
}

/// Chains the events of reports that have no hashes at all, as they are now.
pub async fn chain_old(tx: &mut Tx) -> Result<u64, sqlx::Error> {
    let links: Vec<Link> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM report_event e WHERE NOT EXISTS (SELECT 1 FROM report_event o \
         WHERE o.report_id = e.report_id AND o.hash <> '') ORDER BY report_id, seq"
    )))
    .fetch_all(&mut **tx)
    .await?;
    let (mut report, mut before, mut count) = (String::new(), String::new(), 0);
    for link in links {
        if link.report_id != report {
            (report, before) = (link.report_id.clone(), String::new());
        }
        before = link.hash_after(&before);
        sqlx::query("UPDATE report_event SET hash = $2 WHERE id = $1")
            .bind(&link.id)
            .bind(&before)
            .execute(&mut **tx)
            .await?;
        count += 1;
    }
    Ok(count)
}
