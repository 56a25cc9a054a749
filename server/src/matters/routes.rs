//! Pages and forms.

pub mod list;
pub mod one;
pub mod platforms;
pub mod send;
