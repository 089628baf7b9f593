//! The log: what is written, and in which form.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts the log on standard error. `RUST_LOG` chooses the level; `info` if it is not set.
pub fn start(json: bool) {
    start_at("info", json);
}

/// Starts the log for a command whose output is for people to read: only warnings, unless
/// `RUST_LOG` says otherwise.
pub fn start_quiet() {
    start_at("warn", false);
}

fn start_at(usual: &str, json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A second start, as in tests, keeps the first.
    let _ = if json {
        log.json().try_init()
    } else {
        log.try_init()
    };
}
