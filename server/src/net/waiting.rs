//! What waits for the reader's decision in a place: extensions of their level, returns, and what other rooms have. **A room whose
//! things wait for somebody's decision joins here.**
//!
//! Each number is how many the list shows to which it leads. The lists of reports and of letters know places; those of other rooms
//! show all that is the reader's, and are named at the reader's own organisations only.

use crate::{
    auth::Actor,
    http::{Ctx, Result, page::encode},
    matters::{
        service::acting,
        store::{Tab, Wish, counts},
    },
    notices::store as notices,
    partners,
    patrol::store::intake,
    places::Organisation,
    reports::queue::{self, Reach},
    supervision::{
        service::read::counts_at,
        store::list::{TO_EXTEND, TO_RECHECK},
    },
};
use app::{people::Action, property::credit::State};

/// Rows that the list of credit entries shows at most.
const MOST_ENTRIES: i64 = 500;

/// Something that waits, and where its list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Which: `extension`, `extension_above`, `disputed`, `returned`, `supervision`, `supervision_extension`, `matters`,
    /// `property`, `property_appeal`, `findings`, `notices`, `registrations`, `hours`.
    pub code: &'static str,
    /// Catalogue key of its name.
    pub key: &'static str,
    /// How many.
    pub count: i64,
    /// Where its list is.
    pub href: String,
}

impl Waits {
    /// What waits for the reader in rooms that say nothing of it to `/staff` by themselves, with the action that decides on it.
    pub async fn of_rooms(ctx: &Ctx) -> Result<Vec<(Action, Waits)>> {
        let (actor, db) = (ctx.actor()?, &ctx.app.db);
        let mut all = Vec::new();
        let mine: Vec<String> = acting(actor).into_iter().map(|(id, _)| id).collect();
        if !mine.is_empty() {
            let scopes: Vec<String> = actor.scopes(Action::MatterRead).into_iter().map(str::to_owned).collect();
            let wish = Wish {
                tab: Tab::Decide,
                mine: &mine,
                scopes: &scopes,
                kind: None,
                way: None,
                search: "",
                now: ctx.now,
            };
            let (count, href) = (counts(db, &wish).await?, "/staff/matters?tab=decide".to_owned());
            all.push((Action::MatterHandle, Waits { code: "matters", key: "net-wait-matters", count, href }));
        }
        if !actor.scopes(Action::PropertyManage).is_empty() {
            for (state, code, key) in [
                (State::Proposed, "property", "net-wait-property"),
                (State::Appealed, "property_appeal", "net-wait-property-appeal"),
            ] {
                let count = entries(ctx, actor, state).await?;
                let href = format!("/staff/property/entries?state={}", state.code());
                all.push((Action::PropertyManage, Waits { code, key, count, href }));
            }
        }
        let scopes = actor.scopes(Action::IntakeConfirm);
        if !scopes.is_empty() {
            let (count, href) = (intake::waiting(db, &scopes).await?, "/staff/intake".to_owned());
            all.push((Action::IntakeConfirm, Waits { code: "findings", key: "net-wait-findings", count, href }));
        }
        Ok(all)
    }
}

/// What waits for the reader in a place. What their role decides on reports, letters and matters is shown also where that is
/// nothing, the rest where something waits.
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
        let counts = counts_at(ctx, &place.path).await?;
        let register = |tab: &str| format!("/staff/supervision?state={tab}&at={}", encode(&place.code));
        all.push(Waits {
            code: "supervision",
            key: "net-wait-supervision",
            count: counts.to_recheck,
            href: register(TO_RECHECK),
        });
        if counts.to_extend > 0 {
            all.push(Waits {
                code: "supervision_extension",
                key: "net-wait-supervision-extension",
                count: counts.to_extend,
                href: register(TO_EXTEND),
            });
        }
    }
    if actor.grants.iter().any(|grant| grant.path == place.path) {
        let mut rooms = Waits::of_rooms(ctx).await?;
        rooms.extend(with_lines(ctx).await?);
        rooms.retain(|(action, waits)| {
            actor.scopes(*action).contains(&place.path.as_str()) && (waits.count > 0 || *action == Action::MatterHandle)
        });
        all.extend(rooms.into_iter().map(|(_, waits)| waits));
    }
    Ok(all)
}

/// The same as [`Waits::of_rooms`] of rooms that have lines of their own on `/staff`.
async fn with_lines(ctx: &Ctx) -> Result<Vec<(Action, Waits)>> {
    let (actor, db) = (ctx.actor()?, &ctx.app.db);
    let mut all = Vec::new();
    let reviews = actor.scopes(Action::NoticeReview);
    if !reviews.is_empty() {
        let count = notices::review::waiting_for(db, &actor.id, &reviews).await?;
        let href = "/staff/notices?state=mine".to_owned();
        all.push((Action::NoticeReview, Waits { code: "notices", key: "net-wait-notices", count, href }));
    }
    if !actor.scopes(Action::PartnerManage).is_empty() {
        let (registrations, hours) = partners::service::waiting_counts(ctx).await?;
        for (code, key, count, tab) in [
            ("registrations", "partners-waiting-members", registrations, "waiting"),
            ("hours", "partners-waiting-hours", hours, "hours"),
        ] {
            let href = format!("/staff/partners?tab={tab}");
            all.push((Action::PartnerManage, Waits { code, key, count, href }));
        }
    }
    Ok(all)
}

/// How many credit entries the list of a state shows the reader; none where they decide on none of these: not on what they
/// proposed or decided themselves, and not about a company for which they act.
async fn entries(ctx: &Ctx, actor: &Actor, state: State) -> Result<i64> {
    let (reads, decides) = (actor.scopes(Action::PropertyRead), actor.scopes(Action::PropertyManage));
    let under = |first: usize, count: usize| -> String {
        let each: Vec<String> =
            (first..first + count).map(|n| format!("substr(x.path, 1, length(${n})) = ${n}")).collect();
        if each.is_empty() { "1 = 0".to_owned() } else { each.join(" OR ") }
    };
    let entries = "SELECT CAST(COUNT(*) AS BIGINT) FROM property_entry x WHERE x.state = $1";
    let sql = format!(
        "SELECT ({entries} AND ({})), ({entries} AND ({}) AND x.proposed_by <> $2 AND COALESCE(x.decided_by, '') <> $2 \
         AND NOT EXISTS (SELECT 1 FROM property_member m WHERE m.company_id = x.company_id AND m.person_id = $2))",
        under(3, reads.len()),
        under(3 + reads.len(), decides.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(state.code()).bind(&actor.id);
    for scope in reads.iter().chain(&decides) {
        query = query.bind(*scope);
    }
    let (listed, decided): (i64, i64) = query.fetch_one(ctx.app.db.read()).await?;
    Ok(if decided > 0 { listed.min(MOST_ENTRIES) } else { 0 })
}
