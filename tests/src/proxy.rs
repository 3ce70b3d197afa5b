//! Stands between a client and a server, and cuts their connection at a chosen moment.

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
}

impl Proxy {
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
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let bytes = &from_client[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
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
                client.write_all(bytes).await?;
            }
        }
    }
}

async fn end(server: &mut TcpStream, bytes: &[u8], fate: Fate) -> io::Result<()> {
    if fate != Fate::Lost {
        server.write_all(bytes).await?;
    }
    if fate == Fate::Answered {
        let _swallowed = server.read(&mut [0; 1 << 16]).await?;
    }
    Ok(())
}

impl Wires {
    fn meets(&self, bytes: &[u8]) -> Option<Fate> {
        let mut cut = self.cut.lock().unwrap();
        let (_, fate) = cut.take_if(|(mark, _)| bytes.windows(mark.len()).any(|window| window == &mark[..]))?;
        if self.refuses_after_cut.load(Ordering::SeqCst) {
            self.refuses.store(true, Ordering::SeqCst);
        }
        self.cuts.fetch_add(1, Ordering::SeqCst);
        Some(fate)
    }
}
