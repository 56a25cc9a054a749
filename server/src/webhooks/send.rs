//! Sending one message: signed, without redirects, within a time limit, to the public internet only.

use super::store::{self, Outcome};
use crate::{app_state::App, deliver::push::guard::Clients, jobs::MAX_ATTEMPTS};
use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::time::Instant;
use url::Url;

/// How secrets begin, as the convention has it.
pub const SECRET: &str = "whsec_";
/// Longest answer status text that is kept, in characters.
const ERROR: usize = 300;

/// A new secret: 32 random bytes.
pub fn new_secret() -> String {
    format!("{SECRET}{}", STANDARD.encode(crate::clock::random_bytes::<32>()))
}

/// One signature of a message: `v1,` and HMAC-SHA-256 of `id.timestamp.body` in base64.
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> anyhow::Result<String> {
    let key = STANDARD.decode(secret.trim_start_matches(SECRET)).context("a secret of ours")?;
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key).context("keys of every length")?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// The job: tries to send a message once. An error asks for another try later; the last one leaves the message dead, to be seen and
/// sent again by hand.
pub async fn send(app: &App, id: &str, round: i64) -> anyhow::Result<()> {
    let Some((delivery, webhook)) = store::to_send(&app.db, id).await? else { return Ok(()) };
    if delivery.round != round || delivery.state != "queued" {
        return Ok(());
    }
    if webhook.paused == 1 || webhook.removed_at.is_some() {
        return Ok(store::note_outcome(app, id, Outcome::held()).await?);
    }
    let now = app.clock.now();
    let timestamp = now.as_second();
    let mut secrets = vec![app.secrets.open(&webhook.secret_sealed)?];
    if webhook.old_until > now.as_microsecond() {
        secrets.push(app.secrets.open(&webhook.old_secret_sealed)?);
    }
    let signatures: Vec<String> =
        secrets.iter().map(|secret| signature(secret, id, timestamp, &delivery.body)).collect::<anyhow::Result<_>>()?;
    #[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
    let begun = Instant::now();
    let sent = post(&app.deliver.hooks, &webhook.url, (id, timestamp), &signatures.join(" "), &delivery.body).await;
    let millis = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let (status, error) = match sent {
        Ok(status) => {
            (i64::from(status), if (200..300).contains(&status) { None } else { Some(format!("answered {status}")) })
        }
        Err(error) => (0, Some(format!("{error:#}").chars().take(ERROR).collect())),
    };
    let last = delivery.attempts + 1 >= MAX_ATTEMPTS;
    let state = match &error {
        None => "done",
        // The receiver says that it is gone for good.
        Some(_) if last || status == 410 => "dead",
        Some(_) => "queued",
    };
    let outcome = Outcome { state, status, millis, error: error.clone().unwrap_or_default(), tried: true };
    store::note_outcome(app, id, outcome).await?;
    metrics::counter!("linli_webhooks_total", "state" => state).increment(1);
    if status == 410 {
        store::pause_gone(app, &webhook.id).await?;
    }
    match error {
        Some(error) if state == "queued" => bail!("webhook {}: {error}", webhook.id),
        _ => Ok(()),
    }
}

/// Sends one message; gives the status of the answer, whose body is not read.
pub(crate) async fn post(
    clients: &Clients,
    url: &str,
    (id, timestamp): (&str, i64),
    signatures: &str,
    body: &str,
) -> anyhow::Result<u16> {
    let url: Url = url.parse()?;
    let Some(client) = clients.of(&url) else { bail!("the address is not an https address on the public internet") };
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", concat!("Linli/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", signatures)
        .body(body.to_owned());
    // Where it leads may stand in the error; what it carries may not.
    let response = request.send().await.map_err(|error| anyhow::Error::new(error.without_url()))?;
    Ok(response.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_convention() {
        // The example of the convention's own libraries.
        let body = r#"{"test": 2432232314}"#;
        let signed =
            signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed.expect("signed"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, other) = (new_secret(), new_secret());
        assert!(one.starts_with(SECRET) && one != other);
        assert_eq!(STANDARD.decode(&one[SECRET.len()..]).expect("base64").len(), 32);
    }
}
