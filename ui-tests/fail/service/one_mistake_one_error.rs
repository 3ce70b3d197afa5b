// errors: 1
use bailiwick::{App, Command, Context, Error, service};

#[derive(Command, Debug, Clone)]
struct Join {
    user: u64,
}

struct Meetings;

#[service]
impl Meetings {
    #[handle]
    async fn join(&self, command: &Join, _cx: &mut Context) -> Result<u64, Error> {
        Ok(command.user)
    }
}

async fn sends(app: App) {
    let _ = app.send(Join { user: 1 }).await;
}

fn main() {
    let _ = App::builder().service(Meetings);
    let _ = sends;
}
