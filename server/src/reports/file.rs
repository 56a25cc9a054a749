//! Filing a report: exactly once, however often it is sent.

use super::{
    categories::{self, Category},
    clocks,
    events::{self, NewEvent},
    store::{self, NewReport, Report},
};
use crate::{
    audit,
    auth::{limit::Limit, secrets::sha256},
    clock,
    db::Tx,
    http::{Ctx, Error},
    people::{self, inbox},
    photos::store::{self as photos, OF_REPORT, OF_REPORT_EVENT, Uploader},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    people::{Action, Phone, Role},
    reports::{
        Channel, MAX_PHOTOS, State,
        call::{Number, Origin},
        due::due_at,
        form::ReportForm,
        place::Position,
    },
    windows::queue::mask_name,
};
use std::collections::BTreeSet;

const BY_PERSON: Limit = Limit { what: "report-person", max: 40, seconds: 3600 };
const BY_DEVICE: Limit = Limit { what: "report-device", max: 10, seconds: 3600 };
const BY_ADDRESS: Limit = Limit { what: "report-address", max: 60, seconds: 3600 };

/// Length of the code that a resident keeps.
const CODE_LENGTH: usize = 8;

/// Why a report was not filed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something in the form: field and catalogue key.
    #[error("the form has mistakes")]
    Mistakes(Vec<(&'static str, &'static str)>),
    /// The form's key was used for another report, which has this code.
    #[error("this form was sent before, with other content")]
    OtherContent(String),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for FileError {
    fn from(error: sqlx::Error) -> FileError {
        FileError::Failed(error.into())
    }
}

impl From<anyhow::Error> for FileError {
    fn from(error: anyhow::Error) -> FileError {
        FileError::Failed(error.into())
    }
}

/// A report that was filed, now or with an earlier tap on the same button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// What the resident keeps.
    pub code: String,
    /// It was there already.
    pub again: bool,
}

/// Files a report with the photos that were sent for it.
pub async fn file(
    ctx: &Ctx,
    form: &ReportForm,
    community: &Organisation,
    photo_ids: &[String],
) -> Result<Filed, FileError> {
    file_from(ctx, form, community, photo_ids, Source::Reporter).await
}

/// What a grid worker on patrol adds.
pub struct Patrol {
    /// Solved where it was found: it waits for somebody else's eyes at once.
    pub solved: bool,
    /// Ids of photos of how it looks now.
    pub after: Vec<String>,
}

/// What staff write down of a call.
pub struct Call<'a> {
    /// Where it came from.
    pub origin: Origin,
    /// The number that the other side gave it.
    pub foreign: &'a str,
    /// The caller's name, may be empty.
    pub caller: &'a str,
    /// The caller's number.
    pub number: Option<Number>,
}

/// Who says what is in a form.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// Whoever sends it.
    Reporter,
    /// A grid worker on patrol.
    Patrol(&'a Patrol),
    /// Somebody on the telephone; staff send it.
    Call(&'a Call<'a>),
}

impl Source<'_> {
    fn patrol(&self) -> Option<&Patrol> {
        if let Source::Patrol(patrol) = self { Some(patrol) } else { None }
    }
}

/// Files a report: a grid worker's from patrol, a call, or anybody's.
pub async fn file_from(
    ctx: &Ctx,
    form: &ReportForm,
    community: &Organisation,
    photo_ids: &[String],
    source: Source<'_>,
) -> Result<Filed, FileError> {
    let patrol = source.patrol();
    let who = Uploader::of(ctx);
    // Everybody may report; with an account it is asked all the same, so that the matrix tells the truth.
    if let Some(actor) = &ctx.actor {
        actor.require(Action::ReportFile, &community.path)?;
    }
    if !is_key(&form.key) {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let after: &[String] = patrol.map_or(&[], |patrol| &patrol.after);
    let all: Vec<String> = photo_ids.iter().chain(after).cloned().collect();
    let (shas, gone) = photos_of(ctx, &who, &all).await?;
    let fingerprint = fingerprint(&who, form, community, &shas, source);
    if let Some(earlier) = store::by_key(&ctx.app.db, &form.key).await? {
        return again(earlier, &fingerprint);
    }
    let mut mistakes = form.mistakes();
    if let Source::Call(_) = source {
        // A caller's number may be a landline; it was judged before.
        mistakes.retain(|(field, _)| *field != "contact");
    }
    if gone {
        mistakes.push(("photos", "reports-error-photo-gone"));
    }
    if photo_ids.len().max(after.len()) > MAX_PHOTOS {
        mistakes.push(("photos", "reports-error-too-many-photos"));
    }
    let category = categories::by_code(&ctx.app.db, &form.category).await?;
    if category.is_none() {
        mistakes.push(("category", "reports-error-category"));
    }
    let place = Place::find(ctx, form, community).await?;
    if place.is_none() {
        mistakes.push(("building", "reports-error-building"));
    }
    let (Some(category), Some(place), true) = (category, place, mistakes.is_empty()) else {
        return Err(FileError::Mistakes(mistakes));
    };
    // A patrol is a grid worker's, inside their grids.
    if patrol.is_some() {
        ctx.actor()?.require(Action::ReportCollect, place.path(community))?;
    }
    if let Source::Call(_) = source {
        ctx.actor()?.require(Action::ReportManage, place.path(community))?;
    }
    let (contact, caller) = contact(ctx, form, source)?;
    let staff = people::store::with_role_around(&ctx.app.db, Role::CommunityStaff, &community.path).await?;
    loop {
        let filing = Filing {
            ctx,
            form,
            community,
            category: &category,
            place: &place,
            who: &who,
            contact: &contact,
            caller: &caller,
            source,
        };
        let code = clock::short_code(CODE_LENGTH);
        let mut tx = ctx.app.db.begin().await?;
        let Some((id, event_id)) = filing.insert(&mut tx, &code, &fingerprint).await? else {
            drop(tx);
            match store::by_key(&ctx.app.db, &form.key).await? {
                Some(earlier) => return again(earlier, &fingerprint),
                // The code was taken, not the key: another one.
                None => continue,
            }
        };
        // Copies of one submit are one report and count once: only who comes this far is counted.
        limit(&mut tx, ctx, &who).await?;
        for (position, photo) in photo_ids.iter().enumerate() {
            if !photos::attach(&mut tx, photo, (OF_REPORT, &id), "before", position).await? {
                return Err(FileError::Mistakes(vec![("photos", "reports-error-photo-gone")]));
            }
        }
        for (position, photo) in after.iter().enumerate() {
            if !photos::attach(&mut tx, photo, (OF_REPORT_EVENT, &event_id), "after", position).await? {
                return Err(FileError::Mistakes(vec![("photos", "reports-error-photo-gone")]));
            }
        }
        let href = format!("/staff/reports/{code}");
        let dedupe = format!("report:{id}:1");
        for person in staff.iter().filter(|person| Some(&person.id) != who.person.as_ref()) {
            let message = inbox::Message {
                person_id: &person.id,
                text_key: "inbox-report-new",
                text_args: serde_json::json!({
                    "code": code,
                    "category": category.name,
                    "category_en": category.name_en,
                    "place": place.words().0,
                    "place_en": place.words().1,
                }),
                href: &href,
                dedupe_key: &dedupe,
            };
            inbox::send(&mut tx, message, ctx.now).await?;
        }
        tx.commit().await?;
        return Ok(Filed { code, again: false });
    }
}

struct Filing<'a> {
    ctx: &'a Ctx,
    form: &'a ReportForm,
    community: &'a Organisation,
    category: &'a Category,
    place: &'a Place,
    who: &'a Uploader,
    contact: &'a Sealed,
    caller: &'a Sealed,
    source: Source<'a>,
}

/// A sealed text and how it is shown.
type Sealed = Option<(String, String)>;

impl Filing<'_> {
    /// The report and its first event. `None` when its key or code is taken.
    async fn insert(&self, tx: &mut Tx, code: &str, fingerprint: &str) -> Result<Option<(String, String)>, FileError> {
        let Filing { ctx, form, community, category, place, who, contact, caller, source } = self;
        let now = ctx.now;
        let id = clock::new_id(now);
        let actor_id = who.person.as_deref();
        let call = if let Source::Call(call) = source { Some(*call) } else { None };
        // A caller has no account here: staff only hold the pen.
        let reporter_id = actor_id.filter(|_| call.is_none());
        let solved = source.patrol().is_some_and(|patrol| patrol.solved);
        let new = NewReport {
            id: &id,
            code,
            key: &form.key,
            fingerprint,
            community_id: &community.id,
            grid_id: place.grid.as_ref().map(|grid| grid.id.as_str()),
            building_id: place.building.as_ref().map(|building| building.id.as_str()),
            path: place.path(community),
            place_text: form.place.trim(),
            position: place.position.map(|p| (p.longitude, p.latitude)),
            category: &category.code,
            description: form.description.trim(),
            channel: match source {
                Source::Reporter => channel(ctx, place.path(community)),
                Source::Patrol(_) => Channel::Patrol,
                Source::Call(_) => Channel::Hotline,
            }
            .code(),
            transferred_from: call.map_or("", |call| call.origin.stored()),
            foreign_code: call.map_or("", |call| call.foreign),
            caller: caller.as_ref().map(|(sealed, masked)| (sealed.as_str(), masked.as_str())),
            solved_by: if solved { reporter_id } else { None },
            reporter_id,
            reporter_device: if actor_id.is_none() { &who.device } else { "" },
            name_hidden: form.name_hidden,
            unknown_to_staff: form.unknown_to_staff,
            contact: contact.as_ref().map(|(sealed, masked)| (sealed.as_str(), masked.as_str())),
            due: due_at(&ctx.app.calendar, now, category.limit(), category.limit_amount),
        };
        if !store::insert(tx, new, now).await? {
            return Ok(None);
        }
        let event_id = clock::new_id(now);
        let event = NewEvent {
            id: &event_id,
            report_id: &id,
            seq: 1,
            actor_id,
            actor_kind: if call.is_some() { "staff" } else { "reporter" },
            step: None,
            from: None,
            to: if solved { State::Handled } else { State::Submitted },
            to_person: None,
            public_text: "",
            internal_text: "",
        };
        events::insert(tx, event, now).await?;
        clocks::wind(tx, &ctx.app.calendar, &id).await?;
        let entry = audit::Entry {
            by: actor_id.map_or(audit::By::Visitor, audit::By::Person),
            action: if call.is_some() { "report.file_call" } else { "report.file" },
            object_kind: "report",
            object_id: &id,
            detail: serde_json::json!({ "code": code, "category": category.code }),
            request_id: &ctx.request_id,
        };
        audit::write(tx, entry, now).await?;
        Ok(Some((id, event_id)))
    }
}

/// Where a report is about, as far as the tree of places knows.
pub struct Place {
    /// The building that was chosen.
    pub building: Option<Organisation>,
    /// Its grid, or the one around the position.
    pub grid: Option<Organisation>,
    /// The position, rounded.
    pub position: Option<Position>,
}

impl Place {
    /// The building that was chosen and its grid, or the grid around the position. `None` when the form names a
    /// building that this community does not have.
    pub async fn find(ctx: &Ctx, form: &ReportForm, community: &Organisation) -> Result<Option<Place>, Error> {
        let db = &ctx.app.db;
        let position = form.position().map(Position::rounded);
        if form.building.is_empty() {
            let mut grid = None;
            if let Some(position) = position {
                let grids = places::store::under(db, &community.path, OrganisationKind::Grid).await?;
                grid = grids.into_iter().find(|grid| position.is_inside(&outline(grid)));
            }
            return Ok(Some(Place { building: None, grid, position }));
        }
        let building = places::store::by_code(db, &form.building)
            .await?
            .filter(|place| place.kind == OrganisationKind::Building.code() && place.path.starts_with(&community.path));
        let Some(building) = building else { return Ok(None) };
        let grid = match &building.parent_id {
            Some(id) => places::store::by_id(db, id).await?,
            None => None,
        };
        Ok(Some(Place { building: Some(building), grid, position }))
    }

    /// Its own position, else its building's.
    pub fn spot(&self) -> Option<Position> {
        let building = self.building.as_ref();
        self.position.or_else(|| {
            let (longitude, latitude) = (building?.longitude?, building?.latitude?);
            Some(Position { longitude, latitude })
        })
    }

    fn path<'a>(&'a self, community: &'a Organisation) -> &'a str {
        self.building.as_ref().or(self.grid.as_ref()).map_or(community.path.as_str(), |place| place.path.as_str())
    }

    /// Name of the finest place in Chinese and English.
    fn words(&self) -> (&str, &str) {
        self.building.as_ref().or(self.grid.as_ref()).map_or(("", ""), |place| (&place.name, &place.name_en))
    }
}

/// The outline of a grid as [longitude, latitude] corners; empty without one.
pub fn outline(grid: &Organisation) -> Vec<[f64; 2]> {
    grid.outline.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Hashes of the photos in order (the id stands for one that is not this sender's), and whether one of them cannot be
/// attached: it is not theirs, or belongs to something already.
async fn photos_of(ctx: &Ctx, who: &Uploader, ids: &[String]) -> Result<(Vec<String>, bool), FileError> {
    let mut shas = Vec::with_capacity(ids.len());
    let mut gone = false;
    // A form that names a photo twice is no form of ours.
    if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        return Ok((shas, true));
    }
    for id in ids {
        match photos::by_id(&ctx.app.db, id).await?.filter(|photo| photo.is_by(who)) {
            Some(photo) => {
                gone = gone || photo.owner_id.is_some();
                shas.push(photo.sha256);
            }
            None => {
                gone = true;
                shas.push(id.clone());
            }
        }
    }
    Ok((shas, gone))
}

/// A key as our forms make them: long enough that nobody meets another's by chance.
fn is_key(key: &str) -> bool {
    (16..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A hash of everything that was sent, and of who sent it.
fn fingerprint(
    who: &Uploader,
    form: &ReportForm,
    community: &Organisation,
    photos: &[String],
    source: Source<'_>,
) -> String {
    let call = if let Source::Call(call) = source {
        serde_json::json!([call.origin.code(), call.foreign, call.caller])
    } else {
        serde_json::Value::Null
    };
    let content = serde_json::json!([
        who.person,
        community.code,
        form.category,
        form.building,
        form.place.trim(),
        form.position().map(|p| (p.longitude, p.latitude)),
        form.description.trim(),
        form.name_hidden,
        form.unknown_to_staff,
        form.contact.trim(),
        photos,
        call,
    ]);
    sha256(&content.to_string())
}

fn again(earlier: Report, fingerprint: &str) -> Result<Filed, FileError> {
    if earlier.request_fingerprint == fingerprint {
        Ok(Filed { code: earlier.code, again: true })
    } else {
        Err(FileError::OtherContent(earlier.code))
    }
}

/// Volunteers and grid workers report from where they walk: inside their grids it is a patrol.
fn channel(ctx: &Ctx, path: &str) -> Channel {
    let patrols = ctx.actor.as_ref().is_some_and(|actor| {
        actor
            .grants
            .iter()
            .any(|grant| matches!(grant.role, Role::Volunteer | Role::GridWorker) && path.starts_with(&grant.path))
    });
    if patrols { Channel::Patrol } else { Channel::Resident }
}

/// Number and name of a reporter without an account, sealed, and as shown. Whoever has an account is asked there.
fn contact(ctx: &Ctx, form: &ReportForm, source: Source<'_>) -> Result<(Sealed, Sealed), FileError> {
    let seal =
        |text: &str, shown: String| -> Result<Sealed, FileError> { Ok(Some((ctx.app.secrets.seal(text)?, shown))) };
    if let Source::Call(call) = source {
        let number = match &call.number {
            Some(number) => seal(number.digits(), number.masked())?,
            None => None,
        };
        let caller = if call.caller.is_empty() { None } else { seal(call.caller, mask_name(call.caller))? };
        return Ok((number, caller));
    }
    match Phone::parse(&form.contact) {
        Ok(phone) if ctx.actor.is_none() => Ok((seal(phone.digits(), phone.masked())?, None)),
        _ => Ok((None, None)),
    }
}

async fn limit(tx: &mut Tx, ctx: &Ctx, who: &Uploader) -> Result<(), Error> {
    if let Some(person) = &who.person {
        return BY_PERSON.take_in(tx, person, ctx.now).await;
    }
    if !who.device.is_empty() {
        BY_DEVICE.take_in(tx, &who.device, ctx.now).await?;
    }
    BY_ADDRESS.take_in(tx, &sha256(&ctx.ip), ctx.now).await
}
