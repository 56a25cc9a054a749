//! `/staff/partners`.

use super::{
    agreements::{agreement_row, task_row},
    hour_row,
};
use crate::{
    http::{Ctx, Page, Params, Result},
    partners::service::{self, agreements, hours, members, teams},
};
use app::{
    partners::{
        MemberState,
        pages::{self, HomePage, HomeTab, MemberRow, TeamRow},
    },
    time,
    ui::shell::Tab,
};
use serde::Deserialize;

/// Tasks that are due within so many days stand on top.
const DUE_DAYS: i32 = 14;

/// Which tab.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HomeQuery {
    tab: String,
}

/// `GET /staff/partners`
pub async fn home(ctx: Ctx, Params(query): Params<HomeQuery>) -> Result {
    let w = ctx.w;
    service::scopes(&ctx)?;
    let tab = match query.tab.as_str() {
        "teams" => {
            let rows = teams::teams(&ctx).await?.into_iter().map(|team| TeamRow {
                place: w.pick(&team.place, &team.place_en).to_owned(),
                open: team.open(),
                id: team.id,
                name: team.name,
                members: team.members,
                waiting: team.waiting,
            });
            HomeTab::Teams(rows.collect())
        }
        "waiting" => {
            let rows = members::waiting(&ctx).await?.into_iter().map(|member| MemberRow {
                when: time::ago(w, member.asked(), ctx.now),
                grids: member.state() == MemberState::Active,
                id: member.id,
                name: member.name,
                team: member.team,
            });
            HomeTab::Waiting(rows.collect())
        }
        "hours" => {
            let (waiting, lately) = hours::for_staff(&ctx).await?;
            let rows = |all: Vec<_>| all.iter().map(|hour| hour_row(&ctx, hour)).collect();
            HomeTab::Hours(rows(waiting), rows(lately))
        }
        _ => {
            let due = agreements::due(&ctx, DUE_DAYS).await?;
            let all = agreements::agreements(&ctx).await?;
            let partners = agreements::partners(&ctx).await?;
            HomeTab::Agreements(
                due.iter().map(|task| task_row(&ctx, task, true)).collect(),
                all.iter().map(|one| agreement_row(&ctx, one, true)).collect(),
                partners.into_iter().map(|partner| (partner.id, partner.name)).collect(),
            )
        }
    };
    let waiting = service::waiting_counts(&ctx).await?;
    let page = pages::home(HomePage { w, tab, waiting });
    Ok(Page::new(&ctx, w.t("partners-title")).tab(Tab::StaffNet).back("/staff/net").render(page))
}
