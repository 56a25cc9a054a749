//! `/staff/matters`.

use crate::{
    http::{Ctx, Error, Page, Params, Result},
    matters::{
        service,
        store::{self, Tab, Wish},
        view,
    },
};
use app::{
    matters::{
        kind::{Kind, Way},
        pages::{self, ListPage},
    },
    notices::form,
    people::Action,
    ui::{nav, shell},
};
use serde::Deserialize;

/// Rows on a page.
const PAGE: usize = 30;
/// Longest search, in characters.
const SEARCH: usize = 60;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    tab: String,
    kind: String,
    way: String,
    q: String,
    after: String,
}

impl Query {
    /// The address with other filters.
    fn with(&self, tab: &str, kind: &str, way: &str, after: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("tab", tab), ("kind", kind), ("way", way), ("q", self.q.as_str()), ("after", after)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/staff/matters?{}", query.finish())
    }
}

/// Where a page begins: `microseconds.id`, as another page gave it.
pub fn cursor(text: &str) -> Option<(i64, String)> {
    let (at, id) = text.split_once('.')?;
    (id.len() <= 40 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
        .then_some((at.parse().ok()?, id.to_owned()))
}

/// The list.
pub async fn list(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::MatterRead)?;
    let w = ctx.w;
    let mine: Vec<String> = service::acting(actor).into_iter().map(|(id, _)| id).collect();
    let scopes: Vec<String> = actor.scopes(Action::MatterRead).into_iter().map(str::to_owned).collect();
    // Whoever acts for nobody reads.
    let usual = if mine.is_empty() { Tab::All } else { Tab::To };
    let tab = Tab::from_code(&query.tab).unwrap_or(usual);
    let (kind, way) = (Kind::from_code(&query.kind), Way::from_code(&query.way));
    let search: String = form::one_line(&query.q).chars().take(SEARCH).collect();
    let after = match query.after.as_str() {
        "" => None,
        text => Some(cursor(text).ok_or(Error::BadRequest("no page begins there".into()))?),
    };
    let wish = |tab| Wish { tab, mine: &mine, scopes: &scopes, kind, way, search: &search, now: ctx.now };
    let mut found = store::list(&ctx.app.db, &wish(tab), after.as_ref(), PAGE + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more).map(|last| format!("{}.{}", last.sent_at, last.id));
    let (kind_code, way_code) = (kind.map_or("", Kind::code), way.map_or("", Way::code));
    let mut tabs = Vec::new();
    for one in Tab::ALL {
        let chip = nav::Way::new(query.with(one.code(), kind_code, way_code, ""), w.t(one.key()), one == tab);
        let counted = matches!(one, Tab::To | Tab::From | Tab::Decide | Tab::Late);
        tabs.push(if counted { chip.count(store::counts(&ctx.app.db, &wish(one)).await?) } else { chip });
    }
    let mut kinds = vec![nav::Way::new(query.with(tab.code(), "", way_code, ""), w.t("matters-any"), kind.is_none())];
    for one in Kind::ALL {
        let href = query.with(tab.code(), one.code(), way_code, "");
        kinds.push(nav::Way::new(href, w.t(one.key()), kind == Some(one)));
    }
    let mut ways = vec![nav::Way::new(query.with(tab.code(), kind_code, "", ""), w.t("matters-any"), way.is_none())];
    for one in Way::ALL {
        let href = query.with(tab.code(), kind_code, one.code(), "");
        ways.push(nav::Way::new(href, w.t(one.key()), way == Some(one)));
    }
    let page = ListPage {
        w,
        tabs,
        kinds,
        ways,
        tab: tab.code().to_owned(),
        rows: found.iter().map(|matter| view::row(&ctx, matter)).collect(),
        first: after.map(|_| query.with(tab.code(), kind_code, way_code, "")),
        next: last.map(|after| query.with(tab.code(), kind_code, way_code, &after)),
        search,
        may_send: !mine.is_empty(),
        may_platforms: actor.require_somewhere(Action::WebhookManage).is_ok(),
    };
    Ok(Page::new(&ctx, w.t("matters-title")).tab(shell::Tab::StaffNet).back("/staff/net").render(pages::list(page)))
}
