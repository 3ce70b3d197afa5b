// errors: 1
use bailiwick::{App, Clock, Command, Context, Error, Id, command};

#[derive(Id)]
struct Shelf(f64);

#[derive(Command, Debug, Clone)]
struct Tidy {
    #[target]
    shelf: Shelf,
}

#[command]
impl Tidy {
    #[execute]
    async fn execute(&self, _cx: &mut Context) -> Result<String, Error> {
        Ok(self.shelf.to_string())
    }
}

fn main() {
    let _ = App::builder().command::<Tidy>();
    let _ = Tidy { shelf: Shelf::new(&Clock::system()) };
}
