//! States and steps of meetings: short codes as stored, and the words on screen.

/// Makes an enum with codes as stored and catalogue keys.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $key:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them, in the order of the screen.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// As stored and as forms send it.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// The catalogue key of the word on screen.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)+ }
            }
        }
    };
}

coded! {
    /// For whom a member sits there.
    Seat {
        /// 社区党委、居委会
        Committee = "committee", "meeting-seat-committee";
        /// 业主代表
        Owner = "owner", "meeting-seat-owner";
        /// 物业
        Property = "property", "meeting-seat-property";
        /// 民警
        Police = "police", "meeting-seat-police";
        /// 驻区单位
        Unit = "unit", "meeting-seat-unit";
    }
}

coded! {
    /// Where a session is.
    Mode {
        /// In the hall only.
        Hall = "hall", "meeting-mode-hall";
        /// Online only.
        Online = "online", "meeting-mode-online";
        /// Both at once.
        Both = "both", "meeting-mode-both";
    }
}

coded! {
    /// Where a session stands.
    SessionState {
        /// Its agenda is being written.
        Planned = "planned", "meeting-state-planned";
        /// Its members know of it.
        Invited = "invited", "meeting-state-invited";
        /// It is going on.
        Open = "open", "meeting-state-open";
        /// It is over; the minutes are missing.
        Closed = "closed", "meeting-state-closed";
        /// Its minutes are approved.
        Minuted = "minuted", "meeting-state-minuted";
    }
}

coded! {
    /// What staff do with a session; the minutes have steps of their own.
    SessionStep {
        /// Tell its members.
        Invite = "invite", "meeting-step-invite";
        /// Begin.
        Open = "open", "meeting-step-open";
        /// End.
        Close = "close", "meeting-step-close";
    }
}

impl SessionStep {
    /// From which state to which.
    pub fn way(self) -> (SessionState, SessionState) {
        match self {
            SessionStep::Invite => (SessionState::Planned, SessionState::Invited),
            SessionStep::Open => (SessionState::Invited, SessionState::Open),
            SessionStep::Close => (SessionState::Open, SessionState::Closed),
        }
    }
}

impl SessionState {
    /// Whether items may be put on the agenda.
    pub fn takes_items(self) -> bool {
        matches!(self, SessionState::Planned | SessionState::Invited | SessionState::Open)
    }

    /// Whether what was decided may still be written down as resolutions, and notes be changed.
    pub fn is_written(self) -> bool {
        matches!(self, SessionState::Open | SessionState::Closed)
    }
}

coded! {
    /// What became of a proposal.
    ProposalState {
        /// Nobody has decided yet.
        Submitted = "submitted", "meeting-proposal-submitted";
        /// On an agenda.
        Agenda = "agenda", "meeting-proposal-agenda";
        /// Answered with a reason why not.
        Answered = "answered", "meeting-proposal-answered";
    }
}

coded! {
    /// What the roll call says of a member.
    Presence {
        /// There.
        Present = "present", "meeting-presence-present";
        /// Came later.
        Late = "late", "meeting-presence-late";
        /// Somebody came in their place.
        Represented = "represented", "meeting-presence-represented";
        /// Not there.
        Absent = "absent", "meeting-presence-absent";
    }
}

impl Presence {
    /// Whether the member, or somebody in their place, was in the meeting.
    pub fn is_there(self) -> bool {
        self != Presence::Absent
    }
}

coded! {
    /// How a ballot is held.
    Way {
        /// Names and votes are listed; a vote may be changed until the end.
        Open = "open", "meeting-way-open";
        /// Nobody learns who voted what; a vote cannot be changed.
        Secret = "secret", "meeting-way-secret";
        /// A show of hands, written down as totals before a witness.
        Hands = "hands", "meeting-way-hands";
    }
}

coded! {
    /// Where a ballot stands.
    BallotState {
        /// Not yet.
        Draft = "draft", "meeting-ballot-draft";
        /// Votes are taken.
        Open = "open", "meeting-ballot-open";
        /// Over.
        Closed = "closed", "meeting-ballot-closed";
    }
}

coded! {
    /// Where a resolution stands.
    ResolutionState {
        /// To be done.
        Open = "open", "meeting-resolution-open";
        /// Its owner says that it is done.
        Reported = "reported", "meeting-resolution-reported";
        /// Somebody else has seen that it is done.
        Done = "done", "meeting-resolution-done";
        /// It will not be done.
        Dropped = "dropped", "meeting-resolution-dropped";
    }
}

coded! {
    /// What happens to a resolution.
    ResolutionStep {
        /// Its owner says how far it is.
        Note = "note", "meeting-do-note";
        /// A member with the right of supervision says something about it.
        Comment = "comment", "meeting-do-comment";
        /// Its owner says that it is done.
        Report = "report", "meeting-do-report";
        /// Somebody else confirms that.
        Confirm = "confirm", "meeting-do-confirm";
        /// Somebody else says what is missing.
        Return = "return", "meeting-do-return";
        /// Staff give it up, with a reason.
        Drop = "drop", "meeting-do-drop";
    }
}

/// As whom somebody looks at a resolution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Onlooker {
    /// It is theirs to carry out.
    pub owner: bool,
    /// A member with the right of supervision.
    pub supervises: bool,
    /// Staff who run the meetings.
    pub staff: bool,
}

impl ResolutionStep {
    /// The state that the step leads to; `None` where it is not possible. Nobody confirms their own work.
    pub fn leads(self, from: ResolutionState, who: Onlooker) -> Option<ResolutionState> {
        use ResolutionState::{Done, Dropped, Open, Reported};
        let looks = (who.supervises || who.staff) && !who.owner;
        match (self, from) {
            (ResolutionStep::Note, Open) if who.owner => Some(Open),
            (ResolutionStep::Comment, Open | Reported) if looks => Some(from),
            (ResolutionStep::Report, Open) if who.owner => Some(Reported),
            (ResolutionStep::Confirm, Reported) if looks => Some(Done),
            (ResolutionStep::Return, Reported) if looks => Some(Open),
            (ResolutionStep::Drop, Open | Reported) if who.staff => Some(Dropped),
            _ => None,
        }
    }

    /// Whether it comes with words.
    pub fn needs_words(self) -> bool {
        self != ResolutionStep::Confirm
    }
}

/// The four rights of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// 建议权: may propose.
    pub suggest: bool,
    /// 表决权: is on the roll of ballots.
    pub vote: bool,
    /// 监督权: sees how resolutions are carried out, comments and confirms.
    pub supervise: bool,
    /// 执行权: may be the owner of a resolution.
    pub execute: bool,
}

impl Rights {
    /// Codes and catalogue keys, in the order of the screen.
    pub const WORDS: [(&'static str, &'static str); 4] = [
        ("suggest", "meeting-right-suggest"),
        ("vote", "meeting-right-vote"),
        ("supervise", "meeting-right-supervise"),
        ("execute", "meeting-right-execute"),
    ];

    /// Those that are ticked; words that name none are passed over.
    pub fn of(ticked: &[String]) -> Rights {
        let has = |code: &str| ticked.iter().any(|one| one == code);
        Rights { suggest: has("suggest"), vote: has("vote"), supervise: has("supervise"), execute: has("execute") }
    }

    /// Their catalogue keys.
    pub fn keys(self) -> Vec<&'static str> {
        let has = [self.suggest, self.vote, self.supervise, self.execute];
        Rights::WORDS.iter().zip(has).filter(|(_, has)| *has).map(|((_, key), _)| *key).collect()
    }

    /// Their codes.
    pub fn codes(self) -> Vec<&'static str> {
        let has = [self.suggest, self.vote, self.supervise, self.execute];
        Rights::WORDS.iter().zip(has).filter(|(_, has)| *has).map(|((code, _), _)| *code).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_confirms_their_own_work_and_what_is_over_stays_over() {
        for owner in [false, true] {
            for supervises in [false, true] {
                for staff in [false, true] {
                    let who = Onlooker { owner, supervises, staff };
                    for step in ResolutionStep::ALL {
                        for from in ResolutionState::ALL {
                            let to = step.leads(*from, who);
                            if matches!(from, ResolutionState::Done | ResolutionState::Dropped) {
                                assert_eq!(to, None, "{step:?} {from:?}");
                            }
                            if owner {
                                assert_ne!(to, Some(ResolutionState::Done));
                            }
                            if who == Onlooker::default() {
                                assert_eq!(to, None);
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_session_goes_one_way() {
        let mut state = SessionState::Planned;
        for step in SessionStep::ALL {
            let (from, to) = step.way();
            assert_eq!(from, state);
            state = to;
        }
        assert_eq!(state, SessionState::Closed);
    }
}
