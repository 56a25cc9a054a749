//! The kinds and states of this room, with their codes and words.

/// An enum whose values are stored as short codes and have a word on screen.
macro_rules! coded {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $code:literal, $key:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$note])* $variant,)*
        }

        impl $name {
            /// Every one, in the order of pages.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// As stored.
            pub fn code(self) -> &'static str {
                match self {
                    $($name::$variant => $code,)*
                }
            }

            /// Catalogue key of its word.
            pub fn key(self) -> &'static str {
                match self {
                    $($name::$variant => $key,)*
                }
            }

            /// The one with this stored code.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded! {
    /// What a partner is.
    PartnerKind {
        /// 机关
        Government = "government", "partners-kind-government";
        /// 企业
        Enterprise = "enterprise", "partners-kind-enterprise";
        /// 学校
        School = "school", "partners-kind-school";
        /// 医院
        Hospital = "hospital", "partners-kind-hospital";
        /// 社会组织
        Society = "society", "partners-kind-society";
        /// 党组织
        Party = "party", "partners-kind-party";
        /// 其他
        Other = "other", "partners-kind-other";
    }
}

coded! {
    /// Who does a task.
    Whose {
        /// The community.
        Community = "community", "partners-whose-community";
        /// The partner.
        Partner = "partner", "partners-whose-partner";
        /// Both together.
        Both = "both", "partners-whose-both";
    }
}

coded! {
    /// Where a task stands.
    TaskState {
        /// To be done.
        Open = "open", "partners-task-open";
        /// Done.
        Done = "done", "partners-task-done";
        /// Not to be done any more.
        Dropped = "dropped", "partners-task-dropped";
    }
}

coded! {
    /// Where a registration stands.
    MemberState {
        /// Waits for staff.
        Asked = "asked", "partners-member-asked";
        /// In the team.
        Active = "active", "partners-member-active";
        /// Not taken.
        Declined = "declined", "partners-member-declined";
        /// Left by themselves.
        Left = "left", "partners-member-left";
        /// Ended by staff.
        Ended = "ended", "partners-member-ended";
    }
}

coded! {
    /// When somebody has time.
    Times {
        /// Monday to Friday by day.
        WeekdayDay = "weekday-day", "partners-times-weekday-day";
        /// Monday to Friday in the evening.
        WeekdayEvening = "weekday-evening", "partners-times-weekday-evening";
        /// Saturday and Sunday by day.
        WeekendDay = "weekend-day", "partners-times-weekend-day";
        /// Saturday and Sunday in the evening.
        WeekendEvening = "weekend-evening", "partners-times-weekend-evening";
    }
}

coded! {
    /// What service hours were for.
    HourSource {
        /// An activity of a team.
        Activity = "activity", "partners-source-activity";
        /// A report that was handled.
        Report = "report", "partners-source-report";
        /// Something else, in words.
        Other = "other", "partners-source-other";
    }
}

coded! {
    /// Where service hours stand.
    HourState {
        /// The volunteer says so; staff have not looked yet.
        Proposed = "proposed", "partners-hour-proposed";
        /// Confirmed by staff.
        Confirmed = "confirmed", "partners-hour-confirmed";
        /// Not confirmed.
        Declined = "declined", "partners-hour-declined";
        /// Taken back by the volunteer before staff looked.
        Withdrawn = "withdrawn", "partners-hour-withdrawn";
        /// Confirmed once, and taken back by staff with a reason.
        TakenBack = "taken_back", "partners-hour-taken-back";
    }
}

/// The codes of a stored list that `known` knows, in its order, without repetition.
pub fn listed<'a>(stored: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let named: Vec<&str> = stored.split(' ').collect();
    known.into_iter().filter(|code| named.contains(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for one in PartnerKind::ALL {
            assert_eq!(PartnerKind::from_code(one.code()), Some(*one));
        }
        for one in HourState::ALL {
            assert_eq!(HourState::from_code(one.code()), Some(*one));
        }
        assert_eq!(MemberState::from_code("nothing"), None);
    }

    #[test]
    fn a_stored_list_gives_what_is_known() {
        assert_eq!(listed("b x a", ["a", "b", "c"]), ["a", "b"]);
        assert!(listed("", ["a"]).is_empty());
    }
}
