//! The register and its figures.

use crate::{
    http::{Ctx, Error, Page, Params, Result, page::encode},
    supervision::{
        service::{read, scope},
        store::{
            instant,
            list::{self, Asked, Counts, Cursor, TO_ANSWER, TO_EXTEND, TO_RECHECK},
        },
    },
};
use app::{
    people::Action,
    supervision::{
        State,
        letter::Kind,
        pages::{Filters, RegisterPage, RegisterRow, StatisticsPage, StatisticsRow, register_page, statistics_page},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Letters on a page.
const ROWS: usize = 30;

/// What the register's address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    state: String,
    kind: String,
    addressee: String,
    year: String,
    at: String,
    after: String,
}

impl Query {
    /// The address of this list under another tab, at its beginning.
    fn address(&self, tab: &str) -> String {
        let pairs = [
            ("state", tab),
            ("kind", &self.kind),
            ("addressee", &self.addressee),
            ("year", &self.year),
            ("at", &self.at),
        ];
        let query: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        format!("/staff/supervision?{}", query.join("&"))
    }
}

/// `GET /staff/supervision`
pub async fn list(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionRead)?;
    let (w, db) = (ctx.w, &ctx.app.db);
    let scope = scope(actor);
    let asked = read::asked(&ctx, &query.state, (&query.kind, &query.addressee, &query.year), &query.at).await?;
    let asked = asked.ok_or(Error::BadRequest("there is no such filter".into()))?;
    let counts = list::counts(db, &scope, &asked, ctx.now).await?;
    let after = Cursor::from_code(&query.after);
    let (letters, next) = list::page(db, &scope, &asked, (after.as_ref(), ROWS), ctx.now).await?;
    let rows = letters
        .into_iter()
        .map(|letter| RegisterRow {
            kind: w.t(letter.kind().key()),
            addressee: w.pick(&letter.addressee_name, &letter.addressee_name_en).to_owned(),
            issuer: w.pick(&letter.issuer_name, &letter.issuer_name_en).to_owned(),
            state: letter.state(),
            overdue: letter.is_overdue(ctx.now),
            due: letter
                .due()
                .filter(|_| letter.state() == State::Issued)
                .map(|due| time::date_time(w.lang, due, ctx.now)),
            when: time::date_long(w.lang, time::day_of(instant(letter.listed_at))),
            round: letter.round,
            id: letter.id,
            sign: letter.sign,
            subject: letter.subject,
        })
        .collect();
    let here = query.address(&asked.tab);
    let page = RegisterPage {
        w,
        tabs: tabs(&ctx, &query, &asked, &counts),
        filters: filters(&ctx, &query, &asked).await?,
        rows,
        first: after.is_some().then(|| here.clone()),
        next: next.map(|cursor| format!("{here}&after={}", encode(&cursor.code()))),
        writes: !scope.order.is_empty(),
        exports: !actor.scopes(Action::DataExport).is_empty(),
        reports_waiting: reports_waiting(&ctx).await?,
    };
    Ok(Page::new(&ctx, w.t("supervision-title")).tab(Tab::StaffNet).back("/staff/net").render(register_page(page)))
}

fn tabs(ctx: &Ctx, query: &Query, asked: &Asked, counts: &Counts) -> Vec<Way> {
    let w = ctx.w;
    let own = ctx.actor().is_ok_and(|actor| !actor.scopes(Action::SupervisionOrder).is_empty());
    let way = |tab: &str, key: &str, count: i64| Way::new(query.address(tab), w.t(key), asked.tab == tab).count(count);
    // What waits for the reader stands first, where anything does.
    let mine = [
        (TO_ANSWER, "supervision-tab-answer", counts.to_answer),
        (TO_RECHECK, "supervision-tab-recheck", counts.to_recheck),
        (TO_EXTEND, "supervision-tab-extension", counts.to_extend),
    ];
    let mut ways: Vec<Way> = mine
        .into_iter()
        .filter(|(tab, _, count)| *count > 0 || asked.tab == *tab)
        .map(|(tab, key, count)| way(tab, key, count))
        .collect();
    ways.extend([
        way("open", "supervision-tab-open", counts.issued + counts.answered),
        way("overdue", "supervision-overdue", counts.overdue),
        way("issued", State::Issued.key(), counts.issued),
        way("answered", State::Answered.key(), counts.answered),
        way("done", State::Done.key(), counts.done),
    ]);
    if own || counts.draft > 0 {
        ways.push(way("draft", State::Draft.key(), counts.draft));
    }
    ways.push(way("withdrawn", State::Withdrawn.key(), counts.withdrawn));
    ways.push(way("all", "supervision-tab-all", counts.total));
    ways
}

async fn filters(ctx: &Ctx, query: &Query, asked: &Asked) -> Result<Filters> {
    let w = ctx.w;
    let scope = scope(ctx.actor()?);
    let all = || vec![(String::new(), w.t("supervision-tab-all"))];
    let (mut kinds, mut addressees, mut years) = (all(), all(), all());
    kinds.extend(Kind::ALL.map(|kind| (kind.code().to_owned(), w.t(kind.key()))));
    for (_, code, name, name_en) in list::addressees(&ctx.app.db, &scope).await? {
        addressees.push((code, w.pick(&name, &name_en).to_owned()));
    }
    years.extend(list::years(&ctx.app.db, &scope).await?.into_iter().map(|year| (year.to_string(), year.to_string())));
    Ok(Filters {
        kinds: (kinds, query.kind.clone()),
        addressees: (addressees, query.addressee.clone()),
        years: (years, query.year.clone()),
        tab: asked.tab.clone(),
    })
}

/// Reports of the reader's places whose own order of supervision waits for an answer: those stay with their reports.
async fn reports_waiting(ctx: &Ctx) -> Result<i64> {
    let actor = ctx.actor()?;
    let scopes = actor.scopes(Action::ReportRead);
    if scopes.is_empty() {
        return Ok(0);
    }
    let reach = crate::reports::queue::Reach::of(&ctx.app.db, &scopes, "").await?;
    Ok(crate::reports::queue::waits(&ctx.app.db, &reach).await?.ordered)
}

/// The year that the figures are asked for; empty: all time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct YearQuery {
    year: String,
}

/// `GET /staff/supervision/statistics`
pub async fn statistics(ctx: Ctx, Params(query): Params<YearQuery>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionRead)?;
    let (w, db) = (ctx.w, &ctx.app.db);
    let scope = scope(actor);
    let asked = read::asked(&ctx, "", ("", "", &query.year), "").await?;
    let year = asked.ok_or(Error::BadRequest("there is no such year".into()))?.year;
    let sums = read::statistics(&ctx, year).await?;
    let mut names: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (path, code, name, name_en) in list::addressees(db, &scope).await? {
        names.insert(path, (w.pick(&name, &name_en).to_owned(), code));
    }
    let name = |path: &str| names.get(path).map_or_else(|| path.to_owned(), |(name, _)| name.clone());
    let link = |path: &str| {
        names.get(path).map(|(_, code)| {
            let year = year.map(|year| format!("&year={year}")).unwrap_or_default();
            format!("/staff/supervision?state=all&addressee={}{year}", encode(code))
        })
    };
    let mut years = vec![Way::new("/staff/supervision/statistics", w.t("supervision-tab-all"), year.is_none())];
    years.extend(
        list::years(db, &scope).await?.into_iter().map(|one| {
            Way::new(format!("/staff/supervision/statistics?year={one}"), one.to_string(), year == Some(one))
        }),
    );
    let page = StatisticsPage {
        w,
        years,
        all: sums.all,
        addressees: sums
            .addressees
            .into_iter()
            .map(|(path, figures)| StatisticsRow { name: name(&path), href: link(&path), figures })
            .collect(),
        months: sums
            .months
            .into_iter()
            .map(|(month, figures)| StatisticsRow { name: month, href: None, figures })
            .collect(),
        both: sums
            .both
            .into_iter()
            .map(|((path, month), figures)| (month, StatisticsRow { name: name(&path), href: None, figures }))
            .collect(),
        exports: !actor.scopes(Action::DataExport).is_empty(),
    };
    let page = statistics_page(page);
    Ok(Page::new(&ctx, w.t("supervision-statistics")).tab(Tab::StaffNet).back("/staff/supervision").render(page))
}
