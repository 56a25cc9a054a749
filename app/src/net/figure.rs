//! The figures that can be chosen for the map, and the five steps in which they are coloured.
//!
//! Counts and reports per thousand households are cut into five bands of the same width from 0 to the most that any part has;
//! rates into bands that are the same everywhere, so that a colour means the same in every place and month.

use crate::{
    i18n::Words,
    reports::statistics::{Figures, Measure},
};

/// What the map is coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// Open now.
    #[default]
    Open,
    /// Open and past the deadline now.
    Overdue,
    /// 结案率 of the month.
    Closing,
    /// 按期结案率 of the month.
    OnTime,
    /// Reports of the month for a thousand households.
    PerHousehold,
}

/// What is known of a part.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Open now.
    pub open: i64,
    /// Past the deadline now.
    pub overdue: i64,
    /// Due in what is left of today.
    pub today: i64,
    /// Figures of the month up to now.
    pub month: Figures,
    /// Households; 0: not known.
    pub households: i64,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Figure; 5] = [Figure::Open, Figure::Overdue, Figure::Closing, Figure::OnTime, Figure::PerHousehold];

    /// As addresses say it.
    pub fn code(self) -> &'static str {
        match self {
            Figure::Open => "open",
            Figure::Overdue => "overdue",
            Figure::Closing => "closing",
            Figure::OnTime => "on_time",
            Figure::PerHousehold => "per_household",
        }
    }

    /// The figure with this code.
    pub fn from_code(code: &str) -> Option<Figure> {
        Figure::ALL.into_iter().find(|figure| figure.code() == code)
    }

    /// Catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Figure::Open => "net-figure-open",
            Figure::Overdue => "net-figure-overdue",
            Figure::Closing => "desk-stat-closing-rate",
            Figure::OnTime => "desk-stat-on-time-rate",
            Figure::PerHousehold => "net-figure-per-household",
        }
    }

    fn is_rate(self) -> bool {
        matches!(self, Figure::Closing | Figure::OnTime)
    }

    /// Its value as a whole number: a count, hundredths of a percent, or tenths of reports for a thousand households. `None`
    /// where there is nothing to divide by.
    pub fn value(self, of: &Measured) -> Option<i64> {
        match self {
            Figure::Open => Some(of.open),
            Figure::Overdue => Some(of.overdue),
            Figure::Closing => of.month.closing_rate().map(hundredths),
            Figure::OnTime => of.month.on_time_rate().map(hundredths),
            Figure::PerHousehold => {
                let filed = of.month.count(Measure::Filed);
                (of.households > 0).then(|| (filed * 20_000 + of.households) / (2 * of.households))
            }
        }
    }

    /// A value as it is written.
    pub fn show(self, value: Option<i64>) -> String {
        match value {
            None => "—".to_owned(),
            Some(value) if self.is_rate() => format!("{}.{:02}%", value / 100, value % 100),
            Some(value) if self == Figure::PerHousehold => format!("{}.{}", value / 10, value % 10),
            Some(value) => value.to_string(),
        }
    }

    /// The five bands, from the lightest colour to the darkest: the darkest is where there is most to do.
    pub fn bands(self, values: impl IntoIterator<Item = i64>) -> [Band; 5] {
        if self.is_rate() {
            return [(9_800, 10_000), (9_500, 9_799), (9_000, 9_499), (8_000, 8_999), (0, 7_999)]
                .map(|(from, to)| Band { from, to });
        }
        let most = values.into_iter().max().unwrap_or(0).max(0);
        let width = most / 5 + 1;
        [0, 1, 2, 3, 4].map(|step| Band { from: step * width, to: (step + 1) * width - 1 })
    }

    /// A band in words: 较多（6–8）.
    pub fn band_words(self, w: Words, step: usize, band: Band) -> String {
        let keys = if self.is_rate() {
            ["net-band-rate-1", "net-band-rate-2", "net-band-rate-3", "net-band-rate-4", "net-band-rate-5"]
        } else {
            ["net-band-1", "net-band-2", "net-band-3", "net-band-4", "net-band-5"]
        };
        let word = keys.get(step).map(|key| w.t(key)).unwrap_or_default();
        let (from, to) = (self.show(Some(band.from)), self.show(Some(band.to)));
        let range = if from == to { from } else { format!("{from}–{to}") };
        w.tf("net-band", &[("word", word.into()), ("range", range.into())])
    }
}

/// A rate in hundredths of a percent, rounded as the figures write it: 10,000 only for all of them.
pub(crate) fn hundredths(rate: f64) -> i64 {
    let rounded = (rate * 10_000.0).round();
    (if rate < 1.0 { rounded.min(9_999.0) } else { rounded }) as i64
}

/// Values from the first to the last, both in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// First.
    pub from: i64,
    /// Last.
    pub to: i64,
}

/// In which band a value lies; values beyond all of them in the nearest.
pub fn step(bands: &[Band; 5], value: i64) -> usize {
    bands.iter().position(|band| (band.from..=band.to).contains(&value)).unwrap_or(bands.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::statistics::percent;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_value_has_its_band_and_more_is_no_lighter(values in prop::collection::vec(0..5_000_i64, 0..40)) {
            for figure in [Figure::Open, Figure::Overdue, Figure::PerHousehold] {
                let bands = figure.bands(values.iter().copied());
                prop_assert!(bands.windows(2).all(|pair| pair[0].to + 1 == pair[1].from));
                prop_assert_eq!(bands[0].from, 0);
                for value in &values {
                    prop_assert!(bands[4].to >= *value);
                    let at = step(&bands, *value);
                    prop_assert!(bands[at].from <= *value && *value <= bands[at].to);
                }
            }
        }

        #[test]
        fn rates_are_written_as_the_figures_write_them(part in 0..60_000_i64, more in 0..60_000_i64) {
            let whole = part + more;
            prop_assume!(whole > 0);
            let rate = part as f64 / whole as f64;
            let value = hundredths(rate);
            prop_assert_eq!(Figure::Closing.show(Some(value)), percent(rate));
            let bands = Figure::Closing.bands([]);
            let at = step(&bands, value);
            prop_assert!(bands[at].from <= value && value <= bands[at].to);
        }
    }

    #[test]
    fn reports_for_a_thousand_households_are_rounded() {
        let of = |filed: i64, households: i64| (filed * 20_000 + households) / (2 * households);
        assert_eq!(Figure::PerHousehold.show(Some(of(3, 1000))), "3.0");
        assert_eq!(Figure::PerHousehold.show(Some(of(1, 3))), "333.3");
        assert_eq!(Figure::PerHousehold.show(None), "—");
        for figure in Figure::ALL {
            assert_eq!(Figure::from_code(figure.code()), Some(figure));
        }
    }
}
