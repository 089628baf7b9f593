//! The bridge as a process of its own: on its own runtime, so that it can be killed at any moment with everything that
//! it has under way, as `kill -9` would.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use scim_bridge::app::App;
use scim_bridge::config::Config;
use scim_bridge::provision::Clock;
use tokio::runtime::{Builder, Runtime};

/// A running bridge; an [`App`] to whoever looks at it.
pub struct Process {
    app: Option<App>,
    runtime: Option<Runtime>,
}

impl Process {
    pub async fn start(config: Config, clock: Clock) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let handle = runtime.handle().clone();
        let start = move || handle.block_on(App::start(config, clock)).unwrap();
        let app = tokio::task::spawn_blocking(start).await.unwrap();
        Self {
            app: Some(app),
            runtime: Some(runtime),
        }
    }

    /// Runs something inside the process and waits for it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        let runtime = self.runtime.as_ref().unwrap();
        runtime.spawn(work).await.unwrap()
    }

    /// Lets the worker do all that is due.
    pub async fn work(&self) -> usize {
        let bridge = Arc::clone(self.bridge());
        let work = async move { bridge.work_once().await.unwrap() };
        self.run(work).await
    }

    /// Stops as the program does when it is asked to.
    pub async fn stop(mut self) {
        let app = self.app.take().unwrap();
        self.run(app.stop()).await;
        self.kill().await;
    }

    /// Ends everything where it stands.
    pub async fn kill(mut self) {
        drop(self.app.take());
        let runtime = self.runtime.take().unwrap();
        let ended = move || runtime.shutdown_timeout(Duration::from_secs(30));
        tokio::task::spawn_blocking(ended).await.unwrap();
    }
}

impl Deref for Process {
    type Target = App;

    fn deref(&self) -> &App {
        self.app.as_ref().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
