//! Faults: processes killed, futures dropped, disks full, handlers that panic.

mod order;
mod sqlite;
