//! What `build()` says.

use bailiwick::App;

use super::people::{Person, master};

#[tokio::test]
async fn sensitive_fields_without_a_master_key_are_an_error_at_build() {
    let error = App::builder().memory().aggregate::<Person>().build().await.unwrap_err();
    assert_eq!(error.code(), "app/build");
    let text = error.to_string();
    assert!(text.contains("`person.registered` has sensitive fields") && text.contains(".master_key("), "{text}");
    App::builder().memory().master_key(master()).aggregate::<Person>().build().await.unwrap();
}

#[test]
fn a_master_key_is_32_bytes_and_hides() {
    use bailiwick::sensitive::MasterKey;
    let key = MasterKey::from_base64("2026", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
    assert_eq!(format!("{key:?}"), "MasterKey(\"2026\")");
    let secret = "c2hvcnQgc2VjcmV0";
    let error = MasterKey::from_base64("2026", secret).unwrap_err();
    assert_eq!(error.code(), "sensitive/master_key");
    assert!(!format!("{error:?}").contains(secret));
    assert!(key.also("2026", [1; 32]).is_err());
}
