//! Demo reports in every state, with photos and with everything that happened to them, at times that make sense.

mod scenes;
mod story;

use super::Loaded;
use crate::{
    app_state::App,
    clock,
    db::Tx,
    people::inbox,
    photos::{
        blobs::Variant,
        store::{OF_REPORT, OF_REPORT_EVENT, Uploader},
    },
    places::landmarks,
    reports::{
        categories::{self, Category},
        clocks,
        events::{self, NewEvent, What},
        store::{self, Change, NewReport},
    },
};
use anyhow::{Context, bail};
use app::{
    people::Role,
    reports::{State, Step, due::due_at, life},
    time::{at_time, zone},
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp, civil::Time};
use scenes::Scene;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct DemoReport {
    key: String,
    community: String,
    building: Option<String>,
    /// A landmark, and the grid that it lies in.
    landmark: Option<(String, String)>,
    place_text: String,
    category: String,
    description: String,
    days_ago: f64,
    channel: String,
    /// Index into the residents' list, or a phone number.
    reporter: serde_json::Value,
    anonymous_public: bool,
    scene: String,
    photos: usize,
    /// The state it comes to on the ordinary way.
    #[serde(default)]
    state: String,
    handler: Option<String>,
    #[serde(default)]
    texts: BTreeMap<String, String>,
    /// The whole way, where it is written down.
    #[serde(default)]
    steps: Vec<story::DemoStep>,
}

/// Loads it.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let mut reports: Vec<DemoReport> =
        serde_json::from_str(include_str!("../../demo/reports.json")).context("reading demo/reports.json")?;
    let more: Vec<DemoReport> =
        serde_json::from_str(include_str!("../../demo/reports_more.json")).context("reading demo/reports_more.json")?;
    reports.extend(more);
    categories::ship(&app.db).await?;
    let categories = categories::all(&app.db).await?;
    let staff = staff(app, loaded).await?;
    let mut blobs = Vec::new();
    let mut tx = app.db.begin().await?;
    for report in &reports {
        let mut telling = Telling { app, loaded, categories: &categories, staff: &staff, blobs: Vec::new() };
        telling.tell(&mut tx, report).await.with_context(|| report.key.clone())?;
        blobs.append(&mut telling.blobs);
    }
    // Blobs before the rows that name them are to be seen.
    stream::iter(blobs.into_iter().map(|(id, scene)| async move {
        app.blobs.put(&id, Variant::Full, scene.full.to_vec()).await?;
        app.blobs.put(&id, Variant::Thumb, scene.thumb.to_vec()).await
    }))
    .buffer_unordered(16)
    .try_collect::<()>()
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Staff of each community: two at least, so that they take turns.
async fn staff(app: &App, loaded: &Loaded) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let mut staff = BTreeMap::new();
    for (code, (_, path)) in &loaded.organisations {
        if path.matches('/').count() == 3 {
            let people = crate::people::store::with_role_around(&app.db, Role::CommunityStaff, path).await?;
            staff.insert(code.clone(), people.into_iter().map(|person| person.id).collect());
        }
    }
    Ok(staff)
}

struct Telling<'a> {
    app: &'a App,
    loaded: &'a Loaded,
    categories: &'a [Category],
    staff: &'a BTreeMap<String, Vec<String>>,
    blobs: Vec<(String, &'static Scene)>,
}

impl Telling<'_> {
    /// One report from its filing to the state it is in.
    async fn tell(&mut self, tx: &mut Tx, demo: &DemoReport) -> anyhow::Result<()> {
        let now = self.app.clock.now();
        let organisation = |code: &str| self.loaded.organisations.get(code).with_context(|| format!("no place {code}"));
        let category = self
            .categories
            .iter()
            .find(|category| category.code == demo.category)
            .with_context(|| format!("no category {}", demo.category))?;
        let (community_id, community_path) = organisation(&demo.community)?;
        let building = demo.building.as_deref().map(organisation).transpose()?;
        let mut landmark = None;
        if let Some((code, _)) = &demo.landmark {
            landmark = landmarks::by_code(&self.app.db, code).await?;
        }
        let grid = building.and_then(|(_, path)| path.split('/').nth(3));
        let grid = grid.or(demo.landmark.as_ref().map(|(_, grid)| grid.as_str())).map(organisation).transpose()?;
        let reporter = self.reporter(&demo.reporter)?;
        let ago = SignedDuration::try_from_secs_f64(demo.days_ago * 86_400.0)?;
        let filed = plausible(now - ago, now);
        let id = clock::new_id(filed);
        let code = code_of(&demo.key);
        let new = NewReport {
            id: &id,
            code: &code,
            key: &format!("demo-{}", demo.key),
            fingerprint: &demo.key,
            community_id,
            grid_id: grid.map(|(id, _)| id.as_str()),
            building_id: building.map(|(id, _)| id.as_str()),
            landmark_id: landmark.as_ref().map(|landmark| landmark.id.as_str()),
            path: building.or(grid).map_or(community_path, |(_, path)| path),
            place_text: &demo.place_text,
            position: None,
            category: &category.code,
            description: &demo.description,
            channel: if demo.channel == "volunteer" { "patrol" } else { &demo.channel },
            reporter_id: Some(&reporter),
            reporter_device: "",
            name_hidden: demo.anonymous_public,
            unknown_to_staff: false,
            contact: None,
            transferred_from: "",
            foreign_code: "",
            caller: None,
            due: due_at(&self.app.calendar, filed, category.limit(), category.limit_amount),
            solved_by: None,
        };
        if !store::insert(tx, new, filed).await? {
            bail!("a code twice: {code}");
        }
        let state = if demo.steps.is_empty() {
            State::from_code(&demo.state).with_context(|| demo.state.clone())?
        } else {
            State::InProgress
        };
        // What the public sees: what is on its way or over, not what nobody has looked at.
        let released = !matches!(state, State::Submitted | State::Rejected | State::Withdrawn);
        let uploader = Uploader { person: Some(reporter.clone()), device: String::new() };
        for position in 0..demo.photos {
            let at = (&uploader, filed, released);
            self.photo(tx, demo, false, at, (OF_REPORT, &id, "before"), position).await?;
        }
        self.event(tx, &id, None, State::Submitted, (1, filed), &reporter, None, "").await?;
        if demo.steps.is_empty() {
            self.steps(tx, demo, (&id, &code, category), (filed, state), &reporter).await
        } else {
            self.story(tx, demo, (&id, &code, category), filed, &reporter).await
        }
    }

    /// Everything that was done, in order, between filing and now.
    async fn steps(
        &mut self,
        tx: &mut Tx,
        demo: &DemoReport,
        (id, code, category): (&str, &str, &Category),
        (filed, state): (Timestamp, State),
        reporter: &str,
    ) -> anyhow::Result<()> {
        let now = self.app.clock.now();
        let way: &[(Step, &str)] = match state {
            State::Submitted => &[],
            State::Rejected => &[(Step::Reject, "reject")],
            State::Asked => &[(Step::Ask, "ask")],
            State::Withdrawn => &[(Step::Withdraw, "resident")],
            _ => &[
                (Step::Accept, "accept"),
                (Step::Dispatch, "dispatch"),
                (Step::Take, ""),
                (Step::Note, "progress"),
                (Step::Finish, "handled"),
                (Step::VerifyPass, "verified"),
                (Step::Close, "close"),
            ],
        };
        let staff =
            self.staff.get(&demo.community).filter(|staff| !staff.is_empty()).context("a community without staff")?;
        let n = demo.key.bytes().map(usize::from).sum::<usize>();
        let handler = match &demo.handler {
            Some(phone) => Some(self.loaded.people.get(phone).with_context(|| format!("no person {phone}"))?.clone()),
            None => None,
        };
        // Steps share the time between filing and the end: within the limit for most, and always before now.
        let limit = due_at(&self.app.calendar, filed, category.limit(), category.limit_amount).unwrap_or(now);
        let late = if n % 11 == 0 { 3 } else { 1 };
        let whole = limit.duration_since(filed).as_secs().max(3600) * late * 8 / 10;
        let whole = whole.min((now.duration_since(filed).as_secs() * 9 / 10).max(60));
        let mut current = State::Submitted;
        let mut seq = 1;
        let mut at = filed;
        for (position, (step, key)) in (1_i64..).zip(way) {
            if current == state {
                break;
            }
            let text = demo.texts.get(*key).map_or("", String::as_str);
            if *step == Step::Note && text.is_empty() {
                continue;
            }
            let to = life::next(current, *step).context("the demo takes a step that is not possible")?;
            let share = [0, 4, 10, 20, 45, 70, 85, 100][usize::try_from(position.min(7)).unwrap_or(7)];
            at = plausible(filed + SignedDuration::from_secs(whole * share / 100), now)
                .max(at + SignedDuration::from_mins(3))
                .min(now);
            seq += 1;
            // Another colleague verifies and closes than the one who accepted.
            let colleague = &staff[(n + usize::from(position > 5)) % staff.len()];
            let actor = match step.action() {
                None => reporter,
                Some(app::people::Action::ReportHandle) => handler.as_deref().context("no handler")?,
                Some(_) => colleague,
            };
            let event =
                self.event(tx, id, Some((*step, current)), to, (seq, at), actor, handler.as_deref(), text).await?;
            let owner = to.has_owner().then_some(handler.as_deref()).flatten();
            let verifier = matches!(to, State::Verified | State::Closed).then(|| staff[(n + 1) % staff.len()].as_str());
            let handled = matches!(to, State::Handled | State::Verified | State::Closed).then_some(owner).flatten();
            let change = Change {
                id,
                from: current,
                version: seq - 1,
                to,
                owner_id: owner,
                handled_by: handled,
                verified_by: verifier,
                reworks: 0,
                returns: 0,
                reopened: 0,
            };
            store::change(tx, change, at).await?.context("the demo's report is not as expected")?;
            if *step == Step::Finish {
                let uploader = Uploader { person: owner.map(str::to_owned), device: String::new() };
                let of = (OF_REPORT_EVENT, event.as_str(), "after");
                self.photo(tx, demo, true, (&uploader, at, to.has_owner()), of, 0).await?;
            }
            self.message(tx, (id, code, category), (*step, text), (seq, at), reporter, handler.as_deref()).await?;
            current = to;
        }
        clocks::wind(tx, &self.app.calendar, id).await?;
        if current != state {
            bail!("ends {} instead of {}", current.code(), state.code());
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "an event has so many sides")]
    async fn event(
        &self,
        tx: &mut Tx,
        report_id: &str,
        step: Option<(Step, State)>,
        to: State,
        (seq, at): (i64, Timestamp),
        actor: &str,
        handler: Option<&str>,
        text: &str,
    ) -> anyhow::Result<String> {
        let id = clock::new_id(at);
        let actor_kind = match step.and_then(|(step, _)| step.action()) {
            None => "reporter",
            Some(app::people::Action::ReportHandle) => "handler",
            Some(app::people::Action::ReportVerify) => "verifier",
            Some(_) => "staff",
        };
        let event = NewEvent {
            id: &id,
            report_id,
            seq,
            actor_id: Some(actor),
            actor_kind,
            what: step.map_or(What::Filed, |(step, _)| What::Step(step)),
            from: step.map(|(_, from)| from),
            to,
            to_person: handler.filter(|_| step.is_some_and(|(step, _)| step == Step::Dispatch)),
            public_text: text,
            internal_text: "",
        };
        events::insert(tx, event, at).await?;
        Ok(id)
    }

    /// The last news of the last week is in the inbox, read or not.
    async fn message(
        &self,
        tx: &mut Tx,
        (id, code, category): (&str, &str, &Category),
        (step, text): (Step, &str),
        (seq, at): (i64, Timestamp),
        reporter: &str,
        handler: Option<&str>,
    ) -> anyhow::Result<()> {
        if at < self.app.clock.now() - SignedDuration::from_hours(7 * 24) {
            return Ok(());
        }
        let text_args = serde_json::json!({
            "code": code, "category": category.name, "category_en": category.name_en, "text": text,
        });
        let dedupe_key = format!("report:{id}:{seq}");
        if let Some(text_key) = step.reporter_key() {
            let href = format!("/reports/{code}");
            let message = inbox::Message {
                person_id: reporter,
                text_key,
                text_args: text_args.clone(),
                href: &href,
                dedupe_key: &dedupe_key,
            };
            inbox::send(tx, message, at).await?;
        }
        if let (Step::Dispatch, Some(person_id)) = (step, handler) {
            let href = format!("/volunteer/reports/{code}");
            let message = inbox::Message {
                person_id,
                text_key: "inbox-report-task",
                text_args,
                href: &href,
                dedupe_key: &dedupe_key,
            };
            inbox::send(tx, message, at).await?;
        }
        Ok(())
    }

    fn reporter(&self, reporter: &serde_json::Value) -> anyhow::Result<String> {
        let phone = match reporter {
            serde_json::Value::String(phone) => phone,
            other => {
                let index = other.as_u64().and_then(|n| usize::try_from(n).ok()).context("a reporter")?;
                self.loaded.residents.get(index).context("no such resident")?
            }
        };
        self.loaded.people.get(phone).cloned().with_context(|| format!("no person {phone}"))
    }
}

/// A time at which people report and work: between 7:30 and 21:30, moved to the nearest such time, and never after
/// now.
fn plausible(at: Timestamp, now: Timestamp) -> Timestamp {
    let local = at.to_zoned_datetime(zone());
    let (early, late) = (Time::constant(7, 30, 0, 0), Time::constant(21, 30, 0, 0));
    let minute = i8::try_from(at.as_second().rem_euclid(25)).unwrap_or(0);
    let moved = if local.time() < early {
        at_time(local.date(), early) + SignedDuration::from_mins(i64::from(minute))
    } else if local.time() > late {
        at_time(local.date(), late) - SignedDuration::from_mins(i64::from(minute))
    } else {
        at
    };
    moved.min(now)
}

/// A report's code: the same at every load, so that what is written about the demo stays true.
fn code_of(key: &str) -> String {
    const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let digest = crate::auth::secrets::sha256(&format!("linli demo {key}"));
    digest.bytes().take(8).map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])).collect()
}
