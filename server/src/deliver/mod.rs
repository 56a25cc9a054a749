//! Ways to reach people outside the page: the delivery port. SMS goes through a provider's HTTP interface, described
//! by a template in the settings; e-mail through a mail server; web push to browsers that asked for it. Without a provider
//! the log stands in for login codes (demo and development), and no e-mail is offered.
//!
//! [`outbox::reach`] puts a message into the inbox and queues what goes outside, in the transaction of what it tells of.

mod mail;
pub mod outbox;
pub mod push;
mod sms;

pub use mail::Letter;

use crate::config::Config;
use app::people::Phone;
use jiff::{SignedDuration, Timestamp};

/// Why a message was not taken. The words never name whom it was for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SendError {
    /// It will never be: the address is wrong, or the other side refuses it.
    #[error("{0}")]
    Permanent(String),
    /// Another try may do, after so long if the other side said it.
    #[error("{0}")]
    Temporary(String, Option<SignedDuration>),
    /// The other side was reached and did not say whether it took it, and would not know it again.
    #[error("{0}")]
    Unsure(String),
    /// The browser is not subscribed any more; push only.
    #[error("the subscription has ended")]
    Gone,
}

/// The delivery port.
#[derive(Clone)]
pub struct Deliver {
    sms: Option<sms::Provider>,
    mail: Option<mail::Server>,
    /// Web push.
    pub push: push::Push,
    /// Addresses that administrators name: webhooks.
    pub hooks: push::guard::Clients,
}

impl Deliver {
    /// A port with these settings.
    pub fn new(config: &Config) -> anyhow::Result<Deliver> {
        Ok(Deliver {
            sms: config.sms.clone().map(sms::Provider::new),
            mail: config.mail.clone().map(mail::Server::new).transpose()?,
            push: push::Push::new(config)?,
            hooks: push::guard::Clients::new(&config.push_private)?,
        })
    }

    /// Whether messages leave this machine.
    pub fn is_real(&self) -> bool {
        self.sms.is_some()
    }

    /// Whether letters can be sent.
    pub fn mails(&self) -> bool {
        self.mail.is_some()
    }

    /// Whether messages other than login codes are sent by SMS.
    pub fn texts(&self) -> bool {
        self.sms.as_ref().is_some_and(sms::Provider::takes_notices)
    }

    /// Sends a login code.
    pub async fn login_code(&self, phone: &Phone, code: &str, text: &str) -> anyhow::Result<()> {
        match &self.sms {
            Some(provider) => provider.code(phone, code, text).await,
            None => {
                tracing::info!(phone = %phone.masked(), code, "login code (no SMS provider is set)");
                Ok(())
            }
        }
    }

    /// Whether the SMS provider knows a text that is sent again by its id.
    pub fn texts_are_known_again(&self) -> bool {
        self.sms.as_ref().is_some_and(sms::Provider::knows_repeats)
    }

    /// Sends a text that is no code. `id` stays the same when it is sent again.
    pub async fn text(&self, phone: &Phone, text: &str, id: &str, now: Timestamp) -> Result<(), SendError> {
        match &self.sms {
            Some(provider) => provider.notice(phone, text, id, now).await,
            None => Err(SendError::Temporary("no SMS provider is set".to_owned(), None)),
        }
    }

    /// Asks the mail server whether it is there and lets us in; fine when none is set.
    pub async fn mail_answers(&self) -> anyhow::Result<()> {
        match &self.mail {
            Some(server) => server.answers().await,
            None => Ok(()),
        }
    }

    /// Sends a letter.
    pub async fn letter(&self, letter: &Letter<'_>) -> Result<(), SendError> {
        match &self.mail {
            Some(server) => server.send(letter).await,
            None => Err(SendError::Temporary("no mail server is set".to_owned(), None)),
        }
    }
}

/// An error with what caused it, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |all, cause| format!("{all}: {cause}"))
}

/// What an answer says about when to come again (RFC 9110, 10.2.3), at most a day.
fn retry_after(headers: &reqwest::header::HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = match text.parse::<i64>() {
        Ok(seconds) => SignedDuration::from_secs(seconds),
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp().duration_since(now),
    };
    Some(wait.clamp(SignedDuration::ZERO, SignedDuration::from_hours(24)))
}
