//! The demo's handbook, reviewed on days before today.

use super::Loaded;
use crate::{app_state::App, handbook::store};
use anyhow::Context;
use app::{
    handbook::{
        entry::{Contact, Entry},
        form::HandbookForm,
    },
    time,
};
use jiff::Span;
use serde::Deserialize;

#[derive(Deserialize)]
struct DemoEntry {
    organisation: String,
    author: String,
    reviewed_days_ago: i64,
    title: String,
    words: Vec<String>,
    category: String,
    #[serde(default)]
    item: String,
    contacts: Vec<(String, String)>,
    steps: String,
}

#[derive(Deserialize)]
struct File {
    entries: Vec<DemoEntry>,
}

/// Loads it. The database has the demo's places and people.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let file: File = serde_json::from_str(include_str!("../../demo/handbook.json")).context("demo/handbook.json")?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    for (nth, demo) in file.entries.into_iter().enumerate() {
        let (id, path) = loaded.organisations.get(&demo.organisation).context("an organisation of the handbook")?;
        let author = loaded.people.get(&demo.author).context("an author of the handbook")?;
        let entry = Entry {
            title: demo.title,
            words: demo.words,
            steps: demo.steps,
            contacts: demo.contacts.into_iter().map(|(name, phone)| Contact { name, phone }).collect(),
            category: demo.category,
            item: demo.item,
        };
        let reviewed = time::day_of(now).saturating_sub(Span::new().days(demo.reviewed_days_ago));
        let key = format!("demo:{nth}");
        let made = store::insert(&mut tx, (author, &key), (id, path), &entry, (reviewed, now)).await?;
        let made = made.context("an entry of the handbook")?;
        store::keep(&mut tx, (&made, 1), author, &HandbookForm::of(&entry, demo.organisation, 1), now).await?;
    }
    tx.commit().await?;
    Ok(())
}
