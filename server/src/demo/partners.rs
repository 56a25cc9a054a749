//! Partners, agreements, teams and hours of the demo's first community, through the use cases.

use super::Loaded;
use crate::{
    app_state::App,
    auth::actor::{Actor, Grant},
    clock,
    http::Ctx,
    partners::{
        service::{
            agreements::{self, AgreementForm, PartnerForm, Settling, TaskForm},
            hours::{self, HourForm},
            joining::{self, JoinForm},
            members::{self, Decision},
            teams::{self, TeamForm, TrainingForm},
        },
        store,
    },
};
use anyhow::Context;
use app::{
    i18n::{Lang, Words},
    people::Role,
    time,
    ui::shell::Size,
};
use jiff::Span;

const COMMUNITY: &str = "wutong";
const STAFF: &str = "19900000031";
/// Whose days everything is in, relative to today.
const AGREEMENTS: &[Told] = &[
    Told {
        partner: ("河东小学", "school", "王老师", "0571-88880012"),
        title: "放学后托管",
        days: (-240, 24),
        gives: ("社区活动室，工作日 16:00–18:00", "每天两位老师，寒暑假各一期兴趣班"),
        tasks: &[("寒假兴趣班排课", "partner", 6, ""), ("活动室桌椅维修", "community", -40, "换了 12 把椅子")],
    },
    Told {
        partner: ("河东街道卫生服务中心", "hospital", "李医生", "0571-88880036"),
        title: "老人健康档案和义诊",
        days: (-120, 245),
        gives: ("场地、通知和接送", "每月一次义诊，行动不便的上门"),
        tasks: &[("本月义诊", "both", -2, ""), ("建立八十岁以上老人名册", "both", -60, "共 46 位，已核对")],
    },
];

struct Told {
    /// Name, kind, contact and number.
    partner: (&'static str, &'static str, &'static str, &'static str),
    title: &'static str,
    days: (i32, i32),
    /// What the community gives, and the partner.
    gives: (&'static str, &'static str),
    /// Title, who, days from now, and what was done; empty: open.
    tasks: &'static [(&'static str, &'static str, i32, &'static str)],
}

/// Loads them.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let (organisation_id, path) = loaded.organisations.get(COMMUNITY).context("no community")?.clone();
    let staff = reader(app, loaded, STAFF, Some(Grant { role: Role::CommunityStaff, organisation_id, path }))?;
    for told in AGREEMENTS {
        agreement(&staff, told).await?;
    }
    let night = team(&staff, ("电工帮帮队", "帮邻居换灯泡、修插座，晚上巡一巡路灯。", "electric repair")).await?;
    let care = team(&staff, ("银龄陪伴队", "陪独居老人聊天、看病、买菜。", "care")).await?;
    join(&staff, loaded, "19900000012", &night, ("electric", &["wutong-g3", "wutong-g4"])).await?;
    join(&staff, loaded, "19900000011", &care, ("care teaching", &["wutong-g1"])).await?;
    let waits = reader(app, loaded, "19900000003", None)?;
    let form = JoinForm {
        skills: vec!["repair".to_owned()],
        grids: vec!["wutong-g2".to_owned()],
        times: vec!["weekend-day".to_owned()],
        available: true,
        consent: true,
        ..JoinForm::default()
    };
    joining::join(&waits, &night, &form).await.context("joining")?;
    record(&staff, app, &night, loaded).await
}

/// The request of a person of the demo.
fn reader(app: &App, loaded: &Loaded, phone: &str, grant: Option<Grant>) -> anyhow::Result<Ctx> {
    let id = loaded.people.get(phone).context("no such person")?.clone();
    let actor = Actor {
        id,
        name: phone.to_owned(),
        phone_masked: String::new(),
        community_id: None,
        building_id: None,
        grants: grant.into_iter().collect(),
        session_id: String::new(),
        second_factor: true,
    };
    Ok(Ctx {
        app: app.clone(),
        now: app.clock.now(),
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

/// A day so many days from now.
fn day(ctx: &Ctx, days: i32) -> String {
    time::day_of(ctx.now).saturating_add(Span::new().days(days)).to_string()
}

async fn agreement(staff: &Ctx, told: &Told) -> anyhow::Result<()> {
    let (name, kind, contact_name, contact) = told.partner;
    let form = PartnerForm {
        community: COMMUNITY.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        contact_name: contact_name.to_owned(),
        contact: contact.to_owned(),
        key: clock::token(),
    };
    let partner = agreements::make_partner(staff, &form).await?;
    let form = AgreementForm {
        title: told.title.to_owned(),
        from: day(staff, told.days.0),
        until: day(staff, told.days.1),
        community_gives: told.gives.0.to_owned(),
        partner_gives: told.gives.1.to_owned(),
        key: clock::token(),
    };
    let id = agreements::make_agreement(staff, &partner, &form).await?;
    for (title, whose, due, done) in told.tasks {
        let form = TaskForm {
            title: (*title).to_owned(),
            whose: (*whose).to_owned(),
            due: day(staff, *due),
            key: clock::token(),
        };
        let task = agreements::add_task(staff, &id, &form).await?;
        if !done.is_empty() {
            let wanted =
                Settling { state: "done".to_owned(), note: (*done).to_owned(), photo: String::new(), version: 1 };
            agreements::settle(staff, &task, &wanted).await?;
        }
    }
    Ok(())
}

async fn team(staff: &Ctx, (name, purpose, skills): (&str, &str, &str)) -> anyhow::Result<String> {
    let form = TeamForm {
        community: COMMUNITY.to_owned(),
        name: name.to_owned(),
        purpose: purpose.to_owned(),
        skills: skills.split(' ').map(str::to_owned).collect(),
        closed: false,
        key: clock::token(),
    };
    Ok(teams::make(staff, &form).await?)
}

async fn join(
    staff: &Ctx,
    loaded: &Loaded,
    phone: &str,
    team: &str,
    (skills, grids): (&str, &[&str]),
) -> anyhow::Result<()> {
    let volunteer = reader(&staff.app, loaded, phone, None)?;
    let form = JoinForm {
        skills: skills.split(' ').map(str::to_owned).collect(),
        grids: grids.iter().map(|code| (*code).to_owned()).collect(),
        times: vec!["weekday-evening".to_owned(), "weekend-day".to_owned()],
        available: true,
        consent: true,
        ..JoinForm::default()
    };
    joining::join(&volunteer, team, &form).await?;
    let (member, _) = joining::mine(&volunteer, team).await?;
    Ok(members::decide(staff, &member.id, Decision::Accept, member.version, "").await?)
}

/// A training, hours that are confirmed, and some that wait.
async fn record(staff: &Ctx, app: &App, team: &str, loaded: &Loaded) -> anyhow::Result<()> {
    let all = store::members::in_team(&app.db, team).await?;
    let form = TrainingForm {
        day: day(staff, -30),
        topic: "安全用电和登高".to_owned(),
        hours: "2".to_owned(),
        members: all.iter().map(|member| member.id.clone()).collect(),
        key: clock::token(),
    };
    teams::add_training(staff, team, &form).await?;
    let volunteer = all.first().context("nobody is in the team")?;
    for (back, length, words) in [(-20, "2", "换楼道灯泡 9 个"), (-12, "1.5", "帮 8 栋老人修插座")] {
        let form = HourForm {
            day: day(staff, back),
            hours: length.to_owned(),
            words: words.to_owned(),
            key: clock::token(),
            ..HourForm::default()
        };
        hours::write_for(staff, &volunteer.id, &form).await?;
    }
    let own = reader(app, loaded, "19900000012", None)?;
    let form = HourForm {
        team: team.to_owned(),
        day: day(&own, -3),
        hours: "1".to_owned(),
        words: "晚上巡路灯".to_owned(),
        key: clock::token(),
        ..HourForm::default()
    };
    hours::propose(&own, &form).await?;
    Ok(())
}
