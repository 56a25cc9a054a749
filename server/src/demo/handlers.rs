//! What waits for those who work on reports: calls, extensions, a disputed return, orders of supervision, ready answers. Told
//! through the same steps that people take, at times that have gone by.

use super::Loaded;
use crate::{
    app_state::App,
    auth::actor::{Actor, Grant},
    clock,
    db::Tx,
    http::Ctx,
    places::{self, Organisation},
    reports::{
        file::{self, Call, Source},
        steps::{self, Wanted},
        store,
    },
};
use anyhow::{Context, bail};
use app::{
    i18n::{Lang, Words},
    people::Role,
    reports::{
        Step,
        call::{Number, Origin},
        form::ReportForm,
    },
    ui::shell::Size,
};
use jiff::SignedDuration;

const RESIDENT: &str = "19900000001";
const NEIGHBOUR: &str = "19900000003";
const GRID_WORKER: &str = "19900000021";
const STAFF: &str = "19900000031";
const COLLEAGUE: &str = "19900000032";
const PROPERTY: &str = "19900000041";
const GARDENERS: &str = "19900000042";
const STREET: &str = "19900000051";

/// Loads it. The database has the demo's places, people and reports.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let teller = Teller { app, loaded };
    teller.answers().await?;
    teller.routing().await?;
    teller.calls().await?;
    teller.extensions().await?;
    teller.returns().await?;
    teller.supervision().await?;
    teller.again().await
}

struct Teller<'a> {
    app: &'a App,
    loaded: &'a Loaded,
}

/// A step of somebody, so many hours ago: who, what, words.
type Told<'a> = (&'a str, f64, Step, &'a str);

impl Teller<'_> {
    fn organisation(&self, code: &str) -> anyhow::Result<&(String, String)> {
        self.loaded.organisations.get(code).with_context(|| format!("no place {code}"))
    }

    fn person(&self, phone: &str) -> anyhow::Result<&str> {
        self.loaded.people.get(phone).map(String::as_str).with_context(|| format!("no person {phone}"))
    }

    /// As somebody, so many hours ago.
    async fn ctx(&self, phone: &str, hours_ago: f64) -> anyhow::Result<Ctx> {
        let id = self.person(phone)?.to_owned();
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

    async fn community(&self) -> anyhow::Result<Organisation> {
        places::store::community_by_code(&self.app.db, "wutong").await?.context("the demo's community")
    }

    /// A report of a resident; gives its code.
    async fn report(
        &self,
        who: &str,
        hours_ago: f64,
        (category, building, place, description): (&str, &str, &str, &str),
    ) -> anyhow::Result<String> {
        let ctx = self.ctx(who, hours_ago).await?;
        let form = form(category, building, place, description);
        let filed = file::file(&ctx, &form, &self.community().await?, &[]).await?;
        Ok(filed.code)
    }

    async fn take(&self, code: &str, (who, hours_ago, step, text): Told<'_>, more: Wanted) -> anyhow::Result<()> {
        let ctx = self.ctx(who, hours_ago).await?;
        let report = store::by_code(&self.app.db, code).await?.with_context(|| format!("no report {code}"))?;
        let wanted = Wanted { step, text: text.to_owned(), ..more };
        match steps::take(&ctx, &report, &wanted, None).await {
            Ok(()) => Ok(()),
            Err(error) => bail!("{code}: {}: {error:?}", step.code()),
        }
    }

    /// Steps that need nothing but words, in their order.
    async fn tell(&self, code: &str, told: &[Told<'_>]) -> anyhow::Result<()> {
        for told in told {
            self.take(code, *told, Wanted::new(told.2)).await?;
        }
        Ok(())
    }

    async fn dispatch(&self, code: &str, hours_ago: f64, to: &str, text: &str) -> anyhow::Result<()> {
        let more = Wanted { to: self.person(to)?.to_owned(), ..Wanted::new(Step::Dispatch) };
        self.take(code, (STAFF, hours_ago, Step::Dispatch, text), more).await
    }

    async fn ask_for(&self, code: &str, told: Told<'_>, hours: &str) -> anyhow::Result<()> {
        self.take(code, told, Wanted { hours: hours.to_owned(), ..Wanted::new(Step::ExtendAsk) }).await
    }

    async fn answers(&self) -> anyhow::Result<()> {
        let answers = [
            (
                "lanxi",
                Step::Accept,
                "已收到",
                "您反映的{类别}（{编号}）已收到，{时限} 前处理好。",
                "Your report {code} about {category} has arrived. It is due by {due}.",
            ),
            (
                "lanxi",
                Step::Reject,
                "不归社区管",
                "这件事不归社区管，我们已转给主管部门，由他们联系您。",
                "This is not ours to do; we have passed it on, and they will contact you.",
            ),
            (
                "lanxi",
                Step::Close,
                "修好了",
                "{地点}的{类别}已处理好，有人去看过。还有问题请在 15 天内点“没有解决”。",
                "{category} at {place} is done and was checked. If not, reopen it within 15 days.",
            ),
            (
                "tongyin",
                Step::Suspend,
                "等天气",
                "要等天晴才能施工，天气好了马上继续。",
                "It needs dry weather; we go on as soon as it clears.",
            ),
            ("wutong", Step::Accept, "今天去看", "{地点}，今天就有人去看。", "Somebody will look at {place} today."),
            (
                "wutong",
                Step::Ask,
                "问位置",
                "请问具体在哪里？例如几单元几楼，门朝哪边。",
                "Where exactly is it? Which entrance and floor?",
            ),
            (
                "wutong",
                Step::Dispatch,
                "请先看",
                "请今天先去看一眼，需要材料马上说。",
                "Please have a look today and say at once if parts are needed.",
            ),
            (
                "wutong",
                Step::VerifyFail,
                "没修到位",
                "去看过，还没有修到位，请再处理一次。",
                "We looked: it is not done yet. Please see to it again.",
            ),
        ];
        let mut tx = self.app.db.begin().await?;
        for (position, (place, step, title, text, text_en)) in (1_i64..).zip(answers) {
            sqlx::query(
                "INSERT INTO canned_answer (id, organisation_id, step, title, text, text_en, position) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(clock::new_id(self.app.clock.now()))
            .bind(&self.organisation(place)?.0)
            .bind(step.code())
            .bind(title)
            .bind(text)
            .bind(text_en)
            .bind(position)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn routing(&self) -> anyhow::Result<()> {
        let mut tx: Tx = self.app.db.begin().await?;
        for (position, (category, major, owner)) in
            (1_i64..).zip([("elevator", "", PROPERTY), ("", "greening", GARDENERS), ("", "housing", PROPERTY)])
        {
            sqlx::query(
                "INSERT INTO routing_rule (id, organisation_id, position, category, major, path, owner_id) \
                 VALUES ($1, $2, $3, $4, $5, '', $6)",
            )
            .bind(clock::new_id(self.app.clock.now()))
            .bind(&self.organisation("wutong")?.0)
            .bind(position)
            .bind(category)
            .bind(major)
            .bind(self.person(owner)?)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Three calls: one about a thing that a resident has reported as well, one from 110, one from above.
    async fn calls(&self) -> anyhow::Result<()> {
        let community = self.community().await?;
        self.report(
            NEIGHBOUR,
            3.1,
            ("overfull-bin", "wutong-6", "6 栋东侧", "6 栋东边的垃圾桶满出来了，风一吹满地都是。"),
        )
        .await?;
        let calls = [
            (
                1.2,
                Origin::Hotline,
                "2611250317",
                "王建国",
                "19900030017",
                ("overfull-bin", "wutong-6", "6 栋旁边", "来电人说 6 栋旁边的垃圾桶满了两天，没人收，请尽快清运。"),
            ),
            (
                9.5,
                Origin::Police,
                "J2611-0458",
                "",
                "",
                (
                    "bikes",
                    "wutong-2",
                    "南门通道",
                    "110 转来：南门通道被电动车堵住，救护车进不来，民警已劝离，请社区长期管理。",
                ),
            ),
            (
                26.0,
                Origin::Platform,
                "QZ-20261124-112",
                "李阿姨",
                "051055501234",
                (
                    "street-dirt",
                    "wutong-9",
                    "9 栋后面小路",
                    "区平台转来：9 栋后面的小路几天没有扫，落叶堆到台阶上，老人怕滑。",
                ),
            ),
        ];
        for (hours_ago, origin, foreign, caller, number, (category, building, place, description)) in calls {
            let ctx = self.ctx(STAFF, hours_ago).await?;
            let number = Number::parse(number).ok().flatten();
            let call = Call { origin, foreign, caller, number };
            let form = form(category, building, place, description);
            file::file_from(&ctx, &form, &community, &[], Source::Call(&call)).await?;
        }
        Ok(())
    }

    /// One extension that the community decides, one that the street decides.
    async fn extensions(&self) -> anyhow::Result<()> {
        let roof = self
            .report(RESIDENT, 50.0, ("roof-leak", "wutong-5", "5 栋顶楼楼道", "下雨时顶楼楼道漏水，墙皮掉了一大片。"))
            .await?;
        self.tell(&roof, &[(STAFF, 49.0, Step::Accept, "已收到，这两天就有人去看。")]).await?;
        self.dispatch(&roof, 48.5, PROPERTY, "请先查是屋面还是管道。").await?;
        self.tell(
            &roof,
            &[(PROPERTY, 46.0, Step::Take, ""), (PROPERTY, 27.0, Step::Note, "看过了，是屋面防水层裂了，要整块重做。")],
        )
        .await?;
        self.ask_for(&roof, (PROPERTY, 5.0, Step::ExtendAsk, "防水卷材后天到货，晴两天才能做。"), "24").await?;
        let road = self
            .report(
                NEIGHBOUR,
                75.0,
                ("road-damage", "wutong-7", "7 栋门口", "7 栋门口路面塌了一块，雨天积水，轮椅过不去。"),
            )
            .await?;
        self.tell(&road, &[(COLLEAGUE, 74.0, Step::Accept, "")]).await?;
        self.dispatch(&road, 73.0, PROPERTY, "先围起来，再修。").await?;
        self.tell(&road, &[(PROPERTY, 70.0, Step::Take, "已经围起来了。")]).await?;
        self.ask_for(&road, (PROPERTY, 52.0, Step::ExtendAsk, "要等市政确认下面没有管线。"), "16").await?;
        self.tell(&road, &[(STAFF, 50.0, Step::ExtendGrant, "要先确认地下管线，多给两天。")]).await?;
        self.ask_for(&road, (PROPERTY, 3.0, Step::ExtendAsk, "管线图有出入，市政明天来人开挖看。"), "16").await
    }

    /// A return that the dispatcher does not accept, and one that waits for another owner.
    async fn returns(&self) -> anyhow::Result<()> {
        let tree = self
            .report(RESIDENT, 30.0, ("tree-shade", "wutong-5", "5 栋南面", "香樟树枝伸到三楼窗口，白天也要开灯。"))
            .await?;
        self.tell(&tree, &[(STAFF, 29.0, Step::Accept, "")]).await?;
        self.dispatch(&tree, 28.0, GARDENERS, "").await?;
        self.tell(
            &tree,
            &[
                (GARDENERS, 26.0, Step::Return, "这棵树在围墙外，归区里的行道树养护。"),
                (STAFF, 24.0, Step::Dispute, "查过红线图，树在小区里面，应由养护队修剪。"),
            ],
        )
        .await?;
        let clutter = self
            .report(
                NEIGHBOUR,
                8.0,
                ("corridor-clutter", "wutong-7", "7 栋二单元四楼", "楼道里堆着旧沙发，走路要侧身。"),
            )
            .await?;
        self.tell(&clutter, &[(COLLEAGUE, 7.5, Step::Accept, "")]).await?;
        self.dispatch(&clutter, 7.0, PROPERTY, "").await?;
        self.tell(&clutter, &[(PROPERTY, 6.0, Step::Return, "住户说是邻居放的，物业没有权清，请社区先上门。")]).await
    }

    /// An order from the street that waits for an answer.
    async fn supervision(&self) -> anyhow::Result<()> {
        let green = self
            .report(NEIGHBOUR, 54.0, ("green-damage", "wutong-7", "7 栋北面草坪", "草坪被车压秃了一大块，下雨全是泥。"))
            .await?;
        self.tell(&green, &[(STAFF, 53.0, Step::Accept, "")]).await?;
        self.dispatch(&green, 52.0, GARDENERS, "").await?;
        self.tell(
            &green,
            &[
                (GARDENERS, 50.0, Step::Take, ""),
                (STREET, 4.0, Step::Supervise, "这一块三个月里坏了两次，请说明怎样防止再压，并在两天内补种。"),
            ],
        )
        .await
    }

    /// Not done well the first time, done again, and waiting for other eyes.
    async fn again(&self) -> anyhow::Result<()> {
        let stall = self
            .report(RESIDENT, 34.0, ("life-noise", "wutong-4", "4 栋架空层", "架空层的排风扇晚上响得睡不着。"))
            .await?;
        self.tell(&stall, &[(STAFF, 33.5, Step::Accept, "")]).await?;
        self.dispatch(&stall, 33.0, PROPERTY, "").await?;
        self.tell(
            &stall,
            &[
                (PROPERTY, 32.0, Step::Take, ""),
                (PROPERTY, 29.0, Step::Finish, "上了润滑油。"),
                (GRID_WORKER, 10.0, Step::VerifyFail, "晚上去听过，还是响，请再处理。"),
                (PROPERTY, 2.0, Step::Finish, "换了轴承，十点以后自动停。"),
            ],
        )
        .await
    }
}

fn form(category: &str, building: &str, place: &str, description: &str) -> ReportForm {
    ReportForm {
        key: clock::token(),
        category: category.to_owned(),
        building: building.to_owned(),
        place: place.to_owned(),
        description: description.to_owned(),
        ..ReportForm::default()
    }
}
