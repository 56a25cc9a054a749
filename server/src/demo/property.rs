//! Property companies of the demo: two in the district, estates, contracts, inspections, residents' ratings, credit entries in
//! every state, and an assessment of the last quarter.

use super::Loaded;
use crate::{
    app_state::App,
    clock,
    db::Tx,
    property::store::{
        self, NewCompany, assess,
        credit::{self, Moved, NewEntry},
        estates,
        inspections::{self, Finding, NewInspection, Rating},
    },
};
use anyhow::Context;
use app::{
    property::{
        assess::assess as points_of,
        credit::{State, Step},
        period::Period,
    },
    time::day_of,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

/// Name, name in English, registration code, telephone, phone of who acts for it, community, estate with both names, buildings.
type DemoCompany = ([&'static str; 4], &'static str, &'static str, [&'static str; 2], &'static [&'static str]);

const COMPANIES: [DemoCompany; 2] = [
    (
        ["禾宁物业服务有限公司", "Hening Property Services", "91320200MA2HN5K81T", "0510-80000151"],
        "19900000041",
        "wutong",
        ["梧桐苑", "Wutong Court"],
        &[
            "wutong-1",
            "wutong-2",
            "wutong-3",
            "wutong-4",
            "wutong-5",
            "wutong-6",
            "wutong-7",
            "wutong-8",
            "wutong-9",
            "wutong-10",
        ],
    ),
    (
        ["杏安物业服务有限公司", "Xing’an Property Services", "91320200MA2XA7Q36R", "0510-80000152"],
        "19900020009",
        "xingwu",
        ["杏坞花园", "Xingwu Gardens"],
        &["xingwu-1", "xingwu-2", "xingwu-3", "xingwu-4", "xingwu-5", "xingwu-6"],
    ),
];

struct Demo<'a> {
    loaded: &'a Loaded,
    today: Date,
    now: Timestamp,
}

impl Demo<'_> {
    fn person(&self, phone: &str) -> anyhow::Result<&str> {
        Ok(self.loaded.people.get(phone).context("a demo person")?)
    }

    fn place(&self, code: &str) -> anyhow::Result<&(String, String)> {
        self.loaded.organisations.get(code).context("a demo place")
    }

    /// A company with its estate and contract: ids of company and estate.
    async fn company(&self, tx: &mut Tx, demo: &DemoCompany) -> anyhow::Result<(String, String)> {
        let ([name, name_en, registration, phone], member, community, estate, buildings) = demo;
        let (district, _) = self.place("lanxi")?.clone();
        let key = format!("demo:{district}:{registration}");
        let new = NewCompany { path: &self.place("lanxi")?.1, name, name_en, registration, phone, form_key: &key };
        let company = store::insert(tx, &new, self.now).await?.context("a new company")?;
        store::add_member(tx, &company, self.person(member)?, self.now).await?;
        let (community_id, path) = self.place(community)?;
        let place = (community_id.as_str(), path.as_str());
        let id = estates::insert(tx, place, (estate[0], estate[1]), &format!("{key}:estate"), self.now).await?;
        let id = id.context("a new estate")?;
        let mut ids = Vec::new();
        for building in *buildings {
            ids.push(self.place(building)?.0.clone());
        }
        estates::set_buildings(tx, &id, &ids).await?;
        let from = self.today.saturating_sub(2.years()).first_of_year();
        let until = self.today.saturating_add(1.year()).last_of_year();
        estates::insert_contract(tx, (&id, &company), (&from.to_string(), &until.to_string()), self.now).await?;
        Ok((company, id))
    }

    async fn inspection(
        &self,
        tx: &mut Tx,
        (company, estate): (&str, &str),
        (day, by): (Date, &str),
        findings: &[(&str, i64)],
    ) -> anyhow::Result<()> {
        let findings: Vec<Finding> =
            findings.iter().map(|(item, lost)| Finding { item: (*item).to_owned(), lost: *lost }).collect();
        let lost: i64 = findings.iter().map(|finding| finding.lost).sum();
        let new = NewInspection {
            estate_id: estate,
            company_id: company,
            day,
            points: 100 - lost,
            findings: &findings,
            note: "",
            by: self.person(by)?,
            form_key: &clock::token(),
        };
        inspections::insert(tx, &new, self.now).await?;
        Ok(())
    }

    async fn ratings(
        &self,
        tx: &mut Tx,
        (company, estate): (&str, &str),
        stars: &[i64],
        from: usize,
    ) -> anyhow::Result<()> {
        let quarter = Period::quarter_before(self.today).code();
        for (n, stars) in stars.iter().enumerate() {
            let phone = self.loaded.residents.get(from + n).context("a resident")?;
            let rating = Rating {
                estate_id: estate,
                quarter: &quarter,
                person_id: self.person(phone)?,
                company_id: company,
                stars: *stars,
                reason: if *stars < 3 { "电梯修了三次还是会抖" } else { "" },
            };
            inspections::rate(tx, &rating, self.now).await?;
        }
        Ok(())
    }
}

/// An entry: title, source, basis, evidence, points, days ago, and its steps: who, which, what is said, points afterwards.
struct DemoEntry {
    title: &'static str,
    source: &'static str,
    basis: &'static str,
    evidence: &'static str,
    points: i64,
    days_ago: i32,
    steps: &'static [(&'static str, Step, &'static str)],
}

const STREET: &str = "19900000051";
const DISTRICT: &str = "19900000052";

const ENTRIES: [DemoEntry; 4] = [
    DemoEntry {
        title: "楼道灯报修多次超时",
        source: "reports",
        basis: "物业服务合同第 9 条：公共照明报修 24 小时内修复。上月三次超过时限。",
        evidence: "案件处置记录；社区回访三户，均称等了三天以上。",
        points: -8,
        days_ago: 40,
        steps: &[
            ("19900000041", Step::Answer, "两次是灯具缺货，已经备了库存；第三次确实是我们排班漏了。"),
            (STREET, Step::Publish, "事实清楚，缺货不属于合同约定的免责情形。"),
        ],
    },
    DemoEntry {
        title: "汛期主动值守，地库没有进水",
        source: "merit",
        basis: "区物业服务信用办法：防汛工作表现突出。",
        evidence: "街道防汛值班记录，七月两次暴雨全员在岗。",
        points: 5,
        days_ago: 70,
        steps: &[("19900000041", Step::Answer, "谢谢肯定。"), (STREET, Step::Publish, "记录属实。")],
    },
    DemoEntry {
        title: "公共收益公示不及时",
        source: "authority",
        basis: "物业管理条例：公共收益每半年公示一次。",
        evidence: "上半年收支到八月底才贴出。",
        points: -6,
        days_ago: 45,
        steps: &[
            (STREET, Step::Publish, "逾期未答复，按规定公布。"),
            ("19900000041", Step::Appeal, "业委会换届期间无人签字，六月已经把账交给社区，附交接单。"),
        ],
    },
    DemoEntry {
        title: "外墙瓷砖脱落没有围挡",
        source: "inspection",
        basis: "物业服务合同第 15 条：发现高坠隐患当日设置围挡。",
        evidence: "巡查照片：2 栋东山墙，两天后仍没有围挡。",
        points: -10,
        days_ago: 2,
        steps: &[],
    },
];

async fn entry(app: &App, demo: &Demo<'_>, company: &str, estate: &str, told: &DemoEntry) -> anyhow::Result<()> {
    let at = demo.now - SignedDuration::from_hours(24 * i64::from(told.days_ago));
    let day = day_of(at);
    let new = NewEntry {
        company_id: company,
        estate_id: Some(estate),
        path: &demo.place("wutong")?.1,
        title: told.title,
        source: told.source,
        basis: told.basis,
        evidence: told.evidence,
        reports: "",
        points: told.points,
        severe: false,
        days: (day, day.saturating_add(1.year())),
        answer_due: day.saturating_add(7.days()),
        by: demo.person("19900000032")?,
        form_key: &clock::token(),
    };
    let mut tx = app.db.begin().await?;
    let id = credit::insert(&mut tx, &new, at).await?.context("a new entry")?;
    tx.commit().await?;
    for (n, (by, step, text)) in told.steps.iter().enumerate() {
        let kept = credit::by_id(&app.db, &id).await?.context("the entry")?;
        let state = step.after(kept.state()).unwrap_or(State::Dropped);
        let at = at + SignedDuration::from_hours(24 * (8 + 4 * i64::try_from(n)?));
        let published = (*step == Step::Publish).then(|| (day_of(at), day_of(at).saturating_add(15.days())));
        let moved = Moved { step: (*step, state), by: demo.person(by)?, text, points: kept.points, published };
        let mut tx = app.db.begin().await?;
        credit::advance(&mut tx, &kept, &moved, at).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Loads them.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let now = app.clock.now();
    let demo = Demo { loaded, today: day_of(now), now };
    let quarter = Period::quarter_before(demo.today);
    let mut tx = app.db.begin().await?;
    let (hening, wutong) = demo.company(&mut tx, &COMPANIES[0]).await?;
    let (xingan, xingwu) = demo.company(&mut tx, &COMPANIES[1]).await?;
    let days = [quarter.first().saturating_add(20.days()), quarter.first().saturating_add(65.days())];
    let at_wutong = (hening.as_str(), wutong.as_str());
    demo.inspection(
        &mut tx,
        at_wutong,
        (days[0], "19900000032"),
        &[("3 栋楼道堆物没有清", 4), ("消防栓箱门缺一块玻璃", 3)],
    )
    .await?;
    demo.inspection(&mut tx, at_wutong, (days[1], "19900000031"), &[("中心花园绿化缺水", 2)]).await?;
    let at_xingwu = (xingan.as_str(), xingwu.as_str());
    demo.inspection(&mut tx, at_xingwu, (days[0], "19900000033"), &[("门岗夜间无人", 8)]).await?;
    demo.ratings(&mut tx, at_wutong, &[5, 4, 4, 2, 5, 4, 3, 4], 0).await?;
    demo.ratings(&mut tx, at_xingwu, &[4, 3, 4, 5, 4], 24).await?;
    tx.commit().await?;
    for told in &ENTRIES {
        entry(app, &demo, &hening, &wutong, told).await?;
    }
    for company in [&hening, &xingan] {
        let inputs = assess::gather(&app.db, company, quarter).await?;
        let points = points_of(&inputs).points;
        let mut tx = app.db.begin().await?;
        assess::keep(&app.db, &mut tx, company, (&inputs, points), demo.person(DISTRICT)?, now).await?;
        tx.commit().await?;
    }
    Ok(())
}
