//! A client that can misbehave: bytes over a socket, as slowly and as wrongly as a test likes.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::server::Server;

/// Longer than any of this may take; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// An HTTP response.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
    /// `extensions.code` and `extensions.limit` of the first error; empty where there is none.
    pub fn codes(&self) -> (String, String) {
        let json = self.json();
        let extension =
            |name: &str| json["errors"][0]["extensions"][name].as_str().unwrap_or_default().to_owned();
        (extension("code"), extension("limit"))
    }
}

/// A connection to write to by hand.
pub struct Connection(pub TcpStream);

impl Connection {
    pub async fn open(server: &Server) -> Self {
        Self(TcpStream::connect(server.address).await.unwrap())
    }

    /// Writes, whether or not the other side still listens.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = timeout(PATIENCE, self.0.write_all(bytes.as_ref())).await.expect("the server takes bytes");
    }

    /// Waits until the other side closes, and gives what it said. A reset counts as closed.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut said = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match timeout(PATIENCE, self.0.read(&mut buffer)).await.expect("the server closes the connection")
            {
                Ok(0) | Err(_) => return said,
                Ok(length) => said.extend_from_slice(&buffer[..length]),
            }
        }
    }

    /// Reads the head of a response, and gives its status.
    pub async fn status(&mut self) -> u16 {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            let length =
                timeout(PATIENCE, self.0.read(&mut byte)).await.expect("the server answers").unwrap();
            assert!(length > 0, "closed after {:?}", String::from_utf8_lossy(&head));
            head.extend_from_slice(&byte);
        }
        String::from_utf8_lossy(&head).split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Waits until the other side closes, and passes over what it says.
    pub async fn ended(&mut self) {
        let mut buffer = [0; 4096];
        while self.0.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
    }

    /// Reads one response, its length told by its head.
    pub async fn reply(&mut self) -> Reply {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            if let Some(reply) = parse(&bytes) {
                return reply;
            }
            let length =
                timeout(PATIENCE, self.0.read(&mut buffer)).await.expect("the server answers").unwrap();
            assert!(length > 0, "closed after {:?}", String::from_utf8_lossy(&bytes));
            bytes.extend_from_slice(&buffer[..length]);
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Reply> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let head = head.to_lowercase();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() >= length).then(|| Reply { status, head, body: body.to_owned() })
}

/// A POST of this body, complete.
pub fn post(body: &str) -> String {
    post_as("application/json", body)
}

/// The same with another Content-Type.
pub fn post_as(content_type: &str, body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: a\r\naccept: application/graphql-response+json\r\ncontent-type: {content_type}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends one request on a connection of its own.
pub async fn send(server: &Server, request: &str) -> Reply {
    let mut connection = Connection::open(server).await;
    connection.write(request).await;
    connection.reply().await
}

/// Asks a document with variables.
pub async fn ask(server: &Server, query: &str, variables: Value) -> Reply {
    send(server, &post(&json!({"query": query, "variables": variables}).to_string())).await
}

/// The process is there, and answers: both the plain path and an operation.
pub async fn assert_alive(server: &Server) {
    let health = send(server, "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!((health.status, health.body.as_str()), (200, r#"{"status":"ok"}"#));
    let reply = ask(server, "{ article { title } }", Value::Null).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["data"]["article"]["title"], "وزيرة شؤون الشباب");
}
