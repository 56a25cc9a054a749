//! `/me/tokens`: one's own tokens for the JSON API.

use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    people::service::tokens::{self, TokenError, TokenForm},
};
use app::{
    people::{
        Room, Scopes,
        pages::{self, TokenRow, TokensProps},
    },
    time,
    ui::shell::Tab,
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// `GET /me/tokens`
pub async fn page(ctx: Ctx) -> Result {
    show(&ctx, TokenForm::default(), Said::default(), StatusCode::OK).await
}

/// What the page says besides the list.
#[derive(Default)]
struct Said {
    made: Option<String>,
    errors: BTreeMap<&'static str, String>,
}

async fn show(ctx: &Ctx, form: TokenForm, said: Said, status: StatusCode) -> Result {
    let w = ctx.w;
    let day = |micros: i64| time::date(w.lang, time::day_of(Timestamp::from_microsecond(micros).unwrap_or_default()));
    let rows = tokens::mine(ctx)
        .await?
        .into_iter()
        .map(|row| TokenRow {
            used: (row.last_used_at > 0)
                .then(|| time::ago(w, Timestamp::from_microsecond(row.last_used_at).unwrap_or_default(), ctx.now)),
            until: day(row.expires_at),
            scopes: Scopes::parse(&row.scopes),
            id: row.id,
            name: row.name,
            hint: row.hint,
        })
        .collect();
    let actor = ctx.actor()?;
    let props = TokensProps {
        w,
        rows,
        made: said.made,
        works: actor.works_as_staff() || actor.works_as_handler(),
        name: form.name,
        days: form.days,
        scopes: form.scopes,
        key: clock::token(),
        errors: said.errors,
    };
    let shown = props.made.is_some();
    let view = pages::tokens(props);
    let mut response = Page::new(ctx, w.t("token-title")).tab(Tab::Me).back("/me").status(status).render(view);
    if shown {
        // It is kept nowhere.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}

/// `POST /me/tokens`: makes one. Its answer is the only page that ever shows it.
pub async fn make(ctx: Ctx, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let get = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let mut scopes = Scopes::default();
    for room in Room::ALL {
        scopes.open(room, &get(room.code()).unwrap_or_default());
    }
    let text = |name| get(name).unwrap_or_default();
    let form = TokenForm { name: text("name"), days: text("days"), scopes, key: text("key") };
    let (errors, status) = match tokens::make(&ctx, &form).await {
        Ok(token) => {
            let said = Said { made: Some(token), ..Said::default() };
            return show(&ctx, TokenForm::default(), said, StatusCode::CREATED).await;
        }
        Err(TokenError::Again) => return Ok(see_other_with(&ctx, "/me/tokens", "flash-token-again")),
        Err(TokenError::Many) => {
            let text = ctx.w.tf("token-error-many", &[("count", app::people::TOKENS.into())]);
            (BTreeMap::from([("name", text)]), StatusCode::CONFLICT)
        }
        Err(TokenError::Invalid(errors)) => (errors.into_map(), StatusCode::UNPROCESSABLE_ENTITY),
        Err(TokenError::Other(error)) => return Err(error),
    };
    show(&ctx, form, Said { errors, made: None }, status).await
}

/// `POST /me/tokens/{id}/revoke`
pub async fn revoke(ctx: Ctx, Path(id): Path<String>) -> Result {
    tokens::revoke(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/me/tokens", "flash-token-revoked"))
}
