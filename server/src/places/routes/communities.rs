//! The choice of a community: by list, by link, by QR code.

use crate::{
    http::{
        Ctx, Error, FormBody, Page, Params, Result,
        ctx::{COMMUNITY_COOKIE, lasting_cookie},
        page::safe_next,
        see_other, see_other_with,
    },
    places::{self, OrganisationKind, service},
    qr,
};
use app::places::pages::{self, CommunityRow, SubdistrictGroup};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Query {
    next: Option<String>,
}

/// `GET /communities`
pub async fn list(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let current = ctx.community.as_ref().map(|community| community.code.clone());
    let communities = places::store::under(db, "", OrganisationKind::Community).await?;
    let mut groups = Vec::new();
    for street in places::store::under(db, "", OrganisationKind::Subdistrict).await? {
        let rows: Vec<CommunityRow> = communities
            .iter()
            .filter(|community| community.path.starts_with(&street.path))
            .map(|community| CommunityRow {
                name: w.pick(&community.name, &community.name_en).to_owned(),
                address: w.pick(&community.address, &community.address_en).to_owned(),
                current: current.as_deref() == Some(&community.code),
                code: community.code.clone(),
            })
            .collect();
        if !rows.is_empty() {
            groups.push(SubdistrictGroup { name: w.pick(&street.name, &street.name_en).to_owned(), communities: rows });
        }
    }
    let view = pages::communities(w, safe_next(query.next.as_deref()), groups);
    Ok(Page::new(&ctx, w.t("places-choose")).back("/").render(view))
}

#[derive(Deserialize)]
pub struct ChooseForm {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// `POST /communities`
pub async fn choose(ctx: Ctx, FormBody(form): FormBody<ChooseForm>) -> Result {
    match service::choose(&ctx, &form.code).await? {
        Some(community) => {
            let answer = see_other_with(&ctx, &safe_next(form.next.as_deref()), "flash-community-chosen");
            Ok(remember(&ctx, answer, &community.code))
        }
        None => Ok(unknown(&ctx)),
    }
}

/// `GET /c/{code}`: what posters link to.
pub async fn link(ctx: Ctx, Path(code): Path<String>) -> Result {
    match service::choose(&ctx, &code).await? {
        Some(community) => Ok(remember(&ctx, see_other("/"), &community.code)),
        None => Ok(unknown(&ctx)),
    }
}

fn remember(ctx: &Ctx, mut answer: Response, code: &str) -> Response {
    let cookie = lasting_cookie(COMMUNITY_COOKIE, code, ctx.app.config.https());
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    answer
}

fn unknown(ctx: &Ctx) -> Response {
    let view = pages::no_such_community(ctx.w);
    Page::new(ctx, ctx.w.t("places-unknown")).status(StatusCode::NOT_FOUND).render(view)
}

/// `GET /c/{code}/qr.svg`: for posters.
pub async fn qr(ctx: Ctx, Path(code): Path<String>) -> Result {
    let community = places::store::community_by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?;
    let address = ctx.app.config.public_url.join(&format!("/c/{}", community.code)).map_err(anyhow::Error::from)?;
    let svg = qr::svg(address.as_str())?;
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, svg).into_response())
}
