//! A flood of anonymous holds from many browsers and addresses cannot empty a day.

use super::TOMORROW;
use super::{halls, one_window_with, residents, slot, taken, visits::sound};
use crate::support::{Browser, on_both};
use sha2::{Digest, Sha256};

const HOLD: &str = "/services/flexible-employment/hold";
const TIMES: [&str; 14] =
    ["0830", "0900", "0930", "1000", "1030", "1100", "1330", "1400", "1430", "1500", "1530", "1600", "1630", "1700"];

/// The answer that a browser finds by trying.
pub fn solve(challenge: &str) -> String {
    (0_u64..)
        .map(|n| n.to_string())
        .find(|answer| {
            let hash = Sha256::digest(format!("{challenge}:{answer}"));
            u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= app::windows::WORK_BITS
        })
        .expect("found")
}

/// All at once; gives the statuses with the challenge of those that got one.
async fn all_at_once(
    browsers: &[Browser],
    fields: impl Fn(usize) -> Vec<(&'static str, String)>,
) -> Vec<(u16, Option<String>)> {
    let tasks: Vec<_> = browsers
        .iter()
        .enumerate()
        .map(|(n, browser)| {
            let (mut browser, fields) = (browser.clone(), fields(n));
            tokio::spawn(async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = browser.post(HOLD, &fields).await;
                let page = answer.text();
                let challenge = page.split("data-work=\"").nth(1).and_then(|rest| rest.split('"').next());
                (answer.status.as_u16(), challenge.map(str::to_owned))
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.expect("no panic"));
    }
    outcomes
}

fn count(outcomes: &[(u16, Option<String>)], status: u16) -> usize {
    outcomes.iter().filter(|(one, _)| *one == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn strangers_keep_a_quarter_of_a_day_a_half_with_work_and_never_the_rest() {
    on_both(|test| async move {
        halls(&test).await;
        // 14 times of 5 places: 70.
        one_window_with(&test, 5).await;
        let mut browsers = Vec::new();
        for n in 0..60 {
            let mut browser = test.visitor();
            browser.ip = format!("198.51.100.{n}");
            browser.get("/services").await;
            browsers.push(browser);
        }
        let wish = |n: usize| vec![("slot", slot(TOMORROW, TIMES[n % TIMES.len()]))];
        let first = all_at_once(&browsers, wish).await;
        assert_eq!((count(&first, 303), count(&first, 429)), (17, 43), "a quarter of 70");
        assert_eq!(first.iter().filter(|(_, work)| work.is_some()).count(), 43, "all others may work for it");

        let waiting: Vec<(Browser, String)> = browsers
            .iter()
            .zip(&first)
            .filter_map(|(browser, (_, work))| Some((browser.clone(), work.clone()?)))
            .collect();
        let (browsers, works): (Vec<Browser>, Vec<String>) = waiting.into_iter().unzip();
        // Nobody uses another's work, from another address, or a wrong answer.
        let solved = [("slot", slot(TOMORROW, "1700")), ("challenge", works[0].clone()), ("answer", solve(&works[0]))];
        let fields: Vec<(&str, &str)> = solved.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut other = browsers[1].clone();
        other.ip = browsers[0].ip.clone();
        assert_eq!(other.post(HOLD, &fields).await.status, 429, "another browser");
        let mut moved = browsers[0].clone();
        moved.ip = "203.0.113.9".into();
        assert_eq!(moved.post(HOLD, &fields).await.status, 429, "another address");
        let wrong = [fields[0], fields[1], ("answer", "x")];
        assert_eq!(browsers[0].clone().post(HOLD, &wrong).await.status, 429);

        let worked = |n: usize| {
            let mut fields = wish(n);
            fields.push(("challenge", works[n].clone()));
            fields.push(("answer", solve(&works[n])));
            fields
        };
        let second = all_at_once(&browsers, worked).await;
        let (kept, full) = (count(&second, 303), count(&second, 409));
        assert_eq!(kept + 17, 35, "half of 70; {full} found their time full");
        assert_eq!(count(&second, 429) + full, 43 - 18);
        assert!(second.iter().all(|(_, work)| work.is_none()), "more work does not help: sign in");
        // The same piece of work once more.
        let again = all_at_once(&browsers, worked).await;
        assert_eq!(count(&again, 303), kept, "only those who have one, for the same time");
        sound(&test).await;

        // The other half is there for people: all of it can be booked.
        let people = residents(&test, 60).await;
        let tasks: Vec<_> = people
            .into_iter()
            .enumerate()
            .map(|(n, mut browser)| {
                tokio::spawn(async move {
                    let mut booked = 0;
                    for at in 0..TIMES.len() {
                        let (slot, key) = (slot(TOMORROW, TIMES[(n + at) % TIMES.len()]), format!("k{n}.{at}"));
                        let fields = [("slot", slot.as_str()), ("key", key.as_str())];
                        let answer = browser.post("/services/flexible-employment/book", &fields).await;
                        booked += usize::from(answer.status == 303);
                    }
                    booked
                })
            })
            .collect();
        let mut booked = 0;
        for task in tasks {
            booked += task.await.expect("no panic");
        }
        assert_eq!(booked, 35);
        assert_eq!(taken(&test).await, (35, 35));
        sound(&test).await;
    })
    .await;
}
