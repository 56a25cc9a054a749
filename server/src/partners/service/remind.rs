//! Staff are reminded of what was agreed: of tasks before they are due and when they are late, and of agreements that end.

use crate::{
    app_state::App,
    partners::store::{agreements, tasks},
    people::{inbox, store::with_role_around},
};
use app::{
    partners::agreement::{DueIn, ENDING_DAYS, REMIND_DAYS},
    people::Role,
    time,
};
use jiff::Span;

/// Tasks read at once.
const PAGE: i64 = 200;

/// Reminds staff. Running it twice reminds nobody twice: each message names the task, its day and which reminder it is.
pub async fn run(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = time::day_of(now);
    let until = today.saturating_add(Span::new().days(REMIND_DAYS));
    let mut after = (String::new(), String::new());
    loop {
        let page = tasks::due_everywhere(&app.db, until, (&after.0, &after.1), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = (last.due().to_string(), last.id.clone());
        for task in &page {
            let (text_key, which) = match task.due_in(today) {
                DueIn::Late(_) => ("inbox-partners-task-late", "late"),
                DueIn::Soon(_) => ("inbox-partners-task-soon", "soon"),
                _ => continue,
            };
            let args = serde_json::json!({
                "task": task.title, "partner": task.partner, "day": task.due().to_string(),
            });
            let key = format!("partner-task:{}:{}:{which}", task.id, task.due());
            tell(
                app,
                &task.path,
                (text_key, args),
                (&format!("/staff/partners/agreements/{}", task.agreement_id), &key),
            )
            .await?;
        }
    }
    let span = (today, today.saturating_add(Span::new().days(ENDING_DAYS)));
    for one in agreements::ending_everywhere(&app.db, span).await? {
        let last = one.span().1.to_string();
        let args = serde_json::json!({ "agreement": one.title, "partner": one.partner, "day": last });
        let key = format!("partner-agreement:{}:{last}", one.id);
        let href = format!("/staff/partners/agreements/{}", one.id);
        tell(app, &one.path, ("inbox-partners-agreement-ends", args), (&href, &key)).await?;
    }
    Ok(())
}

/// Tells those who look after a community.
async fn tell(
    app: &App,
    path: &str,
    (text_key, text_args): (&'static str, serde_json::Value),
    (href, dedupe_key): (&str, &str),
) -> anyhow::Result<()> {
    let staff = with_role_around(&app.db, Role::CommunityStaff, path).await?;
    let staff: Vec<&str> = staff.iter().map(|person| person.id.as_str()).collect();
    let message = inbox::Message { person_id: "", text_key, text_args, href, dedupe_key };
    let mut tx = app.db.begin().await?;
    inbox::send_all(&mut tx, &staff, message, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
