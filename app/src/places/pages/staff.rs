//! What waits for staff, failed jobs, the audit log.

use crate::{i18n::Words, places::Waiting, ui::parts::*};
use leptos::prelude::*;

/// "Today": what waits, late things first; the halls' day and what belongs to all of them (title, note, address); for admins also the way to jobs and audit.
pub fn today(
    w: Words,
    waiting: Vec<Waiting>,
    halls: Vec<(String, String, String)>,
    (manager, admin): (bool, bool),
) -> AnyView {
    let some = !waiting.is_empty();
    let nothing = waiting.iter().all(|row| row.count == 0);
    let rows = waiting
        .into_iter()
        .map(|row| {
            let late = row.late;
            view! {
                <Item w=w href=row.href title=row.title note=row.note>
                    {late.then(|| view! { <Badge tone=Tone::Bad word=w.t("places-late")/>" " })}
                    <span class="num big">{row.count}</span>
                </Item>
            }
        })
        .collect_view();
    view! {
        {nothing.then(|| view! {
            <Note tone=Tone::Ok><p>{w.t("places-nothing-waits")}</p></Note>
        })}
        {some.then(|| view! { <List>{rows}</List> })}
        <List>
                {halls
                    .into_iter()
                    .map(|(name, note, href)| view! { <Item w=w href=href title=name note=note icon_name="activity"/> })
                    .collect_view()}
                {manager.then(|| view! {
                    <Item w=w href="/staff/halls" title=w.t("settings-halls") note=w.t("settings-halls-note") icon_name="clock"/>
                })}
                <Item w=w href="/staff/exports" title=w.t("exports-title") note=w.t("exports-note") icon_name="list"/>
        </List>
        {admin.then(|| view! {
            <Section title=w.t("places-operation")>
                <List>
                    <Item w=w href="/staff/imports" title=w.t("imports-title") note=w.t("imports-note") icon_name="list"/>
                    <Item w=w href="/staff/jobs" title=w.t("places-jobs") note=w.t("places-jobs-note") icon_name="settings"/>
                    <Item w=w href="/staff/webhooks" title=w.t("webhook-title") note=w.t("webhook-note") icon_name="list"/>
                    <Item w=w href="/staff/audit" title=w.t("places-audit") note=w.t("places-audit-note") icon_name="shield"/>
                </List>
            </Section>
        })}
    }
    .into_any()
}

/// One job.
pub struct JobRow {
    /// Kind, as stored.
    pub kind: String,
    /// State, as stored.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it runs next, in words.
    pub run_at: String,
    /// Why it failed last.
    pub error: String,
}

fn job_state(w: Words, state: &str) -> (Tone, String) {
    match state {
        "dead" => (Tone::Bad, w.t("places-job-dead")),
        "running" => (Tone::Busy, w.t("places-job-running")),
        "queued" => (Tone::Info, w.t("places-job-queued")),
        _ => (Tone::Ok, w.t("places-job-done")),
    }
}

/// Jobs that are not done: the dead ones first.
pub fn jobs(w: Words, rows: Vec<JobRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <Empty icon_name="success" title=w.t("places-jobs-none") text=w.t("places-jobs-none-text")/> }
            .into_any();
    }
    let columns = ["places-job-kind", "places-job-state", "places-job-attempts", "places-job-next", "places-job-error"];
    let rows = rows
        .into_iter()
        .map(|row| {
            let (tone, word) = job_state(w, &row.state);
            vec![
                Cell::new(view! { <code>{row.kind}</code> }),
                Cell::new(view! { <Badge tone=tone word=word/> }),
                Cell::number(row.attempts),
                Cell::new(row.run_at),
                Cell::new(row.error),
            ]
        })
        .collect();
    view! { <Table caption=w.t("places-jobs-caption") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }
        .into_any()
}

/// One entry of the audit log.
pub struct AuditRow {
    /// When, in words.
    pub when: String,
    /// Who, in words.
    pub who: String,
    /// What, as stored.
    pub action: String,
    /// On what: kind and id.
    pub object: String,
    /// More, as JSON.
    pub detail: String,
}

/// The latest entries.
pub fn audit(w: Words, rows: Vec<AuditRow>, older: Option<String>) -> AnyView {
    let columns =
        ["places-audit-when", "places-audit-who", "places-audit-what", "places-audit-object", "places-audit-detail"];
    let rows = rows
        .into_iter()
        .map(|row| {
            vec![
                Cell::new(row.when),
                Cell::new(row.who),
                Cell::new(view! { <code>{row.action}</code> }),
                Cell::new(view! { <code>{row.object}</code> }),
                Cell::new((row.detail != "{}").then(|| view! { <code>{row.detail}</code> })),
            ]
        })
        .collect();
    view! {
        <Table caption=w.t("places-audit-caption") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/>
        {older.map(|href| view! { <p><a class="more-link" href=href>{w.t("places-audit-older")}</a></p> })}
    }
    .into_any()
}
