//! Pages of notices: pure functions of what they show.

mod activity;
mod attachments;
mod board;
mod choose;
mod confirm;
mod deliveries;
mod editor;
mod embed;
mod follows;
mod list;
mod notice;
mod questions;
mod resident;
mod review;
mod staff;
mod versions;

pub use activity::{
    DoorList, DoorRow, SignUpPart, SignUpRow, activity_facts, activity_fields, door_list, my_sign_ups, seats_words,
    sign_up_part, span, when,
};
pub use attachments::{AttachedPicture, Attachments, attachments, file_list};
pub use board::{NoticeBoard, ScreenPlace, Screens, Slide, notice_board, screens_page};
pub use choose::choose_kind;
pub use confirm::{ConfirmPart, confirm_part};
pub use deliveries::{ChannelRow, Deliveries, ReasonRow, deliveries};
pub use editor::{Editor, Place, PlaceGroup, editor};
pub use embed::{EmbeddedList, KeptNotice, embedded_list, kept_notices};
pub use follows::{AddForm, BrowserRow, FollowRow, FollowsProps, Stop, follows, stop_notices};
pub use list::{NoticeList, notice_list};
pub use notice::{Changed, EmergencyFacts, NoticeAnswers, NoticeView, notice, notice_body};
pub use questions::{
    QuestionPage, QuestionRow, QuestionTable, QuestionsPart, question_page, question_table, questions_part,
};
pub use resident::{SeenBy, seen_by};
pub use review::{Review, ReviewSetting, notice_settings};
pub use staff::{Lacking, StaffList, StaffNotice, StaffRow, staff_list, staff_notice};
pub use versions::{VersionRow, Versions, differences, versions};
