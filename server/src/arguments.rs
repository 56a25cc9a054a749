//! What `linli` can be told on the command line. The comments here are its help.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Linli 邻里: a community's front door on a phone.
#[derive(Parser)]
#[command(version, about, after_help = "Settings come from linli.toml and LINLI_* variables; see docs/operations.md.")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Look after what was written down.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Serve the site: migrate the database, then answer requests until SIGTERM
    Serve,
    /// Bring the database's tables up to date and stop
    Migrate,
    /// Load the demo community into an empty database and stop
    Demo,
    /// Print the description of the API (OpenAPI, JSON)
    Openapi,
    /// Add people and help those who lost their authenticator app
    #[command(subcommand)]
    Person(PersonCommand),
    /// Add the parts of the organisation that people belong to
    #[command(subcommand)]
    Organisation(OrganisationCommand),
    /// Bring in a community's own plan
    #[command(subcommand)]
    Map(MapCommand),
    /// Write everything of one community as files that anybody can read, or check such an archive
    Archive(Archive),
    /// Bring in a table: organisations, buildings, people, items or categories (CSV or xlsx)
    Import(TableImport),
    /// Let other systems in, each with its own key
    #[command(subcommand)]
    Key(KeyCommand),
    /// Keep it safe and well
    #[command(flatten)]
    Keep(KeepCommand),
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key and show it, once
    Add {
        /// Which system gets it, such as 12345热线
        #[arg(long)]
        name: String,
        /// Code of the organisation that it opens, with everything below it
        #[arg(long, value_name = "CODE")]
        at: String,
        /// What it may do: reports.file, reports.read; may be given more than once
        #[arg(long, required = true)]
        scope: Vec<String>,
        /// Days until it ends
        #[arg(long, default_value_t = 365)]
        days: i64,
    },
    /// List all keys
    List,
    /// End a key at once
    Revoke {
        /// Its id, as `linli key list` shows it
        id: String,
    },
}

/// What works without bringing the database up to date first.
#[derive(Subcommand)]
pub enum KeepCommand {
    /// Write everything but the secret into a new folder, while servers go on
    Backup {
        /// The folder; must not be there yet
        folder: std::path::PathBuf,
    },
    /// Bring a backup into an empty database and an empty store of photos, after checking all of it
    Restore {
        /// The backup's folder
        folder: std::path::PathBuf,
        /// Only check the backup
        #[arg(long)]
        check: bool,
    },
    /// Copy the database into another, empty one, e.g. from SQLite to PostgreSQL; photos stay where they are
    Transfer {
        /// The other database, such as postgres://linli@db.example/linli
        to: String,
    },
    /// Look at everything that Linli needs: settings, secret, database, clock, jobs, photos, disks, mail, SMS
    Doctor,
}

#[derive(Subcommand)]
pub enum MapCommand {
    /// Take outlines of grids, points of buildings and landmarks from a GeoJSON file (WGS-84); all of it or nothing
    Import(MapImport),
}

#[derive(Args)]
pub struct MapImport {
    /// Code of the community
    pub community: String,
    /// The file: a FeatureCollection, each feature with the property `code`; a Polygon for a grid, a Point for a building,
    /// a Point with `"kind": "landmark"`, `name` and `name_en` for a landmark
    pub file: std::path::PathBuf,
    /// Only say what it would bring
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct Archive {
    /// Code of the community; with --check the archive itself
    pub community: String,
    /// A folder that is not there yet, or a file ending with .zip
    #[arg(required_unless_present = "check")]
    pub to: Option<std::path::PathBuf>,
    /// Compare an archive with its checksums; nothing is written
    #[arg(long, conflicts_with = "with_contacts")]
    pub check: bool,
    /// Write mobile numbers and mail addresses in full
    #[arg(long)]
    pub with_contacts: bool,
}

#[derive(Args)]
pub struct TableImport {
    /// What it brings: organisations, buildings, people, items, categories
    pub kind: String,
    /// The file
    pub file: std::path::PathBuf,
    /// Only say what it would do
    #[arg(long)]
    pub dry_run: bool,
    /// Leave refused lines out instead of taking nothing over
    #[arg(long)]
    pub good_only: bool,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check the chain of every report's events, and say which were changed afterwards.
    Verify,
    /// Chain the events of reports from before there were chains, as they are now.
    ChainOld,
}

#[derive(Subcommand)]
pub enum PersonCommand {
    /// Give somebody a role, e.g. the first administrator; a number that is not known becomes a new person
    Add(PersonAdd),
    /// Forget somebody's authenticator app, so that they set one up at their next log-in
    ResetSecondFactor {
        /// Their mobile number, 11 digits
        #[arg(long)]
        phone: String,
    },
    /// Take a role back from somebody who leaves or moves on, and sign them out everywhere; what they did stays under their name
    RemoveRole {
        /// Their mobile number, 11 digits
        #[arg(long)]
        phone: String,
        /// The role
        #[arg(long)]
        role: String,
        /// Code of the organisation that the role is for
        #[arg(long, value_name = "CODE")]
        at: String,
    },
    /// Sign somebody out everywhere, e.g. when their phone was stolen
    SignOut {
        /// Their mobile number, 11 digits
        #[arg(long)]
        phone: String,
    },
}

#[derive(Args)]
pub struct PersonAdd {
    /// Mobile number, 11 digits
    #[arg(long)]
    pub phone: String,
    /// Name
    #[arg(long)]
    pub name: String,
    /// Role: volunteer, grid_worker, community_staff, unit, supervisor or admin
    #[arg(long)]
    pub role: String,
    /// Code of the organisation the role is for, with everything below it
    #[arg(long, value_name = "CODE")]
    pub at: String,
    /// For a unit: its name, the same for all of its people
    #[arg(long, value_name = "NAME", default_value = "")]
    pub unit: String,
    /// For a unit: its English name
    #[arg(long, value_name = "NAME", default_value = "")]
    pub unit_en: String,
    /// For a unit: they lead it, and hear when a colleague's time is over; `--lead=false` takes it back
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub lead: Option<bool>,
}

#[derive(Subcommand)]
pub enum OrganisationCommand {
    /// Add a district, subdistrict, community, grid or building
    Add(OrganisationAdd),
}

#[derive(Args)]
pub struct OrganisationAdd {
    /// What it is
    #[arg(long)]
    pub kind: Kind,
    /// Short code in addresses such as /c/CODE: small letters, digits and hyphens
    #[arg(long)]
    pub code: String,
    /// Chinese name
    #[arg(long)]
    pub name: String,
    /// English name
    #[arg(long, default_value = "")]
    pub name_en: String,
    /// Code of the organisation above it; a district has none
    #[arg(long, value_name = "CODE")]
    pub under: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    District,
    Subdistrict,
    Community,
    Grid,
    Building,
}
