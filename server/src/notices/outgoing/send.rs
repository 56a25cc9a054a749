//! Sending: lots of due messages, taken with a lease, sent at once, and written down.

use super::{
    digest::{self, Day},
    message,
    store::{self, Addressee, Held, Members, Outcome},
};
use crate::{
    app_state::App,
    deliver::SendError,
    notices::{
        following::push as browsers,
        store::{self as notices, Notice},
    },
};
use app::{
    notices::following::{Channel, Quiet, Reason, TRIES, back_off},
    people::Phone,
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// Messages that are taken, and sent, at once. After a power cut so many may be unsure in each lane.
pub const LOT: usize = 16;
/// Lots of a channel that one server sends beside each other: a lot waits for its slowest message.
pub const LANES: usize = 2;
/// A message is held for so long: longer than the longest wait for an answer of a mail server, a provider or a push service.
const LEASE: SignedDuration = SignedDuration::from_mins(3);

/// Sends what is due until told to stop: at once while there is something, then a look every second. A lot that was begun
/// is finished. Each lot is a task of its own: a mistake of ours in one of them ends nothing else.
pub async fn work(app: App, stop: CancellationToken) {
    let lanes = Channel::ALL.into_iter().flat_map(|channel| std::iter::repeat_n(channel, LANES));
    futures::future::join_all(lanes.map(|channel| lane(&app, channel, &stop))).await;
}

async fn lane(app: &App, channel: Channel, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let own = app.clone();
        let done = tokio::spawn(async move { lot(&own, channel).await }).await;
        let idle = match done.map_err(anyhow::Error::new).flatten() {
            Ok(0) => Duration::from_secs(1),
            Ok(_) => continue,
            Err(error) => {
                let channel = channel.code();
                tracing::error!(channel, error = format!("{error:#}"), "messages cannot be taken or written down");
                Duration::from_secs(5)
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(idle) => {}
        }
    }
}

/// Sends all that is due; for tests and the demo. Returns whether anything was.
pub async fn run_due(app: &App) -> anyhow::Result<bool> {
    let mut any = false;
    for channel in Channel::ALL {
        while lot(app, channel).await? > 0 {
            any = true;
        }
    }
    Ok(any)
}

/// Takes a lot of due messages of a channel, sends them, and writes down what became of them. Returns how many there were.
async fn lot(app: &App, channel: Channel) -> anyhow::Result<usize> {
    let (held, until) = store::claim(app, channel, LOT, LEASE).await?;
    if held.is_empty() {
        return Ok(0);
    }
    let done = match Lot::gather(app, channel, &held).await {
        Ok(lot) => futures::future::join_all(held.into_iter().map(|one| lot.send(one))).await,
        Err(error) => {
            let not_made = |one| {
                let outcome = not_made(app, &one, &error);
                (one, outcome, Members::default())
            };
            held.into_iter().map(not_made).collect()
        }
    };
    for (_, outcome, _) in &done {
        let state = match outcome {
            Outcome::Delivered => "delivered",
            Outcome::Later { .. } | Outcome::Quiet { .. } => "later",
            Outcome::Failed { failure, .. } => *failure,
        };
        metrics::counter!("linli_notice_messages_total", "channel" => channel.code(), "state" => state).increment(1);
    }
    // What is not written down is sent again, or unsure: the database gets a second and a third chance.
    let mut wait = Duration::from_millis(200);
    while let Err(error) = store::settle(app, &done, until, app.clock.now()).await {
        if wait > Duration::from_secs(10) {
            return Err(error);
        }
        tracing::warn!(error = format!("{error:#}"), "what became of messages could not be written down");
        tokio::time::sleep(wait).await;
        wait *= 5;
    }
    Ok(done.len())
}

/// A mistake of ours, or a database that does not answer, before anything was sent.
fn not_made(app: &App, held: &Held, error: &anyhow::Error) -> Outcome {
    tracing::error!(message = held.id, error = format!("{error:#}"), "a message could not be made");
    let reason = Reason::NotMade.key().to_owned();
    match held.attempts >= TRIES {
        true => failed("temporary", reason),
        false => Outcome::Later { at: app.clock.now() + back_off(held.attempts), reason },
    }
}

/// What the messages of a lot need to know.
struct Lot<'a> {
    app: &'a App,
    channel: Channel,
    people: HashMap<String, Addressee>,
    /// Notices that may still go out.
    published: HashMap<String, Notice>,
    /// For each of them the first notice of its chain of corrections.
    first: HashMap<String, String>,
}

fn failed(failure: &'static str, reason: impl Into<String>) -> Outcome {
    Outcome::Failed { failure, reason: reason.into() }
}

impl<'a> Lot<'a> {
    async fn gather(app: &'a App, channel: Channel, held: &[Held]) -> anyhow::Result<Lot<'a>> {
        let of: Vec<&str> = held.iter().map(|one| one.person_id.as_str()).collect();
        let people = store::addressees(&app.db, &of).await?.into_iter().map(|person| (person.id.clone(), person));
        let people = people.collect();
        let (mut published, mut first) = (HashMap::new(), HashMap::new());
        let ids: BTreeSet<&String> = held.iter().filter_map(|one| one.notice_id.as_ref()).collect();
        for id in ids {
            if let Some(notice) = digest::still_true(app, id).await? {
                published.insert(id.clone(), notice);
                first.insert(id.clone(), notices::first_of(&app.db, id).await?);
            }
        }
        Ok(Lot { app, channel, people, published, first })
    }

    async fn send(&self, held: Held) -> (Held, Outcome, Members) {
        let day = match &held.notice_id {
            Some(_) => Ok(Day::default()),
            None => digest::gather(self.app, &held.id).await,
        };
        let (outcome, members) = match (day, self.people.get(&held.person_id)) {
            (Ok(day), Some(to)) => (self.try_to(&held, to, &day).await, day.members),
            (Ok(day), None) => (Ok(failed("stopped", Reason::NoAccount.key())), day.members),
            (Err(error), _) => (Err(error), Members::default()),
        };
        let outcome = outcome.unwrap_or_else(|error| not_made(self.app, &held, &error));
        (held, outcome, members)
    }

    /// Whether the other side knows a message that comes again.
    fn is_known_again(&self) -> bool {
        match self.channel {
            Channel::Push => true,
            Channel::Sms => self.app.deliver.texts_are_known_again(),
            Channel::Email => false,
        }
    }

    async fn try_to(&self, held: &Held, to: &Addressee, day: &Day) -> anyhow::Result<Outcome> {
        if held.taken_over == 1 && !self.is_known_again() {
            return Ok(failed("unsure", Reason::ServerStopped.key()));
        }
        let notice = match &held.notice_id {
            Some(id) => match self.published.get(id) {
                Some(notice) => Some(notice),
                None => return Ok(failed("overtaken", Reason::Overtaken.key())),
            },
            None => None,
        };
        // It was late, or its person has chosen other hours since. A day's letter has its hour by choice.
        let now = self.app.clock.now();
        if held.urgent == 0 && notice.is_some() && quiet(to).after(now) > now {
            return Ok(Outcome::Quiet { until: quiet(to).after(now) });
        }
        let sent = match self.channel {
            Channel::Email => match self.email(held, to, notice, day).await? {
                Ok(sent) => sent,
                Err(outcome) => return Ok(outcome),
            },
            Channel::Sms if to.sms == 0 => return Ok(failed("stopped", Reason::NoSms.key())),
            Channel::Sms => self.sms(held, to, notice).await?,
            Channel::Push => match self.push(held, to, notice).await? {
                Ok(sent) => sent,
                Err(outcome) => return Ok(outcome),
            },
        };
        Ok(self.judge(held, to, sent, self.app.clock.now()))
    }

    /// What an answer of the other side makes of a message.
    fn judge(&self, held: &Held, to: &Addressee, sent: Result<(), SendError>, now: Timestamp) -> Outcome {
        let short = |reason: String| reason.chars().take(200).collect::<String>();
        match sent {
            Ok(()) => Outcome::Delivered,
            Err(SendError::Permanent(reason)) => failed("permanent", short(reason)),
            Err(SendError::Unsure(reason)) => failed("unsure", short(reason)),
            Err(SendError::Gone) => failed("permanent", Reason::BrowserEnded.key()),
            Err(SendError::Temporary(reason, _)) if held.attempts >= TRIES => failed("temporary", short(reason)),
            Err(SendError::Temporary(reason, after)) => {
                let at = now + back_off(held.attempts).max(after.unwrap_or_default());
                let at = if held.urgent == 1 { at } else { quiet(to).after(at) };
                Outcome::Later { at, reason: short(reason) }
            }
        }
    }

    async fn email(
        &self,
        held: &Held,
        to: &Addressee,
        notice: Option<&Notice>,
        day: &Day,
    ) -> anyhow::Result<Result<Result<(), SendError>, Outcome>> {
        if to.email == 0 || to.email_confirmed_at.is_none() {
            return Ok(Err(failed("stopped", Reason::NoMail.key())));
        }
        let written = match notice {
            Some(notice) => message::letter(self.app, to, notice),
            None => match digest::letter(self.app, to, day) {
                Ok(written) => written,
                Err(outcome) => return Ok(Err(outcome)),
            },
        };
        let address = self.app.secrets.open(&to.email_sealed)?;
        let id = message::stable_id(self.app, held);
        Ok(Ok(self.app.deliver.letter(&written.letter(&address, &id)).await))
    }

    async fn sms(&self, held: &Held, to: &Addressee, notice: Option<&Notice>) -> anyhow::Result<Result<(), SendError>> {
        let Some(notice) = notice else { anyhow::bail!("an SMS without a notice") };
        let phone = self.app.secrets.open(&to.phone_sealed)?;
        let phone = Phone::parse(&phone).map_err(|_| anyhow::anyhow!("the sealed number is none"))?;
        let (text, id) = (message::text(self.app, to, notice), message::stable_id(self.app, held));
        Ok(self.app.deliver.text(&phone, &text, &id, self.app.clock.now()).await)
    }

    async fn push(
        &self,
        held: &Held,
        to: &Addressee,
        notice: Option<&Notice>,
    ) -> anyhow::Result<Result<Result<(), SendError>, Outcome>> {
        let Some(notice) = notice else { anyhow::bail!("a push message without a notice") };
        let app = self.app;
        let Some(subscription) = browsers::open(app, &held.target, &held.person_id).await? else {
            return Ok(Err(failed("stopped", Reason::NoBrowser.key())));
        };
        // A correction takes the place of what it corrects, at the push service while that waits, and on the screen.
        let first = self.first.get(&notice.id).unwrap_or(&notice.id);
        let topic = app.secrets.link_token("push", &format!("{first}:{}", held.target));
        let now = app.clock.now();
        let message = message::push(to, notice, first, held.urgent == 1, &topic, now);
        let sent = app.deliver.push.send(&app.db, &app.secrets, &subscription, &message, now).await;
        if let Err(SendError::Gone) = &sent {
            browsers::drop_ended(app, &held.target).await?;
        }
        Ok(Ok(sent))
    }
}

fn quiet(of: &Addressee) -> Quiet {
    Quiet::stored(of.quiet_from, of.quiet_until)
}
