//! `/appointments/{code}/proposal`: another time, proposed by the hall.

use super::super::views::Segment;
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::service::managers::proposal::{self, Asked},
};
use app::{
    ui::shell::Tab,
    windows::pages::managers::preview::{ProposalProps, proposal_page},
};
use jiff::Timestamp;
use serde::Deserialize;

/// The question.
pub async fn page(ctx: Ctx, Segment(code): Segment) -> Result {
    let Asked { appointment, hall, proposal } = proposal::asked(&ctx, &code).await?;
    let w = ctx.w;
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let props = ProposalProps {
        w,
        code: appointment.code.clone(),
        title: w.pick(&appointment.title, &appointment.title_en).to_owned(),
        hall: w.pick(&hall.name, &hall.name_en).to_owned(),
        old: (appointment.starts(), appointment.ends()),
        new: proposal
            .as_ref()
            .map(|open| (at(open.starts_at), at(open.ends_at), open.window_number, at(open.expires_at))),
        message: proposal.map(|open| open.message).unwrap_or_default(),
    };
    let page = Page::new(&ctx, w.t("proposal-title")).tab(Tab::Me).back(format!("/appointments/{}", appointment.code));
    Ok(page.render(proposal_page(props)))
}

/// The answer.
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    answer: String,
}

/// Accepts or declines.
pub async fn answer(ctx: Ctx, Segment(code): Segment, FormBody(form): FormBody<Answer>) -> Result {
    let accept = match form.answer.as_str() {
        "accept" => true,
        "decline" => false,
        // No button was pressed: the question is asked again.
        _ => return page(ctx, Segment(code)).await,
    };
    if !proposal::answer(&ctx, &code, accept).await? {
        return page(ctx, Segment(code)).await;
    }
    let flash = if accept { "flash-proposal-accepted" } else { "flash-proposal-declined" };
    Ok(see_other_with(&ctx, &format!("/appointments/{}", code.to_uppercase()), flash))
}
