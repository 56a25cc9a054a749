//! Certificates in the database.

use super::{day, instant};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::partners::hours::Validity;
use jiff::{Timestamp, civil::Date};

/// A certificate as it was given out.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Certificate {
    /// Id.
    pub id: String,
    /// What others check it with.
    pub code: String,
    /// Year and number in the year.
    pub number: String,
    /// Whose.
    pub person_id: String,
    /// Their name now; may be empty.
    pub name: String,
    from_day: String,
    until_day: String,
    /// The sum that it says.
    pub minutes: i64,
    issued_at: i64,
}

impl Certificate {
    /// The period.
    pub fn span(&self) -> (Date, Date) {
        (day(&self.from_day), day(&self.until_day))
    }
    /// When it was given out.
    pub fn issued(&self) -> Timestamp {
        instant(self.issued_at)
    }
}

const CERTIFICATE: &str = "SELECT c.id, c.code, c.number, c.person_id, p.name, c.from_day, c.until_day, c.minutes, c.issued_at \
    FROM service_certificate c JOIN person p ON p.id = c.person_id";

/// The certificate with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Certificate>, sqlx::Error> {
    let sql = format!("{CERTIFICATE} WHERE c.code = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(db.read()).await
}

/// The certificate with this fingerprint.
pub async fn by_fingerprint(db: &Db, fingerprint: &str) -> Result<Option<Certificate>, sqlx::Error> {
    let sql = format!("{CERTIFICATE} WHERE c.fingerprint = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(fingerprint).fetch_optional(db.read()).await
}

/// The latest certificate of the reader for a period.
pub async fn latest(db: &Db, person_id: &str, (from, until): (Date, Date)) -> Result<Option<Certificate>, sqlx::Error> {
    let sql = format!(
        "{CERTIFICATE} WHERE c.person_id = $1 AND c.from_day = $2 AND c.until_day = $3 \
         ORDER BY c.issued_at DESC, c.number DESC LIMIT 1"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(person_id)
        .bind(from.to_string())
        .bind(until.to_string())
        .fetch_optional(db.read())
        .await
}

/// The certificates of the reader, the latest first, at most 100.
pub async fn of_person(db: &Db, person_id: &str) -> Result<Vec<Certificate>, sqlx::Error> {
    let sql = format!("{CERTIFICATE} WHERE c.person_id = $1 ORDER BY c.issued_at DESC, c.number DESC LIMIT 100");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).fetch_all(db.read()).await
}

/// What a certificate is worth now: by the hours that it counts.
pub async fn validity(db: &Db, id: &str) -> Result<Validity, sqlx::Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT h.minutes, h.state FROM service_certificate_hour x JOIN service_hour h ON h.id = x.hour_id \
         WHERE x.certificate_id = $1",
    )
    .bind(id)
    .fetch_all(db.read())
    .await?;
    Ok(Validity::of(rows.into_iter().map(|(minutes, state)| (minutes, state == "confirmed"))))
}

/// A certificate to be given out.
pub struct NewCertificate<'a> {
    /// Whose.
    pub person_id: &'a str,
    /// The period.
    pub span: (Date, Date),
    /// The year of its number.
    pub year: i16,
    /// The hours that it counts: ids and minutes.
    pub hours: &'a [(String, i64)],
    /// Of all of this.
    pub fingerprint: &'a str,
}

/// Gives a certificate out. The caller holds the lock of the year's numbers. `false`: it was given out before.
pub async fn insert(tx: &mut Tx, new: NewCertificate<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let begin = format!("{}-", new.year);
    let (last,): (Option<String>,) =
        sqlx::query_as("SELECT MAX(number) FROM service_certificate WHERE substr(number, 1, length($1)) = $1")
            .bind(&begin)
            .fetch_one(&mut **tx)
            .await?;
    let last: i64 = last.and_then(|number| number.rsplit('-').next()?.parse().ok()).unwrap_or(0);
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO service_certificate (id, code, number, person_id, from_day, until_day, minutes, fingerprint, issued_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (fingerprint) DO NOTHING",
    )
    .bind(&id)
    .bind(clock::short_code(16))
    .bind(format!("{begin}{:07}", last + 1))
    .bind(new.person_id)
    .bind(new.span.0.to_string())
    .bind(new.span.1.to_string())
    .bind(new.hours.iter().map(|(_, minutes)| minutes).sum::<i64>())
    .bind(new.fingerprint)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    for (hour, _) in new.hours {
        sqlx::query("INSERT INTO service_certificate_hour (certificate_id, hour_id) VALUES ($1, $2)")
            .bind(&id)
            .bind(hour)
            .execute(&mut **tx)
            .await?;
    }
    Ok(true)
}
