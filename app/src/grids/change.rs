//! Changes of the net: a grid is split, grids are merged, buildings move from one grid to another.
//!
//! A change is a list of parts (grids that end, give or take; the ones that take may be made by it) and says which part takes
//! which building. The same rules judge it when it is planned and carry it out when its day has come.

use std::collections::{BTreeMap, BTreeSet};

/// Most grids that one becomes, or that become one.
pub const MOST_PARTS: usize = 6;
/// A change is planned for a day within so many days.
pub const MOST_AHEAD: i32 = 366;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One becomes several.
    Split,
    /// Several become one.
    Merge,
    /// Buildings go from one to another.
    Move,
}

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Kind; 3] = [Kind::Split, Kind::Merge, Kind::Move];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Split => "split",
            Kind::Merge => "merge",
            Kind::Move => "move",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Split => "grids-kind-split",
            Kind::Merge => "grids-kind-merge",
            Kind::Move => "grids-kind-move",
        }
    }
}

/// What a change does to a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is no more.
    Ends,
    /// It loses buildings and stands.
    Gives,
    /// It gets buildings.
    Takes,
}

impl Role {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Role::Ends => "ends",
            Role::Gives => "gives",
            Role::Takes => "takes",
        }
    }

    /// The role with this code.
    pub fn from_code(code: &str) -> Option<Role> {
        [Role::Ends, Role::Gives, Role::Takes].into_iter().find(|role| role.code() == code)
    }
}

/// A grid in a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What the change does to it.
    pub role: Role,
    /// Id of the grid; `None`: the change makes it.
    pub grid: Option<String>,
    /// Name of one that is made.
    pub name: String,
    /// The same in English, may be empty.
    pub name_en: String,
}

impl Part {
    /// A grid that there is.
    pub fn of(role: Role, grid: &str) -> Part {
        Part { role, grid: Some(grid.to_owned()), name: String::new(), name_en: String::new() }
    }

    /// A grid that the change makes.
    pub fn new(name: &str, name_en: &str) -> Part {
        Part { role: Role::Takes, grid: None, name: name.to_owned(), name_en: name_en.to_owned() }
    }
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub kind: Kind,
    /// The grids.
    pub parts: Vec<Part>,
    /// Which part (its place in `parts`) takes which building (its id).
    pub gives: BTreeMap<String, usize>,
}

/// The grids of a community that stand, each with its buildings; all by id.
pub type Net = BTreeMap<String, BTreeSet<String>>;

/// Why a change is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A grid is none of the community's, or has ended.
    Grid,
    /// A building is in none of the grids that give it.
    Building,
    /// Too few or too many parts.
    Parts,
    /// A new grid would have no building.
    Empty,
    /// Nothing would move.
    Nothing,
    /// A grid would be left without buildings: that is a merge.
    Bare,
    /// Two new grids, or a new one and one that stays, would have the same name; or a name is missing.
    Name,
}

impl Fault {
    /// The catalogue key of the words for it.
    pub fn key(self) -> &'static str {
        match self {
            Fault::Grid => "grids-change-error-grid",
            Fault::Building => "grids-change-error-building",
            Fault::Parts => "grids-change-error-parts",
            Fault::Empty => "grids-change-error-empty",
            Fault::Nothing => "grids-change-error-nothing",
            Fault::Bare => "grids-change-error-bare",
            Fault::Name => "grids-change-error-name",
        }
    }
}

impl Change {
    /// Splits a grid. `names`: the new grids (Chinese, English). `to`: which of them (from 1) takes which building; 0 stays. With
    /// `keeps` the old grid goes on with what stays; without it ends, and nothing may stay.
    pub fn split(grid: &str, keeps: bool, names: &[(String, String)], to: &[(String, usize)]) -> Change {
        let mut parts = vec![Part::of(if keeps { Role::Gives } else { Role::Ends }, grid)];
        parts.extend(names.iter().map(|(name, name_en)| Part::new(name, name_en)));
        let gives = to.iter().filter(|(_, nth)| *nth > 0).cloned().collect();
        Change { kind: Kind::Split, parts, gives }
    }

    /// Merges grids into one of them, or into a new one with this name. `net` says which buildings they have.
    pub fn merge(net: &Net, grids: &[String], into: Result<&str, (&str, &str)>) -> Change {
        let mut parts = vec![match into {
            Ok(grid) => Part::of(Role::Takes, grid),
            Err((name, name_en)) => Part::new(name, name_en),
        }];
        let ending: Vec<&String> = grids.iter().filter(|grid| into != Ok(grid.as_str())).collect();
        parts.extend(ending.iter().map(|grid| Part::of(Role::Ends, grid)));
        let buildings = ending.iter().filter_map(|grid| net.get(*grid)).flatten();
        let gives = buildings.map(|building| (building.clone(), 0)).collect();
        Change { kind: Kind::Merge, parts, gives }
    }

    /// Moves buildings from one grid to another.
    pub fn r#move(from: &str, to: &str, buildings: &[String]) -> Change {
        Change {
            kind: Kind::Move,
            parts: vec![Part::of(Role::Gives, from), Part::of(Role::Takes, to)],
            gives: buildings.iter().map(|building| (building.clone(), 1)).collect(),
        }
    }

    /// The grids that it touches, by id.
    pub fn grids(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| part.grid.as_deref())
    }

    fn first_taker(&self) -> Option<usize> {
        self.parts.iter().position(|part| part.role == Role::Takes)
    }

    fn count(&self, role: Role) -> usize {
        self.parts.iter().filter(|part| part.role == role).count()
    }

    /// Judges it against the net as it is. `names`: those of grids that stand and go on.
    pub fn judge(&self, net: &Net, names: &[&str]) -> Result<(), Fault> {
        let mut seen = BTreeSet::new();
        if self.grids().any(|grid| !net.contains_key(grid) || !seen.insert(grid)) {
            return Err(Fault::Grid);
        }
        let (ends, gives, takes) = (self.count(Role::Ends), self.count(Role::Gives), self.count(Role::Takes));
        let fits = match self.kind {
            // With the old one at least two in the end.
            Kind::Split => ends + gives == 1 && takes + gives >= 2,
            Kind::Merge => gives == 0 && takes == 1 && self.grids().count() >= 2,
            Kind::Move => ends == 0 && gives == 1 && takes == 1,
        };
        if !fits || self.parts.len() > MOST_PARTS + 1 {
            return Err(Fault::Parts);
        }
        let mut new = BTreeSet::new();
        for part in self.parts.iter().filter(|part| part.grid.is_none()) {
            if part.name.is_empty() || names.contains(&part.name.as_str()) || !new.insert(&part.name) {
                return Err(Fault::Name);
            }
        }
        let losing = |part: &&Part| part.role != Role::Takes;
        let given: BTreeSet<&String> =
            self.parts.iter().filter(losing).filter_map(|part| net.get(part.grid.as_ref()?)).flatten().collect();
        let takes = |nth: &usize| self.parts.get(*nth).is_some_and(|part| part.role == Role::Takes);
        if !self.gives.iter().all(|(building, nth)| given.contains(building) && takes(nth)) {
            return Err(Fault::Building);
        }
        // All of a grid that ends must be given away by whoever plans it; what is added until its day goes with the first.
        if self.kind != Kind::Merge && self.gives.is_empty() {
            return Err(Fault::Nothing);
        }
        let missing = |nth: usize| !self.gives.values().any(|to| *to == nth);
        if self.kind == Kind::Split && (0..self.parts.len()).any(|nth| takes(&nth) && missing(nth)) {
            return Err(Fault::Empty);
        }
        for part in self.parts.iter().filter(losing) {
            let Some(buildings) = part.grid.as_ref().and_then(|grid| net.get(grid)) else { continue };
            let all = buildings.iter().all(|building| self.gives.contains_key(building));
            match part.role {
                Role::Gives if all => return Err(Fault::Bare),
                Role::Ends if !all => return Err(Fault::Building),
                _ => {}
            }
        }
        Ok(())
    }

    /// What moves when it comes into force: building, the part that it leaves, the part that takes it. Buildings that were added to
    /// a grid that ends after the change was planned go to the first part that takes; those that are no longer there stay
    /// where they are.
    pub fn moves(&self, net: &Net) -> Vec<(String, usize, usize)> {
        let Some(first) = self.first_taker() else { return Vec::new() };
        let mut moves = Vec::new();
        for (nth, part) in self.parts.iter().enumerate().filter(|(_, part)| part.role != Role::Takes) {
            let Some(buildings) = part.grid.as_ref().and_then(|grid| net.get(grid)) else { continue };
            for building in buildings {
                match (self.gives.get(building), part.role) {
                    (Some(to), _) => moves.push((building.clone(), nth, *to)),
                    (None, Role::Ends) => moves.push((building.clone(), nth, first)),
                    (None, _) => {}
                }
            }
        }
        moves
    }

    /// The net afterwards. `made`: ids of the grids that the change makes, in the order of its parts.
    pub fn carried_out(&self, net: &Net, mut made: impl FnMut(&Part) -> String) -> Net {
        let mut after = net.clone();
        let ids: Vec<String> = self.parts.iter().map(|part| part.grid.clone().unwrap_or_else(|| made(part))).collect();
        for id in &ids {
            after.entry(id.clone()).or_default();
        }
        for (building, from, to) in self.moves(net) {
            if let Some(left) = after.get_mut(&ids[from]) {
                left.remove(&building);
            }
            if let Some(taken) = after.get_mut(&ids[to]) {
                taken.insert(building);
            }
        }
        for (part, id) in self.parts.iter().zip(&ids).filter(|(part, _)| part.role == Role::Ends) {
            debug_assert!(part.grid.is_some());
            after.remove(id);
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn net() -> Net {
        let grid = |from: usize, to: usize| (from..to).map(|n| format!("b{n}")).collect();
        BTreeMap::from([("g1".into(), grid(1, 4)), ("g2".into(), grid(4, 6)), ("g3".into(), grid(6, 9))])
    }

    fn names(count: usize) -> Vec<(String, String)> {
        (0..count).map(|n| (format!("新{n}"), String::new())).collect()
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let net = net();
        let to = |pairs: &[(&str, usize)]| pairs.iter().map(|(b, n)| ((*b).to_owned(), *n)).collect::<Vec<_>>();
        let all = [String::from("g1"), String::from("g2")];
        for (change, fault) in [
            (Change::split("g1", true, &names(1), &to(&[("b1", 1)])), None),
            (Change::split("g1", false, &names(2), &to(&[("b1", 1), ("b2", 2), ("b3", 2)])), None),
            (Change::split("g1", false, &names(2), &to(&[("b1", 1), ("b2", 2)])), Some(Fault::Building)),
            (Change::split("g1", true, &names(1), &to(&[("b4", 1)])), Some(Fault::Building)),
            (Change::split("g1", true, &names(1), &to(&[("b1", 2)])), Some(Fault::Building)),
            (Change::split("g1", true, &names(2), &to(&[("b1", 1)])), Some(Fault::Empty)),
            (Change::split("g1", true, &names(1), &[]), Some(Fault::Nothing)),
            (Change::split("g1", false, &names(1), &to(&[("b1", 1), ("b2", 1), ("b3", 1)])), Some(Fault::Parts)),
            (Change::split("g1", true, &names(1), &to(&[("b1", 1), ("b2", 1), ("b3", 1)])), Some(Fault::Bare)),
            (Change::split("g9", true, &names(1), &to(&[("b1", 1)])), Some(Fault::Grid)),
            (Change::merge(&net, &all, Ok("g1")), None),
            (Change::merge(&net, &all, Err(("大网格", ""))), None),
            (Change::merge(&net, &all, Err(("第三网格", ""))), Some(Fault::Name)),
            (Change::merge(&net, &all, Err(("", ""))), Some(Fault::Name)),
            (Change::merge(&net, &all[..1], Ok("g1")), Some(Fault::Parts)),
            (Change::r#move("g1", "g2", &["b1".into()]), None),
            (Change::r#move("g1", "g2", &["b4".into()]), Some(Fault::Building)),
            (Change::r#move("g1", "g1", &["b1".into()]), Some(Fault::Grid)),
            (Change::r#move("g2", "g1", &["b4".into(), "b5".into()]), Some(Fault::Bare)),
            (Change::r#move("g1", "g2", &[]), Some(Fault::Nothing)),
        ] {
            assert_eq!(change.judge(&net, &["第三网格"]).err(), fault, "{change:?}");
        }
    }

    #[test]
    fn buildings_that_come_after_the_planning_go_along() {
        let mut net = net();
        let grids = ["g1".to_owned(), "g2".to_owned()];
        let change = Change::merge(&net, &grids, Ok("g2"));
        net.get_mut("g1").expect("there").insert("b99".into());
        net.get_mut("g1").expect("there").remove("b1");
        let after = change.carried_out(&net, |_| "new".into());
        assert!(after["g2"].contains("b99") && !after["g2"].contains("b1") && !after.contains_key("g1"));
    }

    proptest! {
        #[test]
        fn any_sequence_keeps_every_building_in_exactly_one_grid(rolls in prop::collection::vec((0..3_u8, any::<[u16; 4]>()), 1..30)) {
            let mut net = net();
            let all: BTreeSet<String> = net.values().flatten().cloned().collect();
            let mut made = 0;
            for (kind, [a, b, c, d]) in rolls {
                let grids: Vec<String> = net.keys().cloned().collect();
                let grid = grids[usize::from(a) % grids.len()].clone();
                let other = grids[usize::from(b) % grids.len()].clone();
                let buildings: Vec<String> = net[&grid].iter().cloned().collect();
                let change = match kind {
                    0 => {
                        let to: Vec<(String, usize)> =
                            buildings.iter().enumerate().map(|(n, id)| (id.clone(), usize::from(c >> (n % 8)) % 3)).collect();
                        Change::split(&grid, d % 2 == 0, &names(1 + usize::from(d) % 2), &to)
                    }
                    1 if d % 2 == 0 => Change::merge(&net, &[grid.clone(), other.clone()], Ok(&other)),
                    1 => Change::merge(&net, &[grid.clone(), other.clone()], Err(("新", ""))),
                    _ => {
                        let some: Vec<String> = buildings.iter().take(1 + usize::from(c) % 3).cloned().collect();
                        Change::r#move(&grid, &other, &some)
                    }
                };
                if change.judge(&net, &[]).is_err() {
                    continue;
                }
                net = change.carried_out(&net, |_| { made += 1; format!("n{made}") });
                let count: usize = net.values().map(BTreeSet::len).sum();
                let now: BTreeSet<String> = net.values().flatten().cloned().collect();
                prop_assert_eq!(count, all.len());
                prop_assert_eq!(&now, &all);
                prop_assert!(net.values().all(|buildings| !buildings.is_empty()), "no grid is left bare");
            }
        }
    }
}
