//! The worker: takes up what settling left, retries what failed, for as long as the bridge runs.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::tenant::Tenant;
use super::{Bridge, Errand, Outcome, clock};
use crate::cloudmore::Standing;
use crate::domain::model::{TenantId, UserId};
use crate::domain::schedule::REFUSED_SEAT_RETRY;
use crate::store::StoreError;

/// The longest that the worker rests, so that it sees rows that other means made due.
const REST: Duration = Duration::from_secs(1);

/// How a tenant's work ended.
#[derive(Default)]
struct Worked {
    users: usize,
    /// Nothing else of the tenant would have worked either.
    outage: bool,
}

impl Bridge {
    /// Works until `stop`; what is under way then is ended. Each tenant's work is a task of its own, so that neither one
    /// whose Cloudmore hangs nor one with much to do holds up another, or what is scheduled.
    pub async fn work(self: Arc<Self>, stop: CancellationToken) {
        let mut at_work: HashMap<TenantId, JoinHandle<()>> = HashMap::new();
        while !stop.is_cancelled() {
            if let Err(error) = self.chores().await {
                error!(error = %error, "The worker could not use the store");
            }
            at_work.retain(|_, task| !task.is_finished());
            for (id, tenant) in self.tenants().iter() {
                if !at_work.contains_key(id) {
                    let work = Arc::clone(&self).tend(Arc::clone(tenant), stop.clone());
                    at_work.insert(id.clone(), tokio::spawn(work));
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.work.notified() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
        futures_util::future::join_all(at_work.into_values()).await;
    }

    /// Goes through what is due of a tenant; rests if its Cloudmore is out.
    async fn tend(self: Arc<Self>, tenant: Arc<Tenant>, stop: CancellationToken) {
        let rests = match self.work_for(&tenant).await {
            Ok(worked) => worked.outage,
            Err(error) => {
                error!(tenant.id = %tenant.id, error = %error, "The worker could not use the store");
                true
            }
        };
        if rests {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// Keeps an eye on Cloudmore until `stop`: who is there, and what roles are called. Apart from the worker, whom a
    /// Cloudmore that hangs must not hold up.
    pub async fn watch(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = async {
                    self.survey_new().await;
                    self.watch_roles().await;
                    tokio::time::sleep(REST).await;
                } => {}
            }
        }
    }

    /// Converges everything that is due now. Returns how many users it worked on.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        self.chores().await?;
        let tenants = self.tenants();
        let work = tenants.values().map(|tenant| self.work_for(tenant));
        let mut users = Ok(0);
        for one in futures_util::future::join_all(work).await {
            users = users.and_then(|all| Ok(all + one?.users));
        }
        users
    }

    /// What is scheduled.
    async fn chores(&self) -> Result<(), StoreError> {
        self.retry_refused_seats().await?;
        self.end_grace().await
    }

    /// Goes through what is due of one tenant until nothing is left, or nothing more may be begun, or its Cloudmore is
    /// out. It looks again before each few rows, so that whoever is to lose access meanwhile comes next.
    async fn work_for(&self, tenant: &Arc<Tenant>) -> Result<Worked, StoreError> {
        let mut worked = Worked::default();
        let round = &Errand::new(String::new());
        let mut next = VecDeque::new();
        let mut at_hand = HashSet::new();
        let mut running = FuturesUnordered::new();
        let mut ended = VecDeque::new();
        let mut failure = None;
        let mut enough = false;
        if self.halts(tenant).await? {
            // So that it can be said who keeps access meanwhile.
            while !self.is_halted() && self.look_who_loses(tenant).await? {}
            return Ok(worked);
        }
        loop {
            // One row is enough to find out whether Cloudmore is back, and while it is out none is touched.
            let most = match tenant.target.standing() {
                Standing::Closed => tenant.concurrency,
                Standing::HalfOpen => 1,
                Standing::Open(_) => 0,
            };
            while !enough && running.len() < most {
                if next.is_empty() {
                    // What is under way goes on meanwhile: it may have what the look waits for, such as a connection to
                    // the store.
                    let mut look = std::pin::pin!(self.look_for_work(tenant, &at_hand));
                    let looked = loop {
                        tokio::select! {
                            looked = &mut look => break looked,
                            Some(one) = running.next() => ended.push_back(one),
                        }
                    };
                    match looked {
                        Ok(users) => next = users,
                        // What is under way is ended all the same.
                        Err(error) => failure = Some(error),
                    }
                }
                let Some(user) = next.pop_front() else { break };
                at_hand.insert(user.clone());
                running.push(async move {
                    let errand = round.named(uuid::Uuid::now_v7());
                    let outcome = self.converge(tenant, &user, &errand).await;
                    (user, outcome)
                });
            }
            let one = match ended.pop_front() {
                Some(one) => Some(one),
                None => running.next().await,
            };
            let Some((user, outcome)) = one else {
                return failure.map_or(Ok(worked), Err);
            };
            match outcome {
                Ok(Outcome::Halted) => enough = true,
                Ok(outcome) => {
                    worked.users += 1;
                    worked.outage |= matches!(outcome, Outcome::Deferred { outage: true, .. });
                    enough |= worked.outage;
                    at_hand.remove(&user);
                }
                // A row that the store cannot give stays at hand, so that the others have their turn.
                Err(error) => failure = Some(error),
            }
        }
    }

    /// A few users of a tenant who are due and not at hand: those who are to lose something, and then the longest waiting.
    async fn look_for_work(
        &self,
        tenant: &Tenant,
        at_hand: &HashSet<UserId>,
    ) -> Result<VecDeque<UserId>, StoreError> {
        let few = u32::try_from(tenant.concurrency + at_hand.len()).unwrap_or(u32::MAX);
        loop {
            let due = self.store.due(&tenant.id, self.clock.now(), few).await?;
            let urgent = due.first().is_some_and(|row| row.urgent);
            if !urgent && self.look_who_loses(tenant).await? {
                continue;
            }
            let users = due.into_iter().map(|row| row.user);
            return Ok(users.filter(|user| !at_hand.contains(user)).collect());
        }
    }

    /// Makes users due that a settle did not get to.
    pub(super) async fn leave_to_worker(&self, tenant: &Tenant, users: Vec<UserId>) {
        let (tenant, now) = (tenant.id.clone(), self.clock.now());
        let made_due: Result<(), StoreError> = self
            .store
            .write(move |tx| Box::pin(async move { tx.make_due(&tenant, &users, now).await }))
            .await;
        if let Err(error) = made_due {
            // They become due by themselves a little later.
            error!(error = %error, "Users could not be handed to the worker");
        }
        self.work.notify_one();
    }

    /// Takes up the locked accounts whose grace period is over.
    async fn end_grace(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        for tenant in self.tenants().values() {
            let Some(grace) = tenant.policy.deprovision.grace else {
                continue;
            };
            let before = now.saturating_sub(clock::micros(grace));
            if !self.store.has_overdue(&tenant.id, before).await? {
                continue;
            }
            let id = tenant.id.clone();
            let write = self
                .store
                .write(move |tx| Box::pin(async move { tx.mark_overdue(&id, before, now).await }));
            let marked: Result<(), StoreError> = write.await;
            marked?;
        }
        Ok(())
    }

    /// Tries refused assignments again after a while: somebody may have bought seats.
    async fn retry_refused_seats(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let before = now.saturating_sub(clock::micros(REFUSED_SEAT_RETRY));
        if !self.store.has_refused_seats(before).await? {
            return Ok(());
        }
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    tx.retry_refused_seats(before, now).await?;
                    Ok(())
                })
            })
            .await
    }
}
