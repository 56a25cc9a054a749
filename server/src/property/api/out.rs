//! What the operations answer.

use super::out_entry::PropertyEntryOut;
use crate::{
    http::Ctx,
    property::{
        service::{
            assess::Opened,
            reading::{Known, Ranked},
        },
        store::{Company, assess::Made, credit::Entry, estates::Contract},
    },
};
use app::property::{
    assess::{Assessment, written},
    credit::Standing,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

/// An entry that counts, as a reason for a level.
#[derive(Serialize, ToSchema)]
pub struct PropertyReasonOut {
    /// Id of the entry.
    pub entry: String,
    /// What it is about.
    pub title: String,
    /// Its points.
    pub points: i64,
    /// An appeal is under way.
    pub appealed: bool,
}

/// A contract.
#[derive(Serialize, ToSchema)]
pub struct PropertyContractOut {
    /// Id.
    pub id: String,
    /// Id of the estate.
    pub estate: String,
    /// Name of the estate in the reader's language.
    pub estate_name: String,
    /// Id of the company.
    pub company: String,
    /// Name of the company in the reader's language.
    pub company_name: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub until: String,
}

impl PropertyContractOut {
    pub fn of(ctx: &Ctx, contract: &Contract) -> PropertyContractOut {
        let w = ctx.w;
        PropertyContractOut {
            id: contract.id.clone(),
            estate: contract.estate_id.clone(),
            estate_name: w.pick(&contract.estate, &contract.estate_en).to_owned(),
            company: contract.company_id.clone(),
            company_name: w.pick(&contract.company, &contract.company_en).to_owned(),
            from: contract.from_day.clone(),
            until: contract.until_day.clone(),
        }
    }
}

/// A company with its credit today.
#[derive(Serialize, ToSchema)]
pub struct PropertyCompanyOut {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name in English, may be empty.
    pub name_en: String,
    /// Registration code.
    pub registration: String,
    /// The office's telephone, may be empty.
    pub phone: String,
    /// `AAA`, `AA`, `A`, `B`, `C` or `black`.
    pub level: &'static str,
    /// 100 and the points of the entries that count.
    pub points: i64,
    /// The entries that count.
    pub reasons: Vec<PropertyReasonOut>,
    /// Contracts.
    pub contracts: Vec<PropertyContractOut>,
    /// Counts changes.
    pub version: i64,
}

fn company(
    ctx: &Ctx,
    company: &Company,
    standing: &Standing,
    entries: &[Entry],
    contracts: &[Contract],
) -> PropertyCompanyOut {
    use app::property::credit::State;
    let of = |id: &String| entries.iter().find(|entry| entry.id == *id);
    let reason = |entry: &Entry| PropertyReasonOut {
        entry: entry.id.clone(),
        title: entry.title.clone(),
        points: entry.points,
        appealed: entry.state() == State::Appealed,
    };
    PropertyCompanyOut {
        id: company.id.clone(),
        name: company.name.clone(),
        name_en: company.name_en.clone(),
        registration: company.registration.clone(),
        phone: company.phone.clone(),
        level: standing.level.code(),
        points: standing.points,
        reasons: standing.counted.iter().filter_map(of).map(reason).collect(),
        contracts: contracts.iter().map(|contract| PropertyContractOut::of(ctx, contract)).collect(),
        version: company.version,
    }
}

impl PropertyCompanyOut {
    pub fn of(ctx: &Ctx, ranked: &Ranked) -> PropertyCompanyOut {
        company(ctx, &ranked.company, &ranked.standing, &ranked.entries, &ranked.contracts)
    }
}

/// A day on which the credit became another.
#[derive(Serialize, ToSchema)]
pub struct PropertyTurnOut {
    /// The day, `YYYY-MM-DD`.
    pub from: String,
    /// The level from then on.
    pub level: &'static str,
    /// The points.
    pub points: i64,
    /// Ids of the entries that count.
    pub entries: Vec<String>,
}

fn turn((from, standing): &(Date, Standing)) -> PropertyTurnOut {
    PropertyTurnOut {
        from: from.to_string(),
        level: standing.level.code(),
        points: standing.points,
        entries: standing.counted.clone(),
    }
}

/// An assessment in a list.
#[derive(Serialize, ToSchema)]
pub struct PropertyScoreOut {
    /// Id.
    pub id: String,
    /// `2026-09` or `2026-Q3`.
    pub period: String,
    /// Which one of this period, from 1.
    pub number: i64,
    /// Points as written, `85.50`; absent: nothing could be counted.
    pub points: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

fn score(made: &Made) -> PropertyScoreOut {
    PropertyScoreOut {
        id: made.id.clone(),
        period: made.period.clone(),
        number: made.number,
        points: made.points.map(written),
        made_at: instant(made.created_at),
    }
}

/// Everything about a company that the reader may see.
#[derive(Serialize, ToSchema)]
pub struct PropertyCompanyOneOut {
    /// The company with all of its contracts.
    #[serde(flatten)]
    pub company: PropertyCompanyOut,
    /// Days on which the credit became another, the latest first.
    pub history: Vec<PropertyTurnOut>,
    /// Its entries, the latest first.
    pub entries: Vec<PropertyEntryOut>,
    /// Its assessments, the latest first.
    pub assessments: Vec<PropertyScoreOut>,
}

impl PropertyCompanyOneOut {
    pub fn of(ctx: &Ctx, known: &Known, whole: bool) -> PropertyCompanyOneOut {
        PropertyCompanyOneOut {
            company: company(ctx, &known.company, &known.standing, &known.entries, &known.contracts),
            history: known.history.iter().map(turn).collect(),
            entries: known.entries.iter().map(|entry| PropertyEntryOut::of(ctx, entry, whole)).collect(),
            assessments: known.assessments.iter().map(score).collect(),
        }
    }
}

/// What one indicator gave.
#[derive(Serialize, ToSchema)]
pub struct PropertyPartOut {
    /// Its code.
    pub indicator: &'static str,
    /// Its weight.
    pub weight: i64,
    /// The share, in ten-thousandths, that gives none.
    pub worst: i64,
    /// The share that gives all.
    pub best: i64,
    /// What was counted; absent: there was nothing.
    pub numerator: Option<i64>,
    /// Of so many.
    pub denominator: Option<i64>,
    /// Hundredths of a point.
    pub score: Option<i64>,
}

fn parts(assessment: &Assessment) -> Vec<PropertyPartOut> {
    let part = |part: &app::property::assess::Part| PropertyPartOut {
        indicator: part.weighed.indicator.code(),
        weight: part.weighed.weight,
        worst: part.weighed.worst,
        best: part.weighed.best,
        numerator: part.raw.map(|(numerator, _)| numerator),
        denominator: part.raw.map(|(_, denominator)| denominator),
        score: part.score,
    };
    assessment.parts.iter().map(part).collect()
}

/// What is another than it was when an assessment was made.
#[derive(Serialize, ToSchema)]
pub struct PropertyDifferenceOut {
    /// What it is, in the reader's language.
    pub kind: String,
    /// Which one.
    pub name: String,
    /// What happened to it, in the reader's language.
    pub how: String,
}

/// An assessment, opened.
#[derive(Serialize, ToSchema)]
pub struct PropertyAssessmentOut {
    /// Id of the company.
    pub company: String,
    /// The assessment as it was kept.
    #[serde(flatten)]
    pub score: PropertyScoreOut,
    /// Calculating again from `inputs` gives exactly these points.
    pub exact: bool,
    /// Its parts.
    pub parts: Vec<PropertyPartOut>,
    /// Everything that it was made from: rules, estates, reports, inspections, ratings, entries.
    #[schema(value_type = Object)]
    pub inputs: serde_json::Value,
    /// Points from what the records say now.
    pub now: Option<String>,
    /// What is another now.
    pub differences: Vec<PropertyDifferenceOut>,
}

impl PropertyAssessmentOut {
    pub fn of(ctx: &Ctx, opened: &Opened) -> anyhow::Result<PropertyAssessmentOut> {
        let w = ctx.w;
        Ok(PropertyAssessmentOut {
            company: opened.made.company_id.clone(),
            score: score(&opened.made),
            exact: opened.is_exact(),
            parts: parts(&opened.again),
            inputs: serde_json::to_value(&opened.inputs)?,
            now: opened.now.points.map(written),
            differences: opened
                .changes
                .iter()
                .map(|change| PropertyDifferenceOut {
                    kind: w.t(change.kind),
                    name: change.name.clone(),
                    how: w.t(change.how),
                })
                .collect(),
        })
    }
}
