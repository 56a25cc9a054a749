//! Whoever is to hear of a step: the people of the other side, the report's staff, a platform.

use super::moves::{Move, Who};
use crate::{
    app_state::App,
    db::Tx,
    http::Error,
    matters::{
        outside,
        store::{self, Matter},
    },
    people::inbox,
    reports,
};
use app::{
    i18n::{Lang, Words},
    matters::{
        kind::Way,
        life::{Side, State, Step},
    },
};
use jiff::Timestamp;

/// So much of an answer is told in a message, in characters.
const SHORT: usize = 80;

/// A new matter: its receiver's people, or the platform.
pub async fn sent(tx: &mut Tx, app: &App, matter: &Matter, now: Timestamp) -> Result<(), Error> {
    if matter.way() == Way::Out {
        return outside::queue(tx, app, matter, None, ("", 0), now).await;
    }
    people(tx, matter, &matter.to_id, "matters-done-sent", now).await
}

/// A step, after it was taken.
pub async fn step(tx: &mut Tx, app: &App, matter: &Matter, step: &Move<'_>, now: Timestamp) -> Result<(), Error> {
    // Nobody but the two sides of another matter hears of what only moves this one.
    if matches!(step.step, Step::HandOn | Step::HandOut | Step::Resume) {
        return Ok(());
    }
    let heard_by = match step.side.or(step.step.side()) {
        Some(Side::Sender) => [Some(Side::Receiver), None],
        Some(Side::Receiver) if step.side.is_none() => [Some(Side::Sender), Some(Side::Receiver)],
        Some(Side::Receiver) => [Some(Side::Sender), None],
        None => [None, None],
    };
    for side in heard_by.into_iter().flatten() {
        let organisation = if side == Side::Sender { &matter.from_id } else { &matter.to_id };
        if !organisation.is_empty() {
            people(tx, matter, organisation, step.step.done_key(), now).await?;
        } else if !matches!(step.who, Who::Platform(_)) {
            let days = if step.step == Step::AskExtend { step.days } else { 0 };
            outside::queue(tx, app, matter, Some(step.step), (&step.text, days), now).await?;
        }
    }
    if matter.state() == State::Closed && matter.parent_id.is_empty() && !matter.report_id.is_empty() {
        report_staff(tx, app, matter, now).await?;
    }
    Ok(())
}

/// A message to the people of an organisation; one for each step.
async fn people(
    tx: &mut Tx,
    matter: &Matter,
    organisation: &str,
    what: &'static str,
    now: Timestamp,
) -> Result<(), Error> {
    let people = store::people_of(tx, organisation).await?;
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let said = |lang| Words::new(lang).t(what);
    let message = inbox::Message {
        person_id: "",
        text_key: "inbox-matter",
        text_args: serde_json::json!({
            "number": matter.number, "title": matter.title, "what": said(Lang::Zh), "what_en": said(Lang::En),
        }),
        href: &format!("/staff/matters/{}", matter.id),
        dedupe_key: &format!("matter:{}:{}", matter.id, matter.version),
    };
    inbox::send_all(tx, &people, message, now).await?;
    Ok(())
}

/// The staff of the community whose report it was get the answer.
async fn report_staff(tx: &mut Tx, app: &App, matter: &Matter, now: Timestamp) -> Result<(), Error> {
    let Some(report) = reports::store::by_id(&app.db, &matter.report_id).await? else { return Ok(()) };
    let people = store::people_of(tx, &report.community_id).await?;
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let answer: String = matter.answer.chars().take(SHORT).collect();
    let message = inbox::Message {
        person_id: "",
        text_key: "inbox-matter-report",
        text_args: serde_json::json!({ "code": report.code, "number": matter.number, "answer": answer }),
        href: &format!("/staff/reports/{}", report.code),
        dedupe_key: &format!("matter-report:{}", matter.id),
    };
    inbox::send_all(tx, &people, message, now).await?;
    Ok(())
}
