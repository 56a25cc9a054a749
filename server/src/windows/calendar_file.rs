//! The appointment as a calendar file (RFC 5545).
//!
//! Written here and not with a crate: the `icalendar` crate puts DTSTAMP and UID into the parts of a VTIMEZONE, which
//! the standard forbids. A test reads the file with that crate's reader.

use app::windows::AppointmentState;
use jiff::Timestamp;

/// What the file says.
pub struct CalendarFile<'a> {
    /// Stable for the life of the appointment.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i64,
    /// Where it stands: a cancelled one is taken out of the calendar.
    pub state: AppointmentState,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Begin.
    pub starts_at: Timestamp,
    /// End.
    pub ends_at: Timestamp,
    /// One line.
    pub summary: String,
    /// More.
    pub description: String,
    /// Address of the hall.
    pub location: String,
    /// The ticket's link.
    pub link: &'a str,
    /// What the reminders say: the day before, and two hours before.
    pub alarms: [String; 2],
}

impl CalendarFile<'_> {
    /// The file, in UTF-8 with CRLF line ends and folded lines.
    pub fn text(&self) -> String {
        let cancelled = self.state == AppointmentState::Cancelled;
        let mut out = Lines::default();
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Linli//Appointments//ZH");
        out.line("CALSCALE:GREGORIAN");
        out.line(if cancelled { "METHOD:CANCEL" } else { "METHOD:PUBLISH" });
        // China has had one zone without daylight saving since 1991.
        for line in [
            "BEGIN:VTIMEZONE",
            "TZID:Asia/Shanghai",
            "BEGIN:STANDARD",
            "DTSTART:19910915T010000",
            "TZOFFSETFROM:+0900",
            "TZOFFSETTO:+0800",
            "TZNAME:CST",
            "END:STANDARD",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
        ] {
            out.line(line);
        }
        out.line(&format!("UID:{}", self.uid));
        out.line(&format!("SEQUENCE:{}", self.sequence));
        out.line(&format!("DTSTAMP:{}", self.changed_at.strftime("%Y%m%dT%H%M%SZ")));
        out.line(&format!("DTSTART;TZID=Asia/Shanghai:{}", local(self.starts_at)));
        out.line(&format!("DTEND;TZID=Asia/Shanghai:{}", local(self.ends_at)));
        out.text("SUMMARY", &self.summary);
        out.text("DESCRIPTION", &self.description);
        out.text("LOCATION", &self.location);
        out.line(&format!("URL:{}", self.link));
        out.line(if cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        out.line("TRANSP:OPAQUE");
        if !cancelled {
            for (before, words) in ["-P1D", "-PT2H"].into_iter().zip(&self.alarms) {
                out.line("BEGIN:VALARM");
                out.line("ACTION:DISPLAY");
                out.line(&format!("TRIGGER:{before}"));
                out.text("DESCRIPTION", words);
                out.line("END:VALARM");
            }
        }
        out.line("END:VEVENT");
        out.line("END:VCALENDAR");
        out.0
    }
}

fn local(at: Timestamp) -> String {
    at.to_zoned_datetime(app::time::zone()).strftime("%Y%m%dT%H%M%S").to_string()
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A content line, folded after at most 75 bytes, never inside a character.
    fn line(&mut self, line: &str) {
        let mut width = 0;
        for c in line.chars() {
            if width + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(c);
            width += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is text.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.line(&format!("{name}:{escaped}"));
    }
}
