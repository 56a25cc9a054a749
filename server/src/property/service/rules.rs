//! Versions of the rules.

use super::{Outcome, checked, note, number, parsed_day, today, wrong};
use crate::{
    http::{Ctx, Error, FieldErrors},
    property::store::rules::{self, Version},
    reports::categories::{self, Category},
};
use app::{
    people::Action,
    property::rules::{Indicator, Levels, Rules, Weighed},
};
use std::collections::BTreeMap;

/// All versions, the earliest first.
pub async fn list(ctx: &Ctx) -> Result<Vec<Version>, Error> {
    ctx.actor()?.require_somewhere(Action::PropertyRead)?;
    Ok(rules::all(&ctx.app.db).await?)
}

/// Categories to choose from.
pub async fn all_categories(ctx: &Ctx) -> Result<Vec<Category>, Error> {
    Ok(categories::all(&ctx.app.db).await?)
}

/// A version as a form describes it: numbers by the names of their fields.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// First day.
    pub from: String,
    /// Codes of categories.
    pub categories: Vec<String>,
    /// What was typed into the other fields.
    pub typed: BTreeMap<&'static str, String>,
}

/// Names of the fields that hold a number, besides those of the indicators.
pub const NUMBERS: [&str; 7] = ["aaa", "aa", "a", "b", "c", "answer_days", "appeal_days"];

/// What the form would be that says these rules.
pub fn form_of(rules: &Rules) -> Form {
    let mut typed = BTreeMap::new();
    for weighed in &rules.weighed {
        let [weight, worst, best] = weighed.indicator.fields();
        typed.insert(weight, weighed.weight.to_string());
        typed.insert(worst, weighed.worst.to_string());
        typed.insert(best, weighed.best.to_string());
    }
    let Levels { aaa, aa, a, b, c } = rules.levels;
    let numbers = [aaa, aa, a, b, c, rules.answer_days, rules.appeal_days];
    typed.extend(NUMBERS.into_iter().zip(numbers.map(|number| number.to_string())));
    Form { from: String::new(), categories: rules.categories.clone(), typed }
}

async fn check(ctx: &Ctx, form: &Form) -> Outcome<Rules> {
    let mut errors = FieldErrors::new();
    let mut read = |field: &'static str, bounds: (i64, i64)| {
        number(ctx, form.typed.get(field).map_or("", String::as_str), bounds, field, &mut errors)
    };
    let weighed = Indicator::ALL.map(|indicator| {
        let [weight, worst, best] = indicator.fields();
        Weighed {
            indicator,
            weight: read(weight, (0, 100)),
            worst: read(worst, (0, 20_000)),
            best: read(best, (0, 20_000)),
        }
    });
    let [aaa, aa, a, b, c] = ["aaa", "aa", "a", "b", "c"].map(|field| read(field, (1, 1000)));
    let rules = Rules {
        weighed: weighed.to_vec(),
        categories: form.categories.clone(),
        levels: Levels { aaa, aa, a, b, c },
        answer_days: read("answer_days", (1, 30)),
        appeal_days: read("appeal_days", (1, 90)),
    };
    let known = all_categories(ctx).await?;
    if form.categories.iter().any(|code| known.iter().all(|category| category.code != *code)) {
        errors.add("categories", ctx.w.t("property-error-categories"));
    }
    if errors.is_empty() {
        for (field, key) in rules.check() {
            errors.add(field, ctx.w.t(key));
        }
    }
    checked(errors)?;
    Ok(rules)
}

/// Writes a version that holds from a day on. What is over keeps its rules: the day is not before today, and after every
/// version that is there.
pub async fn make(ctx: &Ctx, form: &Form) -> Outcome<String> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let rules = check(ctx, form).await?;
    let before = rules::all(&ctx.app.db).await?;
    let latest = before.last().map(|version| (version.from, version.rules.clone()));
    let from = parsed_day(&form.from);
    if let Some((last, same)) = &latest
        && from == Some(*last)
        && *same == rules
    {
        return Ok(before.last().map_or_else(String::new, |version| version.id.clone()));
    }
    let Some(from) = from.filter(|day| *day >= today(ctx) && latest.is_none_or(|(last, _)| *day > last)) else {
        return wrong(ctx, "from", "property-error-from");
    };
    let mut tx = ctx.app.db.begin().await?;
    let Some(id) = rules::insert(&mut tx, from, &rules, &actor.id, ctx.now).await? else {
        return wrong(ctx, "from", "property-error-from");
    };
    let detail = serde_json::json!({ "from": from.to_string() });
    note(&mut tx, ctx, "property.rules_make", ("property_rules", &id), detail).await?;
    tx.commit().await?;
    Ok(id)
}
