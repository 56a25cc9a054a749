//! The person behind a request, with their grants. Use cases ask [`Actor::require`] before they touch anything.

use crate::http::Error;
use app::people::{Action, Role};

/// A role on a subtree of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Id of the organisation it was granted on.
    pub organisation_id: String,
    /// That organisation's path; everything whose path begins with it is in scope.
    pub path: String,
}

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Id of the person.
    pub id: String,
    /// Name.
    pub name: String,
    /// Phone number as shown on screen.
    pub phone_masked: String,
    /// Home community, if told.
    pub community_id: Option<String>,
    /// Home building, if told.
    pub building_id: Option<String>,
    /// Roles beyond resident.
    pub grants: Vec<Grant>,
    /// Id of the session.
    pub session_id: String,
    /// Whether this session has shown what its staff roles need: a second factor, or being a demo person in demo mode.
    pub second_factor: bool,
}

impl Actor {
    /// Whether some role of this person may do `action` on an object at `path`, second factor aside.
    pub fn may(&self, action: Action, path: &str) -> bool {
        Role::Resident.may(action)
            || self.grants.iter().any(|grant| grant.role.may(action) && path.starts_with(&grant.path))
    }

    /// Asks for permission: [`Error::Forbidden`] when no role gives it here, [`Error::SecondFactor`] when one would
    /// but this session has not shown its second factor.
    pub fn require(&self, action: Action, path: &str) -> Result<(), Error> {
        self.allow(action, |grant| path.starts_with(&grant.path))
    }

    /// Asks whether a role gives `action` anywhere at all; for lists, which are then cut to [`Actor::scopes`].
    pub fn require_somewhere(&self, action: Action) -> Result<(), Error> {
        self.allow(action, |_| true)
    }

    fn allow(&self, action: Action, in_scope: impl Fn(&Grant) -> bool) -> Result<(), Error> {
        if Role::Resident.may(action) {
            return Ok(());
        }
        let mut needs_factor = false;
        for grant in self.grants.iter().filter(|grant| grant.role.may(action) && in_scope(grant)) {
            if self.second_factor || !grant.role.needs_second_factor() {
                return Ok(());
            }
            needs_factor = true;
        }
        Err(if needs_factor { Error::SecondFactor } else { Error::Forbidden })
    }

    /// Paths of the subtrees in which this person may do `action`.
    pub fn scopes(&self, action: Action) -> Vec<&str> {
        self.grants
            .iter()
            .filter(|grant| grant.role.may(action))
            .filter(|grant| self.second_factor || !grant.role.needs_second_factor())
            .map(|grant| grant.path.as_str())
            .collect()
    }

    /// Whether the person has this role somewhere.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether `/staff` is for this person.
    pub fn works_as_staff(&self) -> bool {
        [Role::CommunityStaff, Role::Supervisor, Role::Admin].into_iter().any(|role| self.has(role))
    }

    /// Whether `/volunteer` is for this person.
    pub fn works_as_handler(&self) -> bool {
        [Role::Volunteer, Role::GridWorker, Role::Unit].into_iter().any(|role| self.has(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff(second_factor: bool) -> Actor {
        Actor {
            id: "p".into(),
            name: "赵敏".into(),
            phone_masked: "199****0001".into(),
            community_id: None,
            building_id: None,
            grants: vec![Grant {
                role: Role::CommunityStaff,
                organisation_id: "c".into(),
                path: "lanxi/hedong/wutong/".into(),
            }],
            session_id: "s".into(),
            second_factor,
        }
    }

    #[test]
    fn a_role_reaches_its_subtree_and_not_its_neighbours() {
        let actor = staff(true);
        assert!(actor.require(Action::NoticeWrite, "lanxi/hedong/wutong/g1/").is_ok());
        assert!(matches!(actor.require(Action::NoticeWrite, "lanxi/hedong/wutong2/"), Err(Error::Forbidden)));
        assert!(matches!(actor.require(Action::NoticeWrite, "lanxi/hedong/"), Err(Error::Forbidden)));
    }

    #[test]
    fn staff_cannot_act_before_the_second_factor() {
        let actor = staff(false);
        let here = "lanxi/hedong/wutong/";
        assert!(matches!(actor.require(Action::NoticeWrite, here), Err(Error::SecondFactor)));
        assert!(actor.require(Action::AppointmentBook, here).is_ok(), "their own things they may");
        assert!(actor.scopes(Action::NoticeWrite).is_empty());
    }
}
