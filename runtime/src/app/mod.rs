//! stub
/// stub
#[derive(Debug)]
pub struct App;
