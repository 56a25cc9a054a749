//! E-mail by SMTP.

use crate::config::MailConfig;
use anyhow::Context;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{HeaderName, HeaderValue},
    },
};
use std::time::Duration;

/// A letter of plain text.
pub struct Letter<'a> {
    /// To whom.
    pub to: &'a str,
    /// Subject line.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// Stays the same when the letter is sent again, so that a mailbox can tell that it has it.
    pub id: &'a str,
    /// Address at which one tap stops such letters (RFC 8058), if there is one.
    pub stop: Option<&'a str>,
}

/// Why a letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It will never be: the address is wrong, or the mailbox refuses it.
    #[error("{0}")]
    Permanent(String),
    /// Another try may do.
    #[error("{0}")]
    Temporary(String),
}

#[derive(Clone)]
pub(super) struct Server {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Server {
    pub(super) fn new(config: MailConfig) -> anyhow::Result<Server> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.url.as_str())
            .context("smtp_url cannot be used")?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        Ok(Server { from: config.from, transport })
    }

    /// Says hello and goes again.
    pub(super) async fn answers(&self) -> anyhow::Result<()> {
        let answered = self.transport.test_connection().await.context("the mail server")?;
        anyhow::ensure!(answered, "the mail server does not answer as one");
        Ok(())
    }

    pub(super) async fn send(&self, letter: &Letter<'_>) -> Result<(), MailError> {
        let message = self.message(letter).map_err(|error| MailError::Permanent(format!("{error:#}")))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Permanent(error.to_string())),
            Err(error) => Err(MailError::Temporary(error.to_string())),
        }
    }

    fn message(&self, letter: &Letter<'_>) -> anyhow::Result<Message> {
        let to: Address = letter.to.parse().context("not an address")?;
        let id = format!("<{}@{}>", letter.id, self.from.email.domain());
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .message_id(Some(id))
            // Nobody sits behind it: no answers from holiday robots.
            .raw_header(raw("Auto-Submitted", "auto-generated")?);
        if let Some(stop) = letter.stop {
            builder = builder
                .raw_header(raw("List-Unsubscribe", &format!("<{stop}>"))?)
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
        }
        Ok(builder.header(lettre::message::header::ContentType::TEXT_PLAIN).body(letter.text.to_owned())?)
    }
}

fn raw(name: &'static str, value: &str) -> anyhow::Result<HeaderValue> {
    Ok(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()))
}
