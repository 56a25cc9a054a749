//! The joint meeting of the demo community: who sits in it, one session that is over, one that is to come. Told through the use
//! cases that people use, at times that have gone by.

use super::Loaded;
use crate::{
    app_state::App,
    auth::actor::{Actor, Grant},
    clock,
    http::Ctx,
    meetings::{
        service::{
            Refused, ballots,
            ballots::{BallotForm, Hands},
            bodies,
            bodies::{BodyForm, MemberForm, ProposalForm},
            minutes, resolutions,
            resolutions::{ResolutionForm, StepForm},
            sessions,
            sessions::{ItemForm, SessionForm},
        },
        store,
    },
};
use anyhow::{Context, anyhow};
use app::{
    i18n::{Lang, Words},
    meetings::{Presence, SessionStep},
    people::Role,
    time,
    ui::shell::Size,
};
use jiff::{SignedDuration, Timestamp};

const RESIDENT: &str = "19900000001";
const ELDER: &str = "19900000002";
const NEIGHBOUR: &str = "19900000003";
const VOLUNTEER: &str = "19900000011";
const STAFF: &str = "19900000031";
const COLLEAGUE: &str = "19900000032";
const PROPERTY: &str = "19900000041";

/// Number, seat, for whom, rights.
const MEMBERS: [(&str, &str, &str, &[&str]); 6] = [
    (STAFF, "committee", "社区居委会", &["suggest", "execute"]),
    (COLLEAGUE, "committee", "社区党委", &["suggest", "vote", "supervise", "execute"]),
    (RESIDENT, "owner", "5 栋业主", &["suggest", "vote", "supervise"]),
    (NEIGHBOUR, "owner", "7 栋业主", &["suggest", "vote", "supervise"]),
    (VOLUNTEER, "owner", "3 栋业主", &["suggest", "vote", "supervise"]),
    (PROPERTY, "property", "物业服务中心", &["suggest", "vote", "execute"]),
];

/// Loads it. The database has the demo's places and people.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let teller = Teller { app, loaded };
    let body = teller.body().await?;
    teller.past(&body).await?;
    teller.coming(&body).await
}

struct Teller<'a> {
    app: &'a App,
    loaded: &'a Loaded,
}

fn done<T>(answer: Result<T, Refused>) -> anyhow::Result<T> {
    answer.map_err(|refused| anyhow!("the demo's meeting: {refused:?}"))
}

fn local(at: Timestamp) -> String {
    at.to_zoned_datetime(time::zone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

impl Teller<'_> {
    /// As somebody, so many hours ago.
    async fn ctx(&self, phone: &str, hours_ago: i64) -> anyhow::Result<Ctx> {
        let id = self.loaded.people.get(phone).with_context(|| format!("no person {phone}"))?.clone();
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
        let home = self.loaded.organisations.get("wutong").map(|(id, _)| id.clone());
        let actor = Actor {
            id,
            name: String::new(),
            phone_masked: String::new(),
            community_id: home,
            building_id: None,
            grants,
            session_id: String::new(),
            second_factor: true,
        };
        Ok(Ctx {
            app: self.app.clone(),
            now: self.app.clock.now() - SignedDuration::from_hours(hours_ago),
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

    async fn body(&self) -> anyhow::Result<String> {
        let staff = self.ctx(STAFF, 24 * 40).await?;
        let form = BodyForm {
            community: "wutong".to_owned(),
            name: "梧桐社区联席会议".to_owned(),
            quorum: "1/2".to_owned(),
            majority: "simple".to_owned(),
            key: clock::token(),
        };
        let body = done(bodies::make(&staff, &form).await)?.context("made before")?;
        for (phone, seat, speaks_for, rights) in MEMBERS {
            let form = MemberForm {
                phone: phone.to_owned(),
                seat: seat.to_owned(),
                speaks_for: speaks_for.to_owned(),
                rights: rights.iter().map(|right| (*right).to_owned()).collect(),
                from: String::new(),
            };
            done(bodies::add_member(&staff, &body, &form).await)?;
        }
        Ok(body)
    }

    async fn member(&self, body: &str, phone: &str) -> anyhow::Result<String> {
        let person = self.loaded.people.get(phone).with_context(|| format!("no person {phone}"))?;
        let all = store::bodies::members(&self.app.db, body).await?;
        let found = all.into_iter().find(|member| member.person_id == *person);
        Ok(found.context("no such member")?.id)
    }

    async fn propose(
        &self,
        body: &str,
        phone: &str,
        hours_ago: i64,
        (title, text): (&str, &str),
    ) -> anyhow::Result<String> {
        let form =
            ProposalForm { body: body.to_owned(), title: title.to_owned(), text: text.to_owned(), key: clock::token() };
        let ctx = self.ctx(phone, hours_ago).await?;
        done(bodies::propose(&ctx, &form).await)?.context("proposed before")
    }

    async fn session(&self, ctx: &Ctx, body: &str, title: &str, starts: Timestamp) -> anyhow::Result<String> {
        let form = SessionForm {
            title: title.to_owned(),
            starts: local(starts),
            place: "社区二楼会议室".to_owned(),
            mode: "both".to_owned(),
            key: clock::token(),
        };
        done(sessions::make(ctx, body, &form).await)?.context("planned before")
    }

    async fn item(&self, ctx: &Ctx, session: &str, (title, paper): (&str, &str), proposal: &str) -> anyhow::Result<()> {
        let form = ItemForm {
            title: title.to_owned(),
            paper: paper.to_owned(),
            proposal: proposal.to_owned(),
            key: clock::token(),
        };
        done(sessions::add_item(ctx, session, &form).await)
    }

    /// A session twelve days ago: a secret ballot, a show of hands, a resolution that is being carried out.
    async fn past(&self, body: &str) -> anyhow::Result<()> {
        let hours = 24 * 12;
        let text = "楼下飞线充电不安全，希望在小区里装几个充电桩，价格公开。";
        let proposal = self.propose(body, ELDER, hours + 200, ("给电动自行车装充电桩", text)).await?;
        let (before, during) = (self.ctx(STAFF, hours + 72).await?, self.ctx(STAFF, hours).await?);
        let session = self.session(&before, body, "第三季度联席会议", during.now).await?;
        let paper =
            "两处可选：\n\n| 位置 | 车位 | 离最近的楼 |\n|---|---|---|\n| 南门 | 24 | 12 米 |\n| 北门 | 16 | 8 米 |";
        self.item(&before, &session, ("", paper), &proposal).await?;
        self.item(&before, &session, ("夜间门禁时间", "建议 23:00 到次日 5:00。"), "").await?;
        sessions::step(&before, &session, SessionStep::Invite).await?;
        sessions::step(&during, &session, SessionStep::Open).await?;
        for (phone, presence) in [
            (STAFF, Presence::Present),
            (COLLEAGUE, Presence::Present),
            (RESIDENT, Presence::Present),
            (NEIGHBOUR, Presence::Late),
            (VOLUNTEER, Presence::Absent),
            (PROPERTY, Presence::Present),
        ] {
            sessions::roll(&during, &session, &self.member(body, phone).await?, presence).await?;
        }
        let items = store::sessions::agenda(&self.app.db, &session).await?;
        let [first, second] = items.as_slice() else { anyhow::bail!("two items") };
        for (item, question, way, options) in
            [(first, "充电桩装在哪里？", "secret", "南门\n北门"), (second, "是否同意夜间门禁时间？", "hands", "")]
        {
            let form = BallotForm {
                item: item.id.clone(),
                question: question.to_owned(),
                way: way.to_owned(),
                options: options.to_owned(),
                key: clock::token(),
            };
            done(ballots::make(&during, &session, &form).await)?;
        }
        for ballot in store::ballots::of_session(&self.app.db, &session).await? {
            done(ballots::open(&during, &session, &ballot.id, "").await)?;
            let mut hands = Hands::default();
            if ballot.agenda_id == first.id {
                for (phone, choice) in [(COLLEAGUE, "0"), (RESIDENT, "0"), (NEIGHBOUR, "1"), (PROPERTY, "0")] {
                    let ctx = self.ctx(phone, hours).await?;
                    done(ballots::vote(&ctx, &session, &ballot.id, choice).await)?;
                }
            } else {
                hands.votes = ["3", "1", "0"].map(str::to_owned).to_vec();
                hands.witness = self.member(body, RESIDENT).await?;
            }
            done(ballots::close(&during, &session, &ballot.id, &hands).await)?;
        }
        self.resolve(body, &session, hours).await
    }

    /// What came of it: a resolution, minutes, a summary.
    async fn resolve(&self, body: &str, session: &str, hours: i64) -> anyhow::Result<()> {
        let during = self.ctx(STAFF, hours).await?;
        let form = ResolutionForm {
            text: "与供电公司确认南门的容量，公示价格后安装六个充电桩。".to_owned(),
            owner: self.member(body, COLLEAGUE).await?,
            due: time::day_of(self.app.clock.now() + SignedDuration::from_hours(24 * 20)).to_string(),
            key: clock::token(),
            ..ResolutionForm::default()
        };
        done(resolutions::make(&during, session, &form).await)?;
        let found = store::sessions::by_id(&self.app.db, session).await?.context("the session")?;
        let notes = "何立群提到北门夜里人多，建议加一盏灯；物业答应一并查看。";
        done(sessions::set_notes(&during, session, found.version, notes).await)?;
        sessions::step(&during, session, SessionStep::Close).await?;
        let after = self.ctx(STAFF, hours - 20).await?;
        minutes::write(&after, session).await?;
        let found = store::sessions::by_id(&self.app.db, session).await?.context("the session")?;
        let second = self.ctx(COLLEAGUE, hours - 44).await?;
        minutes::approve(&second, session, found.version).await?;
        let found = store::sessions::by_id(&self.app.db, session).await?.context("the session")?;
        let summary = minutes::draft_summary(&after, &found).await?;
        done(minutes::publish(&self.ctx(STAFF, hours - 45).await?, session, &summary).await)?;
        let task = store::resolutions::of_session(&self.app.db, session).await?;
        let task = task.first().context("a resolution")?;
        let form = StepForm {
            step: "note".to_owned(),
            text: "供电公司已经现场看过，容量够用，等报价。".to_owned(),
            version: task.version,
            key: clock::token(),
        };
        done(resolutions::step(&self.ctx(COLLEAGUE, 24 * 3).await?, &task.id, &form).await)
    }

    /// A session in five days, and proposals: one for it, one that waits.
    async fn coming(&self, body: &str) -> anyhow::Result<()> {
        let text = "中心花园的长椅坏了两张，老人没有地方歇脚。";
        let proposal = self.propose(body, NEIGHBOUR, 24 * 6, ("修中心花园的长椅", text)).await?;
        let text = "暑假里孩子没有地方看书，能不能把活动室周末开放半天？";
        self.propose(body, RESIDENT, 30, ("周末开放活动室", text)).await?;
        let staff = self.ctx(STAFF, 26).await?;
        let starts = self.app.clock.now() + SignedDuration::from_hours(24 * 5);
        let session = self.session(&staff, body, "第四季度联席会议", starts).await?;
        self.item(&staff, &session, ("", ""), &proposal).await?;
        self.item(&staff, &session, ("充电桩进展", "由吴建明说明供电公司的报价。"), "").await?;
        sessions::step(&staff, &session, SessionStep::Invite).await?;
        Ok(())
    }
}
