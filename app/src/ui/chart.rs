//! Charts drawn on the server: bars are SVG, words and numbers are text of the page, so that both are legible on a narrow
//! phone and in large type. The table beside a chart has the same numbers; the chart is a picture of it.

use leptos::prelude::*;

/// Class of the `nth` of `count` series: pale, middle, dark.
fn tone(nth: usize, count: usize) -> &'static str {
    if nth + 1 == count {
        "chart-bar"
    } else if nth == 0 {
        "chart-bar second"
    } else {
        "chart-bar middle"
    }
}

/// What the bars mean, in their order.
fn legend(series: &[String]) -> AnyView {
    let count = series.len();
    let entries = series
        .iter()
        .cloned()
        .enumerate()
        .map(|(nth, name)| {
            view! {
                <li>
                    <svg viewBox="0 0 10 10" aria-hidden="true"><rect class=tone(nth, count) width="10" height="10"></rect></svg>
                    {name}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chart-legend small">{entries}</ul> }.into_any()
}

/// Thousandths of the longest bar.
const WHOLE: i64 = 1000;

/// Horizontal bars, up to three for each name, each with its number: pale, middle, dark. `series` says what they are.
pub fn bars(label: String, series: &[String], rows: Vec<(String, Vec<i64>)>) -> AnyView {
    let most = rows.iter().flat_map(|(_, values)| values.iter().copied()).max().unwrap_or(0).max(1);
    let drawn = rows
        .into_iter()
        .map(|(name, values)| {
            let count = values.len();
            let lines = values
                .into_iter()
                .enumerate()
                .map(|(nth, value)| {
                    let width = (value.max(0) * WHOLE / most).to_string();
                    view! {
                        <p class="chart-line">
                            <svg viewBox=format!("0 0 {WHOLE} 10") preserveAspectRatio="none" aria-hidden="true">
                                <rect class=tone(nth, count) width=width height="10"></rect>
                            </svg>
                            <span class="num">{value}</span>
                        </p>
                    }
                })
                .collect_view();
            view! { <div class="chart-row"><p class="chart-name">{name}</p><div>{lines}</div></div> }
        })
        .collect_view();
    view! { {legend(series)}<div class="chart" role="img" aria-label=label>{drawn}</div> }.into_any()
}

/// Upright bars in the order of time, two for each name: the first pale behind, the second in front of it. The first, the
/// middle and the last name are written, and how many the tallest stands for. `series` says what the two are.
pub fn columns(label: String, series: &[String], rows: Vec<(String, i64, i64)>) -> AnyView {
    const STEP: i64 = 10;
    const HEIGHT: i64 = 120;
    let count = i64::try_from(rows.len()).unwrap_or(1).max(1);
    let most = rows.iter().flat_map(|(_, a, b)| [*a, *b]).max().unwrap_or(0).max(1);
    let names: Vec<String> = match rows.len() {
        0 => Vec::new(),
        few @ 1..=2 => rows[..few].iter().map(|(name, ..)| name.clone()).collect(),
        many => [0, many / 2, many - 1].map(|at| rows[at].0.clone()).to_vec(),
    };
    let drawn = (0..)
        .zip(&rows)
        .map(|(index, (_, first, second))| {
            let bar = |class: &'static str, value: i64, inset: i64| {
                let tall = value.max(0) * HEIGHT / most;
                view! {
                    <rect
                        class=class
                        x=(index * STEP + 1 + inset).to_string()
                        y=(HEIGHT - tall).to_string()
                        width=(STEP - 2 - 2 * inset).to_string()
                        height=tall.to_string()
                    ></rect>
                }
            };
            view! { {bar("chart-bar second", *first, 0)}{bar("chart-bar", *second, 2)} }
        })
        .collect_view();
    let names = names.into_iter().map(|name| view! { <span>{name}</span> }).collect_view();
    view! {
        {legend(series)}
        <div class="chart" role="img" aria-label=label>
            <p class="chart-most num small">{most}</p>
            <svg class="chart-columns" viewBox=format!("0 0 {} {HEIGHT}", count * STEP) preserveAspectRatio="none">{drawn}</svg>
            <p class="chart-names small">{names}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(view: impl FnOnce() -> AnyView) -> String {
        let owner = Owner::new();
        owner.with(|| view().to_html())
    }

    #[test]
    fn names_are_whole_and_every_bar_has_its_number_and_its_meaning() {
        let long = "灵活就业人员养老保险参保登记和缴费基数申报";
        let series = ["可约".to_owned(), "约了".to_owned(), "用了".to_owned()];
        let rows = vec![(long.to_owned(), vec![400, 100, 0]), ("无".to_owned(), vec![0, 0, 0])];
        let text = html(|| bars("名额".to_owned(), &series, rows));
        assert!(text.contains(long) && series.iter().all(|name| text.contains(name)), "{text}");
        for part in ["width=\"1000\"", "width=\"250\"", ">400<", ">100<", "chart-bar middle"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn columns_name_their_ends_and_never_leave_the_picture() {
        let series = ["上报".to_owned(), "结案".to_owned()];
        for count in [0, 1, 2, 3, 31] {
            let rows = (0..count).map(|n| (format!("第{n}天"), n, 2 * n)).collect();
            let text = html(|| columns("经过".to_owned(), &series, rows));
            assert_eq!(text.contains("第0天"), count > 0, "{text}");
            assert_eq!(text.contains(&format!("第{}天", count - 1)), count > 0, "{text}");
            assert!(!text.contains("y=\"-"), "{text}");
        }
    }
}
