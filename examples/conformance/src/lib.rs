//! The domain of the example: a service desk. The program beside it checks logs of such a desk.

pub mod desk;
