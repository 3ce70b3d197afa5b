//! Every state and every transition of the example machine, by one caller and by many at once.

use std::sync::Arc;

use bailiwick::{State, TransitionError, testing};
use tokio::sync::Mutex;

use super::order::{Courier, Declined, Order, OrderStatus, OrderTransition, cents};

/// Calls a transition with arguments that its guards agree to.
async fn call(order: &mut Order, transition: OrderTransition) -> Result<(), TransitionError<Declined>> {
    match transition {
        OrderTransition::Pay => order.pay(&cents(100)).map(drop),
        OrderTransition::Ship => order.ship(&Courier).await.map(drop),
        OrderTransition::Cancel => order.cancel("test").map_err(TransitionError::widen),
        OrderTransition::Deliver => order.deliver().map_err(TransitionError::widen),
        OrderTransition::Annotate => order.annotate("test".into()).map(drop).map_err(TransitionError::widen),
    }
}

/// Where the table says that it leads.
fn target(status: OrderStatus, transition: OrderTransition) -> Option<OrderStatus> {
    use OrderStatus::{Cancelled, Delivered, Paid, Pending, Shipped};
    match (status, transition) {
        (Pending, OrderTransition::Pay) => Some(Paid),
        (Paid, OrderTransition::Ship) => Some(Shipped),
        (Pending | Paid | Shipped, OrderTransition::Cancel) => Some(Cancelled),
        (Shipped, OrderTransition::Deliver) => Some(Delivered),
        (Pending | Paid | Shipped, OrderTransition::Annotate) => Some(status),
        _ => None,
    }
}

#[tokio::test]
async fn every_pair_does_what_the_table_says() {
    for status in OrderStatus::ALL {
        for transition in OrderTransition::ALL {
            let mut order = Order::loaded(*status);
            let answer = call(&mut order, *transition).await;
            match target(*status, *transition) {
                Some(to) => assert_eq!((answer, order.status, order.log.len()), (Ok(()), to, 1)),
                None => {
                    let illegal = matches!(answer, Err(TransitionError::Illegal(_)));
                    assert_eq!((illegal, order.status, order.log.len()), (true, *status, 0));
                }
            }
        }
    }
}

#[tokio::test]
async fn every_pair_does_what_the_graph_says() {
    let calls = async |order: &mut Order, transition| Ok(call(order, transition).await?);
    let pairs = testing::every_pair_async(Order::loaded, calls).await;
    assert_eq!((pairs.taken(), pairs.illegal(), pairs.guarded(), pairs.failed()), (9, 16, 0, 0));
    let refused = |status| Order { total: 1_000, stock: 0, refundable: false, ..Order::loaded(status) };
    let pairs = testing::every_pair_async(refused, calls).await;
    assert_eq!((pairs.taken(), pairs.illegal(), pairs.guarded(), pairs.failed()), (6, 16, 3, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_pair_does_so_among_many_callers() {
    for status in OrderStatus::ALL {
        let order = Arc::new(Mutex::new(Order::loaded(*status)));
        let callers = (0..50).flat_map(|_| OrderTransition::ALL.iter().copied()).map(|transition| {
            let order = Arc::clone(&order);
            tokio::spawn(async move {
                let mut order = order.lock().await;
                let (before, logged) = (order.status, order.log.len());
                let taken = call(&mut order, transition).await.is_ok();
                let expected = target(before, transition);
                assert_eq!(taken, expected.is_some());
                assert_eq!(order.status, expected.unwrap_or(before));
                assert_eq!(order.log.len(), logged + usize::from(taken));
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.unwrap();
        }
        let order = order.lock().await;
        let chained = order.log.records().windows(2).all(|pair| pair[0].to() == pair[1].from());
        assert!(chained, "{:?}", order.log);
        assert_eq!(order.log.records().last().map_or(status.name(), |record| record.to()), order.status.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_pay_one_does() {
    let order = Arc::new(Mutex::new(Order::loaded(OrderStatus::Pending)));
    let payers = (0..64).map(|_| {
        let order = Arc::clone(&order);
        tokio::spawn(async move { order.lock().await.pay(&cents(100)).is_ok() })
    });
    let mut paid = 0;
    for payer in payers.collect::<Vec<_>>() {
        paid += usize::from(payer.await.unwrap());
    }
    assert_eq!((paid, order.lock().await.log.len()), (1, 1));
}
