//! The statutory calendar: which years are known, and the import of one. Looked at before it is saved: what differs,
//! which bookings and which deadlines it hits.

use super::{
    preview::{self, DayRow, Decisions},
    wide::{self, AtHall, Cause},
};
use crate::{
    audit,
    db::dialect,
    http::{Ctx, Error, Result},
    places::calendar::{self, KnownYear},
    reports::{
        calendar_change::{self, Moved},
        recalculate::{self, Which},
    },
    windows::store::{
        Hall, halls,
        settings::{self as store, NewVersion, Version},
    },
};
use app::{
    i18n::{Lang, Words},
    people::Action,
    time::{
        HolidayCalendar, HolidayYear, date, day_of,
        import::{DayChange, ImportError, changed_days, read_year},
    },
    windows::settings::{HallSettings, Standing, hits},
};
use std::collections::BTreeMap;

/// The years that are known, with the version of each.
pub struct Known {
    /// By year.
    pub years: BTreeMap<i16, KnownYear>,
    /// Versions by year; 0 before the first import.
    pub versions: BTreeMap<i16, i64>,
}

/// What an import would do.
pub struct Preview {
    /// The year as it would be.
    pub year: HolidayYear,
    /// The version that it replaces.
    pub base: i64,
    /// Days that are seen differently.
    pub changes: Vec<DayChange>,
    /// The coming two weeks of the halls where something changes.
    pub days: Vec<(Hall, Vec<DayRow>)>,
    /// Bookings that are hit, by hall.
    pub hit: Vec<AtHall>,
    /// Open reports whose deadlines move, and how many more may.
    pub reports: (Vec<Moved>, usize),
    /// The decisions so far.
    pub decisions: Decisions,
    /// The page was sent to be saved, and has to be looked at again.
    pub again: bool,
}

/// What became of a text.
pub enum Outcome {
    /// Saved: the year.
    Saved(i16),
    /// Nothing differs from what is known.
    Same(i16),
    /// It cannot be read.
    Invalid(Vec<ImportError>),
    /// Look at what it would do, and decide.
    Preview(Box<Preview>),
    /// Somebody else imported the year meanwhile: what they changed.
    Conflict(i16, Vec<Version>),
}

/// The years that are known.
pub async fn known(ctx: &Ctx) -> Result<Known> {
    ctx.actor()?.require_somewhere(Action::ItemRead)?;
    let years = calendar::known(&ctx.app.db).await?;
    let mut versions = BTreeMap::new();
    for year in years.keys() {
        let version = store::newest(ctx.app.db.read(), ("calendar", &year.to_string())).await?;
        versions.insert(*year, version);
    }
    Ok(Known { years, versions })
}

/// What changes, in words.
pub fn in_words(changes: &[DayChange], w: Words) -> Vec<String> {
    let kind = |day: &Option<(bool, String, String)>| match day {
        None => w.t("calendar-day-ordinary"),
        Some((true, zh, en)) => w.tf("calendar-day-off", &[("name", w.pick(zh, en).into())]),
        Some((false, zh, en)) => w.tf("calendar-day-work", &[("name", w.pick(zh, en).into())]),
    };
    changes
        .iter()
        .map(|change| {
            let (before, after) = (kind(&change.before), kind(&change.after));
            let what = date(w.lang, change.date);
            w.tf("settings-diff-changed", &[("what", what.into()), ("before", before.into()), ("after", after.into())])
        })
        .collect()
}

/// A text was sent: nothing is saved before `confirm`. `version` says which version of the year it replaces; without
/// it, the one that is known now.
pub async fn submit(ctx: &Ctx, fields: &[(String, String)]) -> Result<Outcome> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ItemManage)?;
    let get = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let year = match read_year(get("text").unwrap_or_default(), get("source").unwrap_or_default()) {
        Ok(year) => year,
        Err(wrong) => return Ok(Outcome::Invalid(wrong)),
    };
    let db = &ctx.app.db;
    let number = year.year;
    let id = number.to_string();
    let version = store::newest(db.read(), ("calendar", &id)).await?;
    let base = get("version").map_or(version, |text| text.parse().unwrap_or(-1));
    if base != version {
        let since = store::versions(db.read(), ("calendar", &id), base.max(0)).await?;
        return Ok(Outcome::Conflict(number, since));
    }
    let known = calendar::known(db).await?;
    let before = known.get(&number).map(|known| known.year.clone());
    let changes = changed_days(before.as_ref(), &year);
    let same = |before: &HolidayYear| before.status == year.status && before.source == year.source;
    if changes.is_empty() && before.as_ref().is_some_and(same) {
        return Ok(Outcome::Same(number));
    }
    let all = |with: &HolidayYear| {
        let others = known.values().filter(|known| known.year.year != number).map(|known| known.year.clone());
        HolidayCalendar::new(others.chain(std::iter::once(with.clone())))
    };
    let old = HolidayCalendar::new(known.values().map(|known| known.year.clone()));
    let new = all(&year);
    let judge =
        |settings: &mut HallSettings, standing: &mut Vec<Standing>| hits((settings, &old), (settings, &new), standing);
    let cause = Cause { judge: &judge, calendar: &new };
    let decisions = Decisions::from_fields(fields);
    if get("confirm").is_none() {
        let mut hit = wide::look(ctx, &cause).await?;
        wide::decide(&mut hit, &decisions, false);
        let preview = show(ctx, (year, base, changes), (&old, &new), hit, (decisions, false)).await?;
        return Ok(Outcome::Preview(Box::new(preview)));
    }
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, "settings:calendar").await?;
    let mut hit = wide::look_locked(ctx, &mut tx, &cause).await?;
    if wide::decide(&mut hit, &decisions, true) {
        drop(tx);
        let preview = show(ctx, (year, base, changes), (&old, &new), hit, (decisions, true)).await?;
        return Ok(Outcome::Preview(Box::new(preview)));
    }
    let written = NewVersion {
        object: ("calendar", &id),
        base,
        before: before.as_ref().map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?,
        after: serde_json::to_string(&year).map_err(anyhow::Error::from)?,
        summary: (in_words(&changes, Words::new(Lang::Zh)), in_words(&changes, Words::new(Lang::En))),
        by: Some(&actor.id),
    };
    let Some(saved) = store::save(&mut tx, written, ctx.now).await? else {
        drop(tx);
        let since = store::versions(db.read(), ("calendar", &id), base).await?;
        return Ok(Outcome::Conflict(number, since));
    };
    calendar::write(&mut tx, &year, Some(&actor.id), ctx.now).await?;
    let event = format!("calendar:{number}:{saved}");
    if !wide::carry(ctx, &mut tx, &mut hit, &cause, (&event, &decisions)).await? {
        drop(tx);
        let preview = show(ctx, (year, base, changes), (&old, &new), hit, (decisions, true)).await?;
        return Ok(Outcome::Preview(Box::new(preview)));
    }
    // Deadlines of open reports are told again by the new calendar.
    recalculate::queue(&mut tx, Which::All, ctx.now).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "calendar.import",
        object_kind: "calendar",
        object_id: &id,
        detail: serde_json::json!({"version": saved, "days": changes.len(), "hits": wide::count(&hit)}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    // This server at once, the others within half a minute.
    ctx.app.calendar.refresh(db).await?;
    Ok(Outcome::Saved(number))
}

async fn show(
    ctx: &Ctx,
    (year, base, changes): (HolidayYear, i64, Vec<DayChange>),
    (old, new): (&HolidayCalendar, &HolidayCalendar),
    hit: Vec<AtHall>,
    (decisions, again): (Decisions, bool),
) -> Result<Preview> {
    let db = &ctx.app.db;
    let mut days = Vec::new();
    for hall in halls::all(db).await? {
        let settings = store::hall(db.read(), &hall, day_of(ctx.now)).await?;
        let rows = preview::days((&settings, old), (&settings, new), ctx.now);
        if rows.iter().any(|row| row.hours.0 != row.hours.1) {
            days.push((hall, rows));
        }
    }
    let whole = (jiff::civil::Date::new(year.year, 1, 1), jiff::civil::Date::new(year.year, 12, 31));
    // A year that becomes known, or is unknown again, moves more than its holidays.
    let reports = match whole {
        (Ok(first), Ok(last)) => calendar_change::moved(db, new, (first, last)).await?,
        _ => (Vec::new(), 0),
    };
    Ok(Preview { year, base, changes, days, hit, reports, decisions, again })
}

/// The versions of a year, newest first.
pub async fn history(ctx: &Ctx, year: i16) -> Result<Vec<Version>> {
    ctx.actor()?.require_somewhere(Action::ItemRead)?;
    let id = year.to_string();
    let versions = store::versions(ctx.app.db.read(), ("calendar", &id), 0).await?;
    if versions.is_empty() && !calendar::known(&ctx.app.db).await?.contains_key(&year) {
        return Err(Error::NotFound);
    }
    Ok(versions)
}

/// The text of a version, to be imported again.
pub async fn restore(ctx: &Ctx, year: i16, version: i64) -> Result<String> {
    ctx.actor()?.require_somewhere(Action::ItemManage)?;
    let found = store::version(ctx.app.db.read(), ("calendar", &year.to_string()), version).await?;
    let year: HolidayYear =
        serde_json::from_str(&found.ok_or(Error::NotFound)?.snapshot).map_err(anyhow::Error::from)?;
    Ok(serde_json::to_string_pretty(&year).map_err(anyhow::Error::from)?)
}
