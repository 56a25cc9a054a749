//! The design system: the parts every page is made of. `/ui` shows them all in demo mode; `docs/ui.md` is the
//! contract between markup and `style/`.
//!
//! Everything here is a pure function of its props. Islands may use [`icon`]; the rest is for pages.

pub mod icon;

#[cfg(feature = "ssr")]
pub mod api_page;
pub mod badge;
#[cfg(feature = "ssr")]
pub mod button;
#[cfg(feature = "ssr")]
pub mod chart;
#[cfg(feature = "ssr")]
pub mod choice;
#[cfg(feature = "ssr")]
pub mod day_row;
#[cfg(feature = "ssr")]
pub mod error_page;
#[cfg(feature = "ssr")]
pub mod field;
#[cfg(feature = "ssr")]
pub mod flash;
#[cfg(feature = "ssr")]
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod nav;
#[cfg(feature = "ssr")]
pub mod offline_page;
#[cfg(feature = "ssr")]
pub mod pagination;
#[cfg(feature = "ssr")]
pub mod photo;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "ssr")]
pub mod summary;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub mod timeline;

/// All parts at once: `use crate::ui::parts::*;`.
#[cfg(feature = "ssr")]
pub mod parts {
    pub use super::{
        badge::*, button::*, choice::*, day_row::*, field::*, flash::*, icon::icon, list::*, nav::*, pagination::*,
        photo::*, state::*, summary::*, table::*, timeline::*,
    };
}
