// errors: 1
use bailiwick::roles::project;

struct Revenue;

impl Revenue {
    #[project]
    fn paid(&self) {}
}

fn main() {
    Revenue.paid();
}
