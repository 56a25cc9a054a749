//! "What changed since my last visit": a cookie that says when this browser looked at the notices now and the time before.
//! The server keeps nothing: nobody's reading is written down.

use crate::{
    app_state::App,
    http::ctx::{cookie_name, lasting_cookie},
};
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;

/// The cookie: two instants in microseconds, the visit that goes on and the one before it.
const COOKIE: &str = "linli_seen";
/// A visit goes on while nobody is away for longer.
const PAUSE_MINUTES: i64 = 30;

/// What a browser has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    last_look: i64,
    /// When the visit before this one ended, in microseconds; 0: this is the first.
    pub before: i64,
}

impl Visits {
    /// From the cookie, at `now`: after a pause the last look ends the visit before.
    pub fn read(app: &App, headers: &HeaderMap, now: Timestamp) -> Visits {
        let jar = CookieJar::from_headers(headers);
        let numbers = jar.get(&cookie_name(COOKIE, app.config.https())).and_then(|cookie| {
            let (look, before) = cookie.value().split_once('.')?;
            Some((look.parse::<i64>().ok()?, before.parse::<i64>().ok()?))
        });
        Visits::at(numbers, now.as_microsecond())
    }

    fn at(numbers: Option<(i64, i64)>, now: i64) -> Visits {
        match numbers {
            Some((look, before)) if (0..=now).contains(&look) && (0..=look).contains(&before) => {
                let pause = now - look > PAUSE_MINUTES * 60_000_000;
                Visits { last_look: now, before: if pause { look } else { before } }
            }
            _ => Visits { last_look: now, before: 0 },
        }
    }

    /// The cookie that remembers this look.
    pub fn cookie(self, app: &App) -> HeaderValue {
        lasting_cookie(COOKIE, &format!("{}.{}", self.last_look, self.before), app.config.https())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_ends_with_a_pause_and_nonsense_is_a_first_visit() {
        let minute = 60_000_000;
        let first = Visits::at(None, 100 * minute);
        assert_eq!(first, Visits { last_look: 100 * minute, before: 0 });
        let goes_on = Visits::at(Some((100 * minute, 0)), 120 * minute);
        assert_eq!(goes_on, Visits { last_look: 120 * minute, before: 0 });
        let again = Visits::at(Some((120 * minute, 0)), 200 * minute);
        assert_eq!(again, Visits { last_look: 200 * minute, before: 120 * minute });
        for nonsense in [(300 * minute, 0), (100 * minute, 150 * minute), (-1, -1), (5, -5)] {
            assert_eq!(Visits::at(Some(nonsense), 200 * minute).before, 0, "{nonsense:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_seen_before_never_lies_ahead(look in proptest::num::i64::ANY, before in proptest::num::i64::ANY, now in 0_i64..i64::MAX) {
            let visits = Visits::at(Some((look, before)), now);
            assert!((0..=now).contains(&visits.before));
        }
    }
}
