//! Patrol plans of the demo, what a camera and a patrol vehicle have found, and the key with which they send it.

use super::Loaded;
use crate::{
    app_state::App,
    auth::keys::{self, NewKey},
    patrol::store::{intake, plans},
};
use anyhow::Context;
use app::{patrol::plan::read_points, people::Scope, reports::place::Position, time};
use jiff::SignedDuration;

/// Name, grid, days and points of a plan.
const PLANS: [(&str, &str, &str, &str); 3] = [
    (
        "夜间楼道消防",
        "wutong-g1",
        "135",
        "1 栋楼道：杂物、电动车充电\n3 栋楼道：消火栓、应急灯\n北门岗亭：消防通道是否占用",
    ),
    ("周末环境", "wutong-g2", "67", "垃圾房：是否满溢、分类\n健身角：器材松动\n小花园：犬只粪便"),
    ("汛期看水", "wutong-g3", "1234567", "地下车库入口：挡水板\n河边步道：水位、护栏"),
];

/// Loads them.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let now = app.clock.now();
    let staff = loaded.people.get("19900000031").context("the demo's staff")?;
    let (community, path) = loaded.organisations.get("wutong").context("the demo's community")?;
    let today = time::day_of(now);
    let from = today.saturating_sub(jiff::Span::new().days(20)).to_string();
    let mut tx = app.db.begin().await?;
    for (name, grid, weekdays, points) in PLANS {
        let (grid_id, grid_path) = loaded.organisations.get(grid).context("the demo's grid")?;
        let points = read_points(points).map_err(anyhow::Error::msg)?;
        let new = plans::New {
            place: (community, grid_id),
            path: grid_path,
            name,
            weekdays,
            days: (&from, ""),
            points: &points,
            form_key: &format!("demo-{grid}"),
            by: staff,
        };
        plans::insert(&mut tx, new, now).await?;
    }
    let new = NewKey {
        name: "区城管巡查车、路面摄像头",
        path,
        scopes: &[Scope::ReportsFile],
        expires: now + SignedDuration::from_hours(24 * 365),
    };
    let (key_id, _) = keys::make(&mut tx, &app.secrets, new, now).await?;
    let (_, grid) = loaded.organisations.get("wutong-g1").context("the demo's grid")?;
    let found = [
        ("vehicle", "XC-20871", "garbage-pile", "路边垃圾袋堆放，约 6 袋", "北门外人行道", 91, 2),
        ("camera", "SXT-0314", "street-light", "夜间画面过暗，疑似路灯不亮", "3 栋南侧", 64, 9),
        ("camera", "SXT-0322", "garbage-pile", "疑似大件垃圾", "垃圾房旁", 38, 20),
    ];
    for (source, foreign_code, category, description, place_text, confidence, hours) in found {
        let new = intake::New {
            key_id: &key_id,
            source,
            foreign_code,
            fingerprint: "",
            place: (community, grid),
            category,
            description,
            place_text,
            position: None::<Position>,
            confidence,
            found_at: now - SignedDuration::from_hours(hours),
        };
        intake::insert(&mut tx, new, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
