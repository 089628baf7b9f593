//! The log: what is written, and in which form.

mod line;

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

pub use line::Lines;

/// The form of the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form {
    /// One JSON object a line, instead of lines for people.
    pub json: bool,
    /// With the e-mail addresses and account names of people, which are left out otherwise.
    pub personal_data: bool,
}

/// Starts the log on standard error. `RUST_LOG` chooses the level; `info` if it is not set.
pub fn start(form: Form) {
    start_at("info", form);
}

/// Starts the log for a command whose output is for people to read: only warnings, unless
/// `RUST_LOG` says otherwise.
pub fn start_quiet() {
    start_at("warn", Form::default());
}

fn start_at(usual: &str, form: Form) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let written = move || Lines {
        to: io::stderr(),
        personal_data: form.personal_data,
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(written);
    // A second start, as in tests, keeps the first.
    let _ = if form.json {
        log.json().try_init()
    } else {
        log.try_init()
    };
}
