//! Ways to reach people outside the page: the delivery port. SMS goes through a provider's HTTP interface, described
//! by a template in the settings; e-mail through a mail server. Without a provider the log stands in for SMS (demo and
//! development), and no e-mail is offered.
//!
//! [`outbox::reach`] puts a message into the inbox and queues what goes outside, in the transaction of what it tells of.

mod mail;
pub mod outbox;
mod sms;

pub use mail::{Letter, MailError};

use crate::config::{MailConfig, SmsConfig};
use app::people::Phone;

/// The delivery port.
#[derive(Clone)]
pub struct Deliver {
    sms: Option<sms::Provider>,
    mail: Option<mail::Server>,
}

impl Deliver {
    /// A port with these settings.
    pub fn new(sms: Option<SmsConfig>, mail: Option<MailConfig>) -> anyhow::Result<Deliver> {
        Ok(Deliver { sms: sms.map(sms::Provider::new), mail: mail.map(mail::Server::new).transpose()? })
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

    /// Sends a text that is no code.
    pub async fn text(&self, phone: &Phone, text: &str) -> anyhow::Result<()> {
        match &self.sms {
            Some(provider) => provider.notice(phone, text).await,
            None => anyhow::bail!("no SMS provider is set"),
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
    pub async fn letter(&self, letter: &Letter<'_>) -> Result<(), MailError> {
        match &self.mail {
            Some(server) => server.send(letter).await,
            None => Err(MailError::Temporary("no mail server is set".to_owned())),
        }
    }
}
