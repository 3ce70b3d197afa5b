//! Faults: processes killed, futures dropped, disks full, handlers that panic.

mod bookings;
mod load;
mod mysql;
mod order;
mod postgres;
mod rebuild;
mod sqlite;
