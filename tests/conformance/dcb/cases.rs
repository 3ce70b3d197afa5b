//! What a condition refuses, and what it does not.

use bailiwick::{Position, TenantId};
use tokio::task::JoinSet;

use super::{Bed, Tagged, Unless};

fn refused(answer: Result<(), bailiwick::Error>) -> bool {
    match answer {
        Ok(()) => false,
        Err(error) if error.code() == "dcb/condition" => true,
        Err(error) => panic!("{error:?}"),
    }
}

pub(super) async fn an_event_of_the_condition_refuses_the_append(bed: &Bed) {
    let log = Tagged::new(&bed.store, None);
    let unless = |after| Some(Unless { tags: &["user:ada"], after });
    log.append("user.named", &["user:ada"], unless(Position::START)).await.unwrap();
    assert!(refused(log.append("user.named", &["user:ada"], unless(Position::START)).await));
    let (found, here) = log.read(&["user:ada"]).await.unwrap();
    assert_eq!((found.len(), here), (1, bed.store.head().await.unwrap()));
    log.append("user.renamed", &["user:ada", "user:bob"], unless(here)).await.unwrap();
    assert!(refused(log.append("user.renamed", &["user:ada"], unless(here)).await), "the position is an old one");
    assert_eq!(bed.store.counts().await.unwrap().events, 2);
}

pub(super) async fn events_without_the_tags_refuse_nothing(bed: &Bed) {
    let log = Tagged::new(&bed.store, None);
    for tag in ["a", "b", "c"] {
        log.append("thing.made", &[tag], None).await.unwrap();
    }
    let unless = Unless { tags: &["d"], after: Position::START };
    log.append("thing.made", &["a", "d"], Some(unless)).await.unwrap();
    assert_eq!(log.read(&["a"]).await.unwrap().0.len(), 2);
}

pub(super) async fn several_tags_mean_events_with_all_of_them(bed: &Bed) {
    let log = Tagged::new(&bed.store, None);
    log.append("seat.taken", &["course:1", "student:7"], None).await.unwrap();
    log.append("seat.taken", &["course:2", "student:8"], None).await.unwrap();
    let unless = |tags| Some(Unless { tags, after: Position::START });
    log.append("seat.taken", &["course:1", "student:8"], unless(&["course:1", "student:8"])).await.unwrap();
    assert!(refused(log.append("seat.taken", &["course:1", "student:7"], unless(&["course:1", "student:7"])).await));
}

pub(super) async fn of_two_writers_with_one_condition_one_appends(bed: &Bed) {
    for round in 0..8 {
        let tag = format!("name:{round}");
        let mut all = JoinSet::new();
        for _ in 0..4 {
            let (log, tag) = (Tagged::new(&bed.store, None), tag.clone());
            all.spawn(async move {
                let tags = [&*tag];
                refused(log.append("user.named", &tags, Some(Unless { tags: &tags, after: Position::START })).await)
            });
        }
        let won = all.join_all().await.into_iter().filter(|refused| !refused).count();
        assert_eq!(won, 1);
        let tagged = Tagged::new(&bed.store, None).read(&[&tag]).await.unwrap();
        assert_eq!(tagged.0.len(), 1, "and its tag is in the index");
    }
}

/// Students and courses have no common aggregate: the boundary of the decision is the two tags.
pub(super) async fn a_course_takes_no_more_than_its_seats(bed: &Bed) {
    let mut all = JoinSet::new();
    for student in 0..8 {
        let log = Tagged::new(&bed.store, None);
        all.spawn(async move {
            let student = format!("student:{student}");
            loop {
                let (taken, after) = log.read(&["course:1"]).await.unwrap();
                if taken.len() == 3 {
                    return;
                }
                let unless = Unless { tags: &["course:1"], after };
                if !refused(log.append("seat.taken", &["course:1", &student], Some(unless)).await) {
                    return;
                }
            }
        });
    }
    all.join_all().await;
    let log = Tagged::new(&bed.store, None);
    assert_eq!(log.read(&["course:1"]).await.unwrap().0.len(), 3);
    assert_eq!(bed.store.counts().await.unwrap().events, 3);
}

pub(super) async fn a_tenant_has_tags_of_its_own(bed: &Bed) {
    let log = Tagged::new(&bed.store, None);
    let acme = Tagged::new(&bed.store, Some(TenantId::new("acme").unwrap()));
    let unless = Unless { tags: &["user:ada"], after: Position::START };
    log.append("user.named", &["user:ada"], Some(unless)).await.unwrap();
    acme.append("user.named", &["user:ada"], Some(unless)).await.unwrap();
    assert!(refused(acme.append("user.named", &["user:ada"], Some(unless)).await));
}
