//! The demo district and its people.

use super::Loaded;
use crate::{
    app_state::App,
    clock,
    db::Tx,
    people::store::{self as people, NewPerson},
    places::{
        landmarks::{self, NewLandmark},
        store::{self as places, Organisation, OrganisationKind},
    },
};
use anyhow::Context;
use app::people::{Phone, Role};
use serde::Deserialize;

#[derive(Deserialize)]
struct PlacesFile {
    district: Place,
    subdistricts: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    code: String,
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    address_en: String,
    #[serde(default)]
    households: i64,
    #[serde(alias = "center")]
    position: Option<[f64; 2]>,
    outline: Option<Vec<[f64; 2]>>,
    #[serde(default, alias = "grids", alias = "buildings")]
    communities: Vec<Place>,
    #[serde(default)]
    landmarks: Vec<DemoLandmark>,
}

#[derive(Deserialize)]
struct DemoLandmark {
    code: String,
    name: String,
    name_en: String,
    position: [f64; 2],
}

#[derive(Deserialize)]
struct PeopleFile {
    people: Vec<DemoPerson>,
    workers: Vec<DemoPerson>,
    residents: Vec<DemoPerson>,
}

/// A demo person as the file tells of them.
#[derive(Clone, Debug, Deserialize)]
pub struct DemoPerson {
    /// Eleven digits.
    pub phone: String,
    /// Name.
    pub name: String,
    /// Name in Latin letters.
    #[serde(default)]
    pub name_en: String,
    /// Home building's code.
    pub home: Option<String>,
    /// Roles with the code of their organisation.
    #[serde(default)]
    pub roles: Vec<DemoRole>,
    /// Who this is, in one line.
    #[serde(default)]
    pub note: String,
    /// The same in English.
    #[serde(default)]
    pub note_en: String,
    /// Unit.
    #[serde(default)]
    pub unit: String,
    /// Unit in English.
    #[serde(default)]
    pub unit_en: String,
}

/// A role of a demo person.
#[derive(Clone, Debug, Deserialize)]
pub struct DemoRole {
    /// Role code.
    pub role: String,
    /// Organisation code.
    pub org: String,
    /// Leads the unit.
    #[serde(default)]
    pub lead: bool,
}

fn people_file() -> anyhow::Result<PeopleFile> {
    serde_json::from_str(include_str!("../../demo/people.json")).context("reading demo/people.json")
}

/// The people one can log in as, for the start message and the login page in demo mode.
pub fn cast() -> anyhow::Result<Vec<DemoPerson>> {
    Ok(people_file()?.people)
}

/// Loads the organisation tree and all people.
pub async fn load(app: &App) -> anyhow::Result<Loaded> {
    let file: PlacesFile =
        serde_json::from_str(include_str!("../../demo/places.json")).context("reading demo/places.json")?;
    let now = app.clock.now();
    let mut loaded = Loaded::default();
    let mut tx = app.db.begin().await?;
    let district = insert_place(&mut tx, &mut loaded, &file.district, OrganisationKind::District, None, 0, now).await?;
    for (n, subdistrict) in file.subdistricts.iter().enumerate() {
        let street =
            insert_place(&mut tx, &mut loaded, subdistrict, OrganisationKind::Subdistrict, Some(&district), n, now)
                .await?;
        for (n, community) in subdistrict.communities.iter().enumerate() {
            let parent =
                insert_place(&mut tx, &mut loaded, community, OrganisationKind::Community, Some(&street), n, now)
                    .await?;
            for mark in &community.landmarks {
                let new = NewLandmark {
                    community_id: &parent.0,
                    code: &mark.code,
                    name: (&mark.name, &mark.name_en),
                    position: mark.position,
                    gone: false,
                };
                landmarks::write(&mut tx, &new, now).await?;
            }
            let mut buildings = 0;
            for (n, grid) in community.communities.iter().enumerate() {
                let parent =
                    insert_place(&mut tx, &mut loaded, grid, OrganisationKind::Grid, Some(&parent), n, now).await?;
                for building in &grid.communities {
                    insert_place(
                        &mut tx,
                        &mut loaded,
                        building,
                        OrganisationKind::Building,
                        Some(&parent),
                        buildings,
                        now,
                    )
                    .await?;
                    buildings += 1;
                }
            }
        }
    }
    let file = people_file()?;
    loaded.residents = file.residents.iter().map(|person| person.phone.clone()).collect();
    for person in file.people.iter().chain(&file.workers).chain(&file.residents) {
        insert_person(app, &mut tx, &mut loaded, person).await.with_context(|| person.name.clone())?;
    }
    tx.commit().await?;
    Ok(loaded)
}

async fn insert_place(
    tx: &mut Tx,
    loaded: &mut Loaded,
    place: &Place,
    kind: OrganisationKind,
    parent: Option<&(String, String)>,
    position: usize,
    now: jiff::Timestamp,
) -> anyhow::Result<(String, String)> {
    let path = format!("{}{}/", parent.map_or("", |(_, path)| path.as_str()), place.code);
    let organisation = Organisation {
        id: clock::new_id(now),
        kind: kind.code().to_owned(),
        code: place.code.clone(),
        parent_id: parent.map(|(id, _)| id.clone()),
        path: path.clone(),
        name: place.name.clone(),
        name_en: place.name_en.clone(),
        phone: place.phone.clone(),
        address: place.address.clone(),
        address_en: place.address_en.clone(),
        households: place.households,
        longitude: place.position.map(|p| p[0]),
        latitude: place.position.map(|p| p[1]),
        outline: place.outline.as_ref().map(serde_json::to_string).transpose()?,
        position: i64::try_from(position)?,
    };
    places::insert(tx, &organisation).await?;
    let key = (organisation.id, path);
    loaded.organisations.insert(place.code.clone(), key.clone());
    Ok(key)
}

async fn insert_person(app: &App, tx: &mut Tx, loaded: &mut Loaded, person: &DemoPerson) -> anyhow::Result<()> {
    let now = app.clock.now();
    let phone = Phone::parse(&person.phone).map_err(|_| anyhow::anyhow!("not a phone number: {}", person.phone))?;
    let home = person.home.as_ref().and_then(|code| loaded.organisations.get(code));
    // The community is the third step of a building's path; staff without a home belong to their role's community.
    let community = home
        .map(|(_, path)| path.as_str())
        .or_else(|| person.roles.iter().find_map(|r| loaded.organisations.get(&r.org)).map(|(_, path)| path.as_str()))
        .and_then(|path| path.split('/').nth(2))
        .and_then(|code| loaded.organisations.get(code));
    let new = NewPerson {
        name: &person.name,
        phone: &phone,
        unit: (&person.unit, &person.unit_en),
        community_id: community.map(|(id, _)| id.as_str()),
        building_id: home.map(|(id, _)| id.as_str()),
        demo: true,
    };
    let id = people::insert(tx, &app.secrets, new, now).await?;
    for grant in &person.roles {
        let Some(role) = Role::from_code(&grant.role) else { anyhow::bail!("no such role: {}", grant.role) };
        let (organisation, _) =
            loaded.organisations.get(&grant.org).with_context(|| format!("no such organisation: {}", grant.org))?;
        if role != Role::Resident {
            people::grant(tx, &id, role, organisation, now).await?;
            if grant.lead {
                people::set_lead(tx, &id, organisation, true).await?;
            }
        }
    }
    loaded.people.insert(person.phone.clone(), id);
    Ok(())
}
