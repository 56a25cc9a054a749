//! Following: on which ways a notice reaches a person, and when.
//!
//! The inbox has every notice that concerns somebody. What leaves the page follows [`plan`]; the numbers below are its
//! limits.

use super::{Looking, NoticeKind, concerns};
use crate::time::{at_time, day_of};
use jiff::{SignedDuration, Span, Timestamp, civil::Date, civil::Time};

/// Things that one person can follow.
pub const FOLLOWS: i64 = 50;
/// Browsers that one person can have notified; the oldest gives way.
pub const BROWSERS: i64 = 5;
/// A message is given up after so many tries; the waits between them add up to about nine hours.
pub const TRIES: i64 = 10;
/// A day's letter takes what is published up to so long before its hour; later ones go with the next.
const DAILY_MARGIN: SignedDuration = SignedDuration::from_mins(10);

/// Whether somebody who follows a place is told of a notice of `kind` with these `aims`: of a building, what its residents are
/// told; of a community, what its page shows. `only`: the one kind that they follow there. `store::reach` says the same in SQL,
/// and a property test compares the two.
pub fn is_followed(place: Looking<'_>, only: Option<NoticeKind>, kind: NoticeKind, aims: &[impl AsRef<str>]) -> bool {
    only.is_none_or(|only| only == kind) && concerns(place, aims, 0, None, 0)
}

/// Why a message did not go, as far as it was for us to say; what the other side answered is kept as it said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Corrected, withdrawn or over before it went.
    Overtaken,
    /// Its person is gone.
    NoAccount,
    /// No notices by mail are wanted any more.
    NoMail,
    /// No SMS are wanted any more.
    NoSms,
    /// The browser was switched off, or signed out.
    NoBrowser,
    /// The push service says that the browser is not subscribed any more.
    BrowserEnded,
    /// A server stopped while it was sending it.
    ServerStopped,
    /// It could not be made; the log says why.
    NotMade,
}

impl Reason {
    const ALL: [Reason; 8] = [
        Reason::Overtaken,
        Reason::NoAccount,
        Reason::NoMail,
        Reason::NoSms,
        Reason::NoBrowser,
        Reason::BrowserEnded,
        Reason::ServerStopped,
        Reason::NotMade,
    ];

    /// The catalogue key of its words, which is also how it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Reason::Overtaken => "sent-reason-overtaken",
            Reason::NoAccount => "sent-reason-no-account",
            Reason::NoMail => "sent-reason-no-mail",
            Reason::NoSms => "sent-reason-no-sms",
            Reason::NoBrowser => "sent-reason-no-browser",
            Reason::BrowserEnded => "sent-reason-browser-ended",
            Reason::ServerStopped => "sent-reason-server-stopped",
            Reason::NotMade => "sent-reason-not-made",
        }
    }

    /// The reason that is stored so; `None`: these are the other side's words.
    pub fn from_key(key: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

/// A way out of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Web push, to each browser that asked for it.
    Push,
    /// E-mail.
    Email,
    /// SMS; emergencies only.
    Sms,
}

impl Channel {
    /// Every way, in the order of tables.
    pub const ALL: [Channel; 3] = [Channel::Push, Channel::Email, Channel::Sms];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Push => "push",
            Channel::Email => "email",
            Channel::Sms => "sms",
        }
    }

    /// The way with this code.
    pub fn from_code(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Channel::Push => "follow-channel-push",
            Channel::Email => "follow-channel-email",
            Channel::Sms => "follow-channel-sms",
        }
    }
}

/// Hours of the day between which nothing but emergencies leaves the page. The same hour twice: there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// First quiet hour, 0 to 23.
    pub from: i8,
    /// The hour at which it ends.
    pub until: i8,
}

impl Default for Quiet {
    fn default() -> Quiet {
        Quiet { from: 22, until: 7 }
    }
}

impl Quiet {
    /// The hours as they are stored.
    pub fn stored(from: i64, until: i64) -> Quiet {
        let hour = |of: i64| i8::try_from(of).unwrap_or(0);
        Quiet { from: hour(from), until: hour(until) }
    }

    fn holds(self, hour: i8) -> bool {
        match self.from.cmp(&self.until) {
            std::cmp::Ordering::Less => self.from <= hour && hour < self.until,
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Greater => hour >= self.from || hour < self.until,
        }
    }

    /// `at`, or the end of the quiet hours in which it lies.
    pub fn after(self, at: Timestamp) -> Timestamp {
        let local = at.to_zoned_datetime(crate::time::zone());
        if !self.holds(local.hour()) {
            return at;
        }
        let today = local.date();
        let day = if local.hour() < self.until { today } else { next_day(today) };
        at_time(day, hour(self.until))
    }
}

fn hour(of: i8) -> Time {
    Time::new(of.clamp(0, 23), 0, 0, 0).unwrap_or(Time::midnight())
}

fn next_day(day: Date) -> Date {
    day.checked_add(Span::new().days(1)).unwrap_or(day)
}

/// How somebody wants notices to reach them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// By e-mail, to an address that they have confirmed.
    pub email: bool,
    /// Emergencies by SMS.
    pub sms: bool,
    /// Kinds that leave the page. Emergencies always do.
    pub kinds: Vec<NoticeKind>,
    /// The hour of the one letter a day; `None`: each notice at once.
    pub daily: Option<i8>,
    /// When nothing but emergencies leaves the page.
    pub quiet: Quiet,
}

impl Default for Choices {
    fn default() -> Choices {
        Choices { email: false, sms: true, kinds: NoticeKind::ALL.to_vec(), daily: None, quiet: Quiet::default() }
    }
}

impl Choices {
    /// The kinds as stored: codes, each between bars.
    pub fn kinds_code(&self) -> String {
        self.kinds.iter().fold("|".to_owned(), |all, kind| all + kind.code() + "|")
    }

    /// The kinds that were stored as `code`.
    pub fn kinds_from(code: &str) -> Vec<NoticeKind> {
        NoticeKind::ALL.into_iter().filter(|kind| code.split('|').any(|one| one == kind.code())).collect()
    }
}

/// Ways that are there: what somebody has and this deployment can send, or what an earlier notice took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Web push.
    pub push: bool,
    /// E-mail.
    pub email: bool,
    /// SMS.
    pub sms: bool,
}

/// When a message leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// By itself, at this instant or soon after.
    At(Timestamp),
    /// In the letter of this day, which is sent at this instant.
    Daily(Date, Timestamp),
}

/// The ways on which a notice of `kind` reaches somebody, and when. `urgent`: an emergency, or what changes one, or what changes
/// that. `earlier`: the ways on which the notices that it changes reached the same person; a correction takes the same ones,
/// as far as they are still wanted.
pub fn plan(
    kind: NoticeKind,
    urgent: bool,
    choices: &Choices,
    has: Ways,
    earlier: Ways,
    now: Timestamp,
) -> Vec<(Channel, When)> {
    let wanted = urgent || choices.kinds.contains(&kind);
    let at = When::At(if urgent { now } else { choices.quiet.after(now) });
    let mut all = Vec::new();
    if has.push && (wanted || earlier.push) {
        all.push((Channel::Push, at));
    }
    if has.email && choices.email && (wanted || earlier.email) {
        all.push((Channel::Email, choices.daily.filter(|_| !urgent).map_or(at, |hour| daily(hour, now))));
    }
    if has.sms && choices.sms && (urgent || earlier.sms) {
        all.push((Channel::Sms, at));
    }
    all
}

/// The next daily letter at `of` o'clock.
fn daily(of: i8, now: Timestamp) -> When {
    let today = day_of(now);
    let at = at_time(today, hour(of));
    if now < at - DAILY_MARGIN {
        return When::Daily(today, at);
    }
    let tomorrow = next_day(today);
    When::Daily(tomorrow, at_time(tomorrow, hour(of)))
}

/// How long to wait after so many tries: 30 seconds, doubled each time, at most two hours.
pub fn back_off(tries: i64) -> SignedDuration {
    let exponent = u32::try_from(tries.clamp(1, 9) - 1).unwrap_or(8);
    SignedDuration::from_secs((30 * 2_i64.pow(exponent)).min(7200))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn quiet_hours_end_in_the_morning() {
        let quiet = Quiet::default();
        for (now, then) in [
            ("2026-11-25T21:59:59+08:00", "2026-11-25T21:59:59+08:00"),
            ("2026-11-25T22:00:00+08:00", "2026-11-26T07:00:00+08:00"),
            ("2026-11-26T03:00:00+08:00", "2026-11-26T07:00:00+08:00"),
            ("2026-11-26T07:00:00+08:00", "2026-11-26T07:00:00+08:00"),
        ] {
            assert_eq!(quiet.after(at(now)), at(then), "{now}");
        }
        let noon = Quiet { from: 12, until: 14 };
        assert_eq!(noon.after(at("2026-11-25T12:30:00+08:00")), at("2026-11-25T14:00:00+08:00"));
        let never = Quiet { from: 9, until: 9 };
        assert_eq!(never.after(at("2026-11-25T09:30:00+08:00")), at("2026-11-25T09:30:00+08:00"));
    }

    #[test]
    fn the_waits_grow_and_add_up_to_about_nine_hours() {
        let all: SignedDuration = (1..TRIES).map(back_off).fold(SignedDuration::ZERO, |sum, one| sum + one);
        assert!(all > SignedDuration::from_hours(4) && all < SignedDuration::from_hours(10), "{all:?}");
        assert_eq!(back_off(1), SignedDuration::from_secs(30));
        assert_eq!(back_off(99), SignedDuration::from_hours(2));
    }

    fn ways() -> impl Strategy<Value = Ways> {
        (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(push, email, sms)| Ways { push, email, sms })
    }

    fn choices() -> impl Strategy<Value = Choices> {
        let kinds = proptest::sample::subsequence(NoticeKind::ALL.to_vec(), 0..=6);
        let quiet = (0..24_i8, 0..24_i8).prop_map(|(from, until)| Quiet { from, until });
        (any::<bool>(), any::<bool>(), kinds, proptest::option::of(0..24_i8), quiet)
            .prop_map(|(email, sms, kinds, daily, quiet)| Choices { email, sms, kinds, daily, quiet })
    }

    proptest! {
        #[test]
        fn nothing_leaves_on_a_way_that_is_not_there_or_not_wanted(
            kind in proptest::sample::select(NoticeKind::ALL.to_vec()), urgent: bool, choices in choices(), has in ways(),
            earlier in ways(), minutes in 0..3_000_i64,
        ) {
            let now = at("2026-11-25T00:00:00+08:00") + SignedDuration::from_mins(minutes);
            let all = plan(kind, urgent, &choices, has, earlier, now);
            let mut channels: Vec<_> = all.iter().map(|(channel, _)| *channel).collect();
            channels.dedup();
            prop_assert_eq!(channels.len(), all.len(), "each way once");
            for (channel, when) in &all {
                match channel {
                    Channel::Push => prop_assert!(has.push),
                    Channel::Email => prop_assert!(has.email && choices.email),
                    Channel::Sms => {
                        prop_assert!(has.sms && choices.sms && (urgent || earlier.sms), "SMS is for emergencies");
                    }
                }
                let leaves = match when {
                    When::At(at) => *at,
                    When::Daily(day, at) => {
                        prop_assert!(*channel == Channel::Email && !urgent);
                        prop_assert_eq!(day_of(*at), *day);
                        *at
                    }
                };
                prop_assert!(leaves >= now && leaves <= now + SignedDuration::from_hours(25));
                if urgent {
                    prop_assert_eq!(*when, When::At(now), "an emergency waits for nothing");
                } else if matches!(when, When::At(_)) {
                    let hour = leaves.to_zoned_datetime(crate::time::zone()).hour();
                    prop_assert!(!choices.quiet.holds(hour), "{} in {:?}", hour, choices.quiet);
                }
            }
            // A correction takes the ways of what it corrects.
            prop_assert_eq!(has.push && earlier.push, channels.contains(&Channel::Push) && earlier.push);
            if has.email && choices.email && earlier.email {
                prop_assert!(channels.contains(&Channel::Email));
            }
            if has.sms && choices.sms && earlier.sms {
                prop_assert!(channels.contains(&Channel::Sms));
            }
        }

        #[test]
        fn kinds_are_read_as_they_were_stored(choices in choices()) {
            let mut sorted = choices.kinds.clone();
            sorted.sort_by_key(|kind| NoticeKind::ALL.iter().position(|one| one == kind));
            prop_assert_eq!(Choices::kinds_from(&choices.kinds_code()), sorted);
        }
    }
}
