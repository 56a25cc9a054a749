//! What happens by itself as an owner's time runs out: a warning before, 督办 rung by rung after. Each once.

use super::{
    clocks::hours_at,
    steps::message_args,
    store::{self, Report, instant},
};
use crate::{
    app_state::App,
    audit, clock,
    people::{inbox, store::PersonBrief},
};
use app::{
    people::Role,
    reports::{clock::rung, due::LimitKind, worktime::WorkTime},
};
use jiff::{SignedDuration, Timestamp};

/// Looks at all reports whose owner's time is short or over.
pub async fn climb(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    // A quarter of the time is left, or less; those on the last rung are done with.
    let due: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT r.id, c.limit_kind, r.dispatched_at, r.owner_due_at FROM report r JOIN category c ON c.code = r.category \
         WHERE r.state IN ('dispatched', 'in_progress') AND r.owner_due_at IS NOT NULL AND r.dispatched_at IS NOT NULL \
         AND 4 * (r.owner_due_at - $1) < r.owner_due_at - r.dispatched_at AND NOT EXISTS \
         (SELECT 1 FROM report_supervision s WHERE s.report_id = r.id AND s.rung = 4) ORDER BY r.owner_due_at LIMIT 2000",
    )
    .bind(now.as_microsecond())
    .fetch_all(app.db.read())
    .await?;
    for (id, kind, from, owner_due) in due {
        let Some(report) = store::by_id(&app.db, &id).await? else { continue };
        let kind = LimitKind::from_code(&kind).unwrap_or(LimitKind::WorkingDays);
        if instant(owner_due) >= now {
            warn(app, &report, now).await?;
            continue;
        }
        let hours = hours_at(&mut *app.db.read().acquire().await?, &report.path).await?;
        let work = WorkTime { calendar: &app.calendar, hours: &hours };
        let whole = work.measure(kind, instant(from), instant(owner_due));
        let late = work.measure(kind, instant(owner_due), now);
        let reached = rung(whole.unwrap_or(SignedDuration::from_hours(8)), late.unwrap_or_default());
        for rung in 1..=reached {
            order(app, &report, rung, now).await?;
        }
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

/// Orders supervision on one rung. The database lets each rung through once.
async fn order(app: &App, report: &Report, rung: i64, now: Timestamp) -> anyhow::Result<()> {
    let readers = readers(app, report, rung).await?;
    let mut tx = app.db.begin().await?;
    let done = sqlx::query(
        "INSERT INTO report_supervision (id, report_id, rung, ordered_by, ordered_at, text) \
         VALUES ($1, $2, $3, NULL, $4, '') ON CONFLICT DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(&report.id)
    .bind(rung)
    .bind(now.as_microsecond())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    let dedupe_key = format!("report:{}:rung:{rung}", report.id);
    for person in &readers {
        let owner = report.owner_id.as_ref() == Some(&person.id);
        let folder = if owner { "/volunteer/reports" } else { "/staff/reports" };
        let message = inbox::Message {
            person_id: &person.id,
            text_key: "inbox-report-overdue",
            text_args: message_args(report, "", ""),
            href: &format!("{folder}/{}", report.code),
            dedupe_key: &dedupe_key,
        };
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

/// Who hears on a rung: the owner, then the community, the street, the district.
async fn readers(app: &App, report: &Report, rung: i64) -> Result<Vec<PersonBrief>, sqlx::Error> {
    let (role, kind) = match rung {
        1 => {
            let Some(owner) = &report.owner_id else { return Ok(Vec::new()) };
            return Ok(crate::people::store::brief_by_id(&app.db, owner).await?.into_iter().collect());
        }
        2 => (Role::CommunityStaff, "community"),
        3 => (Role::Supervisor, "subdistrict"),
        _ => (Role::Supervisor, "district"),
    };
    sqlx::query_as(
        "SELECT DISTINCT p.id, p.name, p.unit, p.unit_en FROM role_grant g \
         JOIN organisation o ON o.id = g.organisation_id JOIN person p ON p.id = g.person_id \
         WHERE g.role = $1 AND o.kind = $3 AND substr($2, 1, length(o.path)) = o.path ORDER BY p.id",
    )
    .bind(role.code())
    .bind(&report.path)
    .bind(kind)
    .fetch_all(app.db.read())
    .await
}
