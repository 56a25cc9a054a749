//! The pages of the door and of "mine". Pure functions of their props.

mod devices;
mod inbox;
mod login;
mod me;
mod second_factor;

pub use devices::{DeviceRow, devices};
pub use inbox::{InboxRow, inbox};
pub use login::{CastMember, CodeProps, LoginProps, code, login};
pub use me::{MeProps, NameProps, me, me_signed_out, name};
pub use second_factor::{EnrolProps, second_factor};
