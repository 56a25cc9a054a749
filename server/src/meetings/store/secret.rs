//! Secret ballots. What the database may learn, and what not, is written in docs/security.md ("Secret ballots"); a test reads
//! every table and compares (`server/tests/it/meetings/secrecy.rs`).
//!
//! - A vote writes no row of its own, no id and no time. It sets `voted` on the roll, by a statement that writes every row of
//!   the ballot's roll, and counts, by a statement that writes every row of its tally.
//! - The database is never told the choice, not even in a statement: the server takes the mask off the counts, adds one and
//!   puts another mask on, of all options. The mask is HMAC(secret, ballot, option, salt) modulo 2^31, the salt is new with
//!   every vote. So neither one copy nor several, nor old versions of rows in files and logs of the database, say which option
//!   a vote was for, without the server's secret.
//! - The caller holds the ballot's lock ([`super::ballots::locked`]) in a transaction that does nothing else.

use crate::{auth::secrets::Secrets, clock, db::Tx};

/// Counts are masked modulo this.
pub const MODULUS: i64 = 1 << 31;

/// A count and its mask.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Masked {
    number: i64,
    masked: i64,
    salt: String,
}

/// `count` under its mask.
fn mask(secrets: &Secrets, (ballot, number, salt): (&str, i64, &str), count: i64) -> i64 {
    (count + secrets.ballot_mask(ballot, number, salt)).rem_euclid(MODULUS)
}

/// Begins the tally of a ballot with so many options: nothing was counted.
pub async fn begin(tx: &mut Tx, secrets: &Secrets, ballot: &str, options: usize) -> Result<(), sqlx::Error> {
    let salt = clock::token();
    for number in (0_i64..).take(options) {
        sqlx::query("INSERT INTO meeting_tally (ballot_id, number, masked, salt) VALUES ($1, $2, $3, $4)")
            .bind(ballot)
            .bind(number)
            .bind(mask(secrets, (ballot, number, &salt), 0))
            .bind(&salt)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn rows(tx: &mut Tx, ballot: &str) -> Result<Vec<Masked>, sqlx::Error> {
    sqlx::query_as("SELECT number, masked, salt FROM meeting_tally WHERE ballot_id = $1 ORDER BY number")
        .bind(ballot)
        .fetch_all(&mut **tx)
        .await
}

/// The counts, in the order of the options; empty when there is no tally.
pub async fn counts(tx: &mut Tx, secrets: &Secrets, ballot: &str) -> Result<Vec<i64>, sqlx::Error> {
    let unmask = |row: &Masked| (row.masked - secrets.ballot_mask(ballot, row.number, &row.salt)).rem_euclid(MODULUS);
    Ok(rows(tx, ballot).await?.iter().map(unmask).collect())
}

/// Votes for an option, once. Returns whether the person is on the roll, had not voted, and the vote was counted.
pub async fn vote(
    tx: &mut Tx,
    secrets: &Secrets,
    (ballot, person_id): (&str, &str),
    choice: usize,
) -> Result<bool, sqlx::Error> {
    let mut counts = counts(tx, secrets, ballot).await?;
    let Some(count) = counts.get_mut(choice) else { return Ok(false) };
    *count += 1;
    let marked = sqlx::query(
        "UPDATE meeting_roll SET voted = CASE WHEN person_id = $2 THEN 1 ELSE voted END WHERE ballot_id = $1 \
         AND EXISTS (SELECT 1 FROM meeting_roll r WHERE r.ballot_id = $1 AND r.person_id = $2 AND r.voted = 0)",
    )
    .bind(ballot)
    .bind(person_id)
    .execute(&mut **tx)
    .await?;
    if marked.rows_affected() == 0 {
        return Ok(false);
    }
    let salt = clock::token();
    let cases: String =
        (0..counts.len()).map(|number| format!(" WHEN {number} THEN CAST(${} AS BIGINT)", number + 3)).collect();
    let sql =
        format!("UPDATE meeting_tally SET salt = $2, masked = CASE number{cases} ELSE masked END WHERE ballot_id = $1");
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ballot).bind(&salt);
    for (number, count) in (0_i64..).zip(&counts) {
        query = query.bind(mask(secrets, (ballot, number, &salt), *count));
    }
    query.execute(&mut **tx).await?;
    Ok(true)
}

/// Ends the tally of a ballot: its counts are totals now, or nobody's.
pub async fn end(tx: &mut Tx, ballot: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM meeting_tally WHERE ballot_id = $1").bind(ballot).execute(&mut **tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_of_one_ballot_option_and_vote_and_comes_off_again() {
        let secrets = Secrets::from_bytes(&[1; 32]);
        let one = mask(&secrets, ("b", 0, "s"), 7);
        assert!((0..MODULUS).contains(&one));
        assert_eq!((one - secrets.ballot_mask("b", 0, "s")).rem_euclid(MODULUS), 7);
        for other in [("c", 0, "s"), ("b", 1, "s"), ("b", 0, "t")] {
            assert_ne!(mask(&secrets, other, 7), one, "{other:?}");
        }
        assert_ne!(mask(&Secrets::from_bytes(&[2; 32]), ("b", 0, "s"), 7), one);
    }
}
