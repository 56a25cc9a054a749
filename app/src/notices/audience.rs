//! Whom a notice concerns.
//!
//! A place is its path in the organisation tree (`lanxi/tongyin/wutong/wutong-g1/wutong-3/`); a subtree is a prefix.
//! `server/src/notices/store.rs` says the same in SQL, and a property test compares the two.

/// What somebody looks at notices for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking<'a> {
    /// A person who lives at this place: what is aimed at it or at anything above it.
    LivesAt(&'a str),
    /// The page of a community: what is aimed at it, above it, or at a part of it (shown with the part's name).
    Community(&'a str),
}

/// Whether a notice with these `aims` concerns the one who looks, at `now`: it was published at `published_at` and
/// ends before `expires_at`, all in microseconds.
pub fn concerns(
    looking: Looking<'_>,
    aims: &[impl AsRef<str>],
    published_at: i64,
    expires_at: Option<i64>,
    now: i64,
) -> bool {
    let in_time = published_at <= now && expires_at.is_none_or(|end| now < end);
    in_time && aims.iter().any(|aim| reaches(looking, aim.as_ref()))
}

fn reaches(looking: Looking<'_>, aim: &str) -> bool {
    match looking {
        Looking::LivesAt(place) => place.starts_with(aim),
        Looking::Community(community) => community.starts_with(aim) || aim.starts_with(community),
    }
}

#[cfg(test)]
mod tests {
    use super::{Looking::*, concerns};

    const COMMUNITY: &str = "lanxi/tongyin/wutong/";
    const BUILDING: &str = "lanxi/tongyin/wutong/wutong-g1/wutong-3/";

    #[test]
    fn a_notice_reaches_down_and_not_sideways() {
        for (aim, lives, page) in [
            ("lanxi/", true, true),
            (COMMUNITY, true, true),
            ("lanxi/tongyin/wutong/wutong-g1/", true, true),
            (BUILDING, true, true),
            ("lanxi/tongyin/wutong/wutong-g1/wutong-2/", false, true),
            ("lanxi/tongyin/cailing/", false, false),
            ("lanxi/yundu/", false, false),
        ] {
            assert_eq!(concerns(LivesAt(BUILDING), &[aim], 1, None, 2), lives, "{aim} for the building");
            assert_eq!(concerns(Community(COMMUNITY), &[aim], 1, None, 2), page, "{aim} for the community");
        }
    }

    #[test]
    fn it_begins_when_published_and_ends_when_it_expires() {
        let at = |now| concerns(LivesAt(BUILDING), &[COMMUNITY], 10, Some(20), now);
        assert_eq!([at(9), at(10), at(19), at(20)], [false, true, true, false]);
    }
}
