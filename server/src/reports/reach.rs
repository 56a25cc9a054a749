//! Where the desk of somebody looks, as the database can look it up without reading what lies elsewhere.

use crate::db::Db;

/// Up to so many communities are asked one by one, each by its own part of an index, which gives the first rows of
/// each without reading the others. Beyond that, whoever works in so many places sees a good part of all there is, and
/// one index over everything finds the first rows soon.
const FEW: usize = 4;

/// The places that somebody's scopes reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Ids of communities, each with the paths inside it that count; without paths all of it.
    Few(Vec<(String, Vec<String>)>),
    /// Paths, over many communities.
    Wide(Vec<String>),
}

impl Reach {
    /// What these scopes reach; with the code of a grid only the community around it.
    pub async fn of(db: &Db, scopes: &[&str], grid: &str) -> Result<Reach, sqlx::Error> {
        if scopes.is_empty() {
            return Ok(Reach::Few(Vec::new()));
        }
        let each: Vec<String> = (1..=scopes.len())
            .map(|n| format!("substr(s.path, 1, length(${n})) = ${n} OR substr(${n}, 1, length(s.path)) = s.path"))
            .collect();
        let around = if grid.is_empty() {
            String::new()
        } else {
            format!(
                " AND EXISTS (SELECT 1 FROM organisation g WHERE g.code = ${} \
                 AND substr(g.path, 1, length(s.path)) = s.path)",
                scopes.len() + 1
            )
        };
        let sql = format!(
            "SELECT s.id, s.path FROM organisation s WHERE s.kind = 'community' AND ({}){around} ORDER BY s.path",
            each.join(" OR ")
        );
        let mut query = sqlx::query_as::<_, (String, String)>(sqlx::AssertSqlSafe(sql));
        for scope in scopes {
            query = query.bind(*scope);
        }
        if !grid.is_empty() {
            query = query.bind(grid);
        }
        Ok(Reach::over(query.fetch_all(db.read()).await?, scopes))
    }

    fn over(communities: Vec<(String, String)>, scopes: &[&str]) -> Reach {
        if communities.len() > FEW {
            return Reach::Wide(scopes.iter().map(|scope| (*scope).to_owned()).collect());
        }
        let inside = |path: String| {
            if scopes.iter().any(|scope| path.starts_with(scope)) {
                return Vec::new();
            }
            scopes.iter().filter(|scope| scope.starts_with(&path)).map(|scope| (*scope).to_owned()).collect()
        };
        Reach::Few(communities.into_iter().map(|(id, path)| (id, inside(path))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;

    #[test]
    fn whole_communities_need_no_paths_and_many_are_not_asked_one_by_one() {
        let community = |n: usize| (format!("id{n}"), format!("d/s/c{n}/"));
        let two = || vec![community(1), community(2)];
        assert_eq!(
            Reach::over(two(), &["d/s/c1/", "d/s/c2/g1/", "d/s/c2/g2/", "d/s/c1/g9/"]),
            Reach::Few(vec![("id1".into(), vec![]), ("id2".into(), vec!["d/s/c2/g1/".into(), "d/s/c2/g2/".into()])])
        );
        assert_eq!(Reach::over(two(), &["d/"]), Reach::Few(vec![("id1".into(), vec![]), ("id2".into(), vec![])]));
        assert_eq!(Reach::over((0..9).map(community).collect(), &["d/"]), Reach::Wide(vec!["d/".into()]));
    }
}
