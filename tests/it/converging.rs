//! Convergence: whatever happens on the way, Cloudmore ends as the directory says. The real bridge against the simulated
//! Cloudmore over HTTP, time by hand, the worker as a function.

mod calls;
mod cloudmore;
mod crashes;
mod lost_answers;
mod outages;
mod refusals;
mod story;
