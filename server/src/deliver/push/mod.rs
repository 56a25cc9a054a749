//! Web push: RFC 8030 with payloads encrypted by RFC 8291 and the sender named by RFC 8292 (VAPID).

pub mod guard;

use super::SendError;
use crate::{auth::secrets::Secrets, clock, config::Config, db::Db, http::Error};
use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::OnceCell;
use url::Url;

/// A browser's subscription as `PushSubscription.toJSON()` writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subscription {
    /// Where to send.
    pub endpoint: String,
    /// Whom it is for.
    pub keys: SubscriptionKeys,
}

/// The keys of a subscription, in base64url.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubscriptionKeys {
    /// Public key, an uncompressed point of P-256.
    pub p256dh: String,
    /// Shared secret, 16 bytes.
    pub auth: String,
}

impl Subscription {
    fn public_key(&self) -> Option<p256::PublicKey> {
        let bytes = decode(&self.keys.p256dh)?;
        p256::PublicKey::from_sec1_bytes(&bytes).ok()
    }

    fn secret(&self) -> Option<[u8; 16]> {
        decode(&self.keys.auth)?.try_into().ok()
    }
}

/// Base64url, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// A message to one browser.
pub struct Message<'a> {
    /// What the service worker reads, at most [`PAYLOAD_MAX`] bytes.
    pub payload: String,
    /// The same for a message that is sent again: the push service keeps the last one (at most 32 characters of base64url).
    pub topic: &'a str,
    /// Wakes a sleeping phone.
    pub urgent: bool,
    /// A message that finds no browser for so long is not shown any more; at most [`TIME_TO_LIVE`].
    pub keep: SignedDuration,
}

/// Longest payload, in bytes: a message may have 4096 (RFC 8030, 7.2), less the encryption's header and tag.
pub const PAYLOAD_MAX: usize = 3900;
/// No message waits longer for a browser.
pub const TIME_TO_LIVE: SignedDuration = SignedDuration::from_hours(24);
/// A signature for a push service says that it ends after so long (at most 24 hours, RFC 8292, 2)…
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// … and is used for so long.
const TOKEN_USE: SignedDuration = SignedDuration::from_hours(6);

/// The sender of push messages.
#[derive(Clone)]
pub struct Push {
    clients: guard::Clients,
    contact: Arc<str>,
    key: Arc<OnceCell<SigningKey>>,
    /// Signatures by origin, with when they were made.
    tokens: Arc<Mutex<HashMap<String, (Timestamp, String)>>>,
}

impl Push {
    /// A sender with these settings.
    pub fn new(config: &Config) -> anyhow::Result<Push> {
        let contact = match &config.mail {
            Some(mail) => format!("mailto:{}", mail.from.email),
            None => config.public_url.to_string(),
        };
        Ok(Push {
            clients: guard::Clients::new(&config.push_private)?,
            contact: contact.into(),
            key: Arc::default(),
            tokens: Arc::default(),
        })
    }

    /// The key that says who we are; made by whichever server is first, and kept sealed.
    async fn key(&self, db: &Db, secrets: &Secrets) -> anyhow::Result<&SigningKey> {
        self.key.get_or_try_init(|| keep_key(db, secrets)).await
    }

    /// Makes the key if there is none yet. An error when it cannot be opened: then nothing else that was sealed can be either,
    /// and a server must not go on with this secret.
    pub async fn prepare(&self, db: &Db, secrets: &Secrets) -> anyhow::Result<()> {
        self.key(db, secrets).await.map(|_| ())
    }

    /// The public key, as `PushManager.subscribe` takes it.
    pub async fn public_key(&self, db: &Db, secrets: &Secrets) -> anyhow::Result<String> {
        Ok(public(self.key(db, secrets).await?))
    }

    /// Whether messages can and may go to a subscription.
    pub async fn check(&self, subscription: &Subscription) -> Result<(), Error> {
        let refuse = |what: &'static str| Err(Error::Unprocessable(what.into()));
        if subscription.endpoint.len() > 2000 {
            return refuse("the endpoint is too long");
        }
        let Ok(endpoint) = Url::parse(&subscription.endpoint) else { return refuse("the endpoint is no address") };
        if !self.clients.may(&endpoint) {
            return refuse("the endpoint is not an https address on the public internet");
        }
        if subscription.public_key().is_none() || subscription.secret().is_none() {
            return refuse("the keys are none");
        }
        let leads_outside = async {
            tokio::time::timeout(Duration::from_secs(5), guard::leads_outside(&endpoint)).await.unwrap_or(false)
        };
        if !self.clients.is_trusted(&endpoint) && !leads_outside.await {
            return refuse("the endpoint's name does not lead to the public internet");
        }
        Ok(())
    }

    /// Sends a message. Sending it again with the same topic is harmless.
    pub async fn send(
        &self,
        db: &Db,
        secrets: &Secrets,
        to: &Subscription,
        message: &Message<'_>,
        now: Timestamp,
    ) -> Result<(), SendError> {
        let never = |what: &str| SendError::Permanent(what.to_owned());
        let endpoint = Url::parse(&to.endpoint).map_err(|_| never("the endpoint is no address"))?;
        let client = self.clients.of(&endpoint).ok_or_else(|| never("the endpoint is not on the public internet"))?;
        let (Some(public_key), Some(secret)) = (to.public_key(), to.secret()) else {
            return Err(never("the keys are none"));
        };
        let body = web_push_native::encrypt(message.payload.clone().into_bytes(), &public_key, &secret.into())
            .map_err(|_| never("the message cannot be encrypted"))?;
        let key = self.key(db, secrets).await.map_err(|error| SendError::Temporary(format!("{error:#}"), None))?;
        let authorization = self.authorization(key, &endpoint, now);
        let request = client
            .post(endpoint)
            .header("authorization", authorization)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", message.keep.as_secs())
            .header("topic", message.topic)
            .header("urgency", if message.urgent { "high" } else { "normal" })
            .body(body);
        let answer = match request.send().await {
            Ok(answer) => answer,
            // Whether it went or not: with the same topic it may go again.
            Err(error) => return Err(SendError::Temporary(super::chain(&error.without_url()), None)),
        };
        let status = answer.status();
        match status.as_u16() {
            200..=299 => Ok(()),
            404 | 410 => Err(SendError::Gone),
            408 | 425 | 429 | 500..=599 => {
                let after = super::retry_after(answer.headers(), now);
                Err(SendError::Temporary(format!("the push service answered {status}"), after))
            }
            _ => Err(SendError::Permanent(format!("the push service answered {status}"))),
        }
    }

    /// The `Authorization` header for a push service (RFC 8292, 3).
    fn authorization(&self, key: &SigningKey, endpoint: &Url, now: Timestamp) -> String {
        let origin = endpoint.origin().ascii_serialization();
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((made, header)) = tokens.get(&origin)
            && (SignedDuration::ZERO..TOKEN_USE).contains(&now.duration_since(*made))
        {
            return header.clone();
        }
        let header = sign(key, &origin, &self.contact, now);
        // Browsers name the origins: a few in life, no end of them in malice.
        if tokens.len() >= 1000 {
            tokens.clear();
        }
        tokens.insert(origin, (now, header.clone()));
        header
    }
}

fn public(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.verifying_key().to_encoded_point(false).as_bytes())
}

fn sign(key: &SigningKey, origin: &str, contact: &str, now: Timestamp) -> String {
    let claims =
        serde_json::json!({ "aud": origin, "exp": (now + TOKEN_LIFE).as_second(), "sub": contact }).to_string();
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#), URL_SAFE_NO_PAD.encode(claims));
    let signature: Signature = key.sign(signed.as_bytes());
    format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), public(key))
}

/// Name under which the key is kept.
const KEY: &str = "vapid";

async fn keep_key(db: &Db, secrets: &Secrets) -> anyhow::Result<SigningKey> {
    let read = |sealed: &str| {
        let opened = secrets.open(sealed).context("this database was used with another secret (LINLI_SECRET_FILE)")?;
        let bytes = decode(&opened).context("the kept key is none")?;
        anyhow::Ok(SigningKey::from_slice(&bytes)?)
    };
    let select = "SELECT sealed FROM kept_key WHERE name = $1";
    let kept: Option<(String,)> = sqlx::query_as(select).bind(KEY).fetch_optional(db.read()).await?;
    if let Some((sealed,)) = kept {
        return read(&sealed);
    }
    // All but one in 2^32 random numbers are keys.
    let new = loop {
        if let Ok(key) = SigningKey::from_slice(&clock::random_bytes::<32>()) {
            break key;
        }
    };
    let sealed = secrets.seal(&URL_SAFE_NO_PAD.encode(new.to_bytes()))?;
    let mut tx = db.begin().await?;
    sqlx::query("INSERT INTO kept_key (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(KEY)
        .bind(sealed)
        .execute(&mut *tx)
        .await?;
    // Another server may have been quicker: then its key counts.
    let (sealed,): (String,) = sqlx::query_as(select).bind(KEY).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    read(&sealed)
}
