//! `forget`: in every process, for ever, and without anything failing.

use bailiwick::{ErrorKind, SendError, Sensitive, TenantId, mediator::Request, sensitive::Withheld};

use super::{
    everywhere,
    people::{Close, LENGTHS, Lengths, Person, Twice, app, follow, register, relocate},
};

fn code(answer: Result<(), SendError<Twice>>) -> &'static str {
    match answer {
        Err(SendError::Runtime(error)) => error.code(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_forgets_no_other_reads() {
    everywhere(async |url| {
        let (here, there) = (app(url).await, app(url).await);
        here.send(register("p-1", "ada@example.org")).await.unwrap();
        there.send(relocate("p-1", "Elm Street")).await.unwrap();
        there.send(register("p-2", "bob@example.org")).await.unwrap();
        assert!(there.load::<Person>("p-1").await.unwrap().email.expose().is_ok());

        here.forget("p-1").await.unwrap();
        for app in [&here, &there] {
            let person = app.load::<Person>("p-1").await.unwrap();
            assert_eq!((person.email.expose(), person.moves), (Err(Withheld::Forgotten), 1));
            assert!(person.address.as_ref().is_some_and(Sensitive::is_forgotten));
            assert!(app.load_at::<Person>("p-1", bailiwick::Version::new(1)).await.unwrap().email.is_forgotten());
            assert!(app.load::<Person>("p-2").await.unwrap().email.expose().is_ok(), "others stay");
            assert_eq!(app.history::<Person>("p-1").unwrap().page(9).await.unwrap().len(), 2);
        }
        assert_eq!(code(there.send(relocate("p-1", "Oak Street")).await), "sensitive/forgotten_subject");
        assert_eq!(code(here.send(relocate("p-1", "Oak Street")).await), "sensitive/forgotten_subject");
        there.send(Close { person: "p-1".into() }).await.unwrap();
        here.forget("p-1").await.unwrap();
        there.forget("p-1").await.unwrap();
        assert!(there.load::<Person>("p-1").await.unwrap().closed, "what is not sensitive goes on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_never_known_can_be_forgotten_beforehand() {
    everywhere(async |url| {
        let app = app(url).await;
        app.forget("p-1").await.unwrap();
        assert_eq!(code(app.send(register("p-1", "ada@example.org")).await), "sensitive/forgotten_subject");
        assert_eq!(app.counts().await.unwrap().events, 0);
        assert_eq!(app.forget("").await.unwrap_err().code(), "sensitive/subject");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_goes_through_with_what_is_left() {
    everywhere(async |url| {
        let app = app(url).await;
        for person in ["p-1", "p-2"] {
            app.send(register(person, "ada@example.org")).await.unwrap();
        }
        follow(&app).await;
        app.forget("p-1").await.unwrap();
        assert_eq!(app.read(LENGTHS).get("p-1").await.unwrap(), Some(Some(15)), "derived earlier");
        app.rebuild::<Lengths>().unwrap().run().await.unwrap();
        assert_eq!(app.read(LENGTHS).get("p-1").await.unwrap(), Some(None));
        assert_eq!(app.read(LENGTHS).get("p-2").await.unwrap(), Some(Some(15)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subject_of_another_tenant_is_another_subject() {
    everywhere(async |url| {
        let app = app(url).await;
        let of = |name: &str| Request::new().tenant(TenantId::new(name).unwrap());
        for tenant in ["a", "b"] {
            app.dispatch(of(tenant)).send(register("p-1", "ada@example.org")).await.unwrap();
        }
        app.dispatch(of("a")).forget("p-1").await.unwrap();
        app.forget("p-1").await.unwrap();
        assert!(app.dispatch(of("a")).load::<Person>("p-1").await.unwrap().email.is_forgotten());
        assert!(app.dispatch(of("b")).load::<Person>("p-1").await.unwrap().email.expose().is_ok());
    })
    .await;
}

/// Whoever is first: either the event is there and unreadable, or it is refused. Nothing is ever readable afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forgetting_races_with_appends() {
    everywhere(async |url| {
        let (here, there) = (app(url).await, app(url).await);
        for round in 0..8 {
            let person = format!("p-{round}");
            here.send(register(&person, "ada@example.org")).await.unwrap();
            let moving = async {
                for number in 0..6 {
                    match here.send(relocate(&person, &format!("street {number}"))).await {
                        Ok(()) => {}
                        Err(SendError::Runtime(error)) => {
                            assert!(
                                error.code() == "sensitive/forgotten_subject" || error.kind() == ErrorKind::Conflict,
                                "{error:?}"
                            );
                        }
                        Err(error) => panic!("{error:?}"),
                    }
                }
            };
            let (_, forgotten) = tokio::join!(moving, there.forget(person.as_str()));
            forgotten.unwrap();
            let left = here.load::<Person>(person.as_str()).await.unwrap();
            assert!(left.email.is_forgotten() && left.address.as_ref().is_none_or(Sensitive::is_forgotten), "{left:?}");
        }
    })
    .await;
}
