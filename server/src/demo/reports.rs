//! Demo data of this room.

use super::Loaded;
use crate::app_state::App;

/// Loads it.
pub async fn load(_app: &App, _loaded: &Loaded) -> anyhow::Result<()> {
    Ok(())
}
