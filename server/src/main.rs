//! The command `linli`.
#![expect(clippy::print_stdout, reason = "a command prints")]

mod arguments;

use anyhow::Context;
use arguments::{
    Archive, AuditCommand, Cli, Command, KeepCommand, KeyCommand, Kind, MapCommand, OrganisationCommand, PersonCommand,
    TableImport,
};
use clap::Parser;
use server::{
    App,
    clock::Clock,
    config::Config,
    demo, imports,
    operate::{
        self, backup,
        doctor::{self, Health},
    },
    places::plan::MOST_BYTES,
    serve, telemetry,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if let Command::Openapi = cli.command {
        println!("{}", server::http::openapi::text()?);
        return Ok(());
    }
    telemetry::logs();
    if let Command::Archive(Archive { community, check: true, .. }) = &cli.command {
        let made = server::archive::check(std::path::Path::new(community)).await?;
        println!("The archive of {} from {} is whole: {} files.", made.community[0], made.made_at, made.files.len());
        return Ok(());
    }
    let config = Config::load()?;
    if let Command::Serve = cli.command {
        return serve(config).await;
    }
    let clock = clock(&config);
    if let Command::Keep(command) = cli.command {
        return keep(command, &config, &clock).await;
    }
    let app = App::open(config, clock).await?;
    match cli.command {
        Command::Serve | Command::Openapi | Command::Keep(_) => {}
        Command::Key(KeyCommand::Add { name, at, scope, days }) => {
            let (id, key) = operate::add_key(&app, &name, &at, &scope, days).await?;
            println!("{key}");
            println!("This is the key of {name} ({id}); it is not shown again.");
        }
        Command::Key(KeyCommand::List) => {
            for key in server::auth::keys::all(&app.db).await? {
                println!("{}", operate::key_line(&key, app.clock.now()));
            }
        }
        Command::Key(KeyCommand::Revoke { id }) => {
            operate::revoke_key(&app, &id).await?;
            println!("The key {id} is ended.");
        }
        Command::Migrate => println!("The database is up to date."),
        Command::Demo => {
            if demo::load_if_empty(&app).await? {
                println!("The demo community is loaded.");
            } else {
                println!("The database is not empty: nothing was changed.");
            }
        }
        Command::Audit(AuditCommand::Verify) => {
            let verdict = server::reports::chain::verify(&app.db).await?;
            println!("{} chains hold, {} reports have none.", verdict.good, verdict.unchained);
            for (code, seq) in verdict.broken.iter().take(20) {
                println!("Report {code}: broken at event {seq}.");
            }
            anyhow::ensure!(verdict.broken.is_empty(), "{} chains are broken", verdict.broken.len());
        }
        Command::Audit(AuditCommand::ChainOld) => {
            let mut tx = app.db.begin().await?;
            let count = server::reports::chain::chain_old(&mut tx).await?;
            tx.commit().await?;
            println!("{count} events are chained.");
        }
        Command::Person(PersonCommand::Add(new)) => {
            let role = operate::NewRole {
                phone: &new.phone,
                name: &new.name,
                role: &new.role,
                at: &new.at,
                unit: (&new.unit, &new.unit_en),
                lead: new.lead,
            };
            operate::add_person(&app, &role).await?;
            println!("{} is {} at {} and can log in.", new.name, new.role, new.at);
        }
        Command::Person(PersonCommand::ResetSecondFactor { phone }) => {
            operate::reset_second_factor(&app, &phone).await?;
            println!("Their authenticator app is forgotten; they set one up at their next log-in.");
        }
        Command::Person(PersonCommand::RemoveRole { phone, role, at }) => {
            let open = operate::remove_role(&app, &phone, &role, &at).await?;
            println!("They are {role} at {at} no longer, and signed in nowhere.");
            if open > 0 {
                println!("{open} open reports are still theirs: send them to somebody else.");
            }
        }
        Command::Person(PersonCommand::SignOut { phone }) => {
            operate::sign_out(&app, &phone).await?;
            println!("They are signed in nowhere.");
        }
        Command::Organisation(OrganisationCommand::Add(new)) => {
            use server::places::OrganisationKind as To;
            let kind = match new.kind {
                Kind::District => To::District,
                Kind::Subdistrict => To::Subdistrict,
                Kind::Community => To::Community,
                Kind::Grid => To::Grid,
                Kind::Building => To::Building,
            };
            operate::add_organisation(&app, kind, &new.code, &new.name, &new.name_en, new.under.as_deref()).await?;
            println!("{} ({}) is added.", new.name, new.code);
        }
        Command::Import(table) => import(&app, &table).await?,
        Command::Archive(asked) => {
            let Some(to) = &asked.to else { return Ok(()) };
            let made = operate::archive(&app, &asked.community, to, asked.with_contacts).await?;
            let rows: i64 = made.rows.values().sum();
            println!("{rows} rows and {} files of {} are in {}.", made.files.len(), asked.community, to.display());
            println!("There is personal data in it: keep it safe, and destroy it when you are done.");
        }
        Command::Map(MapCommand::Import(plan)) => {
            let size = std::fs::metadata(&plan.file).with_context(|| plan.file.display().to_string())?.len();
            anyhow::ensure!(size <= MOST_BYTES, "{} is larger than {MOST_BYTES} bytes", plan.file.display());
            let text = std::fs::read_to_string(&plan.file).with_context(|| plan.file.display().to_string())?;
            let brought = operate::import_map(&app, &plan.community, &text, plan.dry_run).await?;
            let done = if plan.dry_run { "would be drawn; nothing was changed" } else { "are drawn" };
            println!("{} outlines and {} points {done}.", brought.outlines, brought.points);
            if brought.landmarks > 0 {
                let done = if plan.dry_run { "would be written down" } else { "are written down" };
                println!("{} landmarks {done}.", brought.landmarks);
            }
            if !brought.without.is_empty() {
                println!("Not on the map: {}.", brought.without.join(", "));
            }
        }
    }
    app.db.close().await;
    Ok(())
}

async fn import(app: &App, table: &TableImport) -> anyhow::Result<()> {
    let path = table.file.display().to_string();
    let size = std::fs::metadata(&table.file).with_context(|| path.clone())?.len();
    anyhow::ensure!(
        size <= imports::file::MAX_BYTES as u64,
        "{path} is larger than {} bytes",
        imports::file::MAX_BYTES
    );
    let bytes = std::fs::read(&table.file).with_context(|| path.clone())?;
    let mode = if table.good_only { "good" } else { "all" };
    let said = imports::command::import(app, (&table.kind, &path), &bytes, (!table.dry_run).then_some(mode)).await?;
    println!("{said}");
    Ok(())
}

/// The system's clock, or in a demonstration one that begins where it was told to.
fn clock(config: &Config) -> Clock {
    config.demo_now.map_or_else(Clock::system, Clock::starting_at)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    telemetry::metrics(config.metrics_listen).await?;
    let demo_mode = config.demo;
    let clock = clock(&config);
    let app = App::open(config, clock).await?;
    if demo_mode {
        demo::load_if_empty(&app).await?;
    }
    let people = if demo_mode { demo::introduce()? } else { String::new() };
    let public = app.config.public_url.clone();
    serve::serve(app, move |address| {
        tracing::info!(%address, "listening");
        print!("{people}");
        println!("Linli 邻里: {public}");
    })
    .await
}

/// Says what is not in a backup.
fn remark(made: &backup::Manifest) {
    for remark in made.remarks() {
        println!("{remark}");
    }
}

async fn keep(command: KeepCommand, config: &Config, clock: &Clock) -> anyhow::Result<()> {
    match command {
        KeepCommand::Backup { folder } => {
            let made = backup::backup(config, clock, &folder).await?;
            println!(
                "{} rows and {} photos and files are in {}.",
                made.row_count(),
                made.blobs.len(),
                folder.display()
            );
            println!(
                "The secret ({}) is not: keep it elsewhere. Without it the backup cannot be used.",
                config.secret_file.display()
            );
            remark(&made);
        }
        KeepCommand::Restore { folder, check } => {
            let (made, done) = if check {
                (backup::check(&folder).await?, "are whole; nothing was changed")
            } else {
                (backup::restore(config, clock, &folder).await?, "are back")
            };
            let (rows, files) = (made.row_count(), made.blobs.len());
            println!("{rows} rows and {files} photos and files of {} {done}.", made.made_at);
            remark(&made);
        }
        KeepCommand::Transfer { to } => {
            let counts = backup::transfer(config, clock, &to).await?;
            for (table, rows) in counts.iter().filter(|(_, rows)| **rows > 0) {
                println!("{rows:>10}  {table}");
            }
            let rows: i64 = counts.values().sum();
            println!("{rows} rows, as many as there were. Now set database_url to the other one.");
        }
        KeepCommand::Doctor => {
            let found = doctor::examine(config, clock).await;
            for finding in &found {
                println!("{finding}");
            }
            let bad = found.iter().filter(|finding| finding.health == Health::Bad).count();
            anyhow::ensure!(bad == 0, "{bad} of {} are bad", found.len());
        }
    }
    Ok(())
}
