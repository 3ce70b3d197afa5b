//! Faults: processes killed, futures dropped, disks full, handlers that panic.

mod mysql;
mod order;
mod sqlite;
