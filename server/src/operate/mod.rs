//! What the operator does at the command line, written in the audit log like everything else.

pub mod backup;
pub mod copy;
pub mod doctor;

use crate::{
    app_state::App,
    archive::Manifest,
    audit::{self, By},
    auth::{keys, tokens},
    clock,
    db::Tx,
    people,
    places::{
        self, Organisation, OrganisationKind,
        landmarks::{self, NewLandmark},
        plan::{self, Placed, Shape},
    },
    reports,
};
use anyhow::{Context, bail, ensure};
use app::people::{Phone, Role, Scope, read_name};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// Longest name of a unit.
const UNIT_MAX: usize = 60;

/// Who gets a role.
#[derive(Clone, Debug, Default)]
pub struct NewRole<'a> {
    /// Mobile number.
    pub phone: &'a str,
    /// Name; one that is known already stays.
    pub name: &'a str,
    /// Code of the role.
    pub role: &'a str,
    /// Code of the organisation it is for.
    pub at: &'a str,
    /// For a unit: which one, in Chinese and English. Empty: as it is known.
    pub unit: (&'a str, &'a str),
    /// For a unit: whether they lead it. `None`: as it is known.
    pub lead: Option<bool>,
}

/// Gives the person with this number a role at the organisation with this code; makes the person when unknown.
pub async fn add_person(app: &App, new: &NewRole<'_>) -> anyhow::Result<()> {
    let NewRole { phone, name, role, at, unit, lead } = *new;
    let unit = (unit.0.trim(), unit.1.trim());
    let phone = Phone::parse(phone).map_err(|_| anyhow::anyhow!("--phone: 11 digits, please"))?;
    let name =
        read_name(name).map_err(|_| anyhow::anyhow!("--name: 1 to {} characters, please", app::people::NAME_MAX))?;
    let role = granted_role(role)?;
    let for_unit = !unit.0.is_empty() || !unit.1.is_empty() || lead.is_some();
    ensure!(role == Role::Unit || !for_unit, "--unit, --lead: only for --role unit");
    ensure!(unit.1.is_empty() || !unit.0.is_empty(), "--unit: its Chinese name is needed beside the English one");
    let too_long = |name: &str| name.chars().count() > UNIT_MAX;
    ensure!(!too_long(unit.0) && !too_long(unit.1), "--unit: at most {UNIT_MAX} characters, please");
    let organisation = places::store::by_code(&app.db, at).await?.with_context(|| {
        format!("--at: there is no organisation `{at}`; add it with `linli organisation add`, the district first")
    })?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let found = people::store::find_or_create(&mut tx, &app.secrets, &phone, None, now).await?;
    if found.name.is_empty() {
        people::store::set_name(&mut tx, &found.id, &name).await?;
    }
    people::store::grant(&mut tx, &found.id, role, &organisation.id, now).await?;
    let mut detail = serde_json::json!({ "role": role.code(), "at": organisation.code });
    if !unit.0.is_empty() {
        people::store::set_unit(&mut tx, &found.id, unit).await?;
        detail["unit"] = unit.0.into();
    }
    if let Some(lead) = lead {
        let (known,): (String,) =
            sqlx::query_as("SELECT unit FROM person WHERE id = $1").bind(&found.id).fetch_one(&mut *tx).await?;
        ensure!(!known.is_empty(), "--lead: of which unit? Name it with --unit, as for its other people");
        people::store::set_lead(&mut tx, &found.id, &organisation.id, lead).await?;
        detail["lead"] = lead.into();
    }
    note(&mut tx, "role.grant", "person", &found.id, detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// A role that is given and taken: any but a resident's, which everybody has.
fn granted_role(role: &str) -> anyhow::Result<Role> {
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| *role != Role::Resident).map(Role::code).collect();
    Role::from_code(role)
        .filter(|role| *role != Role::Resident)
        .with_context(|| format!("--role: there is no `{role}`; roles are {}", roles.join(", ")))
}

/// Forgets the authenticator app of the person with this number.
pub async fn reset_second_factor(app: &App, phone: &str) -> anyhow::Result<()> {
    let id = person_id(app, phone).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    people::store::forget_second_factor(&mut tx, &id).await?;
    note(&mut tx, "second_factor.reset", "person", &id, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a role back from the person with this number, and ends all their sessions and tokens: whoever leaves stays signed in
/// nowhere. Gives how many open reports they still have, which somebody must send to others.
pub async fn remove_role(app: &App, phone: &str, role: &str, at: &str) -> anyhow::Result<i64> {
    let id = person_id(app, phone).await?;
    let role = granted_role(role)?;
    let organisation = places::store::by_code(&app.db, at).await?;
    let organisation = organisation.with_context(|| format!("--at: there is no organisation `{at}`"))?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let had = people::store::take_role(&mut tx, &id, role, &organisation.id).await?;
    ensure!(had, "they do not have the role {} at {at}: nothing was changed", role.code());
    let detail = serde_json::json!({ "role": role.code(), "at": organisation.code });
    note(&mut tx, "role.revoke", "person", &id, detail, now).await?;
    end_everywhere(&mut tx, &id, now).await?;
    let standing = people::store::data::standing(&mut tx, &id, now).await?;
    tx.commit().await?;
    Ok(standing.reports)
}

/// Ends all sessions and tokens of the person with this number, e.g. when their phone was stolen.
pub async fn sign_out(app: &App, phone: &str) -> anyhow::Result<()> {
    let id = person_id(app, phone).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    end_everywhere(&mut tx, &id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends somebody's sessions and the tokens of their programs.
async fn end_everywhere(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    people::store::revoke_other_sessions(tx, person_id, "", now).await?;
    tokens::revoke_all(tx, person_id, now).await?;
    note(tx, "session.revoke_all", "person", person_id, serde_json::json!({}), now).await
}

/// The id of the person with the number that the operator typed.
async fn person_id(app: &App, phone: &str) -> anyhow::Result<String> {
    let phone = Phone::parse(phone).map_err(|_| anyhow::anyhow!("--phone: 11 digits, please"))?;
    people::store::id_by_phone(&app.db, &app.secrets, &phone).await?.context("nobody has this number")
}

/// Adds an organisation under the one with the code `under`.
pub async fn add_organisation(
    app: &App,
    kind: OrganisationKind,
    code: &str,
    name: &str,
    name_en: &str,
    under: Option<&str>,
) -> anyhow::Result<()> {
    ensure!(plan::is_code(code), "--code: 1 to 40 small letters, digits and hyphens, please");
    ensure!(!name.trim().is_empty(), "--name: must not be empty");
    ensure!(places::store::by_code(&app.db, code).await?.is_none(), "--code: `{code}` is taken");
    ensure!(landmarks::by_code(&app.db, code).await?.is_none(), "--code: `{code}` is a landmark");
    let parent = match (kind.above(), under) {
        (None, None) => None,
        (None, Some(_)) => bail!("--under: a district has nothing above it"),
        (Some(above), None) => bail!("--under: the {} it belongs to is needed", above.code()),
        (Some(above), Some(under)) => {
            let parent = places::store::by_code(&app.db, under).await?;
            let parent = parent.with_context(|| format!("--under: there is no organisation `{under}`"))?;
            ensure!(parent.kind == above.code(), "--under: `{under}` is a {}, not a {}", parent.kind, above.code());
            Some(parent)
        }
    };
    let now = app.clock.now();
    let organisation = Organisation {
        id: clock::new_id(now),
        kind: kind.code().to_owned(),
        code: code.to_owned(),
        path: format!("{}{code}/", parent.as_ref().map_or("", |parent| parent.path.as_str())),
        parent_id: parent.map(|parent| parent.id),
        name: name.trim().to_owned(),
        name_en: name_en.trim().to_owned(),
        phone: String::new(),
        address: String::new(),
        address_en: String::new(),
        households: 0,
        longitude: None,
        latitude: None,
        outline: None,
        position: 0,
    };
    let mut tx = app.db.begin().await?;
    places::store::insert(&mut tx, &organisation).await?;
    let detail = serde_json::json!({ "kind": kind.code(), "code": code });
    note(&mut tx, "organisation.add", "organisation", &organisation.id, detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the archive of a community, as the audit log says.
pub async fn archive(app: &App, code: &str, to: &Path, contacts: bool) -> anyhow::Result<Manifest> {
    let community = places::store::community_by_code(&app.db, code).await?;
    let community = community.with_context(|| format!("there is no community `{code}`"))?;
    let made = crate::archive::build(app, &community, to, contacts).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let detail =
        serde_json::json!({ "community": code, "contacts": contacts, "rows": made.rows.values().sum::<i64>() });
    note(&mut tx, "archive.make", "archive", &community.id, detail, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a key for another system; gives its id and the key itself, which is kept nowhere.
pub async fn add_key(
    app: &App,
    name: &str,
    at: &str,
    scopes: &[String],
    days: i64,
) -> anyhow::Result<(String, String)> {
    let name = name.trim();
    ensure!((1..=60).contains(&name.chars().count()), "--name: 1 to 60 characters, please");
    ensure!((1..=3660).contains(&days), "--days: 1 to 3660, please");
    let organisation = places::store::by_code(&app.db, at).await?;
    let organisation = organisation.with_context(|| format!("--at: there is no organisation `{at}`"))?;
    let codes = Scope::ALL.map(Scope::code).join(", ");
    let scopes = scopes
        .iter()
        .map(|scope| {
            Scope::from_code(scope).with_context(|| format!("--scope: there is no `{scope}`; there are {codes}"))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let now = app.clock.now();
    let new = keys::NewKey {
        name,
        path: &organisation.path,
        scopes: &scopes,
        expires: now.checked_add(SignedDuration::from_hours(24 * days))?,
    };
    let mut tx = app.db.begin().await?;
    let (id, key) = keys::make(&mut tx, &app.secrets, new, now).await?;
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
    let detail = serde_json::json!({ "name": name, "at": at, "scopes": scopes, "days": days });
    note(&mut tx, "key.add", "integration_key", &id, detail, now).await?;
    tx.commit().await?;
    Ok((id, key))
}

/// Ends a key.
pub async fn revoke_key(app: &App, id: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    ensure!(keys::revoke(&mut tx, id, now).await?, "there is no key {id} that holds");
    note(&mut tx, "key.revoke", "integration_key", id, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
}

/// A key in a line.
pub fn key_line(key: &keys::KeyRow, now: Timestamp) -> String {
    let day = |micros: i64| reports::store::instant(micros).strftime("%Y-%m-%d").to_string();
    let state = match key.revoked_at {
        Some(at) => format!("revoked {}", day(at)),
        None if key.expires_at <= now.as_microsecond() => format!("ended {}", day(key.expires_at)),
        None => format!("until {}", day(key.expires_at)),
    };
    let used = if key.last_used_at == 0 { "never used".to_owned() } else { format!("used {}", day(key.last_used_at)) };
    format!("{}  {}  {}  {}  {state}  {used}", key.id, key.name, key.path, key.scopes)
}

/// What a plan brings to a community.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Grids that get an outline.
    pub outlines: usize,
    /// Buildings, and the community itself, that get a point.
    pub points: usize,
    /// Landmarks that are written down, those that are gone included.
    pub landmarks: usize,
    /// Codes of grids without an outline and of buildings without a point, afterwards.
    pub without: Vec<String>,
}

/// Brings a community's own plan in, or only tells what it would bring. All of it or nothing: every mistake is told.
///
/// Reports that were filed before keep the grid they have.
pub async fn import_map(app: &App, community: &str, file: &str, dry_run: bool) -> anyhow::Result<Imported> {
    let community = places::store::community_by_code(&app.db, community)
        .await?
        .with_context(|| format!("there is no community `{community}`"))?;
    let told = |mistakes: Vec<String>| anyhow::anyhow!("nothing was changed:\n  {}", mistakes.join("\n  "));
    let placed = plan::read(file).map_err(told)?;
    let mut known = places::store::under(&app.db, &community.path, OrganisationKind::Grid).await?;
    known.extend(places::store::under(&app.db, &community.path, OrganisationKind::Building).await?);
    known.push(community.clone());
    let (mut found, mut marks, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
    for place in &placed {
        let code = &place.code;
        if place.landmark.is_some() {
            match landmark(app, &community, place).await? {
                Ok(mark) => marks.extend(mark),
                Err(mistake) => mistakes.push(mistake),
            }
            continue;
        }
        let Some(organisation) = known.iter().find(|organisation| organisation.code == *code) else {
            mistakes.push(format!("`{code}` is no place of {}: `linli organisation add` adds one", community.code));
            continue;
        };
        let is_grid = organisation.kind == OrganisationKind::Grid.code();
        if is_grid == matches!(place.shape, Shape::Outline(_)) {
            found.push((organisation, &place.shape));
        } else if is_grid {
            mistakes.push(format!("`{code}` is a grid: a Polygon, please"));
        } else {
            mistakes.push(format!("`{code}` is a {}: a Point, please", organisation.kind));
        }
    }
    if !mistakes.is_empty() {
        return Err(told(mistakes));
    }
    let is_there = |organisation: &Organisation| {
        let is_grid = organisation.kind == OrganisationKind::Grid.code();
        let before = if is_grid { organisation.outline.is_some() } else { organisation.longitude.is_some() };
        before || placed.iter().any(|place| place.code == organisation.code)
    };
    let outlines = found.iter().filter(|(_, shape)| matches!(shape, Shape::Outline(_))).count();
    let imported = Imported {
        outlines,
        points: found.len() - outlines,
        landmarks: marks.len(),
        without: known.iter().filter(|place| !is_there(place)).map(|place| place.code.clone()).collect(),
    };
    if dry_run {
        return Ok(imported);
    }
    let mut tx = app.db.begin().await?;
    for (organisation, shape) in found {
        match shape {
            Shape::Outline(corners) => places::store::set_outline(&mut tx, &organisation.id, corners).await?,
            Shape::Point(point) => places::store::set_position(&mut tx, &organisation.id, *point).await?,
        }
    }
    let now = app.clock.now();
    for mark in &marks {
        landmarks::write(&mut tx, mark, now).await?;
    }
    let detail = serde_json::json!({
        "outlines": imported.outlines, "points": imported.points, "landmarks": imported.landmarks,
    });
    note(&mut tx, "organisation.map", "organisation", &community.id, detail, now).await?;
    tx.commit().await?;
    Ok(imported)
}

/// What a file says of a landmark, to be written down; or what is wrong with it, beyond the file.
async fn landmark<'a>(
    app: &App,
    community: &'a Organisation,
    place: &'a Placed,
) -> anyhow::Result<Result<Option<NewLandmark<'a>>, String>> {
    let code = &place.code;
    let (Some(called), Shape::Point(position)) = (&place.landmark, &place.shape) else { return Ok(Ok(None)) };
    if let Some(taken) = places::store::by_code(&app.db, code).await? {
        return Ok(Err(format!("`{code}` is the code of a {}: another one for the landmark, please", taken.kind)));
    }
    let known = landmarks::by_code(&app.db, code).await?;
    if known.is_some_and(|known| known.community_id != community.id) {
        return Ok(Err(format!("`{code}` is a landmark of another community")));
    }
    Ok(Ok(Some(NewLandmark {
        community_id: &community.id,
        code,
        name: (&called.name, &called.name_en),
        position: *position,
        gone: called.gone,
    })))
}

async fn note(
    tx: &mut Tx,
    action: &str,
    object_kind: &str,
    object_id: &str,
    detail: serde_json::Value,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    audit::write(tx, audit::Entry { by: By::Operator, action, object_kind, object_id, detail, request_id: "" }, now)
        .await
}
