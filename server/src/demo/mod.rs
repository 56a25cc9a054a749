//! The demo community: loaded into an empty database, relative to today. One file per room; data in `server/demo/`.

mod answers;
pub mod bulletins;
pub mod consultations;
pub mod grids;
pub mod handbook;
pub mod handlers;
pub mod matters;
pub mod meetings;
pub mod notices;
pub mod partners;
pub mod patrol;
pub mod places;
pub mod property;
pub mod reports;
pub mod supervision;
pub mod windows;

use crate::app_state::App;
use app::{
    i18n::{Lang, Words},
    people::Role,
};
use std::collections::BTreeMap;

/// Ids of what has been loaded so far, for the rooms that come later.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Organisation code → (id, path).
    pub organisations: BTreeMap<String, (String, String)>,
    /// Phone digits → person id: demo people, workers and residents.
    pub people: BTreeMap<String, String>,
    /// Phone digits of `residents` in their order in the file.
    pub residents: Vec<String>,
}

/// Loads the demo when the database has no organisation yet. Returns whether it did.
pub async fn load_if_empty(app: &App) -> anyhow::Result<bool> {
    if !is_empty(app).await? {
        return Ok(false);
    }
    let loaded = places::load(app).await?;
    windows::load(app, &loaded).await?;
    notices::load(app, &loaded).await?;
    reports::load(app, &loaded).await?;
    handlers::load(app, &loaded).await?;
    matters::load(app, &loaded).await?;
    grids::load(app, &loaded).await?;
    supervision::load(app, &loaded).await?;
    property::load(app, &loaded).await?;
    patrol::load(app, &loaded).await?;
    bulletins::load(app, &loaded).await?;
    meetings::load(app, &loaded).await?;
    consultations::load(app, &loaded).await?;
    handbook::load(app, &loaded).await?;
    partners::load(app, &loaded).await?;
    crate::jobs::run_due(app).await?;
    Ok(true)
}

/// The people one can log in as, one a line, for the start message.
pub fn introduce() -> anyhow::Result<String> {
    let w = Words::new(Lang::Zh);
    let mut text = String::from("\n演示人物 (demo people; the log-in page shows the code):\n");
    for person in places::cast()? {
        let role =
            person.roles.iter().filter_map(|role| Role::from_code(&role.role)).find(|role| *role != Role::Resident);
        let role = w.t(role.unwrap_or(Role::Resident).key());
        text.push_str(&format!("  {}  {} {}  {}\n", person.phone, person.name, role, person.note));
    }
    text.push('\n');
    Ok(text)
}

async fn is_empty(app: &App) -> anyhow::Result<bool> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM organisation").fetch_one(app.db.read()).await?;
    Ok(count == 0)
}
