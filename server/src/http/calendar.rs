//! Calendar files and feeds (RFC 5545).
//!
//! Written here and not with a crate: the `icalendar` crate puts DTSTAMP and UID into the parts of a VTIMEZONE, which
//! the standard forbids. Tests read the files with that crate's reader.

use jiff::Timestamp;

/// Type of a calendar.
pub const ICS: &str = "text/calendar; charset=utf-8";

/// An event.
pub struct Event<'a> {
    /// Stable for the life of what it tells of.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i64,
    /// It does not take place: it is taken out of the calendar.
    pub cancelled: bool,
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
    /// Address.
    pub location: String,
    /// Where it is told of.
    pub link: &'a str,
    /// Reminders: how long before (`-P1D`) and what they say.
    pub alarms: Vec<(&'static str, String)>,
}

/// A file with one event, which programs take in or take out.
pub fn file(product: &str, event: &Event<'_>) -> String {
    let method = if event.cancelled { "METHOD:CANCEL" } else { "METHOD:PUBLISH" };
    calendar(product, |out| out.line(method), std::slice::from_ref(event))
}

/// A calendar that programs read again and again: its name and its events.
pub fn feed(product: &str, name: &str, events: &[Event<'_>]) -> String {
    let head = |out: &mut Lines| {
        out.line("METHOD:PUBLISH");
        out.text("NAME", name);
        out.text("X-WR-CALNAME", name);
        out.line("REFRESH-INTERVAL;VALUE=DURATION:PT6H");
        out.line("X-PUBLISHED-TTL:PT6H");
    };
    calendar(product, head, events)
}

fn calendar(product: &str, head: impl FnOnce(&mut Lines), events: &[Event<'_>]) -> String {
    let mut out = Lines::default();
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line(&format!("PRODID:-//Linli//{product}//ZH"));
    out.line("CALSCALE:GREGORIAN");
    head(&mut out);
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
    ] {
        out.line(line);
    }
    for event in events {
        event.write(&mut out);
    }
    out.line("END:VCALENDAR");
    out.0
}

impl Event<'_> {
    fn write(&self, out: &mut Lines) {
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}", self.uid));
        out.line(&format!("SEQUENCE:{}", self.sequence));
        out.line(&format!("DTSTAMP:{}", self.changed_at.strftime("%Y%m%dT%H%M%SZ")));
        out.line(&format!("DTSTART;TZID=Asia/Shanghai:{}", local(self.starts_at)));
        out.line(&format!("DTEND;TZID=Asia/Shanghai:{}", local(self.ends_at)));
        out.text("SUMMARY", &self.summary);
        out.text("DESCRIPTION", &self.description);
        out.text("LOCATION", &self.location);
        out.line(&format!("URL:{}", self.link));
        out.line(if self.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        out.line("TRANSP:OPAQUE");
        for (before, words) in self.alarms.iter().filter(|_| !self.cancelled) {
            out.line("BEGIN:VALARM");
            out.line("ACTION:DISPLAY");
            out.line(&format!("TRIGGER:{before}"));
            out.text("DESCRIPTION", words);
            out.line("END:VALARM");
        }
        out.line("END:VEVENT");
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
