//! The JSON API of this room.

use crate::http::Routes;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths())]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    Routes::new()
}
