//! Service items.

use crate::db::{Db, Tx};
use anyhow::Context;
use app::windows::{Area, ServiceItem};

/// An item with its id.
#[derive(Clone, Debug)]
pub struct StoredItem {
    /// Id.
    pub id: String,
    /// The item.
    pub item: ServiceItem,
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
        Ok(StoredItem { id: self.id, item })
    }
}

/// All items, in their order.
pub async fn all(db: &Db) -> anyhow::Result<Vec<StoredItem>> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT * FROM service_item ORDER BY position, code").fetch_all(db.read()).await?;
    rows.into_iter().map(Row::item).collect()
}

/// Codes of the items that a hall serves.
pub async fn codes_at(db: &Db, hall_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT s.code FROM service_item s JOIN window_item i ON i.item_id = s.id \
         JOIN service_window w ON w.id = i.window_id WHERE w.hall_id = $1",
    )
    .bind(hall_id)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// The item with this code.
pub async fn by_code(db: &Db, code: &str) -> anyhow::Result<Option<StoredItem>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM service_item WHERE code = $1").bind(code).fetch_optional(db.read()).await?;
    row.map(Row::item).transpose()
}

/// The items with these ids, in no order.
pub async fn by_ids(db: &Db, ids: &[&str]) -> anyhow::Result<Vec<StoredItem>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<Row> =
            sqlx::query_as("SELECT * FROM service_item WHERE id = $1").bind(*id).fetch_optional(db.read()).await?;
        if let Some(row) = row {
            found.push(row.item()?);
        }
    }
    Ok(found)
}

/// Adds an item.
pub async fn insert(tx: &mut Tx, id: &str, item: &ServiceItem, position: i64) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO service_item (id, code, letter, area, title, title_en, official_name, official_name_en, keywords, \
         who, who_en, minutes, fee, fee_en, basis, basis_en, result, result_en, how_long, how_long_en, questions, \
         materials, position, life_events) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16, $17, $18, $19, $20, $21, $22, $23, $24)",
    )
    .bind(id)
    .bind(&item.code)
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
    .bind(position)
    .bind(serde_json::to_string(&item.life_events)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
