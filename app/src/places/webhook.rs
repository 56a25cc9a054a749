//! What other systems can be told.

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A report was filed.
    ReportFiled,
    /// A step was taken.
    ReportChanged,
    /// A visit was booked.
    AppointmentBooked,
    /// A visit has another time.
    AppointmentChanged,
    /// A visit was cancelled.
    AppointmentCancelled,
    /// A number was called.
    TicketCalled,
    /// A number was served.
    TicketFinished,
    /// A notice went out.
    NoticePublished,
    /// A notice went out that corrects an earlier one.
    NoticeCorrected,
    /// A notice was taken back.
    NoticeWithdrawn,
    /// An administrator tries the address.
    Test,
}

impl Event {
    /// Those that can be chosen.
    pub const ALL: [Event; 10] = [
        Event::ReportFiled,
        Event::ReportChanged,
        Event::AppointmentBooked,
        Event::AppointmentChanged,
        Event::AppointmentCancelled,
        Event::TicketCalled,
        Event::TicketFinished,
        Event::NoticePublished,
        Event::NoticeCorrected,
        Event::NoticeWithdrawn,
    ];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Event::ReportFiled => "report.filed",
            Event::ReportChanged => "report.changed",
            Event::AppointmentBooked => "appointment.booked",
            Event::AppointmentChanged => "appointment.changed",
            Event::AppointmentCancelled => "appointment.cancelled",
            Event::TicketCalled => "ticket.called",
            Event::TicketFinished => "ticket.finished",
            Event::NoticePublished => "notice.published",
            Event::NoticeCorrected => "notice.corrected",
            Event::NoticeWithdrawn => "notice.withdrawn",
            Event::Test => "webhook.test",
        }
    }

    /// Catalogue key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Event::ReportFiled => "webhook-report-filed",
            Event::ReportChanged => "webhook-report-changed",
            Event::AppointmentBooked => "webhook-appointment-booked",
            Event::AppointmentChanged => "webhook-appointment-changed",
            Event::AppointmentCancelled => "webhook-appointment-cancelled",
            Event::TicketCalled => "webhook-ticket-called",
            Event::TicketFinished => "webhook-ticket-finished",
            Event::NoticePublished => "webhook-notice-published",
            Event::NoticeCorrected => "webhook-notice-corrected",
            Event::NoticeWithdrawn => "webhook-notice-withdrawn",
            Event::Test => "webhook-test-event",
        }
    }

    /// The event with this code, of those that can be chosen and the test.
    pub fn from_code(code: &str) -> Option<Event> {
        Event::ALL.into_iter().chain([Event::Test]).find(|event| event.code() == code)
    }

    /// What an entry of the audit log tells other systems: its action, and whether it says into which state it led.
    pub fn of_entry(action: &str, has_state: bool) -> Option<Event> {
        Some(match action {
            "report.file" | "report.file_call" => Event::ReportFiled,
            "appointment.book" | "appointment.assist" => Event::AppointmentBooked,
            "appointment.change" | "appointment.move" | "appointment.accept_move" => Event::AppointmentChanged,
            "appointment.cancel" | "appointment.call_off" => Event::AppointmentCancelled,
            "ticket.call" => Event::TicketCalled,
            "ticket.finish" => Event::TicketFinished,
            step if step.starts_with("report.") && has_state => Event::ReportChanged,
            _ => return None,
        })
    }
}

/// The events of a stored list, in their order.
pub fn events(stored: &str) -> Vec<Event> {
    let named: Vec<&str> = stored.split(' ').collect();
    Event::ALL.into_iter().filter(|event| named.contains(&event.code())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for event in Event::ALL {
            assert_eq!(Event::from_code(event.code()), Some(event));
        }
        assert_eq!(events("ticket.called report.filed none"), [Event::ReportFiled, Event::TicketCalled]);
    }

    #[test]
    fn entries_that_tell_of_no_change_tell_nobody() {
        assert_eq!(Event::of_entry("report.accept", true), Some(Event::ReportChanged));
        for quiet in ["report.join", "report.see_reporter", "appointment.look", "ticket.recall", "notice.save"] {
            assert_eq!(Event::of_entry(quiet, false), None, "{quiet}");
        }
    }
}
