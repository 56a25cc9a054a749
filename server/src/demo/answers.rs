//! What the demo's residents say to its notices: sign-ups and questions.

use super::Loaded;
use crate::{
    clock,
    db::Tx,
    notices::{activity, questions},
};
use anyhow::Context;
use app::{
    notices::{ActivityPlan, QuestionState, SignUpState},
    time,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Time};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Answers {
    activities: Vec<DemoActivity>,
    questions: Vec<DemoQuestion>,
}

#[derive(Deserialize)]
struct DemoActivity {
    notice: String,
    in_days: i64,
    from: String,
    to: String,
    place: String,
    place_en: String,
    #[serde(default)]
    seats: i64,
    #[serde(default = "one")]
    most: i64,
    until_in_days: Option<i64>,
    /// So many residents have signed up.
    #[serde(default)]
    signed: usize,
}

fn one() -> i64 {
    1
}

#[derive(Deserialize)]
struct DemoQuestion {
    notice: String,
    by: String,
    hours_ago: i64,
    body: String,
    /// It was answered an hour later.
    answer: Option<String>,
}

/// Loads them for the notices with these ids by key.
pub async fn load(tx: &mut Tx, loaded: &Loaded, ids: &BTreeMap<String, String>, now: Timestamp) -> anyhow::Result<()> {
    let answers: Answers =
        serde_json::from_str(include_str!("../../demo/answers.json")).context("reading demo/answers.json")?;
    for one in &answers.activities {
        let id = ids.get(&one.notice).with_context(|| format!("no notice {}", one.notice))?;
        sign_ups(tx, loaded, id, one, now).await.with_context(|| one.notice.clone())?;
    }
    for one in &answers.questions {
        let id = ids.get(&one.notice).with_context(|| format!("no notice {}", one.notice))?;
        question(tx, loaded, id, one, now).await.with_context(|| one.notice.clone())?;
    }
    Ok(())
}

async fn sign_ups(
    tx: &mut Tx,
    loaded: &Loaded,
    notice: &str,
    one: &DemoActivity,
    now: Timestamp,
) -> anyhow::Result<()> {
    let day = time::day_of(now) + one.in_days.days();
    let at = |text: &str| -> anyhow::Result<Timestamp> { Ok(time::at_time(day, text.parse::<Time>()?)) };
    let starts_at = at(&one.from)?;
    let until = match one.until_in_days {
        Some(days) => time::at_time(time::day_of(now) + days.days(), Time::constant(18, 0, 0, 0)),
        None => starts_at,
    };
    let plan = ActivityPlan {
        starts_at,
        ends_at: at(&one.to)?,
        place: one.place.clone(),
        place_en: one.place_en.clone(),
        seats: one.seats,
        most: one.most,
        until,
    };
    activity::store::set_plan(tx, notice, None, Some(&plan)).await?;
    let (published,): (i64,) =
        sqlx::query_as("SELECT CASE WHEN state = 'published' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END FROM notice WHERE id = $1")
            .bind(notice)
            .fetch_one(&mut **tx)
            .await?;
    if published == 0 {
        return Ok(());
    }
    activity::store::set_words(tx, notice, notice, &plan, now).await?;
    // Not the four who can be tried out first: they may sign up themselves.
    for (n, phone) in loaded.residents.iter().skip(4).take(one.signed).enumerate() {
        let person = loaded.people.get(phone).context("no such resident")?;
        let people = if n % 3 == 0 { one.most } else { 1 };
        let asked = now - SignedDuration::from_mins(37 * i64::try_from(one.signed - n).unwrap_or(0));
        if activity::store::take(tx, notice, people).await? {
            activity::store::put(tx, notice, person, people, SignUpState::Signed, asked).await?;
        }
    }
    Ok(())
}

async fn question(
    tx: &mut Tx,
    loaded: &Loaded,
    notice: &str,
    one: &DemoQuestion,
    now: Timestamp,
) -> anyhow::Result<()> {
    questions::store::set_allowed(tx, notice, true).await?;
    let person = loaded.people.get(&one.by).context("no such person")?;
    let asked = now - SignedDuration::from_hours(one.hours_ago);
    let key = clock::token();
    let id = questions::store::insert(tx, notice, person, (&key, &one.body), asked).await?.context("the key is new")?;
    if let Some(answer) = &one.answer {
        let (author,): (String,) =
            sqlx::query_as("SELECT author_id FROM notice WHERE id = $1").bind(notice).fetch_one(&mut **tx).await?;
        let answered = asked + SignedDuration::from_hours(1);
        let after = (QuestionState::Answered, true);
        questions::store::advance(tx, (&id, 1), after, Some((&author, answer)), answered).await?;
    }
    Ok(())
}
