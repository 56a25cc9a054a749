//! Demo reports whose whole way is written down, side ways included: asked, suspended, extended, reopened, rated, merged.

use super::{DemoReport, Telling, code_of, plausible};
use crate::{
    clock,
    db::Tx,
    photos::store::{ADDED, OF_REPORT_EVENT, Uploader},
    reports::{
        categories::Category,
        clocks, moved,
        store::{self, Change},
    },
};
use anyhow::Context;
use app::{
    people::Action,
    reports::{State, Step, life, moved::Why},
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// The supervisor of the street, who decides on second extensions and disputes.
const STREET: &str = "19900000051";

/// A step of a written way.
#[derive(Deserialize)]
pub(super) struct DemoStep {
    step: String,
    /// Hours after the filing.
    after: f64,
    #[serde(default)]
    text: String,
    /// Hours of an extension.
    #[serde(default)]
    hours: i64,
    /// Stars of a rating.
    #[serde(default)]
    stars: i64,
    /// Key of the report as which it goes on.
    #[serde(default)]
    into: String,
    /// Shows a photo: after the work, or one that the reporter adds.
    #[serde(default)]
    photo: bool,
}

impl Telling<'_> {
    /// Everything that was done, as it is written.
    pub(super) async fn story(
        &mut self,
        tx: &mut Tx,
        demo: &DemoReport,
        (id, code, category): (&str, &str, &Category),
        filed: Timestamp,
        reporter: &str,
    ) -> anyhow::Result<()> {
        let now = self.app.clock.now();
        let staff = self.staff.get(&demo.community).context("a community without staff")?.clone();
        let person = |phone: &str| self.loaded.people.get(phone).cloned().with_context(|| format!("no person {phone}"));
        let street = person(STREET)?;
        let handler = demo.handler.as_deref().map(person).transpose()?;
        let (mut state, mut seq, mut at) = (State::Submitted, 1, filed);
        let (mut owner, mut handled, mut verified): (Option<String>, Option<String>, Option<String>) =
            (None, None, None);
        clocks::wind(tx, &self.app.calendar, id).await?;
        for told in &demo.steps {
            let step = Step::from_code(&told.step).with_context(|| format!("no step {}", told.step))?;
            let to = life::next(state, step).with_context(|| format!("{} in {}", told.step, state.code()))?;
            let meant = filed + SignedDuration::try_from_secs_f64(told.after * 3600.0)?;
            at = plausible(meant, now).max(at + SignedDuration::from_mins(3)).min(now);
            seq += 1;
            let actor = match step.action() {
                None => reporter,
                Some(Action::ReportHandle) => handler.as_deref().context("no handler")?,
                Some(Action::ReportSupervise) => street.as_str(),
                Some(Action::ReportVerify) => staff.last().context("nobody verifies")?,
                Some(_) => staff.first().context("no staff")?,
            };
            match step {
                Step::Dispatch => owner.clone_from(&handler),
                Step::Finish => handled = Some(actor.to_owned()),
                Step::VerifyPass => verified = Some(actor.to_owned()),
                Step::VerifyFail | Step::Reopen => (handled, verified) = (None, None),
                _ => {}
            }
            if !to.has_owner() {
                owner = None;
            }
            let event =
                self.event(tx, id, Some((step, state)), to, (seq, at), actor, handler.as_deref(), &told.text).await?;
            let change = Change {
                id,
                from: state,
                version: seq - 1,
                to,
                owner_id: owner.as_deref(),
                handled_by: handled.as_deref(),
                verified_by: verified.as_deref(),
                reworks: i64::from(step == Step::VerifyFail),
                returns: i64::from(step == Step::Return),
                reopened: i64::from(step == Step::Reopen),
            };
            store::change(tx, change, at).await?.context("the demo's report is not as expected")?;
            beside(tx, id, (step, told), actor, at).await?;
            if told.photo {
                let (role, after) = if step == Step::Finish { ("after", true) } else { (ADDED, false) };
                let uploader = Uploader { person: Some(actor.to_owned()), device: String::new() };
                let of = (OF_REPORT_EVENT, event.as_str(), role);
                self.photo(tx, demo, after, (&uploader, at, after), of, 0).await?;
            }
            self.message(tx, (id, code, category), (step, &told.text), (seq, at), reporter, handler.as_deref()).await?;
            let wound = clocks::wind(tx, &self.app.calendar, id).await?;
            if !to.is_over() && moved::note(tx, id, &wound, Why::of(step), at).await? {
                seq += 1;
            }
            state = to;
        }
        Ok(())
    }
}

/// What a step writes beside the report and its event.
async fn beside(
    tx: &mut Tx,
    id: &str,
    (step, told): (Step, &DemoStep),
    actor: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let at = at.as_microsecond();
    match step {
        Step::ExtendAsk => {
            sqlx::query(
                "INSERT INTO report_extension (id, report_id, level, asked_by, asked_at, hours, reason) \
                 SELECT $1, $2, CAST(COUNT(*) AS BIGINT) + 1, $3, $4, $5, $6 FROM report_extension WHERE report_id = $2",
            )
            .bind(clock::new_id(Timestamp::from_microsecond(at).unwrap_or_default()))
            .bind(id)
            .bind(actor)
            .bind(at)
            .bind(told.hours)
            .bind(&told.text)
            .execute(&mut **tx)
            .await?;
        }
        Step::ExtendGrant | Step::ExtendGrantAbove => {
            sqlx::query(
                "UPDATE report_extension SET decision = 'granted', decided_by = $2, decided_at = $3, \
                 decision_reason = $4 WHERE report_id = $1 AND decision = ''",
            )
            .bind(id)
            .bind(actor)
            .bind(at)
            .bind(&told.text)
            .execute(&mut **tx)
            .await?;
        }
        Step::Merge => {
            sqlx::query("UPDATE report SET merged_into = (SELECT o.id FROM report o WHERE o.code = $2) WHERE id = $1")
                .bind(id)
                .bind(code_of(&told.into))
                .execute(&mut **tx)
                .await?;
        }
        Step::Confirm => {
            sqlx::query("UPDATE report SET confirmed_at = $2 WHERE id = $1")
                .bind(id)
                .bind(at)
                .execute(&mut **tx)
                .await?;
        }
        Step::Rate => {
            sqlx::query("UPDATE report SET stars = $2, stars_reason = $3, rated_at = $4 WHERE id = $1")
                .bind(id)
                .bind(told.stars)
                .bind(&told.text)
                .bind(at)
                .execute(&mut **tx)
                .await?;
        }
        Step::RateAnswer => {
            sqlx::query(
                "UPDATE report SET stars_answer = $2, stars_answered_by = $3, stars_answered_at = $4 WHERE id = $1",
            )
            .bind(id)
            .bind(&told.text)
            .bind(actor)
            .bind(at)
            .execute(&mut **tx)
            .await?;
        }
        _ => {}
    }
    Ok(())
}
