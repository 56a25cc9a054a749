//! Pages of notices: pure functions of what they show.

mod editor;
mod list;
mod notice;
mod staff;

pub use editor::{Editor, Place, PlaceGroup, editor};
pub use list::{NoticeList, notice_list, notice_rows};
pub use notice::{Changed, EmergencyFacts, NoticeView, notice, notice_body};
pub use staff::{Lacking, StaffList, StaffNotice, StaffRow, staff_list, staff_notice};
