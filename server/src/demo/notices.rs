//! The demo's notices, relative to today.

use super::Loaded;
use crate::{
    app_state::App,
    clock,
    db::Tx,
    jobs::{self, Job},
    notices::store::write::{self, Origin},
};
use anyhow::Context;
use app::{
    i18n::Lang,
    notices::{Certainty, Content, NoticeFact, NoticeKind, NoticeState, Severity},
    time,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Time};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct DemoNotice {
    key: String,
    aim: Vec<String>,
    kind: String,
    title: String,
    #[serde(default)]
    title_en: String,
    body: String,
    #[serde(default)]
    body_en: String,
    days_ago: f64,
    expires_in_days: Option<f64>,
    pinned: bool,
    author: String,
    state: String,
    corrects: Option<String>,
    emergency: Option<DemoEmergency>,
    facts: Option<Vec<NoticeFact>>,
    #[serde(default)]
    place: String,
    #[serde(default)]
    place_en: String,
    #[serde(default)]
    facts_en: Vec<NoticeFact>,
}

#[derive(Deserialize)]
struct DemoEmergency {
    severity: String,
    certainty: String,
    starts_days: f64,
    ends_days: f64,
    instruction: String,
    #[serde(default)]
    instruction_en: String,
}

/// The notices that residents of the demo's first community still find in their inbox, by key: believable, not a flood.
const IN_INBOXES: [&str; 3] = ["wutong-water-57-fix", "wutong-lift-8", "wutong-health-check"];

/// Loads the notices: published ones in the past, drafts, and one that is scheduled.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let mut notices: Vec<DemoNotice> =
        serde_json::from_str(include_str!("../../demo/notices.json")).context("reading demo/notices.json")?;
    // The oldest first, so that a correction finds what it corrects.
    notices.sort_by(|a, b| b.days_ago.total_cmp(&a.days_ago));
    let now = app.clock.now();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut tx = app.db.begin().await?;
    for notice in &notices {
        let id = insert(&mut tx, loaded, &ids, notice, now).await.with_context(|| notice.key.clone())?;
        ids.insert(notice.key.clone(), id);
    }
    super::answers::load(&mut tx, loaded, &ids, now).await?;
    for key in IN_INBOXES {
        let notice_id = ids.get(key).with_context(|| format!("no notice {key}"))?.clone();
        let dedupe_key = format!("notice-fan-out:{notice_id}");
        jobs::queue(&mut tx, &Job::NoticeFanOut { notice_id }, now, Some(&dedupe_key), now).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    loaded: &Loaded,
    ids: &BTreeMap<String, String>,
    notice: &DemoNotice,
    now: Timestamp,
) -> anyhow::Result<String> {
    let aims = notice
        .aim
        .iter()
        .map(|code| loaded.organisations.get(code).cloned().with_context(|| format!("no place {code}")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let earlier = match &notice.corrects {
        Some(key) => Some(ids.get(key).with_context(|| format!("no earlier notice {key}"))?.as_str()),
        None => None,
    };
    let withdraws = notice.title.starts_with("撤回");
    let at = published_at(notice.days_ago, now);
    let scheduled = notice.state == "published" && at > now;
    let origin = Origin {
        author_id: loaded.people.get(&notice.author).context("no such author")?,
        organisation_id: &speaker(loaded, &aims)?,
        form_key: &clock::token(),
        changes: earlier.map(|id| (id, withdraws)),
    };
    let content = content(notice, scheduled.then_some(at), now)?;
    let written = at.min(now);
    let id = write::insert(tx, origin, &content, written).await?.context("the key is new")?;
    write::set_aims(tx, &id, &aims).await?;
    let draft = &[NoticeState::Draft][..];
    match notice.state.as_str() {
        "draft" => {}
        _ if scheduled => {
            write::advance(tx, &id, (draft, NoticeState::Scheduled), None, written).await?;
            let job = Job::NoticePublish { notice_id: id.clone() };
            jobs::queue(tx, &job, at, Some(&format!("notice-publish:{id}:1")), now).await?;
        }
        state => {
            write::advance(tx, &id, (draft, NoticeState::Published), None, written).await?;
            if state == "withdrawn" {
                write::advance(tx, &id, (&[NoticeState::Published], NoticeState::Withdrawn), None, written).await?;
            }
        }
    }
    Ok(id)
}

/// Who says it: the widest of the communities, subdistricts and districts that contain all aims.
fn speaker(loaded: &Loaded, aims: &[(String, String)]) -> anyhow::Result<String> {
    let first = &aims.first().context("a notice has an aim")?.1;
    let steps: Vec<&str> = first.split_inclusive('/').take(3).collect();
    let mut shared = String::new();
    for step in steps {
        let longer = format!("{shared}{step}");
        if !aims.iter().all(|(_, path)| path.starts_with(&longer)) {
            break;
        }
        shared = longer;
    }
    loaded
        .organisations
        .values()
        .find(|(_, path)| *path == shared)
        .map(|(id, _)| id.clone())
        .context("the aims have nothing in common")
}

/// So many days ago, moved into the hours in which staff publish (8:00 to 20:00) without becoming the future.
fn published_at(days_ago: f64, now: Timestamp) -> Timestamp {
    let at = days_from(now, -days_ago);
    let local = at.to_zoned_datetime(time::zone());
    let (date, clock) = (local.date(), local.time());
    let evening = Time::constant(19, clock.minute(), 0, 0);
    let moved = match clock.hour() {
        8..20 => at,
        20.. => time::at_time(date, evening),
        _ => time::at_time(date - 1.day(), evening),
    };
    if days_ago < 0.0 && moved <= now { time::at_time(date + 1.day(), evening) } else { moved }
}

fn days_from(now: Timestamp, days: f64) -> Timestamp {
    now + SignedDuration::from_secs_f64(days * 86_400.0)
}

fn content(notice: &DemoNotice, publish_at: Option<Timestamp>, now: Timestamp) -> anyhow::Result<Content> {
    let zh = |text: &str| with_dates(Lang::Zh, text, now);
    let en = |text: &str| with_dates(Lang::En, text, now);
    let facts = |facts: &[NoticeFact], lang: Lang| -> Vec<NoticeFact> {
        facts
            .iter()
            .map(|fact| NoticeFact {
                label: with_dates(lang, &fact.label, now),
                value: with_dates(lang, &fact.value, now),
            })
            .collect()
    };
    let emergency = notice.emergency.as_ref();
    Ok(Content {
        kind: NoticeKind::from_code(&notice.kind).context("no such kind")?,
        title: zh(&notice.title),
        title_en: en(&notice.title_en),
        body: zh(&notice.body),
        body_en: en(&notice.body_en),
        facts: facts(notice.facts.as_deref().unwrap_or_default(), Lang::Zh),
        facts_en: facts(&notice.facts_en, Lang::En),
        severity: emergency.and_then(|e| Severity::from_code(&e.severity)),
        certainty: emergency.and_then(|e| Certainty::from_code(&e.certainty)),
        starts_at: emergency.map(|e| days_from(now, e.starts_days)),
        ends_at: emergency.map(|e| days_from(now, e.ends_days)),
        place: notice.place.clone(),
        place_en: notice.place_en.clone(),
        instruction: emergency.map(|e| e.instruction.clone()).unwrap_or_default(),
        instruction_en: emergency.map(|e| e.instruction_en.clone()).unwrap_or_default(),
        pinned: notice.pinned,
        publish_at,
        expires_at: notice.expires_in_days.map(|days| days_from(now, days)),
    })
}

/// `{date+2}` and `{date-3}` as the language writes that day: 11月24日 周二, Tue 24 November.
fn with_dates(lang: Lang, text: &str, now: Timestamp) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{date") {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let Some(end) = tail.find('}') else {
            rest = tail;
            break;
        };
        match tail["{date".len()..end.max("{date".len())].parse::<i64>() {
            Ok(days) => out.push_str(&time::date(lang, time::day_of(now) + days.days())),
            Err(_) => out.push_str(&tail[..=end]),
        }
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_relative_to_today() {
        let now: Timestamp = "2026-11-22T02:00:00Z".parse().expect("an instant");
        assert_eq!(with_dates(Lang::Zh, "{date+2}上午停水", now), "11月24日 周二上午停水");
        assert_eq!(with_dates(Lang::En, "from {date+2} to {date-1}", now), "from Tue 24 November to Sat 21 November");
        assert_eq!(with_dates(Lang::Zh, "{date} {date", now), "{date} {date");
    }

    #[test]
    fn nothing_is_published_at_night_or_in_the_future() {
        for hour in 0..24 {
            let now = time::at_time(jiff::civil::date(2026, 11, 22), Time::constant(0, 30, 0, 0))
                + SignedDuration::from_hours(hour);
            for days in [0.08, 0.25, 0.35, 1.6, 30.5] {
                let at = published_at(days, now);
                let clock = at.to_zoned_datetime(time::zone()).hour();
                assert!(at <= now && (8..20).contains(&clock), "{days} days before {now} gave {at}");
            }
            assert!(published_at(-1.5, now) > now);
        }
    }
}
