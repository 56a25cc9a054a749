//! Charts drawn on the server as SVG. The table beside a chart has the same numbers; the chart is a picture of it.

use leptos::prelude::*;

const ROW: i64 = 26;
const NAME: i64 = 150;
const WIDTH: i64 = 600;

/// Horizontal bars, two for each name: the first pale behind, the second in front of it.
pub fn bars(label: String, rows: Vec<(String, i64, i64)>) -> AnyView {
    let most = rows.iter().flat_map(|(_, a, b)| [*a, *b]).max().unwrap_or(0).max(1);
    let height = ROW * i64::try_from(rows.len()).unwrap_or(0) + 8;
    let length = |value: i64| (value * (WIDTH - NAME - 60) / most).to_string();
    let drawn = (0..)
        .zip(rows)
        .map(|(index, (name, first, second))| {
            let y = index * ROW + 6;
            let short: String = name.chars().take(14).collect();
            view! {
                <text x="0" y=(y + 13).to_string()>{short}</text>
                <rect class="bar second" x=NAME.to_string() y=y.to_string() width=length(first) height="9"></rect>
                <rect class="bar" x=NAME.to_string() y=(y + 9).to_string() width=length(second) height="9"></rect>
                <text x=(NAME + 6 + (first.max(second) * (WIDTH - NAME - 60) / most)).to_string() y=(y + 13).to_string()>
                    {format!("{first} / {second}")}
                </text>
            }
        })
        .collect_view();
    view! {
        <svg class="chart" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {height}")>{drawn}</svg>
    }
    .into_any()
}
