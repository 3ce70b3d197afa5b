//! Where servers are.

/// The URL in this variable; without one the test is skipped, and says so.
pub(super) fn url(variable: &str) -> Option<String> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        eprintln!("skipped: {variable} is not set");
    }
    url
}

/// The same server, and this database there.
pub(super) fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find('/').map_or(address.len(), |at| host + at);
    let database = format!("{}/{name}", &address[..end]);
    parameters.map_or(database.clone(), |parameters| format!("{database}?{parameters}"))
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_a_url_is_replaced_and_nothing_else() {
        assert_eq!(with_database("postgres://a:b@h:1/x?sslmode=disable", "n"), "postgres://a:b@h:1/n?sslmode=disable");
        assert_eq!(with_database("mysql://root@localhost", "n"), "mysql://root@localhost/n");
        assert_eq!(with_database("mysql://root@localhost?a=/b", "n"), "mysql://root@localhost/n?a=/b");
    }
}
