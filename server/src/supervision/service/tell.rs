//! Whom a step is told, and in which words: the page shows the same before it goes.

use crate::{
    db::Tx,
    http::Ctx,
    people::inbox,
    supervision::store::{self, Letter},
};
use app::{
    i18n::{Lang, Words},
    supervision::{Side, Step},
    time,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A message about a letter: its catalogue key, its arguments, and to which side it goes.
pub struct Message {
    /// Catalogue key of the text.
    pub key: &'static str,
    /// Arguments.
    pub args: Value,
    /// To whom.
    pub to: Side,
}

impl Message {
    /// The text in the reader's words, exactly as it is shown in the inbox.
    pub fn text(&self, w: Words) -> String {
        inbox::text(w, self.key, &self.args.to_string())
    }
}

/// What is told of a step; `None`: nobody is told. `due`: the deadline that holds after it.
pub fn of_step(
    letter: &Letter,
    step: Step,
    reason: &str,
    (days, due): (i64, Option<Timestamp>),
    now: Timestamp,
) -> Option<Message> {
    let (key, to) = match step {
        Step::Change => return None,
        Step::Withdraw if letter.issued_at.is_none() => return None,
        Step::Issue => ("inbox-supervision-issued", Side::Addressee),
        Step::Answer => ("inbox-supervision-answered", Side::Issuer),
        Step::Pass => ("inbox-supervision-passed", Side::Addressee),
        Step::SendBack => ("inbox-supervision-sent-back", Side::Addressee),
        Step::ExtendAsk => ("inbox-supervision-extend-asked", Side::Issuer),
        Step::ExtendGrant => ("inbox-supervision-extend-granted", Side::Addressee),
        Step::ExtendRefuse => ("inbox-supervision-extend-refused", Side::Addressee),
        Step::Withdraw => ("inbox-supervision-withdrawn", Side::Addressee),
    };
    Some(Message { key, args: args(letter, reason, days, due, now), to })
}

/// What is told of a deadline: that it is near (to the addressee), or over (to the issuer).
pub fn of_deadline(letter: &Letter, over: bool, now: Timestamp) -> Message {
    let (key, to) = match over {
        true => ("inbox-supervision-overdue", Side::Issuer),
        false => ("inbox-supervision-soon", Side::Addressee),
    };
    Message { key, args: args(letter, "", 0, letter.due(), now), to }
}

fn args(letter: &Letter, reason: &str, days: i64, due: Option<Timestamp>, now: Timestamp) -> Value {
    let written = |lang| due.map_or_else(|| "–".to_owned(), |due| time::date_time(lang, due, now));
    let kind = |lang| Words::new(lang).t(letter.kind().key());
    json!({
        "issuer": letter.issuer_name,
        "issuer_en": letter.issuer_name_en,
        "addressee": letter.addressee_name,
        "addressee_en": letter.addressee_name_en,
        "kind": kind(Lang::Zh),
        "kind_en": kind(Lang::En),
        "subject": letter.subject,
        "text": reason,
        "days": days.to_string(),
        "due": written(Lang::Zh),
        "due_en": written(Lang::En),
    })
}

/// The people to whom a message goes.
pub async fn people(app: &crate::app_state::App, letter: &Letter, to: Side) -> Result<Vec<String>, sqlx::Error> {
    match to {
        Side::Issuer => store::people_of_issuer(&app.db, &letter.issuer_path).await,
        Side::Addressee => store::people_of_addressee(&app.db, &letter.addressee_path).await,
    }
}

/// Puts a message into the inboxes of these people, in the transaction of what it tells of: once for each `event`.
pub async fn send(
    tx: &mut Tx,
    (letter, event): (&Letter, &str),
    message: &Message,
    people: &[String],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let href = format!("/staff/supervision/{}", letter.id);
    let dedupe_key = format!("supervision:{}:{event}", letter.id);
    let message = inbox::Message {
        person_id: "",
        text_key: message.key,
        text_args: message.args.clone(),
        href: &href,
        dedupe_key: &dedupe_key,
    };
    inbox::send_all(tx, &people, message, now).await
}

/// To whom a message goes, in words.
pub fn receivers(ctx: &Ctx, letter: &Letter, to: Side) -> String {
    let name = match to {
        Side::Issuer => ctx.w.pick(&letter.issuer_name, &letter.issuer_name_en),
        Side::Addressee => ctx.w.pick(&letter.addressee_name, &letter.addressee_name_en),
    };
    ctx.w.tf("supervision-message-to", &[("name", name.to_owned().into())])
}
