//! Jobs: work that follows a change, written as a row in the change's own transaction (outbox) and run at least once.
//! Handlers are idempotent; failures are retried with back-off and end as `dead`, visible at `/staff/jobs`.

mod lease;

use crate::{app_state::App, auth::session, clock, db::Tx};
use jiff::{SignedDuration, Timestamp};
use lease::{RENEW, claim, hold};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A job and what it needs to know. Adding a variant means adding an arm in [`run`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Tell a published notice to everybody whom it reaches: inboxes, and messages on other ways.
    NoticeFanOut {
        /// Id of the notice.
        notice_id: String,
    },
    /// Publish a scheduled notice when its time has come.
    NoticePublish {
        /// Id of the notice.
        notice_id: String,
    },
    /// Send one message by e-mail or SMS.
    Deliver {
        /// Id of the delivery.
        delivery_id: String,
    },
    /// Tell other systems what happened: one message for each webhook that wants it.
    WebhookEvent {
        /// Code of the event.
        event: String,
        /// Names it: one event is one message.
        id: String,
        /// Id of what it happened to.
        object: String,
        /// The state into which it led; empty: whatever it is then.
        state: String,
        /// When, in microseconds.
        at: i64,
    },
    /// Send one message to another system.
    WebhookSend {
        /// Id of the message.
        delivery_id: String,
        /// Which round of attempts.
        round: i64,
    },
    /// Send one message to an upper platform.
    MatterSend {
        /// Id of the message.
        message_id: String,
        /// Which round of attempts.
        round: i64,
    },
    /// Ask upper platforms behind Open311 how the matters stand that are with them.
    PollPlatforms,
    /// Remind people of the visits that begin within a day and within two hours.
    RemindOfVisits,
    /// Warn owners whose time runs out, order supervision where it is over.
    ReportLadder,
    /// Remind of letters of supervision whose time runs out, tell their issuers where it is over.
    SupervisionClock,
    /// Calculate the deadlines of open reports again; see `reports::recalculate`.
    ReportClocks {
        /// Which reports.
        #[serde(default)]
        which: crate::reports::recalculate::Which,
        /// Names the calculation whose pieces follow one another.
        #[serde(default)]
        run: String,
        /// Id of the last report that is done.
        #[serde(default)]
        after: String,
    },
    /// Count reports that changed for the figures of their days.
    CountReports,
    /// Teach the classifier anew from closed reports.
    TrainClassifier,
    /// Offer the free places of a day to those who wait for it.
    OfferPlaces {
        /// Id of the hall.
        hall_id: String,
        /// The day, as a date.
        day: String,
    },
    /// Make the archive of a community.
    Archive {
        /// Id of the archive.
        run_id: String,
    },
    /// Go on with an import: look at its lines, or take them over.
    Import {
        /// Id of the import.
        run_id: String,
    },
    /// Put a change of the net of grids into force, on its day; run again, gather the reports that were being filed meanwhile.
    GridChange {
        /// Id of the change.
        change_id: String,
    },
    /// Write down that the time of a consultation is over.
    ConsultationClose {
        /// Id of the consultation.
        consultation_id: String,
    },
    /// Tell those who spoke and those who follow the place what came of a consultation.
    ConsultationTell {
        /// Id of the consultation.
        consultation_id: String,
    },
    /// Close and count a ballot of a meeting whose time is over.
    BallotClose {
        /// Id of the ballot.
        ballot_id: String,
    },
    /// Measure how long service items take.
    MeasureItems,
    /// End the numbers from afar whose people did not come in time.
    EndLapsedNumbers,
    /// Mark missed visits and block whoever missed too many.
    SweepVisits,
    /// Remove what was kept long enough: unsent photos, ended sessions, tokens and keys, used codes, old counters, answers to
    /// requests that may be sent again, finished jobs, what became of the messages of notices.
    Sweep,
    /// Remind staff of what was agreed with partners.
    RemindOfPartners,
    /// Remove pictures that no row knows.
    SweepPhotos,
}

impl Job {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Job::NoticeFanOut { .. } => "notice_fan_out",
            Job::NoticePublish { .. } => "notice_publish",
            Job::Deliver { .. } => "deliver",
            Job::WebhookEvent { .. } => "webhook_event",
            Job::WebhookSend { .. } => "webhook_send",
            Job::MatterSend { .. } => "matter_send",
            Job::PollPlatforms => "poll_platforms",
            Job::RemindOfVisits => "remind_of_visits",
            Job::ReportLadder => "report_ladder",
            Job::SupervisionClock => "supervision_clock",
            Job::ReportClocks { .. } => "report_clocks",
            Job::CountReports => "count_reports",
            Job::TrainClassifier => "train_classifier",
            Job::OfferPlaces { .. } => "offer_places",
            Job::Archive { .. } => "archive",
            Job::Import { .. } => "import",
            Job::GridChange { .. } => "grid_change",
            Job::ConsultationClose { .. } => "consultation_close",
            Job::ConsultationTell { .. } => "consultation_tell",
            Job::BallotClose { .. } => "ballot_close",
            Job::MeasureItems => "measure_items",
            Job::EndLapsedNumbers => "end_lapsed_numbers",
            Job::SweepVisits => "sweep_visits",
            Job::Sweep => "sweep",
            Job::RemindOfPartners => "remind_of_partners",
            Job::SweepPhotos => "sweep_photos",
        }
    }
}

/// A job is given up after so many failures; the waits between them add up to about a day.
pub const MAX_ATTEMPTS: i64 = 12;
/// A job that takes longer waits for something that will not come, such as a database whose machine is gone.
const LONGEST: Duration = Duration::from_secs(3600);

/// Queues a job in the caller's transaction. A second job with the same `dedupe_key` is not queued.
pub async fn queue(
    tx: &mut Tx,
    job: &Job,
    run_at: Timestamp,
    dedupe_key: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO job (id, kind, payload, dedupe_key, state, run_at, created_at) \
         VALUES ($1, $2, $3, $4, 'queued', $5, $6) ON CONFLICT (dedupe_key) DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(job.kind())
    .bind(serde_json::to_string(job)?)
    .bind(dedupe_key)
    .bind(run_at.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Runs one due job, if there is one. Returns whether there was.
pub async fn run_one(app: &App) -> anyhow::Result<bool> {
    run_one_with(app, RENEW, |job| run(app, job)).await
}

/// The same with what does the job, and how often its lease is renewed meanwhile; for tests.
pub async fn run_one_with<F>(app: &App, every: Duration, run: impl FnOnce(Job) -> F) -> anyhow::Result<bool>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let Some(claimed) = claim(app).await? else { return Ok(false) };
    let running = async {
        match serde_json::from_str::<Job>(&claimed.payload) {
            Ok(job) => tokio::time::timeout(LONGEST, run(job)).await.unwrap_or_else(|late| Err(late.into())),
            Err(error) => Err(anyhow::Error::new(error).context("this server does not know the job")),
        }
    };
    let result = tokio::select! {
        biased;
        result = running => result,
        () = hold(app, &claimed, every) => {
            tracing::warn!(job = %claimed.id, attempt = claimed.attempts, "stopped: another server has the job");
            return Ok(true);
        }
    };
    let now = app.clock.now();
    let (state, run_at, error) = match &result {
        Ok(()) => ("done", now, String::new()),
        Err(error) if claimed.attempts >= MAX_ATTEMPTS => ("dead", now, format!("{error:#}")),
        Err(error) => ("queued", now + back_off(claimed.attempts), format!("{error:#}")),
    };
    if let Err(error) = &result {
        tracing::warn!(job = %claimed.id, attempt = claimed.attempts, state, error = format!("{error:#}"), "job failed");
    }
    metrics::counter!("linli_jobs_total", "state" => state).increment(1);
    let mut tx = app.db.begin().await?;
    // Only the holder of the lease writes the outcome: a job that was taken over is the other server's.
    sqlx::query(
        "UPDATE job SET state = $1, run_at = $2, last_error = $3, \
         finished_at = CASE WHEN $1 IN ('done', 'dead') THEN $4 ELSE NULL END \
         WHERE id = $5 AND state = 'running' AND attempts = $6",
    )
    .bind(state)
    .bind(run_at.as_microsecond())
    .bind(error)
    .bind(now.as_microsecond())
    .bind(&claimed.id)
    .bind(claimed.attempts)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Runs all due jobs and sends all due messages; for tests and the demo.
pub async fn run_due(app: &App) -> anyhow::Result<()> {
    while run_one(app).await? || crate::notices::outgoing::send::run_due(app).await? {}
    Ok(())
}

/// Waits 2, 4, 8 … seconds up to 4 hours.
fn back_off(attempts: i64) -> SignedDuration {
    let exponent = u32::try_from(attempts.clamp(1, 14)).unwrap_or(14);
    SignedDuration::from_secs(2_i64.pow(exponent).min(4 * 3600))
}

async fn run(app: &App, job: Job) -> anyhow::Result<()> {
    match job {
        Job::NoticeFanOut { notice_id } => crate::notices::service::fan_out(app, &notice_id).await,
        Job::NoticePublish { notice_id } => crate::notices::service::publish_scheduled(app, &notice_id).await,
        Job::Deliver { delivery_id } => crate::deliver::outbox::send(app, &delivery_id).await,
        Job::WebhookEvent { event, id, object, state, at } => {
            crate::webhooks::events::fan_out(app, (&event, &id), (&object, &state), at).await
        }
        Job::WebhookSend { delivery_id, round } => crate::webhooks::send::send(app, &delivery_id, round).await,
        Job::MatterSend { message_id, round } => crate::matters::outside::send(app, &message_id, round).await,
        Job::PollPlatforms => crate::matters::outside::poll(app).await,
        Job::RemindOfVisits => crate::windows::service::remind(app).await,
        Job::ReportLadder => crate::reports::ladder::climb(app).await,
        Job::SupervisionClock => crate::supervision::service::clock::remind(app).await,
        Job::ReportClocks { which, run, after } => crate::reports::recalculate::run(app, which, run, after).await,
        Job::CountReports => crate::reports::statistics::counted::run(app).await,
        Job::TrainClassifier => crate::reports::suggest::train(app).await.map(|_| ()),
        Job::OfferPlaces { hall_id, day } => crate::windows::service::offer_places(app, &hall_id, &day).await,
        Job::Archive { run_id } => crate::archive::runs::make(app, &run_id).await,
        Job::Import { run_id } => crate::imports::work::run(app, &run_id).await,
        Job::GridChange { change_id } => crate::grids::service::change::force(app, &change_id).await,
        Job::ConsultationClose { consultation_id } => {
            crate::consultations::service::steps::close(app, &consultation_id).await
        }
        Job::ConsultationTell { consultation_id } => {
            crate::consultations::service::steps::tell(app, &consultation_id).await
        }
        Job::BallotClose { ballot_id } => crate::meetings::service::ballots::close_in_time(app, &ballot_id).await,
        Job::MeasureItems => crate::windows::service::managers::measure_items(app).await,
        Job::EndLapsedNumbers => crate::windows::service::end_lapsed(app).await,
        Job::SweepVisits => crate::windows::service::sweep_visits(app).await,
        Job::Sweep => sweep(app).await,
        Job::RemindOfPartners => crate::partners::service::remind::run(app).await,
        Job::SweepPhotos => crate::photos::orphans::sweep(app).await.map(|_| ()),
    }
}

async fn sweep(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    crate::photos::service::sweep_unsent(app).await?;
    crate::files::sweep(app).await?;
    crate::notices::following::push::sweep(&app.db, now).await?;
    crate::notices::outgoing::clear(app).await?;
    crate::notices::service::forget(app).await?;
    crate::imports::work::sweep(app).await?;
    crate::archive::runs::sweep(app).await?;
    crate::auth::limit::sweep(&app.db, now).await?;
    crate::http::api::sweep(app, now).await?;
    crate::webhooks::sweep(app, now).await?;
    crate::consultations::service::sweep(app, now).await?;
    crate::matters::outside::sweep(app, now).await?;
    crate::windows::service::end_past_days(app).await?;
    let mut tx = app.db.begin().await?;
    for (sql, after) in ENDED {
        sqlx::query(*sql).bind((now - *after).as_microsecond()).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// What is removed so long after its end; the table in docs/operations.md says the same.
static ENDED: &[(&str, SignedDuration)] = &[
    ("DELETE FROM job WHERE state = 'done' AND finished_at < $1", days(7)),
    ("DELETE FROM login_code WHERE expires_at < $1", days(7)),
    ("DELETE FROM session WHERE expires_at < $1 OR revoked_at < $1", days(7)),
    // Nobody came back in time.
    ("DELETE FROM session WHERE seen_at < $1", days(session::IDLE.as_hours() / 24 + 7)),
    ("DELETE FROM personal_token WHERE expires_at < $1 OR revoked_at < $1", days(30)),
    // The operator still finds it among the keys of the last year.
    ("DELETE FROM integration_key WHERE expires_at < $1 OR revoked_at < $1", days(365)),
    ("DELETE FROM notice_confirmation WHERE notice_id IN (SELECT id FROM notice WHERE ends_at < $1)", days(7)),
];

/// Works until told to stop: due jobs at once, then a look every second. Queues what is done regularly, see [`REGULAR`].
pub async fn work(app: App, stop: tokio_util::sync::CancellationToken) {
    let mut last = [0; REGULAR_JOBS];
    while !stop.is_cancelled() {
        if let Err(error) = queue_regular(&app, &mut last).await {
            tracing::warn!(error = format!("{error:#}"), "queueing regular work");
        }
        let idle = match run_one(&app).await {
            Ok(true) => continue,
            Ok(false) => Duration::from_secs(1),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the job queue does not answer");
                Duration::from_secs(5)
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(idle) => {}
        }
    }
}

/// How many there are in [`REGULAR`].
pub const REGULAR_JOBS: usize = 12;

/// What is done regularly: the job, the seconds between two of its runs, and how many seconds after the beginning of
/// such a period (counted in UTC) it runs: 19 hours are 3 at night in Shanghai. The key names the period, so that several
/// servers queue it once.
pub static REGULAR: [(Job, i64, i64); REGULAR_JOBS] = [
    (Job::Sweep, 3600, 0),
    (Job::RemindOfVisits, 300, 0),
    (Job::PollPlatforms, 300, 0),
    (Job::ReportLadder, 300, 0),
    (Job::SupervisionClock, 300, 0),
    (Job::CountReports, 60, 0),
    (Job::EndLapsedNumbers, 120, 0),
    (Job::SweepVisits, 600, 0),
    (Job::MeasureItems, 3600, 0),
    (Job::TrainClassifier, 24 * 3600, 19 * 3600),
    (Job::RemindOfPartners, 24 * 3600, 1800),
    (Job::SweepPhotos, 24 * 3600, 18 * 3600),
];

async fn queue_regular(app: &App, last: &mut [i64; REGULAR_JOBS]) -> anyhow::Result<()> {
    let now = app.clock.now();
    for ((job, seconds, after), last) in REGULAR.iter().zip(last) {
        let period = now.as_second() / seconds;
        if *last == period {
            continue;
        }
        let run_at = if *after == 0 { now } else { Timestamp::from_second(period * seconds + after)? };
        let mut tx = app.db.begin().await?;
        queue(&mut tx, job, run_at, Some(&format!("{}:{period}", job.kind())), now).await?;
        tx.commit().await?;
        *last = period;
    }
    Ok(())
}
