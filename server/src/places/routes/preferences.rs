//! Language and text size, kept by the browser.

use crate::http::{
    Ctx, FormBody, Result,
    ctx::{LANG_COOKIE, SIZE_COOKIE, lasting_cookie},
    page::safe_next,
    see_other,
};
use app::i18n::Lang;
use axum::http::header;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct PreferencesForm {
    lang: Option<String>,
    size: Option<String>,
    next: Option<String>,
}

/// `POST /preferences`
pub async fn save(ctx: Ctx, FormBody(form): FormBody<PreferencesForm>) -> Result {
    let chosen = form.lang.as_deref().and_then(Lang::from_tag);
    if let Some(lang) = chosen {
        crate::people::service::email::remember_language(&ctx, lang).await?;
    }
    let https = ctx.app.config.https();
    let lang = chosen;
    let next = safe_next(form.next.as_deref());
    let mut answer = see_other(&if lang.is_some() { without_lang(&next) } else { next });
    if let Some(lang) = lang {
        answer.headers_mut().append(header::SET_COOKIE, lasting_cookie(LANG_COOKIE, lang.tag(), https));
    }
    let size = match form.size.as_deref() {
        Some("large") => Some("large"),
        Some("ordinary") => Some("ordinary"),
        _ => None,
    };
    if let Some(size) = size {
        answer.headers_mut().append(header::SET_COOKIE, lasting_cookie(SIZE_COOKIE, size, https));
    }
    Ok(answer)
}

/// A language in the address would win over the one just chosen.
fn without_lang(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::without_lang;

    #[test]
    fn the_language_leaves_the_address() {
        assert_eq!(without_lang("/notices?lang=en&kind=outage"), "/notices?kind=outage");
        assert_eq!(without_lang("/?lang=en"), "/");
        assert_eq!(without_lang("/me"), "/me");
    }
}
