//! Service items.

use crate::db::{Db, Engine, Tx, dialect, marks};
use anyhow::Context;
use app::windows::{Area, ServiceItem};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// An item with its id.
#[derive(Clone, Debug)]
pub struct StoredItem {
    /// Id.
    pub id: String,
    /// The item.
    pub item: Arc<ServiceItem>,
    /// No longer offered; it stays for the sake of old bookings.
    pub retired: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    code: String,
    letter: String,
    area: String,
    title: String,
    title_en: String,
    official_name: String,
    official_name_en: String,
    keywords: String,
    life_events: String,
    who: String,
    who_en: String,
    minutes: i64,
    fee: String,
    fee_en: String,
    basis: String,
    basis_en: String,
    result: String,
    result_en: String,
    how_long: String,
    how_long_en: String,
    questions: String,
    materials: String,
    retired_at: Option<i64>,
}

impl Row {
    fn item(self) -> anyhow::Result<StoredItem> {
        let item = ServiceItem {
            area: Area::from_code(&self.area).context("an area")?,
            keywords: serde_json::from_str(&self.keywords).context("keywords")?,
            life_events: serde_json::from_str(&self.life_events).context("life events")?,
            questions: serde_json::from_str(&self.questions).context("questions")?,
            materials: serde_json::from_str(&self.materials).context("materials")?,
            code: self.code,
            letter: self.letter,
            title: self.title,
            title_en: self.title_en,
            official_name: self.official_name,
            official_name_en: self.official_name_en,
            who: self.who,
            who_en: self.who_en,
            minutes: self.minutes,
            fee: self.fee,
            fee_en: self.fee_en,
            basis: self.basis,
            basis_en: self.basis_en,
            result: self.result,
            result_en: self.result_en,
            how_long: self.how_long,
            how_long_en: self.how_long_en,
        };
        Ok(StoredItem { id: self.id, item: Arc::new(item), retired: self.retired_at.is_some() })
    }
}

/// The columns of a [`Row`], by name: see `places::store`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, letter, area, title, title_en, official_name, official_name_en, keywords, life_events, who, \
             who_en, minutes, fee, fee_en, basis, basis_en, result, result_en, how_long, how_long_en, questions, materials, \
             retired_at FROM service_item ",
            $rest
        )
    };
}

/// All items, in their order; those that are no longer offered as well.
pub async fn all(db: &Db) -> anyhow::Result<Vec<StoredItem>> {
    let rows: Vec<Row> = sqlx::query_as(select!("ORDER BY position, code")).fetch_all(db.read()).await?;
    rows.into_iter().map(Row::item).collect()
}

/// The items that are offered, in their order.
pub async fn offered(db: &Db) -> anyhow::Result<Vec<StoredItem>> {
    let mut all = all(db).await?;
    all.retain(|stored| !stored.retired);
    Ok(all)
}

/// Codes of the items that a hall offers.
pub async fn codes_at(db: &Db, hall_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT s.code FROM service_item s JOIN window_item i ON i.item_id = s.id \
         JOIN service_window w ON w.id = i.window_id WHERE w.hall_id = $1 AND s.retired_at IS NULL",
    )
    .bind(hall_id)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// The item with this code, if it is offered.
pub async fn offered_by_code(db: &Db, code: &str) -> anyhow::Result<Option<StoredItem>> {
    Ok(by_code(db, code).await?.filter(|stored| !stored.retired))
}

/// Those with these codes that are offered, by code.
pub async fn offered_by_codes(db: &Db, codes: Vec<String>) -> anyhow::Result<HashMap<String, StoredItem>> {
    let sql = format!("{} IN ({}) AND retired_at IS NULL", select!("WHERE code"), marks(1, codes.len()));
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for code in codes {
        query = query.bind(code);
    }
    let rows: Vec<Row> = query.fetch_all(db.read()).await?;
    rows.into_iter().map(|row| row.item().map(|stored| (stored.item.code.clone(), stored))).collect()
}

/// The key that whoever changes an item locks, and whoever books it shares.
pub fn key_of(id: &str) -> String {
    format!("item:{id}")
}

/// Whether all these items are still offered and take as long as they did when they were read; it stays so until the
/// transaction ends.
pub async fn keep(tx: &mut Tx, engine: Engine, stored: &[StoredItem]) -> Result<bool, sqlx::Error> {
    let kept = minutes(tx, engine, stored.iter().map(|stored| stored.id.as_str()).collect()).await?;
    Ok(stored.iter().all(|stored| is_as_read(&kept, stored)))
}

/// Minutes of those of these items that are still offered, by id; it stays so until the transaction ends.
pub async fn minutes(tx: &mut Tx, engine: Engine, ids: BTreeSet<&str>) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<String> = ids.iter().map(|id| key_of(id)).collect();
    dialect::share_keys(engine, tx, &keys).await?;
    let sql =
        format!("SELECT id, minutes FROM service_item WHERE id IN ({}) AND retired_at IS NULL", marks(1, ids.len()));
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id);
    }
    let rows: Vec<(String, i64)> = query.fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().collect())
}

/// Whether an item is in [`minutes`] as it was when it was read.
pub fn is_as_read(minutes: &BTreeMap<String, i64>, stored: &StoredItem) -> bool {
    minutes.get(&stored.id) == Some(&stored.item.minutes)
}

/// The item with this code, offered or not.
pub async fn by_code(db: &Db, code: &str) -> anyhow::Result<Option<StoredItem>> {
    with_code(&mut *db.read().acquire().await?, code).await
}

/// The same within a transaction.
pub async fn with_code(connection: &mut sqlx::AnyConnection, code: &str) -> anyhow::Result<Option<StoredItem>> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE code = $1")).bind(code).fetch_optional(connection).await?;
    row.map(Row::item).transpose()
}

/// The items with these ids, in no order.
pub async fn by_ids(db: &Db, ids: &[&str]) -> anyhow::Result<Vec<StoredItem>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<Row> = sqlx::query_as(select!("WHERE id = $1")).bind(*id).fetch_optional(db.read()).await?;
        if let Some(row) = row {
            found.push(row.item()?);
        }
    }
    Ok(found)
}

type Statement<'q> = sqlx::query::Query<'q, sqlx::Any, <sqlx::Any as sqlx::Database>::Arguments>;

/// Binds what an item says, as `$1` to `$21` in the order of the columns in [`insert`].
fn bind_item<'q>(statement: Statement<'q>, item: &'q ServiceItem) -> anyhow::Result<Statement<'q>> {
    Ok(statement
        .bind(&item.letter)
        .bind(item.area.code())
        .bind(&item.title)
        .bind(&item.title_en)
        .bind(&item.official_name)
        .bind(&item.official_name_en)
        .bind(serde_json::to_string(&item.keywords)?)
        .bind(&item.who)
        .bind(&item.who_en)
        .bind(item.minutes)
        .bind(&item.fee)
        .bind(&item.fee_en)
        .bind(&item.basis)
        .bind(&item.basis_en)
        .bind(&item.result)
        .bind(&item.result_en)
        .bind(&item.how_long)
        .bind(&item.how_long_en)
        .bind(serde_json::to_string(&item.questions)?)
        .bind(serde_json::to_string(&item.materials)?)
        .bind(serde_json::to_string(&item.life_events)?))
}

/// Adds an item.
pub async fn insert(tx: &mut Tx, id: &str, item: &ServiceItem, position: i64) -> anyhow::Result<()> {
    let statement = sqlx::query(
        "INSERT INTO service_item (letter, area, title, title_en, official_name, official_name_en, keywords, \
         who, who_en, minutes, fee, fee_en, basis, basis_en, result, result_en, how_long, how_long_en, questions, \
         materials, life_events, id, code, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
    );
    bind_item(statement, item)?.bind(id).bind(&item.code).bind(position).execute(&mut **tx).await?;
    Ok(())
}

/// Puts another state in an item's place; its code stays.
pub async fn update(tx: &mut Tx, id: &str, item: &ServiceItem) -> anyhow::Result<()> {
    let statement = sqlx::query(
        "UPDATE service_item SET letter = $1, area = $2, title = $3, title_en = $4, official_name = $5, \
         official_name_en = $6, keywords = $7, who = $8, who_en = $9, minutes = $10, fee = $11, fee_en = $12, \
         basis = $13, basis_en = $14, result = $15, result_en = $16, how_long = $17, how_long_en = $18, \
         questions = $19, materials = $20, life_events = $21 WHERE id = $22",
    );
    bind_item(statement, item)?.bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Says since when an item is no longer offered; `None`: it is offered.
pub async fn set_retired(tx: &mut Tx, id: &str, since: Option<Timestamp>) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE service_item SET retired_at = $2 WHERE id = $1")
        .bind(id)
        .bind(since.map(Timestamp::as_microsecond))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The place behind all items.
pub async fn next_position(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    let (position,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(MAX(position), -1) + 1 AS BIGINT) FROM service_item")
            .fetch_one(&mut **tx)
            .await?;
    Ok(position)
}

/// Which windows do an item: code of the item, code of the hall, number of the window; in the halls' order.
pub async fn windows_of(db: &Db) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.code, h.code, w.number FROM window_item n JOIN service_item s ON s.id = n.item_id \
         JOIN service_window w ON w.id = n.window_id JOIN hall h ON h.id = w.hall_id \
         WHERE w.closed = 0 ORDER BY h.position, h.code, w.number",
    )
    .fetch_all(db.read())
    .await
}
