//! Questions under a notice.

/// Characters of a question.
pub const QUESTION_CHARS: usize = 300;
/// Characters of an answer, or of the reason why there is none.
pub const ANSWER_CHARS: usize = 1000;
/// So many questions of one person may wait under one notice.
pub const OPEN_MAX: i64 = 3;

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionState {
    /// Nobody has answered yet.
    Open,
    /// Answered.
    Answered,
    /// Not answered, with a reason.
    Declined,
}

impl QuestionState {
    /// All, in the order of the filter.
    pub const ALL: [QuestionState; 3] = [QuestionState::Open, QuestionState::Answered, QuestionState::Declined];

    /// As stored and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            QuestionState::Open => "open",
            QuestionState::Answered => "answered",
            QuestionState::Declined => "declined",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<QuestionState> {
        QuestionState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            QuestionState::Open => "question-open",
            QuestionState::Answered => "question-answered",
            QuestionState::Declined => "question-declined",
        }
    }
}

/// What staff do with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionStep {
    /// Answer, shown under the notice.
    Answer,
    /// Answer, for the one who asked alone.
    AnswerQuietly,
    /// Give no answer, with a reason.
    Decline,
    /// Show it under the notice.
    Release,
    /// Show it there no longer.
    Hide,
}

impl QuestionStep {
    /// What a button sends.
    pub fn code(self) -> &'static str {
        match self {
            QuestionStep::Answer => "answer",
            QuestionStep::AnswerQuietly => "quietly",
            QuestionStep::Decline => "decline",
            QuestionStep::Release => "release",
            QuestionStep::Hide => "hide",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<QuestionStep> {
        use QuestionStep::*;
        [Answer, AnswerQuietly, Decline, Release, Hide].into_iter().find(|step| step.code() == code)
    }

    /// Whether the step is possible: where it stands, and whether it is shown under the notice. Nothing is answered twice,
    /// and what was declined is never shown.
    pub fn fits(self, state: QuestionState, released: bool) -> bool {
        match self {
            QuestionStep::Answer | QuestionStep::AnswerQuietly | QuestionStep::Decline => state == QuestionState::Open,
            QuestionStep::Release => !released && state != QuestionState::Declined,
            QuestionStep::Hide => released,
        }
    }

    /// Where it stands afterwards.
    pub fn after(self, state: QuestionState) -> (QuestionState, bool) {
        match self {
            QuestionStep::Answer => (QuestionState::Answered, true),
            QuestionStep::AnswerQuietly => (QuestionState::Answered, false),
            QuestionStep::Decline => (QuestionState::Declined, false),
            QuestionStep::Release => (state, true),
            QuestionStep::Hide => (state, false),
        }
    }

    /// Whether it comes with words.
    pub fn says_something(self) -> bool {
        matches!(self, QuestionStep::Answer | QuestionStep::AnswerQuietly | QuestionStep::Decline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_declined_is_never_shown_and_nothing_is_answered_twice() {
        use QuestionStep::*;
        // Every way of five steps from an open question.
        let mut ways = vec![(QuestionState::Open, false)];
        for _ in 0..5 {
            ways = ways
                .into_iter()
                .flat_map(|(state, released)| {
                    [Answer, AnswerQuietly, Decline, Release, Hide]
                        .into_iter()
                        .filter(move |step| step.fits(state, released))
                        .map(move |step| (step, state, step.after(state)))
                })
                .map(|(step, before, after)| {
                    assert!(!(after.0 == QuestionState::Declined && after.1), "{step:?}");
                    assert!(before == QuestionState::Open || after.0 == before, "{step:?} changed an answer");
                    after
                })
                .collect();
        }
        for step in [Answer, AnswerQuietly, Decline, Release, Hide] {
            assert_eq!(QuestionStep::from_code(step.code()), Some(step));
        }
    }
}
