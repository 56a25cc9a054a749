//! Keys derived from the deployment's one secret.

use anyhow::{Context, ensure};
use app::people::Phone;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::{io::Write, path::Path};

/// The keys. Each purpose has its own, so that a value made for one cannot be used for another.
#[derive(Clone)]
pub struct Secrets {
    phone_hash: [u8; 32],
    seal: [u8; 32],
    link: [u8; 32],
    code: [u8; 32],
    key: [u8; 32],
    ballot: [u8; 32],
}

impl Secrets {
    /// Reads the secret (at least 32 bytes) or creates the file, readable by its owner only.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Secrets> {
        if !path.exists() {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            // Another server starting at the same moment may have been quicker: then its secret is read below.
            if let Ok(mut file) = options.open(path) {
                file.write_all(URL_SAFE_NO_PAD.encode(crate::clock::random_bytes::<32>()).as_bytes())?;
                file.sync_all()?;
            }
        }
        Secrets::load(path)
    }

    /// Keys from a secret.
    pub fn from_bytes(secret: &[u8]) -> Secrets {
        let key = |purpose: &str| -> [u8; 32] { mac(secret, purpose.as_bytes()) };
        Secrets {
            phone_hash: key("phone-hash"),
            seal: key("seal"),
            link: key("link"),
            code: key("login-code"),
            key: key("integration-key"),
            ballot: key("secret-ballot"),
        }
    }

    /// Reads the secret; never makes one.
    pub fn load(path: &Path) -> anyhow::Result<Secrets> {
        let secret = std::fs::read(path).with_context(|| format!("reading the secret {}", path.display()))?;
        ensure!(secret.len() >= 32, "the secret {} is shorter than 32 bytes", path.display());
        Ok(Secrets::from_bytes(&secret))
    }

    /// Tells one secret from another without telling anything of it.
    pub fn fingerprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(&mac(&self.link, b"fingerprint")[..12])
    }

    /// The keyed hash under which a phone number is looked up.
    pub fn phone_hash(&self, phone: &Phone) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.phone_hash, phone.digits().as_bytes()))
    }

    /// The keyed hash under which calls of a telephone number, mobile or not, are looked up.
    pub fn number_hash(&self, digits: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.phone_hash, format!("call:{digits}").as_bytes()))
    }

    /// The keyed hash under which another system's key is looked up.
    pub fn key_hash(&self, key: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.key, key.as_bytes()))
    }

    /// What masks the count of an option of a secret ballot: 31 bits that nobody can tell without the secret.
    pub fn ballot_mask(&self, ballot: &str, option: i64, salt: &str) -> i64 {
        let [a, b, c, d, ..] = mac(&self.ballot, format!("{ballot}:{option}:{salt}").as_bytes());
        i64::from(u32::from_be_bytes([a, b, c, d]) >> 1)
    }

    /// The keyed hash of a login code, bound to the phone it was sent to.
    pub fn code_hash(&self, phone_hash: &str, code: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.code, format!("{phone_hash}:{code}").as_bytes()))
    }

    /// The unguessable part of a link to `object`, e.g. an appointment's code; 128 bits.
    pub fn link_token(&self, kind: &str, object: &str) -> String {
        URL_SAFE_NO_PAD.encode(&mac(&self.link, format!("{kind}:{object}").as_bytes())[..16])
    }

    /// Whether `token` is the link token of `object`, in constant time.
    pub fn check_link_token(&self, kind: &str, object: &str, token: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.link_token(kind, object).as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Seals a small text (XChaCha20-Poly1305, random nonce).
    pub fn seal(&self, text: &str) -> anyhow::Result<String> {
        let nonce = crate::clock::random_bytes::<24>();
        let sealed = XChaCha20Poly1305::new(&self.seal.into())
            .encrypt(XNonce::from_slice(&nonce), text.as_bytes())
            .map_err(|_| anyhow::anyhow!("sealing failed"))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what [`Secrets::seal`] sealed.
    pub fn open(&self, sealed: &str) -> anyhow::Result<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed)?;
        ensure!(bytes.len() > 24, "too short to be sealed");
        let (nonce, sealed) = bytes.split_at(24);
        let text = XChaCha20Poly1305::new(&self.seal.into())
            .decrypt(XNonce::from_slice(nonce), sealed)
            .map_err(|_| anyhow::anyhow!("this was sealed with another secret, or changed"))?;
        Ok(String::from_utf8(text)?)
    }
}

fn mac(key: &[u8], data: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("any length");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// SHA-256 in base64url: for random tokens, which need no key.
pub fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_only() {
        let ours = Secrets::from_bytes(&[1; 32]);
        let sealed = ours.seal("19900000001").expect("sealed");
        assert_eq!(ours.open(&sealed).expect("opened"), "19900000001");
        assert!(Secrets::from_bytes(&[2; 32]).open(&sealed).is_err());
        assert!(!sealed.contains("1990"));
    }

    #[test]
    fn a_link_token_is_for_one_thing() {
        let ours = Secrets::from_bytes(&[1; 32]);
        let token = ours.link_token("appointment", "A1");
        assert!(ours.check_link_token("appointment", "A1", &token));
        assert!(!ours.check_link_token("appointment", "A2", &token));
        assert!(!ours.check_link_token("report", "A1", &token));
        assert!(!ours.check_link_token("appointment", "A1", ""));
    }
}
