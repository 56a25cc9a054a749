//! Those who book, wait and come.

use super::{
    ASSISTED, AT_ONCE, DAY, HALLS, ITEMS, ONLINE,
    town::{Town, minute},
};
use crate::support::{Dice, TestApp};
use app::{people::Phone, windows::SlotRef};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// Somebody who books, or tries to.
pub struct Booked {
    pub hall: usize,
    pub path: String,
    pub session: String,
    /// It was cancelled, and that was answered.
    pub cancelled: bool,
}

/// Accounts of the visitors, with a session each.
pub async fn accounts(test: &TestApp, count: usize) -> Vec<String> {
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
pub async fn begins(town: &Town<'_>, hall: &str) -> Vec<String> {
    let hall = server::windows::store::halls::by_code(&town.test.app.db, hall).await.expect("read").expect("there");
    let rules = server::windows::store::halls::rules(town.test.app.db.read(), &hall.id, DAY).await.expect("read");
    let app::windows::DayHours::Open(hours) = rules.day(DAY, &town.test.app.calendar) else { panic!("open") };
    let slots = app::windows::slots_of(&hours, hall.slot_minutes);
    slots.iter().map(|slot| SlotRef { hall: hall.code.clone(), at: DAY.to_datetime(slot.from) }.to_string()).collect()
}

/// The day before: people book for themselves and relatives, some keep a time first; nobody is sent away before they
/// have tried four times, then they wait for the day. Staff book for others. Some change, some cancel; who waits is
/// offered what was freed.
pub async fn book(town: &Town<'_>, sessions: &[String]) -> Vec<Booked> {
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
    let waiting = waiting.load(Ordering::SeqCst);
    assert!(waiting > 0, "{} booked, nobody waits for the day", booked.len());
    booked
}

/// Freed places have been offered to those who wait: they take them.
pub async fn take_offers(town: &Town<'_>, sessions: &[String], booked: &mut Vec<Booked>) {
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
    assert!(!taken.is_empty(), "what was cancelled was offered to those who wait, and taken");
    booked.extend(taken);
}

/// How somebody comes to a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Reception,
    Kiosk,
    Door,
    Remote,
}

/// Somebody who comes, at a minute of the day.
pub struct Arrival {
    pub n: usize,
    pub hall: usize,
    pub way: Way,
    pub session: String,
    /// The booking's code, or nothing.
    pub code: String,
    /// The ticket that was drawn from afar, to be checked in.
    pub ticket: String,
    pub item: &'static str,
}

/// Comes, and gives what follows: somebody with a number from afar comes to the door later.
pub async fn arrive(town: &Town<'_>, mut one: Arrival) -> Option<(i64, Arrival)> {
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

/// Who comes when: those who booked, a little early or late or never, and walk-ins by every way.
pub async fn arrivals(town: &Town<'_>, sessions: &[String], booked: &[Booked]) -> BTreeMap<i64, Vec<Arrival>> {
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
