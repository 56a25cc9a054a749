//! Pages of this room.

mod agreements;
mod certificate;
mod home;
mod member;
mod parts;
mod resident;
mod service;
mod tasks;
mod teams;

pub use agreements::{AgreementPage, AgreementRow, PartnerPage, agreement_page, new_partner, partner_page};
pub use certificate::{
    CertificatePage, CheckPage, Issued, certificate_page, certifies, check_page, correction, grouped, look_up,
};
pub use home::{HomePage, HomeTab, MemberRow, TeamRow, home};
pub use member::{GridRow, HourPage, MemberPage, hour_page, member_page};
pub use parts::{HourRow, Typed, length};
pub use resident::{Mine, PublicTeam, TeamCard, team as public_team, teams as public_teams};
pub use service::{RecordPage, TeamEntry, record};
pub use tasks::{TaskPage, TaskRow, task_page};
pub use teams::{ActivityPage, ActivityRow, CameRow, TeamPage, TrainingRow, activity_page, new_team, team_page};
