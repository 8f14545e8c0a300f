//! Asking the newsroom's own classifier about a comment: a signed HTTP request, a time limit, and a circuit breaker, so
//! that one that is down costs readers nothing. It must not know what becomes of the answer.
//!
//! The request is a POST of `{ "text", "authorName", "locale", "findings": [{ "phase", "verdict" }] }` with the header
//! `Masthead-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 (RFC 2104) of `SECONDS.BODY` under the secret that both
//! sides have. The answer is `{ "verdict": "PUBLISH" | "HOLD" | "REWORD" | "REFUSE", "detail": "a sentence" }`, or an empty
//! body (204) for nothing to say.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use masthead_actions::comment::classify::{Classify, Question};
use masthead_domain::comment::pipeline::{Finding, Phase, Verdict};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;
use url::Url;

use crate::api;
use crate::config;

/// Failures in a row after which nobody is asked for a while.
const PATIENCE: u32 = 5;
/// For how long nobody is asked then. One question after that decides whether others follow.
const REST: Duration = Duration::from_secs(30);
/// Most bytes of an answer, and characters of its sentence.
const MOST_BYTES: usize = 16 * 1024;
const MOST_DETAIL: usize = 500;

/// See the module.
pub(crate) struct HttpClassifier {
    client: reqwest::Client,
    url: Url,
    secret: Vec<u8>,
    otherwise: Verdict,
    breaker: Mutex<Breaker>,
}

/// Why there is no classifier although one was asked for.
#[derive(Debug, Error)]
pub enum NoClassifier {
    /// Requests could not be signed.
    #[error("the classifier needs a secret: --classifier-secret, or MASTHEAD_CLASSIFIER_SECRET")]
    NoSecret,
    /// The HTTP client cannot be set up.
    #[error("the classifier cannot be asked: {0}")]
    Client(#[from] reqwest::Error),
}

/// Why a question has no answer; for the log.
#[derive(Debug, Error)]
enum NoAnswer {
    #[error("it rests after failing {PATIENCE} times in a row")]
    Resting,
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("its answer is longer than {MOST_BYTES} bytes")]
    TooLong,
    #[error("its answer cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    text: &'a str,
    author_name: Option<&'a str>,
    locale: &'a str,
    findings: Vec<Found>,
}

#[derive(Serialize)]
struct Found {
    phase: Phase,
    verdict: Verdict,
}

#[derive(Deserialize)]
struct Answer {
    verdict: Verdict,
    #[serde(default)]
    detail: String,
}

impl HttpClassifier {
    /// As set; `None` where nobody is to be asked.
    pub(crate) fn new(settings: &config::Classifier) -> Result<Option<Self>, NoClassifier> {
        let Some(url) = settings.url.clone() else { return Ok(None) };
        let secret = settings.secret.as_ref().ok_or(NoClassifier::NoSecret)?;
        // Another part of the program may have chosen the same one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(settings.timeout.0)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Some(Self {
            client,
            url,
            secret: secret.expose().as_bytes().to_vec(),
            otherwise: settings.otherwise.verdict(),
            breaker: Mutex::default(),
        }))
    }

    async fn ask(&self, question: &Question) -> Result<Option<Finding>, NoAnswer> {
        let body = serde_json::to_string(&Body {
            text: &question.text,
            author_name: question.author_name.as_deref(),
            locale: question.locale.as_str(),
            findings: question.findings.iter().map(|&(phase, verdict)| Found { phase, verdict }).collect(),
        })?;
        let signature = self.signature(api::now().timestamp(), &body);
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("masthead-signature", signature)
            .body(body);
        let mut response = request.send().await?;
        if !response.status().is_success() {
            return Err(NoAnswer::Status(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if answer.len() + chunk.len() > MOST_BYTES {
                return Err(NoAnswer::TooLong);
            }
            answer.extend_from_slice(&chunk);
        }
        if answer.is_empty() {
            return Ok(None);
        }
        let Answer { verdict, detail } = serde_json::from_slice(&answer)?;
        let detail: String = detail.chars().filter(|c| !c.is_control()).take(MOST_DETAIL).collect();
        let detail = if detail.trim().is_empty() { "The classifier says so.".to_owned() } else { detail };
        Ok(Some(Finding::new(Phase::External, verdict, detail)))
    }

    fn signature(&self, seconds: i64, body: &str) -> String {
        #[expect(clippy::expect_used, reason = "the constructor fails for no key")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        mac.update(format!("{seconds}.{body}").as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={hex}")
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Classify for HttpClassifier {
    fn classify<'a>(
        &'a self,
        question: &'a Question,
    ) -> Pin<Box<dyn Future<Output = Option<Finding>> + Send + 'a>> {
        Box::pin(async move {
            let may_ask = self.breaker().may_ask(Instant::now());
            let answer = if may_ask { self.ask(question).await } else { Err(NoAnswer::Resting) };
            match answer {
                Ok(finding) => {
                    self.breaker().succeeded();
                    finding
                }
                Err(why) => {
                    if may_ask {
                        self.breaker().failed(Instant::now());
                        tracing::warn!(%why, "the classifier of comments gave no answer");
                    }
                    Some(Finding::new(Phase::External, self.otherwise, "The classifier gave no answer."))
                }
            }
        })
    }
}

/// Counts failures in a row, and rests.
#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Breaker {
    /// Whether a question may be asked; after a rest one, whose answer decides about the others.
    fn may_ask(&mut self, now: Instant) -> bool {
        match self.rests_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.rests_until = Some(now + REST);
                true
            }
        }
    }

    fn succeeded(&mut self) {
        *self = Self::default();
    }

    fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= PATIENCE {
            self.rests_until = Some(now + REST);
        }
    }
}

#[cfg(test)]
mod tests {
    use masthead_domain::text::LanguageTag;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    fn question() -> Question {
        Question {
            text: "مرحبا".into(),
            author_name: None,
            locale: LanguageTag::parse("ar").unwrap(),
            findings: vec![(Phase::Links, Verdict::Hold)],
        }
    }

    fn classifier(url: String, timeout: Duration) -> HttpClassifier {
        let settings = config::Classifier {
            url: Some(Url::parse(&url).unwrap()),
            secret: Some("shared".to_owned().into()),
            timeout: config::Seconds(timeout),
            otherwise: config::Otherwise::Hold,
        };
        HttpClassifier::new(&settings).unwrap().unwrap()
    }

    /// A server that answers every request so; what it was asked comes out.
    async fn answering(answer: &'static str) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, asked) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut bytes = vec![0; 8192];
                let mut request = String::new();
                while !request.contains("]}") {
                    let read = socket.read(&mut bytes).await.unwrap();
                    if read == 0 {
                        break;
                    }
                    request.push_str(&String::from_utf8_lossy(&bytes[..read]));
                }
                let _ = tell.send(request);
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        (format!("http://{address}/classify"), asked)
    }

    #[tokio::test]
    async fn a_question_is_signed_and_its_answer_a_finding() {
        let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 42\r\n\r\n{\"verdict\":\"HOLD\",\"detail\":\"It insults.\"} ";
        let (url, mut asked) = answering(answer).await;
        let classifier = classifier(url, Duration::from_secs(5));
        let found = classifier.classify(&question()).await;
        assert_eq!(found, Some(Finding::new(Phase::External, Verdict::Hold, "It insults.")));
        let request = asked.recv().await.unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let signature = head.lines().find_map(|line| line.strip_prefix("masthead-signature: ")).unwrap();
        let seconds: i64 = signature[2..].split(',').next().unwrap().parse().unwrap();
        assert_eq!(signature, classifier.signature(seconds, body));
        assert_eq!(
            body,
            r#"{"text":"مرحبا","authorName":null,"locale":"ar","findings":[{"phase":"LINKS","verdict":"HOLD"}]}"#
        );
    }

    #[tokio::test]
    async fn no_answer_is_the_default_and_after_five_nobody_is_asked() {
        let (url, mut asked) =
            answering("HTTP/1.1 500 Oh\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
        let classifier = classifier(url, Duration::from_secs(5));
        for _ in 0..PATIENCE + 3 {
            let found = classifier.classify(&question()).await.unwrap();
            assert_eq!((found.phase, found.verdict), (Phase::External, Verdict::Hold));
        }
        let mut times = 0;
        while asked.try_recv().is_ok() {
            times += 1;
        }
        assert_eq!(times, PATIENCE);
    }

    #[tokio::test]
    async fn one_that_says_nothing_is_waited_for_so_long_only() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let found = classifier(url, Duration::from_millis(50)).classify(&question()).await.unwrap();
        assert_eq!(found.verdict, Verdict::Hold);
    }

    #[test]
    fn after_a_rest_one_question_decides() {
        let mut breaker = Breaker::default();
        let start = Instant::now();
        for _ in 0..PATIENCE {
            assert!(breaker.may_ask(start));
            breaker.failed(start);
        }
        assert!(!breaker.may_ask(start + REST / 2));
        assert!(breaker.may_ask(start + REST));
        assert!(!breaker.may_ask(start + REST), "the others wait for its answer");
        breaker.succeeded();
        assert!(breaker.may_ask(start + REST));
    }
}
