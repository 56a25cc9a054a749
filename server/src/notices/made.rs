//! What is the same for everybody and takes hundreds of queries, as it was made last: the page that phones keep, feeds,
//! calendars. Phones and programs ask for them all the time, mostly to hear that nothing is new.

use super::store::list;
use crate::{app_state::App, http::Result};
use axum::body::Bytes;
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

/// It is given out again for so many seconds, and not once another notice is out: a correction and a warning are news at once.
pub(super) const FRESH: u32 = 60;
/// So many are remembered.
const REMEMBERED: usize = 200;

struct Made {
    at: Timestamp,
    /// The latest notices when it was made.
    newest: String,
    bytes: Bytes,
}

static MADE: LazyLock<Mutex<HashMap<String, Made>>> = LazyLock::new(Mutex::default);

/// What `make` makes, or made a moment ago under this name, which says everything that it depends on but notices and time.
pub(super) async fn made(
    app: &App,
    name: &str,
    now: Timestamp,
    make: impl Future<Output = Result<Vec<u8>>>,
) -> Result<Bytes> {
    let name = format!("{} {name}", app.config.database_url);
    let newest = list::newest_ids(&app.db).await?.join(" ");
    let fresh =
        |made: &Made| made.newest == newest && (0..i64::from(FRESH)).contains(&now.duration_since(made.at).as_secs());
    let known = MADE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&name)
        .filter(|made| fresh(made))
        .map(|made| made.bytes.clone());
    if let Some(bytes) = known {
        return Ok(bytes);
    }
    let bytes = Bytes::from(make.await?);
    let mut all = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= REMEMBERED {
        all.clear();
    }
    all.insert(name, Made { at: now, newest, bytes: bytes.clone() });
    Ok(bytes)
}
