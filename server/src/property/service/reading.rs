//! What is known of companies: levels, entries, estates. The same for staff, companies and everybody, each with what they may
//! see.

use super::{own_company, today};
use crate::{
    app_state::App,
    http::{Ctx, Error},
    property::store::{
        self, Company,
        assess::{self, Made},
        credit::{self, Entry},
        estates::{self, Contract},
        rules,
    },
};
use app::property::credit::{Counted, Standing, history, standing};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A company with its credit on a day.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The company.
    pub company: Company,
    /// Its credit.
    pub standing: Standing,
    /// The entries that count on that day.
    pub entries: Vec<Entry>,
    /// Contracts that hold on that day.
    pub contracts: Vec<Contract>,
    /// Period and points of the latest assessment.
    pub latest: Option<(String, Option<i64>)>,
}

/// All companies with their credit on a day.
pub async fn on(app: &App, day: Date) -> Result<Vec<Ranked>, Error> {
    let db = &app.db;
    let levels = rules::levels_of(&rules::all(db).await?, day);
    let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in credit::counting(db, day).await?.into_iter().filter(|entry| entry.counted().on(day)) {
        entries.entry(entry.company_id.clone()).or_default().push(entry);
    }
    let mut contracts: BTreeMap<String, Vec<Contract>> = BTreeMap::new();
    let today = day.to_string();
    for contract in estates::contracts(db).await?.into_iter().filter(|contract| contract.holds(&today)) {
        contracts.entry(contract.company_id.clone()).or_default().push(contract);
    }
    let mut latest = assess::latest(db).await?;
    let companies = store::all(db).await?.into_iter().map(|company| {
        let entries = entries.remove(&company.id).unwrap_or_default();
        let counted: Vec<Counted> = entries.iter().map(Entry::counted).collect();
        Ranked {
            standing: standing(day, &counted, levels),
            contracts: contracts.remove(&company.id).unwrap_or_default(),
            latest: latest.remove(&company.id),
            entries,
            company,
        }
    });
    Ok(companies.collect())
}

/// The companies that everybody sees: those that look after an estate today.
pub async fn public_list(ctx: &Ctx) -> Result<Vec<Ranked>, Error> {
    let mut all = on(&ctx.app, today(ctx)).await?;
    all.retain(|ranked| !ranked.contracts.is_empty());
    Ok(all)
}

/// Everything about one company.
pub struct Known {
    /// The company.
    pub company: Company,
    /// Its credit today.
    pub standing: Standing,
    /// Days on which the credit became another, the latest first.
    pub history: Vec<(Date, Standing)>,
    /// Its entries, the latest first.
    pub entries: Vec<Entry>,
    /// Its contracts, the latest first.
    pub contracts: Vec<Contract>,
    /// Its assessments, the latest first.
    pub assessments: Vec<Made>,
}

async fn known(ctx: &Ctx, company: Company) -> Result<Known, Error> {
    let db = &ctx.app.db;
    let versions = rules::all(db).await?;
    let entries = credit::of_company(db, &company.id).await?;
    let counted: Vec<Counted> = entries.iter().rev().map(Entry::counted).collect();
    let today = today(ctx);
    Ok(Known {
        standing: standing(today, &counted, rules::levels_of(&versions, today)),
        history: history(&counted, &rules::levels(&versions), today),
        contracts: estates::of_company(db, &company.id).await?,
        assessments: assess::of_company(db, &company.id).await?,
        entries,
        company,
    })
}

/// Everything about a company, for staff: entries that are not public only where they belong to the reader's places.
pub async fn for_staff(ctx: &Ctx, id: &str) -> Result<Known, Error> {
    use app::people::Action::PropertyRead;
    let mut known = known(ctx, super::company(ctx, PropertyRead, id).await?).await?;
    let scopes = ctx.actor()?.scopes(PropertyRead);
    known.entries.retain(|entry| entry.state().counts() || scopes.iter().any(|scope| entry.path.starts_with(scope)));
    Ok(known)
}

/// Everything about one's own company.
pub async fn for_own(ctx: &Ctx, id: &str) -> Result<Known, Error> {
    known(ctx, own_company(ctx, id).await?).await
}

/// What everybody sees of a company: published entries, no assessments.
pub async fn public(ctx: &Ctx, id: &str) -> Result<Known, Error> {
    let company = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let mut known = known(ctx, company).await?;
    known.entries.retain(|entry| entry.state().counts());
    known.assessments.clear();
    Ok(known)
}

/// Companies for which the reader acts.
pub async fn own(ctx: &Ctx) -> Result<Vec<Company>, Error> {
    Ok(store::of_member(&ctx.app.db, &ctx.actor()?.id).await?)
}
