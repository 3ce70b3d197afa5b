//! Stands between a client and a server, and cuts their connection, or lets it fall silent, at a chosen moment.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What becomes of the bytes at which a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They do not reach the server.
    Lost,
    /// The server has them, and the client is gone before it answers.
    Sent,
    /// The server has them and has answered, which the client does not learn.
    Answered,
    /// They do not reach the server, and the connection stays open for both sides.
    Held,
    /// The server has them, and the connection stays open for both sides; nothing comes any more.
    Silent,
}

/// A proxy on loopback, in the runtime of the test.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    wires: Arc<Wires>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Wires {
    upstream: SocketAddr,
    cut: Mutex<Option<(Vec<u8>, Fate)>>,
    cuts: AtomicUsize,
    refuses: AtomicBool,
    refuses_after_cut: AtomicBool,
    /// What clients have sent, connection by connection; kept only where a test asks for it.
    heard: Mutex<Option<Vec<Vec<u8>>>>,
    /// Connections whose client has sent these bytes carry nothing any more, and stay open.
    silent: Mutex<Option<Vec<u8>>>,
    /// How many notices of PostgreSQL still reach clients; they are looked for only where a test asks for it.
    notices: Mutex<Option<usize>>,
    /// What clients send, and what the server is told instead, of the same length.
    instead: Mutex<Option<(Vec<u8>, Vec<u8>)>>,
}

impl Proxy {
    /// A proxy to the server of a URL, and the URL through it.
    ///
    /// # Panics
    /// If there is no such server, or no port is free.
    pub async fn before(url: &str) -> (Self, String) {
        let place = url.rsplit('@').next().unwrap().split(['/', '?']).next().unwrap().to_owned();
        let server: SocketAddr = tokio::net::lookup_host(&place).await.unwrap().next().unwrap();
        let proxy = Self::start(server).await;
        let url = url.replace(&place, &proxy.address().to_string());
        (proxy, url)
    }

    /// A proxy to a server.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let wires = Arc::new(Wires {
            upstream,
            cut: Mutex::default(),
            cuts: AtomicUsize::new(0),
            refuses: AtomicBool::new(false),
            refuses_after_cut: AtomicBool::new(false),
            heard: Mutex::default(),
            silent: Mutex::default(),
            notices: Mutex::default(),
            instead: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&wires)));
        Self { address, wires, accepting }
    }

    /// Where clients connect to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the next connection by which the client sends these bytes, once.
    ///
    /// # Panics
    /// Never.
    pub fn cut_at(&self, bytes: impl Into<Vec<u8>>, fate: Fate) {
        *self.wires.cut.lock().unwrap() = Some((bytes.into(), fate));
    }

    /// Whether the next cut is also the end of all new connections, until [`admit`](Self::admit).
    pub fn refuse_after_cut(&self) {
        self.wires.refuses_after_cut.store(true, Ordering::SeqCst);
    }

    /// Takes no new connections until [`admit`](Self::admit).
    pub fn refuse(&self) {
        self.wires.refuses.store(true, Ordering::SeqCst);
    }

    /// Keeps what the clients of new connections send.
    ///
    /// # Panics
    /// Never.
    pub fn record(&self) {
        *self.wires.heard.lock().unwrap() = Some(Vec::new());
    }

    /// What was sent by each connection since [`record`](Self::record).
    ///
    /// # Panics
    /// If nothing was recorded.
    #[must_use]
    pub fn recorded(&self) -> Vec<Vec<u8>> {
        self.wires.heard.lock().unwrap().clone().unwrap()
    }

    /// Lets each connection whose client has sent these bytes fall silent, without closing it; `None` for no new ones.
    /// Only with [`record`](Self::record).
    ///
    /// # Panics
    /// Never.
    pub fn silence(&self, bytes: Option<&[u8]>) {
        *self.wires.silent.lock().unwrap() = bytes.map(<[u8]>::to_vec);
    }

    /// Lets so many notices of PostgreSQL reach clients, and swallows the others. Holds for all connections made since the
    /// first call.
    ///
    /// # Panics
    /// Never.
    pub fn deliver_notices(&self, most: usize) {
        *self.wires.notices.lock().unwrap() = Some(most);
    }

    /// Tells the server one word instead of another of the same length.
    ///
    /// # Panics
    /// If one is longer.
    pub fn replace(&self, word: &str, by: &str) {
        assert_eq!(word.len(), by.len());
        *self.wires.instead.lock().unwrap() = Some((word.into(), by.into()));
    }

    /// Tells the server what clients send.
    ///
    /// # Panics
    /// Never.
    pub fn keep(&self) {
        *self.wires.instead.lock().unwrap() = None;
    }

    /// Takes new connections again.
    pub fn admit(&self) {
        self.wires.refuses.store(false, Ordering::SeqCst);
        self.wires.refuses_after_cut.store(false, Ordering::SeqCst);
    }

    /// How many connections were cut.
    #[must_use]
    pub fn cuts(&self) -> usize {
        self.wires.cuts.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, wires: Arc<Wires>) {
    while let Ok((client, _)) = listener.accept().await {
        if !wires.refuses.load(Ordering::SeqCst) {
            tokio::spawn(carry(client, Arc::clone(&wires)));
        }
    }
}

/// Carries bytes both ways until one side ends or the connection is cut.
async fn carry(mut client: TcpStream, wires: Arc<Wires>) -> io::Result<()> {
    let mut server = TcpStream::connect(wires.upstream).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut from_server) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let place = wires.enter();
    let mut messages = wires.divides().then(Vec::new);
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(5));
    loop {
        if wires.is_silent(place) {
            std::future::pending::<()>().await;
        }
        tokio::select! {
            read = client.read(&mut from_client) => {
                let bytes = &mut from_client[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                wires.replace(bytes);
                wires.hear(place, bytes);
                if let Some(fate) = wires.meets(bytes) {
                    return end(&mut server, bytes, fate).await;
                }
                server.write_all(bytes).await?;
            }
            read = server.read(&mut from_server) => {
                let bytes = &from_server[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                match &mut messages {
                    Some(messages) => client.write_all(&wires.deliver(messages, bytes)).await?,
                    None => client.write_all(bytes).await?,
                }
            }
            _ = beat.tick(), if place.is_some() => {}
        }
    }
}

async fn end(server: &mut TcpStream, bytes: &[u8], fate: Fate) -> io::Result<()> {
    if !matches!(fate, Fate::Lost | Fate::Held) {
        server.write_all(bytes).await?;
    }
    if matches!(fate, Fate::Held | Fate::Silent) {
        std::future::pending::<()>().await;
    }
    if fate == Fate::Answered {
        let _swallowed = server.read(&mut [0; 1 << 16]).await?;
    }
    Ok(())
}

impl Wires {
    /// A place for what a new connection sends, if that is kept.
    fn enter(&self) -> Option<usize> {
        let mut heard = self.heard.lock().unwrap();
        let all = heard.as_mut()?;
        all.push(Vec::new());
        Some(all.len() - 1)
    }

    fn replace(&self, bytes: &mut [u8]) {
        let Some((word, by)) = &*self.instead.lock().unwrap() else { return };
        while let Some(at) = bytes.windows(word.len()).position(|window| window == word) {
            bytes[at..at + by.len()].copy_from_slice(by);
        }
    }

    fn hear(&self, place: Option<usize>, bytes: &[u8]) {
        if let (Some(place), Some(all)) = (place, self.heard.lock().unwrap().as_mut()) {
            all[place].extend_from_slice(bytes);
        }
    }

    fn is_silent(&self, place: Option<usize>) -> bool {
        let silent = self.silent.lock().unwrap();
        let heard = self.heard.lock().unwrap();
        let (Some(mark), Some(place), Some(all)) = (&*silent, place, &*heard) else { return false };
        contains(&all[place], mark)
    }

    /// Whether the messages of a new connection's server are looked at.
    fn divides(&self) -> bool {
        self.notices.lock().unwrap().is_some()
    }

    /// What reaches the client of the whole messages that are there with these bytes; the beginning of another one waits.
    fn deliver(&self, messages: &mut Vec<u8>, bytes: &[u8]) -> Vec<u8> {
        messages.extend_from_slice(bytes);
        let mut delivered = Vec::new();
        while let Some((head, _)) = messages.split_first_chunk::<5>() {
            let length = 1 + u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
            if messages.len() < length {
                break;
            }
            let message = messages.drain(..length);
            if message.as_slice()[0] != b'A' || self.admits_notice() {
                delivered.extend(message);
            }
        }
        delivered
    }

    fn admits_notice(&self) -> bool {
        let mut left = self.notices.lock().unwrap();
        let some = left.is_none_or(|left| left > 0);
        *left = left.map(|left| left.saturating_sub(1));
        some
    }

    fn meets(&self, bytes: &[u8]) -> Option<Fate> {
        let mut cut = self.cut.lock().unwrap();
        let (_, fate) = cut.take_if(|(mark, _)| contains(bytes, mark))?;
        if self.refuses_after_cut.load(Ordering::SeqCst) {
            self.refuses.store(true, Ordering::SeqCst);
        }
        self.cuts.fetch_add(1, Ordering::SeqCst);
        Some(fate)
    }
}

/// Whether some bytes have others in them.
#[must_use]
pub fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}
