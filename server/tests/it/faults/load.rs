//! People who go on whatever happens: residents book, change and cancel, report with photos; staff accept and send on,
//! a volunteer takes, and notices go out. What gets no answer is sent again with the same key, at the next server; what was
//! answered is written into a ledger, and the ledger is compared with the database in the end.

use crate::{
    notices, reports,
    support::{Dice, TestApp},
    windows::{self, servers::sessions_of},
};
use jiff::{Span, civil::Date};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// Residents who book, each for themselves.
const BOOKING: usize = 8;
/// Groups of residents who report; each person of a group files so many, since nobody may file more than 40 an hour.
const REPORTING: usize = 3;
const REPORTS_EACH: usize = 35;
/// The longest wait until something is answered at last.
const PATIENCE: Duration = Duration::from_secs(180);

/// What was answered.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Bookings by code: the slot, or nothing once it is cancelled.
    pub bookings: BTreeMap<String, Option<String>>,
    /// Reports by code, with the ids of their photos.
    pub reports: BTreeMap<String, Vec<String>>,
    /// Steps: code of the report, action.
    pub steps: Vec<(String, &'static str)>,
    /// Published notices.
    pub notices: Vec<String>,
}

/// Somebody who sends things.
struct Sender {
    session: String,
    ip: String,
}

/// Something to be sent as often as needed.
#[derive(Default)]
struct Letter {
    path: String,
    headers: Vec<(&'static str, String)>,
    kind: &'static str,
    body: Vec<u8>,
    get: bool,
}

/// An answer in the end.
#[derive(Debug)]
struct Reply {
    status: u16,
    location: String,
    text: String,
    /// It was sent more than once.
    again: bool,
}

impl Reply {
    fn json(&self, field: &str) -> String {
        let json: serde_json::Value = serde_json::from_str(&self.text).unwrap_or_default();
        json[field].as_str().unwrap_or_else(|| panic!("{field} in {self:?}")).to_owned()
    }
}

/// The load on some servers.
pub struct Load<'a> {
    test: &'a TestApp,
    servers: Vec<String>,
    http: reqwest::Client,
    today: Date,
    stopped: AtomicBool,
    /// What was answered.
    pub ledger: Mutex<Ledger>,
    filed: Mutex<VecDeque<String>>,
    /// Answers so far.
    pub answers: AtomicUsize,
    /// Requests that broke off without an answer.
    pub lost: AtomicUsize,
    /// Answers that said "later" (503).
    pub later: AtomicUsize,
    /// The longest wait for one answer, in milliseconds.
    pub longest: AtomicUsize,
}

impl<'a> Load<'a> {
    /// People who talk to these servers; the halls are open around the clock.
    pub fn new(test: &'a TestApp, servers: Vec<String>, today: Date) -> Load<'a> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A server gives an answer within a minute, whatever happens.
            .timeout(Duration::from_secs(75))
            .build()
            .expect("a client");
        Load {
            test,
            servers,
            http,
            today,
            stopped: AtomicBool::new(false),
            ledger: Mutex::default(),
            filed: Mutex::default(),
            answers: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
            later: AtomicUsize::new(0),
            longest: AtomicUsize::new(0),
        }
    }

    /// Everybody finishes what they are at.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    fn goes_on(&self) -> bool {
        !self.stopped.load(Ordering::SeqCst)
    }

    /// Everybody at once, until told to stop.
    pub async fn run(&self) {
        let phones: Vec<&str> = self.test.loaded.residents.iter().map(String::as_str).collect();
        let sessions = sessions_of(self.test, &phones).await;
        let people: Vec<Sender> = sessions.into_iter().enumerate().map(|(n, session)| sender(session, n)).collect();
        let (booking, reporting) = people.split_at(BOOKING);
        let groups = reporting.chunks(reporting.len() / REPORTING).take(REPORTING);
        let workers = [reports::STAFF, reports::VOLUNTEER, notices::SHEN];
        let workers = sessions_of(self.test, &workers).await;
        let workers: Vec<Sender> =
            workers.into_iter().enumerate().map(|(n, session)| sender(session, 900 + n)).collect();
        tokio::join!(
            futures::future::join_all(booking.iter().enumerate().map(|(n, who)| self.books(n, who))),
            futures::future::join_all(groups.enumerate().map(|(n, group)| self.reports(n, group))),
            self.handles(&workers[0], &workers[1]),
            self.publishes(&workers[2]),
        );
    }

    /// Sends it until it is answered, each time at the next server.
    async fn insist(&self, n: usize, who: &Sender, letter: &Letter) -> Reply {
        let begun = Instant::now();
        for attempt in 0.. {
            assert!(begun.elapsed() < PATIENCE, "{}: no answer in the end", letter.path);
            if let Some(reply) = self.send((n, attempt), who, letter).await {
                self.answers.fetch_add(1, Ordering::SeqCst);
                return reply;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        unreachable!("it is answered, or it took too long")
    }

    async fn send(&self, (n, attempt): (usize, usize), who: &Sender, letter: &Letter) -> Option<Reply> {
        let server = &self.servers[(n + attempt) % self.servers.len()];
        let url = format!("{server}{}", letter.path);
        let mut request = if letter.get { self.http.get(url) } else { self.http.post(url).body(letter.body.clone()) };
        request = request.header("origin", server).header("x-test-ip", &who.ip);
        request = request.header("cookie", format!("linli={}", who.session));
        if !letter.kind.is_empty() {
            request = request.header("content-type", letter.kind);
        }
        for (name, value) in &letter.headers {
            request = request.header(*name, value);
        }
        let begun = Instant::now();
        let answer = request.send().await;
        let waited = usize::try_from(begun.elapsed().as_millis()).unwrap_or(usize::MAX);
        self.longest.fetch_max(waited, Ordering::SeqCst);
        let Ok(answer) = answer else {
            self.lost.fetch_add(1, Ordering::SeqCst);
            return None;
        };
        let status = answer.status().as_u16();
        let header =
            |name: &str| answer.headers().get(name).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let (location, after) = (header("location"), header("retry-after"));
        let Ok(text) = answer.text().await else {
            self.lost.fetch_add(1, Ordering::SeqCst);
            return None;
        };
        if status == 503 {
            // Nobody is left alone with a number: it says what is and when to come again.
            assert!(!after.is_empty(), "{}: 503 without a time to come again", letter.path);
            assert!(text.contains("请稍等片刻再试一次"), "{}: {text}", letter.path);
            self.later.fetch_add(1, Ordering::SeqCst);
            return None;
        }
        assert!(status < 500, "{}: {status} {text}", letter.path);
        assert!(!location.starts_with("/login"), "{}: to the door", letter.path);
        Some(Reply { status, location, text, again: attempt > 0 })
    }

    async fn form(&self, n: usize, who: &Sender, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = "application/x-www-form-urlencoded";
        self.insist(n, who, &Letter { path: path.to_owned(), kind, body: body.into_bytes(), ..Letter::default() }).await
    }

    async fn json(&self, n: usize, who: &Sender, path: &str, body: serde_json::Value) -> Reply {
        let (kind, body) = ("application/json", body.to_string().into_bytes());
        self.insist(n, who, &Letter { path: path.to_owned(), kind, body, ..Letter::default() }).await
    }

    async fn page(&self, n: usize, who: &Sender, path: &str) -> Reply {
        self.insist(n, who, &Letter { path: path.to_owned(), get: true, ..Letter::default() }).await
    }

    /// A slot: every fourth wish is for one of two hot ones.
    fn slot(&self, dice: &mut Dice) -> String {
        let (days, half_hours) =
            if dice.percent(25) { (3, 18 + dice.below(2)) } else { (3 + dice.below(7), dice.below(46)) };
        let day = self.today.checked_add(Span::new().days(i64::try_from(days).expect("few"))).expect("in range");
        windows::slot(&day.to_string(), &format!("{:02}{:02}", half_hours / 2, half_hours % 2 * 30))
    }

    /// Books, changes, cancels, and begins anew.
    async fn books(&self, n: usize, who: &Sender) {
        let mut dice = Dice(77 + n as u64);
        let mut count = 0;
        while self.goes_on() {
            count += 1;
            let (slot, key) = (self.slot(&mut dice), format!("load-{n}-{count}"));
            let fields = [("slot", slot.as_str()), ("key", key.as_str())];
            let reply = self.form(n + count, who, "/services/flexible-employment/book", &fields).await;
            if [409, 422].contains(&reply.status) {
                continue;
            }
            assert_eq!(reply.status, 303, "{reply:?}");
            let code = reply.location.trim_start_matches("/appointments/").to_owned();
            self.write_down(|ledger| ledger.bookings.insert(code.clone(), Some(slot)));
            if dice.percent(50) {
                let slot = self.slot(&mut dice);
                let path = format!("/api/v1/appointments/{code}/change");
                let reply = self.json(n, who, &path, serde_json::json!({ "slot": slot })).await;
                assert!([200, 409, 422].contains(&reply.status), "{reply:?}");
                if reply.status == 200 {
                    self.write_down(|ledger| ledger.bookings.insert(code.clone(), Some(slot)));
                }
            }
            if !self.goes_on() {
                return;
            }
            let path = format!("/api/v1/appointments/{code}/cancel");
            let reply = self.json(n, who, &path, serde_json::json!({ "reason": "改天再来" })).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            self.write_down(|ledger| ledger.bookings.insert(code, None));
        }
    }

    /// Sends photos, and files reports with them.
    async fn reports(&self, n: usize, group: &[Sender]) {
        let picture = reports::fixture("orientation-1.jpg");
        for (m, who) in group.iter().enumerate() {
            for count in 0..REPORTS_EACH {
                if !self.goes_on() {
                    return;
                }
                let mut photos = Vec::new();
                for photo in 0..=count % 2 {
                    let key = format!("load-photo-{n}-{m}-{count}-{photo}");
                    let reply = self.insist(n, who, &upload(&key, &picture)).await;
                    assert!([200, 201].contains(&reply.status), "{reply:?}");
                    photos.push(reply.json("id"));
                }
                let report = serde_json::json!({
                    "idempotency_key": format!("load-report-{n}-{m}-{count}"), "community": "wutong",
                    "category": "street-light", "building": "wutong-1", "description": "路灯三天没亮了", "photos": photos,
                });
                let reply = self.json(n + count, who, "/api/v1/reports", report).await;
                assert!([200, 201].contains(&reply.status), "{reply:?}");
                let code = reply.json("code");
                self.write_down(|ledger| ledger.reports.insert(code.clone(), photos));
                self.filed.lock().expect("whole").push_back(code);
            }
        }
    }

    /// Accepts what was filed, sends it to a volunteer, who takes it.
    async fn handles(&self, staff: &Sender, volunteer: &Sender) {
        let to = self.test.person(reports::VOLUNTEER);
        let mut n = 0;
        while self.goes_on() {
            let Some(code) = self.filed.lock().expect("whole").pop_front() else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            n += 1;
            let desk = format!("/staff/reports/{code}");
            self.step(n, staff, &desk, "accept", &[], &[]).await;
            self.step(n + 1, staff, &desk, "dispatch", &[("to", to)], &[]).await;
            let key = format!("load-take-{code}");
            let task = format!("/volunteer/reports/{code}");
            self.step(n, volunteer, &task, "take", &[("key", &key)], &[("linli-step", "later".to_owned())]).await;
            self.write_down(|ledger| {
                ledger.steps.extend(["accept", "dispatch", "take"].map(|step| (code.clone(), step)))
            });
        }
    }

    async fn step(
        &self,
        n: usize,
        who: &Sender,
        path: &str,
        step: &'static str,
        more: &[(&str, &str)],
        headers: &[(&'static str, String)],
    ) {
        let page = self.page(n, who, path).await;
        assert_eq!(page.status, 200, "{page:?}");
        let version = notices::hidden(&page.text, "version");
        let fields = [("step", step), ("version", version.as_str())];
        let fields = fields.iter().chain(more);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let letter = Letter {
            path: path.to_owned(),
            kind: "application/x-www-form-urlencoded",
            body: body.into_bytes(),
            headers: headers.to_vec(),
            get: false,
        };
        let reply = self.insist(n, who, &letter).await;
        // Without a key, a step that was taken and not answered is a conflict the second time.
        let taken = [200, 303].contains(&reply.status) || (reply.again && reply.status == 409);
        assert!(taken, "{path} {step}: {reply:?}");
    }

    /// Writes notices and publishes them.
    async fn publishes(&self, staff: &Sender) {
        let mut n = 0;
        while self.goes_on() {
            n += 1;
            let key = server::clock::token();
            let change = [
                ("kind", "policy"),
                ("aims", "wutong"),
                ("starts_at", ""),
                ("ends_at", ""),
                ("fact_label", ""),
                ("fact_value", ""),
            ];
            let reply = self.form(n, staff, "/staff/notices", &notices::typed(&key, &change)).await;
            assert_eq!(reply.status, 303, "{reply:?}");
            let id = reply.location.trim_start_matches("/staff/notices/").split('/').next().expect("an id").to_owned();
            let page = self.page(n, staff, &format!("/staff/notices/{id}")).await;
            let version = notices::hidden(&page.text, "version");
            let fields = [("version", version.as_str())];
            let reply = self.form(n + 1, staff, &format!("/staff/notices/{id}/publish"), &fields).await;
            assert!(reply.status == 303 || (reply.again && reply.status == 409), "{reply:?}");
            self.write_down(|ledger| ledger.notices.push(id));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn write_down<T>(&self, what: impl FnOnce(&mut Ledger) -> T) {
        what(&mut self.ledger.lock().expect("whole"));
    }
}

/// Everybody has an address of their own, and so limits of their own.
fn sender(session: String, n: usize) -> Sender {
    Sender { session, ip: format!("10.1.{}.{}", n / 250, n % 250 + 1) }
}

fn upload(key: &str, picture: &[u8]) -> Letter {
    let boundary = "linli-load";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n--{boundary}\r\n\
         Content-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(picture);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    Letter {
        path: "/api/v1/photos".to_owned(),
        kind: "multipart/form-data; boundary=linli-load",
        body,
        ..Letter::default()
    }
}
