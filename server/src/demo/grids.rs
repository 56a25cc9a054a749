//! Grids of 梧桐: who answers for them, turns on weekends, key contacts, and a split that is planned.

use super::Loaded;
use crate::{
    app_state::App,
    grids::store::{
        changes,
        contacts::{self, New},
        duty,
    },
    jobs::{self, Job},
};
use anyhow::Context;
use app::{
    grids::{
        change::Change,
        duty::{Days, Turn, Weekdays},
    },
    people::Phone,
    time,
};
use jiff::{Span, civil::Date};

const STAFF: &str = "19900000031";
const LU: &str = "19900000021";
const JIANG: &str = "19900000022";
/// A volunteer of the third and fourth grid, who takes weekends in the first.
const TANG: &str = "19900000012";
/// Buildings, with name, flat and number of their key contacts.
const CONTACTS: [(&str, &str, &str, &str); 6] = [
    ("wutong-1", "王菊英", "1 单元 201", "19900010001"),
    ("wutong-2", "张凤仪", "2 单元 102", "19900010003"),
    ("wutong-3", "杨宝成", "3 单元 1104", "19900010006"),
    ("wutong-5", "周桂珍", "1 单元 301", "19900000002"),
    ("wutong-6", "郭秀兰", "2 单元 501", "19900019006"),
    ("wutong-9", "邢志刚", "1 单元 402", "19900019009"),
];

fn after(day: Date, days: i32) -> Date {
    day.checked_add(Span::new().days(days)).unwrap_or(day)
}

/// Loads it. The database has the demo's places and people.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = time::day_of(now);
    let person = |phone: &str| loaded.people.get(phone).with_context(|| format!("no demo person {phone}"));
    let place = |code: &str| loaded.organisations.get(code).with_context(|| format!("no demo place {code}"));
    let staff = person(STAFF)?.clone();
    let mut tx = app.db.begin().await?;
    for (grid, responsible, substitute) in
        [("wutong-g1", LU, JIANG), ("wutong-g2", LU, JIANG), ("wutong-g3", JIANG, LU), ("wutong-g4", JIANG, LU)]
    {
        let (grid, _) = place(grid)?;
        for (kind, phone) in [("responsible", responsible), ("substitute", substitute)] {
            duty::name(&mut tx, (grid, kind), Some(person(phone)?), (&staff, after(today, -120)), now).await?;
        }
    }
    let turn = Turn {
        person: person(TANG)?.clone(),
        days: Days { from: after(today, -14), until: after(today, 60) },
        weekdays: Weekdays([false, false, false, false, false, true, true]),
    };
    duty::add_turn(&mut tx, &place("wutong-g1")?.0, &turn, (&staff, "demo-turn-weekends"), now).await?;
    for (building, name, flat, phone) in CONTACTS {
        let phone = Phone::parse(phone).map_err(|_| anyhow::anyhow!("no mobile number: {phone}"))?;
        let new = New {
            name,
            flat,
            sealed: &app.secrets.seal(phone.digits())?,
            masked: &phone.masked(),
            person_id: loaded.people.get(phone.digits()).map(String::as_str),
            since: after(today, -200),
        };
        contacts::put(&mut tx, &place(building)?.0, new, (&staff, today), now).await?;
    }
    let names = [("第五网格".to_owned(), "Grid 5".to_owned())];
    let goes = [(place("wutong-8")?.0.clone(), 1)];
    let change = Change::split(&place("wutong-g3")?.0, true, &names, &goes);
    let day = after(today, 21);
    let why = "8 栋新增 96 户，第三网格忙不过来";
    let community = &place("wutong")?.0;
    let planned = changes::insert(&mut tx, community, &change, (day, why), (&staff, "demo-grid-split"), now).await?;
    if let Some(id) = planned {
        let job = Job::GridChange { change_id: id.clone() };
        jobs::queue(&mut tx, &job, time::start_of(day), Some(&format!("grid_change:{id}")), now).await?;
    }
    tx.commit().await?;
    Ok(())
}
