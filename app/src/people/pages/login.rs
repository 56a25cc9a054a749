//! The door: a phone number, then the code that was sent to it.

use crate::{i18n::Words, people::CODE_TRIES, ui::parts::*};
use leptos::prelude::*;

/// Somebody one can be in the demo.
pub struct CastMember {
    /// Number that the form sends.
    pub phone: String,
    /// Name.
    pub name: String,
    /// Role in a word.
    pub role: String,
    /// Who this is.
    pub note: String,
}

/// The first page.
pub struct LoginProps {
    /// Words.
    pub w: Words,
    /// Where to go afterwards.
    pub next: String,
    /// What was typed.
    pub phone: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The demo's people; empty outside demo mode.
    pub cast: Vec<CastMember>,
}

/// Asks for the phone number.
pub fn login(props: LoginProps) -> AnyView {
    let LoginProps { w, next, phone, error, cast } = props;
    let errors = error.iter().map(|text| ("phone".to_owned(), text.clone())).collect();
    view! {
        <p class="lead">{w.t("people-login-lead")}</p>
        <ErrorSummary w=w errors=errors/>
        <form class="form" method="post" action="/login">
            <input type="hidden" name="next" value=next.clone()/>
            <TextField
                w=w
                name="phone"
                label=w.t("people-phone")
                hint=w.t("people-phone-hint")
                error=error
                value=phone
                kind="tel"
                inputmode="tel"
                autocomplete="tel"
                maxlength=20
                width="w-mid"
            />
            <Buttons><Button label=w.t("people-get-code") weight=Weight::Primary/></Buttons>
        </form>
        <p class="muted small optional">{w.t("people-phone-kept")}</p>
        {(!cast.is_empty()).then(|| cast_list(w, next, cast))}
    }
    .into_any()
}

fn cast_list(w: Words, next: String, cast: Vec<CastMember>) -> AnyView {
    let rows = cast
        .into_iter()
        .map(|member| {
            view! {
                <li class="cast-member">
                    <div>
                        <p class="cast-name">{member.name.clone()}" "<span class="tag">{member.role}</span></p>
                        <p class="muted small">{member.note}</p>
                    </div>
                    <form method="post" action="/login">
                        <input type="hidden" name="next" value=next.clone()/>
                        <button class="button small" name="phone" value=member.phone>
                            {w.t("people-be-this")}<span class="sr">" "{member.name}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <DemoBox mark=w.t("demo-mark")>
            <h2 class="cast-title">{w.t("people-cast-title")}</h2>
            <p>{w.t("people-cast-lead")}</p>
            <ul class="cast">{rows}</ul>
        </DemoBox>
    }
    .into_any()
}

/// The second page.
pub struct CodeProps {
    /// Words.
    pub w: Words,
    /// Where to go afterwards.
    pub next: String,
    /// What stands for the number in the form.
    pub reference: String,
    /// The number as shown on screen.
    pub phone_masked: String,
    /// What is wrong with the code.
    pub error: Option<String>,
    /// The code is dead: only a new one helps.
    pub dead: bool,
    /// The code itself, in demo mode only.
    pub shown: Option<String>,
}

/// Asks for the code.
pub fn code(props: CodeProps) -> AnyView {
    let CodeProps { w, next, reference, phone_masked, error, dead, shown } = props;
    let errors = error.iter().map(|text| ("code".to_owned(), text.clone())).collect();
    let again = format!("/login?next={}", percent(&next));
    let demo = shown.map(|code| {
        let (next, reference) = (next.clone(), reference.clone());
        view! {
            <DemoBox mark=w.t("demo-mark")>
                <p>{w.t("people-demo-code")}" "<code class="code" id="demo-code">{code.clone()}</code></p>
                <form method="post" action="/login/code">
                    <input type="hidden" name="c" value=reference/>
                    <input type="hidden" name="next" value=next/>
                    <button class="button small" name="code" value=code>{w.t("people-demo-code-use")}</button>
                </form>
            </DemoBox>
        }
    });
    let resend_reference = reference.clone();
    let resend_next = next.clone();
    view! {
        <p class="lead">{w.tf("people-code-sent", &[("phone", phone_masked.into())])}</p>
        <ErrorSummary w=w errors=errors/>
        {demo}
        <form class="form" method="post" action="/login/code">
            <input type="hidden" name="c" value=reference/>
            <input type="hidden" name="next" value=next/>
            <CodeField
                w=w
                name="code"
                label=w.t("people-code")
                hint=w.tf("people-code-hint", &[("tries", CODE_TRIES.into())])
                error=error
            />
            <Buttons><Button
                label=w.t("people-login")
                weight=if dead { Weight::Plain } else { Weight::Primary }
            /></Buttons>
        </form>
        <form method="post" action="/login/resend" class="cluster">
            <input type="hidden" name="c" value=resend_reference/>
            <input type="hidden" name="next" value=resend_next/>
            <Button label=w.t("people-code-again") weight=if dead { Weight::Primary } else { Weight::Plain } small=!dead/>
            <a href=again>{w.t("people-other-phone")}</a>
        </form>
    }
    .into_any()
}

/// Percent-encodes a path for a query value.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
