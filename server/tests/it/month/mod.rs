//! A month of a district of 30 communities: reports live as the table of states lets them, letters, matters, property
//! companies, meetings, consultations, partners, activities, patrols and findings beside them, and every figure on every screen
//! is counted again from the raw events, by other means than the product's.
//!
//! `make month` has 55,165 due reports and 554 letters, as the district whose figures the definitions follow; the ordinary tests
//! a few of them.

mod activities;
mod calendar;
mod consultations;
mod intake;
mod letters;
mod matters;
mod meetings;
mod numbers;
mod partners;
mod patrol;
mod property;
mod recount;
mod screens;
mod story;
mod walk;
mod world;
mod write;

use crate::support::{TestApp, on_both};
use world::World;

/// How much there is.
struct Size {
    /// Reports that are due in the month.
    due: usize,
    /// Orders and rectification notices.
    letters: usize,
    /// Matters between levels.
    matters: usize,
    /// How much of the other rooms: 1, or so many times as much.
    rooms: usize,
}

fn size() -> Size {
    match std::env::var("LINLI_TEST_MONTH").as_deref() {
        Ok("whole") => Size { due: 55_165, letters: 554, matters: 300, rooms: 8 },
        _ => Size { due: 1_500, letters: 48, matters: 60, rooms: 1 },
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
        let cast = rooms(&test, &world, size.rooms).await;
        let told = recount::read(&test).await;
        assert_eq!(told.due(world.month, ""), size.due, "due in the month");
        screens::compare(&test, &world, &told, &cast).await;
    })
    .await;
}

/// What happens in the rooms that look at no report; gives what was voted.
async fn rooms(test: &TestApp, world: &World, times: usize) -> Vec<meetings::Cast> {
    consultations::generate(test, world, 16 * times.min(4), if times > 1 { 400 } else { 50 }).await;
    partners::generate(test, world, 3 * times.min(4)).await;
    activities::generate(test, 1 + times).await;
    patrol::generate(test, world, 2 + times).await;
    intake::generate(test, world, 80 * times).await;
    meetings::generate(test, world, (1 + times.min(3), 24 * times)).await
}
