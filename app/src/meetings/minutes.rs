//! Minutes as Markdown, from what happened. They are in Chinese, the language of the record.

use crate::i18n::Words;

/// Who belonged to the session.
pub struct MemberLine {
    /// Name.
    pub name: String,
    /// Seat, in a word.
    pub seat: String,
    /// What the roll call says, in a word.
    pub presence: String,
}

/// A ballot that is over.
pub struct BallotLine {
    /// The question.
    pub question: String,
    /// How it was held, in a word.
    pub way: String,
    /// Quorum and majority, in words.
    pub rules: String,
    /// How many were entitled.
    pub entitled: i64,
    /// How many took part.
    pub took_part: i64,
    /// Options, votes, and names where it was an open ballot. Empty where nobody counted.
    pub totals: Vec<(String, i64, Vec<String>)>,
    /// What came of it, in words.
    pub outcome: String,
    /// Who saw the hands counted.
    pub witness: Option<String>,
}

/// An item of the agenda.
pub struct ItemLine {
    /// Title.
    pub title: String,
    /// Its ballots that are over.
    pub ballots: Vec<BallotLine>,
}

/// A resolution.
pub struct TaskLine {
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// The last day, in words.
    pub due: String,
}

/// What happened.
pub struct Facts {
    /// Name of the body.
    pub body: String,
    /// Title of the session.
    pub title: String,
    /// When it began, in words.
    pub when: String,
    /// Where and how.
    pub place: String,
    /// Who belonged to it.
    pub members: Vec<MemberLine>,
    /// The agenda.
    pub items: Vec<ItemLine>,
    /// What was resolved.
    pub tasks: Vec<TaskLine>,
    /// What was said, Markdown, may be empty.
    pub notes: String,
}

/// A typed line as Markdown that shows it as it is.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '+' | '-' | '&' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn ballot(w: Words, line: &BallotLine, names: bool) -> String {
    let mut out = w
        .tf("meeting-minutes-ballot", &[("question", plain(&line.question).into()), ("way", line.way.as_str().into())]);
    out.push_str("\n\n");
    for (option, votes, who) in &line.totals {
        let args = [("option", plain(option).into()), ("votes", (*votes).into())];
        out.push_str("- ");
        out.push_str(&w.tf("meeting-minutes-votes", &args));
        if names && !who.is_empty() {
            let who: Vec<String> = who.iter().map(|name| plain(name)).collect();
            out.push_str(&w.tf("meeting-minutes-names", &[("names", who.join("、").into())]));
        }
        out.push('\n');
    }
    let args = [
        ("entitled", line.entitled.into()),
        ("part", line.took_part.into()),
        ("rules", line.rules.as_str().into()),
        ("outcome", plain(&line.outcome).into()),
    ];
    out.push('\n');
    out.push_str(&w.tf("meeting-minutes-outcome", &args));
    out.push('\n');
    if let (true, Some(witness)) = (names, &line.witness) {
        out.push('\n');
        out.push_str(&w.tf("meeting-minutes-witness", &[("name", plain(witness).into())]));
        out.push('\n');
    }
    out
}

fn agenda(w: Words, facts: &Facts, names: bool) -> String {
    let mut out = format!("## {}\n\n", w.t("meeting-agenda"));
    for (number, item) in (1_i64..).zip(&facts.items) {
        out.push_str(&format!("### {number}. {}\n\n", plain(&item.title)));
        for line in &item.ballots {
            out.push_str(&ballot(w, line, names));
            out.push('\n');
        }
    }
    out
}

fn tasks(w: Words, facts: &Facts) -> String {
    if facts.tasks.is_empty() {
        return String::new();
    }
    let mut out = format!("## {}\n\n", w.t("meeting-resolutions"));
    for task in &facts.tasks {
        let args = [
            ("text", plain(&task.text).into()),
            ("owner", plain(&task.owner).into()),
            ("due", task.due.as_str().into()),
        ];
        out.push_str("1. ");
        out.push_str(&w.tf("meeting-minutes-task", &args));
        out.push('\n');
    }
    out.push('\n');
    out
}

/// The minutes.
pub fn write(w: Words, facts: &Facts) -> String {
    let mut out = String::new();
    for (key, value) in [
        ("meeting-minutes-body", &facts.body),
        ("meeting-minutes-title", &facts.title),
        ("meeting-minutes-when", &facts.when),
        ("meeting-minutes-place", &facts.place),
    ] {
        out.push_str(&format!("- {}{}\n", w.t(key), plain(value)));
    }
    out.push_str(&format!("\n## {}\n\n", w.t("meeting-roll")));
    for member in &facts.members {
        out.push_str(&format!("- {}（{}）：{}\n", plain(&member.name), member.seat, member.presence));
    }
    out.push('\n');
    out.push_str(&agenda(w, facts, true));
    out.push_str(&tasks(w, facts));
    if !facts.notes.trim().is_empty() {
        out.push_str(&format!("## {}\n\n{}\n", w.t("meeting-notes"), facts.notes.trim()));
    }
    out
}

/// What a summary for residents begins as: items, outcomes, resolutions. No names of who voted, was there or said something.
pub fn summary(w: Words, facts: &Facts) -> String {
    let mut out = agenda(w, facts, false);
    out.push_str(&tasks(w, facts));
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn facts() -> Facts {
        Facts {
            body: "梧桐社区联席会议".into(),
            title: "第三次会议".into(),
            when: "2026年11月25日 10:00".into(),
            place: "会议室（现场）".into(),
            members: vec![MemberLine {
                name: "何立群".into(), seat: "业主代表".into(), presence: "到会".into()
            }],
            items: vec![ItemLine {
                title: "装 *充电桩*".into(),
                ballots: vec![BallotLine {
                    question: "是否安装".into(),
                    way: "记名".into(),
                    rules: "过半数".into(),
                    entitled: 5,
                    took_part: 3,
                    totals: vec![("同意".into(), 2, vec!["何立群".into()]), ("反对".into(), 1, Vec::new())],
                    outcome: "通过".into(),
                    witness: None,
                }],
            }],
            tasks: vec![TaskLine { text: "选址".into(), owner: "宋岚".into(), due: "2026年12月31日".into() }],
            notes: "何立群提到夜间照明。".into(),
        }
    }

    #[test]
    fn minutes_name_who_was_there_and_summaries_do_not() {
        let w = Words::new(Lang::Zh);
        let minutes = write(w, &facts());
        assert!(minutes.contains("何立群（业主代表）：到会") && minutes.contains("夜间照明"), "{minutes}");
        assert!(minutes.contains("\\*充电桩\\*"), "typed signs stay signs: {minutes}");
        let summary = summary(w, &facts());
        assert!(!summary.contains("何立群") && summary.contains("通过") && summary.contains("选址"), "{summary}");
    }
}
