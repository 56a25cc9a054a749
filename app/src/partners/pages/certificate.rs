//! Certificates about service hours: one's own to print, and what others see who check one.

use super::parts::{Typed, length, print_button};
use crate::{
    i18n::Words,
    partners::hours::Validity,
    ui::parts::*,
    windows::{pages::Qr, queue::mask_name},
};
use leptos::prelude::*;

/// A certificate that was given out.
pub struct Issued {
    /// Year and number in the year.
    pub number: String,
    /// What others check it with.
    pub code: String,
    /// The day on which it was given out, in words.
    pub on: String,
    /// The sum that it says.
    pub minutes: i64,
    /// What it is worth now.
    pub validity: Validity,
    /// Where others check it, absolute.
    pub address: String,
    /// The same as a QR code.
    pub qr: Option<Qr>,
}

/// One's own page for a period.
pub struct CertificatePage {
    /// Words.
    pub w: Words,
    /// Name.
    pub name: String,
    /// First and last day, in words.
    pub span: (String, String),
    /// What was typed: the period.
    pub typed: Typed,
    /// Confirmed minutes of the period now.
    pub minutes: i64,
    /// The certificate, if one was given out for the period.
    pub issued: Option<Issued>,
}

/// A code in groups of four, for people.
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn qr_picture(w: Words, qr: Qr) -> AnyView {
    let side = qr.side + 8;
    view! {
        <svg class="partners-qr" viewBox=format!("-4 -4 {side} {side}") role="img" aria-label=w.t("partners-qr")>
            <path d=qr.path fill="#000" shape-rendering="crispEdges"></path>
        </svg>
    }
    .into_any()
}

/// One's own page: the certificate to print, or what one would say.
pub fn certificate_page(page: CertificatePage) -> AnyView {
    let CertificatePage { w, name, span, typed, minutes, issued } = page;
    let (from, until) = (typed.get("from"), typed.get("until"));
    let again = issued.as_ref().is_none_or(|one| one.minutes != minutes || one.validity != Validity::Valid);
    let file = format!("/me/service/certificate.pdf?from={from}&until={until}");
    let paper = issued.map(|one| paper(w, &name, &span, file, one));
    let ask = (again && minutes > 0).then(|| {
        let args =
            [("from", span.0.clone().into()), ("until", span.1.clone().into()), ("length", length(w, minutes).into())];
        let text = w.tf("partners-certificate-would", &args);
        let label = if paper.is_some() { "partners-certificate-anew" } else { "partners-certificate-issue" };
        view! {
            <div class="partners-screen stack">
                <p>{text}</p>
                <form method="post" action="/me/service/certificate">
                    <input type="hidden" name="from" value=from/>
                    <input type="hidden" name="until" value=until/>
                    <Button label=w.t(label) weight=Weight::Primary/>
                </form>
            </div>
        }
    });
    let none = (minutes == 0).then(|| view! { <p class="partners-screen">{w.t("partners-certificate-none")}</p> });
    view! {
        {typed.summary(w)}
        {paper}{ask}{none}
        <details class="more partners-screen" open=typed.is_wrong()>
            <summary>{w.t("partners-certificate-period")}</summary>
            <div class="more-body">
                <form class="stack" method="get" action="/me/service/certificate">
                    <div class="partners-two">
                        {typed.day(w, "from", "partners-from")}
                        {typed.day(w, "until", "partners-until")}
                    </div>
                    <Buttons><Button label=w.t("partners-certificate-see")/></Buttons>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// What is said of a certificate some of whose hours were taken back.
pub fn correction(w: Words, validity: Validity) -> Option<String> {
    let Validity::Corrected(left) = validity else { return None };
    Some(w.tf("partners-corrected-text", &[("length", length(w, left).into())]))
}

fn corrected(w: Words, validity: Validity) -> Option<AnyView> {
    let text = correction(w, validity)?;
    Some(
        view! { <Note tone=Tone::Warn><p><strong>{w.t("partners-corrected")}</strong> " " {text}</p></Note> }
            .into_any(),
    )
}

/// What a certificate says of somebody, a period in words and the minutes in it.
pub fn certifies(w: Words, name: &str, span: &(String, String), minutes: i64) -> String {
    w.tf(
        "partners-certificate-text",
        &[
            ("name", name.to_owned().into()),
            ("from", span.0.clone().into()),
            ("until", span.1.clone().into()),
            ("length", length(w, minutes).into()),
        ],
    )
}

fn paper(w: Words, name: &str, span: &(String, String), file: String, one: Issued) -> AnyView {
    let text = certifies(w, name, span, one.minutes);
    view! {
        {corrected(w, one.validity)}
        <article class="partners-paper">
            <h2>{w.t("partners-certificate")}</h2>
            <p class="meta">{w.tf("partners-certificate-number", &[("number", one.number.into())])}</p>
            <p class="partners-says">{text}</p>
            <p>{w.t("partners-certificate-own")}</p>
            <div class="partners-verify">
                {one.qr.map(|qr| qr_picture(w, qr))}
                <div>
                    <p>{w.t("partners-certificate-check")}</p>
                    <p class="partners-address">{one.address}</p>
                    <p class="num">{grouped(&one.code)}</p>
                </div>
            </div>
            <p class="partners-date">{one.on}</p>
        </article>
        <Buttons>
            <LinkButton href=file label=w.t("partners-certificate-pdf") icon_name="download"/>
            {print_button(w)}
        </Buttons>
    }
    .into_any()
}

/// What others see who check a certificate.
pub struct CheckPage {
    /// Words.
    pub w: Words,
    /// Whose, in full; the page masks it.
    pub name: String,
    /// Year and number in the year.
    pub number: String,
    /// First and last day, in words.
    pub span: (String, String),
    /// The sum that it says.
    pub minutes: i64,
    /// The day on which it was given out, in words.
    pub on: String,
    /// What it is worth now.
    pub validity: Validity,
}

/// The public page of a certificate.
pub fn check_page(page: CheckPage) -> AnyView {
    let CheckPage { w, name, number, span, minutes, on, validity } = page;
    let valid = validity == Validity::Valid;
    let (tone, key) = if valid { (Tone::Ok, "partners-valid") } else { (Tone::Warn, "partners-corrected") };
    let period = w.tf("partners-span", &[("from", span.0.into()), ("until", span.1.into())]);
    let facts = vec![
        Fact::new(w.t("partners-agreement-state"), view! { <Badge tone=tone word=w.t(key)/> }),
        Fact::new(w.t("partners-check-number"), number),
        Fact::new(w.t("partners-check-name"), mask_name(&name)),
        Fact::new(w.t("partners-agreement-time"), period),
        Fact::new(w.t("partners-check-sum"), length(w, minutes)),
        Fact::new(w.t("partners-check-on"), on),
    ];
    view! {
        {valid.then(|| view! { <Note tone=Tone::Ok><p>{w.t("partners-valid-text")}</p></Note> })}
        {corrected(w, validity)}
        <Facts facts=facts/>
        <p><a href="/service-certificates">{w.t("partners-check-another")}</a></p>
    }
    .into_any()
}

/// The page on which somebody types a code.
pub fn look_up(w: Words, typed: Typed) -> AnyView {
    view! {
        {typed.summary(w)}
        <p class="lead">{w.t("partners-check-lead")}</p>
        <form class="stack" method="get" action="/service-certificates">
            {typed.line(w, "code", "partners-check-code", false)}
            <Buttons><Button label=w.t("partners-check-do") weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn others_see_no_whole_name() {
        assert_eq!(grouped("ABCDEFGH2345"), "ABCD-EFGH-2345");
        let page = CheckPage {
            w: Words::new(Lang::Zh),
            name: "林晓禾".into(),
            number: "2026-0000001".into(),
            span: ("2026年1月1日".into(), "2026年12月31日".into()),
            minutes: 90,
            on: "2026年12月31日".into(),
            validity: Validity::Corrected(30),
        };
        let html = check_page(page).to_html();
        assert!(!html.contains("林晓禾") && html.contains("林*禾"), "{html}");
        assert!(html.contains("1 小时 30 分") && html.contains("已更正"), "{html}");
    }
}
