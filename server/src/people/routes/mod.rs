//! Addresses of this room.

pub(crate) mod api;
pub(crate) mod data;
mod email;
mod login;
mod mine;
mod tokens;

pub use mine::home_words;

use crate::http::{Access, Routes};

/// The routes of this room.
pub fn routes() -> Routes {
    use Access::{Public, SignedIn};
    Routes::new()
        .get("/login", Public, login::page)
        .post("/login", Public, login::send)
        .post("/login/resend", Public, login::resend)
        .get("/login/code", Public, login::code_page)
        .post("/login/code", Public, login::check)
        .get("/login/second-factor", SignedIn, login::factor_page)
        .post("/login/second-factor", SignedIn, login::factor)
        .post("/logout", Public, login::logout)
        .get("/me", Public, mine::me)
        .get("/me/name", SignedIn, mine::name_page)
        .post("/me/name", SignedIn, mine::name)
        .get("/me/email", SignedIn, email::page)
        .post("/me/email", SignedIn, email::give)
        .post("/me/email/forget", SignedIn, email::forget)
        .get("/me/email/confirm/{person}", Public, email::confirm_page)
        .post("/me/email/confirm/{person}", Public, email::confirm)
        .get("/mail/stop/{person}", Public, email::stop_page)
        .post("/mail/stop/{person}", Public, email::stop)
        .get("/me/data", SignedIn, data::page)
        .post("/me/data/leave", SignedIn, data::leave)
        .get("/api/v1/me/data", SignedIn, data::everything)
        .get("/me/devices", SignedIn, mine::devices)
        .post("/me/devices/revoke-others", SignedIn, mine::revoke_others)
        .post("/me/devices/{id}/revoke", SignedIn, mine::revoke)
        .get("/me/tokens", SignedIn, tokens::page)
        .post("/me/tokens", SignedIn, tokens::make)
        .post("/me/tokens/{id}/revoke", SignedIn, tokens::revoke)
        .get("/me/inbox", SignedIn, mine::inbox)
        .post("/me/inbox", SignedIn, mine::read_all)
        .get("/me/inbox/{id}", SignedIn, mine::open)
        .get("/api/v1/me", SignedIn, api::profile)
        .post("/api/v1/me", SignedIn, api::set_profile)
        .get("/api/v1/me/inbox", SignedIn, api::inbox)
        .post("/api/v1/me/inbox/read", SignedIn, api::read_all)
        .post("/api/v1/me/inbox/{id}/read", SignedIn, api::read_one)
        .get("/api/v1/me/unread", SignedIn, api::unread)
        .get("/api/v1/me/devices", SignedIn, api::own::devices)
        .post("/api/v1/me/devices/revoke-others", SignedIn, api::own::end_other_devices)
        .delete("/api/v1/me/devices/{id}", SignedIn, api::own::end_device)
        .get("/api/v1/me/email", SignedIn, api::own::email)
        .post("/api/v1/me/email", SignedIn, api::own::set_email)
        .delete("/api/v1/me/email", SignedIn, api::own::forget_email)
}
