//! What those who watch cost: `cargo xtask bench --live N [--database URL]` opens N WebSocket connections on the same
//! program, each with one idle subscription to a thread, and tells the program's memory before and after.
//!
//! The clients are threads of this process with plain sockets: 10,000 of them need 10,000 file descriptors here and as many
//! in the program (`ulimit -n`).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The operation, as the contract has it but for its fragment.
const SUBSCRIBE: &str = r#"{"id":"1","type":"subscribe","payload":{"query":"subscription ThreadLive($article: ID!, $since: String) { threadChanged(articleId: $article, since: $since) { cursor kind commentId comment { id authorName byStaff direction body { html text } createdAt editedAt reactions { kind count } parent { id } } } }","variables":{"article":"QXJ0aWNsZTox"}}}"#;

/// Opens so many, and keeps them.
pub fn open(address: &str, count: u32) -> Result<Vec<TcpStream>, String> {
    let began = Instant::now();
    let mut open = Vec::new();
    for n in 0..count {
        open.push(subscribe(address).map_err(|why| format!("subscriber {n}: {why}"))?);
    }
    println!("subscribers {count} in {:.1} s", began.elapsed().as_secs_f64());
    Ok(open)
}

/// How many of them have been closed meanwhile.
pub fn closed(open: &mut [TcpStream]) -> usize {
    let is_closed = |stream: &mut TcpStream| {
        let mut buffer = [0; 64];
        stream.set_nonblocking(true).is_err() || matches!(stream.read(&mut buffer), Ok(0))
    };
    open.iter_mut().map(is_closed).filter(|closed| *closed).count()
}

fn subscribe(address: &str) -> Result<TcpStream, String> {
    let mut stream = TcpStream::connect(address).map_err(|why| why.to_string())?;
    // Without it each small message waits for the confirmation of the one before.
    stream.set_nodelay(true).map_err(|why| why.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).map_err(|why| why.to_string())?;
    let handshake = format!(
        "GET /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(handshake.as_bytes()).map_err(|why| why.to_string())?;
    expect(&mut stream, b"\r\n\r\n")?;
    say(&mut stream, r#"{"type":"connection_init"}"#)?;
    expect(&mut stream, br#"{"type":"connection_ack"}"#)?;
    say(&mut stream, SUBSCRIBE)?;
    // Its answer comes behind the subscription's beginning.
    say(&mut stream, r#"{"type":"ping"}"#)?;
    expect(&mut stream, br#"{"type":"pong"}"#)?;
    Ok(stream)
}

/// A text in one frame, masked with zeros.
fn say(stream: &mut TcpStream, text: &str) -> Result<(), String> {
    let length = u16::try_from(text.len()).map_err(|why| why.to_string())?;
    let mut frame = vec![0x81];
    match u8::try_from(length) {
        Ok(short) if short < 126 => frame.push(0x80 | short),
        _ => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(text.as_bytes());
    stream.write_all(&frame).map_err(|why| why.to_string())
}

fn expect(stream: &mut TcpStream, end: &[u8]) -> Result<(), String> {
    let mut heard = Vec::new();
    let mut byte = [0];
    while !heard.ends_with(end) {
        match stream.read(&mut byte) {
            Ok(1) => heard.push(byte[0]),
            Ok(_) => return Err(format!("closed after {:?}", String::from_utf8_lossy(&heard))),
            Err(why) => return Err(format!("{why} after {:?}", String::from_utf8_lossy(&heard))),
        }
    }
    Ok(())
}
