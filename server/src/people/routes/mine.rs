//! The pages of "mine".

use crate::{
    http::{Ctx, Error, FormBody, Page, Params, Result, page::safe_next, see_other, see_other_with},
    people::service::mine::{self, NameFormError},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    people::{
        NAME_MAX, NameError,
        pages::{self, DeviceRow, InboxRow, MeProps, NameProps},
    },
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

/// `GET /me`
pub async fn me(ctx: Ctx) -> Result {
    let w = ctx.w;
    let name = |place: &Organisation| w.pick(&place.name, &place.name_en).to_owned();
    let community = ctx.community.as_ref().map(name);
    let view = match &ctx.actor {
        None => pages::me_signed_out(w, ctx.size, community),
        Some(actor) => {
            let home = match (&actor.building_id, &actor.community_id) {
                (Some(id), _) | (None, Some(id)) => home_words(&ctx, id).await?,
                (None, None) => None,
            };
            let company = !crate::property::service::reading::own(&ctx).await?.is_empty();
            pages::me(MeProps {
                w,
                size: ctx.size,
                name: actor.name.clone(),
                phone_masked: actor.phone_masked.clone(),
                home,
                community,
                unread: ctx.unread,
                staff: actor.works_as_staff(),
                handler: actor.works_as_handler(),
                company,
            })
        }
    };
    Ok(Page::new(&ctx, w.t("people-me")).tab(Tab::Me).render(view))
}

/// A building with its community, or a community, in words.
pub async fn home_words(ctx: &Ctx, id: &str) -> Result<Option<String>> {
    let w = ctx.w;
    let Some(place) = places::store::by_id(&ctx.app.db, id).await? else { return Ok(None) };
    let own = w.pick(&place.name, &place.name_en).to_owned();
    if place.kind != OrganisationKind::Building.code() {
        return Ok(Some(own));
    }
    let community = match place.path.split('/').nth(2) {
        Some(code) => places::store::community_by_code(&ctx.app.db, code).await?,
        None => None,
    };
    Ok(Some(match community {
        Some(community) => format!("{} {own}", w.pick(&community.name, &community.name_en)),
        None => own,
    }))
}

#[derive(Deserialize)]
pub struct NameQuery {
    next: Option<String>,
}

/// `GET /me/name`
pub async fn name_page(ctx: Ctx, Params(query): Params<NameQuery>) -> Result {
    let actor = ctx.actor()?;
    let name = actor.name.clone();
    let building = match &actor.building_id {
        Some(id) => places::store::by_id(&ctx.app.db, id).await?.map(|building| building.code).unwrap_or_default(),
        None => String::new(),
    };
    let next = after_name(query.next.as_deref());
    show_name(&ctx, NameForm { name, building, next: Some(next) }, None, None, StatusCode::OK).await
}

fn after_name(next: Option<&str>) -> String {
    match safe_next(next) {
        next if next == "/" => "/me".to_owned(),
        next => next,
    }
}

#[derive(Deserialize)]
pub struct NameForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    building: String,
    next: Option<String>,
}

async fn show_name(
    ctx: &Ctx,
    form: NameForm,
    name_error: Option<String>,
    building_error: Option<String>,
    status: StatusCode,
) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    // The home community, or the one chosen when none is known yet.
    let community = match &actor.community_id {
        Some(id) if ctx.community.is_none() => places::store::by_id(&ctx.app.db, id).await?,
        _ => ctx.community.clone(),
    };
    let mut buildings = Vec::new();
    if let Some(community) = &community {
        for place in places::store::under(&ctx.app.db, &community.path, OrganisationKind::Building).await? {
            buildings.push((place.code, w.pick(&place.name, &place.name_en).to_owned()));
        }
    }
    let first = actor.name.is_empty();
    let view = pages::name(NameProps {
        w,
        next: after_name(form.next.as_deref()),
        name: form.name,
        name_error,
        building: form.building,
        building_error,
        community: community.map(|community| w.pick(&community.name, &community.name_en).to_owned()),
        buildings,
        first,
    });
    Ok(Page::new(ctx, w.t("people-name-title")).tab(Tab::Me).back("/me").status(status).render(view))
}

/// `POST /me/name`
pub async fn name(ctx: Ctx, FormBody(form): FormBody<NameForm>) -> Result {
    let w = ctx.w;
    let (name_error, building_error) = match mine::save_name(&ctx, &form.name, &form.building).await {
        Ok(()) => return Ok(see_other_with(&ctx, &after_name(form.next.as_deref()), "flash-name-saved")),
        Err(NameFormError::Name(error)) => (
            Some(match error {
                NameError::Empty => w.t("people-error-name-empty"),
                NameError::Long => w.tf("people-error-name-long", &[("max", NAME_MAX.into())]),
                NameError::Shape => w.t("people-error-name-shape"),
            }),
            None,
        ),
        Err(NameFormError::Building) => (None, Some(w.t("people-error-building"))),
        Err(NameFormError::Other(error)) => return Err(error),
    };
    show_name(&ctx, form, name_error, building_error, StatusCode::UNPROCESSABLE_ENTITY).await
}

fn ago(ctx: &Ctx, micros: i64) -> String {
    time::ago(ctx.w, Timestamp::from_microsecond(micros).unwrap_or_default(), ctx.now)
}

/// `GET /me/devices`
pub async fn devices(ctx: Ctx) -> Result {
    let this = ctx.actor()?.session_id.clone();
    let rows = mine::devices(&ctx)
        .await?
        .into_iter()
        .map(|row| DeviceRow {
            seen: ago(&ctx, row.seen_at),
            since: ago(&ctx, row.created_at),
            this: row.id == this,
            id: row.id,
            user_agent: row.device,
        })
        .collect();
    let view = pages::devices(ctx.w, rows);
    Ok(Page::new(&ctx, ctx.w.t("people-devices")).tab(Tab::Me).back("/me").render(view))
}

/// `POST /me/devices/{id}/revoke`
pub async fn revoke(ctx: Ctx, Path(id): Path<String>) -> Result {
    mine::revoke_device(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/me/devices", "flash-device-revoked"))
}

/// `POST /me/devices/revoke-others`
pub async fn revoke_others(ctx: Ctx) -> Result {
    mine::revoke_other_devices(&ctx).await?;
    Ok(see_other_with(&ctx, "/me/devices", "flash-devices-revoked"))
}

/// `GET /me/inbox`
pub async fn inbox(ctx: Ctx) -> Result {
    let rows = mine::messages(&ctx)
        .await?
        .into_iter()
        .map(|message| InboxRow {
            text: message.text(ctx.w),
            when: ago(&ctx, message.created_at),
            unread: message.read_at.is_none(),
            id: message.id,
        })
        .collect();
    let view = pages::inbox(ctx.w, rows);
    Ok(Page::new(&ctx, ctx.w.t("people-inbox")).tab(Tab::Me).back("/me").render(view))
}

/// `POST /me/inbox`: marks all as read.
pub async fn read_all(ctx: Ctx) -> Result {
    mine::read_all(&ctx).await?;
    Ok(see_other_with(&ctx, "/me/inbox", "flash-inbox-read"))
}

/// `GET /me/inbox/{id}`: marks a message as read and leads to what it tells of.
pub async fn open(ctx: Ctx, Path(id): Path<String>) -> Result {
    if id.len() > 64 {
        return Err(Error::NotFound);
    }
    Ok(see_other(&mine::open_message(&ctx, &id).await?))
}
