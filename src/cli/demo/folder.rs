//! Where a demo keeps its data: a folder of the caller's, or one that goes away again.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use uuid::Uuid;

/// A folder that exists. A temporary one is removed, with all that is in it, when this is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// The folder `kept`, made if it is not there, or else a temporary one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn open(kept: Option<PathBuf>) -> anyhow::Result<Self> {
        let temporary = kept.is_none();
        let path = kept.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("scim-bridge-demo-{}", Uuid::now_v7()))
        });
        // The directory's data is nobody else's business.
        DirBuilder::new()
            .recursive(!temporary)
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
        Ok(Self { path, temporary })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            let folder = self.path.display();
            tracing::warn!(%folder, %error, "The temporary folder could not be removed");
        }
    }
}
