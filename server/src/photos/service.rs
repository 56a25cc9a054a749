//! Taking photos in and giving them out.

use crate::app_state::App;

/// Removes photos that were uploaded for a form that was never sent.
pub async fn sweep_unsent(_app: &App) -> anyhow::Result<()> {
    Ok(())
}
