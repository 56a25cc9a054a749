//! What waits for the reader's decision in a place: extensions of their level, returns, and what other rooms have. **A room whose
//! things wait for somebody's decision joins here.**

use crate::{
    auth::Actor,
    http::{Ctx, Result, page::encode},
    matters::store::{Tab, Wish, counts},
    places::Organisation,
    reports::queue::{self, Reach},
};
use app::people::Action;

/// Something that waits, and where its list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Which: `extension`, `extension_above`, `disputed`, `returned`, `supervision`, `matters`.
    pub code: &'static str,
    /// Catalogue key of its name.
    pub key: &'static str,
    /// How many.
    pub count: i64,
    /// Where its list is.
    pub href: String,
}

/// What waits for the reader in a place, also where that is nothing: what their role decides is always shown.
pub async fn of(ctx: &Ctx, place: &Organisation) -> Result<Vec<Waits>> {
    let actor = ctx.actor()?;
    let decides = |action: Action| actor.require(action, &place.path).is_ok();
    let mut all = Vec::new();
    let (community, street) = (decides(Action::ReportManage), decides(Action::ReportSupervise));
    if community || street {
        let db = &ctx.app.db;
        let reach = Reach::of(db, &[place.path.as_str()], "").await?;
        let waits = queue::waits(db, &reach).await?;
        let desk = |state: &str| format!("/staff/reports?state={state}&place={}", encode(&place.code));
        let mut add = |code: &'static str, key: &'static str, count: i64, state: &str| {
            all.push(Waits { code, key, count, href: desk(state) });
        };
        if community {
            add("extension", "net-wait-extension", waits.first, "extension-1");
            add("returned", "net-wait-returned", waits.returned, "returned");
        }
        if street {
            add("extension_above", "net-wait-extension-above", waits.second, "extension-2");
            add("disputed", "net-wait-disputed", waits.disputed, "disputed");
        }
    }
    if decides(Action::SupervisionOrder) {
        all.push(Waits {
            code: "supervision",
            key: "net-wait-supervision",
            count: answered(ctx, place).await?,
            href: "/staff/supervision?state=answered".to_owned(),
        });
    }
    if acts_for(actor, place) {
        let (mine, scopes) = ([place.id.clone()], [place.path.clone()]);
        let wish =
            Wish { tab: Tab::Decide, mine: &mine, scopes: &scopes, kind: None, way: None, search: "", now: ctx.now };
        all.push(Waits {
            code: "matters",
            key: "net-wait-matters",
            count: counts(&ctx.app.db, &wish).await?,
            href: "/staff/matters?tab=decide".to_owned(),
        });
    }
    Ok(all)
}

/// Whether the reader acts for this very organisation in matters between levels.
fn acts_for(actor: &Actor, place: &Organisation) -> bool {
    actor.require(Action::MatterHandle, &place.path).is_ok()
        && actor.grants.iter().any(|grant| grant.role.may(Action::MatterHandle) && grant.organisation_id == place.id)
}

/// Answers to letters of supervision from here that wait for a re-check.
async fn answered(ctx: &Ctx, place: &Organisation) -> Result<i64> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM supervision_letter WHERE state = 'answered' \
         AND substr(issuer_path, 1, length($1)) = $1",
    )
    .bind(&place.path)
    .fetch_one(ctx.app.db.read())
    .await?;
    Ok(count)
}
