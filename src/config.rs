//! Configuration: one TOML file, overridden by environment, secrets by reference, all mistakes at once.
//!
//! The text becomes a tree whose values know their place (`tree`), environment variables are laid over it (`overlay`),
//! and one reader per section takes values out of it and collects what is wrong (`reader`).
//! `deploy/scim-bridge.example.toml` explains every key.

use std::fs;
use std::path::Path;

mod account;
mod admin;
mod broker;
mod connections;
mod credential;
mod deprovision;
mod dialect;
mod environment;
mod gate;
mod guard;
mod jwt;
mod limits;
mod mapping;
mod mistakes;
mod nearest;
mod oauth;
mod oidc;
mod overlay;
mod policy;
mod reader;
mod reconcile;
mod role;
mod secret;
mod section;
mod server;
mod store;
mod tenant;
mod tls;
mod token;
mod tree;
mod values;
mod wire;

pub use admin::{Admin, AdminToken};
pub use broker::{Broker, ClientAuth};
pub use environment::Environment;
pub use jwt::Jwt;
pub use mistakes::{Mistake, Mistakes};
pub use oauth::Oauth;
pub use oidc::Oidc;
pub use server::Server;
pub use store::Store;
pub use tenant::{Target, Tenant};
pub use token::Token;
pub use values::duration;

use crate::scim::Limits;
use reader::{At, Reader};

/// Everything the bridge is told at its start, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// How the bridge itself is reached.
    pub server: Server,
    /// How much one request may hold.
    pub limits: Limits,
    /// Who may administer the bridge; `None`: nobody, and there is neither admin API nor console.
    pub admin: Option<Admin>,
    /// Where the bridge keeps what it knows.
    pub store: Store,
    /// How access tokens are made.
    pub oauth: Oauth,
    /// The Cloudmore resellers and their API accounts; ids are distinct.
    pub brokers: Vec<Broker>,
    /// The SCIM addresses; at least one, ids are distinct, each one's broker is in `brokers`.
    pub tenants: Vec<Tenant>,
}

impl Config {
    /// Reads the file and lays the environment over it. Relative paths in it start at the file's folder.
    ///
    /// # Errors
    /// Every mistake in the file and in the variables that override it, in the order of their places.
    pub fn load(file: &Path, environment: &Environment) -> Result<Self, Mistakes> {
        let name = file.display().to_string();
        let text = fs::read_to_string(file)
            .map_err(|error| Mistakes::unreadable(&name, format!("cannot be read: {error}")))?;
        let base_dir = file.parent().unwrap_or(Path::new(""));
        Self::parse(&text, &name, environment, base_dir)
    }

    /// Like [`Config::load`], from a text that is called `name` in mistakes and whose relative paths start at `base_dir`.
    ///
    /// # Errors
    /// Every mistake, in the order of their places. A text that is not TOML is answered with its syntax errors alone,
    /// for what it means is not known.
    pub fn parse(
        text: &str,
        name: &str,
        environment: &Environment,
        base_dir: &Path,
    ) -> Result<Self, Mistakes> {
        let mut root = tree::parse(text).map_err(|spotted| Mistakes::new(name, spotted))?;
        let reader = Reader::new(environment, base_dir);
        for stray in overlay::apply(&mut root, environment) {
            reader.note(stray);
        }
        let config = read(&reader.root(&root));
        let mistakes = Mistakes::new(name, reader.into_mistakes());
        match config {
            Some(config) if mistakes.is_empty() => Ok(config),
            _ => Err(mistakes),
        }
    }
}

fn read(at: &At<'_>) -> Option<Config> {
    at.table(|root| {
        let server = root.or("server", Server::default(), server::read);
        let limits = root.or("limits", Limits::DEFAULT, limits::read);
        let store = root.required(
            "store",
            "`[store]` with `url = \"sqlite://scim-bridge.db\"`",
            store::read,
        );
        // Tenants look their broker up among those read before them.
        let brokers = root.or("broker", Vec::new(), |at| at.items(broker::read));
        let oauth = root.or("oauth", Oauth::default(), oauth::read);
        let around = tenant::Around {
            has_admin: root.find("admin").is_some(),
            // What is wrong with the store is said there.
            seals: store
                .as_ref()
                .is_none_or(|store| store.encryption_key.is_some()),
        };
        let tenants = root.required("tenant", "at least one `[[tenant]]`", |at| {
            let tenants = at.some_items(|at| tenant::read(at, around))?;
            jwt::refuse_shared(&tenants, at);
            gate::refuse_unseen(&tenants, server.as_ref(), at);
            Some(tenants)
        });
        let admin = root.optional("admin", admin::read);
        Some(Config {
            server: server?,
            limits: limits?,
            admin: admin?,
            store: store?,
            oauth: oauth?,
            brokers: brokers?,
            tenants: tenants?,
        })
    })
}
