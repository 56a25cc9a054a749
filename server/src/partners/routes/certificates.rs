//! Certificates: one's own, and checking one.

use super::{Shown, day, errors};
use crate::{
    deliver::outbox::absolute,
    http::{
        Ctx, Error, FormBody, Page, Params, Result,
        download::{PDF, download},
        see_other, see_other_with,
    },
    partners::{
        pdf::{self, Paper},
        service::certificates,
        store::certificates::Certificate,
    },
    windows::qr,
};
use app::{
    partners::{
        hours::Validity,
        pages::{self, CertificatePage, CheckPage, Issued, Typed},
    },
    time,
    ui::shell::Tab,
};
use axum::extract::Path;
use serde::Deserialize;

/// The period.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Period {
    from: String,
    until: String,
}

fn issued(ctx: &Ctx, one: Certificate, validity: Validity) -> Issued {
    let address = absolute(&ctx.app, &format!("/service-certificates/{}", one.code));
    Issued {
        on: day(ctx, time::day_of(one.issued())),
        qr: qr::of(&address),
        number: one.number,
        code: one.code,
        minutes: one.minutes,
        validity,
        address,
    }
}

/// `GET /me/service/certificate?from=&until=`
pub async fn mine(ctx: Ctx, Params(period): Params<Period>) -> Result {
    let w = ctx.w;
    let (span, shown) = match errors(certificates::period(&ctx, (&period.from, &period.until)))? {
        Ok(span) => {
            let typed = Typed::default().with("from", span.0.to_string()).with("until", span.1.to_string());
            (span, Shown::fresh(typed))
        }
        Err(wrong) => {
            let typed = Typed::default().with("from", period.from).with("until", period.until);
            (certificates::this_year(&ctx), Shown::again(typed, wrong))
        }
    };
    let (minutes, latest) = if shown.typed.is_wrong() { (0, None) } else { certificates::look(&ctx, span).await? };
    let page = CertificatePage {
        w,
        name: ctx.actor()?.name.clone(),
        span: (day(&ctx, span.0), day(&ctx, span.1)),
        typed: shown.typed,
        minutes,
        issued: latest.map(|(one, validity)| issued(&ctx, one, validity)),
    };
    Ok(Page::new(&ctx, w.t("partners-certificate"))
        .tab(Tab::Me)
        .back("/me/service")
        .status(shown.status)
        .render(pages::certificate_page(page)))
}

/// `GET /me/service/certificate.pdf?from=&until=`: the certificate that was given out for the period.
pub async fn file(ctx: Ctx, Params(period): Params<Period>) -> Result {
    let w = ctx.w;
    let span = errors(certificates::period(&ctx, (&period.from, &period.until)))?.map_err(|_| Error::NotFound)?;
    let (one, validity) = certificates::look(&ctx, span).await?.1.ok_or(Error::NotFound)?;
    let span = (day(&ctx, span.0), day(&ctx, span.1));
    let number = one.number.clone();
    let one = issued(&ctx, one, validity);
    let corrected = pages::correction(w, validity).map(|text| format!("{} {text}", w.t("partners-corrected")));
    let file = pdf::certificate(&Paper {
        lang: w.lang.tag(),
        title: &w.t("partners-certificate"),
        number: &w.tf("partners-certificate-number", &[("number", number.clone().into())]),
        corrected: corrected.as_deref(),
        says: &pages::certifies(w, &ctx.actor()?.name, &span, one.minutes),
        own: &w.t("partners-certificate-own"),
        check: &w.t("partners-certificate-check"),
        address: &one.address,
        code: &pages::grouped(&one.code),
        on: &one.on,
    });
    Ok(download(file.into(), PDF, &format!("linli-{number}.pdf")))
}

/// `POST /me/service/certificate`
pub async fn issue(ctx: Ctx, FormBody(period): FormBody<Period>) -> Result {
    if ctx.actor()?.name.is_empty() {
        return Ok(see_other("/me/name?next=/me/service"));
    }
    let span = match errors(certificates::period(&ctx, (&period.from, &period.until)))? {
        Ok(span) => span,
        Err(_) => return mine(ctx, Params(period)).await,
    };
    certificates::issue(&ctx, span).await?;
    let (from, until) = span;
    let here = format!("/me/service/certificate?from={from}&until={until}");
    Ok(see_other_with(&ctx, &here, "flash-partners-certified"))
}

/// A code that somebody types.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeQuery {
    code: String,
}

/// `GET /service-certificates`
pub async fn look_up(ctx: Ctx, Params(query): Params<CodeQuery>) -> Result {
    let code = certificates::plain_code(&query.code);
    if !code.is_empty() {
        return Ok(see_other(&format!("/service-certificates/{code}")));
    }
    let view = pages::look_up(ctx.w, Typed::default().with("code", query.code));
    Ok(Page::new(&ctx, ctx.w.t("partners-check-title")).tab(Tab::Home).back("/").render(view))
}

/// `GET /service-certificates/{code}`
pub async fn check(ctx: Ctx, Path(code): Path<String>) -> Result {
    let w = ctx.w;
    let (one, validity) = match certificates::check(&ctx, &code).await {
        Err(Error::NotFound) => {
            let wrong = [("code", w.t("partners-check-unknown"))].into();
            let shown = Shown::again(Typed::default().with("code", code), wrong);
            return Ok(Page::new(&ctx, w.t("partners-check-title"))
                .tab(Tab::Home)
                .back("/")
                .status(axum::http::StatusCode::NOT_FOUND)
                .render(pages::look_up(w, shown.typed)));
        }
        found => found?,
    };
    let (from, until) = one.span();
    let page = CheckPage {
        w,
        on: day(&ctx, time::day_of(one.issued())),
        span: (day(&ctx, from), day(&ctx, until)),
        name: one.name,
        number: one.number,
        minutes: one.minutes,
        validity,
    };
    Ok(Page::new(&ctx, w.t("partners-check-title")).tab(Tab::Home).back("/").render(pages::check_page(page)))
}
