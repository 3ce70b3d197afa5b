//! Personal data in events: sealed wherever it lies, and gone once its subject was forgotten.

mod followers;
mod forged;
mod forget;
mod keys;
mod leaks;
mod people;
mod rebuilds;
mod rows;
mod snapshots;
mod values;
mod wiring;

use tests::servers::everywhere;
