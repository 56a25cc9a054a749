//! Categories of reports with their limits. They belong to no place.

use super::{Frame, Judged, Seen, mistake, outcome};
use crate::{
    db::Tx,
    reports::recalculate::{self, Which},
};
use app::imports::{CategoryLine, Kind, Outcome, Row, Verdict, between, category_cells, read_category};
use sqlx::AnyConnection;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Stored {
    code: String,
    major: String,
    major_name: String,
    major_name_en: String,
    name: String,
    name_en: String,
    hints: String,
    limit_kind: String,
    limit_amount: i64,
    photo_needed: i64,
    active: i64,
}

/// All categories in their order.
pub async fn known(connection: &mut AnyConnection) -> anyhow::Result<Vec<CategoryLine>> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT code, major, major_name, major_name_en, name, name_en, hints, limit_kind, limit_amount, photo_needed, \
         active FROM category ORDER BY position, code",
    )
    .fetch_all(connection)
    .await?;
    let line = |row: Stored| -> anyhow::Result<CategoryLine> {
        Ok(CategoryLine {
            words: serde_json::from_str(&row.hints)?,
            code: row.code,
            major: row.major,
            major_name: row.major_name,
            major_name_en: row.major_name_en,
            name: row.name,
            name_en: row.name_en,
            limit_kind: row.limit_kind,
            limit_amount: row.limit_amount,
            photo_needed: row.photo_needed == 1,
            active: row.active == 1,
        })
    };
    rows.into_iter().map(line).collect()
}

async fn by_code(connection: &mut AnyConnection) -> anyhow::Result<HashMap<String, CategoryLine>> {
    Ok(known(connection).await?.into_iter().map(|one| (one.code.clone(), one)).collect())
}

/// Looks at lines.
pub(super) async fn judge(
    connection: &mut AnyConnection,
    rows: &[Row<'_>],
    seen: &mut Seen,
) -> anyhow::Result<Vec<Outcome>> {
    let known = by_code(connection).await?;
    let columns: Vec<&str> = Kind::Categories.columns().iter().map(|column| column.name).collect();
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let before = known.get(row.get("code").unwrap_or_default());
        let mut read = read_category(*row, before);
        if let Some((line, _)) = seen.get(&read.key) {
            read.mistakes.retain(|mistake| mistake.column != "code");
            read.mistakes.push(mistake(row, "code", "imports-error-twice", line.to_string()));
        }
        let cells = |line: &CategoryLine| category_cells(line, None);
        let differences = before.map(|before| between(&columns, &cells(before), &cells(&read.says)));
        let judged = Judged {
            new: before.is_none(),
            differences: differences.unwrap_or_default(),
            note: None,
            memo: String::new(),
        };
        outcomes.push(outcome(row.line, read, judged, seen));
    }
    Ok(outcomes)
}

/// Writes lines; deadlines of open reports are calculated again where a limit is another.
pub(super) async fn apply(frame: &Frame<'_>, tx: &mut Tx, lines: &[(Row<'_>, &Outcome)]) -> anyhow::Result<()> {
    let known = by_code(&mut *tx).await?;
    let mut entries = Vec::new();
    for (row, outcome) in lines {
        let before = known.get(row.get("code").unwrap_or_default());
        let line = read_category(*row, before).says;
        write(tx, &line).await?;
        let limit = |line: &CategoryLine| (line.limit_kind.clone(), line.limit_amount);
        if before.is_some_and(|before| limit(before) != limit(&line)) {
            recalculate::queue(tx, Which::Category(line.code.clone()), frame.now).await?;
        }
        let action = if outcome.verdict == Verdict::Add { "category.add" } else { "category.change" };
        let changed: Vec<&str> = outcome.differences.iter().map(|one| one.column.as_str()).collect();
        let detail = serde_json::json!({ "kind": line.limit_kind, "amount": line.limit_amount, "changed": changed });
        entries.push(frame.entry(action, ("category", line.code), outcome.line, detail));
    }
    frame.note(tx, entries).await?;
    Ok(())
}

async fn write(tx: &mut Tx, line: &CategoryLine) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO category (code, major, major_name, major_name_en, name, name_en, hints, limit_kind, limit_amount, \
         photo_needed, active, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
         (SELECT COALESCE(MAX(c.position), 0) + 1 FROM category c)) ON CONFLICT (code) DO UPDATE SET \
         major = excluded.major, major_name = excluded.major_name, major_name_en = excluded.major_name_en, \
         name = excluded.name, name_en = excluded.name_en, hints = excluded.hints, limit_kind = excluded.limit_kind, \
         limit_amount = excluded.limit_amount, photo_needed = excluded.photo_needed, active = excluded.active",
    )
    .bind(&line.code)
    .bind(&line.major)
    .bind(&line.major_name)
    .bind(&line.major_name_en)
    .bind(&line.name)
    .bind(&line.name_en)
    .bind(serde_json::to_string(&line.words)?)
    .bind(&line.limit_kind)
    .bind(line.limit_amount)
    .bind(i64::from(line.photo_needed))
    .bind(i64::from(line.active))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
