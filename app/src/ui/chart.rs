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

/// Upright bars in the order of time, two for each name: the first pale behind, the second in front of it. The first, the
/// middle and the last name are written.
pub fn columns(label: String, rows: Vec<(String, i64, i64)>) -> AnyView {
    const HEIGHT: i64 = 120;
    const TOP: i64 = 16;
    let count = i64::try_from(rows.len()).unwrap_or(1).max(1);
    let most = rows.iter().flat_map(|(_, a, b)| [*a, *b]).max().unwrap_or(0).max(1);
    let step = WIDTH / count;
    let tall = |value: i64| value * HEIGHT / most;
    let named = [0, count / 2, count - 1];
    let drawn = (0..)
        .zip(rows)
        .map(|(index, (name, first, second))| {
            let x = index * step;
            let wide = (step - step / 5 - 1).clamp(1, 60);
            let bar = |class: &'static str, value: i64, inset: i64| {
                view! {
                    <rect
                        class=class
                        x=(x + inset).to_string()
                        y=(TOP + HEIGHT - tall(value)).to_string()
                        width=(wide - 2 * inset).max(1).to_string()
                        height=tall(value).to_string()
                    ></rect>
                }
            };
            let (anchor, at) = match index {
                0 => ("start", x),
                _ if index == count - 1 => ("end", x + wide),
                _ => ("middle", x + wide / 2),
            };
            let word = named.contains(&index).then(|| {
                view! { <text x=at.to_string() y=(TOP + HEIGHT + 16).to_string() text-anchor=anchor>{name}</text> }
            });
            view! { {bar("bar second", first, 0)}{bar("bar", second, wide / 6)}{word} }
        })
        .collect_view();
    view! {
        <svg class="chart" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {}", TOP + HEIGHT + 24)>
            <text x="0" y="11">{most}</text>
            <line class="axis" x1="0" y1=(TOP + HEIGHT).to_string() x2=WIDTH.to_string() y2=(TOP + HEIGHT).to_string()></line>
            {drawn}
        </svg>
    }
    .into_any()
}
