//! SMS by a provider's HTTP interface.

use crate::config::SmsConfig;
use anyhow::{Context, ensure};
use app::people::Phone;
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

    pub(super) async fn code(&self, phone: &Phone, code: &str, text: &str) -> anyhow::Result<()> {
        self.send(&self.config.body, phone, code, text).await
    }

    pub(super) async fn notice(&self, phone: &Phone, text: &str) -> anyhow::Result<()> {
        let body = self.config.notice_body.as_deref().context("sms_notice_body is not set")?;
        self.send(body, phone, "", text).await
    }

    async fn send(&self, body: &str, phone: &Phone, code: &str, text: &str) -> anyhow::Result<()> {
        let config = &self.config;
        let url = fill(config.url.as_str(), phone, code, text, crate::http::page::encode);
        let body = if config.content_type.contains("json") {
            fill(body, phone, code, text, json_escape)
        } else {
            fill(body, phone, code, text, crate::http::page::encode)
        };
        let mut request = self.client.post(url).header("content-type", &config.content_type).body(body);
        if let Some(authorization) = &config.authorization {
            request = request.header("authorization", authorization);
        }
        let response = request.send().await.context("the SMS provider cannot be reached")?;
        ensure!(response.status().is_success(), "the SMS provider answered {}", response.status());
        Ok(())
    }
}

fn fill(template: &str, phone: &Phone, code: &str, text: &str, escape: impl Fn(&str) -> String) -> String {
    // Braces arrive percent-encoded when the template went through a URL parser.
    template
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("{phone}", &escape(phone.digits()))
        .replace("{code}", &escape(code))
        .replace("{text}", &escape(text))
}

fn json_escape(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
