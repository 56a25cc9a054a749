//! What happens in a life and leads to the hall: another way to an item than its field of work.

use serde::{Deserialize, Serialize};

/// A life event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifeEvent {
    /// 有了宝宝
    Baby,
    /// 找工作、换工作、没单位
    Work,
    /// 退休养老
    Retirement,
    /// 年纪大了
    OldAge,
    /// 生病或有残疾
    Illness,
    /// 家里遇到困难
    Hardship,
    /// 证件丢了、要换
    LostPapers,
    /// 搬到这里
    Moving,
}

impl LifeEvent {
    /// All of them, in the order in which a life brings them.
    pub const ALL: [LifeEvent; 8] = [
        LifeEvent::Baby,
        LifeEvent::Work,
        LifeEvent::Moving,
        LifeEvent::LostPapers,
        LifeEvent::Illness,
        LifeEvent::Hardship,
        LifeEvent::Retirement,
        LifeEvent::OldAge,
    ];

    /// As stored and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            LifeEvent::Baby => "baby",
            LifeEvent::Work => "work",
            LifeEvent::Retirement => "retirement",
            LifeEvent::OldAge => "old_age",
            LifeEvent::Illness => "illness",
            LifeEvent::Hardship => "hardship",
            LifeEvent::LostPapers => "lost_papers",
            LifeEvent::Moving => "moving",
        }
    }

    /// The event with this code.
    pub fn from_code(code: &str) -> Option<LifeEvent> {
        LifeEvent::ALL.into_iter().find(|event| event.code() == code)
    }

    /// The catalogue key of the words on screen.
    pub fn key(self) -> &'static str {
        match self {
            LifeEvent::Baby => "windows-life-baby",
            LifeEvent::Work => "windows-life-work",
            LifeEvent::Retirement => "windows-life-retirement",
            LifeEvent::OldAge => "windows-life-old-age",
            LifeEvent::Illness => "windows-life-illness",
            LifeEvent::Hardship => "windows-life-hardship",
            LifeEvent::LostPapers => "windows-life-lost-papers",
            LifeEvent::Moving => "windows-life-moving",
        }
    }
}
