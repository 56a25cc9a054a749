//! What every request and job can reach.

use crate::{
    auth::secrets::Secrets, clock::Clock, config::Config, db::Db, deliver::Deliver, http::assets::Assets, photos::Blobs,
};
use std::sync::Arc;

/// The running application: cheap to clone, shared by all requests and jobs.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the application.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The photos.
    pub blobs: Blobs,
    /// Keys derived from the deployment's secret.
    pub secrets: Secrets,
    /// The time.
    pub clock: Clock,
    /// Names of the site's files.
    pub assets: Assets,
    /// Ways to reach people outside the page.
    pub deliver: Deliver,
    /// The statutory calendar.
    pub calendar: crate::places::calendar::Calendar,
    /// What proposes categories, in memory.
    pub classifier: crate::reports::suggest::Cache,
    /// Sessions that are asked for at the same moment.
    pub sessions: crate::auth::session::Gathered,
    /// Items that are asked for at the same moment, by code.
    pub items: crate::db::Gather<String, crate::windows::store::items::StoredItem>,
    /// Bookings that wait to be made together.
    pub bookings: crate::windows::service::BookingQueue,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }

    /// Connects everything the settings name, migrates the database and reads the site's file names.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
        let db = Db::connect(&config.database_url).await?;
        db.migrate().await?;
        crate::reports::categories::ship(&db).await?;
        crate::reports::categories::ship_dispatch_limits(&db).await?;
        let blobs = Blobs::open(&config.blobs_url)?;
        let secrets = Secrets::load_or_create(&config.secret_file)?;
        let assets = Assets::load(&config.site_dir)?;
        let deliver = Deliver::new(&config)?;
        deliver.push.prepare(&db, &secrets).await?;
        let calendar = crate::places::calendar::shipped()?;
        calendar.refresh(&db).await?;
        Ok(App::new(Parts {
            config,
            db,
            blobs,
            secrets,
            clock,
            assets,
            deliver,
            calendar,
            classifier: Default::default(),
            sessions: Default::default(),
            items: Default::default(),
            bookings: Default::default(),
        }))
    }
}
