//! Where each follower of the event log stands, and which letters were not sent.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use masthead_persistence::mail::UnsentLetter;
use masthead_persistence::{SetAside, Standing, Store, StoreError};

/// The newest ones that are told.
const TOLD: u32 = 100;
/// Nothing that follows the log is so far behind, unless nobody works for it any more.
const ABANDONED: TimeDelta = TimeDelta::days(1);

/// Faults: followers that are stuck or abandoned, and events that were set aside, unless they are to be forgotten. Notes:
/// where each follower stands, and what was forgotten.
pub(super) async fn followers(
    store: &Store,
    now: DateTime<Utc>,
    clear_set_aside: bool,
) -> (Vec<String>, Vec<String>) {
    match read(store, clear_set_aside).await {
        Ok((standings, aside)) => {
            let mut faults: Vec<String> = standings.iter().filter_map(|it| fault(it, now)).collect();
            let mut notes: Vec<String> = standings.iter().map(stands).collect();
            let aside = aside.iter().map(set_aside);
            if clear_set_aside {
                notes.extend(aside.map(|told| format!("forgotten from now on: {told}")));
            } else {
                faults.extend(aside);
            }
            (faults, notes)
        }
        Err(error) => (vec![error.to_string()], vec![]),
    }
}

/// Faults: letters that are not tried again. Notes: those that failed and are.
pub(super) async fn letters(store: &Store) -> (Vec<String>, Vec<String>) {
    match store.letters_unsent(TOLD).await {
        Ok(letters) => {
            let (waiting, failed): (Vec<_>, Vec<_>) = letters.iter().partition(|letter| letter.waits);
            let told = |letters: Vec<&UnsentLetter>| letters.into_iter().map(unsent).collect();
            (told(failed), told(waiting))
        }
        Err(error) => (vec![error.to_string()], vec![]),
    }
}

async fn read(store: &Store, clear_set_aside: bool) -> Result<(Vec<Standing>, Vec<SetAside>), StoreError> {
    let told = (store.followers().await?, store.events_set_aside(TOLD).await?);
    if clear_set_aside {
        store.events_set_aside_forget().await?;
    }
    Ok(told)
}

fn stands(Standing { name, position, behind, waiting_since, .. }: &Standing) -> String {
    let position = position.get();
    match waiting_since {
        None => format!("{name} has passed every event, the last of them {position}"),
        Some(since) => format!("{name} has passed event {position}; {behind} wait, since {}", shown(*since)),
    }
}

fn fault(standing: &Standing, now: DateTime<Utc>) -> Option<String> {
    let Standing { name, failures, waiting_since, .. } = standing;
    if *failures > 0 {
        return Some(format!(
            "{name} is stuck: its next event has failed {failures} times, and is tried again"
        ));
    }
    waiting_since.filter(|since| now - *since > ABANDONED).map(|_| {
        format!(
            "{name} has not moved for more than a day: no event behind its place is dropped until it does"
        )
    })
}

fn set_aside(SetAside { follower, seq, kind, at, why }: &SetAside) -> String {
    let (seq, at) = (seq.get(), shown(*at));
    format!("{follower} set event {seq} ({kind}) aside at {at}, and has not done what it asks for: {why}")
}

fn unsent(UnsentLetter { seq, kind, attempts, waits, why }: &UnsentLetter) -> String {
    let why = why.as_deref().unwrap_or("no reason is kept");
    let next = if *waits { "and is tried again" } else { "and is not tried again" };
    format!("a letter about event {} ({kind:?}) failed {attempts} times {next}: {why}", seq.get())
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
