//! Tables for desks that turn into cards on phones.

use leptos::prelude::*;

/// One cell.
pub struct Cell {
    view: AnyView,
    number: bool,
}

impl Cell {
    /// Words, a badge, a link.
    pub fn new(view: impl IntoView + 'static) -> Cell {
        Cell { view: view.into_any(), number: false }
    }

    /// A number: aligned at its end.
    pub fn number(view: impl IntoView + 'static) -> Cell {
        Cell { view: view.into_any(), number: true }
    }
}

/// A table. The first cell of each row is its heading. On phones each row becomes a card in which every value
/// has its column's name beside it, unless `keep` asks for a table that scrolls sideways.
#[component]
pub fn Table(
    /// What the table shows.
    #[prop(into)]
    caption: String,
    /// The columns' names.
    columns: Vec<String>,
    /// The rows, each with as many cells as there are columns.
    rows: Vec<Vec<Cell>>,
    /// Stay a table on phones.
    #[prop(optional)]
    keep: bool,
    /// The heading above says what it shows: the caption is only read out.
    #[prop(optional)]
    headed: bool,
) -> impl IntoView {
    let body = rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .enumerate()
                .map(|(index, cell)| {
                    let label = columns.get(index).cloned();
                    let class = cell.number.then_some("num");
                    if index == 0 {
                        view! { <th scope="row" class=class data-label=label>{cell.view}</th> }.into_any()
                    } else {
                        view! { <td class=class data-label=label>{cell.view}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let head = columns.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect_view();
    let label = caption.clone();
    view! {
        <div class="table-wrap" role="region" aria-label=label tabindex="0">
            <table class=if keep { "table keep" } else { "table" }>
                <caption class=headed.then_some("sr")>{caption}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
