//! A month of a district of 30 communities: reports live as the table of states lets them, letters, matters and property
//! companies beside them, and every figure on every screen is counted again from the raw events, by other means than the
//! product's.
//!
//! `make month` has 55,165 due reports and 554 letters, as the district whose figures the definitions follow; the ordinary tests
//! a few of them.

mod calendar;
mod letters;
mod matters;
mod numbers;
mod property;
mod recount;
mod screens;
mod story;
mod walk;
mod world;
mod write;

use crate::support::on_both;

/// How much there is.
struct Size {
    /// Reports that are due in the month.
    due: usize,
    /// Orders and rectification notices.
    letters: usize,
    /// Matters between levels.
    matters: usize,
}

fn size() -> Size {
    match std::env::var("LINLI_TEST_MONTH").as_deref() {
        Ok("whole") => Size { due: 55_165, letters: 554, matters: 300 },
        _ => Size { due: 1_500, letters: 48, matters: 60 },
    }
}

#[tokio::test]
async fn every_figure_of_a_month_is_what_its_events_say() {
    on_both(|test| async move {
        let size = size();
        let world = world::build(&test).await;
        let stories = story::month(&test, &world, size.due).await;
        write::all(&test, &stories).await;
        letters::generate(&test, &world, size.letters).await;
        matters::generate(&test, &world, size.matters).await;
        property::generate(&test, &world).await;
        let told = recount::read(&test).await;
        assert_eq!(told.due(world.month, ""), size.due, "due in the month");
        screens::compare(&test, &world, &told).await;
    })
    .await;
}
