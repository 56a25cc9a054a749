//! Files of items: added and removed by those who run the session, downloaded by its readers.

use super::{
    staff::{after, said},
    typed,
};
use crate::{
    files,
    http::{Ctx, Result, see_other_with},
    meetings::service::papers,
    photos::intake::PhotoForm,
};
use axum::{
    extract::{FromRequest, Path, Request},
    http::{HeaderMap, Method},
};

/// The item on the page.
fn place(item: &str) -> String {
    format!("#item-{item}")
}

/// `POST /staff/meetings/{id}/papers/{item}`: field `file`. Permission is asked for before the body is read.
pub async fn add(ctx: Ctx, Path((id, item)): Path<(String, String)>, request: Request) -> Result {
    papers::for_changing(&ctx, &id, &item).await?;
    let form = PhotoForm::from_request(request, &()).await?;
    let key = form.get("key").to_owned();
    let file = form.files.into_iter().find(|file| file.field == "file");
    let added = papers::add(&ctx, (&id, &item), file, &key).await;
    // So that the page says at whose field something is wrong.
    let said = said(added, typed(vec![("paper_item".to_owned(), item.clone())]))?;
    after(&ctx, &id, said, (&place(&item), "flash-meeting-paper")).await
}

/// `POST /staff/meetings/{id}/papers/{item}/{number}/remove`
pub async fn remove(ctx: Ctx, Path((id, item, number)): Path<(String, String, String)>) -> Result {
    papers::remove(&ctx, (&id, &item), &number).await?;
    Ok(see_other_with(&ctx, &format!("/staff/meetings/{id}{}", place(&item)), "flash-meeting-paper-removed"))
}

/// `GET /meetings/{id}/papers/{item}/{number}`, and the same of the API
pub async fn download(
    ctx: Ctx,
    Path((id, item, number)): Path<(String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result {
    let paper = papers::one(&ctx, (&id, &item, &number)).await?;
    files::download(&ctx.app, &paper.file, ("paper", false), (&method, &headers)).await
}
