//! Why a report is due at another time than was promised, in a plain line: from when to when, and why.

use super::Step;
use crate::i18n::Words;

/// What moved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The statutory calendar changed.
    Calendar,
    /// The limit of the category changed.
    Limit,
    /// The working hours changed.
    Hours,
    /// It waited for the reporter's answer.
    Asked,
    /// It could not be done for a while.
    Suspended,
    /// An extension was granted.
    Extended,
    /// It became another category.
    Sorted,
    /// The reporter asked for it to be done again.
    Reopened,
    /// A rule changed that had not been applied to it yet.
    Rules,
}

impl Why {
    /// Every one.
    pub const ALL: [Why; 9] = {
        use Why::*;
        [Calendar, Limit, Hours, Asked, Suspended, Extended, Sorted, Reopened, Rules]
    };

    /// Why a step moves the promised time. Any other step only applies what had changed before it.
    pub fn of(step: Step) -> Why {
        match step {
            Step::Answer => Why::Asked,
            Step::Resume => Why::Suspended,
            Step::ExtendGrant | Step::ExtendGrantAbove => Why::Extended,
            Step::Sort => Why::Sorted,
            Step::Reopen => Why::Reopened,
            _ => Why::Rules,
        }
    }

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Why::Calendar => "calendar",
            Why::Limit => "limit",
            Why::Hours => "hours",
            Why::Asked => "asked",
            Why::Suspended => "suspended",
            Why::Extended => "extended",
            Why::Sorted => "sorted",
            Why::Reopened => "reopened",
            Why::Rules => "rules",
        }
    }

    /// The cause with this stored code.
    pub fn from_code(code: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.code() == code)
    }

    /// Catalogue key of the reason, the second half of the line.
    pub fn key(self) -> &'static str {
        match self {
            Why::Calendar => "reports-moved-calendar",
            Why::Limit => "reports-moved-limit",
            Why::Hours => "reports-moved-hours",
            Why::Asked => "reports-moved-asked",
            Why::Suspended => "reports-moved-suspended",
            Why::Extended => "reports-moved-extended",
            Why::Sorted => "reports-moved-sorted",
            Why::Reopened => "reports-moved-reopened",
            Why::Rules => "reports-moved-rules",
        }
    }
}

/// The line. `before` and `after` in words; `None`: a year on the way to it was not published.
pub fn line(w: Words, (before, after): (Option<String>, Option<String>), why: Why) -> String {
    let why = w.t(why.key());
    match (before, after) {
        (Some(before), Some(after)) => {
            w.tf("reports-moved-line", &[("before", before.into()), ("after", after.into()), ("why", why.into())])
        }
        (None, Some(after)) => w.tf("reports-moved-known", &[("after", after.into()), ("why", why.into())]),
        (Some(before), None) => w.tf("reports-moved-unknown", &[("before", before.into()), ("why", why.into())]),
        (None, None) => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn codes_read_back_and_every_line_names_both_times_and_the_reason() {
        for lang in [Lang::Zh, Lang::En] {
            let w = Words::new(lang);
            for why in Why::ALL {
                assert_eq!(Why::from_code(why.code()), Some(why));
                for (before, after) in [(true, true), (true, false), (false, true)] {
                    let text = line(w, (before.then(|| "周四".to_owned()), after.then(|| "周五".to_owned())), why);
                    assert_eq!((text.contains("周四"), text.contains("周五")), (before, after), "{text}");
                    assert!(text.contains(&w.t(why.key())), "{text}");
                }
            }
        }
    }

    #[test]
    fn steps_that_stop_and_move_clocks_say_so() {
        let told: Vec<Step> = Step::ALL.into_iter().filter(|step| Why::of(*step) != Why::Rules).collect();
        let expected =
            [Step::Resume, Step::ExtendGrant, Step::ExtendGrantAbove, Step::Sort, Step::Answer, Step::Reopen];
        assert_eq!(told, expected);
    }
}
