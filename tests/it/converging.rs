//! Convergence: whatever happens on the way, Cloudmore ends as the directory says. The real bridge against the simulated
//! Cloudmore over HTTP, time by hand, the worker as a function.

mod binding;
mod calls;
pub(crate) mod cloudmore;
mod concurrency;
mod crashes;
mod foreign;
mod histories;
mod invariants;
mod lost_answers;
mod names;
mod outages;
mod refusals;
mod refused_assignments;
mod refused_revocations;
mod story;
mod strangers;
mod unsaid;
