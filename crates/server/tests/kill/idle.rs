//! What those cost who only watch: a subscriber over WebSocket to whom nothing is told has small buffers, so that ten
//! thousand of them fit where the program's own needs do. `cargo xtask bench --live` opens that many.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::program::Place;

const SUBSCRIBERS: u64 = 600;
/// What one may cost: 10,000 of these are 400 MB.
const MOST_KILOBYTES: u64 = 40;

#[test]
fn an_idle_subscriber_costs_little() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("masthead.sqlite").display());
    let program = Place { database: &database, data: folder.path() }.serve();
    // Memory comes in large pieces: the first ones are counted with nobody.
    let mut open: Vec<TcpStream> = (0..300).map(|_| subscribed(&program.address)).collect();
    let before = program.kilobytes();
    open.extend((0..SUBSCRIBERS).map(|_| subscribed(&program.address)));
    let each = program.kilobytes().saturating_sub(before) / SUBSCRIBERS;
    assert!(each <= MOST_KILOBYTES, "{each} KB a subscriber");
    for stream in &mut open {
        said(stream, &json!({"type": "ping"}));
        heard(stream, br#"{"type":"pong"}"#);
    }
    program.stop();
}

/// A connection with one subscription to a thread that is not there: nothing is ever told.
fn subscribed(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    // Else each small message waits for the confirmation of the one before.
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let handshake = format!(
        "GET /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(handshake.as_bytes()).unwrap();
    heard(&mut stream, b"\r\n\r\n");
    said(&mut stream, &json!({"type": "connection_init"}));
    heard(&mut stream, br#"{"type":"connection_ack"}"#);
    let query = "subscription { threadChanged(articleId: \"QXJ0aWNsZTox\") { cursor kind commentId } }";
    said(&mut stream, &json!({"id": "1", "type": "subscribe", "payload": {"query": query}}));
    // Its answer comes behind the subscription's beginning.
    said(&mut stream, &json!({"type": "ping"}));
    heard(&mut stream, br#"{"type":"pong"}"#);
    stream
}

/// A text in one frame, masked with zeros.
fn said(stream: &mut TcpStream, message: &serde_json::Value) {
    let text = message.to_string();
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    let head: &[u8] =
        if text.len() < 126 { &[0x81, 0x80 | length[1]] } else { &[0x81, 0xfe, length[0], length[1]] };
    stream.write_all(&[head, &[0; 4], text.as_bytes()].concat()).unwrap();
}

/// Reads until these bytes have come.
fn heard(stream: &mut TcpStream, end: &[u8]) {
    let (mut all, mut byte) = (Vec::new(), [0]);
    while !all.ends_with(end) {
        stream
            .read_exact(&mut byte)
            .unwrap_or_else(|why| panic!("{why} after {}", String::from_utf8_lossy(&all)));
        all.push(byte[0]);
    }
}
