//! A connection between two programs that can be cut without either noticing, as a broken switch or
//! a lost route does. Stopping a program closes its connections instead.

use std::{future, net::SocketAddr};

use tokio::{
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// A proxy that listens in place of a server. Dropping it closes its connections.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    cuts: watch::Sender<Cuts>,
    listening: JoinHandle<()>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cuts {
    count: u32,
    is_cut: bool,
}

impl Line {
    /// Starts to forward connections to the server at `target`.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (cuts, seen) = watch::channel(Cuts::default());
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, target, seen.clone()));
            }
        });
        Self { address, cuts, listening }
    }

    /// Returns the address of the proxy.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Blocks all traffic from now on without closing a connection. Open connections never recover.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts = Cuts { count: cuts.count + 1, is_cut: true });
    }

    /// Lets new connections through from now on.
    pub fn mend(&self) {
        self.cuts.send_modify(|cuts| cuts.is_cut = false);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn connect(client: TcpStream, target: SocketAddr, mut cuts: watch::Receiver<Cuts>) {
    let Ok(born) = cuts.wait_for(|cuts| !cuts.is_cut).await.map(|cuts| cuts.count) else { return };
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (client, server) = (client.into_split(), server.into_split());
    let lost = async { cuts.wait_for(|cuts| cuts.count != born).await.is_ok() };
    tokio::select! {
        _ = lost => future::pending().await,
        () = pass(client.0, server.1) => {}
        () = pass(server.0, client.1) => {}
    }
}

/// Copies until the sender closes its side or the receiver is gone.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let _ends_both = tokio::io::copy(&mut from, &mut to).await;
}
