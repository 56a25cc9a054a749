//! Forms of managers, as a browser without JavaScript fills them in and sends them.

use crate::support::{Answer, Browser, TestApp};
use scraper::{Html, Selector};

/// The fields of a page's form with this action, as a browser would send them.
pub fn form(answer: &Answer, nth: usize) -> Vec<(String, String)> {
    form_of(&answer.text(), nth)
}

/// The same of a page's text.
pub fn form_of(page: &str, nth: usize) -> Vec<(String, String)> {
    let page = Html::parse_document(page);
    let select = |text: &str| Selector::parse(text).expect("a selector");
    let form = page.select(&select("main form")).nth(nth).expect("a form");
    let mut fields = Vec::new();
    for element in form.select(&select("input, select, textarea")) {
        let value = element.value();
        let Some(name) = value.attr("name") else { continue };
        let kind = value.attr("type").unwrap_or_default();
        let sent = match value.name() {
            "select" => {
                let chosen = element.select(&select("option[selected]")).next();
                let chosen = chosen.or_else(|| element.select(&select("option")).next());
                chosen.and_then(|option| option.value().attr("value")).unwrap_or_default().to_owned()
            }
            "textarea" => element.text().collect(),
            _ if matches!(kind, "checkbox" | "radio") && value.attr("checked").is_none() => continue,
            _ => value.attr("value").unwrap_or_default().to_owned(),
        };
        fields.push((name.to_owned(), sent));
    }
    fields
}

/// Puts a value in a field's place.
pub fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.retain(|(field, _)| field != name);
    fields.push((name.to_owned(), value.to_owned()));
}

/// Sends a form.
pub async fn send(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

/// The code in a ticket's path.
pub fn code(ticket: &str) -> String {
    ticket.rsplit('/').next().expect("a code").to_owned()
}

/// State, begin and cancel reason of a booking.
pub async fn row(test: &TestApp, code: &str) -> (String, i64, String) {
    sqlx::query_as("SELECT state, starts_at, cancel_reason FROM appointment WHERE code = $1")
        .bind(code)
        .fetch_one(test.app.db.read())
        .await
        .expect("an appointment")
}

/// Booked places per slot equal the bookings that stand there: nothing leaks when bookings move.
pub async fn places_add_up(test: &TestApp) {
    let (wrong,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM slot s WHERE s.booked_public <> (SELECT CAST(COUNT(*) AS BIGINT) \
         FROM appointment a WHERE a.state IN ('booked', 'checked_in') AND a.quota = 'public' AND (a.slot_id = s.id \
         OR EXISTS (SELECT 1 FROM appointment_slot n WHERE n.appointment_id = a.id AND n.slot_id = s.id)))",
    )
    .fetch_one(test.app.db.read())
    .await
    .expect("counted");
    assert_eq!(wrong, 0, "slots whose booked places are not their bookings");
}

/// The form of a preview that confirms it.
pub fn confirm_form(preview: &Answer) -> Vec<(String, String)> {
    (0..3)
        .map(|nth| form(preview, nth))
        .find(|fields| fields.iter().any(|(name, _)| name == "confirm"))
        .expect("a form")
}
