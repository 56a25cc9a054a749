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

/// The opening of the community's hall now in one line (“今天 8:30–17:30，现在约等 10–15 分钟”), for the home page.
pub async fn opening_line(_ctx: &Ctx) -> Result<Option<String>, Error> {
    Ok(None)
}
