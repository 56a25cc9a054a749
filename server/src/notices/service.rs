//! Use cases of notices.

use crate::{
    app_state::App,
    http::{self, Ctx},
};
use app::{notices::NoticeRow, places::Waiting};
use jiff::Timestamp;

/// Puts a published notice into the inboxes of the people it reaches.
pub async fn fan_out(_app: &App, _notice_id: &str) -> anyhow::Result<()> {
    Ok(())
}

/// Publishes a scheduled notice.
pub async fn publish_scheduled(_app: &App, _notice_id: &str) -> anyhow::Result<()> {
    Ok(())
}

/// The emergency that concerns a place now: title and address.
pub async fn emergency_for(_app: &App, _path: &str, _now: Timestamp) -> Result<Option<(String, String)>, sqlx::Error> {
    Ok(None)
}

/// The newest notices that concern the reader, pinned ones first, at most `limit`; for the home page.
pub async fn newest_for_home(_ctx: &Ctx, _limit: i64) -> http::Result<Vec<NoticeRow>> {
    Ok(Vec::new())
}

/// What waits for the reader as staff in this room, for `/staff`.
pub async fn waiting(_ctx: &Ctx) -> http::Result<Vec<Waiting>> {
    Ok(Vec::new())
}
