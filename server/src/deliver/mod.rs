//! Ways to reach people outside the page: the delivery port. SMS goes through a provider's HTTP interface, described
//! by a template in the settings; without one the log stands in (demo and development).

use crate::config::SmsConfig;
use anyhow::{Context, ensure};
use app::people::Phone;
use std::time::Duration;

/// The delivery port.
#[derive(Clone)]
pub struct Deliver {
    sms: Option<(SmsConfig, reqwest::Client)>,
}

impl Deliver {
    /// A port with these settings.
    pub fn new(sms: Option<SmsConfig>) -> Deliver {
        Deliver {
            sms: sms.map(|config| {
                let client = reqwest::Client::builder()
                    .timeout(Duration::from_secs(10))
                    .redirect(reqwest::redirect::Policy::none())
                    .build()
                    .unwrap_or_default();
                (config, client)
            }),
        }
    }

    /// Whether messages leave this machine.
    pub fn is_real(&self) -> bool {
        self.sms.is_some()
    }

    /// Sends a login code.
    pub async fn login_code(&self, phone: &Phone, code: &str, text: &str) -> anyhow::Result<()> {
        let Some((config, client)) = &self.sms else {
            tracing::info!(phone = %phone.masked(), code, "login code (no SMS provider is set)");
            return Ok(());
        };
        let url = fill(config.url.as_str(), phone, code, text, crate::http::page::encode);
        let body = if config.content_type.contains("json") {
            fill(&config.body, phone, code, text, json_escape)
        } else {
            fill(&config.body, phone, code, text, crate::http::page::encode)
        };
        let mut request = client.post(url).header("content-type", &config.content_type).body(body);
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
