//! A wire to a server that can be cut at a COMMIT.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use std::sync::{Mutex, PoisonError};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// Where the wire is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server never hears of it and learns that the client is gone.
    Before,
    /// The server never hears of it and believes that the client is there.
    Frozen,
    /// The server has answered, and the client does not hear it.
    Behind,
    /// As `Behind`, and no new connection is taken.
    ForGood,
}

#[derive(Debug)]
struct State {
    armed: Mutex<Option<Cut>>,
    closed: AtomicBool,
    hang_up: watch::Sender<u64>,
    /// How many savepoints were asked for.
    savepoints: AtomicUsize,
    server: String,
}

impl State {
    fn disarm(&self) -> Option<Cut> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A port of this machine behind which the server lies.
#[derive(Debug)]
pub struct Wire {
    state: Arc<State>,
    url: String,
}

impl Wire {
    /// A wire to the server of a URL.
    pub async fn new(url: &str) -> Self {
        let start = url.find('@').map_or_else(|| url.find("://").unwrap() + 3, |at| at + 1);
        let end = start + url[start..].find('/').unwrap();
        let place = &url[start..end];
        let server = if place.contains(':') { place.to_owned() } else { format!("{place}:3306") };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{}{}{}", &url[..start], listener.local_addr().unwrap(), &url[end..]);
        let (armed, closed, hang_up) = (Mutex::new(None), AtomicBool::new(false), watch::Sender::new(0));
        let state = Arc::new(State { armed, closed, hang_up, savepoints: AtomicUsize::new(0), server });
        tokio::spawn(listen(listener, Arc::clone(&state)));
        Self { state, url }
    }

    /// The URL of this end. What goes over the wire can be read.
    pub fn url(&self) -> String {
        let mark = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{mark}ssl-mode=DISABLED", self.url)
    }

    /// Cuts at the next COMMIT.
    pub fn arm(&self, cut: Cut) {
        *self.state.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    /// Whether it was cut since.
    pub fn was_cut(&self) -> bool {
        self.state.armed.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// How many savepoints were asked for: commits that were done again because one failed half-way.
    pub fn savepoints(&self) -> usize {
        self.state.savepoints.load(Ordering::SeqCst)
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.state.closed.store(false, Ordering::SeqCst);
    }

    /// Ends all connections.
    pub fn hang_up(&self) {
        self.state.hang_up.send_modify(|number| *number += 1);
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        if state.closed.load(Ordering::SeqCst) {
            continue;
        }
        let server = TcpStream::connect(&state.server).await.unwrap();
        tokio::spawn(serve(client, server, Arc::clone(&state)));
    }
}

async fn serve(client: TcpStream, server: TcpStream, state: Arc<State>) {
    let mut hung_up = state.hang_up.subscribe();
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let mut sides = Sides { from_client, to_client, from_server, to_server };
    let cut = tokio::select! {
        cut = sides.pump(&state) => cut,
        _ = hung_up.changed() => None,
    };
    match cut {
        Some(Cut::Frozen) => {
            let Sides { from_client, to_client, from_server, to_server } = sides;
            drop((from_client, to_client));
            // The server keeps its end until it closes it.
            let mut from_server = from_server;
            while from_server.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
            drop(to_server);
        }
        Some(Cut::Behind | Cut::ForGood) => {
            let _answer = sides.from_server.read(&mut [0; 1024]).await;
        }
        Some(Cut::Before) | None => {}
    }
}

struct Sides {
    from_client: OwnedReadHalf,
    to_client: OwnedWriteHalf,
    from_server: OwnedReadHalf,
    to_server: OwnedWriteHalf,
}

impl Sides {
    /// Carries bytes until an end closes, or the wire is cut.
    async fn pump(&mut self, state: &State) -> Option<Cut> {
        let (mut up, mut down) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                read = self.from_client.read(&mut up) => {
                    let sent = &up[..read.ok().filter(|read| *read > 0)?];
                    if sent.windows(10).any(|word| word == b"SAVEPOINT ") {
                        state.savepoints.fetch_add(1, Ordering::SeqCst);
                    }
                    // The last word: what opens a connection says READ COMMITTED.
                    let cut = sent.ends_with(b"COMMIT").then(|| state.disarm()).flatten();
                    if cut == Some(Cut::ForGood) {
                        state.closed.store(true, Ordering::SeqCst);
                    }
                    if !matches!(cut, Some(Cut::Before | Cut::Frozen)) {
                        self.to_server.write_all(sent).await.ok()?;
                    }
                    if cut.is_some() {
                        return cut;
                    }
                }
                read = self.from_server.read(&mut down) => {
                    let received = &down[..read.ok().filter(|read| *read > 0)?];
                    self.to_client.write_all(received).await.ok()?;
                }
            }
        }
    }
}
