//! Faults: processes killed, futures dropped, disks full, handlers that panic.

mod appender;
mod bookings;
mod breaker;
mod keeper;
mod load;
mod mysql;
mod order;
mod parked;
mod postgres;
mod rebuild;
mod severed;
mod silent;
mod sqlite;
mod units;
