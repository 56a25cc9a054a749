//! Which errors say that something outside of the server does not answer, or has no room left. Trying again may help then,
//! and nothing of ours is wrong.

use std::{error::Error, io};

/// Whether this error, or one that it came from, says so.
pub fn says_away(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<sqlx::Error>() {
            return database(error);
        }
        if let Some(error) = error.downcast_ref::<object_store::Error>() {
            return store(error);
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return system(error);
        }
        next = error.source();
    }
    false
}

fn database(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code_says_away(&code)),
        // No connection came about. One that was cut when it had just asked for TLS is told as an answer that makes no sense.
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Protocol(text) => text.starts_with("unexpected response from SSLRequest"),
        _ => false,
    }
}

/// PostgreSQL's codes have five characters: connections (08), resources such as the disk or the number of connections (53),
/// stopping, starting or a query that took too long (57), the system below (58), a victim of other transactions, and a
/// standby that is asked to write. SQLite's are numbers: busy, locked, no memory, input and output, full, cannot open.
fn code_says_away(code: &str) -> bool {
    if code.len() == 5 {
        return matches!(&code[..2], "08" | "53" | "57" | "58") || matches!(code, "40001" | "40P01" | "25006");
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 10 | 13 | 14))
}

fn store(error: &object_store::Error) -> bool {
    use object_store::Error as Store;
    matches!(
        error,
        Store::Generic { .. }
            | Store::JoinError { .. }
            | Store::PermissionDenied { .. }
            | Store::Unauthenticated { .. }
    )
}

fn system(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::StorageFull
            | Kind::QuotaExceeded
            | Kind::FileTooLarge
            | Kind::ReadOnlyFilesystem
            | Kind::TimedOut
            | Kind::ConnectionRefused
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::UnexpectedEof
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn what_is_away_is_told_from_what_is_wrong() {
        for code in
            ["5", "261", "517", "13", "778", "57P01", "57P03", "08006", "53100", "53300", "40001", "25006", "58030"]
        {
            assert!(code_says_away(code), "{code}");
        }
        for code in ["1", "8", "19", "2067", "787", "23505", "42601", "22021", "25P02", "40002", ""] {
            assert!(!code_says_away(code), "{code}");
        }
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let wrapped = anyhow::Error::new(full()).context("storing a photo");
        assert!(says_away(wrapped.as_ref()));
        let generic = object_store::Error::Generic { store: "S3", source: "500".into() };
        let wrapped = Err::<(), _>(generic).context("reading a photo").expect_err("an error");
        assert!(says_away(wrapped.as_ref()));
        assert!(says_away(anyhow::Error::new(sqlx::Error::PoolTimedOut).as_ref()));
        let cut = sqlx::Error::Protocol(
            "unexpected response from SSLRequest: 0x00 (sqlx_postgres::connection::tls:95)".into(),
        );
        assert!(says_away(anyhow::Error::new(cut).as_ref()));
        assert!(!says_away(anyhow::Error::new(sqlx::Error::Protocol("expected a row".into())).as_ref()));
        assert!(!says_away(anyhow::anyhow!("sealing failed").as_ref()));
        assert!(!says_away(anyhow::Error::new(sqlx::Error::RowNotFound).as_ref()));
    }
}
