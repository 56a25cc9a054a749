//! The places: the demo's six communities, and 24 more of the same district.

use crate::support::TestApp;
use server::{
    clock,
    places::{
        Organisation,
        store::{self, OrganisationKind},
    },
};

/// A place where something is reported.
#[derive(Clone, Debug)]
pub struct Place {
    /// Id of its community.
    pub community: String,
    /// Id of its grid.
    pub grid: String,
    /// Id of the building.
    pub building: String,
    /// Path of the building.
    pub path: String,
}

/// A category with its limit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Category {
    /// Code.
    pub code: String,
    /// `urgent`, `working_hours` or `working_days`.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
    /// Hours until somebody is to be sent.
    pub dispatch_hours: i64,
}

/// What everything happens in.
#[derive(Clone, Debug)]
pub struct World {
    /// All buildings.
    pub places: Vec<Place>,
    /// All categories.
    pub categories: Vec<Category>,
    /// People who handle.
    pub handlers: Vec<String>,
    /// People who verify.
    pub verifiers: Vec<String>,
    /// Codes and paths of the communities.
    pub communities: Vec<(String, String)>,
    /// From its first moment to now.
    pub month: (i64, i64),
    /// Now.
    pub now: i64,
}

/// 2026-11-01 00:00 in Shanghai.
const FIRST: i64 = 1_793_462_400_000_000;

/// Adds the communities and reads what there is.
pub async fn build(test: &TestApp) -> World {
    let streets = store::under(&test.app.db, "", OrganisationKind::Subdistrict).await.expect("streets");
    let mut tx = test.app.db.begin().await.expect("begin");
    for n in 0..24_usize {
        let street = &streets[n % streets.len()];
        let community = place(test, street, OrganisationKind::Community, format!("m{n}"), n);
        store::insert(&mut tx, &community).await.expect("a community");
        for g in 0..4 {
            let grid = place(test, &community, OrganisationKind::Grid, format!("m{n}-g{g}"), g);
            store::insert(&mut tx, &grid).await.expect("a grid");
            for b in 0..6 {
                let building = place(test, &grid, OrganisationKind::Building, format!("m{n}-{g}-{b}"), b);
                store::insert(&mut tx, &building).await.expect("a building");
            }
        }
    }
    // Two hours to send somebody, and four for one group of kinds.
    sqlx::query(
        "INSERT INTO dispatch_limit (major, hours) SELECT '', 2 UNION ALL SELECT MIN(c.major), 4 FROM category c",
    )
    .execute(&mut *tx)
    .await
    .expect("limits");
    tx.commit().await.expect("commit");
    let now = test.app.clock.now().as_microsecond();
    let places: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT c.id, g.id, b.id, b.path FROM organisation b JOIN organisation g ON g.id = b.parent_id \
         JOIN organisation c ON c.id = g.parent_id WHERE b.kind = 'building' ORDER BY b.path",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("places");
    let categories = sqlx::query_as(
        "SELECT c.code, c.limit_kind, c.limit_amount, COALESCE((SELECT d.hours FROM dispatch_limit d \
             WHERE d.major = c.major), 2) AS dispatch_hours FROM category c WHERE c.active = 1 ORDER BY c.code",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("categories");
    let communities = store::under(&test.app.db, "", OrganisationKind::Community).await.expect("communities");
    assert_eq!(communities.len(), 30);
    World {
        places: places
            .into_iter()
            .map(|(community, grid, building, path)| Place { community, grid, building, path })
            .collect(),
        categories,
        handlers: people(test, "'volunteer', 'unit'").await,
        verifiers: people(test, "'community_staff', 'grid_worker'").await,
        communities: communities.into_iter().map(|place| (place.code, place.path)).collect(),
        month: (FIRST, now),
        now,
    }
}

fn place(test: &TestApp, above: &Organisation, kind: OrganisationKind, code: String, position: usize) -> Organisation {
    Organisation {
        id: clock::new_id(test.app.clock.now()),
        kind: kind.code().to_owned(),
        parent_id: Some(above.id.clone()),
        path: format!("{}{code}/", above.path),
        name: format!("新苑{code}"),
        name_en: String::new(),
        phone: String::new(),
        address: String::new(),
        address_en: String::new(),
        households: if kind == OrganisationKind::Building { 36 } else { 0 },
        longitude: None,
        latitude: None,
        outline: None,
        position: i64::try_from(position).expect("small"),
        code,
    }
}

async fn people(test: &TestApp, roles: &str) -> Vec<String> {
    let sql = format!("SELECT DISTINCT person_id FROM role_grant WHERE role IN ({roles}) ORDER BY person_id");
    let rows: Vec<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(test.app.db.read()).await.expect("people");
    rows.into_iter().map(|(id,)| id).collect()
}
