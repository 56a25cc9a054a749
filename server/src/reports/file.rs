//! Filing a report: exactly once, however often it is sent.

mod place;
mod sent;

pub use place::{Place, outline};
use sent::{again, channel, contact, fingerprint, is_key, limit, photos_of};

use super::{
    categories::{self, Category},
    clocks,
    events::{self, NewEvent, What},
    store::{self, NewReport},
};
use crate::{
    audit, clock,
    db::Tx,
    http::{Ctx, Error},
    patrol::found::{self, FoundAt},
    people::{self, inbox},
    photos::store::{self as photos, OF_REPORT, OF_REPORT_EVENT, Uploader},
    places::Organisation,
};
use app::{
    people::{Action, Role, Scope},
    reports::{
        Channel, MAX_PHOTOS, State,
        call::{Number, Origin},
        due::due_at,
        form::ReportForm,
    },
};

/// Length of the code that a resident keeps.
const CODE_LENGTH: usize = 8;

/// Longest description that another system may send, in characters (Open311 GeoReport v2, POST Service Request).
pub const MOST_OF_SYSTEM: usize = 4000;

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
    /// The point of a plan at which it was found.
    pub point: Option<FoundAt>,
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

/// What another system says besides.
pub struct System<'a> {
    /// The number that it has for this.
    pub foreign: &'a str,
    /// Whom it names as the reporter, may be empty.
    pub caller: &'a str,
    /// Their number.
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
    /// Another system, with its key.
    System(&'a System<'a>),
}

impl Source<'_> {
    fn patrol(&self) -> Option<&Patrol> {
        if let Source::Patrol(patrol) = self { Some(patrol) } else { None }
    }

    /// The number that another side gave it, the name of whoever told them, and that person's number.
    fn told(&self) -> Option<(&str, &str, Option<&Number>)> {
        match self {
            Source::Call(call) => Some((call.foreign, call.caller, call.number.as_ref())),
            Source::System(system) => Some((system.foreign, system.caller, system.number.as_ref())),
            Source::Reporter | Source::Patrol(_) => None,
        }
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
    if source.told().is_some() {
        // A caller's number may be a landline; it was judged before.
        mistakes.retain(|(field, _)| *field != "contact");
    }
    if let Source::System(_) = source
        && form.description.chars().count() <= MOST_OF_SYSTEM
    {
        mistakes.retain(|(_, key)| *key != "reports-error-description-long");
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
    if let Source::System(_) = source {
        ctx.key.as_ref().ok_or(Error::SignIn)?.require(Scope::ReportsFile, place.path(community))?;
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
        if let Source::Call(Call { number: Some(number), .. }) = source {
            crate::patrol::calls::remember(&mut tx, ctx, &id, number).await?;
        }
        if let Some(point) = patrol.and_then(|patrol| patrol.point.as_ref()) {
            found::tie(&mut tx, ctx, point, &id).await?;
        }
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
        let system = ctx.key.as_ref().filter(|_| matches!(source, Source::System(_)));
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
            landmark_id: place.landmark.as_ref().map(|landmark| landmark.id.as_str()),
            path: place.path(community),
            place_text: form.place.trim(),
            position: place.position.map(|p| (p.longitude, p.latitude)),
            category: &category.code,
            description: form.description.trim(),
            channel: match source {
                Source::Reporter => channel(ctx, place.path(community)),
                Source::Patrol(_) => Channel::Patrol,
                Source::Call(_) => Channel::Hotline,
                Source::System(_) => Channel::Api,
            }
            .code(),
            transferred_from: call.map_or("", |call| call.origin.stored()),
            foreign_code: source.told().map_or("", |(foreign, ..)| foreign),
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
            what: What::Filed,
            from: None,
            to: if solved { State::Handled } else { State::Submitted },
            to_person: None,
            public_text: "",
            internal_text: "",
        };
        events::insert(tx, event, now).await?;
        clocks::wind(tx, &ctx.app.calendar, &id).await?;
        let state = if solved { State::Handled } else { State::Submitted }.code();
        let entry = audit::Entry {
            by: match (actor_id, system) {
                (Some(person), _) => audit::By::Person(person),
                (None, Some(_)) => audit::By::System,
                (None, None) => audit::By::Visitor,
            },
            action: if call.is_some() { "report.file_call" } else { "report.file" },
            object_kind: "report",
            object_id: &id,
            detail: match system {
                Some(key) => {
                    serde_json::json!({ "code": code, "category": category.code, "to": state, "key": key.id, "system": key.name })
                }
                None => serde_json::json!({ "code": code, "category": category.code, "to": state }),
            },
            request_id: &ctx.request_id,
        };
        audit::write(tx, entry, now).await?;
        Ok(Some((id, event_id)))
    }
}
