//! `/staff/supervision/{id}/letter`: the letter as it is printed.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A finding on paper.
pub struct PrintedFinding {
    /// What was found.
    pub text: String,
    /// Its photos.
    pub photos: Vec<Photo>,
}

/// What the letter says.
pub struct PrintedPage {
    /// Words.
    pub w: Words,
    /// What it is called: 督办单, 整改通知书.
    pub title: String,
    /// Who issues it.
    pub issuer: String,
    /// Its number; a draft has none.
    pub sign: Option<String>,
    /// Whom it is addressed to.
    pub addressee: String,
    /// A unit or company, may be empty.
    pub company: String,
    /// Subject.
    pub subject: String,
    /// Findings.
    pub findings: Vec<PrintedFinding>,
    /// What is asked.
    pub asked: String,
    /// The deadline in words, or how long after it is issued.
    pub due: String,
    /// The date under it; a draft has none.
    pub date: Option<String>,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
}

/// The page.
pub fn printed_page(page: PrintedPage) -> AnyView {
    let PrintedPage { w, title, issuer, sign, addressee, company, subject, findings, asked, due, date, withdrawn } =
        page;
    let to = match company.is_empty() {
        true => addressee,
        false => w.tf("supervision-letter-to-both", &[("addressee", addressee.into()), ("company", company.into())]),
    };
    let findings = findings
        .into_iter()
        .map(|finding| {
            let photos = (!finding.photos.is_empty()).then(|| view! { <Thumbs photos=finding.photos/> });
            view! { <li><p class="letter-text">{finding.text}</p>{photos}</li> }
        })
        .collect_view();
    let number = sign.unwrap_or_else(|| w.t("supervision-letter-draft"));
    view! {
        <div class="stack">
            {withdrawn.map(|reason| view! {
                <Note tone=Tone::Warn><p>{w.tf("supervision-letter-withdrawn", &[("reason", reason.into())])}</p></Note>
            })}
            <article class="letter">
                <header class="letter-head">
                    <p class="letter-issuer">{issuer.clone()}</p>
                    <h1>{title}</h1>
                    <p class="letter-sign">{number}</p>
                </header>
                <p class="letter-to">{w.tf("supervision-letter-to", &[("name", to.into())])}</p>
                <p class="letter-text">{w.tf("supervision-letter-about", &[("subject", subject.into())])}</p>
                <ol class="letter-findings">{findings}</ol>
                <p class="letter-text">{w.t("supervision-letter-asked")}</p>
                <p class="letter-text">{asked}</p>
                <p class="letter-text">{w.tf("supervision-letter-due", &[("due", due.into())])}</p>
                <footer class="letter-foot">
                    <p class="letter-seal" aria-hidden="true">{w.t("supervision-letter-seal")}</p>
                    <p>{issuer}</p>
                    <p>{date.unwrap_or_default()}</p>
                </footer>
            </article>
            <p class="hint letter-print">{w.t("supervision-letter-print")}</p>
        </div>
    }
    .into_any()
}
