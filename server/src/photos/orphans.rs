//! Pictures that no row knows. A photo is stored first and written down then, so a server that dies in between leaves its
//! pictures behind, and one that dies while a photo is forgotten leaves what it did not get to.

use super::store;
use crate::app_state::App;
use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeSet, pin::pin};

/// What is younger may be about to be written down.
const YOUNG: SignedDuration = SignedDuration::from_hours(24);
/// So many are looked up at once.
const AT_ONCE: usize = 200;

/// Removes the pictures that no row knows and that were stored a day ago or earlier. Reads the names of all pictures in the
/// store, one page after another. Returns of how many photos it removed them.
pub async fn sweep(app: &App) -> anyhow::Result<usize> {
    let before = app.clock.now() - YOUNG;
    let mut removed = 0;
    let mut some = BTreeSet::new();
    let mut all = pin!(app.blobs.photos());
    while let Some(id) = all.try_next().await? {
        if stored_at(&id).is_some_and(|at| at < before) {
            some.insert(id);
        }
        if some.len() == AT_ONCE {
            removed += remove_unknown(app, std::mem::take(&mut some)).await?;
        }
    }
    removed += remove_unknown(app, some).await?;
    if removed > 0 {
        tracing::info!(removed, "photos that nothing knew of were removed");
    }
    Ok(removed)
}

async fn remove_unknown(app: &App, ids: BTreeSet<String>) -> anyhow::Result<usize> {
    let known = store::known(&app.db, &ids).await?;
    let unknown: Vec<_> = ids.difference(&known).collect();
    for id in &unknown {
        app.blobs.delete(id).await?;
    }
    Ok(unknown.len())
}

/// When a photo with this id was stored: it is in the id. `None`: not an id of ours.
fn stored_at(id: &str) -> Option<Timestamp> {
    let (seconds, nanos) = uuid::Uuid::parse_str(id).ok()?.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn an_id_says_when_it_was_made() {
        let now: Timestamp = "2026-11-25T02:00:00.123Z".parse().expect("an instant");
        assert_eq!(stored_at(&clock::new_id(now)), Some(now));
        assert_eq!(stored_at("ping"), None);
        assert_eq!(stored_at("00000000-0000-4000-8000-000000000000"), None, "not one with a time");
    }
}
