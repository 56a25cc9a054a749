//! Charts drawn on the server as SVG. The table beside a chart has the same numbers; the chart is a picture of it.

use leptos::prelude::*;

const ROW: i64 = 26;
const NAME: i64 = 150;
const WIDTH: i64 = 600;
/// Room for the numbers behind the longest bar.
const END: i64 = 110;

/// Horizontal bars, up to three for each name: pale, middle, dark.
pub fn bars(label: String, rows: Vec<(String, Vec<i64>)>) -> AnyView {
    let most = rows.iter().flat_map(|(_, values)| values.iter().copied()).max().unwrap_or(0).max(1);
    let height = ROW * i64::try_from(rows.len()).unwrap_or(0) + 8;
    let length = |value: i64| value * (WIDTH - NAME - END) / most;
    let drawn = (0..)
        .zip(rows)
        .map(|(index, (name, values))| {
            let y = index * ROW + 6;
            let short: String = name.chars().take(14).collect();
            let thick = 18 / i64::try_from(values.len()).unwrap_or(1).max(1);
            let end = NAME + 6 + values.iter().copied().map(length).max().unwrap_or(0);
            let words = values.iter().map(i64::to_string).collect::<Vec<_>>().join(" / ");
            let bars = (0..)
                .zip(&values)
                .map(|(nth, value)| {
                    let last = usize::try_from(nth + 1).is_ok_and(|n| n == values.len());
                    let class = if last { "bar" } else if nth == 0 { "bar second" } else { "bar middle" };
                    let (top, width) = (y + nth * thick, length(*value).to_string());
                    view! {
                        <rect class=class x=NAME.to_string() y=top.to_string() width=width height=thick.to_string()></rect>
                    }
                })
                .collect_view();
            view! {
                <text x="0" y=(y + 13).to_string()>{short}</text>
                {bars}
                <text x=end.to_string() y=(y + 13).to_string()>{words}</text>
            }
        })
        .collect_view();
    view! {
        <svg class="chart" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {height}")>{drawn}</svg>
    }
    .into_any()
}
