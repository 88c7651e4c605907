//! The functions beside `PostgreSQL` and `PostGIS`, on which the portals run.
//!
//! Several hundred calls, made up from a seed, are computed by both. A call that the two answer
//! differently fails the test, unless `differences` explains it; an explanation that no call needs
//! fails it as well. Without a server program the test prints that it is skipped; with
//! `TULE_ORACLE=required` it fails instead.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod calls;
mod compare;
mod differences;
mod generate;
mod server;

use std::collections::BTreeSet;

use calls::Call;
use differences::DIFFERENCES;
use server::Server;

#[test]
fn functions_answer_as_postgresql_does() {
    let Some(server) = Server::start() else {
        assert_ne!(
            std::env::var("TULE_ORACLE").as_deref(),
            Ok("required"),
            "no PostgreSQL server could be started"
        );
        eprintln!("skipped: no PostgreSQL server could be started");
        return;
    };
    let calls: Vec<Call> =
        calls::all().into_iter().filter(|call| server.postgis || !call.spatial()).collect();
    let answers = server.answers(calls.iter().map(|call| call.sql.as_str()));
    assert_eq!(answers.len(), calls.len());

    let mut unexplained = Vec::new();
    let mut explained: BTreeSet<usize> = BTreeSet::new();
    for (call, theirs) in calls.iter().zip(&answers) {
        if compare::agree(call, theirs) {
            continue;
        }
        let explanation = DIFFERENCES.iter().position(|difference| (difference.applies)(call));
        if let Some(index) = explanation {
            explained.insert(index);
            continue;
        }
        let ours = match &call.ours {
            Ok(value) => value.text().into_owned(),
            Err(fault) => fault.to_string(),
        };
        let sql = &call.sql;
        unexplained.push(format!("{sql}\n    PostgreSQL {theirs}\n    ours       {ours}"));
    }
    eprintln!("{} calls, {} kinds of difference explained", calls.len(), explained.len());
    assert!(calls.len() > 500, "only {} calls", calls.len());
    assert!(
        unexplained.is_empty(),
        "{} of {} calls differ:\n{}",
        unexplained.len(),
        calls.len(),
        unexplained.join("\n")
    );
    for (index, difference) in DIFFERENCES.iter().enumerate() {
        let needed = explained.contains(&index) || difference.spatial && !server.postgis;
        assert!(needed, "no call differs because {}", difference.reason);
    }
}
