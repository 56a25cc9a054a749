//! Matters between levels at every point of their life, told through the steps that people take, at times that have gone by.

use super::Loaded;
use crate::{
    app_state::App,
    auth::actor::{Actor, Grant},
    http::Ctx,
    matters::{
        service::{self, Form, Wanted},
        store,
    },
};
use anyhow::{Context, bail};
use app::{
    i18n::{Lang, Words},
    matters::life::Step,
    people::Role,
    ui::shell::Size,
};
use jiff::SignedDuration;

const WUTONG: &str = "19900000031";
const XINGWU: &str = "19900000033";
const STREET: &str = "19900000051";
const DISTRICT: &str = "19900000052";

/// A step of somebody, so many hours ago: who, when, what, words, working days.
type Told = (&'static str, f64, Step, &'static str, &'static str);

/// Loads them. The database has the demo's places, people and reports.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let teller = Teller { app, loaded };
    let (report,): (String,) = sqlx::query_as(
        "SELECT r.code FROM report r JOIN organisation o ON o.id = r.community_id WHERE o.code = 'wutong' \
         AND r.state IN ('accepted', 'dispatched', 'in_progress') ORDER BY r.filed_at, r.id LIMIT 1",
    )
    .fetch_optional(app.db.read())
    .await?
    .unwrap_or_default();
    let up = teller
        .send(
            WUTONG,
            74.0,
            Form {
                from: "wutong".to_owned(),
                to: "org:tongyin".to_owned(),
                kind: "hard".to_owned(),
                title: "老旧小区雨污管网改造".to_owned(),
                text: "1 至 3 栋地下管网年久，雨季反水。社区已清掏三次，需要街道牵头排查并申请改造资金。".to_owned(),
                report,
                ..Form::default()
            },
        )
        .await?;
    teller.take(&up, (STREET, 70.0, Step::Accept, "", "")).await?;
    teller.take(&up, (STREET, 69.0, Step::Start, "", "")).await?;
    teller.take(&up, (STREET, 30.0, Step::AskExtend, "管网检测要等设备进场，申请延长三个工作日。", "3")).await?;

    let down = teller
        .send(
            DISTRICT,
            100.0,
            Form {
                from: "lanxi".to_owned(),
                to: "org:tongyin".to_owned(),
                kind: "task".to_owned(),
                title: "冬季用电安全排查".to_owned(),
                text: "请各街道在时限内排查楼道充电和私拉电线，报送处数和整改情况。".to_owned(),
                ..Form::default()
            },
        )
        .await?;
    teller.take(&down, (STREET, 98.0, Step::Accept, "", "")).await?;
    let mut below = Vec::new();
    for (to, who, answer) in
        [("org:wutong", WUTONG, Some("排查 11 栋，发现私拉电线 4 处，已全部拆除。")), ("org:xingwu", XINGWU, None)]
    {
        let child = teller
            .send(
                STREET,
                97.0,
                Form {
                    from: "tongyin".to_owned(),
                    to: to.to_owned(),
                    kind: "task".to_owned(),
                    title: "冬季用电安全排查".to_owned(),
                    text: "按区里要求逐栋排查，报处数和整改情况。".to_owned(),
                    parent: down.clone(),
                    ..Form::default()
                },
            )
            .await?;
        below.push((child, who, answer));
    }
    for (child, who, answer) in below {
        teller.take(&child, (who, 90.0, Step::Accept, "", "")).await?;
        if let Some(answer) = answer {
            teller.take(&child, (who, 26.0, Step::Answer, answer, "")).await?;
        }
    }

    let closed = teller
        .send(
            WUTONG,
            240.0,
            Form {
                from: "wutong".to_owned(),
                to: "org:tongyin".to_owned(),
                kind: "coordinate".to_owned(),
                title: "北门公交站台遮雨棚".to_owned(),
                text: "站台没有遮雨棚，老人候车不便，请街道与公交公司协调。".to_owned(),
                ..Form::default()
            },
        )
        .await?;
    for told in [
        (STREET, 236.0, Step::Accept, "", ""),
        (STREET, 120.0, Step::Answer, "公交公司同意加装，本月下旬施工。", ""),
        (WUTONG, 100.0, Step::Close, "", ""),
    ] {
        teller.take(&closed, told).await?;
    }

    let returned = teller
        .send(
            STREET,
            52.0,
            Form {
                from: "tongyin".to_owned(),
                to: "org:wutong".to_owned(),
                kind: "forward".to_owned(),
                title: "沿河步道照明故障".to_owned(),
                text: "居民来电反映沿河步道夜间无灯，请核实处理。".to_owned(),
                ..Form::default()
            },
        )
        .await?;
    teller.take(&returned, (WUTONG, 28.0, Step::AskReturn, "步道归水务部门管养，社区没有处置权限。", "")).await?;
    Ok(())
}

struct Teller<'a> {
    app: &'a App,
    loaded: &'a Loaded,
}

impl Teller<'_> {
    /// As somebody, so many hours ago.
    async fn ctx(&self, phone: &str, hours_ago: f64) -> anyhow::Result<Ctx> {
        let id = self.loaded.people.get(phone).cloned().with_context(|| format!("no person {phone}"))?;
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT g.role, o.id, o.path FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
             WHERE g.person_id = $1",
        )
        .bind(&id)
        .fetch_all(self.app.db.read())
        .await?;
        let grants = rows
            .into_iter()
            .filter_map(|(role, organisation_id, path)| {
                Some(Grant { role: Role::from_code(&role)?, organisation_id, path })
            })
            .collect();
        let now = self.app.clock.now() - SignedDuration::try_from_secs_f64(hours_ago * 3600.0)?;
        let actor = Actor {
            id,
            name: String::new(),
            phone_masked: String::new(),
            community_id: None,
            building_id: None,
            grants,
            session_id: String::new(),
            second_factor: true,
        };
        Ok(Ctx {
            app: self.app.clone(),
            now,
            w: Words::new(Lang::Zh),
            size: Size::Ordinary,
            actor: Some(actor),
            key: None,
            community: None,
            unread: 0,
            emergency: None,
            request_id: String::new(),
            path: String::new(),
            here: String::new(),
            flash: None,
            device: String::new(),
            ip: String::new(),
            user_agent: String::new(),
        })
    }

    async fn send(&self, who: &str, hours_ago: f64, form: Form) -> anyhow::Result<String> {
        let ctx = self.ctx(who, hours_ago).await?;
        let form = Form {
            hours: "8".to_owned(),
            days: "10".to_owned(),
            key: format!("demo:{}:{}:{hours_ago}", form.from, form.to),
            ..form
        };
        match service::send(&ctx, &form).await {
            Ok(sent) => Ok(sent.id),
            Err(error) => bail!("{}: {error:?}", form.title),
        }
    }

    async fn take(&self, id: &str, (who, hours_ago, step, text, days): Told) -> anyhow::Result<()> {
        let ctx = self.ctx(who, hours_ago).await?;
        let matter = store::by_id(&self.app.db, id).await?.context("a matter")?;
        let wanted = Wanted { step, version: matter.version, text: text.to_owned(), days: days.to_owned() };
        match service::take(&ctx, id, &wanted).await {
            Ok(()) => Ok(()),
            Err(error) => bail!("{}: {}: {error:?}", matter.title, step.code()),
        }
    }
}
