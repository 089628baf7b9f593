//! The sandbox stands alone: it must not share the client's idea of the wire.

use std::path::{Path, PathBuf};

fn sources() -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folder = std::fs::read_dir(src.join("sandbox")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.push(src.join("sandbox.rs"));
    files
}

#[test]
fn the_sandbox_uses_nothing_of_the_rest_of_the_crate() {
    let files = sources();
    assert!(files.len() > 10);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let foreign = code.contains("crate::") && !code.contains("crate::sandbox");
            // One `super` of a file below the folder is the sandbox; two would leave it.
            let leaves = code.contains("super::super");
            assert!(!foreign && !leaves, "{}:{}", file.display(), number + 1);
        }
    }
}
