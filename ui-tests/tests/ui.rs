//! Ui-tests of the macros.
