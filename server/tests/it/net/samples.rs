//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(_test: &TestApp) -> Vec<(&'static str, String)> {
    ["/staff/net/{code}", "/api/v1/staff/net/{code}"].map(|path| (path, "wutong".to_owned())).to_vec()
}

/// What this room's forms send, as in `access::form`.
pub fn form(_path: &str) -> Option<Form> {
    None
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
