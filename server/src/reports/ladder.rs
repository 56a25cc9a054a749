//! What happens by itself as an owner's time runs out: a warning before, 督办 rung by rung after. Each once for each deadline.

use super::{
    clocks::hours_at,
    steps::message_args,
    store::{self, Report, instant},
};
use crate::{
    app_state::App,
    audit, clock,
    people::{self, inbox, store::PersonBrief},
};
use app::{
    people::Role,
    reports::{
        clock::{Lead, leads, rung},
        due::LimitKind,
        worktime::{DEFAULT_HOURS, WorkTime},
    },
};
use jiff::{SignedDuration, Timestamp, civil::Time};
use std::collections::BTreeMap;

/// Reports read at once.
const PAGE: usize = 500;

/// A report whose owner's time is short or over, and that has not been told of it yet.
#[derive(sqlx::FromRow)]
struct Due {
    id: String,
    path: String,
    limit_kind: String,
    dispatched_at: i64,
    owner_due_at: i64,
    /// The highest rung that was reached with this deadline, or, where it has moved to another time that is over, since then.
    stands: i64,
}

/// Looks at all reports whose owner's time is short or over.
pub async fn climb(app: &App) -> anyhow::Result<()> {
    climb_by(app, PAGE).await
}

/// The same, so many reports at a time: the next ones begin after the last of those before, until there are no more.
pub async fn climb_by(app: &App, page: usize) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut after = (i64::MIN, String::new());
    let mut hours: BTreeMap<String, Vec<(Time, Time)>> = BTreeMap::new();
    loop {
        let due = short_of_time(app, now, &after, page).await?;
        let Some(last) = due.last() else { return Ok(()) };
        after = (last.owner_due_at, last.id.clone());
        for one in &due {
            if !hours.contains_key(&one.path) {
                let own = hours_at(&mut *app.db.read().acquire().await?, &one.path).await?;
                hours.insert(one.path.clone(), own);
            }
            let hours = hours.get(&one.path).map_or(&DEFAULT_HOURS[..], Vec::as_slice);
            let reached = reached(&WorkTime { calendar: &app.calendar, hours }, one, now);
            if reached > one.stands || instant(one.owner_due_at) >= now {
                act(app, one, reached, now).await?;
            }
        }
    }
}

/// The rung that a report is on by now; 0 while there is time.
fn reached(work: &WorkTime<'_>, due: &Due, now: Timestamp) -> i64 {
    let (from, end) = (instant(due.dispatched_at), instant(due.owner_due_at));
    if end >= now {
        return 0;
    }
    let kind = LimitKind::from_code(&due.limit_kind).unwrap_or(LimitKind::WorkingDays);
    let whole = work.measure(kind, from, end).unwrap_or(SignedDuration::from_hours(8));
    rung(whole, work.measure(kind, end, now).unwrap_or_default())
}

/// The next reports of which a quarter of the time is left, or less, in the order of their deadlines. Those on the last
/// rung of this deadline are done with, and so are those whose owner was warned of this deadline, until it is over.
async fn short_of_time(
    app: &App,
    now: Timestamp,
    (at, id): &(i64, String),
    page: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.id, r.path, c.limit_kind, r.dispatched_at, r.owner_due_at, \
         COALESCE((SELECT MAX(s.rung) FROM report_supervision s WHERE s.report_id = r.id \
         AND (s.owner_due_at = r.owner_due_at OR (s.rung > 0 AND s.ordered_at >= r.owner_due_at))), 0) AS stands \
         FROM report r JOIN category c ON c.code = r.category \
         WHERE r.state IN ('dispatched', 'in_progress') AND r.owner_due_at IS NOT NULL AND r.dispatched_at IS NOT NULL \
         AND 4 * (r.owner_due_at - $1) < r.owner_due_at - r.dispatched_at \
         AND (r.owner_due_at > $2 OR (r.owner_due_at = $2 AND r.id > $3)) \
         AND NOT EXISTS (SELECT 1 FROM report_supervision s WHERE s.report_id = r.id \
         AND s.rung = 4 AND (s.owner_due_at = r.owner_due_at OR s.ordered_at >= r.owner_due_at)) \
         AND (r.owner_due_at < $1 OR NOT EXISTS (SELECT 1 FROM inbox_message m WHERE m.person_id = r.owner_id \
         AND m.dedupe_key = 'report:' || r.id || ':soon:' || CAST(r.owner_due_at AS TEXT))) \
         ORDER BY r.owner_due_at, r.id LIMIT $4",
    )
    .bind(now.as_microsecond())
    .bind(at)
    .bind(id)
    .bind(i64::try_from(page).unwrap_or(i64::MAX))
    .fetch_all(app.db.read())
    .await
}

/// Warns, or orders supervision on every rung up to the one that is reached.
async fn act(app: &App, due: &Due, reached: i64, now: Timestamp) -> anyhow::Result<()> {
    let Some(report) = store::by_id(&app.db, &due.id).await? else { return Ok(()) };
    if reached == 0 {
        return warn(app, &report, now).await;
    }
    for rung in due.stands + 1..=reached {
        order(app, &report, rung, due.owner_due_at, now).await?;
    }
    Ok(())
}

/// Tells the owner that time is short: once for each deadline.
async fn warn(app: &App, report: &Report, now: Timestamp) -> anyhow::Result<()> {
    let (Some(owner), Some(due)) = (&report.owner_id, report.owner_due_at) else { return Ok(()) };
    let mut tx = app.db.begin().await?;
    let href = format!("/volunteer/reports/{}", report.code);
    let message = inbox::Message {
        person_id: owner,
        text_key: "inbox-report-soon",
        text_args: message_args(report, "", ""),
        href: &href,
        dedupe_key: &format!("report:{}:soon:{due}", report.id),
    };
    inbox::send(&mut tx, message, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Orders supervision on one rung. The database lets each rung of a deadline through once.
async fn order(app: &App, report: &Report, rung: i64, due: i64, now: Timestamp) -> anyhow::Result<()> {
    let readers = readers(app, report, rung).await?;
    let mut tx = app.db.begin().await?;
    let done = sqlx::query(
        "INSERT INTO report_supervision (id, report_id, rung, ordered_by, ordered_at, text, owner_due_at) \
         VALUES ($1, $2, $3, NULL, $4, '', $5) ON CONFLICT DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(&report.id)
    .bind(rung)
    .bind(now.as_microsecond())
    .bind(due)
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    let dedupe_key = format!("report:{}:rung:{rung}:{due}", report.id);
    for Reader { person, as_whom } in &readers {
        let mut text_args = message_args(report, "", "");
        let (text_key, folder) = match as_whom {
            AsWhom::Owner => ("inbox-report-overdue-owner", "/volunteer/reports"),
            AsWhom::Lead { of, reads } => {
                text_args["owner"] = of.as_str().into();
                ("inbox-report-overdue-lead", if *reads { "/staff/reports" } else { "/reports" })
            }
            AsWhom::Above => ("inbox-report-overdue", "/staff/reports"),
        };
        let href = format!("{folder}/{}", report.code);
        let message =
            inbox::Message { person_id: &person.id, text_key, text_args, href: &href, dedupe_key: &dedupe_key };
        inbox::send(&mut tx, message, now).await?;
    }
    let entry = audit::Entry {
        by: audit::By::System,
        action: "report.overdue",
        object_kind: "report",
        object_id: &report.id,
        detail: serde_json::json!({ "code": report.code, "rung": rung }),
        request_id: "",
    };
    audit::write(&mut tx, entry, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody who hears that a report is overdue.
struct Reader {
    person: PersonBrief,
    as_whom: AsWhom,
}

/// As whom they hear it.
enum AsWhom {
    /// It is theirs.
    Owner,
    /// They lead the owner, and may read the report as staff do or only what the public reads.
    Lead { of: String, reads: bool },
    /// The community and those above it.
    Above,
}

/// Who hears on a rung: the owner and their lead, then the community, the street, the district.
async fn readers(app: &App, report: &Report, rung: i64) -> Result<Vec<Reader>, sqlx::Error> {
    let (role, kind) = match rung {
        1 => return owner_and_lead(app, report).await,
        2 => (Role::CommunityStaff, "community"),
        3 => (Role::Supervisor, "subdistrict"),
        _ => (Role::Supervisor, "district"),
    };
    let people = with_role_above(app, role, kind, &report.path).await?;
    Ok(people.into_iter().map(|person| Reader { person, as_whom: AsWhom::Above }).collect())
}

async fn owner_and_lead(app: &App, report: &Report) -> Result<Vec<Reader>, sqlx::Error> {
    let Some(owner) = &report.owner_id else { return Ok(Vec::new()) };
    let Some(owner) = people::store::brief_by_id(&app.db, owner).await? else { return Ok(Vec::new()) };
    let mut readers = Vec::new();
    for place in leads(role_of(app, &owner.id, &report.path).await?) {
        let mut people = match place {
            Lead::GridWorkers => with_role_above(app, Role::GridWorker, "grid", &report.path).await?,
            Lead::Staff => with_role_above(app, Role::CommunityStaff, "community", &report.path).await?,
            Lead::OfUnit => people::store::leads_of_unit(&app.db, &owner.unit, &report.path).await?,
        };
        people.retain(|person| person.id != owner.id);
        if people.is_empty() {
            continue;
        }
        let reads = *place != Lead::OfUnit;
        let lead = |person| Reader { person, as_whom: AsWhom::Lead { of: owner.name.clone(), reads } };
        readers.extend(people.into_iter().map(lead));
        break;
    }
    readers.push(Reader { person: owner, as_whom: AsWhom::Owner });
    Ok(readers)
}

/// The role in which somebody handles a report at `path`: the first of those in which they could be sent there.
async fn role_of(app: &App, person: &str, path: &str) -> Result<Option<Role>, sqlx::Error> {
    for role in [Role::GridWorker, Role::Volunteer, Role::Unit] {
        if people::store::with_role_around(&app.db, role, path).await?.iter().any(|other| other.id == person) {
            return Ok(Some(role));
        }
    }
    Ok(None)
}

/// People with a role on the organisation of a kind that `path` lies in.
async fn with_role_above(app: &App, role: Role, kind: &str, path: &str) -> Result<Vec<PersonBrief>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT p.id, p.name, p.unit, p.unit_en FROM role_grant g \
         JOIN organisation o ON o.id = g.organisation_id JOIN person p ON p.id = g.person_id \
         WHERE g.role = $1 AND o.kind = $3 AND substr($2, 1, length(o.path)) = o.path ORDER BY p.id",
    )
    .bind(role.code())
    .bind(path)
    .bind(kind)
    .fetch_all(app.db.read())
    .await
}
