//! The table, tried exhaustively against text written by hand from the rules.

use super::*;
use std::fmt::Write;

/// Every state × step × role × relation, written as text. Made by hand from the rules, not from the table.
/// `=`: the state stays.
const EXPECTED: &str = "\
submitted accept -> accepted: community_staff
submitted ask -> asked: community_staff
submitted merge -> merged: community_staff
submitted sort = community_staff
submitted reject -> rejected: community_staff
submitted add = reporter
submitted withdraw -> withdrawn: reporter
asked reject -> rejected: community_staff
asked answer -> submitted: reporter
asked withdraw -> withdrawn: reporter
accepted dispatch -> dispatched: community_staff
accepted supervise_answer = community_staff
accepted merge -> merged: community_staff
accepted sort = community_staff
accepted dispute -> disputed: community_staff
accepted reject -> rejected: community_staff
accepted supervise = supervisor
accepted add = reporter
disputed uphold -> accepted: supervisor
disputed send_back -> dispatched: supervisor
disputed add = reporter
dispatched take -> in_progress: owner(volunteer,grid_worker,unit)
dispatched extend_grant = community_staff
dispatched extend_refuse = community_staff
dispatched extend_grant_above = supervisor
dispatched extend_refuse_above = supervisor
dispatched supervise_answer = community_staff
dispatched extend_ask = owner(volunteer,grid_worker,unit)
dispatched sort = community_staff
dispatched return -> accepted: owner(volunteer,grid_worker,unit)
dispatched supervise = supervisor
dispatched add = reporter
in_progress finish -> handled: owner(volunteer,grid_worker,unit)
in_progress note = owner(volunteer,grid_worker,unit)
in_progress extend_grant = community_staff
in_progress extend_refuse = community_staff
in_progress extend_grant_above = supervisor
in_progress extend_refuse_above = supervisor
in_progress supervise_answer = community_staff
in_progress extend_ask = owner(volunteer,grid_worker,unit)
in_progress suspend -> suspended: community_staff
in_progress sort = community_staff
in_progress return -> accepted: owner(volunteer,grid_worker,unit)
in_progress supervise = supervisor
in_progress add = reporter
suspended resume -> in_progress: community_staff
suspended supervise_answer = community_staff
suspended supervise = supervisor
suspended add = reporter
handled verify_pass -> verified: not-handler(grid_worker,community_staff)
handled verify_fail -> in_progress: not-handler(grid_worker,community_staff)
handled supervise_answer = community_staff
verified verify_fail -> in_progress: not-handler(grid_worker,community_staff)
verified close -> closed: community_staff
verified supervise_answer = community_staff
closed rate_answer = community_staff
closed confirm = reporter
closed reopen -> accepted: reporter
closed rate = reporter
";

fn relations() -> impl Iterator<Item = Relation> {
    (0..8).map(|bits| Relation { reporter: bits & 1 > 0, owner: bits & 2 > 0, handled: bits & 4 > 0 })
}

/// Who may take a step, in words; every relation is tried.
fn who(step: Step) -> String {
    let roles = |relation: Relation| -> String {
        let may: Vec<&str> = Role::ALL.iter().filter(|r| may(**r, relation, step)).map(|r| r.code()).collect();
        may.join(",")
    };
    let table: Vec<(Relation, String)> = relations().map(|relation| (relation, roles(relation))).collect();
    let all = Role::ALL.map(Role::code).join(",");
    let every = |expected: &dyn Fn(Relation) -> String| table.iter().all(|(r, roles)| *roles == expected(*r));
    let if_so = |so: bool, roles: &str| if so { roles.to_owned() } else { String::new() };
    let most = table.iter().map(|(_, roles)| roles.clone()).max_by_key(String::len).unwrap_or_default();
    if every(&|r| if_so(r.reporter, &all)) {
        "reporter".to_owned()
    } else if every(&|r| if_so(r.owner, &most)) {
        format!("owner({most})")
    } else if every(&|r| if_so(!r.handled, &most)) {
        format!("not-handler({most})")
    } else if every(&|_| most.clone()) {
        most
    } else {
        format!("something else: {table:?}")
    }
}

#[test]
fn every_state_step_role_and_relation_is_as_the_rules_say() {
    let mut seen = String::new();
    for state in State::ALL {
        for step in Step::ALL {
            let Some(to) = next(state, step) else { continue };
            let way = if to == state { " = ".to_owned() } else { format!(" -> {}: ", to.code()) };
            let _ = writeln!(seen, "{} {}{way}{}", state.code(), step.code(), who(step));
        }
    }
    assert_eq!(seen, EXPECTED);
    assert_eq!(seen.lines().count(), TABLE.len(), "no pair twice");
}

#[test]
fn pages_offer_exactly_what_is_possible() {
    for state in State::ALL {
        for role in Role::ALL {
            for relation in relations() {
                let offered = offered(state, Past::default(), role, relation);
                for step in Step::ALL {
                    let possible = next(state, step).is_some()
                        && may(role, relation, step)
                        && obstacle(step, Past::default()).is_none();
                    assert_eq!(offered.contains(&step), possible, "{state:?} {step:?} {role:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_over_stays_over_but_for_the_reporter_and_an_answer_to_them_and_ends_need_words() {
    for (from, step, to) in TABLE {
        if from.is_over() {
            let answer = *step == Step::RateAnswer && from == to;
            assert!(*from == State::Closed && (answer || step.action().is_none()), "{step:?}");
        }
        if from != to && matches!(to, State::Closed | State::Rejected) {
            assert!(step.needs_reason(), "{step:?}");
        }
    }
}

#[test]
fn an_owner_comes_with_dispatch_and_goes_with_return_and_reopening_only() {
    for (from, step, to) in TABLE {
        match (from.has_owner(), to.has_owner()) {
            (false, true) => assert!(matches!(step, Step::Dispatch | Step::SendBack), "{step:?}"),
            (true, false) => assert!(matches!(step, Step::Return | Step::Reopen), "{step:?}"),
            _ => {}
        }
    }
}

#[test]
fn nothing_is_closed_that_was_not_verified() {
    let ends = TABLE.iter().filter(|(from, _, to)| *to == State::Closed && from != to);
    assert!(ends.into_iter().all(|(from, _, _)| *from == State::Verified));
}

#[test]
fn every_state_can_be_reached_and_left_unless_it_is_an_end() {
    for state in State::ALL {
        let reached = state == State::Submitted || TABLE.iter().any(|(from, _, to)| *to == state && *from != state);
        assert!(reached, "{state:?}");
        let left = TABLE.iter().any(|(from, _, to)| *from == state && *to != state);
        assert!(left || state.is_over(), "{state:?}");
    }
}

#[test]
fn the_past_stands_in_the_way_with_a_reason() {
    let fresh = Past::default();
    let one = Past { extensions: 1, waiting_level: Some(1), ..fresh };
    let cases = [
        (Step::Dispute, fresh, false),
        (Step::Dispute, Past { returned: true, ..fresh }, true),
        (Step::ExtendAsk, fresh, true),
        (Step::ExtendAsk, one, false),
        (Step::ExtendAsk, Past { extensions: 1, ..fresh }, true),
        (Step::ExtendAsk, Past { extensions: 2, ..fresh }, false),
        (Step::ExtendAsk, Past { overdue: true, ..fresh }, false),
        (Step::ExtendAsk, Past { unlimited: true, ..fresh }, false),
        (Step::ExtendGrant, one, true),
        (Step::ExtendGrantAbove, one, false),
        (Step::ExtendGrantAbove, Past { waiting_level: Some(2), ..fresh }, true),
        (Step::ExtendRefuse, fresh, false),
        (Step::SuperviseAnswer, fresh, false),
        (Step::SuperviseAnswer, Past { supervised: true, ..fresh }, true),
        (Step::Reopen, fresh, true),
        (Step::Reopen, Past { long_over: true, ..fresh }, false),
        (Step::Rate, Past { rated: true, ..fresh }, false),
        (Step::RateAnswer, fresh, false),
        (Step::RateAnswer, Past { rated: true, ..fresh }, true),
        (Step::RateAnswer, Past { rated: true, answered: true, ..fresh }, false),
        (Step::Confirm, Past { confirmed: true, ..fresh }, false),
    ];
    for (step, past, possible) in cases {
        assert_eq!(obstacle(step, past).is_none(), possible, "{step:?} {past:?}");
    }
}

#[test]
fn codes_read_back() {
    assert!(State::ALL.into_iter().all(|state| State::from_code(state.code()) == Some(state)));
    assert!(Step::ALL.into_iter().all(|step| Step::from_code(step.code()) == Some(step)));
}
