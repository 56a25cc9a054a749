//! What waits for staff, jobs, audit.

use crate::{
    http::{Ctx, Page, Params, Result},
    places::{service, store::AUDIT_PAGE},
};
use app::{
    people::{Action, Role},
    places::pages::{self, AuditRow, JobRow},
    time,
    ui::shell::Tab,
};
use jiff::Timestamp;
use serde::Deserialize;

fn instant(ctx: &Ctx, micros: i64) -> String {
    time::date_time(ctx.w.lang, Timestamp::from_microsecond(micros).unwrap_or_default(), ctx.now)
}

/// `GET /staff`
pub async fn today(ctx: Ctx) -> Result {
    let rows = service::waiting(&ctx).await?;
    let admin = ctx.actor()?.require_somewhere(Action::AuditRead).is_ok() && ctx.actor()?.has(Role::Admin);
    let manager = ctx.actor()?.require_somewhere(Action::HallManage).is_ok();
    let halls = crate::windows::service::managers::today::links(&ctx).await?;
    let view = pages::today(ctx.w, rows, halls, (manager, admin));
    Ok(Page::new(&ctx, ctx.w.t("places-today")).tab(Tab::StaffToday).render(view))
}

/// `GET /staff/jobs`
pub async fn jobs(ctx: Ctx) -> Result {
    let rows = service::open_jobs(&ctx)
        .await?
        .into_iter()
        .map(|job| JobRow {
            run_at: if job.state == "dead" { "—".to_owned() } else { instant(&ctx, job.run_at) },
            kind: job.kind,
            state: job.state,
            attempts: job.attempts,
            error: job.last_error,
        })
        .collect();
    let view = pages::jobs(ctx.w, rows);
    Ok(Page::new(&ctx, ctx.w.t("places-jobs")).tab(Tab::StaffToday).back("/staff").render(view))
}

#[derive(Deserialize)]
pub struct AuditQuery {
    #[serde(default)]
    before: String,
}

/// `GET /staff/audit`
pub async fn audit(ctx: Ctx, Params(query): Params<AuditQuery>) -> Result {
    let w = ctx.w;
    let entries = service::audit_log(&ctx, &query.before).await?;
    let full = i64::try_from(entries.len()).is_ok_and(|count| count == AUDIT_PAGE);
    let older = entries.last().filter(|_| full).map(|entry| format!("/staff/audit?before={}", entry.id));
    let rows = entries
        .into_iter()
        .map(|entry| AuditRow {
            when: instant(&ctx, entry.at),
            who: match entry.actor_kind.as_str() {
                "person" => entry.actor_name,
                "visitor" => w.t("places-audit-visitor"),
                "operator" => w.t("places-audit-operator"),
                _ => w.t("places-audit-system"),
            },
            action: entry.action,
            object: format!("{} {}", entry.object_kind, entry.object_id),
            detail: entry.detail,
        })
        .collect();
    let view = pages::audit(w, rows, older);
    Ok(Page::new(&ctx, w.t("places-audit")).tab(Tab::StaffToday).back("/staff").render(view))
}
