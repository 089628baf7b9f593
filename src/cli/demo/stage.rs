//! What a demo is played on: the simulated Cloudmore and the bridge, both running.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};

use super::folder::Folder;
use super::tenants;
use crate::app::{self, App};
use crate::cloudmore::Wire;
use crate::domain::model::TenantId;
use crate::provision::{Bridge, Clock, Errand, Outcome};
use crate::sandbox::{Options, Sandbox, Seed, Switches};
use crate::store::DirtyRow;

/// Names the work that the demo itself asks for in the audit and in Cloudmore's calls.
const REQUEST: &str = "demo";

/// The simulated Cloudmore and the bridge.
pub(super) struct Stage {
    app: App,
    sandbox: Sandbox,
    token: String,
    /// Last, so that whoever uses it is gone when it goes.
    folder: Folder,
}

impl Stage {
    /// Starts both on the data in `data_dir`, or on nothing in a temporary folder: Cloudmore as the switches say, the
    /// bridge with these names of fields.
    ///
    /// # Errors
    /// The address is taken, or the folder cannot be used.
    pub(super) async fn build(
        listen: SocketAddr,
        token: String,
        data_dir: Option<PathBuf>,
        (switches, wire): (Switches, Wire),
    ) -> anyhow::Result<Self> {
        let folder = Folder::open(data_dir)?;
        let sandbox = Sandbox::start(Options {
            seed: seed(),
            switches,
            state_file: Some(folder.path().join("cloudmore.json")),
            ..Options::default()
        })
        .await
        .context("the simulated Cloudmore cannot start")?;
        let store = folder.path().join("scim-bridge.db");
        let store = store.to_str().context("--data-dir must be UTF-8 text")?;
        let store = format!("sqlite://{store}");
        let config = tenants::config(listen, store, (sandbox.url(), wire), &token);
        let app = App::start(config, Clock::System).await.map_err(|error| {
            if is_taken(&error) {
                error.context("give another address with --listen, such as 127.0.0.1:0")
            } else {
                error
            }
        })?;
        Ok(Self {
            app,
            sandbox,
            token,
            folder,
        })
    }

    /// The SCIM base address of a tenant, as reached from this machine.
    pub(super) fn scim(&self, tenant: &str) -> String {
        format!("{}/scim/{tenant}/v2", app::local("http", self.app.addr()))
    }

    /// The address of the console, as reached from this machine.
    pub(super) fn console(&self) -> String {
        format!("{}/admin/", app::local("http", self.app.addr()))
    }

    /// The bridge.
    pub(super) fn bridge(&self) -> &Bridge {
        self.app.bridge()
    }

    /// The simulated Cloudmore.
    pub(super) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The bearer token of both tenants, which signs in to the console as well.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// The users for whom an earlier run committed changes and did not bring them to Cloudmore.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn left(&self) -> anyhow::Result<Vec<DirtyRow>> {
        let mut left = Vec::new();
        for tenant in [tenants::ORGANIZATION, tenants::BROKER].map(TenantId::new) {
            let store = self.bridge().store();
            // At the end of time all rows are due, those included that the worker has begun with.
            left.extend(store.due(&tenant, i64::MAX, u32::MAX).await?);
        }
        Ok(left)
    }

    /// Waits until what was left for these users is done.
    ///
    /// # Errors
    /// When it cannot be done.
    pub(super) async fn finish(&self, left: &[DirtyRow]) -> anyhow::Result<()> {
        let bridge = self.bridge();
        // The Cloudmore of that run ended with it, so none of its calls is under way still.
        bridge.end_claims().await?;
        for row in left {
            let tenant = bridge.tenant(&row.tenant).context("the tenant is gone")?;
            let outcome = bridge
                .converge(&tenant, &row.user, &Errand::new(REQUEST))
                .await?;
            ensure!(
                matches!(outcome, Outcome::Converged { .. }),
                "expected: what was left gets done\nfound: {outcome:?}"
            );
        }
        Ok(())
    }

    /// Stops both and removes a temporary folder.
    pub(super) async fn stop(self) {
        let Self {
            app,
            sandbox,
            token: _,
            folder,
        } = self;
        app.stop().await;
        sandbox.stop().await;
        drop(folder);
    }
}

/// The usual Cloudmore, but Acme takes people of any domain, so that anybody can be tried by hand.
fn seed() -> Seed {
    let mut seed = Seed::demo();
    let organizations = seed.resellers.iter_mut();
    for organization in organizations.flat_map(|reseller| &mut reseller.organizations) {
        organization.domains.clear();
    }
    seed
}

/// Whether an address is in use by another process.
fn is_taken(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|io| io.kind() == io::ErrorKind::AddrInUse)
}
