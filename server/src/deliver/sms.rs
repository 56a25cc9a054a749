//! SMS by a provider's HTTP interface.

use super::SendError;
use crate::config::SmsConfig;
use anyhow::{Context, ensure};
use app::people::Phone;
use jiff::Timestamp;
use std::time::Duration;

/// A provider.
#[derive(Clone)]
pub(super) struct Provider {
    config: SmsConfig,
    client: reqwest::Client,
}

impl Provider {
    pub(super) fn new(config: SmsConfig) -> Provider {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap_or_default();
        Provider { config, client }
    }

    pub(super) fn takes_notices(&self) -> bool {
        self.config.notice_body.is_some()
    }

    /// Whether it is told the id of a text, so that it knows one that is sent again.
    pub(super) fn knows_repeats(&self) -> bool {
        let config = &self.config;
        let url = config.url.as_str();
        url.contains("{id}")
            || url.contains("%7Bid%7D")
            || config.notice_body.as_ref().is_some_and(|b| b.contains("{id}"))
    }

    pub(super) async fn code(&self, phone: &Phone, code: &str, text: &str) -> anyhow::Result<()> {
        let values = Values { phone, code, text, id: "" };
        let request = self.request(&self.config.body, &values);
        let response = request.send().await.context("the SMS provider cannot be reached")?;
        ensure!(response.status().is_success(), "the SMS provider answered {}", response.status());
        let refused = self.means_yes(response, phone).await.context("the SMS provider's answer breaks off")?;
        ensure!(refused.is_none(), "the SMS provider answered: {}", refused.unwrap_or_default());
        Ok(())
    }

    /// Sends a text that is no code.
    pub(super) async fn notice(&self, phone: &Phone, text: &str, id: &str, now: Timestamp) -> Result<(), SendError> {
        let Some(body) = self.config.notice_body.as_deref() else {
            return Err(SendError::Permanent("sms_notice_body is not set".to_owned()));
        };
        let unsure = |reason: String| match self.knows_repeats() {
            true => SendError::Temporary(reason, None),
            false => SendError::Unsure(reason),
        };
        let answer = match self.request(body, &Values { phone, code: "", text, id }).send().await {
            Ok(answer) => answer,
            // The address may hold the number.
            Err(error) if error.is_connect() => {
                return Err(SendError::Temporary(super::chain(&error.without_url()), None));
            }
            Err(error) => return Err(unsure(super::chain(&error.without_url()))),
        };
        let status = answer.status();
        let reason = format!("the SMS provider answered {status}");
        match status.as_u16() {
            200..=299 => match self.means_yes(answer, phone).await {
                Ok(None) => Ok(()),
                // No balance, no signature, too many today: it took nothing, and may later.
                Ok(Some(words)) => Err(SendError::Temporary(format!("the SMS provider answered: {words}"), None)),
                Err(error) => Err(unsure(super::chain(&error.without_url()))),
            },
            425 | 429 | 503 => Err(SendError::Temporary(reason, super::retry_after(answer.headers(), now))),
            // It may have handed the text on before it failed, or something before it did not hear from it in time.
            408 | 500..=599 => Err(unsure(reason)),
            // The account or the settings are wrong, not the number: that can be mended.
            401..=405 | 407 => Err(SendError::Temporary(reason, None)),
            _ => Err(SendError::Permanent(reason)),
        }
    }

    /// Whether an answer says that the text was taken; its beginning if it does not.
    async fn means_yes(&self, answer: reqwest::Response, phone: &Phone) -> Result<Option<String>, reqwest::Error> {
        let Some(yes) = &self.config.ok else { return Ok(None) };
        let words = answer.text().await?;
        if words.contains(yes.as_str()) {
            return Ok(None);
        }
        Ok(Some(words.replace(phone.digits(), "…").chars().take(100).collect()))
    }

    fn request(&self, body: &str, values: &Values<'_>) -> reqwest::RequestBuilder {
        let config = &self.config;
        let url = fill(config.url.as_str(), values, crate::http::page::encode);
        let body = if config.content_type.contains("json") {
            fill(body, values, json_escape)
        } else {
            fill(body, values, crate::http::page::encode)
        };
        let request = self.client.post(url).header("content-type", &config.content_type).body(body);
        match &config.authorization {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        }
    }
}

/// What a template is filled with.
struct Values<'a> {
    phone: &'a Phone,
    code: &'a str,
    text: &'a str,
    id: &'a str,
}

fn fill(template: &str, values: &Values<'_>, escape: impl Fn(&str) -> String) -> String {
    // Braces arrive percent-encoded when the template went through a URL parser.
    template
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("{phone}", &escape(values.phone.digits()))
        .replace("{code}", &escape(values.code))
        .replace("{id}", &escape(values.id))
        .replace("{text}", &escape(values.text))
}

fn json_escape(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
