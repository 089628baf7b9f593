//! Putting the bridge together from its configuration, running it, reloading it, stopping it.

mod administrators;
mod doors;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::HeaderName;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use administrators::{admin_tokens, oidc, patience};

use crate::auth::{Admin, Attempts, Doors};
use crate::cloudmore::{Client, ClientAuth, Scope, Settings};
use crate::config::{self, Broker, Config};
use crate::console::Console;
use crate::domain::deadlines;
use crate::http::{Http, Proxies};
use crate::listen::{Listener, Tls};
use crate::provision::{Bridge, Clock, Tenant};
use crate::store::Store;

/// The client id that Cloudmore gives every customer (`reference/cloudmore-api.md`, section 1).
const CLIENT_ID: &str = "ro.customer.client";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How far the clocks of a replica and of the database may be apart: little against the margin that a claim keeps.
const CLOCKS_APART: Duration = Duration::from_secs(5);

/// A running bridge.
#[derive(Debug)]
pub struct App {
    addr: SocketAddr,
    bridge: Arc<Bridge>,
    doors: Arc<Doors>,
    admin: Arc<Admin>,
    tls: Option<Arc<Tls>>,
    clock: Clock,
    clients: Mutex<HashMap<String, (Broker, Client)>>,
    stop: CancellationToken,
    stop_timeout: Duration,
    tasks: JoinSet<()>,
}

impl App {
    /// Opens the store, binds the address (port 0 finds a free one) and begins to serve. With a
    /// hand-driven clock the worker is left to the hand as well.
    ///
    /// # Errors
    /// When the address or the store cannot be used, or the Cloudmore client cannot be set up.
    pub async fn start(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open(&config.store.url, config.store.password.as_ref()).await?;
        let store = Arc::new(store);
        agrees_on_the_time(&store, &clock).await?;
        let listen = config.server.listen;
        let tls = config.server.tls.clone().map(Tls::open).transpose();
        let tls = tls.context("TLS cannot be used")?.map(Arc::new);
        let socket = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let addr = socket.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = config.server.public_url.clone();
        let public_url = public_url.unwrap_or_else(|| local(scheme, addr));
        let doors = doors::closed(&config, Arc::clone(&store), &clock, &public_url)?;
        doors.look_at_keys().await?;
        let time = clock.clone();
        let admin = Admin::new(move || time.now());
        let mut app = Self {
            addr,
            bridge: Arc::new(Bridge::new(store, clock.clone())),
            doors: Arc::new(doors),
            admin: Arc::new(admin),
            tls,
            clock,
            clients: Mutex::default(),
            stop: CancellationToken::new(),
            stop_timeout: config.server.stop_timeout,
            tasks: JoinSet::new(),
        };
        let server = config.server.clone();
        app.configure(config).await?;

        let attempts = Arc::new(Attempts::new(patience(&server)));
        let console = Console::new(
            (Arc::clone(&app.bridge), app.clock.clone()),
            (Arc::clone(&app.admin), Arc::clone(&attempts)),
            &public_url,
        );
        let http = Http {
            bridge: Arc::clone(&app.bridge),
            doors: Arc::clone(&app.doors),
            admin: Arc::clone(&app.admin),
            public_url: public_url.into(),
            max_body_bytes: server.max_body_bytes,
            max_requests: server.max_requests,
            bounds: server.connections,
            attempts,
            proxies: Proxies {
                trusted: server.trusted_proxies.clone().into(),
                header: HeaderName::from_static(server.client_address_header),
            },
            clock: app.clock.clone(),
        };
        let listener = Listener {
            socket,
            bounds: server.connections,
            tls: app.tls.clone(),
            proxies: server.trusted_proxies,
        };
        let stopping = app.stop.clone();
        app.tasks.spawn(async move {
            listener
                .serve(http.router(console.router()), stopping)
                .await;
        });
        if matches!(app.clock, Clock::System) {
            let (bridge, stop) = (Arc::clone(&app.bridge), app.stop.clone());
            let doors = Arc::clone(&app.doors);
            app.tasks.spawn(doors.keep_record(stop.clone()));
            app.tasks.spawn(Arc::clone(&bridge).watch(stop.clone()));
            app.tasks.spawn(Arc::clone(&bridge).reconcile(stop.clone()));
            app.tasks.spawn(bridge.work(stop));
        }
        info!(%addr, "Serving");
        Ok(app)
    }

    /// The address that was bound.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The use cases.
    pub fn bridge(&self) -> &Arc<Bridge> {
        &self.bridge
    }

    /// Looks whether certificate and key have changed, and takes them into use if they can be used.
    pub fn look_at_certificate(&self) {
        if let Some(tls) = &self.tls {
            tls.renew(None);
        }
    }

    /// Takes tenants, mappings, tokens, brokers and certificate of a configuration into use. Address, store
    /// and limits of connections stay as they were at the start.
    ///
    /// # Errors
    /// When a Cloudmore client cannot be set up or the store fails; what was in use stays in use.
    pub async fn configure(&self, config: Config) -> anyhow::Result<()> {
        if let Some(tls) = &self.tls {
            tls.renew(config.server.tls);
        }
        let clients = self.clients(&config.brokers).await?;
        let mut tenants = Vec::new();
        let mut doors = HashMap::new();
        for tenant in config.tenants {
            let (broker, client) = clients
                .get(&tenant.broker)
                .with_context(|| format!("no broker \"{}\"", tenant.broker))?;
            let credentials = (tenant.credentials, tenant.jwts, tenant.gate);
            let credentials = doors::credentials(&tenant.id, credentials);
            doors.insert(tenant.id.clone(), credentials);
            tenants.push(Tenant {
                id: tenant.id,
                policy: tenant.policy,
                dialect: tenant.dialect.within(config.limits),
                target_name: target_name(broker, &tenant.target),
                target: client.target(match tenant.target {
                    config::Target::Organization(id) => Scope::Organization(id),
                    config::Target::Broker => Scope::Broker,
                }),
                api_account: broker.username.clone(),
                concurrency: usize::try_from(broker.concurrency).unwrap_or(1),
            });
        }
        let (tokens, signing_in) = match config.admin {
            Some(admin) => (admin.tokens, admin.oidc.map(oidc).transpose()?),
            None => (Vec::new(), None),
        };
        self.bridge.install(tenants).await?;
        self.doors.replace(doors);
        self.admin.replace(admin_tokens(tokens), signing_in);
        *self.clients.lock().await = clients;
        Ok(())
    }

    /// Stops: no new connections and no new steps, requests are answered, steps under way end, and rows at hand are given
    /// back, so that whoever starts next goes on at once. What has not ended within the configured time is left behind; the
    /// next start looks after it.
    pub async fn stop(mut self) {
        self.bridge.halt();
        self.stop.cancel();
        let ended = async {
            while self.tasks.join_next().await.is_some() {}
            self.bridge.ended().await;
            self.doors.write_record().await;
        };
        if tokio::time::timeout(self.stop_timeout, ended)
            .await
            .is_err()
        {
            warn!("Requests and steps that did not end in time are cut off");
        }
    }

    /// One client for each broker. A broker that did not change keeps its client, with its token
    /// and its memory of refused credentials.
    async fn clients(
        &self,
        brokers: &[Broker],
    ) -> anyhow::Result<HashMap<String, (Broker, Client)>> {
        let current = self.clients.lock().await;
        let mut clients = HashMap::new();
        for broker in brokers {
            let client = match current.get(&broker.id) {
                Some((before, client)) if same(before, broker) => client.clone(),
                _ => client(broker, self.clock.clone())?,
            };
            clients.insert(broker.id.clone(), (broker.clone(), client));
        }
        Ok(clients)
    }
}

/// The address of a bridge for whoever is on its own machine, by `http` or `https`.
pub fn local(scheme: &str, mut addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() {
        addr.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("{scheme}://{addr}")
}

/// Claims on users are points in time that all replicas understand alike only if their clocks agree.
async fn agrees_on_the_time(store: &Store, clock: &Clock) -> anyhow::Result<()> {
    let Some(there) = store
        .time()
        .await?
        .filter(|_| matches!(clock, Clock::System))
    else {
        return Ok(());
    };
    let apart = Duration::from_micros(there.abs_diff(clock.now()));
    anyhow::ensure!(
        apart <= CLOCKS_APART,
        "the clock of this machine and that of the database are {} s apart: set them by a time server, \
         because replicas share their work by the time",
        apart.as_secs()
    );
    Ok(())
}

/// The Cloudmore client of a broker.
///
/// # Errors
/// When its settings cannot be used.
pub fn client(broker: &Broker, clock: Clock) -> anyhow::Result<Client> {
    let settings = Settings {
        base_url: broker.base_url.clone(),
        reseller_id: broker.reseller_id.clone(),
        username: broker.username.clone(),
        password: broker.password.clone(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: broker.client_secret.clone(),
        client_auth: match broker.client_auth {
            config::ClientAuth::Form => ClientAuth::Form,
            config::ClientAuth::Basic => ClientAuth::Basic,
        },
        requests_per_second: broker.requests_per_second,
        concurrency: broker.concurrency,
        connect_timeout: CONNECT_TIMEOUT,
        call_timeout: deadlines::CALL,
        wire: broker.wire.clone(),
    };
    Client::new(settings, move || clock.now())
        .with_context(|| format!("broker \"{}\" cannot be used", broker.id))
}

fn target_name(broker: &Broker, target: &config::Target) -> String {
    let reseller = &broker.reseller_id;
    match target {
        config::Target::Organization(id) => format!("organization {id} of reseller {reseller}"),
        config::Target::Broker => format!("the administrators of reseller {reseller}"),
    }
}

fn same(one: &Broker, other: &Broker) -> bool {
    let plain = |broker: &Broker| {
        (
            broker.base_url.clone(),
            broker.reseller_id.clone(),
            broker.username.clone(),
            broker.client_auth,
            broker.requests_per_second,
            broker.concurrency,
            broker.wire.clone(),
        )
    };
    plain(one) == plain(other)
        && one.password.expose_secret() == other.password.expose_secret()
        && one.client_secret.expose_secret() == other.client_secret.expose_secret()
}
