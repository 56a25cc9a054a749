//! Who may take which table of which subtree, and its rows.

use super::{
    sink::{Sink, TooLong, Value},
    tables::{self, Holds, Over, Table},
};
use crate::{
    app_state::App,
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, Result},
    imports::kinds::{KnownPlace, known_categories},
    places::{self, Organisation, OrganisationKind},
    windows::store::items,
};
use app::{
    exports::Dataset,
    i18n::Words,
    imports::{Kind, category_cells, item_cells, place_cells, yes},
    people::{Action, Role},
    time::{start_of, zone},
};
use axum::body::Bytes;
use futures::TryStreamExt;
use jiff::{Timestamp, civil::Date};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};
use tokio::sync::mpsc::{Receiver, channel};

/// Most rows of an xlsx file; CSV has no such limit.
pub const MOST_XLSX: u32 = 200_000;
/// Longest period, in days.
pub const MOST_DAYS: i32 = 3660;
/// Organisations shown to choose from, at most.
const MOST_PLACES: usize = 300;

/// The tables that the reader may have, at least one.
pub fn datasets(ctx: &Ctx) -> Result<Vec<Dataset>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::DataExport)?;
    Ok(Dataset::ALL.into_iter().filter(|dataset| actor.require_somewhere(dataset.action()).is_ok()).collect())
}

/// Districts, streets, communities and grids of the reader, from above to below.
pub async fn places(ctx: &Ctx) -> Result<Vec<Organisation>> {
    use OrganisationKind::{Community, District, Grid, Subdistrict};
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::DataExport)?;
    let mut found: Vec<Organisation> = Vec::new();
    for kind in [District, Subdistrict, Community, Grid] {
        for scope in actor.scopes(Action::DataExport) {
            for place in places::store::under(&ctx.app.db, scope, kind).await? {
                if found.len() < MOST_PLACES && !found.iter().any(|other| other.id == place.id) {
                    found.push(place);
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The table.
    pub dataset: Dataset,
    /// Path of the subtree.
    pub path: String,
    /// First and last day.
    pub period: (Date, Date),
    /// Telephone numbers in full, for the people.
    pub contacts: bool,
    /// Words.
    pub w: Words,
}

impl Asked {
    /// The period in microseconds: from, and until before.
    pub fn span(&self) -> (i64, i64) {
        let (from, to) = self.period;
        (start_of(from).as_microsecond(), start_of(to.tomorrow().unwrap_or(to)).as_microsecond())
    }
}

/// Asks whether the reader may have a table of a subtree.
pub fn may(ctx: &Ctx, dataset: Dataset, place: &Organisation) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require(Action::DataExport, &place.path)?;
    actor.require(dataset.action(), &place.path)
}

/// Asks for permission and writes down that the table is taken out, by whom, of what.
pub async fn permit(ctx: &Ctx, asked: &Asked, place: &Organisation, form: &str) -> Result<()> {
    may(ctx, asked.dataset, place)?;
    let actor = ctx.actor()?;
    if asked.contacts {
        actor.require(Action::PeopleManage, &place.path)?;
    }
    let entry = audit::Entry {
        by: By::Person(&actor.id),
        action: "export.take",
        object_kind: "export",
        object_id: asked.dataset.code(),
        detail: serde_json::json!({
            "place": place.code, "from": asked.period.0, "to": asked.period.1, "as": form, "contacts": asked.contacts,
        }),
        request_id: &ctx.request_id,
    };
    let mut tx = ctx.app.db.begin().await?;
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// The table as CSV, read while it is sent. A mistake in the middle breaks the answer off, so that nobody takes half a table
/// for a whole one.
pub fn csv(app: &App, asked: Asked) -> Receiver<anyhow::Result<Bytes>> {
    let (sender, receiver) = channel(4);
    let app = app.clone();
    tokio::spawn(async move {
        let mut sink = Sink::csv(sender.clone());
        let done = match rows(&app, &asked, &mut sink).await {
            Ok(()) => sink.finish().await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            tracing::warn!(error = format!("{error:#}"), table = asked.dataset.code(), "an export broke off");
            let _ = sender.send(Err(error)).await;
        }
    });
    receiver
}

/// The table as a workbook; `None` when it has more rows than one takes.
pub async fn xlsx(app: &App, asked: &Asked) -> Result<Option<Vec<u8>>> {
    let mut sink = Sink::xlsx(MOST_XLSX);
    match rows(app, asked, &mut sink).await {
        Ok(()) => {}
        Err(error) if error.is::<TooLong>() => return Ok(None),
        Err(error) => return Err(Error::from(error)),
    }
    Ok(sink.finish().await?)
}

async fn rows(app: &App, asked: &Asked, sink: &mut Sink) -> anyhow::Result<()> {
    let mut tx = app.db.snapshot().await?;
    let done = match (tables::table(asked.dataset), asked.dataset) {
        (Some(table), _) => stored(asked, table, &mut tx, sink).await,
        (None, Dataset::People) => people(app, asked, &mut tx, sink).await,
        (None, Dataset::PropertyCompanies | Dataset::PropertyEntries) => {
            crate::property::exports::write(app, asked, sink).await
        }
        (None, Dataset::Consultations) => crate::consultations::exports::write(app, asked, sink).await,
        (None, Dataset::Calendar) => places::exports::write(app, asked, sink).await,
        (None, Dataset::Items) => {
            heads(Kind::Items, asked.w, sink).await?;
            for stored in items::all(&app.db).await? {
                texts(item_cells(&stored.item, Some(asked.w)), sink).await?;
            }
            Ok(())
        }
        (None, Dataset::Categories) => {
            heads(Kind::Categories, asked.w, sink).await?;
            for category in known_categories(&mut tx).await? {
                texts(category_cells(&category, Some(asked.w)), sink).await?;
            }
            Ok(())
        }
        (None, dataset) => {
            let kind = if dataset == Dataset::Buildings { Kind::Buildings } else { Kind::Organisations };
            tree(kind, asked, &mut tx, sink).await
        }
    };
    tx.rollback().await?;
    done
}

async fn heads(kind: Kind, w: Words, sink: &mut Sink) -> anyhow::Result<()> {
    texts(kind.columns().iter().map(|column| w.t(column.key)).collect(), sink).await
}

async fn texts(cells: Vec<String>, sink: &mut Sink) -> anyhow::Result<()> {
    sink.row(cells.into_iter().map(Value::Text).collect()).await
}

/// A table by its statement.
async fn stored(asked: &Asked, table: &'static Table, tx: &mut Tx, sink: &mut Sink) -> anyhow::Result<()> {
    texts(table.columns.iter().map(|(key, _)| asked.w.t(key)).collect(), sink).await?;
    let query = sqlx::query(table.sql).bind(&asked.path);
    let query = match table.over {
        Over::Instants => query.bind(asked.span().0).bind(asked.span().1),
        Over::Days => query.bind(asked.period.0.to_string()).bind(asked.period.1.to_string()),
        Over::Now => query,
    };
    let mut rows = query.fetch(&mut **tx);
    while let Some(row) = rows.try_next().await? {
        sink.row(cells(&row, table, asked.w)?).await?;
    }
    Ok(())
}

/// An instant in microseconds as spreadsheets sort it, in local time.
pub fn instant(micros: i64) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn cells(row: &AnyRow, table: &Table, w: Words) -> std::result::Result<Vec<Value>, sqlx::Error> {
    let mut cells = Vec::with_capacity(table.columns.len());
    let mut at = 0;
    for (_, holds) in table.columns {
        let text = |at: usize| row.try_get::<Option<String>, _>(at).map(Option::unwrap_or_default);
        let number = |at: usize| row.try_get::<Option<i64>, _>(at);
        cells.push(match holds {
            Holds::Text => Value::Text(text(at)?),
            Holds::Whole => number(at)?.map_or(Value::Text(String::new()), Value::Whole),
            Holds::Instant => Value::Text(number(at)?.map(instant).unwrap_or_default()),
            Holds::Pick => {
                let (zh, en) = (text(at)?, text(at + 1)?);
                at += 1;
                Value::Text(w.pick(&zh, &en).to_owned())
            }
            Holds::Word(key) => {
                let code = text(at)?;
                Value::Text(key(&code).map_or(code, |key| w.t(key)))
            }
        });
        at += 1;
    }
    Ok(cells)
}

/// The organisation tree, or the buildings.
async fn tree(kind: Kind, asked: &Asked, tx: &mut Tx, sink: &mut Sink) -> anyhow::Result<()> {
    heads(kind, asked.w, sink).await?;
    let level = if kind == Kind::Buildings { "o.kind = 'building'" } else { "o.kind <> 'building'" };
    // What is above comes first: an import reads it in this order.
    let sql = format!("{} WHERE substr(o.path, 1, length($1)) = $1 AND {level} ORDER BY o.path", KnownPlace::SELECT);
    let mut rows = sqlx::query_as::<_, KnownPlace>(AssertSqlSafe(sql)).bind(&asked.path).fetch(&mut **tx);
    while let Some(known) = rows.try_next().await? {
        texts(place_cells(kind, &known.place(), Some(asked.w)), sink).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    phone_sealed: String,
    phone_masked: String,
    name: String,
    role: String,
    code: String,
    unit: String,
    unit_en: String,
    lead: i64,
}

/// People with their roles; numbers in full only where that was asked for.
async fn people(app: &App, asked: &Asked, tx: &mut Tx, sink: &mut Sink) -> anyhow::Result<()> {
    heads(Kind::People, asked.w, sink).await?;
    let mut rows = sqlx::query_as::<_, PersonRow>(
        "SELECT p.phone_sealed, p.phone_masked, p.name, g.role, o.code, p.unit, p.unit_en, g.lead \
         FROM role_grant g JOIN person p ON p.id = g.person_id JOIN organisation o ON o.id = g.organisation_id \
         WHERE substr(o.path, 1, length($1)) = $1 ORDER BY o.path, g.role, p.name, p.id",
    )
    .bind(&asked.path)
    .fetch(&mut **tx);
    while let Some(row) = rows.try_next().await? {
        let phone = if asked.contacts { app.secrets.open(&row.phone_sealed)? } else { row.phone_masked };
        let of_unit = |text: String| if row.role == Role::Unit.code() { text } else { String::new() };
        let word = Role::from_code(&row.role).map_or(row.role.clone(), |role| asked.w.t(role.key()));
        let lead = of_unit(yes(row.lead == 1, Some(asked.w)));
        let cells = vec![phone, row.name, word, row.code, of_unit(row.unit), of_unit(row.unit_en), lead];
        texts(cells, sink).await?;
    }
    Ok(())
}
