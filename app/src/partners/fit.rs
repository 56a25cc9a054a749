//! Which volunteers are shown first when somebody is to be sent: those who can do it, serve there, and say that they have
//! time. Nothing else counts: no hours, no speed, no number of reports. Who is sent is staff's decision.

/// What a volunteer told of themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Who.
    pub person: String,
    /// Codes of what they can do.
    pub skills: Vec<String>,
    /// Paths of the grids that they serve.
    pub grids: Vec<String>,
    /// They say that they can be sent now.
    pub available: bool,
}

/// Why a volunteer is shown first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Which of their skills are good for it.
    pub skills: Vec<String>,
    /// Path of their grid in which it lies.
    pub grid: String,
}

impl Offer {
    /// Why this volunteer fits something at `path` for which any of `wanted` is good; `None` when anything is missing.
    pub fn fits(&self, path: &str, wanted: &[String]) -> Option<Fit> {
        if !self.available {
            return None;
        }
        let skills: Vec<String> = self.skills.iter().filter(|skill| wanted.contains(skill)).cloned().collect();
        let grid = self.grids.iter().find(|grid| !grid.is_empty() && path.starts_with(grid.as_str()))?;
        (!skills.is_empty()).then(|| Fit { skills, grid: grid.clone() })
    }
}

/// The same list with those who fit first; inside both parts the order stays as it was.
pub fn first<T>(all: Vec<T>, fits: impl Fn(&T) -> bool) -> Vec<T> {
    let (mut front, rest): (Vec<T>, Vec<T>) = all.into_iter().partition(|one| fits(one));
    front.extend(rest);
    front
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn offer(available: bool) -> Offer {
        Offer {
            person: "p".into(),
            skills: vec!["electric".into(), "care".into()],
            grids: vec!["d/s/c/g1/".into()],
            available,
        }
    }

    #[test]
    fn all_three_are_needed() {
        let wanted = vec!["electric".to_owned()];
        let fit = offer(true).fits("d/s/c/g1/b3/", &wanted).expect("fits");
        assert_eq!((fit.skills, fit.grid), (vec!["electric".to_owned()], "d/s/c/g1/".to_owned()));
        assert_eq!(offer(false).fits("d/s/c/g1/b3/", &wanted), None, "no time");
        assert_eq!(offer(true).fits("d/s/c/g2/", &wanted), None, "elsewhere");
        assert_eq!(offer(true).fits("d/s/c/g1/", &["green".to_owned()]), None, "another skill");
        assert_eq!(offer(true).fits("d/s/c/", &wanted), None, "no grid is known");
    }

    proptest! {
        #[test]
        fn nobody_gets_lost_and_nobody_is_ranked(all in proptest::collection::vec((0_u32..100, any::<bool>()), 0..40)) {
            let ordered = first(all.clone(), |(_, fits)| *fits);
            let of = |list: &[(u32, bool)], fits: bool| -> Vec<u32> {
                list.iter().filter(|one| one.1 == fits).map(|one| one.0).collect()
            };
            prop_assert_eq!(ordered.len(), all.len());
            for fits in [true, false] {
                prop_assert_eq!(of(&ordered, fits), of(&all, fits));
            }
            prop_assert!(ordered.windows(2).all(|two| two[0].1 >= two[1].1));
        }
    }
}
