//! What was sent, and by whom: whose photos they are, whether it was sent before, how the sender is kept, and how much one
//! sender may file.

use super::{FileError, Filed, Sealed, Source};
use crate::{
    auth::{limit::Limit, secrets::sha256},
    db::Tx,
    http::{Ctx, Error},
    photos::store::{self as photos, Uploader},
    places::Organisation,
    reports::store::Report,
};
use app::{
    people::{Phone, Role},
    reports::{Channel, call::Number, form::ReportForm},
    windows::queue::mask_name,
};
use std::collections::BTreeSet;

const BY_PERSON: Limit = Limit { what: "report-person", max: 40, seconds: 3600 };
const BY_DEVICE: Limit = Limit { what: "report-device", max: 10, seconds: 3600 };
const BY_ADDRESS: Limit = Limit { what: "report-address", max: 60, seconds: 3600 };
/// A hotline or a platform files for a whole district.
const BY_KEY: Limit = Limit { what: "report-key", max: 3_000, seconds: 3600 };

/// Hashes of the photos in order (the id stands for one that is not this sender's), and whether one of them cannot be
/// attached: it is not theirs, or belongs to something already.
pub(super) async fn photos_of(ctx: &Ctx, who: &Uploader, ids: &[String]) -> Result<(Vec<String>, bool), FileError> {
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
pub(super) fn is_key(key: &str) -> bool {
    (16..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A hash of everything that was sent, and of who sent it.
pub(super) fn fingerprint(
    who: &Uploader,
    form: &ReportForm,
    community: &Organisation,
    photos: &[String],
    source: Source<'_>,
) -> String {
    let told = match source {
        Source::Call(call) => serde_json::json!([call.origin.code(), call.foreign, call.caller]),
        Source::System(system) => {
            serde_json::json!(["system", system.foreign, system.caller, system.number.as_ref().map(Number::digits)])
        }
        Source::Reporter | Source::Patrol(_) => serde_json::Value::Null,
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
        told,
    ]);
    sha256(&content.to_string())
}

pub(super) fn again(earlier: Report, fingerprint: &str) -> Result<Filed, FileError> {
    if earlier.request_fingerprint == fingerprint {
        Ok(Filed { code: earlier.code, again: true })
    } else {
        Err(FileError::OtherContent(earlier.code))
    }
}

/// Volunteers and grid workers report from where they walk: inside their grids it is a patrol.
pub(super) fn channel(ctx: &Ctx, path: &str) -> Channel {
    let patrols = ctx.actor.as_ref().is_some_and(|actor| {
        actor
            .grants
            .iter()
            .any(|grant| matches!(grant.role, Role::Volunteer | Role::GridWorker) && path.starts_with(&grant.path))
    });
    if patrols { Channel::Patrol } else { Channel::Resident }
}

/// Number and name of a reporter without an account, sealed, and as shown. Whoever has an account is asked there.
pub(super) fn contact(ctx: &Ctx, form: &ReportForm, source: Source<'_>) -> Result<(Sealed, Sealed), FileError> {
    let seal =
        |text: &str, shown: String| -> Result<Sealed, FileError> { Ok(Some((ctx.app.secrets.seal(text)?, shown))) };
    if let Some((_, caller, number)) = source.told() {
        let number = match number {
            Some(number) => seal(number.digits(), number.masked())?,
            None => None,
        };
        let caller = if caller.is_empty() { None } else { seal(caller, mask_name(caller))? };
        return Ok((number, caller));
    }
    match Phone::parse(&form.contact) {
        Ok(phone) if ctx.actor.is_none() => Ok((seal(phone.digits(), phone.masked())?, None)),
        _ => Ok((None, None)),
    }
}

pub(super) async fn limit(tx: &mut Tx, ctx: &Ctx, who: &Uploader) -> Result<(), Error> {
    if let Some(key) = &ctx.key {
        return BY_KEY.take_in(tx, &key.id, ctx.now).await;
    }
    if let Some(person) = &who.person {
        return BY_PERSON.take_in(tx, person, ctx.now).await;
    }
    if !who.device.is_empty() {
        BY_DEVICE.take_in(tx, &who.device, ctx.now).await?;
    }
    BY_ADDRESS.take_in(tx, &sha256(&ctx.ip), ctx.now).await
}
