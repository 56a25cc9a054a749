//! What the operator does at the command line, written in the audit log like everything else.

use crate::{
    app_state::App,
    audit::{self, By},
    clock,
    db::Tx,
    people,
    places::{self, Organisation, OrganisationKind},
};
use anyhow::{Context, bail, ensure};
use app::people::{Phone, Role, read_name};
use jiff::Timestamp;

/// Gives the person with this number a role at the organisation with this code; makes the person when unknown.
pub async fn add_person(app: &App, phone: &str, name: &str, role: &str, at: &str) -> anyhow::Result<()> {
    let phone = Phone::parse(phone).map_err(|_| anyhow::anyhow!("--phone: 11 digits, please"))?;
    let name =
        read_name(name).map_err(|_| anyhow::anyhow!("--name: 1 to {} characters, please", app::people::NAME_MAX))?;
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| *role != Role::Resident).map(Role::code).collect();
    let role = Role::from_code(role)
        .filter(|role| *role != Role::Resident)
        .with_context(|| format!("--role: there is no `{role}`; roles are {}", roles.join(", ")))?;
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
    let detail = serde_json::json!({ "role": role.code(), "at": organisation.code });
    note(&mut tx, "role.grant", "person", &found.id, detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets the authenticator app of the person with this number.
pub async fn reset_second_factor(app: &App, phone: &str) -> anyhow::Result<()> {
    let phone = Phone::parse(phone).map_err(|_| anyhow::anyhow!("--phone: 11 digits, please"))?;
    let id = people::store::id_by_phone(&app.db, &app.secrets, &phone).await?.context("nobody has this number")?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    people::store::forget_second_factor(&mut tx, &id).await?;
    note(&mut tx, "second_factor.reset", "person", &id, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
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
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        (1..=40).contains(&code.len()) && code.chars().all(plain),
        "--code: 1 to 40 small letters, digits and hyphens, please"
    );
    ensure!(!name.trim().is_empty(), "--name: must not be empty");
    ensure!(places::store::by_code(&app.db, code).await?.is_none(), "--code: `{code}` is taken");
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
