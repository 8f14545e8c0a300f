//! Connections that do nothing but be there: how many are held, and that their places come back.

use std::time::Duration;

use masthead_server::config::Connections;
use tokio::time::sleep;

use super::client::{Connection, assert_alive};
use super::server::Server;

/// Row 5: connections that do nothing but be there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_of_an_address_are_limited_and_places_come_back() {
    four_and_no_more(Connections { max_per_address: 4, ..Connections::default() }).await;
}

/// Row 5: as many addresses as an attacker likes have no more places together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_connections_are_limited_and_places_come_back() {
    four_and_no_more(Connections { max: 4, max_per_address: 1_000, ..Connections::default() }).await;
}

async fn four_and_no_more(limits: Connections) {
    let server = Server::with(limits, |_| {}).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut connection = Connection::open(&server).await;
        connection.write("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(connection.reply().await.status, 200);
        held.push(connection);
    }
    let mut fifth = Connection::open(&server).await;
    let said = String::from_utf8(fifth.rest().await).unwrap();
    assert!(said.starts_with("HTTP/1.1 503"), "{said}");
    // those who were there first are served on
    held[0].write("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(held[0].reply().await.status, 200);
    drop(held);
    while ask_once(&server).await.is_none() {
        sleep(Duration::from_millis(10)).await; // until the server has noticed that they left
    }
    assert_alive_slowly(&server).await;
}

/// One request, `None` where there was no place for it.
async fn ask_once(server: &Server) -> Option<u16> {
    let mut connection = Connection::open(server).await;
    connection.write("GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    let said = String::from_utf8(connection.rest().await).unwrap();
    said.starts_with("HTTP/1.1 200").then_some(200)
}

/// As [`assert_alive`], leaving the server time to count the connection before.
async fn assert_alive_slowly(server: &Server) {
    sleep(Duration::from_millis(50)).await;
    assert_alive(server).await;
}
