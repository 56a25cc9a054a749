//! What a notice of each kind begins with: words and facts as real communities write them, with the places to fill in
//! marked ([`BLANKS`](super::BLANKS)). Nothing marked goes out.

use super::{NoticeForm, NoticeKind, form::local};
use crate::{
    i18n::{Lang, Words},
    time,
};
use jiff::{Timestamp, ToSpan, civil::Time};

/// Who writes, as far as a template says it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer<'a> {
    /// Name of the community or office.
    pub name: &'a str,
    /// Its English name.
    pub name_en: &'a str,
    /// Its telephone; may be empty.
    pub phone: &'a str,
}

/// Days for which objections to a disclosure are taken, unless somebody writes others.
const OBJECTION_DAYS: i64 = 7;

/// Keys of title, text and facts.
fn keys(kind: NoticeKind) -> [&'static str; 3] {
    match kind {
        NoticeKind::Outage => ["template-outage-title", "template-outage-body", "template-outage-facts"],
        NoticeKind::Activity => ["template-activity-title", "template-activity-body", "template-activity-facts"],
        NoticeKind::Policy => ["template-policy-title", "template-policy-body", "template-policy-facts"],
        NoticeKind::Service => ["template-service-title", "template-service-body", "template-service-facts"],
        NoticeKind::Emergency => ["template-emergency-title", "template-emergency-body", "template-emergency-facts"],
        NoticeKind::Disclosure => {
            ["template-disclosure-title", "template-disclosure-body", "template-disclosure-facts"]
        }
    }
}

/// The form of a new notice of this kind. The English half is begun for somebody who reads English; for others it would
/// be more to delete than to fill in.
pub fn template(kind: NoticeKind, reader: Lang, writer: Writer<'_>, now: Timestamp) -> NoticeForm {
    let zh = Words::new(Lang::Zh);
    let mut form = NoticeForm { kind: kind.code().to_owned(), ..NoticeForm::default() };
    (form.title, form.body, (form.fact_label, form.fact_value)) = filled(zh, kind, writer);
    if reader == Lang::En {
        let en = Words::new(Lang::En);
        (form.title_en, form.body_en, (form.fact_label_en, form.fact_value_en)) = filled(en, kind, writer);
    }
    match kind {
        NoticeKind::Disclosure => {
            let last = time::day_of(now).saturating_add(OBJECTION_DAYS.days());
            form.ends_at = local(Some(time::at_time(last, Time::constant(17, 30, 0, 0))));
        }
        NoticeKind::Emergency => form.starts_at = local(Some(now)),
        _ => {}
    }
    form
}

/// Labels and values of facts, row by row.
type Rows = (Vec<String>, Vec<String>);

fn filled(w: Words, kind: NoticeKind, writer: Writer<'_>) -> (String, String, Rows) {
    let name = w.pick(writer.name, writer.name_en).to_owned();
    let arguments = [("name", name.into()), ("phone", writer.phone.to_owned().into())];
    let [title, body, facts] = keys(kind).map(|key| w.tf(key, &arguments));
    let rows = facts.lines().filter_map(|line| line.split_once('|'));
    let rows = rows.map(|(label, value)| (label.trim().to_owned(), value.trim().to_owned()));
    (title, body, rows.filter(|(_, value)| !value.is_empty()).unzip())
}

#[cfg(test)]
mod tests {
    use super::{Writer, template};
    use crate::{
        i18n::{Lang, Words},
        notices::{BLANKS, Missing, NoticeKind},
    };
    use jiff::Timestamp;

    /// Every template can be saved as it is, in both languages, and none of them can go out before it is filled in.
    #[test]
    fn templates_are_drafts_and_no_more() {
        let now: Timestamp = "2026-11-25T02:00:00Z".parse().expect("an instant");
        let writer = Writer { name: "梧桐社区", name_en: "Wutong", phone: "0510-80000101" };
        for kind in NoticeKind::ALL {
            for reader in [Lang::Zh, Lang::En] {
                let form = template(kind, reader, writer, now);
                let content =
                    form.check(Words::new(reader), now).unwrap_or_else(|errors| panic!("{kind:?}: {errors:?}"));
                assert_eq!(content.kind, kind);
                assert!(content.missing(1, now).contains(&Missing::Blank), "{kind:?} has nothing to fill in");
                assert!(content.facts.len() >= 2, "{kind:?} has {:?}", content.facts);
                assert_eq!(content.title_en.is_empty(), reader == Lang::Zh);
                assert!(!content.body.contains('{') && !content.body.contains("template-"), "{}", content.body);
            }
        }
        let without = template(NoticeKind::Outage, Lang::Zh, Writer::default(), now);
        assert_eq!(without.fact_label.len(), without.fact_value.len());
        assert!(without.fact_value.iter().all(|value| !value.is_empty()), "{:?}", without.fact_value);
        assert!(BLANKS.iter().all(|blank| !"锡政发〔2026〕12 号".contains(blank)), "a document's number is no blank");
    }
}
