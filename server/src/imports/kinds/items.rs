//! Service items with what to bring. They belong to no place: whoever may change items changes all of them.

use super::{Frame, Judged, Seen, mistake, outcome};
use crate::{
    db::{Tx, dialect},
    windows::store::{
        items::{self as store, StoredItem},
        settings::{self as versions, NewVersion},
    },
};
use app::{
    i18n::{Lang, Words},
    imports::{ITEM_COLUMNS, Merged, Outcome, Row, Verdict, between, item_cells, read_item_line},
    windows::{
        ServiceItem,
        item_form::{Offer, differences},
    },
};
use sqlx::AnyConnection;
use std::{collections::BTreeSet, sync::Arc};

fn codes(item: &ServiceItem) -> BTreeSet<String> {
    let questions = item.questions.iter().map(|question| question.code.clone());
    questions.chain(item.materials.iter().map(|material| material.code.clone())).collect()
}

/// Codes that the questions and materials of an item have, or once had: what stood for something else must not come back.
async fn used(connection: &mut AnyConnection, known: Option<&StoredItem>) -> anyhow::Result<BTreeSet<String>> {
    let Some(known) = known else { return Ok(BTreeSet::new()) };
    let mut used = codes(&known.item);
    let snapshots: Vec<(String,)> =
        sqlx::query_as("SELECT snapshot FROM setting_version WHERE object_kind = 'item' AND object_id = $1")
            .bind(&known.id)
            .fetch_all(connection)
            .await?;
    for (snapshot,) in snapshots {
        if let Ok(offer) = serde_json::from_str::<Offer>(&snapshot) {
            used.extend(codes(&offer.item));
        }
    }
    Ok(used)
}

/// Bookings to come that were made for as long as the item takes now.
async fn booked(connection: &mut AnyConnection, frame: &Frame<'_>, id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment a JOIN appointment_item i ON i.appointment_id = a.id \
         WHERE i.item_id = $1 AND a.state = 'booked' AND a.ends_at > $2",
    )
    .bind(id)
    .bind(frame.now.as_microsecond())
    .fetch_one(connection)
    .await?;
    Ok(count)
}

async fn read(
    connection: &mut AnyConnection,
    row: Row<'_>,
) -> anyhow::Result<(Option<StoredItem>, Merged<ServiceItem>)> {
    let known = store::with_code(connection, row.get("code").unwrap_or_default()).await?;
    let used = used(connection, known.as_ref()).await?;
    let read = read_item_line(row, known.as_ref().map(|known| &*known.item), &used);
    Ok((known, read))
}

/// Looks at lines.
pub(super) async fn judge(
    frame: &Frame<'_>,
    connection: &mut AnyConnection,
    rows: &[Row<'_>],
    seen: &mut Seen,
) -> anyhow::Result<Vec<Outcome>> {
    let columns: Vec<&str> = ITEM_COLUMNS.iter().map(|column| column.name).collect();
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let (known, mut read) = read(connection, *row).await?;
        if let Some((line, _)) = seen.get(&read.key) {
            let twice = mistake(row, "code", "imports-error-twice", line.to_string());
            read.mistakes.retain(|mistake| mistake.column != "code");
            read.mistakes.push(twice);
        }
        if let Some(known) = known.as_ref().filter(|known| read.says.minutes > known.item.minutes) {
            let booked = booked(connection, frame, &known.id).await?;
            if booked > 0 {
                read.mistakes.push(mistake(row, "minutes", "imports-error-booked", booked.to_string()));
            }
        }
        let cells = |item: &ServiceItem| item_cells(item, None);
        let differences = known.as_ref().map(|known| between(&columns, &cells(&known.item), &cells(&read.says)));
        let judged = Judged {
            new: known.is_none(),
            differences: differences.unwrap_or_default(),
            note: None,
            memo: String::new(),
        };
        outcomes.push(outcome(row.line, read, judged, seen));
    }
    Ok(outcomes)
}

/// Keeps bookings of these items waiting.
pub(super) async fn lock(frame: &Frame<'_>, tx: &mut Tx, rows: &[Row<'_>]) -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    for row in rows {
        ids.extend(store::with_code(tx, row.get("code").unwrap_or_default()).await?.map(|known| known.id));
    }
    for id in ids {
        dialect::lock_key(frame.app.db.engine(), tx, &store::key_of(&id)).await?;
    }
    Ok(())
}

/// Writes lines, each with a version of its item.
pub(super) async fn apply(frame: &Frame<'_>, tx: &mut Tx, lines: &[(Row<'_>, &Outcome)]) -> anyhow::Result<()> {
    let mut entries = Vec::new();
    for (row, outcome) in lines {
        let (known, read) = read(&mut *tx, *row).await?;
        let item = read.says;
        let id = match &known {
            Some(known) => {
                store::update(tx, &known.id, &item).await?;
                known.id.clone()
            }
            None => {
                let id = frame.id();
                let position = store::next_position(tx).await?;
                store::insert(tx, &id, &item, position).await?;
                id
            }
        };
        let retired = known.as_ref().is_some_and(|known| known.retired);
        let old = known.map(|known| Offer { item: Arc::unwrap_or_clone(known.item), retired });
        let new = Offer { item, retired };
        let base = versions::newest(&mut **tx, ("item", &id)).await?;
        let in_words = |lang| differences(old.as_ref(), &new, Words::new(lang));
        let version = NewVersion {
            object: ("item", &id),
            base,
            before: old.as_ref().map(serde_json::to_string).transpose()?,
            after: serde_json::to_string(&new)?,
            summary: (in_words(Lang::Zh), in_words(Lang::En)),
            by: frame.run.person_id.as_deref(),
        };
        let saved = versions::save(tx, version, frame.now).await?;
        let action = if outcome.verdict == Verdict::Add { "item.create" } else { "item.change" };
        let changed: Vec<&str> = outcome.differences.iter().map(|one| one.column.as_str()).collect();
        let detail = serde_json::json!({ "version": saved, "changed": changed });
        entries.push(frame.entry(action, ("item", id), outcome.line, detail));
    }
    frame.note(tx, entries).await?;
    Ok(())
}
