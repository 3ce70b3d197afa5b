//! Parcels are sent, and one gets lost.

use std::io::Write;

use bailiwick::{Error, repository::Params, unit_of_work::Retry};

use super::{Street, tell};
use crate::{
    Outcome,
    delivery::{Delivery, PACKED_IN, Parcel, TAKE_OUT, parcel},
    product::Product,
};

/// A state is saved where transitions have led, and each of them leaves a row; what no specification says is written by hand.
pub(crate) async fn parcels(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "\n8. Parcels, and what became of them\n")?;
    let acme = street.shop("acme", "ada")?;
    for (label, product) in [("P-1", "A-01"), ("P-2", "A-03"), ("P-3", "A-07")] {
        acme.repository::<Parcel>().insert(parcel(label, product, 1)).await?;
    }
    let labels = ["P-1", "P-2"];
    let taken = acme
        .in_tx(Retry::default(), async |unit| {
            let mut sent = unit.repository::<Parcel>().find(Parcel::label().is_in(labels)).list().await?;
            for parcel in &mut sent {
                parcel.send()?;
            }
            unit.repository::<Parcel>().save_many(&mut sent).await?;
            let products =
                unit.repository::<Product>().select(PACKED_IN, Params::new().bind_list("labels", labels)).await?;
            let numbers =
                Params::new().bind("pieces", 1_i64).bind_list("numbers", products.iter().map(|one| &*one.number));
            Ok::<_, Error>((unit.repository::<Product>().execute(TAKE_OUT, numbers).await?, products))
        })
        .await?;
    writeln!(to, "   sent, and taken out of the stock of {} products:", taken.0)?;
    for product in taken.1 {
        writeln!(to, "      {product} before")?;
    }
    let mut lost = acme.repository::<Parcel>().find(Parcel::label().eq("P-2")).one().await?;
    lost.lose("fell off the ferry")?;
    acme.repository::<Parcel>().save(&mut lost).await?;
    tell(to, "what is lost is delivered", lost.deliver().map_err(Error::from))?;
    lost.delivery = Delivery::Delivered;
    tell(to, "it is written by hand that it is", acme.repository::<Parcel>().save(&mut lost).await)?;
    writeln!(to, "   what became of P-2:")?;
    for row in acme.audit().transitions().of_one::<Parcel>(&lost.id).list(9).await? {
        let who = row.actor.as_ref().map_or("nobody", |actor| actor.as_str());
        let why = row.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        writeln!(to, "      {:<5} {:>6} -> {:<5} by {who}{why}", row.transition, row.from, row.to)?;
    }
    let birch = street.shop("birch", "bob")?.audit().transitions().list(9).await?.len();
    Ok(writeln!(to, "   transitions that birch sees: {birch}")?)
}
