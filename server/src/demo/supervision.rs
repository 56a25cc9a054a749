//! Letters of supervision at every point of their life, told through the steps that people take, at times that have gone by.

use super::Loaded;
use crate::{
    app_state::App,
    auth::actor::{Actor, Grant},
    clock,
    http::Ctx,
    photos::{self, store::Uploader},
    supervision::{
        service::{self, Wanted, draft, photos as pictures, steps::Answered},
        store,
    },
};
use anyhow::{Context, bail};
use app::{
    i18n::{Lang, Words},
    people::Role,
    supervision::{Step, form::LetterForm},
    time,
    ui::shell::Size,
};
use jiff::{SignedDuration, Span};

const WUTONG: &str = "19900000031";
const XINGWU: &str = "19900000033";
const CAILING: &str = "19900020010";
const STREET: &str = "19900000051";
const DISTRICT: &str = "19900000052";

/// A letter of the demo.
struct Told {
    kind: &'static str,
    by: &'static str,
    to: &'static str,
    /// Who answers.
    answers: &'static str,
    company: &'static str,
    subject: &'static str,
    findings: &'static [&'static str],
    asked: &'static str,
    /// Days ago that it was issued, and days to answer in.
    issued: f64,
    days: i32,
    /// What happened after it was issued, days ago.
    then: &'static [(f64, Step, &'static str)],
}

const LETTERS: &[Told] = &[
    Told {
        kind: "notice",
        by: STREET,
        to: "wutong",
        answers: WUTONG,
        company: "安居物业",
        subject: "消防通道堵塞整改",
        findings: &["5 栋东侧消防通道停放电动自行车十余辆。", "8 栋一层楼道堆放旧家具和纸箱。"],
        asked: "三天内清空通道和楼道，安排专人每天巡查两次，并在楼栋群里告知居民。",
        issued: 62.0,
        days: 7,
        then: &[
            (58.0, Step::Answer, "已全部清理，物业每天上午、晚上各巡查一次。"),
            (57.0, Step::SendBack, "8 栋一层仍有纸箱，请清完再报。"),
            (53.0, Step::Answer, "已与住户约定时间清运，现场已干净。"),
            (52.0, Step::Pass, ""),
        ],
    },
    Told {
        kind: "order",
        by: STREET,
        to: "xingwu",
        answers: XINGWU,
        company: "",
        subject: "杏坞路积水点反复上报",
        findings: &["同一处雨水口一个月内被居民上报四次，每次都只临时清掏。"],
        asked: "会同养护单位查清原因，提出一次性解决的办法和时间。",
        issued: 35.0,
        days: 10,
        then: &[(30.0, Step::Answer, "查明为支管塌陷，已申请更换，下周开挖。"), (29.0, Step::Pass, "")],
    },
    Told {
        kind: "notice",
        by: STREET,
        to: "cailing",
        answers: CAILING,
        company: "恒源物业",
        subject: "电梯维保记录缺失",
        findings: &["2 栋、4 栋电梯九月、十月没有维保签字。"],
        asked: "补齐维保记录，请维保单位书面说明原因。",
        issued: 12.0,
        days: 6,
        then: &[],
    },
    Told {
        kind: "order",
        by: STREET,
        to: "wutong",
        answers: WUTONG,
        company: "",
        subject: "楼道照明长期不亮",
        findings: &["3 栋二单元三至五层楼道灯不亮超过两周。", "7 栋门厅声控开关失灵。"],
        asked: "五个工作日内修复，并排查其余楼栋。",
        issued: 6.0,
        days: 12,
        then: &[(1.0, Step::Answer, "已更换灯具和开关，其余楼栋排查完毕。")],
    },
    Told {
        kind: "notice",
        by: STREET,
        to: "wutong",
        answers: WUTONG,
        company: "",
        subject: "垃圾分类投放点脏乱",
        findings: &["北门投放点地面有污渍，桶盖破损两个。", "公示牌上的开放时间与实际不符。"],
        asked: "清洗地面、更换桶盖、更正公示牌。",
        issued: 1.0,
        days: 6,
        then: &[],
    },
    Told {
        kind: "order",
        by: DISTRICT,
        to: "tongyin",
        answers: STREET,
        company: "",
        subject: "防汛物资清点",
        findings: &["上月抽查发现两个社区沙袋、水泵数量与台账不符。"],
        asked: "全面清点，更新台账，缺的补齐。",
        issued: 2.0,
        days: 9,
        then: &[],
    },
];

/// Loads them. The database has the demo's places and people.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    for (nth, told) in LETTERS.iter().enumerate() {
        tell(app, loaded, told, nth).await.with_context(|| told.subject)?;
    }
    let ctx = ctx(app, loaded, STREET, 0.1).await?;
    let form = LetterForm {
        key: clock::token(),
        kind: "notice".into(),
        addressee: "xingwu".into(),
        subject: "健身器材松动".into(),
        finding: vec!["小广场漫步机一侧脚踏松动。".into()],
        asked: "先围挡停用，修好后再开放。".into(),
        days: String::new(),
        day: day(&ctx, 8),
        ..LetterForm::default()
    };
    made(draft::make(&ctx, &form).await)?;
    Ok(())
}

fn made(result: Result<String, draft::Refused>) -> anyhow::Result<String> {
    match result {
        Ok(id) => Ok(id),
        Err(draft::Refused::Invalid(errors)) => bail!("{errors:?}"),
        Err(draft::Refused::Other(error)) => bail!("{error:?}"),
    }
}

/// The day so many days after the request.
fn day(ctx: &Ctx, days: i32) -> String {
    time::day_of(ctx.now).saturating_add(Span::new().days(days)).to_string()
}

async fn tell(app: &App, loaded: &Loaded, told: &Told, nth: usize) -> anyhow::Result<()> {
    let writes = ctx(app, loaded, told.by, told.issued + 0.05).await?;
    let form = LetterForm {
        key: clock::token(),
        kind: told.kind.to_owned(),
        addressee: told.to.to_owned(),
        company: told.company.to_owned(),
        subject: told.subject.to_owned(),
        finding: told.findings.iter().map(|text| (*text).to_owned()).collect(),
        asked: told.asked.to_owned(),
        day: day(&writes, told.days),
        ..LetterForm::default()
    };
    let id = made(draft::make(&writes, &form).await)?;
    if nth == 0 {
        let findings = store::findings(&app.db, &id).await?;
        let first = findings.first().context("no finding")?;
        let photo = photo(&writes, include_bytes!("../../demo/photos/bikes-before.jpg")).await?;
        let wrong = pictures::add(&writes, (&id, 1), &first.id, &[photo]).await?;
        anyhow::ensure!(wrong.is_none(), "{wrong:?}");
    }
    take(app, loaded, &id, (told.by, told.issued, Step::Issue, ""), None).await?;
    for (ago, step, words) in told.then {
        let who = if *step == Step::Answer { told.answers } else { told.by };
        let photo =
            (nth == 0 && *step == Step::Answer).then_some(&include_bytes!("../../demo/photos/bikes-after.jpg")[..]);
        take(app, loaded, &id, (who, *ago, *step, words), photo).await?;
    }
    Ok(())
}

/// Takes a step: who, days ago, which, words.
async fn take(
    app: &App,
    loaded: &Loaded,
    id: &str,
    (who, ago, step, words): (&str, f64, Step, &str),
    shot: Option<&[u8]>,
) -> anyhow::Result<()> {
    let ctx = ctx(app, loaded, who, ago).await?;
    let mut wanted = Wanted { text: words.to_owned(), ..Wanted::new(step) };
    if step == Step::SendBack {
        wanted.day = day(&ctx, 5);
    }
    if step == Step::Answer {
        for finding in store::findings(&app.db, id).await? {
            let mut photos = Vec::new();
            if let Some(shot) = shot.filter(|_| finding.number == 1) {
                photos.push(photo(&ctx, shot).await?);
            }
            wanted.answers.insert(finding.number, Answered { text: words.to_owned(), photos });
        }
    }
    service::take(&ctx, id, &wanted).await.map_err(|error| anyhow::anyhow!("{step:?}: {error:?}"))
}

async fn photo(ctx: &Ctx, bytes: &[u8]) -> anyhow::Result<String> {
    let prepared = photos::service::prepare(bytes.to_vec()).await?;
    let kept = photos::service::keep(&ctx.app, &Uploader::of(ctx), &prepared, None, ctx.now).await?;
    Ok(kept.context("the photo was not kept")?.id)
}

/// What the server would know of a request of this person, so many days ago.
async fn ctx(app: &App, loaded: &Loaded, phone: &str, days_ago: f64) -> anyhow::Result<Ctx> {
    let id = loaded.people.get(phone).with_context(|| format!("no such person: {phone}"))?.clone();
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT g.role, o.id, o.path FROM role_grant g JOIN organisation o ON o.id = g.organisation_id WHERE g.person_id = $1",
    )
    .bind(&id)
    .fetch_all(app.db.read())
    .await?;
    let grants = rows
        .into_iter()
        .filter_map(|(role, organisation_id, path)| {
            Some(Grant { role: Role::from_code(&role)?, organisation_id, path })
        })
        .collect();
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
        app: app.clone(),
        now: app.clock.now() - SignedDuration::try_from_secs_f64(days_ago * 86_400.0)?,
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
