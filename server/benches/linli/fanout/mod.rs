//! A notice to a whole community of 50,000: everybody in the inbox, by web push, e-mail and SMS, with other sides that fail
//! every fifth time and are killed in the middle, and a server that is killed in the middle; and what the residents' pages
//! take meanwhile.

mod sides;

use crate::{
    Bench,
    load::{Browser, Times, ms, time},
    table::{Section, ratio},
    world::{World, name},
};
use anyhow::{Context, ensure};
use app::{
    i18n::{Lang, Words},
    notices::NoticeForm,
    people::Phone,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use server::db::Engine;
use sides::{Kind, Side};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Staff of 梧桐.
const STAFF: &str = "19900000031";
/// A resident of 梧桐.
const RESIDENT: &str = "19900000001";

/// Everybody of the crowd: half a thousand to a statement. All have a number and a browser, nine of ten an address.
async fn crowd(world: &World, people: i64, push: &Side) -> anyhow::Result<()> {
    let (community, _) = world.loaded.organisations.get("wutong").context("the demo's community")?;
    let (secrets, now) = (&world.app.secrets, world.app.clock.now().as_microsecond());
    // One browser's key for all: what it costs to encrypt is the same.
    let key = p256::ecdsa::SigningKey::from_slice(&server::clock::random_bytes::<32>())?;
    let key = URL_SAFE_NO_PAD.encode(key.verifying_key().to_encoded_point(false).as_bytes());
    let auth = URL_SAFE_NO_PAD.encode(server::clock::random_bytes::<16>());
    for first in (0..people).step_by(500) {
        let (mut rows, mut choices, mut browsers) = (Vec::new(), Vec::new(), Vec::new());
        for n in first..(first + 500).min(people) {
            let number = format!("198{n:08}");
            let phone = Phone::parse(&number).map_err(|_| anyhow::anyhow!("{number} is no number"))?;
            let address = secrets.seal(&format!("resident{n}@bench.example"))?;
            let (sealed, hash) = (secrets.seal(&number)?, secrets.phone_hash(&phone));
            let confirmed = if n % 10 == 0 { "NULL" } else { "1" };
            rows.push(format!(
                "('bench-{n:08}', '', '{hash}', '{sealed}', '198', '{community}', 0, '{address}', 'r***', {confirmed})"
            ));
            choices.push(format!("('bench-{n:08}', 1, '|', 0)"));
            let subscription = serde_json::json!({
                "endpoint": format!("http://{}/push/{n}", push.address()),
                "keys": { "p256dh": key, "auth": auth },
            });
            let sealed = secrets.seal(&subscription.to_string())?;
            browsers.push(format!("('browser-{n:08}', 'bench-{n:08}', '', 'browser-{n:08}', '{sealed}', '', {now})"));
        }
        for (into, rows) in [
            (
                "person (id, name, phone_hash, phone_sealed, phone_masked, community_id, created_at, email_sealed, \
                 email_masked, email_confirmed_at)",
                rows,
            ),
            ("notice_choice (person_id, email, kinds, updated_at)", choices),
            ("push_subscription (id, person_id, session_id, endpoint_hash, sealed, device, created_at)", browsers),
        ] {
            world.run(&format!("INSERT INTO {into} VALUES {}", rows.join(", "))).await?;
        }
    }
    Ok(())
}

/// A draft of an emergency for 梧桐; gives its id.
async fn draft(world: &World) -> anyhow::Result<String> {
    use server::notices::store::write;
    let now = world.app.clock.now();
    let local = |hours: i64| {
        let at = (now + jiff::SignedDuration::from_hours(hours)).to_zoned_datetime(app::time::zone());
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let form = NoticeForm {
        kind: "emergency".into(),
        title: "燃气泄漏".into(),
        body: "请离开房屋，到小区广场集合。".into(),
        severity: "severe".into(),
        certainty: "observed".into(),
        starts_at: local(0),
        ends_at: local(24),
        instruction: "请勿用火".into(),
        ..NoticeForm::default()
    };
    let content = form.check(Words::new(Lang::Zh), now).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    let (organisation_id, path) = world.loaded.organisations.get("wutong").context("the demo's community")?.clone();
    let origin = write::Origin {
        author_id: &world.loaded.people[STAFF],
        organisation_id: &organisation_id,
        form_key: &server::clock::token(),
        changes: None,
    };
    let mut tx = world.app.db.begin().await?;
    let id = write::insert(&mut tx, origin, &content, now).await?.context("new")?;
    write::set_aims(&mut tx, &id, &[(organisation_id.clone(), path)]).await?;
    tx.commit().await?;
    Ok(id)
}

const PAGES: [&str; 3] = ["/", "/notices", "/me/inbox"];

/// What residents' pages take, 4 at once.
async fn pages(browser: &Browser, count: usize) -> anyhow::Result<Times> {
    time(count, 4, |n| browser.load(PAGES[n % PAGES.len()])).await
}

const TOLD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_fan_out WHERE finished_at IS NOT NULL";
const OPEN: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE state IN ('created', 'sending')";
const SENT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE state = 'delivered'";

/// Somebody who reads while the notice is told and sent.
struct Reader<'a> {
    world: &'a World,
    browser: &'a Browser,
    times: &'a mut Vec<Times>,
}

impl Reader<'_> {
    /// Reads on until it is so: forty pages, then a breath. With `skip`, the waits between tries, 30 seconds and more, go by
    /// in no time.
    async fn until(&mut self, what: &str, sql: &str, skip: bool, so: impl Fn(i64) -> bool) -> anyhow::Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(3600) {
            if so(self.world.number(sql).await?) {
                return Ok(());
            }
            if skip {
                let sql =
                    "UPDATE notice_delivery SET due_at = 1 WHERE state = 'created' AND attempts > 0 AND due_at > 1";
                // PostgreSQL may refuse it over a deadlock with the server, which holds some of these rows: next time.
                if let Err(error) = self.world.run(sql).await {
                    eprintln!("bench: {error:#}");
                }
            }
            self.times.push(pages(self.browser, 40).await?);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        anyhow::bail!("{what} has not come within an hour")
    }
}

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let people: i64 = bench.pick(50_000, 200);
    let mut section = Section::new(
        "A notice to 50,000 people",
        "An emergency reaches everybody of a community in the inbox, by web push and by SMS, and nine of ten by e-mail. Push \
         service, provider and mail server fail every fifth time; the first two half of the time by breaking the line after \
         they took the message. The server is killed (SIGKILL) when a third is delivered, and started again; at two thirds \
         the other sides are killed for two seconds. The waits between tries are skipped, nothing else. Pages are /, /notices \
         and /me/inbox of a resident, 4 at once, with pauses: before, and all the time from the publication to the last message.",
    );
    let mut rows = Vec::new();
    for engine in bench.engines() {
        rows.push(on(bench, engine, people).await?);
    }
    section.table(
        &[
            "",
            "published, ms",
            "inboxes, s",
            "all, s",
            "messages/s",
            "pages before, p95 ms",
            "meanwhile",
            "ratio",
            "delivered",
            "unsure",
            "missing or twice",
        ],
        &rows,
    );
    section.say(
        "Missing or twice: people without exactly one message in the inbox, one topic at the push service, one id at the \
         provider, and one letter for a delivered row of theirs. Unsure are letters that were on their way when the server or \
         the mail server was killed: staff see them.",
    );
    Ok(section)
}

async fn on(bench: &Bench, engine: Engine, people: i64) -> anyhow::Result<Vec<String>> {
    let mut world = World::new(bench, engine).await?;
    let (mut push, mut sms, mut mail) = (Side::start(Kind::Push)?, Side::start(Kind::Sms)?, Side::start(Kind::Mail)?);
    crowd(&world, people, &push).await?;
    world.settle().await?;
    world.settings = vec![
        ("LINLI_PUSH_PRIVATE", format!("http://{}", push.address())),
        ("LINLI_SMS_URL", format!("http://{}/sms", sms.address())),
        ("LINLI_SMS_BODY", r#"{"to":"{phone}","code":"{code}"}"#.to_owned()),
        ("LINLI_SMS_NOTICE_BODY", r#"{"to":"{phone}","text":"{text}","id":"{id}"}"#.to_owned()),
        ("LINLI_SMTP_URL", format!("smtp://{}", mail.address())),
        ("LINLI_MAIL_FROM", "no-reply@bench.example".to_owned()),
    ];
    let browser = world.serve().await?;
    let resident = world.signed_in(&browser, RESIDENT).await?;
    pages(&resident, bench.pick(60, 3)).await?;
    let before = pages(&resident, bench.pick(600, 6)).await?;

    let id = draft(&world).await?;
    let staff = world.signed_in(&browser, STAFF).await?;
    let messages = people * 29 / 10;
    let mut meanwhile = Vec::new();
    let begun = Instant::now();
    let form = "application/x-www-form-urlencoded";
    let (status, ..) = staff.send(&format!("/staff/notices/{id}/publish"), form, "version=1").await?;
    ensure!(status == 303, "publishing: {status}");
    let published = begun.elapsed();
    let mut reader = Reader { world: &world, browser: &resident, times: &mut meanwhile };
    reader.until("a third", SENT, false, |sent| sent > messages / 3).await?;
    world.stop();
    world.run("UPDATE notice_delivery SET due_at = 1 WHERE state = 'sending'").await?;
    world.run("UPDATE job SET locked_until = 1 WHERE state = 'running'").await?;
    world.serve().await?;
    let mut reader = Reader { world: &world, browser: &resident, times: &mut meanwhile };
    reader.until("two thirds", SENT, true, |sent| sent > messages * 2 / 3).await?;
    for side in [&mut push, &mut sms, &mut mail] {
        side.kill();
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    for side in [&mut push, &mut sms, &mut mail] {
        side.begin()?;
    }
    reader.until("everybody", TOLD, true, |told| told == 1).await?;
    reader.until("all", OPEN, true, |open| open == 0).await?;
    let all = begun.elapsed();
    world.stop();
    let told = world.number("SELECT (finished_at - started_at) / 1000 FROM notice_fan_out").await?;

    let sent = world.number(SENT).await?;
    let unsure = world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE failure = 'unsure'").await?;
    let wrong = wrong(&world, people, [&push, &sms, &mail]).await?;
    let meanwhile = Times::of_all(meanwhile);
    Ok(vec![
        name(engine).to_owned(),
        ms(published.as_secs_f64() * 1000.0),
        format!("{:.1}", told as f64 / 1000.0),
        format!("{:.1}", all.as_secs_f64()),
        format!("{:.0}", sent as f64 / all.as_secs_f64()),
        ms(before.p95()),
        ms(meanwhile.p95()),
        ratio(meanwhile.p95(), before.p95()),
        sent.to_string(),
        unsure.to_string(),
        wrong.to_string(),
    ])
}

/// People of the crowd for whom something is missing or there twice.
async fn wrong(world: &World, people: i64, [push, sms, mail]: [&Side; 3]) -> anyhow::Result<usize> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT person_id, channel, state FROM notice_delivery WHERE person_id LIKE 'bench-%'")
            .fetch_all(world.app.db.read())
            .await?;
    let states: BTreeMap<(&str, &str), &str> =
        rows.iter().map(|(person, channel, state)| ((person.as_str(), channel.as_str()), state.as_str())).collect();
    ensure!(states.len() == rows.len(), "one row for each person and channel");
    let inbox: Vec<(String, i64)> = sqlx::query_as(
        "SELECT person_id, CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id LIKE 'bench-%' GROUP BY person_id",
    )
    .fetch_all(world.app.db.read())
    .await?;
    let inbox: BTreeMap<&str, i64> = inbox.iter().map(|(person, count)| (person.as_str(), *count)).collect();
    let (push, sms, mail) = (push.taken(), sms.taken(), mail.taken());
    let mut wrong = 0;
    for n in 0..people {
        let person = format!("bench-{n:08}");
        let state = |channel: &str| states.get(&(person.as_str(), channel)).copied();
        let letters = mail.all(&format!("resident{n}@bench.example"));
        let by_mail = match (n % 10, state("email")) {
            (0, state) => state.is_none() && letters == 0,
            (_, Some("delivered")) => letters == 1,
            (_, Some("failed")) => letters <= 1,
            _ => false,
        };
        let good = inbox.get(person.as_str()) == Some(&1)
            && state("push") == Some("delivered")
            && push.different(&format!("/push/{n}")) == 1
            && state("sms") == Some("delivered")
            && sms.different(&format!("198{n:08}")) == 1
            && by_mail;
        wrong += usize::from(!good);
    }
    Ok(wrong)
}
