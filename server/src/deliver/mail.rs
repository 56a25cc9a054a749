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
        // Who we are was refused, not whom it is for: a password can be mended.
        let about_us = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
        Err(if error.is_permanent() && !about_us {
            SendError::Permanent(told)
        } else if about_us || error.is_transient() || error.is_client() || never_reached {
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

#[cfg(test)]
mod tests {
    use super::{Letter, MailConfig, SendError, Server};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    #[tokio::test]
    async fn a_password_that_is_refused_is_ours_to_mend() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a client");
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 mail\r\n").await.expect("written");
            let mut line = String::new();
            while stream.read_line(&mut line).await.expect("read") > 0 {
                let answer: &[u8] = match line.get(..4) {
                    Some("EHLO") => b"250-mail\r\n250 AUTH PLAIN LOGIN\r\n",
                    Some("AUTH") => b"535 5.7.8 wrong\r\n",
                    _ => b"250 ok\r\n",
                };
                stream.write_all(answer).await.expect("written");
                line.clear();
            }
        });
        let config = MailConfig {
            url: format!("smtp://linli:wrong@{address}").parse().expect("an address"),
            from: "no-reply@linli.test".parse().expect("a sender"),
        };
        let server = Server::new(config).expect("a server");
        let letter = Letter { to: "lin@example.cn", subject: "s", text: "t", id: "i", stop: None };
        let sent = server.send(&letter).await;
        assert!(matches!(&sent, Err(SendError::Temporary(told, None)) if told.contains("535")), "{sent:?}");
    }
}
