//! Letters as they leave the house: as messages, into the log, into a folder, and to a mail server that takes them,
//! refuses them, or cannot be trusted with them.

use std::sync::{Arc, Mutex};

use masthead_actions::mail::MailingList;
use masthead_domain::user::EmailAddress;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

fn letter() -> Letter {
    Letter {
        from_name: "صوت المرفأ".to_owned(),
        from: EmailAddress::parse("desk@news.example").unwrap(),
        to_name: "Rana, of Sport".to_owned(),
        to: EmailAddress::parse("rana@news.example").unwrap(),
        subject: "للمراجعة: \u{2068}The Cup\u{2069}".to_owned(),
        body: "مرحبًا،\n\nhttps://news.example/invitation/secret-link\n".to_owned(),
        language: "ar",
        at: chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap(),
        message_id: "masthead.7-user-3.abc@news.example".to_owned(),
        name: "7-user-3".to_owned(),
        list: None,
    }
}

/// Headers, unfolded, and the body as it stands.
fn parts(message: &[u8]) -> (Vec<String>, String) {
    let text = std::str::from_utf8(message).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    (head.split("\r\n").map(str::to_owned).collect(), body.to_owned())
}

fn header<'a>(headers: &'a [String], name: &str) -> &'a str {
    let prefix = format!("{name}: ");
    let mut found = headers.iter().filter_map(|line| line.strip_prefix(&prefix));
    let value = found.next().unwrap_or_else(|| panic!("{name} is in {headers:?}"));
    assert!(found.next().is_none(), "{name} stands once");
    value
}

/// What quoted-printable stands for (RFC 2045, section 6.7).
fn decoded(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_message_says_who_what_when_and_that_nobody_wrote_it() {
    let (headers, body) = parts(&message(&letter()).unwrap().formatted());
    assert!(header(&headers, "From").ends_with("<desk@news.example>"));
    assert_eq!(header(&headers, "To"), "=?utf-8?b?UmFuYSwgb2YgU3BvcnQ=?= <rana@news.example>");
    assert_eq!(header(&headers, "Message-ID"), "<masthead.7-user-3.abc@news.example>");
    assert_eq!(header(&headers, "Date"), "Thu, 09 Oct 2025 08:53:20 +0000");
    assert_eq!(header(&headers, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&headers, "Content-Language"), "ar");
    assert_eq!(header(&headers, "Content-Type"), "text/plain; charset=utf-8");
    assert_eq!(header(&headers, "MIME-Version"), "1.0");
    assert!(header(&headers, "Subject").starts_with("=?utf-8?"), "{headers:?}");
    assert_eq!(header(&headers, "Content-Transfer-Encoding"), "quoted-printable");
    assert_eq!(decoded(&body), letter().body.replace('\n', "\r\n"));
    assert!(headers.iter().all(|line| line.is_ascii()), "{headers:?}");
}

#[test]
fn a_letter_of_a_list_says_how_to_get_no_more() {
    let unsubscribe = format!("https://news.example/thread-letters/end/{}?lang=ar", "A".repeat(120));
    let list = MailingList { id: "thread-7.news.example".to_owned(), unsubscribe: unsubscribe.clone() };
    let (headers, _) = parts(&message(&Letter { list: Some(list), ..letter() }).unwrap().formatted());
    assert_eq!(header(&headers, "List-Id"), "<thread-7.news.example>");
    assert_eq!(header(&headers, "List-Unsubscribe"), format!("<{unsubscribe}>"));
    assert_eq!(header(&headers, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let (headers, _) = parts(&message(&letter()).unwrap().formatted());
    assert!(headers.iter().all(|line| !line.starts_with("List-")), "{headers:?}");
}

#[test]
fn no_header_can_be_slipped_in() {
    let evil = "x\r\nBcc: evil@else.example\r\n\r\n<script>";
    for (field, letter) in [
        ("to", Letter { to_name: evil.to_owned(), ..letter() }),
        ("from", Letter { from_name: evil.to_owned(), ..letter() }),
        ("subject", Letter { subject: evil.to_owned(), ..letter() }),
        ("id", Letter { message_id: evil.to_owned(), ..letter() }),
        (
            "list",
            Letter {
                list: Some(MailingList { id: "a".to_owned(), unsubscribe: evil.to_owned() }),
                ..letter()
            },
        ),
    ] {
        assert!(matches!(message(&letter), Err(NotSent::ForGood(_))), "{field}");
    }
}

#[tokio::test]
async fn a_folder_keeps_each_letter_once_and_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("some/letters");
    let carrier = Carrier::new(&MailSink::File(folder.clone())).unwrap();
    carrier.deliver(&letter()).await.unwrap();
    carrier.deliver(&letter()).await.unwrap();
    carrier.deliver(&Letter { name: "8-user-3".to_owned(), ..letter() }).await.unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["7-user-3.eml", "8-user-3.eml"]);
    let (headers, _) = parts(&std::fs::read(folder.join("7-user-3.eml")).unwrap());
    assert_eq!(header(&headers, "Message-ID"), "<masthead.7-user-3.abc@news.example>");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.join("7-user-3.eml")), mode(&folder)), (0o600, 0o700));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(matches!(carrier.deliver(&letter()).await, Err(NotSent::ForNow(_))));
    assert!(Carrier::new(&MailSink::File(PathBuf::from("/dev/null/letters"))).is_err());
}

#[test]
fn the_log_tells_of_a_letter_and_not_what_it_says_or_to_whom() {
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let written = Written::default();
    let sink = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || sink.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(Carrier::new(&MailSink::Log).unwrap().deliver(&letter())).unwrap();
    });
    let told = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(told.contains("The Cup") && told.contains("recipients=1"), "{told}");
    assert!(!told.contains("secret-link") && !told.contains("rana@"), "{told}");
}

/// A mail server that answers one client: by `answer` to what begins a line, else with 250. What it was told.
async fn serve(listener: TcpListener, answer: fn(&str) -> Option<&'static str>) -> Vec<String> {
    let (stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut told = Vec::new();
    let mut in_text = false;
    write.write_all(b"220 mail.example\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        told.push(line.clone());
        let reply = match (in_text, line.as_str()) {
            (true, ".") => {
                in_text = false;
                answer(".").unwrap_or("250 taken")
            }
            (true, _) => continue,
            (false, "DATA") => {
                in_text = true;
                "354 go on"
            }
            (false, line) if line.starts_with("QUIT") => break,
            (false, line) => match answer(line) {
                Some("") => break,
                Some(reply) => reply,
                None => "250 well",
            },
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
    }
    told
}

async fn sent_to(sink: &str, answer: fn(&str) -> Option<&'static str>) -> (Result<(), NotSent>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let carrier = Carrier::new(&MailSink::parse(&sink.replace("PORT", &port)).unwrap()).unwrap();
    let server = tokio::spawn(serve(listener, answer));
    let outcome = carrier.deliver(&letter()).await;
    drop(carrier);
    (outcome, server.await.unwrap())
}

const PLAIN: &str = "smtp://127.0.0.1:PORT?tls=none";

#[tokio::test]
async fn a_mail_server_is_given_the_letter() {
    let (outcome, told) = sent_to(PLAIN, |_| None).await;
    assert_eq!(outcome, Ok(()));
    let said = |beginning: &str| told.iter().any(|line| line.starts_with(beginning));
    assert!(said("MAIL FROM:<desk@news.example>") && said("RCPT TO:<rana@news.example>"), "{told:?}");
    assert!(said("Message-ID: <masthead.7-user-3.abc@news.example>") && said("."), "{told:?}");
}

#[tokio::test]
async fn what_the_server_refuses_is_told_without_its_words() {
    let (outcome, _) =
        sent_to(PLAIN, |line| line.starts_with("RCPT").then_some("550 no rana@news.example here")).await;
    assert_eq!(outcome, Err(NotSent::ForGood("the mail server refused it with 550".to_owned())));
    let (outcome, _) =
        sent_to(PLAIN, |line| line.starts_with("RCPT").then_some("451 later, rana@news.example")).await;
    assert_eq!(outcome, Err(NotSent::ForNow("the mail server refused it with 451".to_owned())));
    let (outcome, _) = sent_to(PLAIN, |line| (line == ".").then_some("")).await;
    assert!(matches!(outcome, Err(NotSent::ForNow(_))), "{outcome:?}");
    // The password is wrong: no letter's fault.
    let (outcome, told) = sent_to("smtp://desk:hunter2@127.0.0.1:PORT?tls=none", |line| {
        if line.starts_with("EHLO") {
            Some("250-mail.example\r\n250 AUTH PLAIN LOGIN")
        } else {
            line.starts_with("AUTH").then_some("535 desk is wrong")
        }
    })
    .await;
    assert_eq!(outcome, Err(NotSent::ForNow("the mail server refused it with 535".to_owned())));
    assert!(!told.iter().any(|line| line.starts_with("MAIL")), "{told:?}");
}

#[tokio::test]
async fn without_a_secure_connection_nothing_is_said() {
    let (outcome, told) = sent_to("smtp://desk:hunter2@127.0.0.1:PORT", |_| None).await;
    assert!(matches!(outcome, Err(NotSent::ForNow(_))), "{outcome:?}");
    assert!(!told.iter().any(|line| line.starts_with("MAIL") || line.starts_with("AUTH")), "{told:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let carrier =
        Carrier::new(&MailSink::parse(&format!("smtp://127.0.0.1:{port}?tls=none")).unwrap()).unwrap();
    let outcome = carrier.deliver(&letter()).await;
    assert_eq!(outcome, Err(NotSent::ForNow("the mail server cannot be reached".to_owned())));
}
