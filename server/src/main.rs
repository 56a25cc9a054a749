//! The command `linli`.
#![expect(clippy::print_stdout, reason = "a command prints")]

use clap::{Parser, Subcommand};
use server::{App, clock::Clock, config::Config, demo, serve, telemetry};

/// Linli 邻里: a community's front door on a phone.
#[derive(Parser)]
#[command(version, about, after_help = "Settings come from linli.toml and LINLI_* variables; see docs/operations.md.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site: migrate the database, then answer requests until SIGTERM
    Serve,
    /// Bring the database's tables up to date and stop
    Migrate,
    /// Load the demo community into an empty database and stop
    Demo,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    telemetry::logs();
    let config = Config::load()?;
    match cli.command {
        Command::Serve => {
            telemetry::metrics(config.metrics_listen).await?;
            let demo_mode = config.demo;
            let app = App::open(config, Clock::system()).await?;
            if demo_mode {
                demo::load_if_empty(&app).await?;
            }
            let public = app.config.public_url.clone();
            serve::serve(app, move |address| {
                tracing::info!(%address, "listening");
                println!("Linli 邻里: {public}");
            })
            .await
        }
        Command::Migrate => {
            App::open(config, Clock::system()).await?;
            println!("The database is up to date.");
            Ok(())
        }
        Command::Demo => {
            let app = App::open(config, Clock::system()).await?;
            if demo::load_if_empty(&app).await? {
                println!("The demo community is loaded.");
            } else {
                println!("The database is not empty: nothing was changed.");
            }
            Ok(())
        }
    }
}
