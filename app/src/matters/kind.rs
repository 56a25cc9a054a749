//! What a matter is about, which way it goes, and how a platform is reached.

/// What a matter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 疑难问题: what this level cannot settle by itself.
    Hard,
    /// 需要协调: others have to be brought together.
    Coordinate,
    /// 任务: something to be done.
    Task,
    /// 转办: what belongs to somebody else.
    Forward,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Kind; 4] = [Kind::Hard, Kind::Coordinate, Kind::Task, Kind::Forward];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Hard => "hard",
            Kind::Coordinate => "coordinate",
            Kind::Task => "task",
            Kind::Forward => "forward",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Hard => "matters-kind-hard",
            Kind::Coordinate => "matters-kind-coordinate",
            Kind::Task => "matters-kind-task",
            Kind::Forward => "matters-kind-forward",
        }
    }
}

/// Which way a matter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// 上报: to the level above.
    Up,
    /// 交办: to somebody below.
    Down,
    /// To an upper platform.
    Out,
    /// From an upper platform.
    In,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 4] = [Way::Up, Way::Down, Way::Out, Way::In];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Way::Up => "up",
            Way::Down => "down",
            Way::Out => "out",
            Way::In => "in",
        }
    }

    /// The way with this code.
    pub fn from_code(code: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|way| way.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Way::Up => "matters-way-up",
            Way::Down => "matters-way-down",
            Way::Out => "matters-way-out",
            Way::In => "matters-way-in",
        }
    }
}

/// The way between two organisations by their paths: one level up, or down into the subtree. `None`: neither, so that nothing
/// may go there.
pub fn way_between(from: &str, to: &str) -> Option<Way> {
    if from == to || from.is_empty() || to.is_empty() {
        return None;
    }
    if to.starts_with(from) {
        return Some(Way::Down);
    }
    let above = from.trim_end_matches('/').rsplit_once('/').map(|(above, _)| format!("{above}/"));
    (above.as_deref() == Some(to)).then_some(Way::Up)
}

/// How a platform is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformWay {
    /// By signed messages, after the convention of Standard Webhooks.
    Webhook,
    /// By Open311 GeoReport v2: a service request each, whose status is asked for.
    Open311,
}

impl PlatformWay {
    /// Both.
    pub const ALL: [PlatformWay; 2] = [PlatformWay::Webhook, PlatformWay::Open311];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            PlatformWay::Webhook => "webhook",
            PlatformWay::Open311 => "open311",
        }
    }

    /// The way with this code.
    pub fn from_code(code: &str) -> Option<PlatformWay> {
        PlatformWay::ALL.into_iter().find(|way| way.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            PlatformWay::Webhook => "matters-platform-webhook",
            PlatformWay::Open311 => "matters-platform-open311",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matters_go_one_level_up_or_down_into_the_subtree_and_nowhere_else() {
        let (district, street, community) = ("lanxi/", "lanxi/tongyin/", "lanxi/tongyin/wutong/");
        assert_eq!(way_between(community, street), Some(Way::Up));
        assert_eq!(way_between(street, district), Some(Way::Up));
        assert_eq!(way_between(district, community), Some(Way::Down));
        assert_eq!(way_between(street, community), Some(Way::Down));
        for (from, to) in [
            (community, district),
            (community, "lanxi/tongyin/xingwu/"),
            (community, "lanxi/yundu/"),
            (street, "lanxi/tongyin2/"),
            (street, street),
            (district, ""),
            ("", district),
        ] {
            assert_eq!(way_between(from, to), None, "{from} → {to}");
        }
    }

    #[test]
    fn codes_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        for way in Way::ALL {
            assert_eq!(Way::from_code(way.code()), Some(way));
        }
        for way in PlatformWay::ALL {
            assert_eq!(PlatformWay::from_code(way.code()), Some(way));
        }
    }
}
