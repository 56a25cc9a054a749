//! Kinds: who goes first, where a number was drawn, how a visit ended, how it was rated.

/// Who goes first. Which classes a hall has is in its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriorityClass {
    /// 普通
    Ordinary,
    /// 80 岁以上
    Senior,
    /// 残障
    Disabled,
    /// 孕妇
    Pregnant,
    /// 军人、退役军人
    Veteran,
}

impl PriorityClass {
    /// All of them.
    pub const ALL: [PriorityClass; 5] = [
        PriorityClass::Ordinary,
        PriorityClass::Senior,
        PriorityClass::Disabled,
        PriorityClass::Pregnant,
        PriorityClass::Veteran,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            PriorityClass::Ordinary => "ordinary",
            PriorityClass::Senior => "senior",
            PriorityClass::Disabled => "disabled",
            PriorityClass::Pregnant => "pregnant",
            PriorityClass::Veteran => "veteran",
        }
    }

    /// The class with this stored code; anything else is ordinary.
    pub fn from_code(code: &str) -> PriorityClass {
        PriorityClass::ALL.into_iter().find(|class| class.code() == code).unwrap_or(PriorityClass::Ordinary)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            PriorityClass::Ordinary => "queue-class-ordinary",
            PriorityClass::Senior => "queue-class-senior",
            PriorityClass::Disabled => "queue-class-disabled",
            PriorityClass::Pregnant => "queue-class-pregnant",
            PriorityClass::Veteran => "queue-class-veteran",
        }
    }
}

/// Where a ticket was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// A booking that was checked in.
    Booking,
    /// By staff.
    Desk,
    /// On the hall's own device.
    Kiosk,
    /// By the QR code at the door.
    Door,
    /// From afar.
    Remote,
}

impl Channel {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Booking => "booking",
            Channel::Desk => "desk",
            Channel::Kiosk => "kiosk",
            Channel::Door => "door",
            Channel::Remote => "remote",
        }
    }
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 办结
    Done,
    /// 材料不齐
    Missing,
    /// 还要再来
    AnotherVisit,
    /// 转到别处办
    Referred,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 4] = [Outcome::Done, Outcome::Missing, Outcome::AnotherVisit, Outcome::Referred];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Missing => "missing",
            Outcome::AnotherVisit => "another_visit",
            Outcome::Referred => "referred",
        }
    }

    /// The outcome with this stored code.
    pub fn from_code(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Done => "queue-outcome-done",
            Outcome::Missing => "queue-outcome-missing",
            Outcome::AnotherVisit => "queue-outcome-another-visit",
            Outcome::Referred => "queue-outcome-referred",
        }
    }
}

/// A rating below so many stars has to say why, and is answered within the hall's time.
pub const REASON_BELOW: i64 = 3;

/// The catalogue key of a rating's word, from 5 (非常满意) to 1 (非常不满意).
pub fn stars_key(stars: i64) -> &'static str {
    match stars {
        5 => "queue-stars-5",
        4 => "queue-stars-4",
        3 => "queue-stars-3",
        2 => "queue-stars-2",
        _ => "queue-stars-1",
    }
}
