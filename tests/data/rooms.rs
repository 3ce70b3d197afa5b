//! `testing::TestDb`: databases that a test has for itself.

use bailiwick::{specification::Spec, testing::TestDb};
use tests::servers;

use crate::rows::shop::{Order, new, shop, tables};

#[tokio::test]
async fn each_is_empty_and_gone_at_its_end() {
    let mut made = vec![TestDb::memory(), TestDb::memory()];
    for _ in 0..2 {
        made.extend(TestDb::sqlite().await.unwrap());
        if servers::postgres().is_some() {
            made.push(TestDb::postgres().await.unwrap().unwrap());
        }
        if servers::mysql().is_some() {
            made.push(TestDb::mysql().await.unwrap().unwrap());
        }
    }
    for test in &made {
        test.db().migrate(tables()).await.unwrap();
        let shop = shop(test.db(), "acme");
        assert!(!shop.repository::<Order>().find(Spec::all()).exists().await.unwrap());
        shop.repository::<Order>().insert(new(1)).await.unwrap();
    }
    for test in made {
        test.end().await.unwrap();
    }
}
