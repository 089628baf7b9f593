//! The sandbox stands alone: it must not share the client's idea of the wire.

use std::path::{Path, PathBuf};

fn sources() -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![src.join("sandbox.rs")];
    collect(&src.join("sandbox"), &mut files);
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
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
            // One `super` of a file below the folder never leaves the sandbox; two could.
            let leaves = code.contains("super::super");
            assert!(!foreign && !leaves, "{}:{}", file.display(), number + 1);
        }
    }
}
