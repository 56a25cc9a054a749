//! An emergency as a CAP 1.2 alert (OASIS Common Alerting Protocol), for warning systems that pass it on. A correction
//! is an `Update`, a withdrawal a `Cancel`; both name every earlier message of the chain.

use super::{
    markdown, reading,
    store::{self, Aim, Notice},
};
use crate::{
    app_state::App,
    deliver::outbox::absolute,
    http::{Ctx, Error, Result, feed, xml::Xml},
    places,
};
use app::{
    i18n::{Lang, Words},
    notices::{Certainty, NoticeKind, Severity},
    time::zone,
};
use axum::{extract::Path, http::HeaderMap};
use jiff::{SignedDuration, Timestamp};

/// Type of an alert.
pub const CAP: &str = "application/cap+xml; charset=utf-8";

/// A chain of corrections is followed so far back.
const CHAIN: usize = 50;

/// `GET /notices/{id}/cap.xml`: for emergencies, and what corrects or withdraws one.
pub async fn alert(ctx: Ctx, asked_with: HeaderMap, Path(id): Path<String>) -> Result {
    let app = &ctx.app;
    let notice = reading::public_notice(app, &id).await?;
    let earlier = chain(app, &notice).await?;
    if notice.kind() != NoticeKind::Emergency && !earlier.iter().any(|n| n.kind() == NoticeKind::Emergency) {
        return Err(Error::NotFound);
    }
    let mut areas = Vec::new();
    for aim in store::aims_of(&app.db, &[&notice.id]).await? {
        let outline = places::store::by_id(&app.db, &aim.organisation_id).await?.and_then(|place| place.outline);
        areas.push((aim, outline));
    }
    let body = write(app, &notice, &earlier, &areas, ctx.now).map_err(anyhow::Error::new)?;
    Ok(feed::public(&asked_with, CAP, body, 60))
}

/// What a notice changes, what that one changed, and so on: the latest first.
async fn chain(app: &App, notice: &Notice) -> Result<Vec<Notice>> {
    let mut earlier: Vec<Notice> = Vec::new();
    let mut next = notice.corrects_id.clone();
    while let Some(id) = next.filter(|_| earlier.len() < CHAIN) {
        let Some(before) = store::by_id(&app.db, &id).await? else { break };
        next = before.corrects_id.clone();
        earlier.push(before);
    }
    Ok(earlier)
}

/// With the offset: CAP wants `+08:00`, and never `Z`.
fn instant(at: Timestamp) -> String {
    at.to_zoned_datetime(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn identifier(notice: &Notice) -> String {
    format!("linli-{}", notice.id)
}

/// Who sends: the organisation at this deployment, without spaces, commas and markup.
fn sender(app: &App, notice: &Notice) -> String {
    let host = app.config.public_url.host_str().unwrap_or("localhost").to_owned();
    let code = notice.source_path.trim_end_matches('/').rsplit('/').next().unwrap_or("linli");
    format!("{code}@{host}")
}

fn sent(notice: &Notice) -> Timestamp {
    notice.published_at().unwrap_or_default()
}

fn write(
    app: &App,
    notice: &Notice,
    earlier: &[Notice],
    areas: &[(Aim, Option<String>)],
    now: Timestamp,
) -> std::io::Result<Vec<u8>> {
    let mut out = Xml::new()?;
    out.open("alert", &[("xmlns", "urn:oasis:names:tc:emergency:cap:1.2")])?;
    out.text("identifier", &identifier(notice))?;
    out.text("sender", &sender(app, notice))?;
    out.text("sent", &instant(sent(notice)))?;
    out.text("status", if app.config.demo { "Exercise" } else { "Actual" })?;
    out.text(
        "msgType",
        match (earlier.is_empty(), notice.is_withdrawal()) {
            (true, _) => "Alert",
            (false, true) => "Cancel",
            (false, false) => "Update",
        },
    )?;
    out.text("scope", "Public")?;
    if !earlier.is_empty() {
        let references: Vec<String> =
            earlier.iter().map(|n| format!("{},{},{}", sender(app, n), identifier(n), instant(sent(n)))).collect();
        out.text("references", &references.join(" "))?;
    }
    // A withdrawal has no times of its own: it speaks of the emergency that it ends.
    let speaks = |n: &&Notice| n.kind() == NoticeKind::Emergency && !n.is_withdrawal();
    let about = std::iter::once(notice).chain(earlier).find(speaks).unwrap_or(notice);
    for lang in [Lang::Zh, Lang::En] {
        if lang == Lang::En && notice.title_en.is_empty() {
            continue;
        }
        info(&mut out, app, Words::new(lang), notice, about, areas, now)?;
    }
    out.close("alert")?;
    Ok(out.finish())
}

fn info(
    out: &mut Xml,
    app: &App,
    w: Words,
    notice: &Notice,
    about: &Notice,
    areas: &[(Aim, Option<String>)],
    now: Timestamp,
) -> std::io::Result<()> {
    let title = w.pick(&notice.title, &notice.title_en);
    let onset = about.starts_at().unwrap_or_else(|| sent(about));
    out.open("info", &[])?;
    out.text("language", if w.lang == Lang::Zh { "zh-CN" } else { "en" })?;
    out.text("category", "Safety")?;
    out.text("event", title)?;
    out.text("urgency", urgency(onset, about.ends_at(), notice.is_withdrawal(), sent(notice), now))?;
    out.text(
        "severity",
        match about.severity() {
            Some(Severity::Extreme) => "Extreme",
            Some(Severity::Severe) => "Severe",
            Some(Severity::Moderate) => "Moderate",
            Some(Severity::Minor) => "Minor",
            None => "Unknown",
        },
    )?;
    out.text(
        "certainty",
        match about.certainty() {
            Some(Certainty::Observed) => "Observed",
            Some(Certainty::Likely) => "Likely",
            Some(Certainty::Possible) => "Possible",
            None => "Unknown",
        },
    )?;
    out.text("effective", &instant(sent(notice)))?;
    out.text("onset", &instant(onset))?;
    if let Some(end) = about.ends_at() {
        out.text("expires", &instant(end))?;
    }
    out.text("senderName", w.pick(&notice.source, &notice.source_en))?;
    // Headlines beyond 160 characters are cut by the devices that show them.
    out.text("headline", &title.chars().take(160).collect::<String>())?;
    out.text("description", &markdown::plain(w.pick(&notice.body, &notice.body_en), 2000))?;
    let instruction = w.pick(&notice.instruction, &notice.instruction_en);
    if !instruction.is_empty() {
        out.text("instruction", instruction)?;
    }
    out.text("web", &absolute(app, &format!("/notices/{}", notice.id)))?;
    for (aim, outline) in areas {
        out.open("area", &[])?;
        out.text("areaDesc", w.pick(&aim.name, &aim.name_en))?;
        if let Some(polygon) = outline.as_deref().and_then(polygon) {
            out.text("polygon", &polygon)?;
        }
        out.open("geocode", &[])?;
        out.text("valueName", "linli")?;
        out.text("value", &aim.code)?;
        out.close("geocode")?;
        out.close("area")?;
    }
    out.close("info")
}

/// How soon people must act: within the hour, within a day, later; past when it is over.
fn urgency(
    onset: Timestamp,
    ends: Option<Timestamp>,
    withdrawn: bool,
    sent: Timestamp,
    now: Timestamp,
) -> &'static str {
    if withdrawn || ends.is_some_and(|end| end <= now) {
        "Past"
    } else if onset <= sent + SignedDuration::from_hours(1) {
        "Immediate"
    } else if onset <= sent + SignedDuration::from_hours(24) {
        "Expected"
    } else {
        "Future"
    }
}

/// An outline (JSON array of [longitude, latitude]) as CAP writes one: closed "latitude,longitude" pairs, four at least.
fn polygon(outline: &str) -> Option<String> {
    let mut points: Vec<[f64; 2]> = serde_json::from_str(outline).ok()?;
    if points.first() != points.last() {
        points.push(*points.first()?);
    }
    (points.len() >= 4).then(|| {
        points.iter().map(|[longitude, latitude]| format!("{latitude},{longitude}")).collect::<Vec<_>>().join(" ")
    })
}
