//! Personal data in events: sealed wherever it lies, and gone once its subject was forgotten.

mod followers;
mod forged;
mod forget;
mod keys;
mod leaks;
mod people;
mod values;
mod wiring;

use tests::servers;

/// Runs a test on SQLite, PostgreSQL and MySQL, each of which is told by a URL.
async fn everywhere(test: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    test(&format!("sqlite://{}", folder.path().join("people.db").display())).await;
    if let Some(server) = servers::postgres() {
        test(&server.room().own_url()).await;
    }
    if let Some(server) = servers::mysql() {
        test(&server.room().own_url()).await;
    }
}
