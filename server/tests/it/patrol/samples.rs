//! What the tests of permissions try this room's routes with; see `access.rs`.

use super::{finding, plan};
use crate::{access::Form, support::TestApp};

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let (plan, finding) = (plan(test).await, finding(test, "SAMPLE-1").await);
    let mut all = Vec::new();
    for path in ["/staff/patrols/{id}", "/api/v1/staff/patrols/{id}", "/patrols/{id}", "/api/v1/patrols/{id}"] {
        all.push((path, plan.clone()));
    }
    for path in ["/staff/intake/{id}", "/api/v1/staff/intake/{id}", "/api/v1/intake/{id}"] {
        all.push((path, finding.clone()));
    }
    all
}

/// What this room's forms send, as in `access::form`.
pub fn form(_path: &str) -> Option<Form> {
    None
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
