//! The service guide: which items there are and where. Public.

use crate::{
    http::{Ctx, Error, Result},
    windows::store::{Hall, halls, items, items::StoredItem},
};
use app::windows::ServiceItem;
use std::sync::Arc;

/// An item with the halls that serve it.
pub struct Guide {
    /// The item.
    pub stored: StoredItem,
    /// Halls that serve it, in their order; at least one.
    pub halls: Vec<Hall>,
    /// The chosen one.
    pub hall: Hall,
}

/// Longest code that is looked up at all.
const MAX_CODE: usize = 100;

/// The item with this code, at the hall with code `hall` or the reader's own. An item that no hall serves and a hall
/// that does not serve it are [`Error::NotFound`].
pub async fn guide(ctx: &Ctx, code: &str, hall: Option<&str>) -> Result<Guide> {
    let stored = item_by_code(ctx, code).await?;
    let halls = halls::serving(&ctx.app.db, &stored.id).await?;
    let hall = match hall.filter(|hall| !hall.is_empty()) {
        Some(code) => halls.iter().find(|hall| hall.code == code).cloned().ok_or(Error::NotFound)?,
        None => choose_hall(ctx, &halls).cloned().ok_or(Error::NotFound)?,
    };
    Ok(Guide { stored, halls, hall })
}

/// The item with this code, if it is offered.
pub(super) async fn item_by_code(ctx: &Ctx, code: &str) -> Result<StoredItem> {
    // PostgreSQL takes no zero byte in a text, and others are asked for by the same statement.
    if code.len() > MAX_CODE || code.contains('\0') {
        return Err(Error::NotFound);
    }
    let app = &ctx.app;
    app.items.ask(code.to_owned(), |codes| items::offered_by_codes(&app.db, codes)).await?.ok_or(Error::NotFound)
}

/// The title of an item that is no longer offered, for those who come by an old link.
pub async fn retired_title(ctx: &Ctx, code: &str) -> Result<Option<String>> {
    if code.len() > MAX_CODE {
        return Ok(None);
    }
    let found = items::by_code(&ctx.app.db, code).await?.filter(|stored| stored.retired);
    Ok(found.map(|stored| ctx.w.pick(&stored.item.title, &stored.item.title_en).to_owned()))
}

/// All items that some hall serves, with all halls and the reader's own hall; with `hall`, only that hall's items.
pub async fn list(ctx: &Ctx, hall: Option<&str>) -> Result<(Vec<StoredItem>, Vec<Hall>, Option<Hall>)> {
    let halls = halls::all(&ctx.app.db).await?;
    let chosen = match hall.filter(|hall| !hall.is_empty()) {
        Some(code) => Some(halls.iter().find(|hall| hall.code == code).cloned().ok_or(Error::NotFound)?),
        None => choose_hall(ctx, &halls).cloned(),
    };
    let mut all = items::offered(&ctx.app.db).await?;
    if let Some(hall) = &chosen {
        let served = items::codes_at(&ctx.app.db, &hall.id).await?;
        all.retain(|stored| served.contains(&stored.item.code));
    }
    Ok((all, halls, chosen))
}

/// The reader's own hall: that of the chosen community, else the nearest in the tree, else the first.
pub fn choose_hall<'a>(ctx: &Ctx, halls: &'a [Hall]) -> Option<&'a Hall> {
    let path = ctx.community.as_ref().map_or("", |community| community.path.as_str());
    let shared = |hall: &Hall| path.split('/').zip(hall.path.split('/')).take_while(|(a, b)| a == b).count();
    // The first of several that are equally near.
    halls.iter().rev().max_by_key(|hall| shared(hall))
}

/// Items that can be done in the same visit as these: they share a window of the hall. Those themselves are left out.
pub async fn sharing(ctx: &Ctx, hall: &Hall, items_so_far: &[StoredItem]) -> Result<Vec<ServiceItem>> {
    let ids: Vec<&str> = items_so_far.iter().map(|stored| stored.id.as_str()).collect();
    let codes = halls::sharing(ctx.app.db.read(), &hall.id, &ids).await?;
    let all = items::offered(&ctx.app.db).await?;
    let chosen = |code: &str| items_so_far.iter().any(|stored| stored.item.code == code);
    Ok(all
        .into_iter()
        .map(|stored| Arc::unwrap_or_clone(stored.item))
        .filter(|item| codes.contains(&item.code) && !chosen(&item.code))
        .collect())
}
