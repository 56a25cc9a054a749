//! Archives on the page of exports.

use super::{
    api,
    runs::{self, DAYS},
};
use crate::{
    clock,
    http::Error,
    http::{Access, Ctx, FormBody, Result, Routes, download::download, see_other_with},
    places,
};
use app::{
    exports::pages::{ArchiveRow, ArchivesPart, archives_part},
    people::Action,
    time,
};
use axum::extract::Path;
use jiff::Timestamp;
use leptos::prelude::AnyView;
use serde::Deserialize;

/// The routes of this room.
pub fn routes() -> Routes {
    let access = Access::Needs(Action::DataArchive);
    Routes::new()
        .post("/staff/archives", access, ask)
        .get("/staff/archives/{id}/linli.zip", access, fetch)
        .get("/api/v1/staff/archives", access, api::list)
        .post("/api/v1/staff/archives", access, api::ask)
        .get("/api/v1/staff/archives/{id}/linli.zip", access, api::fetch)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    community: String,
    contacts: String,
}

async fn ask(ctx: Ctx, FormBody(sent): FormBody<Sent>) -> Result {
    ctx.actor()?.require_somewhere(Action::DataArchive)?;
    let community = places::store::community_by_code(&ctx.app.db, &sent.community).await?.ok_or(Error::NotFound)?;
    runs::ask(&ctx, &community, sent.contacts == "1", &clock::new_id(ctx.now)).await?;
    Ok(see_other_with(&ctx, "/staff/exports", "flash-archive-asked"))
}

async fn fetch(ctx: Ctx, Path(id): Path<String>) -> Result {
    fetched(&ctx, &id).await
}

/// An archive as a file.
pub(super) async fn fetched(ctx: &Ctx, id: &str) -> Result {
    let (body, name) = runs::fetch(ctx, id).await?;
    Ok(download(body, "application/zip", &name))
}

/// The part of the page of exports for those who may archive a community.
pub async fn part(ctx: &Ctx) -> Result<Option<AnyView>> {
    let actor = ctx.actor()?;
    if actor.require_somewhere(Action::DataArchive).is_err() {
        return Ok(None);
    }
    let mut communities = Vec::new();
    for scope in actor.scopes(Action::DataArchive) {
        for one in places::store::under(&ctx.app.db, scope, places::OrganisationKind::Community).await? {
            let option = (one.code, ctx.w.pick(&one.name, &one.name_en).to_owned());
            if !communities.contains(&option) {
                communities.push(option);
            }
        }
    }
    let w = ctx.w;
    let rows = runs::list(ctx).await?.into_iter().map(|run| ArchiveRow {
        community: w.pick(&run.name, &run.name_en).to_owned(),
        who: run.who,
        when: {
            let at = Timestamp::from_microsecond(run.created_at).unwrap_or_default();
            time::date_time(w.lang, at, ctx.now)
        },
        contacts: run.contacts == 1,
        href: (run.state == "done").then(|| format!("/staff/archives/{}/linli.zip", run.id)),
        gone: run.state == "gone",
        megabytes: (run.bytes + 1_048_575) / 1_048_576,
    });
    Ok(Some(archives_part(ArchivesPart { w, communities, days: DAYS, rows: rows.collect() })))
}
