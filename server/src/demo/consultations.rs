//! The demo's questions to residents: one that is open, one that is weighed, one that is answered, a draft.

use super::Loaded;
use crate::{
    app_state::App,
    consultations::store::{self, voices, write},
    db::Tx,
};
use anyhow::Context;
use app::consultations::{AnswerKind, Per, State, Wording, form::OptionText, voice::Said};
use jiff::{SignedDuration, Timestamp};

/// A question: key, author, place, words, kind, options, for whom a voice counts, days from now when it opens and closes.
struct Demo<'a> {
    author: &'a str,
    place: &'a str,
    question: [&'a str; 2],
    explanation: [&'a str; 2],
    kind: AnswerKind,
    options: &'a [[&'a str; 2]],
    per: Per,
    days: (i64, i64),
}

/// A voice: building, flat, places of options, words, on paper.
type Voice<'a> = (&'a str, &'a str, &'a [usize], &'a str, bool);

const STAFF: &str = "19900000031";
const STREET: &str = "19900000051";

const SQUARE: Demo<'_> = Demo {
    author: STAFF,
    place: "wutong",
    question: ["南广场空地要不要装健身器材？", "Should the empty corner of South Square get exercise machines?"],
    explanation: [
        "南广场西侧有一块约 **80 平方米** 的空地。区体育局可以出六件器材，安装和以后的维护由物业负责，业委会不另外收费。\n\n- 装：老人锻炼方便，早晚会热闹一些。\n- 不装：留作空地，孩子可以骑车。\n- 先装三件：半年后再看。",
        "There are about **80 square metres** on the west side of South Square. The district offers six machines; the property company installs and keeps them, without a fee.\n\n- Yes: handy for the elderly, livelier in the morning and evening.\n- No: it stays empty, and children can cycle there.\n- Three first: look again after half a year.",
    ],
    kind: AnswerKind::ChoiceComment,
    options: &[["装六件", "Six machines"], ["先装三件", "Three at first"], ["不装", "None"]],
    per: Per::Household,
    days: (-4, 10),
};

const LIFT: Demo<'_> = Demo {
    author: STAFF,
    place: "wutong",
    question: ["电动车充电桩先装在哪几处？", "Where should charging points for e-bikes come first?"],
    explanation: [
        "今年能装三处，请选您觉得最该先装的，可以多选。",
        "Three can be built this year. Choose as many as you like.",
    ],
    kind: AnswerKind::Multiple,
    options: &[
        ["3 栋北侧", "North of Building 3"],
        ["7 栋西侧", "West of Building 7"],
        ["北门车棚", "Shed at the north gate"],
        ["南广场东侧", "East of South Square"],
    ],
    per: Per::Household,
    days: (-20, -2),
};

const GATE: Demo<'_> = Demo {
    author: STREET,
    place: "wutong",
    question: ["北门晚上几点关？", "When should the north gate close at night?"],
    explanation: [
        "北门现在 22:00 关。有居民下班晚，要绕到南门；也有居民担心安全。",
        "The north gate closes at 22:00. Some come home later; others worry about safety.",
    ],
    kind: AnswerKind::Single,
    options: &[["22:00", "22:00"], ["23:30", "23:30"], ["24:00", "24:00"]],
    per: Per::Household,
    days: (-60, -40),
};

const IDEAS: Demo<'_> = Demo {
    author: STAFF,
    place: "wutong",
    question: ["明年社区最该办的一件事是什么？", "What should the community do first next year?"],
    explanation: ["一句话就好。", "A sentence will do."],
    kind: AnswerKind::Text,
    options: &[],
    per: Per::Person,
    days: (3, 24),
};

/// Loads it. The database has the demo's places and people.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let teller = Teller { app, loaded, now: app.clock.now() };
    let mut tx = app.db.begin().await?;
    let square = teller.asked(&mut tx, "square", &SQUARE).await?;
    teller
        .voices(
            &mut tx,
            &square,
            -3,
            &[
                ("wutong-1", "1-201", &[0], "我妈妈每天都要走到公园去，楼下有就好了。", false),
                ("wutong-2", "1-301", &[0], "", true),
                ("wutong-2", "1-502", &[2], "别靠窗太近，早上会吵。", false),
                ("wutong-3", "2-402", &[1], "", false),
                ("wutong-5", "1-602", &[1], "先装三件看看有没有人用。", false),
                ("wutong-7", "2-101", &[0], "", false),
            ],
        )
        .await?;
    let charging = teller.asked(&mut tx, "charging", &LIFT).await?;
    teller
        .voices(
            &mut tx,
            &charging,
            -10,
            &[
                ("wutong-1", "1-201", &[0, 2], "", false),
                ("wutong-1", "1-302", &[2], "", false),
                ("wutong-2", "1-301", &[2], "", true),
                ("wutong-2", "301", &[2, 3], "", false),
                ("wutong-3", "2-402", &[0], "", false),
                ("wutong-3", "1-101", &[0, 2], "", false),
                ("wutong-3", "2-502", &[0], "", false),
                ("wutong-5", "1-602", &[1, 2], "", false),
                ("wutong-5", "2-204", &[3], "", false),
                ("wutong-7", "2-101", &[1], "", false),
                ("wutong-7", "2-603", &[1, 2], "", false),
                ("wutong-8", "1-104", &[1], "", true),
            ],
        )
        .await?;
    teller.ended(&mut tx, &charging, State::Weighing, None).await?;
    let gate = teller.asked(&mut tx, "gate", &GATE).await?;
    let doors: Vec<String> = (1..=24).map(|n| format!("{}-{}0{}", n % 2 + 1, n % 6 + 1, n % 4 + 1)).collect();
    let buildings = ["wutong-1", "wutong-2", "wutong-3", "wutong-5", "wutong-7", "wutong-8"];
    for (nth, door) in doors.iter().enumerate() {
        let choice = [if nth % 4 == 3 { 2 } else { usize::from(nth % 4 != 0) }];
        let voice = (buildings[nth / 4], door.as_str(), &choice[..], "", nth % 7 == 0);
        teller.voices(&mut tx, &gate, -50, &[voice]).await?;
    }
    let words = [
        "北门从 12 月 1 日起 23:30 关，22:00 以后刷卡进，门卫留到 23:30。",
        "选 23:30 的最多。担心安全的住户提出 22:00 以后要刷卡，也采纳了。24:00 关要多一班门卫，物业费不够，这次没有采纳，半年后再看。",
        "下班晚的家庭希望晚关；靠北门的几户担心安全和车声。",
    ];
    teller.ended(&mut tx, &gate, State::Answered, Some(words)).await?;
    teller.draft(&mut tx, "ideas", &IDEAS).await?;
    tx.commit().await?;
    Ok(())
}

struct Teller<'a> {
    app: &'a App,
    loaded: &'a Loaded,
    now: Timestamp,
}

impl Teller<'_> {
    fn at(&self, days: i64) -> Timestamp {
        self.now + SignedDuration::from_hours(24 * days)
    }

    async fn draft(&self, tx: &mut Tx, key: &str, demo: &Demo<'_>) -> anyhow::Result<String> {
        let (id, path) = self.loaded.organisations.get(demo.place).context("a place of a consultation")?;
        let author = self.loaded.people.get(demo.author).context("an author of a consultation")?;
        let text = |text: &str| text.to_owned();
        let wording = Wording {
            question: text(demo.question[0]),
            question_en: text(demo.question[1]),
            explanation: text(demo.explanation[0]),
            explanation_en: text(demo.explanation[1]),
            kind: demo.kind,
            options: demo.options.iter().map(|[zh, en]| OptionText { zh: text(zh), en: text(en) }).collect(),
            per: demo.per,
            opens_at: self.at(demo.days.0),
            closes_at: self.at(demo.days.1),
        };
        let written = self.at(demo.days.0.min(0) - 1);
        let key = format!("demo:{key}");
        write::insert(tx, (author, &key), (id, path), &wording, written).await?.context("a consultation")
    }

    /// One that was put to residents on its first day.
    async fn asked(&self, tx: &mut Tx, key: &str, demo: &Demo<'_>) -> anyhow::Result<String> {
        let id = self.draft(tx, key, demo).await?;
        let (_, path) = self.loaded.organisations.get(demo.place).context("a place of a consultation")?;
        let households = store::households(&self.app.db, path).await?;
        anyhow::ensure!(write::ask(tx, (&id, 1), households, self.at(demo.days.0)).await?, "the consultation {key}");
        Ok(id)
    }

    async fn voices(&self, tx: &mut Tx, id: &str, days: i64, voices: &[Voice<'_>]) -> anyhow::Result<()> {
        let staff = self.loaded.people.get(STAFF).context("the demo's staff")?;
        for (building, flat, choices, comment, paper) in voices {
            let (building, _) = self.loaded.organisations.get(*building).context("a building of a consultation")?;
            let key = format!("h:{building}:{flat}");
            let source = voices::Source {
                key: &key,
                person_id: None,
                building_id: Some(building),
                flat,
                entered_by: paper.then_some(staff.as_str()),
            };
            let said = Said { choices: choices.to_vec(), comment: (*comment).to_owned() };
            voices::insert(tx, id, source, &said, self.at(days)).await?;
        }
        Ok(())
    }

    /// Its time is over, and it is weighed or answered.
    async fn ended(&self, tx: &mut Tx, id: &str, to: State, words: Option<[&str; 3]>) -> anyhow::Result<()> {
        let at = self.at(-1);
        anyhow::ensure!(write::close(tx, id, at).await?, "closing a consultation");
        let weighed = write::advance(tx, (id, 3), (State::Closed, State::Weighing), at).await?;
        anyhow::ensure!(weighed, "weighing a consultation");
        if let Some(words) = words {
            let answered = write::advance(tx, (id, 4), (State::Weighing, to), at).await?;
            anyhow::ensure!(answered, "answering a consultation");
            write::end(tx, id, words, at).await?;
        }
        Ok(())
    }
}
