//! `scim-bridge demo`: the simulated Cloudmore and the bridge in one process, and a play about them.

mod access;
mod administrator;
mod designer;
mod employee;
mod entra;
mod folder;
mod idp;
mod narrator;
mod okta;
mod stage;
mod tenants;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;

use super::told_to_end;
use crate::auth;
use crate::cloudmore::{Field, Model, Wire};
use crate::config::Server;
use crate::telemetry;
use access::others;
use narrator::Narrator;
use stage::Stage;

/// The people who act in the play.
const CAST: [&str; 3] = [
    employee::USER_NAME,
    designer::USER_NAME,
    administrator::USER_NAME,
];

/// See the bridge at work, without Cloudmore and without an identity provider.
///
/// Runs a simulated Cloudmore and the bridge in one process. Then plays Entra ID and Okta against
/// it: people join, move, leave and come back. Each request, each plan, each call to Cloudmore and
/// what came of it is told and checked. It stays up afterwards, to be tried by hand.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  scim-bridge demo --once")]
pub(super) struct Demo {
    /// Exit after the play: with 0 if every step brought what it must, else with 1.
    #[arg(long, conflicts_with = "no_cycle")]
    once: bool,
    /// The address to listen on [default: 127.0.0.1:8080, with --once any free port].
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The bearer token of both tenants [default: a random one].
    #[arg(long, value_name = "T", value_parser = token)]
    token: Option<String>,
    /// Keep the data in this folder, and go on from what it holds [default: a temporary folder].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Only serve, without the play.
    #[arg(long)]
    no_cycle: bool,
    /// How the simulated Cloudmore behaves where Cloudmore's documentation is silent (TOML or JSON).
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// What the bridge is told that Cloudmore calls a field, such as user.firstName=givenName; may be repeated.
    #[arg(long = "field", value_name = "MODEL.FIELD=NAME", value_parser = field)]
    fields: Vec<(Model, Field, String)>,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::start_quiet();
        let usual = if self.once {
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
        } else {
            Server::default().listen
        };
        let listen = self.listen.unwrap_or(usual);
        let token = match self.token {
            Some(token) => token,
            None => auth::new_token()?,
        };
        let wire = self.fields.into_iter();
        let wire = wire.fold(Wire::default(), |wire, (model, field, name)| {
            wire.with(model, field, name)
        });
        let switches = super::sandbox::read(self.switches.as_deref())?.unwrap_or_default();
        let stage = Stage::build(listen, token, self.data_dir, (switches, wire)).await?;
        let mut narrator = Narrator::new();
        let mut end = pin!(told_to_end());
        narrator.introduce(&stage);
        let mut code = ExitCode::SUCCESS;
        if !self.no_cycle {
            tokio::select! {
                ended = &mut end => {
                    stage.stop().await;
                    return ended.map(|()| ExitCode::FAILURE);
                }
                played = play(&stage, &mut narrator) => if let Err(error) = played {
                    narrator.stopped(&error);
                    code = ExitCode::FAILURE;
                } else {
                    narrator.finished();
                },
            }
        }
        if !self.once {
            narrator.invite(&stage);
            end.await?;
        }
        stage.stop().await;
        Ok(code)
    }
}

/// Plays all acts. Like the identity providers it looks before it makes, so it can be played again
/// on what an earlier play left behind.
async fn play(stage: &Stage, narrator: &mut Narrator) -> anyhow::Result<()> {
    let left = stage.left().await?;
    if !left.is_empty() {
        narrator.step(
            "An earlier run was interrupted. The bridge first does what is left: nothing is lost.",
        );
        stage.finish(&left).await?;
        narrator.calls(&stage.sandbox().calls());
    }
    let before = others(&stage.sandbox().snapshot(), &CAST);
    employee::play(stage, narrator).await?;
    designer::play(stage, narrator).await?;
    administrator::play(stage, narrator).await?;

    narrator.act("Everybody else");
    narrator.step("Accounts and assignments that were made by hand are as they were.");
    let after = others(&stage.sandbox().snapshot(), &CAST);
    ensure!(before == after, "expected: {before:?}\nfound: {after:?}");
    narrator.result(&format!("{} people, untouched", after.len()));
    Ok(())
}

/// `MODEL.FIELD=NAME`.
fn field(text: &str) -> Result<(Model, Field, String), &'static str> {
    let parts = text.split_once('=').and_then(|(place, name)| {
        let (model, field) = place.split_once('.')?;
        let model = Model::ALL.iter().find(|each| each.name() == model)?;
        let mut fields = model.fields().iter();
        let field = fields.find(|each| each.name() == field)?;
        (!name.is_empty()).then(|| (*model, *field, name.to_owned()))
    });
    parts.ok_or(
        "write the model, the field's usual name and its name, as in user.firstName=givenName",
    )
}

/// RFC 6750 section 2.1: a bearer token is visible ASCII.
fn token(text: &str) -> Result<String, &'static str> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("a token must be visible ASCII characters without blanks")
    }
}
