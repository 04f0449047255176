//! A line between two programs that can be cut without either noticing: what a broken
//! switch or a dropped route does, and stopping a program does not.

use std::{future, net::SocketAddr};

use tokio::{
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// Listens in place of a server; dropping it hangs up.
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
    /// Passes on whatever arrives to the server at `target`, and back.
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

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing gets through, and no peer is told. Open connections stay lost for ever.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts = Cuts { count: cuts.count + 1, is_cut: true });
    }

    /// From now on new connections get through.
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

/// Until the sender closes its end or the receiver is gone.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let _ends_both = tokio::io::copy(&mut from, &mut to).await;
}
