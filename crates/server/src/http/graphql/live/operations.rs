//! The operations that run on one connection: few, each with the name that the client gave it. It must not know how their
//! answers are sent.

use std::future::poll_fn;
use std::task::Poll;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use async_graphql::{Response as GraphqlResponse, ServerError, Value};

use super::super::answer::is_refused;

/// What runs on a connection.
#[derive(Default)]
pub struct Operations {
    running: Vec<Running>,
    /// Whose turn it is first.
    turn: usize,
}

struct Running {
    id: String,
    answers: BoxStream<'static, GraphqlResponse>,
    /// Whether more than one answer may come.
    lasts: bool,
}

/// What an operation has come to.
pub enum Outcome {
    /// An answer.
    Next(GraphqlResponse),
    /// It is refused, or has failed, and is over.
    Error(Vec<ServerError>),
    /// It is over.
    Complete,
}

impl Operations {
    /// How many run.
    pub fn len(&self) -> usize {
        self.running.len()
    }

    /// Whether one of this name runs.
    pub fn contains(&self, id: &str) -> bool {
        self.running.iter().any(|running| running.id == id)
    }

    /// Adds one; `lasts`: it is a subscription.
    pub fn add(&mut self, id: String, answers: BoxStream<'static, GraphqlResponse>, lasts: bool) {
        self.running.push(Running { id, answers, lasts });
    }

    /// Ends one, if it runs.
    pub fn end(&mut self, id: &str) {
        self.running.retain(|running| running.id != id);
    }

    /// Waits for the next thing that any of them comes to; for ever where none runs. Whoever stops waiting has missed
    /// nothing.
    pub async fn next(&mut self) -> (String, Outcome) {
        poll_fn(|context| {
            let count = self.running.len();
            for step in 0..count {
                let at = (self.turn + step) % count;
                let Poll::Ready(answer) = self.running[at].answers.poll_next_unpin(context) else { continue };
                self.turn = at + 1;
                let outcome = self.running[at].outcome(answer);
                let id = match &outcome {
                    Outcome::Next(_) => self.running[at].id.clone(),
                    Outcome::Error(_) | Outcome::Complete => self.running.swap_remove(at).id,
                };
                return Poll::Ready((id, outcome));
            }
            Poll::Pending
        })
        .await
    }
}

impl Running {
    fn outcome(&self, answer: Option<GraphqlResponse>) -> Outcome {
        let Some(answer) = answer else { return Outcome::Complete };
        let is_over = match self.lasts {
            // What is told has no errors of its own: they are those of a refusal, or of a fault.
            true => answer.data == Value::Null && !answer.errors.is_empty(),
            false => is_refused(&answer),
        };
        if is_over { Outcome::Error(answer.errors) } else { Outcome::Next(answer) }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use masthead_graphql::error::Code;

    use super::*;

    fn numbers(from: i32) -> BoxStream<'static, GraphqlResponse> {
        stream::iter((from..from + 2).map(|n| GraphqlResponse::new(Value::from(n)))).boxed()
    }

    #[tokio::test]
    async fn each_gets_its_turn_and_ends() {
        let mut operations = Operations::default();
        operations.add("a".into(), numbers(10), true);
        operations.add("b".into(), numbers(20), true);
        let refused = GraphqlResponse::from_errors(vec![Code::Forbidden.error("No.")]);
        operations.add("c".into(), stream::iter([refused]).boxed(), true);
        let mut told = Vec::new();
        while operations.len() > 0 {
            let (id, outcome) = operations.next().await;
            told.push(match outcome {
                Outcome::Next(answer) => format!("{id} {}", answer.data),
                Outcome::Error(errors) => format!("{id} {}", errors[0].message),
                Outcome::Complete => format!("{id} over"),
            });
        }
        assert_eq!(told[..3], ["a 10", "b 20", "c No."]);
        told.sort();
        assert_eq!(told, ["a 10", "a 11", "a over", "b 20", "b 21", "b over", "c No."]);
    }

    #[tokio::test]
    async fn what_is_ended_is_heard_of_no_more() {
        let mut operations = Operations::default();
        operations.add("a".into(), numbers(10), true);
        assert!(operations.contains("a"));
        operations.end("a");
        operations.end("never");
        assert!(!operations.contains("a"));
        let waited = tokio::time::timeout(std::time::Duration::from_millis(10), operations.next()).await;
        assert!(waited.is_err());
    }
}
