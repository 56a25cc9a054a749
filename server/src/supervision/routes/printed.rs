//! The letter as it is printed.

use super::address;
use crate::{
    http::{Ctx, Page, Result},
    supervision::{
        service::one,
        store::{self, instant},
    },
};
use app::{
    i18n::Lang,
    supervision::{
        Step,
        letter::{Wish, chinese_date},
        pages::{PrintedFinding, PrintedPage, photo, printed_page},
    },
    time,
    ui::shell::Tab,
};
use axum::extract::Path;
use jiff::Timestamp;

/// A date as letters write it: 二〇二六年十一月二十五日, 25 November 2026.
fn date(lang: Lang, at: Timestamp) -> String {
    let day = time::day_of(at);
    if lang == Lang::Zh { chinese_date(day) } else { time::date_long(lang, day) }
}

/// `GET /staff/supervision/{id}/letter`
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (letter, _) = one(&ctx, &id).await?;
    let (w, db) = (ctx.w, &ctx.app.db);
    let mut photos = store::photos(db, &letter.id).await?;
    let findings = store::findings(db, &letter.id)
        .await?
        .into_iter()
        .map(|finding| {
            let ids = photos.remove(&finding.id).unwrap_or_default();
            PrintedFinding {
                text: finding.text,
                photos: ids.iter().enumerate().map(|(nth, id)| photo(w, id, nth + 1)).collect(),
            }
        })
        .collect();
    let withdrawn = match letter.withdrawn_at {
        Some(_) => {
            let events = store::events(db, &letter.id).await?;
            events.into_iter().find(|event| event.step == Step::Withdraw.code()).map(|event| event.reason)
        }
        None => None,
    };
    let due = match (letter.due(), letter.wish()) {
        (Some(due), _) => {
            format!("{} {}", time::date_long(w.lang, time::day_of(due)), time::time_of_day(due))
        }
        (None, Some(Wish::Days(days))) => w.tf("supervision-wish-days", &[("count", days.into())]),
        (None, Some(Wish::Day(day))) => time::date_long(w.lang, day),
        (None, None) => String::new(),
    };
    let title = w.t(letter.kind().title_key());
    let page = PrintedPage {
        w,
        title: title.clone(),
        issuer: w.pick(&letter.issuer_name, &letter.issuer_name_en).to_owned(),
        sign: Some(letter.sign.clone()).filter(|sign| !sign.is_empty()),
        addressee: w.pick(&letter.addressee_name, &letter.addressee_name_en).to_owned(),
        company: letter.company.clone(),
        subject: letter.subject.clone(),
        findings,
        asked: letter.asked.clone(),
        due,
        date: letter.issued_at.map(|at| date(w.lang, instant(at))),
        withdrawn,
    };
    // The letter writes its own heading.
    Ok(Page::new(&ctx, "").tab(Tab::StaffNet).back(address(&letter.id)).render(printed_page(page)))
}
