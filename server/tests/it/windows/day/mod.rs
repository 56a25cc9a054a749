//! A simulated day: three halls, fifteen windows, 1,500 visitors, one real server that is killed three times and started
//! again. Visitors and clerks send what got no answer once more, with the same key. The server's clock is the test's
//! (libfaketime), so that people are late, wait and are served for minutes that the figures can be counted from.

mod clerks;
pub mod town;
mod visitors;

use super::{halls, queue::chains_are_whole, recount, servers::sessions_at, visits::sound};
use crate::{
    process::Process,
    support::{TestApp, on_both},
};
use app::time::at_time;
use clerks::{Desk, clerks_show_their_second_factor, desks};
use jiff::{
    SignedDuration,
    civil::{Date, date, time},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use town::{FakeClock, Town, at_minute};
use visitors::{Arrival, Booked, accounts, arrivals, arrive, book, take_offers};

/// Halls with a clerk of their community.
pub const HALLS: [(&str, &str); 3] =
    [("hall-wutong", "19900000031"), ("hall-cailing", "19900020010"), ("hall-tinglan", "19900020024")];
/// The day: a Thursday.
pub const DAY: Date = date(2026, 11, 26);
/// Everybody who comes, should come, or wanted to.
const VISITORS: usize = 1500;
/// Of these: try to book online the day before.
const ONLINE: usize = 520;
/// Of these: are booked by staff.
const ASSISTED: usize = 60;
/// Requests in flight at once.
const AT_ONCE: usize = 24;

/// Items that each hall has people for.
const ITEMS: [&str; 8] = [
    "social-card-replace",
    "flexible-employment",
    "pension-check",
    "senior-allowance",
    "temporary-relief",
    "birth-registration",
    "only-child-reward",
    "worker-aid",
];

/// The day itself, minute by minute; everything of a minute happens at once.
async fn live(town: &Town<'_>, clock: &FakeClock, mut coming: BTreeMap<i64, Vec<Arrival>>) {
    clock.set(town.test, at_minute(505));
    clerks_show_their_second_factor(town.test).await;
    let mut desks = desks(town).await;
    assert_eq!(desks.len(), 15);
    // From 8:26 until everybody has gone.
    for minute in 506..1200 {
        let arriving = coming.remove(&minute).unwrap_or_default();
        let idle = |desk: &Desk| desk.now.is_none() && desk.aside.is_empty();
        if coming.is_empty() && arriving.is_empty() && minute > 1080 && desks.iter().all(idle) {
            break;
        }
        clock.set(town.test, at_minute(minute));
        let kill = [600, 900].contains(&minute);
        let come = arriving.into_iter().map(|one| arrive(town, one));
        let work = desks.iter_mut().map(|desk| desk.work(town, minute));
        let (later, _, ()) = tokio::join!(futures::future::join_all(come), futures::future::join_all(work), async {
            if kill {
                town.kill_after(3).await;
            }
        });
        for (after, one) in later.into_iter().flatten() {
            coming.entry(minute + after).or_default().push(one);
        }
    }
    assert!(coming.is_empty());
}

/// Windows do one thing at a time: the times in which they have somebody do not overlap.
async fn windows_have_one_person_at_a_time(test: &TestApp) {
    let spans: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT window_id, starts_at, ends_at FROM ticket_interval WHERE state IN ('called', 'serving') \
         AND ends_at IS NOT NULL ORDER BY window_id, starts_at, ends_at",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("read");
    assert!(spans.len() > 1000, "{}", spans.len());
    for pair in spans.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        assert!(pair[0].2 <= pair[1].1, "two people at once: {pair:?}");
    }
}

/// What was answered is there, and nothing else is.
async fn what_was_answered_is_there(town: &Town<'_>, booked: &[Booked]) {
    let codes: Vec<(String, String)> =
        sqlx::query_as("SELECT code, state FROM appointment").fetch_all(town.test.app.db.read()).await.expect("read");
    let there: BTreeMap<&str, &str> = codes.iter().map(|(code, state)| (code.as_str(), state.as_str())).collect();
    assert_eq!(there.len(), booked.len(), "no booking more or less than were confirmed");
    for one in booked {
        let code = one.path.rsplit('/').next().expect("a code");
        let state = there.get(code).unwrap_or_else(|| panic!("{code} was confirmed and is gone"));
        assert_eq!(*state == "cancelled", one.cancelled, "{code} is {state}");
        assert!(["cancelled", "done", "no_show"].contains(state), "{code} is still {state}");
    }
    let tickets: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM ticket").fetch_all(town.test.app.db.read()).await.expect("read");
    let tickets: BTreeSet<&str> = tickets.iter().map(|(id,)| id.as_str()).collect();
    let given = town.tickets.lock().expect("whole").keys().cloned().collect::<Vec<_>>();
    assert_eq!(tickets, given.iter().map(String::as_str).collect(), "each visitor has the number they were told");
    // Each tap that was answered is one step, and those taken back are marked.
    let steps: Vec<(String, i64)> = sqlx::query_as(
        "SELECT action, CAST(COUNT(*) AS BIGINT) FROM ticket_step WHERE staff_id IS NOT NULL AND window_id IS NOT NULL \
         GROUP BY action UNION ALL SELECT 'undo', CAST(COUNT(*) AS BIGINT) FROM ticket_step WHERE undone_at IS NOT NULL",
    )
    .fetch_all(town.test.app.db.read())
    .await
    .expect("counted");
    let steps: BTreeMap<String, usize> =
        steps.into_iter().map(|(step, count)| (step, usize::try_from(count).expect("few"))).collect();
    assert_eq!(steps, *town.steps.lock().expect("whole"));
    // Nobody is served to the end twice.
    let (twice,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT ticket_id FROM ticket_step WHERE action = 'finish' \
         AND undone_at IS NULL GROUP BY ticket_id HAVING COUNT(*) > 1) x",
    )
    .fetch_one(town.test.app.db.read())
    .await
    .expect("counted");
    assert_eq!(twice, 0);
}

fn secret(folder: &Path) -> PathBuf {
    // The tests' own, so that the door's code can be read off here.
    let path = folder.join("secret");
    std::fs::write(&path, [7; 32]).expect("written");
    path
}

async fn a_day(test: TestApp) {
    halls(&test).await;
    let folder = tempfile::tempdir().expect("a folder");
    let clock = FakeClock(folder.path().join("clock"));
    clock.set(&test, test.app.clock.now());
    let secret = secret(folder.path()).display().to_string();
    let faked = clock.settings();
    let mut settings = vec![
        ("LINLI_DATABASE_URL", test.database_url.as_str()),
        ("LINLI_SECRET_FILE", secret.as_str()),
        ("LINLI_CLIENT_IP_HEADER", "x-test-ip"),
    ];
    settings.extend(faked.iter().map(|(name, value)| (*name, value.as_str())));
    let server = Process::start(&settings).await;
    let sessions = accounts(&test, VISITORS).await;
    let mut staff = Vec::new();
    for (_, phone) in HALLS {
        staff.extend(sessions_at(&test, &[phone], test.app.clock.now()).await);
    }
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let town = Town {
        test: &test,
        base: server.url(""),
        server: tokio::sync::Mutex::new(server),
        http,
        lost: AtomicUsize::new(0),
        answers: AtomicUsize::new(0),
        staff,
        steps: Mutex::default(),
        tickets: Mutex::default(),
    };
    let mut booked = book(&town, &sessions).await;
    clock.set(&test, test.app.clock.now() + SignedDuration::from_mins(12));
    take_offers(&town, &sessions, &mut booked).await;
    sound(&test).await;
    let coming = arrivals(&town, &sessions, &booked).await;
    live(&town, &clock, coming).await;
    // The night: what was left open ends, who never came has missed it.
    clock.set(&test, at_time(DAY.tomorrow().expect("a day"), time(0, 20, 0, 0)));
    for _ in 0..1200 {
        let (open,): (i64,) = sqlx::query_as(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment WHERE state IN ('booked', 'checked_in')) + \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM ticket WHERE state NOT IN ('done', 'no_show', 'left'))",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        if open == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    chains_are_whole(&test).await;
    windows_have_one_person_at_a_time(&test).await;
    what_was_answered_is_there(&town, &booked).await;
    clerks_show_their_second_factor(&test).await;
    let mut served = 0;
    for (n, (hall, _)) in HALLS.iter().enumerate() {
        let path = format!("{}/staff/statistics/download?as=csv&hall={hall}&from={DAY}&to={DAY}", town.base);
        let answer = town.http.get(path).header("cookie", format!("linli={}", town.staff[n])).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        let file = answer.text().await.expect("a file");
        served += recount::equals(&test, hall, DAY, &file).await;
    }
    let lost = town.lost.load(Ordering::SeqCst);
    eprintln!("{served} served; {lost} requests lost and sent again; {:?}", town.steps.lock().expect("whole"));
    assert!(served > 1000 && lost > 0, "{served} served, {lost} lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_with_1500_visitors_and_a_server_killed_three_times_adds_up() {
    on_both(a_day).await;
}
