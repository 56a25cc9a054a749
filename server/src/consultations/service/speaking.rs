//! Residents speak.

use super::{Refused, Typed, household_key, lock, note, public, read};
use crate::{
    auth::limit::Limit,
    consultations::store::{self, Consultation, instant, voices},
    db::is_unique_violation,
    http::{Ctx, Error, Result},
    places::{self, Organisation},
};
use app::{consultations::Per, people::Action};

/// Voices and changes of one person.
const HOURLY: Limit = Limit { what: "consultation", max: 60, seconds: 3600 };

/// Where the reader lives, as far as this consultation is concerned.
#[derive(Debug)]
pub enum Home {
    /// Nobody is signed in.
    Unknown,
    /// The profile names no building.
    NoBuilding,
    /// It names one elsewhere.
    Elsewhere,
    /// A building of the place.
    Here(Box<Organisation>),
}

/// Where the reader lives: what the profile says.
pub async fn home(ctx: &Ctx, consultation: &Consultation) -> Result<Home> {
    let Some(actor) = &ctx.actor else { return Ok(Home::Unknown) };
    let Some(id) = &actor.building_id else { return Ok(Home::NoBuilding) };
    let building = places::store::by_id(&ctx.app.db, id).await?;
    Ok(match building {
        None => Home::NoBuilding,
        Some(building) if !building.path.starts_with(&consultation.path) => Home::Elsewhere,
        Some(building) => Home::Here(Box::new(building)),
    })
}

/// Says something, or changes what was said. In a household the latest word counts: where somebody else of it has spoken
/// before, `replace` must say that this one is to take its place.
pub async fn speak(ctx: &Ctx, id: &str, typed: &Typed, replace: bool) -> std::result::Result<(), Refused> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let consultation = public(&ctx.app, id).await?;
    if !consultation.answers_at(ctx.now) {
        return Err(Error::Conflict("consultations-conflict-over").into());
    }
    let building = match home(ctx, &consultation).await? {
        Home::Here(building) => building,
        Home::Unknown => return Err(Error::SignIn.into()),
        Home::NoBuilding => return Err(Error::Conflict("consultations-no-building").into()),
        Home::Elsewhere => return Err(Error::Conflict("consultations-elsewhere").into()),
    };
    let household = consultation.per() == Per::Household;
    let (said, door) = read(ctx, &consultation, typed, (Some(&building.name), household))?;
    let (key, flat) = match &door {
        Some(door) if household => (household_key(&building.id, door), door.key()),
        _ => (format!("p:{}", actor.id), String::new()),
    };
    let source = voices::Source {
        key: &key,
        person_id: Some(&actor.id),
        building_id: Some(&building.id),
        flat: &flat,
        entered_by: None,
    };
    let mut tx = ctx.app.db.begin().await?;
    HOURLY.take_in(&mut tx, &actor.id, ctx.now).await?;
    lock(ctx, &mut tx, id).await?;
    // It may have been closed or withdrawn while this waited.
    let now = store::by_id_in(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !now.answers_at(ctx.now) {
        return Err(Error::Conflict("consultations-conflict-over").into());
    }
    let before = voices::spoken_for(&mut tx, id, &actor.id).await?;
    let voice = match voices::by_key(&mut tx, id, &key).await? {
        Some(voice) => {
            if voice.person_id.as_deref() != Some(actor.id.as_str()) && !replace {
                return Err(Refused::Spoken(instant(voice.changed_at)));
            }
            voices::replace(&mut tx, &voice.id, source, &said, ctx.now).await?;
            voice.id
        }
        None => match voices::insert(&mut tx, id, source, &said, ctx.now).await {
            Ok(Some(voice)) => voice,
            // Somebody of the household was faster.
            Ok(None) => return Err(Refused::Spoken(ctx.now)),
            Err(error) if is_unique_violation(&error) => return Err(Refused::Spoken(ctx.now)),
            Err(error) => return Err(error.into()),
        },
    };
    voices::set_speaker(&mut tx, (id, &voice), &actor.id, ctx.now).await?;
    if let Some((old, others)) = before.filter(|(old, _)| *old != voice) {
        // Who mistyped the flat has one voice all the same; what others of that household said is theirs.
        if others > 0 {
            return Err(Error::Conflict("consultations-conflict-moved").into());
        }
        voices::remove(&mut tx, &old).await?;
    }
    note(ctx, &mut tx, "consultation.speak", id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}
