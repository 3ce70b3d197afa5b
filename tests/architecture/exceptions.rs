//! What may break a rule, and why. An exception without a reason, or one that is no longer needed, is a finding.

use super::Finding;

/// Lets the findings of one rule pass in one file.
#[derive(Debug)]
pub struct Exception {
    pub rule: &'static str,
    pub file: &'static str,
    /// A part of the finding's text; empty for all of them.
    pub what: &'static str,
    pub reason: &'static str,
}

impl Exception {
    fn covers(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.file == finding.file && finding.what.contains(self.what)
    }
}

/// The exceptions of this tree.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        rule: "folder",
        file: "runtime/src",
        what: "",
        reason: "the vocabulary lies flat at the root: one word, one file, read in the order of lib.rs",
    },
    Exception {
        rule: "folder",
        file: "runtime/src/store",
        what: "",
        reason: "one file for each thing that a transaction carries, as the SQL adapter has one for each table",
    },
];

/// The findings that no exception covers, and those that the exceptions themselves are.
pub fn apply(exceptions: &[Exception], findings: Vec<Finding>) -> Vec<Finding> {
    let mut left: Vec<Finding> = findings
        .iter()
        .filter(|finding| !exceptions.iter().any(|exception| exception.covers(finding)))
        .cloned()
        .collect();
    for exception in exceptions {
        let Exception { rule, file, what, reason } = exception;
        if reason.trim().is_empty() {
            left.push(Finding::new(*file, 1, "exception", format!("`{rule}` {what} is excepted without a reason")));
        }
        if !findings.iter().any(|finding| exception.covers(finding)) {
            left.push(Finding::new(*file, 1, "exception", format!("`{rule}` {what} needs no exception any more")));
        }
    }
    left.sort();
    left
}
