//! A simulated day: three halls, fifteen windows, 1,500 visitors, one real server that is killed three times and started
//! again. Visitors and clerks send what got no answer once more, with the same key. The server's clock is the test's
//! (libfaketime), so that people are late, wait and are served for minutes that the figures can be counted from.

use super::{halls, queue::chains_are_whole, recount, servers::sessions_at, visits::sound};
use crate::{
    process::Process,
    support::{Dice, TestApp, on_both},
};
use app::{people::Phone, time::at_time, windows::SlotRef};
use futures::{StreamExt, stream};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time, date, time},
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

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

/// A clock in a file, read by the server at every look.
struct FakeClock(PathBuf);

impl FakeClock {
    fn set(&self, test: &TestApp, now: Timestamp) {
        test.app.clock.advance(now.duration_since(test.app.clock.now()));
        let next = self.0.with_extension("next");
        std::fs::write(&next, now.as_second().to_string()).expect("written");
        std::fs::rename(next, &self.0).expect("in its place");
    }

    /// What makes a process read it.
    fn settings(&self) -> [(&str, String); 7] {
        let library = std::fs::read_dir("/usr/lib")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
            .find(|path| path.exists())
            .expect("libfaketime is installed (tools/setup.sh test)");
        [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.0.display().to_string()),
            ("FAKETIME_FMT", "%s".to_owned()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("NO_FAKE_STAT", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("TZ", "UTC".to_owned()),
        ]
    }
}

/// An answer.
#[derive(Clone, Debug)]
struct Reply {
    status: u16,
    location: String,
}

struct Town<'a> {
    test: &'a TestApp,
    server: tokio::sync::Mutex<Process>,
    base: String,
    http: reqwest::Client,
    /// Requests that got no answer and were sent again.
    lost: AtomicUsize,
    /// Answers so far.
    answers: AtomicUsize,
    /// Sessions of the halls' clerks.
    staff: Vec<String>,
    /// What was answered: steps by action, tickets with the token of their page.
    steps: Mutex<BTreeMap<String, usize>>,
    tickets: Mutex<BTreeMap<String, (String, String)>>,
}

impl Town<'_> {
    /// Sends a form until it is answered.
    async fn post(&self, session: &str, ip: usize, path: &str, fields: &[(&str, &str)]) -> Reply {
        let send = async {
            loop {
                let request = self
                    .http
                    .post(format!("{}{path}", self.base))
                    .header("origin", &self.base)
                    .header("x-test-ip", format!("10.0.{}.{}", ip / 250, ip % 250 + 1))
                    .header("cookie", format!("linli={session}"))
                    .form(fields);
                if let Ok(answer) = request.send().await {
                    let status = answer.status().as_u16();
                    let location = answer.headers().get("location").and_then(|to| to.to_str().ok());
                    let location = location.unwrap_or_default().to_owned();
                    if let Ok(text) = answer.text().await {
                        assert!(status < 500 && status != 429, "{path} {fields:?}: {status} {text}");
                        assert!(!location.starts_with("/login"), "{path} {fields:?}: to the door");
                        self.answers.fetch_add(1, Ordering::SeqCst);
                        return Reply { status, location };
                    }
                }
                self.lost.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(120), send).await.expect("an answer in the end")
    }

    /// Kills the server as soon as so many answers more have been given, in the middle of the others, and starts it.
    async fn kill_after(&self, answers: usize) {
        let until = self.answers.load(Ordering::SeqCst) + answers;
        let seen = async {
            while self.answers.load(Ordering::SeqCst) < until {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        // A minute in which less happens gets it as well.
        let _ = tokio::time::timeout(Duration::from_secs(3), seen).await;
        let mut server = self.server.lock().await;
        server.kill();
        server.start_again().await;
    }

    async fn row<T>(&self, sql: &'static str, bound: &str) -> Option<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
    {
        sqlx::query_as(sql).bind(bound).fetch_optional(self.test.app.db.read()).await.expect("read")
    }

    fn keep_ticket(&self, id: &str, session: &str, token: &str) {
        let known = self.tickets.lock().expect("whole").insert(id.to_owned(), (session.to_owned(), token.to_owned()));
        assert!(known.is_none(), "{id} was given to two");
    }
}

/// Somebody who books, or tries to.
struct Booked {
    hall: usize,
    path: String,
    session: String,
    /// It was cancelled, and that was answered.
    cancelled: bool,
}

fn minute(at: Timestamp) -> i64 {
    (at.as_second() - at_time(DAY, Time::midnight()).as_second()) / 60
}

fn at_minute(minute: i64) -> Timestamp {
    at_time(DAY, Time::midnight()) + SignedDuration::from_mins(minute)
}

/// Accounts of the visitors, with a session each.
async fn accounts(test: &TestApp, count: usize) -> Vec<String> {
    let now = test.app.clock.now();
    let community: (String,) = sqlx::query_as("SELECT id FROM organisation WHERE code = 'wutong'")
        .fetch_one(test.app.db.read())
        .await
        .expect("there");
    let mut tx = test.app.db.begin().await.expect("begin");
    let mut sessions = Vec::new();
    for n in 0..count {
        let phone = Phone::parse(&format!("187{n:08}")).expect("a number");
        let new = server::people::store::NewPerson {
            name: &format!("访客{n}"),
            phone: &phone,
            unit: ("", ""),
            community_id: Some(&community.0),
            building_id: None,
            demo: false,
        };
        let id = server::people::store::insert(&mut tx, &test.app.secrets, new, now).await.expect("a person");
        sessions.push(server::auth::session::open(&mut tx, &id, "test", now).await.expect("a session"));
    }
    tx.commit().await.expect("commit");
    sessions
}

/// The begins of a hall's slots on the day.
async fn begins(town: &Town<'_>, hall: &str) -> Vec<String> {
    let hall = server::windows::store::halls::by_code(&town.test.app.db, hall).await.expect("read").expect("there");
    let rules = server::windows::store::halls::rules(town.test.app.db.read(), &hall.id, DAY).await.expect("read");
    let app::windows::DayHours::Open(hours) = rules.day(DAY, &town.test.app.calendar) else { panic!("open") };
    let slots = app::windows::slots_of(&hours, hall.slot_minutes);
    slots.iter().map(|slot| SlotRef { hall: hall.code.clone(), at: DAY.to_datetime(slot.from) }.to_string()).collect()
}

/// The day before: people book for themselves and relatives, some keep a time first; nobody is sent away before they
/// have tried four times, then they wait for the day. Staff book for others. Some change, some cancel; who waits is
/// offered what was freed.
async fn book(town: &Town<'_>, sessions: &[String]) -> Vec<Booked> {
    let mut slots = Vec::new();
    for (hall, _) in HALLS {
        slots.push(begins(town, hall).await);
    }
    let waiting = AtomicUsize::new(0);
    let (slots, waiting) = (&slots, &waiting);
    let online = (0..ONLINE).map(|n| async move {
        let mut dice = Dice(n as u64 * 7919 + 1);
        // More than there are places for at the second hall.
        let (hall, session) = ([0, 0, 1, 1, 1, 2][n % 6], &sessions[n]);
        let item = *dice.one_of(&ITEMS);
        let path = format!("/services/{item}/book");
        for attempt in 0..4 {
            let (slot, key) = (dice.one_of(&slots[hall]), format!("book-{n}-{attempt}"));
            if n % 5 == 0 {
                town.post(session, n, &format!("/services/{item}/hold"), &[("slot", slot)]).await;
            }
            let mut fields = vec![("slot", slot.as_str()), ("key", key.as_str())];
            if n % 6 == 0 {
                fields.extend([
                    ("relative", "1"),
                    ("for_name", "林秀英"),
                    ("for_relation", "母亲"),
                    ("consent", "1"),
                    ("need", "轮椅"),
                ]);
            }
            let reply = town.post(session, n, &path, &fields).await;
            if reply.status == 303 {
                return Some(Booked { hall, path: reply.location, session: session.clone(), cancelled: false });
            }
            assert_eq!(reply.status, 409, "{path} {fields:?}");
        }
        let day = DAY.to_string();
        let fields = [("hall", HALLS[hall].0), ("date", day.as_str())];
        let joined = town.post(session, n, &format!("/services/{item}/wait"), &fields).await;
        waiting.fetch_add(usize::from(joined.status == 303), Ordering::SeqCst);
        None
    });
    let all = stream::iter(online).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let (found, ()) = tokio::join!(all, town.kill_after(120));
    let mut booked: Vec<Booked> = found.into_iter().flatten().collect();

    let assisted = (0..ASSISTED).map(|n| async move {
        let mut dice = Dice(n as u64 + 77);
        let hall = n % 3;
        let (phone, key, slot) = (format!("186{n:08}"), format!("assist-{n}"), dice.one_of(&slots[hall]));
        let fields = [
            ("hall", HALLS[hall].0),
            ("item", *dice.one_of(&ITEMS)),
            ("slot", slot),
            ("phone", &phone),
            ("name", "代约"),
            ("key", &key),
        ];
        let reply = town.post(&town.staff[hall], n, "/staff/appointments/new", &fields).await;
        assert!([303, 409].contains(&reply.status), "{fields:?}: {}", reply.status);
        (reply.status == 303).then(|| Booked { hall, path: reply.location, session: String::new(), cancelled: false })
    });
    booked.extend(stream::iter(assisted).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await.into_iter().flatten());

    let later = booked.iter_mut().enumerate().filter(|(_, one)| !one.session.is_empty()).map(|(n, one)| async move {
        let mut dice = Dice(n as u64 + 3);
        if dice.percent(8) {
            let reply = town.post(&one.session, n, &format!("{}/cancel", one.path), &[("reason", "有事")]).await;
            assert_eq!(reply.status, 303);
            one.cancelled = true;
        } else if dice.percent(6) {
            let slot = dice.one_of(&slots[one.hall]);
            let reply = town.post(&one.session, n, &format!("{}/change", one.path), &[("slot", slot)]).await;
            assert!([303, 409].contains(&reply.status), "{slot}: {}", reply.status);
        }
    });
    stream::iter(later).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    eprintln!("{} booked, {} wait for the day", booked.len(), waiting.load(Ordering::SeqCst));
    booked
}

/// Freed places have been offered to those who wait: they take them.
async fn take_offers(town: &Town<'_>, sessions: &[String], booked: &mut Vec<Booked>) {
    let due =
        "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE kind = 'offer_places' AND state <> 'done' AND run_at <= $1";
    for _ in 0..600 {
        let now = town.test.app.clock.now().as_microsecond();
        let (queued,): (i64,) =
            sqlx::query_as(due).bind(now).fetch_one(town.test.app.db.read()).await.expect("counted");
        if queued == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let offered: Vec<(String, String)> = sqlx::query_as(
        "SELECT e.id, p.name FROM wait_entry e JOIN person p ON p.id = e.person_id WHERE e.state = 'offered' ORDER BY e.id",
    )
    .fetch_all(town.test.app.db.read())
    .await
    .expect("read");
    let taken = stream::iter(offered.iter().map(|(id, name)| async move {
        let n: usize = name.trim_start_matches("访客").parse().expect("a visitor's number");
        let reply = town.post(&sessions[n], n, &format!("/me/waiting/{id}/accept"), &[]).await;
        assert_eq!(reply.status, 303, "an offer that stands is taken");
        Booked { hall: 0, path: reply.location, session: sessions[n].clone(), cancelled: false }
    }));
    let taken: Vec<Booked> = taken.buffer_unordered(AT_ONCE).collect().await;
    eprintln!("{} offers of the waiting list taken", taken.len());
    booked.extend(taken);
}

/// How somebody comes to a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Reception,
    Kiosk,
    Door,
    Remote,
}

/// Somebody who comes, at a minute of the day.
struct Arrival {
    n: usize,
    hall: usize,
    way: Way,
    session: String,
    /// The booking's code, or nothing.
    code: String,
    /// The ticket that was drawn from afar, to be checked in.
    ticket: String,
    item: &'static str,
}

/// Comes, and gives what follows: somebody with a number from afar comes to the door later.
async fn arrive(town: &Town<'_>, mut one: Arrival) -> Option<(i64, Arrival)> {
    let mut dice = Dice(one.n as u64 * 31 + 7);
    let (hall, _) = HALLS[one.hall];
    let door = town.test.app.secrets.link_token("door", hall);
    let staff = &town.staff[one.hall];
    if !one.code.is_empty() {
        let code = ("code", one.code.as_str());
        let reply = match one.way {
            Way::Kiosk => town.post("", one.n, &format!("/kiosk/{hall}/check-in"), &[code]).await,
            Way::Door => {
                town.post(&one.session, one.n, &format!("/halls/{hall}/door/check-in"), &[code, ("d", &door)]).await
            }
            _ => town.post(staff, one.n, "/staff/reception/check-in", &[code, ("hall", hall)]).await,
        };
        assert!([200, 303].contains(&reply.status), "{}: {}", one.code, reply.status);
        let sql = "SELECT t.id FROM ticket t JOIN appointment a ON a.id = t.appointment_id WHERE a.code = $1";
        let (id,) = town.row::<(String,)>(sql, &one.code).await.expect("checked in");
        town.keep_ticket(&id, "", "");
        return None;
    }
    if !one.ticket.is_empty() {
        let fields = [("ticket", one.ticket.as_str()), ("d", door.as_str())];
        let reply = town.post(&one.session, one.n, &format!("/halls/{hall}/door/check-in"), &fields).await;
        assert_eq!(reply.status, 303);
        return None;
    }
    let key = format!("number-{}", one.n);
    let fields = [("item", one.item), ("key", key.as_str()), ("d", door.as_str())];
    let drawn = match one.way {
        Way::Kiosk => town.post("", one.n, &format!("/kiosk/{hall}/number"), &fields).await,
        Way::Door => town.post(&one.session, one.n, &format!("/halls/{hall}/door/number"), &fields).await,
        Way::Remote => town.post(&one.session, one.n, &format!("/halls/{hall}/ticket/number"), &fields).await,
        Way::Reception => {
            let class = *dice.one_of(&["ordinary", "ordinary", "ordinary", "ordinary", "senior", "pregnant"]);
            let name = format!("来人{}", one.n);
            let fields =
                [("hall", hall), ("item", one.item), ("name", &name), ("class2", class), ("key", key.as_str())];
            town.post(staff, one.n, "/staff/reception/number", &fields).await
        }
    };
    if drawn.status == 409 {
        // All numbers that nobody gives out are gone: at the desk there is always one.
        one.way = Way::Reception;
        return Some((1, one));
    }
    assert_eq!(drawn.status, 303);
    let after =
        |mark: &str| drawn.location.split_once(mark).map(|(_, rest)| rest.split(['&', '?']).next().expect("an id"));
    let id = after("ticket=").or_else(|| after("done=")).or_else(|| after("/tickets/")).expect("a ticket").to_owned();
    let token = after("t=").filter(|_| one.way != Way::Reception).unwrap_or_default().to_owned();
    town.keep_ticket(&id, &one.session, if one.way == Way::Kiosk { after("&t=").unwrap_or_default() } else { &token });
    if one.way == Way::Remote && dice.percent(90) {
        one.ticket = id;
        return Some((5 + i64::try_from(dice.below(20)).expect("small"), one));
    }
    None
}

/// What a clerk does next with the person at the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Recall,
    Start,
    Pass,
    NoShow,
    Park,
    Transfer,
    Finish,
    FinishAndUndo,
}

struct Desk {
    hall: usize,
    number: i64,
    id: String,
    dice: Dice,
    /// Who is there, and what will happen when.
    now: Option<(String, VecDeque<(i64, Act)>)>,
    /// Steps for people who are not at the window: when, who, which.
    aside: Vec<(i64, String, &'static str)>,
    taps: usize,
}

impl Desk {
    fn address(&self) -> String {
        format!("/staff/counter/{}.{}", HALLS[self.hall].0, self.number)
    }

    /// One tap of the clerk; counted when it was done.
    async fn tap(&mut self, town: &Town<'_>, ticket: &str, step: &str, more: &[(&str, &str)]) -> bool {
        self.taps += 1;
        let key = format!("{}.{}.{}", HALLS[self.hall].0, self.number, self.taps);
        let mut fields = vec![("key", key.as_str()), ("ticket", ticket), ("step", step)];
        fields.extend(more);
        let path = if step == "call" { "call" } else { "step" };
        let reply = town.post(&town.staff[self.hall], 0, &format!("{}/{path}", self.address()), &fields).await;
        assert!([303, 409].contains(&reply.status), "{step}: {}", reply.status);
        if reply.status == 303 {
            *town.steps.lock().expect("whole").entry(step.to_owned()).or_default() += 1;
        }
        reply.status == 303
    }

    /// Everything that is due at this window.
    async fn work(&mut self, town: &Town<'_>, minute: i64) {
        let due: Vec<_> = self.aside.iter().filter(|(at, ..)| *at <= minute).cloned().collect();
        self.aside.retain(|(at, ..)| *at > minute);
        for (_, ticket, step) in due {
            assert!(self.tap(town, &ticket, step, &[]).await, "{step} of {ticket}");
        }
        if let Some((ticket, mut plan)) = self.now.take() {
            while let Some((at, act)) = plan.pop_front() {
                if at > minute {
                    plan.push_front((at, act));
                    break;
                }
                if !self.act(town, minute, &ticket, act).await {
                    let sql = "SELECT state FROM ticket WHERE id = $1";
                    let (state,) = town.row::<(String,)>(sql, &ticket).await.expect("there");
                    assert_eq!(state, "left", "only somebody who has left cannot be {act:?}");
                    plan.clear();
                }
            }
            if !plan.is_empty() {
                self.now = Some((ticket, plan));
                return;
            }
        }
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket t JOIN service_window w ON w.id = $1 \
                   AND w.hall_id = t.hall_id WHERE t.state = 'waiting' AND (t.only_window_id = w.id OR \
                   (t.only_window_id IS NULL AND EXISTS (SELECT 1 FROM window_item x WHERE x.window_id = w.id \
                   AND x.item_id = t.item_id)))";
        let waiting = town.row::<(i64,)>(sql, &self.id).await.unwrap_or_default();
        if waiting.0 == 0 || !self.tap(town, "", "call", &[]).await {
            return;
        }
        let sql = "SELECT id FROM ticket WHERE window_id = $1 AND state = 'called'";
        let Some((ticket,)) = town.row::<(String,)>(sql, &self.id).await else { return };
        self.now = Some((ticket, self.plan(minute)));
    }

    fn plan(&mut self, minute: i64) -> VecDeque<(i64, Act)> {
        let dice = &mut self.dice;
        let long = 2 + i64::try_from(dice.below(4)).expect("small");
        let mut plan = VecDeque::new();
        let mut at = minute + i64::from(dice.percent(30));
        if dice.percent(6) {
            at += 1;
            plan.push_back((at, Act::Recall));
            at += 1;
        }
        match dice.below(100) {
            0..5 => plan.push_back((at + 1, Act::Pass)),
            5..7 => plan.push_back((at + 1, Act::NoShow)),
            7..10 => plan.extend([(at, Act::Start), (at + 1, Act::Park)]),
            10..13 => plan.extend([(at, Act::Start), (at + 1, Act::Transfer)]),
            13..16 => plan.extend([(at, Act::Start), (at + long, Act::FinishAndUndo), (at + long, Act::Finish)]),
            _ => plan.extend([(at, Act::Start), (at + long, Act::Finish)]),
        }
        plan
    }

    async fn act(&mut self, town: &Town<'_>, minute: i64, ticket: &str, act: Act) -> bool {
        let missing = [("outcome", "missing")];
        match act {
            Act::Recall => self.tap(town, ticket, "recall", &[]).await,
            Act::Start => self.tap(town, ticket, "start", &[]).await,
            Act::NoShow => self.tap(town, ticket, "no_show", &[]).await,
            Act::Pass => {
                let done = self.tap(town, ticket, "pass", &[]).await;
                if done {
                    let (after, step) = if self.dice.percent(50) { (4, "recall_passed") } else { (20, "no_show") };
                    self.aside.push((minute + after, ticket.to_owned(), step));
                }
                done
            }
            Act::Park => {
                let done = self.tap(town, ticket, "park", &[]).await;
                if done {
                    self.aside.push((minute + 6, ticket.to_owned(), "unpark"));
                }
                done
            }
            Act::Transfer => {
                // To window 1, which serves everything; from there to another item.
                let more = if self.number == 1 { ("to_item", "pension-check") } else { ("to_window", "1") };
                self.tap(town, ticket, "transfer", &[more]).await
            }
            Act::Finish => {
                let more: &[(&str, &str)] = if self.dice.percent(10) { &missing } else { &[] };
                self.tap(town, ticket, "finish", more).await && self.rate(town, ticket).await
            }
            Act::FinishAndUndo => {
                if !self.tap(town, ticket, "finish", &[]).await {
                    return false;
                }
                let sql = "SELECT id FROM ticket_step WHERE ticket_id = $1 AND action = 'finish' AND undone_at IS NULL";
                let (step,) = town.row::<(String,)>(sql, ticket).await.expect("a step");
                let path = format!("{}/undo", self.address());
                let reply = town.post(&town.staff[self.hall], 0, &path, &[("step", &step)]).await;
                assert_eq!(reply.status, 303, "undone at once");
                *town.steps.lock().expect("whole").entry("undo".to_owned()).or_default() += 1;
                true
            }
        }
    }

    /// Some say how it was.
    async fn rate(&mut self, town: &Town<'_>, ticket: &str) -> bool {
        let known = town.tickets.lock().expect("whole").get(ticket).cloned();
        if let Some((session, token)) = known
            && !token.is_empty()
            && self.dice.percent(20)
        {
            let stars = (1 + self.dice.below(5)).to_string();
            let fields = [("t", token.as_str()), ("stars", stars.as_str()), ("reason", "说说")];
            let reply = town.post(&session, 0, &format!("/tickets/{ticket}/rating"), &fields).await;
            assert_eq!(reply.status, 303);
        }
        true
    }
}

/// Who comes when: those who booked, a little early or late or never, and walk-ins by every way.
async fn arrivals(town: &Town<'_>, sessions: &[String], booked: &[Booked]) -> BTreeMap<i64, Vec<Arrival>> {
    let mut dice = Dice(2026);
    let mut coming: BTreeMap<i64, Vec<Arrival>> = BTreeMap::new();
    for (n, one) in booked.iter().enumerate().filter(|(_, one)| !one.cancelled) {
        let code = one.path.rsplit('/').next().expect("a code").to_owned();
        let sql = "SELECT a.starts_at, h.code FROM appointment a JOIN hall h ON h.id = a.hall_id WHERE a.code = $1";
        let (starts, hall) = town.row::<(i64, String)>(sql, &code).await.expect("what was confirmed is there");
        let starts = minute(Timestamp::from_microsecond(starts).expect("an instant"));
        if dice.percent(8) {
            continue;
        }
        let late = i64::try_from(dice.below(46)).expect("small") - 20;
        let hall = HALLS.iter().position(|(code, _)| *code == hall).expect("known");
        let way = if one.session.is_empty() {
            Way::Reception
        } else {
            *dice.one_of(&[Way::Reception, Way::Kiosk, Way::Door])
        };
        let one = Arrival { n, hall, way, session: one.session.clone(), code, ticket: String::new(), item: "" };
        coming.entry((starts + late).max(511)).or_default().push(one);
    }
    for (n, session) in sessions.iter().enumerate().skip(ONLINE + ASSISTED) {
        let minute = if dice.percent(50) { 541 + dice.below(145) } else { 811 + dice.below(205) };
        let way = match dice.below(100) {
            0..18 => Way::Kiosk,
            18..30 => Way::Door,
            30..40 => Way::Remote,
            _ => Way::Reception,
        };
        let &item = dice.one_of(&ITEMS);
        let one =
            Arrival { n, hall: n % 3, way, session: session.clone(), code: String::new(), ticket: String::new(), item };
        coming.entry(i64::try_from(minute).expect("small")).or_default().push(one);
    }
    coming
}

async fn desks(town: &Town<'_>) -> Vec<Desk> {
    let mut desks = Vec::new();
    for (hall, (code, _)) in HALLS.iter().enumerate() {
        let sql = "SELECT id FROM hall WHERE code = $1";
        let (id,) = town.row::<(String,)>(sql, code).await.expect("there");
        for one in server::windows::store::tickets::desks(town.test.app.db.read(), &id).await.expect("read") {
            let seed = Dice(u64::try_from(one.number).expect("small") * 100 + hall as u64);
            let desk = Desk { hall, number: one.number, id: one.id, dice: seed, now: None, aside: Vec::new(), taps: 0 };
            let reply = town.post(&town.staff[hall], 0, &format!("{}/open", desk.address()), &[]).await;
            assert_eq!(reply.status, 303);
            desks.push(desk);
        }
    }
    desks
}

/// It holds for half a day.
async fn clerks_show_their_second_factor(test: &TestApp) {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query("UPDATE session SET second_factor_at = $1 WHERE second_factor_at IS NOT NULL")
        .bind(test.app.clock.now().as_microsecond())
        .execute(&mut *tx)
        .await
        .expect("set");
    tx.commit().await.expect("commit");
}

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
