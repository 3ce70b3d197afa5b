//! The global order: whoever has read up to a position never finds an event below it later, and nobody waits for ever.

mod mysql;
mod postgres;
