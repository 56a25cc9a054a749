//! What a message says, on each way.

use super::store::{Addressee, Held};
use crate::{
    app_state::App,
    deliver::{
        Letter,
        outbox::absolute,
        push::{Message, PAYLOAD_MAX, TIME_TO_LIVE},
    },
    notices::{following::service::STOP, markdown, store::Notice},
};
use app::{
    i18n::{Lang, Words},
    notices::NoticeKind,
};
use jiff::{SignedDuration, Timestamp};

/// A letter has so many characters of a notice's text; the rest is on the page.
const LETTER_CHARS: usize = 3000;
/// A notice in a day's letter, and a push message, have so many.
const SHORT_CHARS: usize = 120;
/// An SMS has so many of the title and of what to do.
const TEXT_CHARS: usize = 60;

/// The words of somebody's language.
pub fn words(to: &Addressee) -> Words {
    Words::new(Lang::from_tag(&to.lang).unwrap_or_default())
}

/// The name under which a mailbox or an SMS provider knows a message that comes again. It tells nobody whom
/// it is for.
pub fn stable_id(app: &App, held: &Held) -> String {
    app.secrets.link_token("delivery", &held.id)
}

/// A letter's words.
pub struct Written {
    subject: String,
    text: String,
    stop: String,
}

impl Written {
    /// As the mail server takes it.
    pub fn letter<'a>(&'a self, to: &'a str, id: &'a str) -> Letter<'a> {
        Letter { to, subject: &self.subject, text: &self.text, id, stop: Some(&self.stop) }
    }
}

/// Where a person stops notices by mail with one tap, signed in or not.
pub fn stop_link(app: &App, person_id: &str) -> String {
    absolute(app, &format!("/mail/notices/stop/{person_id}?t={}", app.secrets.link_token(STOP, person_id)))
}

fn link(app: &App, notice: &Notice) -> String {
    absolute(app, &format!("/notices/{}", notice.id))
}

/// One line: what begins a new line in a letter's head, or hides in it, is a space.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn title(w: Words, notice: &Notice) -> String {
    one_line(w.pick(&notice.title, &notice.title_en))
}

fn kind_and_title(w: Words, notice: &Notice) -> String {
    w.tf("follow-mail-title", &[("kind", w.t(notice.kind().key()).into()), ("title", title(w, notice).into())])
}

/// The facts and the beginning of the text, as plain text.
fn body(w: Words, notice: &Notice, chars: usize) -> String {
    let facts = match notice.facts_en() {
        facts if w.lang == Lang::En && !facts.is_empty() => facts,
        _ => notice.facts(),
    };
    let instruction = one_line(w.pick(&notice.instruction, &notice.instruction_en));
    let mut parts: Vec<String> = Vec::new();
    if notice.kind() == NoticeKind::Emergency && !instruction.is_empty() {
        parts.push(w.tf("follow-mail-do", &[("instruction", instruction.into())]));
    }
    parts.extend(facts.iter().map(|fact| {
        let (label, value) = (one_line(&fact.label), one_line(&fact.value));
        w.tf("follow-mail-fact", &[("label", label.into()), ("value", value.into())])
    }));
    parts.push(markdown::plain(w.pick(&notice.body, &notice.body_en), chars));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The letter of one notice.
pub fn letter(app: &App, to: &Addressee, notice: &Notice) -> Written {
    let w = words(to);
    let stop = stop_link(app, &to.id);
    let subject = kind_and_title(w, notice);
    let text = w.tf(
        "follow-mail-body",
        &[
            ("title", subject.clone().into()),
            ("source", one_line(w.pick(&notice.source, &notice.source_en)).into()),
            ("body", body(w, notice, LETTER_CHARS).into()),
            ("link", link(app, notice).into()),
            ("stop", stop.clone().into()),
        ],
    );
    Written { subject, text, stop }
}

/// The letter of a day.
pub fn daily_letter(app: &App, to: &Addressee, notices: &[Notice]) -> Written {
    let w = words(to);
    let stop = stop_link(app, &to.id);
    let count = notices.len();
    let first = notices.first().map(|notice| title(w, notice)).unwrap_or_default();
    let subject = w.tf("follow-daily-subject", &[("count", count.into()), ("first", first.into())]);
    let list: Vec<String> = notices
        .iter()
        .map(|notice| {
            w.tf(
                "follow-daily-item",
                &[
                    ("title", kind_and_title(w, notice).into()),
                    ("source", one_line(w.pick(&notice.source, &notice.source_en)).into()),
                    ("body", markdown::plain(w.pick(&notice.body, &notice.body_en), SHORT_CHARS).into()),
                    ("link", link(app, notice).into()),
                ],
            )
        })
        .collect();
    let text = w.tf(
        "follow-daily-body",
        &[("count", count.into()), ("list", list.join("\n\n").into()), ("stop", stop.clone().into())],
    );
    Written { subject, text, stop }
}

/// The text of an SMS.
pub fn text(app: &App, to: &Addressee, notice: &Notice) -> String {
    let w = words(to);
    // The catalogue ends the sentences.
    let cut = |text: String| {
        let text: String = text.chars().take(TEXT_CHARS).collect();
        text.trim_end_matches(['。', '.', '！', '!']).to_owned()
    };
    let kind = w.t(notice.kind().key());
    let title = cut(title(w, notice));
    let instruction = cut(one_line(w.pick(&notice.instruction, &notice.instruction_en)));
    let link = link(app, notice);
    if instruction.is_empty() {
        return w.tf("follow-sms", &[("kind", kind.into()), ("title", title.into()), ("link", link.into())]);
    }
    let args =
        [("kind", kind.into()), ("title", title.into()), ("instruction", instruction.into()), ("link", link.into())];
    w.tf("follow-sms-do", &args)
}

/// A push message. `first`: the first notice of its chain of corrections.
pub fn push<'a>(
    to: &Addressee,
    notice: &Notice,
    first: &str,
    urgent: bool,
    topic: &'a str,
    now: Timestamp,
) -> Message<'a> {
    let w = words(to);
    let payload = |chars: usize| {
        serde_json::json!({
            "title": kind_and_title(w, notice),
            "body": body(w, notice, SHORT_CHARS).chars().take(chars).collect::<String>(),
            "url": format!("/notices/{}", notice.id),
            "tag": format!("notice-{first}"),
            "lang": w.lang.tag(),
            "urgent": urgent,
        })
        .to_string()
    };
    let whole = payload(300);
    // A character has up to six bytes in JSON.
    let payload = if whole.len() <= PAYLOAD_MAX { whole } else { payload(100) };
    // An alarm that has ended wakes no phone that is switched on later.
    let ends = notice.ends_at().filter(|_| notice.kind() == NoticeKind::Emergency);
    let keep = ends.map_or(TIME_TO_LIVE, |end| end.duration_since(now).clamp(SignedDuration::ZERO, TIME_TO_LIVE));
    Message { payload, topic, urgent, keep }
}
