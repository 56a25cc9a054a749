//! From rows to what pages show, in the reader's words.

use super::{
    events::Event,
    service::Viewer,
    store::{Report, instant},
};
use crate::{
    http::Ctx,
    people::inbox,
    photos::store::{OF_REPORT, Photo},
};
use app::{
    i18n::Words,
    reports::{
        State, Step,
        answers::Values,
        due::left,
        pages::{AlikeAct, AlikeCard, Brief, Due, Happened, Message, Shot},
    },
    time,
    ui::badge::Tone,
};
use jiff::Timestamp;

/// Who looks at a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader<'a> {
    /// Anybody with the code: no names, no internal words.
    Public,
    /// Whoever filed it: their own words and photos as well. With the query that lets them see photos; may be empty.
    Reporter(&'a str),
    /// Somebody who works on it.
    Works,
}

/// Name of the category.
pub fn category(w: Words, report: &Report) -> String {
    w.pick(&report.category_name, &report.category_name_en).to_owned()
}

/// Grid and building, as far as known; the community where neither is.
pub fn place(w: Words, report: &Report) -> String {
    let pick = |zh: &Option<String>, en: &Option<String>| {
        zh.as_deref().map(|zh| w.pick(zh, en.as_deref().unwrap_or_default()).to_owned())
    };
    let parts: Vec<String> =
        [pick(&report.grid_name, &report.grid_name_en), pick(&report.building_name, &report.building_name_en)]
            .into_iter()
            .flatten()
            .collect();
    let community = w.pick(&report.community_name, &report.community_name_en).to_owned();
    if parts.is_empty() { community } else { parts.join(" · ") }
}

/// Community, grid and building.
pub fn whole_place(w: Words, report: &Report) -> String {
    let community = w.pick(&report.community_name, &report.community_name_en).to_owned();
    let place = place(w, report);
    if place == community { place } else { format!("{community} · {place}") }
}

/// Category and place.
pub fn title(w: Words, report: &Report) -> String {
    format!("{} · {}", category(w, report), place(w, report))
}

/// The owner for the public: the unit, or that it is one of the neighbourhood's own people.
pub fn owner(w: Words, report: &Report) -> String {
    let unit =
        w.pick(report.owner_unit.as_deref().unwrap_or_default(), report.owner_unit_en.as_deref().unwrap_or_default());
    if unit.is_empty() { w.t("reports-owner-neighbour") } else { unit.to_owned() }
}

/// How a report stands, in one plain sentence.
pub fn say(w: Words, report: &Report) -> String {
    let key = match report.state() {
        State::Submitted => "reports-say-submitted",
        State::Asked => "reports-say-asked",
        State::Accepted => "reports-say-accepted",
        State::Disputed => "reports-say-disputed",
        State::Dispatched => "reports-say-dispatched",
        State::InProgress => "reports-say-in-progress",
        State::Suspended => "reports-say-suspended",
        State::Handled => "reports-say-handled",
        State::Verified => "reports-say-verified",
        State::Closed => "reports-say-closed",
        State::Rejected => "reports-say-rejected",
        State::Withdrawn => "reports-say-withdrawn",
        State::Merged => "reports-say-merged",
    };
    w.tf(key, &[("owner", owner(w, report).into())])
}

/// By when it is to be dealt with, in a sentence; while the clock stands, since when; nothing when it is over.
pub fn due_sentence(w: Words, report: &Report, now: Timestamp) -> Option<String> {
    let state = report.state();
    if let Some(since) = report.stopped_at.map(instant).filter(|_| state.stands_still()) {
        let key = if state == State::Asked { "reports-stands-asked" } else { "reports-stands-suspended" };
        return Some(w.tf(key, &[("since", time::date_time(w.lang, since, now).into())]));
    }
    if !state.is_running() {
        return None;
    }
    Some(match report.due() {
        None => w.t("reports-due-unknown"),
        Some(due) if due < now => w.tf("reports-due-late", &[("due", time::date_time(w.lang, due, now).into())]),
        Some(due) => w.tf("reports-due-by", &[("due", time::date_time(w.lang, due, now).into())]),
    })
}

/// The newest words for everybody of those who work on it: who says it, and what. A question stands beside its
/// answer's form.
pub fn said(w: Words, report: &Report, events: &[Event]) -> Option<(String, String)> {
    let event = events.iter().find(|event| {
        let step = Step::from_code(&event.action);
        !event.public_text.is_empty() && step.is_some_and(|step| step.is_told() && !step.is_own_words())
    })?;
    let key = match event.actor_kind.as_str() {
        "handler" => return Some((owner(w, report), event.public_text.clone())),
        "verifier" => "reports-said-verifier",
        _ => "reports-said-community",
    };
    Some((w.t(key), event.public_text.clone()))
}

/// The time limit while the clock runs: warning in the last quarter.
pub fn due(w: Words, report: &Report, now: Timestamp) -> Option<Due> {
    let due = report.due().filter(|_| report.state().is_running())?;
    Some(limit(w, report.filed(), due, now))
}

fn limit(w: Words, from: Timestamp, due: Timestamp, now: Timestamp) -> Due {
    let whole = (due.as_second() - from.as_second()).max(1);
    let gone = ((now.as_second() - from.as_second()) * 100 / whole).clamp(0, 100);
    let tone = match gone {
        _ if due < now => Tone::Bad,
        75.. => Tone::Warn,
        _ => Tone::Neutral,
    };
    Due { text: left(w, due, now), tone, gone }
}

/// The limit of whoever has it now: the owner's while there is one, the dispatcher's until then, else the resident's.
pub fn due_of_owner(w: Words, report: &Report, now: Timestamp) -> Option<Due> {
    let sent_by = report.dispatch_due_at.filter(|by| report.due_at.is_none_or(|due| *by < due));
    if let (None, Some(by)) = (&report.owner_id, sent_by.map(instant)) {
        let begun = report.dispatch_from.map_or_else(|| report.filed(), instant);
        return report.state().is_running().then(|| {
            let left = limit(w, begun, by, now);
            Due { text: w.tf("desk-dispatch-left", &[("left", left.text.into())]), ..left }
        });
    }
    let (Some(due), Some(from)) = (report.owner_due(), report.dispatched_at.map(instant)) else {
        return due(w, report, now);
    };
    report.state().is_running().then(|| limit(w, from, due, now))
}

/// A report that may be about the same thing as another.
pub async fn alike(ctx: &Ctx, report: &Report, act: Option<AlikeAct>) -> Result<AlikeCard, sqlx::Error> {
    let w = ctx.w;
    let (followers, _) = super::open::followers(&ctx.app.db, &report.id, "").await?;
    let mut note = time::ago(w, report.filed(), ctx.now);
    if followers > 0 {
        note.push_str(" · ");
        note.push_str(&w.tf("reports-more-followers", &[("count", followers.into())]));
    }
    if let Some(owner) = &report.owner_name {
        note.push_str(" · ");
        note.push_str(owner);
    }
    Ok(AlikeCard {
        code: report.code.clone(),
        category: category(w, report),
        place: place(w, report),
        said: report.description.chars().take(80).collect(),
        note,
        state: report.state(),
        act,
    })
}

/// A report as a row of a list.
pub fn brief(ctx: &Ctx, report: &Report, folder: &str) -> Brief {
    Brief {
        href: format!("{folder}/{}", report.code),
        title: title(ctx.w, report),
        note: time::ago(ctx.w, report.filed(), ctx.now),
        photo: report.first_photo.clone(),
        state: report.state(),
        due: due(ctx.w, report, ctx.now),
    }
}

/// A photo as pages show it.
pub fn shot(photo: &Photo, link: &str) -> Shot {
    Shot { id: photo.id.clone(), released: photo.released == 1, link: link.to_owned() }
}

/// Photos of how it was: the reporter's; where they sent none, those of the handler's first word before it was done.
pub fn first(photos: &[Photo]) -> Vec<&Photo> {
    let of_report: Vec<&Photo> = photos.iter().filter(|photo| photo.owner_kind.as_deref() == Some(OF_REPORT)).collect();
    if !of_report.is_empty() {
        return of_report;
    }
    let mut undone = photos.iter().take_while(|photo| photo.role != "after");
    let event = undone.find(|photo| photo.role == "progress").and_then(|photo| photo.owner_id.as_deref());
    photos.iter().filter(|photo| event.is_some() && photo.owner_id.as_deref() == event).collect()
}

/// Photos of the problem that a reader may see.
pub fn before(photos: &[Photo], viewer: Viewer, link: &str) -> Vec<Shot> {
    first(photos)
        .into_iter()
        .filter(|photo| {
            let own = viewer.reporter && photo.owner_kind.as_deref() == Some(OF_REPORT);
            own || viewer.sees_everything() || photo.released == 1
        })
        .map(|photo| shot(photo, if photo.released == 1 { "" } else { link }))
        .collect()
}

/// Photos after the work that a reader may see.
pub fn after(photos: &[Photo], viewer: Viewer) -> Vec<Shot> {
    photos
        .iter()
        .filter(|photo| photo.role == "after" && (viewer.sees_everything() || photo.released == 1))
        .map(|photo| shot(photo, ""))
        .collect()
}

/// The timeline.
pub fn happened(ctx: &Ctx, events: &[Event], photos: &[Photo], reader: Reader<'_>) -> Vec<Happened> {
    let w = ctx.w;
    events
        .iter()
        .filter(|event| reader == Reader::Works || Step::from_code(&event.action).is_none_or(Step::is_told))
        .map(|event| {
            let at = instant(event.at);
            let step = Step::from_code(&event.action);
            let moved = super::moved::told(ctx, event);
            let is_moved = moved.is_some();
            let mut notes: Vec<String> = moved.into_iter().collect();
            let own = step.is_some_and(Step::is_own_words);
            if !event.public_text.is_empty() && (reader != Reader::Public || !own) {
                notes.push(event.public_text.clone());
            }
            // What was said to whoever rated it is for them, and for those who say such things.
            let to_reporter = step == Some(Step::RateAnswer);
            if to_reporter && reader != Reader::Public {
                notes.push(event.internal_text.clone());
            }
            if reader == Reader::Works {
                if let Some(to) = &event.to_name {
                    notes.push(w.tf("reports-event-to", &[("name", to.as_str().into())]));
                }
                if !event.internal_text.is_empty() && !is_moved && !to_reporter {
                    notes.push(w.tf("reports-event-internal", &[("text", event.internal_text.as_str().into())]));
                }
                if event.actor_kind != "reporter" {
                    notes.extend(event.actor_name.clone());
                }
            }
            let shots = photos
                .iter()
                .filter(|photo| photo.owner_id.as_deref() == Some(&event.id))
                .filter_map(|photo| match reader {
                    _ if photo.released == 1 => Some(shot(photo, "")),
                    Reader::Works => Some(shot(photo, "")),
                    Reader::Reporter(link) if own => Some(shot(photo, link)),
                    _ => None,
                })
                .collect();
            Happened {
                state: State::from_code(&event.to_state).unwrap_or(State::Submitted),
                at: at.to_string(),
                when: time::date_time(w.lang, at, ctx.now),
                title: w.t(event.what().key()),
                notes,
                photos: shots,
            }
        })
        .collect()
}

/// The message that the reporter gets for a step, exactly as the inbox will say it; a reporter without an account reads
/// the same on the report's page, staff may read it to a caller. An ellipsis stands where words are still to be typed.
pub fn message(w: Words, report: &Report, step: Step, text: &str, values: &Values) -> Option<Message> {
    let key = step.reporter_key()?;
    let said = |text: &str| inbox::text(w, key, &super::steps::message_args(report, text, "……").to_string());
    let text = if text.trim().is_empty() && step.needs_reason() { "……" } else { text.trim() };
    let label = if report.reporter_id.is_some() { "reports-message-preview" } else { "reports-message-page" };
    Some(Message { label: w.t(label), text: said(text), template: said(Message::MARK), slots: values.json() })
}
