// errors: 1
use bailiwick::{Command, command};

#[derive(Command, Clone)]
struct Rename;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct OrderError;

#[command]
impl Rename {
    #[validate]
    fn check(&self) -> Result<(), OrderError> {
        Ok(())
    }
}

fn main() {
    fn handled<M: bailiwick::command::Handled>() {}
    handled::<Rename>();
}
