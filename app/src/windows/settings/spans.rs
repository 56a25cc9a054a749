//! Spans of a day and dates, as people write them.

use super::{MAX_SPANS, Span};
use jiff::civil::{Date, DateTime, Time};

/// Reads spans as people write them: `8:30-11:30, 13:30–17:00`. `None` for what cannot be read, overlaps or is too much.
pub fn parse_spans(text: &str) -> Option<Vec<Span>> {
    let mut spans: Vec<(Time, Time)> = Vec::new();
    for part in text.split([',', '，', ';', '；', '、', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once(['-', '–', '—', '~', '～', '至', '到'])?;
        let (from, to) = (parse_time(from)?, parse_time(to)?);
        if from >= to || spans.len() >= MAX_SPANS {
            return None;
        }
        spans.push((from, to));
    }
    spans.sort();
    if spans.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return None;
    }
    Some(spans.into_iter().map(|(from, to)| (clock(from), clock(to))).collect())
}

pub(super) fn parse_time(text: &str) -> Option<Time> {
    let text = text.trim().replace('：', ":");
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Spans in one line: `08:30-11:30, 13:30-17:00`.
pub fn spans_text(spans: &[Span]) -> String {
    spans.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(", ")
}

/// A date that a form may name: close enough for arithmetic.
pub(super) fn parse_day(text: &str) -> Option<Date> {
    text.trim().parse::<Date>().ok().filter(|day| (2000..=2999).contains(&day.year()))
}

pub(super) fn parse_moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.len() > 19 {
        return None;
    }
    text.parse::<DateTime>().ok().filter(|at| (2000..=2999).contains(&at.year()))
}
