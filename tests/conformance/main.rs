//! The suites of `bailiwick::testing`, run on every adapter of the project.
