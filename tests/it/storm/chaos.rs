//! What happens to the bridges while clients push: kills at random moments, a long stop, and hands in Cloudmore.

use std::time::Duration;

use scim_bridge::sandbox::Sandbox;
use tokio::sync::broadcast::Receiver;

use super::bridges::{Bridges, signal};
use super::chance::Chance;
use super::cloudmore::ByHand;
use super::progress::Progress;

/// Longer than a claim on a user lasts.
const STOP: Duration = Duration::from_secs(65);

/// How a storm is disturbed.
#[derive(Clone, Copy, Debug)]
pub struct Disturbance {
    pub operations: usize,
    pub kills: usize,
    /// Whether the first of several bridges is stopped for longer than a claim lasts, and goes on then.
    pub stop: bool,
}

impl Disturbance {
    /// Kills one bridge after another, each when so many operations are certain and then some calls to Cloudmore later.
    pub async fn kills(
        self,
        bridges: &mut Bridges,
        sandbox: &Sandbox,
        progress: &Progress,
        by_hand: &mut ByHand,
        mut chance: Chance,
    ) {
        let every = self.operations / (self.kills + 1);
        for kill in 1..=self.kills {
            progress.until(kill * every - chance.below(every / 2)).await;
            let mut calls = sandbox.follow();
            for _ in 0..chance.below(8) {
                next(&mut calls).await;
            }
            let spared = usize::from(self.stop);
            let number = spared + chance.below(bridges.count() - spared);
            bridges.kill(number).await;
            by_hand.make(sandbox);
        }
    }

    /// Stops a bridge when a fifth of the operations is certain, and lets it go on after its claims have ended.
    pub async fn stop(self, process: u32, progress: &Progress) {
        if !self.stop {
            return;
        }
        progress.until(self.operations / 5).await;
        signal(process, "-STOP");
        let never = std::future::pending::<()>();
        let _ = tokio::time::timeout(STOP, never).await;
        signal(process, "-CONT");
    }
}

/// Waits for a call to Cloudmore to end, but not for long: there may be none.
async fn next(calls: &mut Receiver<scim_bridge::sandbox::Call>) {
    let _ = tokio::time::timeout(Duration::from_millis(500), calls.recv()).await;
}
