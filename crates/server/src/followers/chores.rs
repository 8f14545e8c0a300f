//! What is to be done now and then, by one of the processes that share a database: dropping old events, recounting what
//! is kept as a count, and clearing away sessions, invitations and unconfirmed follows that have expired.

use std::time::Duration;

use chrono::TimeDelta;
use masthead_actions::comment::leave::forget_addresses;
use masthead_actions::follow::counts::tell;
use masthead_actions::mail::forget_unconfirmed;
use masthead_actions::user::session::tidy;
use masthead_persistence::StoreError;

use super::Work;

/// From the start to the first look at what is to be done: the start has other work.
const FIRST: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_secs(600);
/// How often old events are dropped.
const PRUNE_EVERY: TimeDelta = TimeDelta::hours(1);
/// How often everything is recounted.
const COUNT_EVERY: TimeDelta = TimeDelta::hours(24);
/// After a start it is recounted too, unless that was so short a time ago.
const COUNT_AFTER_START: TimeDelta = TimeDelta::hours(1);
/// How often what has expired of signing in, and of following threads, is cleared away.
const TIDY_EVERY: TimeDelta = TimeDelta::hours(1);
/// Rows dropped in one transaction.
const PRUNED: u32 = 1_000;

/// Does the chores until asked to stop.
pub(super) async fn keep(mut work: Work) {
    let mut wait = FIRST;
    let mut count_every = COUNT_AFTER_START;
    while work.pause(wait).await {
        if let Err(error) = prune(&mut work).await {
            tracing::warn!(%error, "old events cannot be dropped now");
        }
        if let Err(error) = recount(&work, count_every).await {
            tracing::warn!(%error, "the counts cannot be checked now");
        }
        // Each process has a throttle of its own.
        work.options.door.forget(work.now());
        work.options.conversation.forget(work.now());
        if let Err(error) = clear_sessions(&work).await {
            tracing::warn!(%error, "expired sessions cannot be cleared away now");
        }
        if let Err(error) = clear_follows(&mut work).await {
            tracing::warn!(%error, "follows that nobody confirmed cannot be cleared away now");
        }
        (wait, count_every) = (LOOK, COUNT_EVERY);
    }
}

pub(super) async fn prune(work: &mut Work) -> Result<(), StoreError> {
    let now = work.now();
    if !work.store.chore_begin("prune", PRUNE_EVERY, now).await? {
        return Ok(());
    }
    let older_than = now - work.options.keep_events;
    let mut dropped: u64 = 0;
    loop {
        let events = work.store.events_prune(older_than, PRUNED).await?;
        let leavings = work.store.leavings_prune(older_than, PRUNED).await?;
        dropped += u64::from(events);
        // Others want to write too.
        if events.max(leavings) < PRUNED || !work.pause(Duration::from_millis(100)).await {
            break;
        }
    }
    if dropped > 0 {
        tracing::info!(events = dropped, "old events were dropped");
    }
    Ok(())
}

/// A count that is wrong is told, and left as it is: it is kept in the transaction of each change, so that a wrong one
/// is a fault of the program, which mending in silence would hide.
async fn recount(work: &Work, every: TimeDelta) -> Result<(), StoreError> {
    if !work.store.chore_begin("recount", every, work.now()).await? {
        return Ok(());
    }
    let wrong = work.store.wrong_counts().await?;
    tell(&wrong);
    tracing::debug!(wrong = wrong.len(), "the counts were checked");
    Ok(())
}

async fn clear_sessions(work: &Work) -> Result<(), StoreError> {
    let now = work.now();
    if work.store.chore_begin("signing in", TIDY_EVERY, now).await? {
        let cleared = tidy(&work.store, &work.options.door, now).await?;
        tracing::debug!(cleared, "expired sessions and invitations were cleared away");
    }
    Ok(())
}

pub(super) async fn clear_follows(work: &mut Work) -> Result<(), StoreError> {
    let now = work.now();
    if work.store.chore_begin("thread follows", TIDY_EVERY, now).await? {
        loop {
            let cleared = forget_unconfirmed(&work.store, now).await?;
            tracing::debug!(cleared, "unconfirmed follows and what was told long ago were cleared away");
            // Others want to write too.
            if cleared < u64::from(PRUNED) || !work.pause(Duration::from_millis(100)).await {
                break;
            }
        }
        forget_addresses(&work.store, now).await?;
    }
    Ok(())
}
