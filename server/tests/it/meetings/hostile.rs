//! Hostile text in meetings: what is proposed, laid before members, voted on, resolved, minuted and published.

use super::{COLLEAGUE, MEMBERS, STAFF, body, count, for_members, sent, text, vote};
use crate::{
    notices::{
        hostile::{corpus, cut, shown, whole},
        safety::inert,
    },
    support::{Browser, on_both},
};
use app::meetings::limits::{PAPER, QUESTION, SHORT, TEXT, TITLE};
use server::clock;

/// As much of `evil` as a field takes, after the word by which it is known.
fn evil(evil: &str, chars: usize) -> String {
    cut(&format!("词 {evil}"), chars)
}

/// A session of this body with hostile items; gives its page.
async fn session(staff: &mut Browser, body: &str) -> String {
    let (key, title, place) = (clock::token(), evil(&whole(), TITLE), evil(&whole(), SHORT));
    let fields = [
        ("session_title", title.as_str()),
        ("session_starts", "2026-11-25T10:00"),
        ("session_place", place.as_str()),
        ("session_mode", "both"),
        ("key", key.as_str()),
    ];
    let here = sent(staff, &format!("{body}/sessions"), &fields).await;
    // A session takes forty items: two entries of the corpus in each.
    let entries: Vec<&str> = corpus().collect();
    for two in entries.chunks(2) {
        let (key, title, paper) = (clock::token(), evil(two[0], TITLE), evil(&two.join("\n\n"), PAPER));
        let item = [("item_title", &*title), ("item_paper", &*paper), ("key", &*key)];
        sent(staff, &format!("{here}/agenda"), &item).await;
    }
    for step in ["invite", "open"] {
        sent(staff, &format!("{here}/step"), &[("step", step)]).await;
    }
    here
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_never_runs() {
    on_both(|test| async move {
        let (mut staff, mut member) = (test.signed_in(STAFF).await, test.signed_in(MEMBERS[0]).await);
        let here = body(&test, &mut staff, &MEMBERS[..2]).await;
        let id = here.rsplit('/').next().expect("an id").to_owned();
        let (title, words, paper) = (evil(&whole(), TITLE), evil(&whole(), TEXT), evil(&whole(), PAPER));

        // Proposed, and answered.
        let key = clock::token();
        let proposal =
            [("proposal_body", &*id), ("proposal_title", &*title), ("proposal_text", &*words), ("key", &*key)];
        sent(&mut member, "/meetings/proposals", &proposal).await;
        shown(&mut staff, &here).await;
        let proposal = text(&test, "SELECT id FROM meeting_proposal").await;
        let answer = format!("{here}/proposals/{proposal}");
        let long = staff.post(&answer, &[("reason", &paper)]).await;
        assert!(long.status == 422 && long.text().contains("词 &lt;script"), "kept in its field: {}", long.text());
        inert(&long.text(), &answer);
        sent(&mut staff, &answer, &[("reason", &words)]).await;
        shown(&mut member, "/meetings").await;
        inert(&staff.post(&format!("{here}/members"), &[("member_for", &*paper)]).await.text(), "a mistake");

        // Laid before them, voted on, resolved.
        let at = session(&mut staff, &here).await;
        let open = for_members(&at);
        let item = text(&test, "SELECT id FROM meeting_agenda ORDER BY id LIMIT 1").await;
        let (key, question) = (clock::token(), evil(&whole(), QUESTION));
        let options = "词 <script>a(1)</script>\n乙 <img src=x onerror=a(1)>";
        let fields = [
            ("ballot_item", &*item),
            ("ballot_question", &*question),
            ("ballot_way", "open"),
            ("ballot_options", options),
            ("key", &*key),
        ];
        sent(&mut staff, &format!("{at}/ballots"), &fields).await;
        let ballot = text(&test, "SELECT id FROM meeting_ballot").await;
        sent(&mut staff, &format!("{at}/ballots/{ballot}"), &[("step", "open")]).await;
        for (browser, path) in [(&mut staff, &at), (&mut member, &open)] {
            shown(browser, path).await;
            shown(browser, &format!("{path}?lang=en")).await;
        }
        assert_eq!(vote(&mut member, &at, &ballot, "0").await, 303);
        sent(&mut staff, &format!("{at}/ballots/{ballot}"), &[("step", "close")]).await;
        let owner = text(&test, "SELECT id FROM meeting_member ORDER BY id LIMIT 1").await;
        let key = clock::token();
        let resolution = [
            ("resolution_text", &*evil(&whole(), TEXT)),
            ("resolution_owner", &*owner),
            ("resolution_due", "2026-11-30"),
            ("key", &*key),
        ];
        sent(&mut staff, &format!("{at}/resolutions"), &resolution).await;
        let task = format!("/meetings/resolutions/{}", text(&test, "SELECT id FROM meeting_resolution").await);
        let note = [("step", "note"), ("version", "1"), ("text", &*words), ("key", "note")];
        assert_eq!(member.post(&task, &note).await.status, 303);
        for path in [&task, "/staff/reports", &at] {
            shown(&mut staff, path).await;
        }

        // Minuted, approved, published.
        let version = count(&test, "SELECT version FROM meeting_session").await.to_string();
        sent(&mut staff, &format!("{at}/notes"), &[("notes", &*paper), ("version", &*version)]).await;
        for (to, fields) in [("step", ("step", "close")), ("minutes", ("step", "write"))] {
            sent(&mut staff, &format!("{at}/{to}"), &[fields]).await;
        }
        let minutes = format!("{open}/minutes");
        let mut colleague = test.signed_in(COLLEAGUE).await;
        shown(&mut member, &minutes).await;
        shown(&mut colleague, &minutes).await;
        let version = count(&test, "SELECT version FROM meeting_session").await.to_string();
        sent(&mut colleague, &minutes, &[("version", &version)]).await;
        shown(&mut staff, &at).await;
        sent(&mut staff, &format!("{at}/minutes"), &[("step", "publish"), ("summary", &*paper)]).await;
        // Another resident reads the summary, nobody else of the rest.
        let mut resident = test.signed_in(MEMBERS[3]).await;
        shown(&mut resident, &open).await;
        shown(&mut resident, "/meetings").await;
        shown(&mut member, "/me/inbox").await;
    })
    .await;
}
