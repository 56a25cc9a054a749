//! The clock of a server's machine is set forwards and back by an hour (libfaketime) while people book, report, draw numbers
//! and are served.

use super::lives;
use crate::{
    outgoing::number,
    process::Process,
    reports,
    support::on_both,
    windows::{STAFF, day::town::FakeClock, queue::chains_are_whole, servers::sessions_at, visits::sound},
};
use jiff::{SignedDuration, Span, Timestamp};
use server::reports::chain;

struct Days<'a> {
    server: &'a Process,
    http: reqwest::Client,
}

impl Days<'_> {
    async fn send(&self, session: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let request = if fields.is_empty() {
            self.http.get(self.server.url(path))
        } else {
            self.http.post(self.server.url(path)).form(fields)
        };
        let request = request.header("origin", self.server.url("")).header("cookie", format!("linli={session}"));
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let text = answer.text().await.expect("text");
        assert!(status < 500 && !location.starts_with("/login"), "{path} {fields:?}: {status} {location} {text}");
        (status, if location.is_empty() { text } else { location })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_hour_forwards_and_back_confuses_nobody() {
    on_both(|test| async move {
        lives(&test).await;
        // A Wednesday's working morning.
        let morning: Timestamp = crate::support::NOW.parse().expect("an instant");
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FakeClock(folder.path().join("clock"));
        clock.set(&test, morning);
        let hour = SignedDuration::from_hours(1);
        let settings = clock.settings();
        let mut settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let photos = folder.path().join("photos").display().to_string();
        settings.extend([("LINLI_DATABASE_URL", test.database_url.as_str()), ("LINLI_BLOBS_URL", photos.as_str())]);
        let server = Process::start(&settings).await;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let days = Days { server: &server, http };
        let sessions = sessions_at(&test, &[reports::RESIDENT, reports::NEIGHBOUR, STAFF], morning).await;
        let [resident, neighbour, staff] = &sessions[..] else { panic!("three") };
        let day = app::time::day_of(morning).checked_add(Span::new().days(2)).expect("in range").to_string();
        let slot = crate::windows::slot(&day, "1000");
        let counter = "/staff/counter/hall-wutong.4";

        // Each time the clock says another hour: somebody begins something, and what was begun by the other clock goes on.
        let mut tickets = Vec::new();
        days.send(staff, &format!("{counter}/open"), &[("n", "1")]).await;
        for (n, step) in [0, 1, -1, -1, 1].into_iter().enumerate() {
            let now = test.app.clock.now() + hour * step;
            clock.set(&test, now);
            let key = format!("clock-report-key-{n}");
            let mut fields = reports::fields(&key);
            fields.push(("different", "1"));
            let (status, said) = days.send(neighbour, "/report", &fields).await;
            assert_eq!(status, 303, "{said}");
            let code = said.trim_start_matches("/reports/").split('?').next().expect("a code").to_owned();
            // Booked by one clock, cancelled by another; sent again, it is the same.
            let key = format!("clock-{n}");
            let fields = [("slot", slot.as_str()), ("key", key.as_str())];
            let (status, booked) = days.send(resident, "/services/flexible-employment/book", &fields).await;
            assert_eq!(status, 303, "{booked}");
            let again = days.send(resident, "/services/flexible-employment/book", &fields).await;
            assert_eq!(again, (303, booked.clone()));
            // A number is drawn; the one before is called, served and finished by the clock as it is now.
            let walk_in = [("item", "birth-registration"), ("key", key.as_str())];
            let (status, said) = days.send(staff, &format!("{counter}/walk-in"), &walk_in).await;
            assert_eq!(status, 303, "{said}");
            if let Some(id) = tickets.pop() {
                let id: String = id;
                for step in ["start", "finish"] {
                    let fields = [("ticket", id.as_str()), ("step", step)];
                    let (status, said) = days.send(staff, &format!("{counter}/step"), &fields).await;
                    assert_eq!(status, 303, "{step}: {said}");
                }
            }
            let (status, said) = days.send(staff, &format!("{counter}/call"), &[("n", "1")]).await;
            assert_eq!(status, 303, "{said}");
            let (_, page) = days.send(staff, counter, &[]).await;
            tickets.push(crate::notices::hidden(&page, "ticket"));
            // A step for the report, and the booking is given back, by the clock an hour later or earlier.
            clock.set(&test, now - hour * step.signum());
            let (_, page) = days.send(staff, &format!("/staff/reports/{code}"), &[]).await;
            let version = crate::notices::hidden(&page, "version");
            let fields = [("step", "accept"), ("version", version.as_str())];
            let (status, said) = days.send(staff, &format!("/staff/reports/{code}"), &fields).await;
            assert_eq!(status, 303, "{said}");
            let (status, said) = days.send(resident, &format!("{booked}/cancel"), &[("reason", "")]).await;
            assert_eq!(status, 303, "{said}");
            clock.set(&test, now);
            chains_are_whole(&test).await;
        }
        let verdict = chain::verify(&test.app.db).await.expect("verified");
        assert!(verdict.broken.is_empty() && verdict.good == 5, "{verdict:?}");
        sound(&test).await;
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment WHERE state = 'cancelled'").await, 5);
        let backwards = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event a JOIN report_event b ON b.report_id = a.report_id \
                         AND b.seq = a.seq + 1 WHERE b.at < a.at";
        eprintln!("{} events are dated before the one they follow", number(&test, backwards).await);
        // Jobs that were queued by the later clock run as soon as it is that late, at the latest.
        clock.set(&test, test.app.clock.now() + hour);
        crate::faults::wire::within(std::time::Duration::from_secs(20), "due jobs are done", async || {
            let due = format!(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state IN ('queued', 'running') AND run_at <= {}",
                test.app.clock.now().as_microsecond()
            );
            number(&test, &due).await == 0
        })
        .await;
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'dead'").await, 0);
    })
    .await;
}
