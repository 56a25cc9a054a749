//! Use cases of this room.

mod assist;
mod availability;
mod blocks;
mod booking;
mod change;
mod check_in;
mod counter;
mod desk;
mod guide;
mod holds;
mod home;
mod issue;
mod leaving;
mod line;
pub mod managers;
mod papers;
pub(crate) mod places;
mod queue;
mod rating;
mod reminders;
mod ticket;
mod waiting;
mod work;

pub use assist::{Assist, AssistRequest, Assisted, assist, book_for};
pub use availability::{DayOffer, DayState, Offers, TimeOffer, offers};
pub use blocks::{MAX_APPEAL, appeal, block, sweep_visits};
pub use booking::{
    Attempt, BookError, BookRequest, BookingQueue, ChosenItem, MAX_KEY, book, book_seen, items_by_code, look_again,
};
pub use change::{ChangeError, Changing, change, changing};
pub use check_in::{check_in_booking, check_in_ticket};
pub use counter::{Counter, Current, Waiting, counter, counter_of, ticket_for_staff, walk_in};
pub use desk::{CheckInError, Desk, check_in, desk, halls_for};
pub use guide::{Guide, choose_hall, guide, list, retired_title, sharing};
pub use holds::{HoldError, HoldRequest, keep, leave_page, page_is_here, release, renew, standing_hold};
pub use home::{HallNow, hall_now, hours_today, next_cards, now_at, waiting};
pub use issue::{
    IssueError, Wish, allowed, end_lapsed, is_open, is_within, issue, set_class, ticket_link, ticket_local_link,
    walk_in_capacity,
};
pub use leaving::end_all_of;
pub use line::{Line, line};
pub use papers::{Missing, VisitPapers, materials, may_be_noted_at_reception, missing, papers};
pub(crate) use places::lock_person;
pub use queue::{
    Extra, MAX_NOTE, Mover, QueueError, act, call_next, end_past_days, may_undo, staff_window, ticket_path, undo,
};
pub use rating::{Answered, MAX_RATING_TEXT, RateError, answer_due, answer_rating, rate, rated, ratings};
pub use reminders::remind;
pub use ticket::{
    CancelError, CancelRequest, Mine, Ticket, Viewer, VisitItem, cancel, find, mine, ticket, ticket_address,
};
pub use waiting::{WaitingFor, accept, entry, leave, offer_places, wait};

/// Words as they are kept: without the room around them, and with line ends of one character, as browsers count them
/// (they send two). `None`: more than `most` characters. Nothing is cut in silence.
pub(in crate::windows) fn kept_words(text: &str, most: usize) -> Option<String> {
    let text = text.trim().replace("\r\n", "\n");
    (text.chars().count() <= most).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::kept_words;

    #[test]
    fn words_are_kept_whole_or_not_at_all() {
        assert_eq!(kept_words(" 一\r\n二 ", 3).as_deref(), Some("一\n二"), "a line's end is one character");
        assert_eq!(kept_words("一二三四", 3), None);
        assert_eq!(kept_words("  ", 0).as_deref(), Some(""));
    }
}
