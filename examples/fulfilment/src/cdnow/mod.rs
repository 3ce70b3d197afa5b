//! The file of orders: one header line, then ` customer date items amount` per line, plain or compressed with gzip.
//!
//! The file is read as a stream: what is held in memory is one line. A line that is no order is a [`BadLine`] with its
//! number and the reason; the lines behind it are read all the same, unless the file itself ends there.

mod input;
mod line;
mod reason;

pub(crate) use input::Input;
pub(crate) use line::Order;
pub(crate) use reason::{BadLine, Reason};
