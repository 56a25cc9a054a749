//! The pages of the door and of "mine". Pure functions of their props.

mod data;
mod devices;
mod email;
mod inbox;
mod login;
mod me;
mod second_factor;
mod tokens;

pub use data::{DataProps, DataRow, data};
pub use devices::{DeviceRow, device_words, devices};
pub use email::{EmailProps, confirm_email, email, old_link, stop_mail};
pub use inbox::{InboxRow, inbox};
pub use login::{CastMember, CodeProps, LoginProps, code, login};
pub use me::{MeProps, NameProps, me, me_signed_out, name};
pub use second_factor::{EnrolProps, second_factor};
pub use tokens::{TokenRow, TokensProps, tokens};
