//! Letters: a real receiver takes them over SMTP, and Python's mail parser reads them.

use crate::{
    notices,
    support::{Browser, TestApp},
    windows::{self, RESIDENT, book, slot},
};
use jiff::SignedDuration;
use server::{config::MailConfig, db::Engine};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// The receiver as a process of its own.
pub struct Smtp {
    child: Child,
    lines: Receiver<String>,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
}

impl Smtp {
    /// Starts it on a free port.
    pub fn start() -> Smtp {
        Smtp::start_at(std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port())
    }

    /// Starts it on this port.
    pub fn start_at(port: u16) -> Smtp {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/smtp.py");
        // Debian's own Python has Debian's packages.
        let mut child = Command::new("/usr/bin/python3")
            .args([script, &port.to_string()])
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .expect("python3 with aiosmtpd: run tools/setup.sh test");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let (send, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let smtp = Smtp { child, lines, port };
        assert_eq!(smtp.next().as_deref(), Some("ready"));
        smtp
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What it has taken since it was asked last.
    pub fn taken(&self) -> Vec<serde_json::Value> {
        self.lines.try_iter().map(|line| serde_json::from_str(&line).expect("JSON")).collect()
    }

    fn next(&self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_secs(10)).ok()
    }

    /// The next letter.
    pub fn letter(&self) -> serde_json::Value {
        serde_json::from_str(&self.next().expect("a letter")).expect("JSON")
    }

    /// No letter comes.
    pub fn nothing(&self) {
        assert_eq!(self.lines.recv_timeout(Duration::from_millis(300)).ok(), None, "no letter");
    }

    /// The settings that send letters to it.
    pub fn settings(&self) -> MailConfig {
        MailConfig {
            url: format!("smtp://127.0.0.1:{}", self.port).parse().expect("an address"),
            from: "梧桐社区 <no-reply@linli.test>".parse().expect("a sender"),
        }
    }

    async fn app(&self, engine: Engine) -> TestApp {
        let test = TestApp::with(engine, |settings| settings.mail = Some(self.settings())).await;
        windows::halls(&test).await;
        test
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Both.
pub const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// The path and query of the first link of ours in a text.
pub fn link(text: &str, path: &str) -> String {
    let from = text.find(&format!("http://linli.test{path}")).unwrap_or_else(|| panic!("{path} in {text}"));
    let link: String = text[from..].chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
    link.trim_start_matches("http://linli.test").to_owned()
}

async fn give(test: &TestApp, browser: &mut Browser, address: &str) {
    let answer = browser.post("/me/email", &[("address", address)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    test.run_jobs().await;
}

async fn remind(test: &TestApp) {
    server::windows::service::remind(&test.app).await.expect("reminded");
    test.run_jobs().await;
}

async fn deliveries(test: &TestApp) -> Vec<(String, String)> {
    sqlx::query_as("SELECT state, error FROM delivery ORDER BY created_at, id")
        .fetch_all(test.app.db.read())
        .await
        .expect("read")
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_come_by_mail_once_each_after_the_address_was_confirmed() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = smtp.app(engine).await;
        let mut browser = test.signed_in(RESIDENT).await;
        give(&test, &mut browser, "lin@example.cn").await;
        let letter = smtp.letter();
        assert_eq!(letter["to"][0], "lin@example.cn");
        assert_eq!(letter["from"], "梧桐社区 <no-reply@linli.test>");
        let confirm = link(letter["text"].as_str().expect("text"), "/me/email/confirm/");

        // Thursday 10:00, booked on Wednesday at 10:00.
        let missed = book(&mut browser, "flexible-employment", &slot("2026-11-27", "1000"), "k").await;
        test.app.clock.advance(SignedDuration::from_hours(25));
        remind(&test).await;
        smtp.nothing();

        let mut elsewhere = test.visitor();
        assert!(elsewhere.get(&confirm).await.text().contains("l***@example.cn"), "the address is masked");
        assert_eq!(elsewhere.post(&format!("{confirm}x"), &[]).await.status, 404, "another token");
        assert_eq!(elsewhere.post(&confirm, &[]).await.status, 303);

        // Another visit, so that its reminders fall due after the address was confirmed.
        book(&mut browser, "social-card-replace", &slot("2026-11-30", "1400"), "k2").await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 3 + 3));
        for _ in 0..3 {
            remind(&test).await;
        }
        let letter = smtp.letter();
        let subject = letter["subject"].as_str().expect("a subject");
        assert!(subject.contains("11月30日") && subject.contains("14:00") && subject.contains("社保卡"), "{subject}");
        let text = letter["text"].as_str().expect("text");
        assert!(text.contains(subject), "{text}");
        assert!(!text.contains("199****"), "no contact data in letters");
        let reminder = link(text, "/appointments/");
        smtp.nothing();

        test.app.clock.advance(SignedDuration::from_mins(22 * 60 + 30));
        remind(&test).await;
        remind(&test).await;
        let second = smtp.letter();
        assert_ne!(second["id"], letter["id"]);
        assert_eq!(second["stop_post"], "List-Unsubscribe=One-Click");
        smtp.nothing();

        // The link opens without signing in.
        let page = test.visitor().get(&reminder).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("来不了"), "{}", page.text());

        // One tap of the mail program stops the letters; the inbox goes on.
        let stop = link(second["stop"].as_str().expect("a link"), "/mail/stop/");
        assert_eq!(test.visitor().get(&stop).await.status, 200, "looking stops nothing");
        assert!(browser.get("/me/email").await.text().contains("l***@example.cn"));
        assert_eq!(test.visitor().post(&stop, &[("List-Unsubscribe", "One-Click")]).await.status, 200);
        assert!(!browser.get("/me/email").await.text().contains("l***@example.cn"));
        assert_eq!(test.visitor().post(&format!("{stop}x"), &[]).await.status, 404);
        let told = browser.get("/me/inbox").await.text();
        assert!(told.contains("提醒：") && told.contains("快到了："), "the inbox has both reminders");
        cannot_come(&test, &mut browser, &link(second["text"].as_str().expect("text"), "/appointments/"), &missed)
            .await;
    }
}

/// An hour and a half before a visit: the ordinary way to cancel is closed, the tap on the letter's page is open until the
/// visit begins. `missed` is a visit that has begun.
async fn cannot_come(test: &TestApp, owner: &mut Browser, letter: &str, missed: &str) {
    let mut phone = test.visitor();
    let page = phone.get(letter).await.text();
    let hidden = |name: &str| {
        let at = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{name} in {page}"));
        at.split('"').next().expect("a value").to_owned()
    };
    let (ticket, _) = letter.split_once("/reminder").expect("a ticket's page");
    let cancel = format!("{ticket}/cancel");
    let (token, reason) = (hidden("t"), hidden("reason"));
    let tap = [("t", token.as_str()), ("late", &hidden("late")), ("reason", &reason)].map(|(a, b)| (a, b.to_owned()));
    let tap: Vec<(&str, &str)> = tap.iter().map(|(a, b)| (*a, b.as_str())).collect();
    for ordinary in [&[][..], &[("late", "1")][..], &[("t", token.as_str())][..]] {
        let refused = owner.post(&cancel, ordinary).await;
        assert_eq!(refused.status, 409, "{ordinary:?}: {}", refused.text());
        assert!(refused.text().contains("0510-80000111"), "the hall's telephone");
    }
    let before = windows::taken(test).await;
    for _ in 0..2 {
        let gone = phone.post(&cancel, &tap).await;
        assert_eq!(gone.status, 303, "twice is like once: {}", gone.text());
    }
    assert_eq!(windows::taken(test).await, (before.0 - 1, before.1 - 1), "the place is given back, once");
    let (state, why): (String, String) = sqlx::query_as("SELECT state, cancel_reason FROM appointment WHERE code = $1")
        .bind(ticket.rsplit('/').next().expect("a code"))
        .fetch_one(test.app.db.read())
        .await
        .expect("there");
    assert_eq!((state.as_str(), &why), ("cancelled", &reason));
    assert!(!phone.get(letter).await.text().contains("name=\"late\""), "nothing to tap any more");

    let token = test.app.secrets.link_token("appointment", missed.rsplit('/').next().expect("a code"));
    let late = phone.post(&format!("{missed}/cancel"), &[("t", &token), ("late", "1")]).await;
    assert_eq!(late.status, 409, "it has begun: {}", late.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_go_out_by_themselves() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = smtp.app(engine).await;
        let mut browser = test.signed_in(RESIDENT).await;
        give(&test, &mut browser, "lin@example.cn").await;
        let letter = smtp.letter();
        let confirm = link(letter["text"].as_str().expect("text"), "/me/email/confirm/");
        assert_eq!(browser.post(&confirm, &[]).await.status, 303);
        book(&mut browser, "social-card-replace", &slot("2026-11-30", "1400"), "k").await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 4 + 5));
        // Nobody asks for it: the server's own work does it, and again five minutes later, and says it once.
        let stop = tokio_util::sync::CancellationToken::new();
        let worker = tokio::spawn(server::jobs::work(test.app.clone(), stop.clone()));
        let letter = smtp.letter();
        assert!(letter["subject"].as_str().is_some_and(|subject| subject.contains("14:00")), "{letter}");
        test.app.clock.advance(SignedDuration::from_mins(5));
        let done = async || -> i64 {
            let (count,): (i64,) = sqlx::query_as(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE kind = 'remind_of_visits' AND state = 'done'",
            )
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
            count
        };
        for _ in 0..100 {
            if done().await == 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(done().await, 2, "every five minutes");
        smtp.nothing();
        stop.cancel();
        worker.await.expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_letter_is_noted_and_a_busy_server_is_tried_again() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = smtp.app(engine).await;
        let mut browser = test.signed_in(RESIDENT).await;
        give(&test, &mut browser, "full@example.cn").await;
        let refused = deliveries(&test).await;
        assert_eq!(refused[0].0, "failed", "{refused:?}");
        assert!(refused[0].1.contains("no such mailbox"), "{refused:?}");

        test.app.clock.advance(SignedDuration::from_secs(5));
        give(&test, &mut browser, "busy@example.cn").await;
        let busy = deliveries(&test).await;
        assert_eq!(busy[1].0, "created", "{busy:?}");
        assert!(busy[1].1.contains("try again"), "{busy:?}");
        smtp.nothing();
        test.app.clock.advance(SignedDuration::from_secs(60));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "busy@example.cn");
        assert_eq!(deliveries(&test).await[1].0, "delivered");
    }
}

#[tokio::test]
async fn what_is_typed_is_checked_and_kept_and_letters_are_limited() {
    let smtp = Smtp::start();
    let test = smtp.app(Engine::Sqlite).await;
    let mut browser = test.signed_in(RESIDENT).await;
    for bad in ["", "lin", "lin@example.cn\r\nBcc: all@example.cn"] {
        let answer = browser.post("/me/email", &[("address", bad)]).await;
        assert_eq!(answer.status, 422, "{bad:?}");
    }
    for _ in 0..4 {
        give(&test, &mut browser, "lin@example.cn").await;
        smtp.letter();
    }
    assert_eq!(browser.post("/me/email", &[("address", "lin@example.cn")]).await.status, 422);
    let sealed: (String,) = sqlx::query_as("SELECT email_sealed FROM person WHERE id = $1")
        .bind(test.person(RESIDENT))
        .fetch_one(test.app.db.read())
        .await
        .expect("read");
    assert!(!sealed.0.contains("lin"), "sealed at rest");
    assert_eq!(browser.post("/me/email/forget", &[]).await.status, 303);
    // Without a mail server nothing is offered.
    let without = TestApp::new(Engine::Sqlite).await;
    let mut browser = without.signed_in(RESIDENT).await;
    assert!(browser.get("/me/email").await.text().contains("没有开通邮件"));
    assert_eq!(browser.post("/me/email", &[("address", "lin@example.cn")]).await.status, 404);
}

/// Whatever somebody wrote as a notice's title: a letter about it has one part, of plain text, and no header of theirs.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_of_a_notice_are_words_in_a_letter() {
    let smtp = Smtp::start();
    let test = smtp.app(Engine::Sqlite).await;
    let mut lin = test.signed_in(RESIDENT).await;
    give(&test, &mut lin, "lin@example.cn").await;
    let letter = smtp.letter();
    let confirm = link(letter["text"].as_str().expect("text"), "/me/email/confirm/");
    assert_eq!(lin.post(&confirm, &[]).await.status, 303);
    let mut staff = test.signed_in(notices::SHEN).await;
    let corpus = include_str!("../fixtures/hostile-markdown.txt").trim_end().split("\n=====\n");
    let mut headers = None;
    for evil in corpus {
        test.app.clock.advance(SignedDuration::from_mins(3));
        let title: String = format!("词 {evil}").chars().take(80).collect();
        let fields = [("kind", "activity"), ("aims", "wutong"), ("title", title.as_str()), ("activity_seats", "5")];
        let id = notices::published(&test, &mut staff, &fields).await;
        assert_eq!(lin.post(&format!("/notices/{id}/sign-up"), &[("people", "1")]).await.status, 303);
        let off = staff.post(&format!("/staff/notices/{id}/withdraw"), &[("reason", evil)]).await;
        assert_eq!(off.status, 303, "{}", off.text());
        test.run_jobs().await;
        let letter = smtp.letter();
        assert_eq!(letter["types"], serde_json::json!(["text/plain"]), "{letter}");
        assert_eq!(letter["to"], serde_json::json!(["lin@example.cn"]), "{letter}");
        assert_eq!(headers.get_or_insert(letter["headers"].clone()), &letter["headers"], "{letter}");
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
        let subject = letters(letter["subject"].as_str().expect("a subject"));
        assert!(subject.contains(&letters("词")) && !subject.is_empty(), "{letter}");
    }
}
