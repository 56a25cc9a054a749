//! Supervision: orders (督办) and rectification notices (整改通知).
//!
//! A letter carries a number, findings, a deadline, answers and a re-check. A report's own step 督办 stays what it is: the
//! ladder takes it by itself, hundreds of times, without number or findings, and the register's figures ("554 notices, all done")
//! would count something else with it. A letter names the reports that it is about instead, and the register leads to the desk's
//! list of reports whose order waits.

#[cfg(feature = "ssr")]
pub mod figures;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod letter;
pub mod life;
#[cfg(feature = "ssr")]
pub mod pages;

pub use life::{Side, State, Step};
