//! A month of a district of 30 communities: reports live as the table of states lets them, and every figure on every screen is
//! counted again from the raw events, by other means than the product's.
//!
//! `make month` has 55,165 due reports, as the district whose figures the definitions follow; the ordinary tests a few of them.

mod recount;
mod screens;
mod story;
mod walk;
mod world;
mod write;

use crate::support::on_both;

/// Reports that are due in the month.
fn size() -> usize {
    match std::env::var("LINLI_TEST_MONTH").as_deref() {
        Ok("whole") => 55_165,
        _ => 1_500,
    }
}

#[tokio::test]
async fn every_figure_of_a_month_is_what_its_events_say() {
    on_both(|test| async move {
        let world = world::build(&test).await;
        let stories = story::month(&test, &world, size()).await;
        write::all(&test, &stories).await;
        let told = recount::read(&test).await;
        assert_eq!(told.due(&world.month, ""), size(), "due in the month");
        screens::compare(&test, &world, &told).await;
    })
    .await;
}
