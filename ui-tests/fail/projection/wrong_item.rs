// errors: 1
use bailiwick::projection;

#[projection(name = "revenue", version = 1)]
enum Revenue {
    ByMonth,
}

fn main() {
    let _ = Revenue::ByMonth;
}
