//! Who hears of a step, and in which words.

use super::{Named, StepError, Wanted};
use crate::{
    db::Tx,
    deliver::outbox::{self, Urgency},
    http::Ctx,
    people::{self, inbox, store::PersonBrief},
    reports::{open, service::LINK, store::Report},
};
use app::{
    people::Role,
    reports::{Step, life::Past},
};

/// The arguments of a message about a report.
pub fn message_args(report: &Report, text: &str, into: &str) -> serde_json::Value {
    serde_json::json!({
        "code": report.code,
        "category": report.category_name,
        "category_en": report.category_name_en,
        "text": text.trim(),
        "into": into,
    })
}

/// Those who hear of a step by their role, with the message's key.
pub(super) struct Readers {
    key: &'static str,
    people: Vec<PersonBrief>,
}

/// Finds them, before the transaction begins.
pub(super) async fn readers(ctx: &Ctx, report: &Report, step: Step, past: Past) -> Result<Readers, StepError> {
    let (role, key) = match step {
        Step::Return => (Role::CommunityStaff, "inbox-report-returned"),
        Step::Finish => (Role::CommunityStaff, "inbox-report-finished"),
        Step::Answer => (Role::CommunityStaff, "inbox-report-answered"),
        Step::Add => (Role::CommunityStaff, "inbox-report-added"),
        Step::Reopen => (Role::CommunityStaff, "inbox-report-reopened"),
        // The first is the community's to decide, the second the street's.
        Step::ExtendAsk if past.extensions == 0 => (Role::CommunityStaff, "inbox-report-extension-asked"),
        Step::ExtendAsk => (Role::Supervisor, "inbox-report-extension-asked"),
        Step::Dispute => (Role::Supervisor, "inbox-report-disputed"),
        Step::Uphold | Step::SendBack => (Role::CommunityStaff, "inbox-report-dispute-decided"),
        Step::Supervise => (Role::CommunityStaff, "inbox-report-supervised"),
        Step::SuperviseAnswer => (Role::Supervisor, "inbox-report-supervise-answered"),
        _ => return Ok(Readers { key: "", people: Vec::new() }),
    };
    let people = people::store::with_role_around(&ctx.app.db, role, &report.path).await?;
    Ok(Readers { key, people })
}

/// Puts the news into the inboxes of those whom it concerns; what the reporter must not miss leaves the page as well.
pub(super) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    wanted: &Wanted,
    (named, readers): (&Named, &Readers),
    seq: i64,
) -> Result<(), StepError> {
    let dedupe_key = format!("report:{}:{seq}", report.id);
    let actor_id = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    let into = named.into.as_ref().map_or("", |other| other.code.as_str());
    // Words of whoever filed it are read on the page, from which they can be taken away again.
    let text = if wanted.step.is_own_words() { "" } else { wanted.text.as_str() };
    let text_args = message_args(report, text, into);
    if let (Some(person_id), Some(text_key)) = (&report.reporter_id, wanted.step.reporter_key()) {
        let href = format!("/reports/{}", report.code);
        let message =
            inbox::Message { person_id, text_key, text_args: text_args.clone(), href: &href, dedupe_key: &dedupe_key };
        if actor_id == Some(person_id.as_str()) {
            // They know.
        } else if matches!(wanted.step, Step::Ask | Step::Reject | Step::Merge | Step::Close) {
            let link = format!("{href}?t={}", ctx.app.secrets.link_token(LINK, &report.code));
            outbox::reach(tx, &ctx.app, message, &link, Urgency::Now, ctx.now)
                .await
                .map_err(crate::http::Error::from)?;
        } else {
            inbox::send(tx, message, ctx.now).await?;
        }
    }
    // Those who joined hear that there is news, in words that fit whatever it is.
    let joined = match wanted.step.reporter_key() {
        Some(_) if wanted.step.is_public() => open::following(tx, &report.id).await?,
        _ => Vec::new(),
    };
    let public = format!("/reports/{}", report.code);
    let mut messages: Vec<(&str, &'static str, String)> = joined
        .iter()
        .filter(|person| report.reporter_id.as_ref() != Some(person))
        .map(|person| (person.as_str(), "inbox-report-followed", public.clone()))
        .collect();
    let task = format!("/volunteer/reports/{}", report.code);
    if let Some(person) = &named.owner {
        messages.push((&person.id, "inbox-report-task", task.clone()));
    }
    if let Some(owner) = &report.owner_id {
        let key = match wanted.step {
            Step::VerifyFail => Some("inbox-report-rework"),
            Step::Add => Some("inbox-report-added"),
            Step::ExtendGrant | Step::ExtendRefuse | Step::ExtendGrantAbove | Step::ExtendRefuseAbove => {
                Some("inbox-report-extension-decided")
            }
            Step::Supervise => Some("inbox-report-supervised"),
            _ => None,
        };
        messages.extend(key.map(|key| (owner.as_str(), key, task)));
    }
    let staff_page = format!("/staff/reports/{}", report.code);
    messages.extend(readers.people.iter().map(|person| (person.id.as_str(), readers.key, staff_page.clone())));
    for (person_id, text_key, href) in messages.into_iter().filter(|(person, ..)| Some(*person) != actor_id) {
        let message =
            inbox::Message { person_id, text_key, text_args: text_args.clone(), href: &href, dedupe_key: &dedupe_key };
        inbox::send(tx, message, ctx.now).await?;
    }
    Ok(())
}
