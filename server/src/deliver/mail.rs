//! E-mail by SMTP.

use super::SendError;
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

/// A whole letter takes no longer; each word of the mail server no longer than 20 seconds.
const PATIENCE: Duration = Duration::from_secs(120);

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

    pub(super) async fn send(&self, letter: &Letter<'_>) -> Result<(), SendError> {
        let message = self.message(letter).map_err(|error| SendError::Permanent(format!("{error:#}")))?;
        let sending = tokio::time::timeout(PATIENCE, self.transport.send(message));
        let Ok(sent) = sending.await else {
            return Err(SendError::Unsure("the mail server takes too long".to_owned()));
        };
        let Err(error) = sent else { return Ok(()) };
        // Servers like to repeat whom they refuse.
        let told = error.to_string().replace(letter.to, "…");
        // lettre tells a connection that never came about from one that broke only by its words.
        let never_reached = error.is_tls() || error.is_transport_shutdown() || told.starts_with("Connection error");
        Err(if error.is_permanent() {
            SendError::Permanent(told)
        } else if error.is_transient() || error.is_client() || never_reached {
            SendError::Temporary(told, None)
        } else {
            SendError::Unsure(told)
        })
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
