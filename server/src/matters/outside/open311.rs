//! Platforms behind Open311 GeoReport v2: a matter is a service request there; its status and notes are asked for.

use super::{Tried, note_told};
use crate::{
    app_state::App,
    auth::secrets::sha256,
    matters::{
        service::{Move, Who, move_on},
        store::{
            self, Matter,
            messages::Message,
            platforms::{self, Platform},
        },
    },
};
use anyhow::{Context, bail};
use app::matters::{
    REASON, REFERENCE,
    life::{Side, next},
    outside::{Told, line, told_by_status, words},
};
use jiff::SignedDuration;
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// Longest answer that is read, in bytes.
const ANSWER: usize = 64 * 1024;
/// Longest description that is sent, in characters: GeoReport allows 4,000, but Linli itself takes so many.
const DESCRIPTION: usize = 1000;
/// So many are asked for at once.
const MOST: i64 = 200;
/// So long is asked: a job that takes longer is another server's as well.
const ASKING: SignedDuration = SignedDuration::from_mins(3);
/// A platform that failed so often is left alone until next time.
const FAILURES: usize = 3;
/// How a reference begins that is a token for one that comes later.
const TOKEN: &str = "token:";

/// An address below the platform's own.
fn below(platform: &Platform, parts: &[&str]) -> anyhow::Result<Url> {
    let mut url: Url = platform.url.parse().context("a platform's address")?;
    url.path_segments_mut().map_err(|()| anyhow::anyhow!("an address without a path"))?.pop_if_empty().extend(parts);
    if !platform.jurisdiction.is_empty() {
        url.query_pairs_mut().append_pair("jurisdiction_id", &platform.jurisdiction);
    }
    Ok(url)
}

/// Status and body of an answer; a body that is too long, or no JSON, is an error.
async fn read(mut response: reqwest::Response) -> anyhow::Result<(u16, Value)> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| anyhow::Error::new(error.without_url()))? {
        if body.len() + chunk.len() > ANSWER {
            bail!("the answer is too long");
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

/// The first object of an answer, which is an array of one or the object itself.
fn first(answer: &Value) -> Option<&Value> {
    answer.as_array().map_or(Some(answer), |all| all.first()).filter(|value| value.is_object())
}

/// A text of an answer, in one line. Ids are texts; some send numbers.
fn text(answer: &Value, name: &str, most: usize) -> String {
    match answer.get(name) {
        Some(Value::String(text)) => line(text, most),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Files a matter as a service request.
pub(super) async fn file(app: &App, platform: &Platform, message: &Message) -> anyhow::Result<Tried> {
    let Some(matter) = store::by_id(&app.db, &message.matter_id).await? else { bail!("the matter is gone") };
    if !matter.foreign_ref.is_empty() {
        // An earlier try arrived after all.
        return Ok(Tried { status: 0, error: None });
    }
    let url = below(platform, &["requests.json"])?;
    let Some(client) = app.deliver.hooks.of(&url) else {
        bail!("the address is not an https address on the public internet")
    };
    let place = matter.from_name.clone().unwrap_or_default();
    let description = format!("{}\n{}\n{}", matter.number, matter.title, matter.body);
    let description = description.chars().take(DESCRIPTION).collect::<String>();
    let mut fields = BTreeMap::from([
        ("service_code", platform.service.clone()),
        ("description", description),
        ("address_string", place),
        ("attribute[number]", matter.number.clone()),
    ]);
    if !platform.jurisdiction.is_empty() {
        fields.insert("jurisdiction_id", platform.jurisdiction.clone());
    }
    if !platform.api_key_sealed.is_empty() {
        fields.insert("api_key", app.secrets.open(&platform.api_key_sealed)?);
    }
    let request = client
        .post(url)
        .header("user-agent", concat!("Linli/", env!("CARGO_PKG_VERSION")))
        .header("accept-language", "zh-CN")
        // Where the other side knows it, a second try files nothing twice.
        .header("idempotency-key", &message.id)
        .form(&fields);
    let response = request.send().await.map_err(|error| anyhow::Error::new(error.without_url()))?;
    let (status, answer) = read(response).await?;
    let tried = |error| Tried { status: i64::from(status), error };
    if !(200..300).contains(&status) {
        let said = first(&answer).map(|answer| text(answer, "description", 200)).unwrap_or_default();
        // What is refused for good is not tried for a day.
        let again = !(400..500).contains(&status) || matches!(status, 408 | 425 | 429);
        return Ok(tried(Some((format!("answered {status} {said}"), again))));
    }
    let id = first(&answer).map(|answer| text(answer, "service_request_id", REFERENCE)).unwrap_or_default();
    let token = first(&answer).map(|answer| text(answer, "token", REFERENCE)).unwrap_or_default();
    let reference = match (id.is_empty(), token.is_empty()) {
        (false, _) => id,
        (true, false) => format!("{TOKEN}{token}"),
        (true, true) => return Ok(tried(Some(("the answer names no request".to_owned(), false)))),
    };
    let mut tx = app.db.begin().await?;
    store::set_foreign(&mut tx, &matter.id, &reference).await?;
    tx.commit().await?;
    Ok(tried(None))
}

/// The job: asks for the status of every matter that is at a platform behind Open311. One that does not answer keeps none of
/// the others waiting, and is asked again next time; what there is no time for is asked first then.
pub async fn poll(app: &App) -> anyhow::Result<()> {
    let begun = app.clock.now();
    let until = begun + ASKING;
    let mut failures: BTreeMap<String, usize> = BTreeMap::new();
    for matter in store::to_poll(&app.db, MOST).await? {
        if app.clock.now() > until {
            break;
        }
        let failed = failures.entry(matter.platform_id.clone()).or_default();
        // What was not asked for comes before what failed, next time.
        let mut polled = begun;
        if *failed < FAILURES {
            let Err(error) = poll_one(app, &matter).await else { continue };
            tracing::warn!(matter = %matter.id, error = format!("{error:#}"), "a platform did not say how a matter stands");
            *failed += usize::from(is_away(&error));
            polled = until;
        }
        let mut tx = app.db.begin().await?;
        store::set_polled(&mut tx, &matter.id, polled).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether nobody answers there, other than that this request is none.
fn is_away(error: &anyhow::Error) -> bool {
    error.downcast_ref::<reqwest::Error>().is_some_and(|error| error.is_timeout() || error.is_connect())
}

async fn get(app: &App, platform: &Platform, parts: &[&str]) -> anyhow::Result<Value> {
    let url = below(platform, parts)?;
    let Some(client) = app.deliver.hooks.of(&url) else {
        bail!("the address is not an https address on the public internet")
    };
    let request = client.get(url).header("accept-language", "zh-CN");
    let response = request.send().await.map_err(|error| anyhow::Error::new(error.without_url()))?;
    let (status, answer) = read(response).await?;
    if !(200..300).contains(&status) {
        bail!("answered {status}");
    }
    Ok(answer)
}

async fn poll_one(app: &App, matter: &Matter) -> anyhow::Result<()> {
    let found = platforms::by_id(&app.db, &matter.platform_id).await?.filter(Platform::works);
    let Some(platform) = found else { return Ok(()) };
    let mut reference = matter.foreign_ref.clone();
    if let Some(token) = reference.strip_prefix(TOKEN) {
        let answer = get(app, &platform, &["tokens", &format!("{token}.json")]).await?;
        let id = first(&answer).map(|answer| text(answer, "service_request_id", REFERENCE)).unwrap_or_default();
        if id.is_empty() {
            bail!("no request for the token yet");
        }
        let mut tx = app.db.begin().await?;
        store::set_foreign(&mut tx, &matter.id, &id).await?;
        tx.commit().await?;
        reference = id;
    }
    let answer = get(app, &platform, &["requests", &format!("{reference}.json")]).await?;
    let Some(answer) = first(&answer) else { bail!("the answer names no request") };
    let status = text(answer, "status", 20);
    let notes = answer.get("status_notes").and_then(Value::as_str).map(|text| words(text, REASON)).unwrap_or_default();
    hear(app, &platform, &matter.id, (&status, &notes)).await
}

/// Takes the steps that follow from what a platform says, once.
async fn hear(app: &App, platform: &Platform, id: &str, (status, notes): (&str, &str)) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(matter) = store::by_id_in(&mut tx, id).await? else { return Ok(()) };
    crate::matters::service::lock(app, &mut tx, &matter).await?;
    let Some(matter) = store::by_id_in(&mut tx, id).await? else { return Ok(()) };
    let seen = sha256(&format!("{status}\n{notes}"));
    if seen != matter.foreign_seen
        && let Some(Told { steps, text }) = told_by_status(matter.state(), status, notes)
    {
        let last = steps.len().saturating_sub(1);
        for (n, step) in steps.into_iter().enumerate() {
            let Some(matter) = store::by_id_in(&mut tx, id).await? else { break };
            if next(matter.state(), matter.back(), step).is_none() {
                break;
            }
            let text = if n == last { note_told(step, &text) } else { String::new() };
            let step = Move { step, side: Some(Side::Receiver), text, days: 0, who: Who::Platform(platform) };
            move_on(&mut tx, app, &matter, step, now).await?;
        }
    }
    store::set_seen(&mut tx, id, &seen, now).await?;
    tx.commit().await?;
    Ok(())
}
