//! What can be set before a database is connected to.

use std::{fmt, str::FromStr, time::Duration};

use sqlx::{ConnectOptions, postgres::PgConnectOptions};

use super::{super::server::Limits, PostgresStore};
use crate::{
    error::{Error, ErrorKind},
    resilience::{Breaker, BreakerOptions},
};

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 512;

const NO_URL: &str = "this is no URL of a PostgreSQL database; write postgres://user:password@host/database";

/// How often a connection that listens asks for a sign of life, at least and at most.
const BEAT: Duration = Duration::from_secs(10);
const LEAST_BEAT: Duration = Duration::from_millis(10);

/// How a [`PostgresStore`] connects.
///
/// ```no_run
/// # fn main() -> Result<(), bailiwick::Error> {
/// use bailiwick::sql::PostgresStore;
/// let store = PostgresStore::options("postgres://shop@localhost/shop")?.schema("orders")?.readers(8).connect()?;
/// # Ok(()) }
/// ```
///
/// # Poolers
///
/// A pooler must keep a server process for each connection, as PgBouncer does with `pool_mode = session`: statements are
/// prepared, and after a lost answer the process that had the question is asked after. Pooling by transaction or by
/// statement is not supported.
///
/// The settings of a connection are sent in its parameter `options`, which PgBouncer 1.18 refuses unless it is told
/// `ignore_startup_parameters = options,extra_float_digits`. Then it drops them: [`relaxed`](Self::relaxed) and `options[…]`
/// in the URL have no effect, and a [`schema`](Self::schema) is refused as `db/config` until it is the user's own, too:
/// `ALTER ROLE shop SET search_path = orders`.
#[derive(Clone)]
#[must_use = "options connect to nothing; call `connect`"]
pub struct PostgresOptions {
    pub(super) connect: PgConnectOptions,
    pub(super) schema: Option<String>,
    pub(super) readers: usize,
    pub(super) writers: usize,
    pub(super) patience: Duration,
    pub(super) limits: Limits,
    pub(super) breaker: Option<Breaker>,
    pub(super) notices: bool,
    pub(super) security: Security,
    /// Who reaches the rows of all tenants.
    pub(super) system: Option<Box<PgConnectOptions>>,
    /// What connections are told when they are made.
    pub(super) settings: Vec<(&'static str, String)>,
}

/// Whose rows the server lets a connection reach, if it keeps tenants apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    Off,
    Tenant,
    System,
}

impl PostgresOptions {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let mut options = Self {
            connect: parsed(url)?,
            schema: None,
            readers: 4,
            writers: 4,
            patience: Duration::from_secs(5),
            limits: Limits::default(),
            breaker: None,
            notices: true,
            security: Security::Off,
            system: None,
            settings: Vec::new(),
        };
        // The statements of ours have one good plan each; to plan them anew costs more than to run them.
        options.settings.push(("plan_cache_mode", "force_generic_plan".into()));
        options.breaker = Some(Breaker::new(options.place(), BreakerOptions::default()));
        Ok(options)
    }

    /// The schema in which the tables lie; [`migrate`](crate::Store::migrate) creates it. By default the first of the
    /// user's `search_path`, which mostly is `public`.
    ///
    /// # Errors
    /// `db/config` for a name that is not made of 1 to 63 small letters, digits and `_`, or begins with a digit. Calls of the
    /// store answer it, too, when a [pooler](Self#poolers) does not hand the schema on.
    pub fn schema(mut self, name: &str) -> Result<Self, Error> {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = (1..=63).contains(&name.len()) && name.bytes().all(word);
        if !fits || name.starts_with(|first: char| first.is_ascii_digit()) {
            let message = "the name of a schema has 1 to 63 small letters, digits and `_`, and no digit first";
            return Err(Error::new(ErrorKind::Config, "db/config", message).with("schema", format!("{name:?}")));
        }
        self.settings.push(("search_path", name.to_owned()));
        self.schema = Some(name.to_owned());
        Ok(self)
    }

    /// How many connections read, 1 to 64; 4 by default. They are opened when they are needed.
    pub fn readers(mut self, readers: usize) -> Self {
        self.readers = readers.clamp(1, 64);
        self
    }

    /// How many connections write for many callers, 1 to 64; 4 by default. Appends that wait for one share its next statement. While
    /// no more than eight callers append, each has a connection of its own, beside these.
    pub fn writers(mut self, writers: usize) -> Self {
        self.writers = writers.clamp(1, 64);
        self
    }

    /// How long a call waits for a connection to the server; 5 s by default. Where nothing has come for as long from a
    /// connection in use, the server is asked on another one: while it works for the call, be it for hours, the call waits.
    /// If it does not, or cannot be asked, the connection counts as lost.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.patience = timeout;
        self
    }

    /// Whether stores of several processes tell each other what they have committed, by LISTEN and NOTIFY; they do by default.
    /// It takes a connection from the first commit on, and another one once somebody waits for news: a relay, a follower of a
    /// projection, [`caught_up`](crate::App::caught_up).
    ///
    /// Without it, and while the second connection is lost, commits of other processes are looked for: by followers every
    /// 250 ms, by the relay every second. Turn it off behind something that swallows notices; the store finds that out, too,
    /// and says so in the log.
    pub fn notices(mut self, notices: bool) -> Self {
        self.notices = notices;
        self
    }

    /// Commits do not wait for the server's disk (`synchronous_commit = off`): if the server dies, the newest may be
    /// lost, never one in the middle. Without this, the setting of the server stands.
    pub fn relaxed(mut self) -> Self {
        self.settings.push(("synchronous_commit", "off".into()));
        self
    }

    /// How long a call waits for a connection that others use; 5 s by default. Then it answers `db/pool_timeout`, and nothing was
    /// sent.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.limits.acquire = timeout;
        self
    }

    /// A connection of callers that nobody used for so long is asked for a sign of life before it is used, because the server, or
    /// what lies between, may have ended it; 30 s by default. So a write that cannot be sent twice is not sent into the void.
    pub fn ask_after(mut self, idle: Duration) -> Self {
        self.limits.ask_after = idle;
        self
    }

    /// A connection of callers that nobody used for so long is closed, when one is next asked for; 10 min by default.
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.limits.idle = idle;
        self
    }

    /// A connection of callers that is so old is replaced before it is used again; 30 min by default.
    pub fn max_lifetime(mut self, age: Duration) -> Self {
        self.limits.lifetime = age;
        self
    }

    /// The breaker of the connections of entities, or none. By default there is one, with the
    /// [default options](crate::resilience::BreakerOptions): what counts as a failure is that the server cannot be reached, has no
    /// room for work, or that no connection came free in time, and never what it says of a statement.
    pub fn breaker(mut self, breaker: impl Into<Option<Breaker>>) -> Self {
        self.breaker = breaker.into();
        self
    }

    /// The server itself keeps tenants apart, as a second line behind the conditions of statements: row-level security. A statement
    /// that forgot its tenant finds nothing then, and one that would write another tenant's row fails.
    ///
    /// Tables that [`Migrations::ddl`](crate::repository::Migrations::ddl) makes for entities with a tenant get a policy, `bw_tenant`,
    /// that holds for their owner, too (`FORCE`). For tables that were there before, `schema/row_security` of
    /// [`check_schema`](crate::repository::Db::check_schema) names the statements. The policy compares the tenant of a row with the
    /// setting `app.tenant_id`, which is set at the start of a transaction and ends with it: so no connection keeps one, whatever
    /// becomes of the caller.
    ///
    /// A unit of work costs nothing more. A single statement on such an entity becomes a transaction, of three round trips instead of one.
    /// Many rows are not sent by COPY, which the server refuses there.
    ///
    /// The user must not be a superuser, nor have BYPASSRLS, nor own such a table without FORCE: connections are refused with
    /// `db/config`, which says what to do. Only [`migrate`](crate::repository::Db::migrate) is for anybody. Scopes of all tenants need
    /// a user of their own: [`system_url`](Self::system_url).
    ///
    /// ```no_run
    /// # fn main() -> Result<(), bailiwick::Error> {
    /// use bailiwick::sql::PostgresStore;
    /// let options = PostgresStore::options("postgres://shop@localhost/shop")?.row_level_security();
    /// let store = options.system_url("postgres://shop_system@localhost/shop")?.connect()?;
    /// # Ok(()) }
    /// ```
    pub fn row_level_security(mut self) -> Self {
        self.security = Security::Tenant;
        self
    }

    /// As whom the rows of all tenants are reached under [row-level security](Self::row_level_security), on connections of their
    /// own: [`TenantScope::All`](crate::repository::TenantScope::All). The user has BYPASSRLS, and rights on the tables of the
    /// entities and of the store. Without it, such a scope answers `db/config` to whatever may reach rows of tenants (those of entities
    /// with a tenant, or of others by what hangs on them; each statement by hand) and to each transaction: units of work, several
    /// writes at once, upserts and snapshots.
    ///
    /// # Errors
    /// `db/config` if it is no URL of a PostgreSQL database.
    pub fn system_url(mut self, url: &str) -> Result<Self, Error> {
        self.system = Some(Box::new(parsed(url)?));
        Ok(self)
    }

    /// Makes the store. Nothing is sent before its first call, so that a program can start before its database.
    ///
    /// # Errors
    /// `db/thread` if the thread that writes cannot be started.
    pub fn connect(mut self) -> Result<PostgresStore, Error> {
        let system = self.system.take().map(|connect| self.reaching_all(*connect));
        PostgresStore::start(self.told(), system.map(Self::told))
    }

    /// The same as another user, whose breaker is his own: that one of them cannot connect says nothing of the other.
    fn reaching_all(&self, connect: PgConnectOptions) -> Self {
        let mut other = Self { connect, security: Security::System, ..self.clone() };
        let name = format!("{}@{}", other.connect.get_username(), other.place());
        other.breaker = self.breaker.as_ref().map(|breaker| breaker.another(name));
        other
    }

    /// The same, whose connections are told the settings.
    fn told(mut self) -> Self {
        self.connect = self.connect.options(std::mem::take(&mut self.settings));
        self
    }

    /// Whether the server keeps tenants apart.
    pub(super) fn keeps_tenants(&self) -> bool {
        self.security != Security::Off
    }

    /// How often the server is asked for a sign of life where nothing need come from it, because a link that is dead may stay
    /// silent.
    pub(super) fn beat(&self) -> Duration {
        self.patience.saturating_mul(2).clamp(LEAST_BEAT, BEAT)
    }

    /// Where the database is, without secrets.
    pub(super) fn place(&self) -> String {
        let database = self.connect.get_database().unwrap_or_else(|| self.connect.get_username());
        format!("{}:{}/{database}", self.connect.get_host(), self.connect.get_port())
    }
}

fn parsed(url: &str) -> Result<PgConnectOptions, Error> {
    let scheme = url.split(':').next().unwrap_or_default();
    let wrong = || Error::new(ErrorKind::Config, "db/config", NO_URL);
    if !matches!(scheme, "postgres" | "postgresql") {
        return Err(wrong().with("scheme", scheme));
    }
    let connect = PgConnectOptions::from_str(url).map_err(|error| wrong().caused_by(error))?;
    let connect = connect.statement_cache_capacity(STATEMENTS).application_name("bailiwick");
    Ok(connect.disable_statement_logging())
}

impl fmt::Debug for PostgresOptions {
    /// Shows no password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("place", &self.place())
            .field("schema", &self.schema)
            .field("readers", &self.readers)
            .field("writers", &self.writers)
            .finish_non_exhaustive()
    }
}
