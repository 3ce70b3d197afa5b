//! The Rust files of the tree, read and parsed once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::TokenStream;

use super::{
    Finding,
    tokens::{Token, flatten},
};

/// The folders whose Rust files are held by the rules.
const FOLDERS: &[&str] = &["runtime/src", "macros/src", "tests", "examples"];

/// One Rust file.
pub struct Source {
    /// Its path from the root, with `/`.
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
    pub syntax: syn::File,
}

impl Source {
    /// The path of its module in `runtime`, empty for `lib.rs`; `None` for a file of another crate.
    pub fn runtime_module(&self) -> Option<Vec<&str>> {
        let path = self.path.strip_prefix("runtime/src/")?.strip_suffix(".rs")?;
        Some(path.split('/').filter(|part| *part != "mod" && *part != "lib").collect())
    }

    /// Its top-level module in `runtime`, empty for `lib.rs`.
    pub fn runtime_room(&self) -> Option<&str> {
        self.runtime_module().map(|module| module.first().copied().unwrap_or_default())
    }
}

/// Reads every Rust file; what cannot be read is a finding.
pub fn read(root: &Path) -> (Vec<Source>, Vec<Finding>) {
    let (mut sources, mut findings) = (Vec::new(), Vec::new());
    for folder in FOLDERS {
        for file in files_below(&root.join(folder), "rs") {
            let path = relative(root, &file);
            match parse(&file) {
                Ok((text, tokens, syntax)) => sources.push(Source { path, text, tokens, syntax }),
                Err(error) => findings.push(Finding::new(path, 1, "syntax", error)),
            }
        }
    }
    (sources, findings)
}

/// Every file below a folder whose name ends in `.extension`, in order; any file if that is empty.
pub fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if !path.ends_with("target") {
                files.extend(files_below(&path, extension));
            }
        } else if extension.is_empty() || path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A path from the root, with `/`.
pub fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn parse(file: &Path) -> Result<(String, Vec<Token>, syn::File), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let stream: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
    let syntax = syn::parse2(stream.clone()).map_err(|error| error.to_string())?;
    Ok((text, flatten(stream), syntax))
}
