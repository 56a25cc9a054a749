//! Use cases of this room.

use crate::http::{Ctx, Error};
use app::places::{NextCard, Waiting};

/// What the reader has to do or expect next in this room, for the home page.
pub async fn next_card(_ctx: &Ctx) -> Result<Option<NextCard>, Error> {
    Ok(None)
}

/// What waits for the reader as staff in this room, for `/staff`.
pub async fn waiting(_ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    Ok(Vec::new())
}
