//! One follower of the log at work: step by step, as soon as there is news. It must not know what the follower does.

use std::time::Duration;

use masthead_actions::follow::{Follower, Following, Step};

use super::{Work, until};

/// Without news for so long: the place is written down.
const QUIET: Duration = Duration::from_secs(60);
/// When to look again where another process works for the follower.
const HELD: Duration = Duration::from_secs(1);
/// Waits after a fault of the database, doubled from one to the other.
const FAULT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// Follows until asked to stop.
pub(super) async fn follow<F: Follower>(mut work: Work, mut following: Following<F>) {
    let mut faults = 0;
    let mut quiet = false;
    while !work.is_stopped() {
        work.heard();
        let now = work.now();
        let step = match following.step(now).await {
            Ok(Step::Idle) if quiet => following.keep(now).await.map(|()| Step::Idle),
            step => step,
        };
        quiet = false;
        let goes_on = match step {
            Ok(Step::Passed | Step::Moved { more: true }) => true,
            Ok(Step::Moved { more: false }) => work.pause(F::PAUSE.to_std().unwrap_or_default()).await,
            Ok(Step::Idle) => {
                let before = *work.news.borrow();
                let goes_on = work.rest(QUIET).await;
                quiet = before == *work.news.borrow();
                goes_on
            }
            Ok(Step::Held) => work.pause(HELD).await,
            Ok(Step::Failed(again_at)) => work.pause(until(again_at, now)).await,
            Err(ref error) => {
                let wait = FAULT.0.saturating_mul(1 << faults.min(6)).min(FAULT.1);
                tracing::warn!(follower = F::NAME, %error, "the event log cannot be followed; trying again");
                faults += 1;
                work.pause(wait).await
            }
        };
        if step.is_ok() {
            faults = 0;
        }
        if !goes_on {
            break;
        }
    }
    if let Err(error) = following.keep(work.now()).await {
        tracing::debug!(follower = F::NAME, %error, "the place was not written down");
    }
}
