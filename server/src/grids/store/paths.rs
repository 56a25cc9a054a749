//! What a building's new path means for everything that keeps paths.
//!
//! A path is codes from the root, so a building that moves to another grid has another path. What there is falls into two kinds:
//!
//! | what | when a building moves, or a grid ends |
//! |---|---|
//! | the building itself | has the new path at once; `grid_building` keeps which grid it was, day by day |
//! | reports that are open | `path` follows: the desk, permission, routing and whoever is told are the new grid's. Who owns one keeps it: owning is the scope of a handler |
//! | reports that are over | keep their path. One that is reopened gets the path that its place has then ([`super::force::bring_home`]) |
//! | `grid_id` of every report | stays: it says where the report was filed, and figures per grid are told apart by it, so that past months stay as they were |
//! | `report_day` | stays: it knows communities by path and grids by id |
//! | notices' aims at a building | follow it: the same people live there |
//! | notices' aims at a grid | stay, and each building that leaves the grid is added to the aims of notices that are not over: whom one concerned it still concerns |
//! | who follows a building | follows it at its new path; followers of a report are people and have none |
//! | a question to the residents of a building | follows it; one to a grid asks whoever lives in it now, one that is open in a grid that ends those of the only grid that took over |
//! | patrol plans of a grid that ends | go on in the first grid that took over, with the days that were walked; those that are over stay |
//! | findings that wait | in a grid that ends go to the only grid that took over, else to the community |
//! | positions in the outline of a grid that ended | are found in what it became, until the net is drawn anew (`around.rs`) |
//! | registrations of volunteers for a grid | are for what it becomes as well: they take back there what they brought |
//! | rules of routing for a building | follow it; those for a grid that ends go to what it becomes |
//! | roles on a grid | are by id: they stay; those on a grid that ends go to what it becomes, and a grid that is made has those of the one it comes from |
//! | keys of other systems for a building | follow it; those for a grid that ends end with it: more than was agreed they must not reach |
//! | webhooks | are for communities and what lies above: nothing to do |
//! | homes of people, landmarks | are by id or position: nothing to do |
//!
//! **A table that gets a column with a path of a grid or a building gets a line here**; a test compares both lists with the
//! tables there are.

/// By what a row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// `$2` is the path that the place had.
    Path,
    /// `$2` is the id of the place.
    Place,
}

/// Rows that follow: table, column, how they are found, and the statement; `$1` is the new path.
pub static FOLLOW: &[(&str, &str, By, &str)] = &[
    ("organisation", "path", By::Place, "UPDATE organisation SET path = $1 WHERE id = $2"),
    (
        "report",
        "path",
        By::Path,
        "UPDATE report SET path = $1 WHERE path = $2 AND state NOT IN ('closed', 'rejected', 'withdrawn', 'merged')",
    ),
    ("notice_aim", "path", By::Place, "UPDATE notice_aim SET path = $1 WHERE organisation_id = $2"),
    ("follow", "path", By::Place, "UPDATE follow SET path = $1 WHERE organisation_id = $2"),
    ("routing_rule", "path", By::Path, "UPDATE routing_rule SET path = $1 WHERE path = $2"),
    ("integration_key", "path", By::Path, "UPDATE integration_key SET path = $1 WHERE path = $2"),
    ("consultation", "path", By::Path, "UPDATE consultation SET path = $1 WHERE path = $2"),
];

/// Columns with paths that stay as they are: table, column.
pub static STAY: &[(&str, &str)] = &[
    // Communities and what lies above.
    ("handbook_entry", "path"),
    ("joint_meeting", "path"),
    ("matter", "from_path"),
    ("matter", "to_path"),
    ("meeting_resolution", "path"),
    ("meeting_session", "path"),
    ("platform", "path"),
    ("property_company", "path"),
    ("property_entry", "path"),
    ("property_estate", "path"),
    ("supervision_letter", "addressee_path"),
    ("supervision_letter", "issuer_path"),
    ("webhook", "path"),
    // Grids and communities, no buildings: what is open there when a grid ends goes on in what it became.
    ("intake", "path"),
    ("patrol_plan", "path"),
];
