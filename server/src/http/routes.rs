//! The table of routes. [`Routes`] is the only way to add one, because it also writes down who may use it: a test
//! walks the list and tries every route as somebody who may not.

use crate::app_state::App;
use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, on},
};

/// Who may use a route. The use case decides; this says what it decides, for the test that tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody with an account; about their own things.
    SignedIn,
    /// A role that may do this action somewhere.
    Needs(app::people::Action),
}

/// One route.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// GET or POST; a GET route answers HEAD as well.
    pub method: Method,
    /// The path as axum writes it.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// Routes with their access.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<RouteInfo>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// Adds a page or resource to read.
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, MethodFilter::GET, path, access, handler)
    }

    /// Adds a form's target or an API call that changes something.
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, MethodFilter::POST, path, access, handler)
    }

    /// Adds an API call that removes something.
    pub fn delete<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::DELETE, MethodFilter::DELETE, path, access, handler)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(path, on(filter, handler));
        self.list.push(RouteInfo { method, path, access });
        self
    }

    /// Joins the routes of another room.
    pub fn merge(mut self, other: Routes) -> Routes {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// The list, for tests and documentation.
    pub fn list(&self) -> &[RouteInfo] {
        &self.list
    }

    /// The axum router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

/// Every route of the application, room by room.
pub fn all() -> Routes {
    Routes::new()
        .merge(super::health::routes())
        .merge(super::openapi::routes())
        .merge(super::site::routes())
        .merge(crate::places::routes::routes())
        .merge(crate::people::routes::routes())
        .merge(crate::notices::routes::routes())
        .merge(crate::windows::routes::routes())
        .merge(crate::reports::routes::routes())
        .merge(crate::photos::routes::routes())
        .merge(crate::open311::routes())
        .merge(crate::webhooks::routes())
        .merge(crate::imports::routes::routes())
        .merge(crate::exports::routes::routes())
        .merge(crate::archive::routes::routes())
        .merge(crate::grids::routes())
        .merge(crate::net::routes())
        .merge(crate::supervision::routes())
        .merge(crate::bulletins::routes())
        .merge(crate::matters::routes())
        .merge(crate::property::routes())
        .merge(crate::meetings::routes())
        .merge(crate::consultations::routes())
        .merge(crate::partners::routes())
        .merge(crate::handbook::routes())
        .merge(crate::patrol::routes())
}
