//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};
use app::handbook::{entry::Entry, form::HandbookForm};
use server::handbook::store;

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let now = test.app.clock.now();
    let (organisation, path) = &test.loaded.organisations["wutong"];
    let author = test.person("19900000031");
    let entry = Entry {
        title: "电梯困人".to_owned(),
        words: vec!["困电梯".to_owned()],
        steps: "1. 打 96333".to_owned(),
        contacts: Vec::new(),
        category: String::new(),
        item: String::new(),
    };
    let mut tx = test.app.db.begin().await.expect("begin");
    let today = app::time::day_of(now);
    let who = (author, "access-test-sample");
    let made = store::insert(&mut tx, who, (organisation, path), &entry, (today, now)).await;
    let id = made.expect("written").expect("new");
    let form = HandbookForm::of(&entry, "wutong".to_owned(), 1);
    store::keep(&mut tx, (&id, 1), author, &form, now).await.expect("kept");
    tx.commit().await.expect("commit");
    vec![("/staff/handbook/{id}", id.clone()), ("/api/v1/staff/handbook/{id}", id)]
}

/// What this room's forms send, as in `access::form`.
pub fn form(_path: &str) -> Option<Form> {
    None
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
