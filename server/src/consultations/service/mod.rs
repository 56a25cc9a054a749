//! Use cases: asking, speaking, weighing, telling what came of it.

pub mod paper;
pub mod published;
pub mod speaking;
pub mod steps;
pub mod weighing;
pub mod writing;

use super::store::{self, Consultation, pairs, voices};
use crate::{
    app_state::App,
    audit::{self, By},
    db::{Tx, dialect},
    http::{Ctx, Error, Result},
};
use app::{
    consultations::{count, flat, voice},
    notices::form::{Errors, lines},
    people::Action,
};
use jiff::{SignedDuration, Timestamp};

/// So long after the end doors and names behind the voices are kept: for questions about the result.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 180);

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(Errors),
    /// The household has spoken at this instant; sent again with `replace`, this voice takes its place.
    #[error("the household has spoken")]
    Spoken(Timestamp),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// A form in which one field is wrong.
fn wrong(field: &'static str, text: String) -> Refused {
    Refused::Invalid(Errors::from([(field, text)]))
}

/// A consultation that residents have seen.
pub async fn public(app: &App, id: &str) -> Result<Consultation> {
    store::by_id(&app.db, id).await?.filter(Consultation::was_asked).ok_or(Error::NotFound)
}

/// A consultation, for staff who ask it.
pub async fn for_staff(ctx: &Ctx, id: &str) -> Result<Consultation> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ConsultationManage)?;
    let consultation = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::ConsultationManage, &consultation.path)?;
    Ok(consultation)
}

/// Voices and steps of one consultation come one after the other: nobody speaks while it is closed, and no voice is moved
/// while another takes its place.
async fn lock(ctx: &Ctx, tx: &mut Tx, id: &str) -> Result<()> {
    dialect::lock_key(ctx.app.db.engine(), tx, &format!("consultation:{id}")).await?;
    Ok(())
}

/// The figures: the voices minus those that were struck.
pub async fn counted(app: &App, consultation: &Consultation) -> Result<count::Counted> {
    let groups = voices::groups(&app.db, &consultation.id).await?;
    let struck = pairs::struck(&app.db, &consultation.id).await?;
    Ok(count::of_groups(consultation.options().len(), &groups, struck))
}

/// What residents wrote, without names, of the voices that count; the newest first, so many at most.
pub async fn comments(ctx: &Ctx, consultation: &Consultation, most: usize) -> Result<(Vec<String>, bool)> {
    let decided = pairs::all(&ctx.app.db, &consultation.id).await?;
    let struck: Vec<&str> = decided.iter().filter_map(|one| one.struck_id.as_deref()).collect();
    let mut all = voices::all(&ctx.app.db, &consultation.id).await?;
    all.retain(|voice| !voice.comment.is_empty() && !struck.contains(&voice.id.as_str()));
    // Not in the order in which people came: that would say who was first at a small house.
    all.sort_by(|a, b| a.comment.cmp(&b.comment));
    let more = all.len() > most;
    Ok((all.into_iter().take(most).map(|voice| voice.comment).collect(), more))
}

/// An answer as a form sends it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The flat.
    pub flat: String,
    /// Places of options.
    pub choices: Vec<String>,
    /// Words.
    pub comment: String,
}

/// What was typed, made tidy, or what is wrong with it; with the flat where one was typed.
fn read(
    ctx: &Ctx,
    consultation: &Consultation,
    typed: &Typed,
    (building_name, flat_needed): (Option<&str>, bool),
) -> std::result::Result<(voice::Said, Option<flat::Flat>), Refused> {
    let w = ctx.w;
    let mut errors = Errors::new();
    let words = lines(&typed.comment).trim().to_owned();
    let said = voice::check(consultation.kind(), consultation.options().len(), &typed.choices, &words);
    if let Err(wrong) = &said {
        errors.insert(wrong.field(), w.t(wrong.key()));
    }
    let door = match typed.flat.trim() {
        "" => None,
        text => match flat::read(text) {
            Some(door) if building_name.is_some_and(|name| flat::is_elsewhere(&door, name)) => {
                errors.insert("flat", w.t("consultations-error-building"));
                None
            }
            Some(door) => Some(door),
            None => {
                errors.insert("flat", w.t("consultations-error-flat"));
                None
            }
        },
    };
    if flat_needed && door.is_none() {
        errors.entry("flat").or_insert_with(|| w.t("consultations-error-flat-missing"));
    }
    match said {
        Ok(said) if errors.is_empty() => Ok((said, door)),
        _ => Err(Refused::Invalid(errors)),
    }
}

/// What the database keeps apart for a household.
fn household_key(building_id: &str, door: &flat::Flat) -> String {
    format!("h:{building_id}:{}", door.key())
}

async fn note(ctx: &Ctx, tx: &mut Tx, action: &str, id: &str, detail: serde_json::Value) -> Result<()> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "consultation",
        object_id: id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// Forgets who stands behind the voices of what ended long ago.
pub async fn sweep(app: &App, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    store::write::forget(&mut tx, (now - KEPT).as_microsecond()).await?;
    tx.commit().await?;
    Ok(())
}
