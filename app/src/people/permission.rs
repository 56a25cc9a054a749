//! Permission = role × action, inside the role's scope (a subtree of the organisation).
//!
//! [`Role::may`] is the whole matrix; `server/tests/golden/permissions.txt` is its printed form and a test compares
//! the two, so that a change of who may do what is always a visible change.

use serde::{Deserialize, Serialize};

/// What a person is, inside the subtree the role was granted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 居民: everybody with an account; needs no grant.
    Resident,
    /// 志愿者: reports assigned to them inside their grids.
    Volunteer,
    /// 网格员: collects, solves on the spot and verifies in their grids.
    GridWorker,
    /// 社区工作者: notices, windows and reports of their community.
    CommunityStaff,
    /// 责任单位: the reports sent to it.
    Unit,
    /// 街道 / 区: reads and supervises a subtree.
    Supervisor,
    /// 管理员: organisation, people, settings, audit.
    Admin,
}

/// Something that a use case lets a role do. Reading what is public needs no action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Book, change and cancel one's own appointments.
    AppointmentBook,
    /// See a hall's appointments.
    AppointmentRead,
    /// Check a resident in at the hall.
    AppointmentCheckIn,
    /// Book, change and cancel for a resident (代约).
    AppointmentAssist,
    /// Serve at a window: call, serve, transfer, finish; issue tickets at the desk.
    QueueServe,
    /// Change a hall's settings: hours, windows, limits; decide on appeals; answer ratings.
    HallManage,
    /// See all service items with their versions, those no longer offered as well, and the statutory calendar.
    ItemRead,
    /// Change service items and the statutory calendar.
    ItemManage,
    /// See a hall's statistics.
    StatisticsRead,
    /// Read one's own inbox and things.
    OwnThings,
    /// See drafts and all states of notices.
    NoticeRead,
    /// Write, publish, correct and withdraw notices.
    NoticeWrite,
    /// Approve or give back what a colleague wrote, where review is asked for. Never one's own: the use case sees to it.
    NoticeReview,
    /// Say whether notices of an organisation need a second person.
    NoticeSettings,
    /// Answer questions under notices; see who signed up for an activity and tick them at the door.
    NoticeAnswer,
    /// File a report with one's name.
    ReportFile,
    /// See a report with the reporter, unreleased photos and internal notes.
    ReportRead,
    /// Accept, reject, dispatch and close a report.
    ReportManage,
    /// Take, note progress on, finish or hand back a report one owns.
    ReportHandle,
    /// Verify a report that somebody else handled.
    ReportVerify,
    /// File what was found on patrol, solve it on the spot.
    ReportCollect,
    /// Order supervision (督办), decide on second extensions and disputed returns.
    ReportSupervise,
    /// Change where reports go, canned answers and working hours.
    ReportSettings,
    /// Change categories and their limits.
    CategoryManage,
    /// See what waits in one's subtree, its map and what is unusual.
    NetRead,
    /// See everything about a grid: outline, key contacts, who is responsible when.
    GridRead,
    /// Draw grids, split, merge and move them, name key contacts, write rotas.
    GridManage,
    /// See orders and rectification notices.
    SupervisionRead,
    /// Issue orders and rectification notices, judge the answers.
    SupervisionOrder,
    /// Answer an order or notice that one's community was sent.
    SupervisionAnswer,
    /// Write and publish bulletins of one's organisation.
    BulletinWrite,
    /// See the matters between levels.
    MatterRead,
    /// Hand matters up and down, take, return, prolong and finish them.
    MatterHandle,
    /// See estates, companies, scores and entries that are not public yet.
    PropertyRead,
    /// Write down inspections and propose credit entries.
    PropertyAssess,
    /// Keep companies, contracts and indicators; decide on entries and appeals.
    PropertyManage,
    /// Call joint meetings, name members, run ballots, write minutes.
    MeetingManage,
    /// Ask residents a question and publish what came of it.
    ConsultationManage,
    /// Keep agreements with partners, volunteer teams and confirmed hours.
    PartnerManage,
    /// Read the handbook.
    HandbookRead,
    /// Write the handbook.
    HandbookWrite,
    /// Plan patrols: where, when, what to look at.
    PatrolPlan,
    /// Confirm or refuse what vehicles and cameras found; take calls of the hotline.
    IntakeConfirm,
    /// See failed jobs and deliveries.
    JobsRead,
    /// Read the audit log.
    AuditRead,
    /// Change the organisation, people and their roles.
    PeopleManage,
    /// Say which other systems are told what happens.
    WebhookManage,
    /// Take tables out as files; what is in them needs its own permission besides.
    DataExport,
    /// Take a whole community out as an archive.
    DataArchive,
}

impl Role {
    /// Every role, in the order of the matrix.
    pub const ALL: [Role; 7] = [
        Role::Resident,
        Role::Volunteer,
        Role::GridWorker,
        Role::CommunityStaff,
        Role::Unit,
        Role::Supervisor,
        Role::Admin,
    ];

    /// Whether this role may do `action` on an object inside its scope. Pure: state and ownership are judged by
    /// the use case.
    pub fn may(self, action: Action) -> bool {
        use Action::*;
        match action {
            AppointmentBook | OwnThings | ReportFile => true,
            AppointmentRead => matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin),
            AppointmentCheckIn | AppointmentAssist | QueueServe => matches!(self, Role::CommunityStaff),
            HallManage => matches!(self, Role::CommunityStaff | Role::Admin),
            ItemRead => matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin),
            ItemManage => matches!(self, Role::Admin),
            StatisticsRead => matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin),
            NoticeRead => matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin),
            NoticeWrite | NoticeReview | NoticeAnswer => matches!(self, Role::CommunityStaff | Role::Supervisor),
            NoticeSettings => matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin),
            ReportRead => matches!(self, Role::GridWorker | Role::CommunityStaff | Role::Supervisor | Role::Admin),
            ReportManage => matches!(self, Role::CommunityStaff),
            ReportHandle => matches!(self, Role::Volunteer | Role::GridWorker | Role::Unit),
            ReportVerify => matches!(self, Role::GridWorker | Role::CommunityStaff),
            ReportCollect => matches!(self, Role::GridWorker),
            ReportSupervise => matches!(self, Role::Supervisor),
            ReportSettings => matches!(self, Role::CommunityStaff | Role::Admin),
            CategoryManage => matches!(self, Role::Admin),
            NetRead | SupervisionRead | MatterRead | PropertyRead | HandbookWrite => {
                matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin)
            }
            GridRead | HandbookRead => {
                matches!(self, Role::GridWorker | Role::CommunityStaff | Role::Supervisor | Role::Admin)
            }
            GridManage => matches!(self, Role::CommunityStaff | Role::Admin),
            SupervisionOrder => matches!(self, Role::Supervisor),
            SupervisionAnswer | MeetingManage | PartnerManage | PatrolPlan | IntakeConfirm => {
                matches!(self, Role::CommunityStaff)
            }
            BulletinWrite | MatterHandle | PropertyAssess | ConsultationManage => {
                matches!(self, Role::CommunityStaff | Role::Supervisor)
            }
            PropertyManage => matches!(self, Role::Supervisor | Role::Admin),
            JobsRead | AuditRead | PeopleManage | WebhookManage | DataArchive => matches!(self, Role::Admin),
            DataExport => matches!(self, Role::CommunityStaff | Role::Supervisor | Role::Admin),
        }
    }

    /// Whether this role acts for the community rather than for itself: such a role needs a second factor.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Role::GridWorker | Role::CommunityStaff | Role::Unit | Role::Supervisor | Role::Admin)
    }

    /// The short text stored in the database and used in files.
    pub fn code(self) -> &'static str {
        match self {
            Role::Resident => "resident",
            Role::Volunteer => "volunteer",
            Role::GridWorker => "grid_worker",
            Role::CommunityStaff => "community_staff",
            Role::Unit => "unit",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
        }
    }

    /// The role with this stored code.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Role::Resident => "role-resident",
            Role::Volunteer => "role-volunteer",
            Role::GridWorker => "role-grid-worker",
            Role::CommunityStaff => "role-community-staff",
            Role::Unit => "role-unit",
            Role::Supervisor => "role-supervisor",
            Role::Admin => "role-admin",
        }
    }
}

impl Action {
    /// Every action, in the order of the matrix.
    pub const ALL: [Action; 49] = [
        Action::AppointmentBook,
        Action::AppointmentRead,
        Action::AppointmentCheckIn,
        Action::AppointmentAssist,
        Action::QueueServe,
        Action::HallManage,
        Action::ItemRead,
        Action::ItemManage,
        Action::StatisticsRead,
        Action::OwnThings,
        Action::NoticeRead,
        Action::NoticeWrite,
        Action::NoticeReview,
        Action::NoticeSettings,
        Action::NoticeAnswer,
        Action::ReportFile,
        Action::ReportRead,
        Action::ReportManage,
        Action::ReportHandle,
        Action::ReportVerify,
        Action::ReportCollect,
        Action::ReportSupervise,
        Action::ReportSettings,
        Action::CategoryManage,
        Action::NetRead,
        Action::GridRead,
        Action::GridManage,
        Action::SupervisionRead,
        Action::SupervisionOrder,
        Action::SupervisionAnswer,
        Action::BulletinWrite,
        Action::MatterRead,
        Action::MatterHandle,
        Action::PropertyRead,
        Action::PropertyAssess,
        Action::PropertyManage,
        Action::MeetingManage,
        Action::ConsultationManage,
        Action::PartnerManage,
        Action::HandbookRead,
        Action::HandbookWrite,
        Action::PatrolPlan,
        Action::IntakeConfirm,
        Action::JobsRead,
        Action::AuditRead,
        Action::PeopleManage,
        Action::WebhookManage,
        Action::DataExport,
        Action::DataArchive,
    ];

    /// The name in the golden matrix and the audit log.
    pub fn code(self) -> &'static str {
        match self {
            Action::AppointmentBook => "appointment.book",
            Action::AppointmentRead => "appointment.read",
            Action::AppointmentCheckIn => "appointment.check_in",
            Action::AppointmentAssist => "appointment.assist",
            Action::QueueServe => "queue.serve",
            Action::HallManage => "hall.manage",
            Action::ItemRead => "item.read",
            Action::ItemManage => "item.manage",
            Action::StatisticsRead => "statistics.read",
            Action::OwnThings => "own.things",
            Action::NoticeRead => "notice.read",
            Action::NoticeWrite => "notice.write",
            Action::NoticeReview => "notice.review",
            Action::NoticeSettings => "notice.settings",
            Action::NoticeAnswer => "notice.answer",
            Action::ReportFile => "report.file",
            Action::ReportRead => "report.read",
            Action::ReportManage => "report.manage",
            Action::ReportHandle => "report.handle",
            Action::ReportVerify => "report.verify",
            Action::ReportCollect => "report.collect",
            Action::ReportSupervise => "report.supervise",
            Action::ReportSettings => "report.settings",
            Action::CategoryManage => "category.manage",
            Action::NetRead => "net.read",
            Action::GridRead => "grid.read",
            Action::GridManage => "grid.manage",
            Action::SupervisionRead => "supervision.read",
            Action::SupervisionOrder => "supervision.order",
            Action::SupervisionAnswer => "supervision.answer",
            Action::BulletinWrite => "bulletin.write",
            Action::MatterRead => "matter.read",
            Action::MatterHandle => "matter.handle",
            Action::PropertyRead => "property.read",
            Action::PropertyAssess => "property.assess",
            Action::PropertyManage => "property.manage",
            Action::MeetingManage => "meeting.manage",
            Action::ConsultationManage => "consultation.manage",
            Action::PartnerManage => "partner.manage",
            Action::HandbookRead => "handbook.read",
            Action::HandbookWrite => "handbook.write",
            Action::PatrolPlan => "patrol.plan",
            Action::IntakeConfirm => "intake.confirm",
            Action::JobsRead => "jobs.read",
            Action::AuditRead => "audit.read",
            Action::PeopleManage => "people.manage",
            Action::WebhookManage => "webhook.manage",
            Action::DataExport => "data.export",
            Action::DataArchive => "data.archive",
        }
    }
}
