//! Imports that are stopped: between batches, within one, by the disk, and by the system at any moment.

use std::io::{self, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use masthead_actions::import::{ImportError, Pass, wordpress};
use masthead_persistence::{Options, Store};
use masthead_tests::{TestStore, each_store};

use crate::export::{Item, comment, everything, export, import, now, post, same};

/// More items than go into one batch.
fn large() -> String {
    let items: Vec<Item> = (1..=650)
        .map(|id| Item {
            comments: comment(id, 0, "تعليق"),
            terms: vec![("post_tag", "port", "Port")],
            ..post(id, &format!("خبر {id}"))
        })
        .collect();
    export("", &items)
}

async fn expected(xml: &str) -> Vec<String> {
    let store = TestStore::sqlite().await;
    import(&store, xml).await;
    let all = everything(&store).await;
    store.discard().await;
    all
}

#[tokio::test]
async fn an_import_that_is_dropped_within_a_batch_goes_on_behind_the_last_whole_one() {
    let xml = large();
    let expected = expected(&xml).await;
    each_store(async |store| {
        // Polled until the second batch of articles is under way, then dropped as it is.
        let batches = std::cell::Cell::new(0);
        let mut watch = |progress: masthead_actions::import::Progress| {
            batches.set(batches.get() + u32::from(progress.pass == Pass::Articles));
        };
        {
            let running = wordpress(store, || Ok(xml.as_bytes()), &[], now(), &mut watch);
            let mut running = Box::pin(running);
            let mut polls_behind = 0;
            std::future::poll_fn(|context| {
                polls_behind += u32::from(batches.get() > 0);
                if polls_behind > 150 || running.as_mut().poll(context).is_ready() {
                    return std::task::Poll::Ready(());
                }
                std::task::Poll::Pending
            })
            .await;
        }
        let half = store.number("SELECT COUNT(*) FROM articles").await;
        assert_eq!(half % 200, 0);
        assert!((200..650).contains(&half), "{half}");
        import(store, &xml).await;
        same(&everything(store).await, &expected, "afterwards");
    })
    .await;
}

/// A file that cannot be read beyond a place.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

#[tokio::test]
async fn a_disk_that_fails_is_told_and_what_was_read_stays() {
    let xml = large();
    let expected = expected(&xml).await;
    each_store(async |store| {
        let opened = std::cell::Cell::new(0);
        // Only the second pass meets the fault.
        let open = || {
            opened.set(opened.get() + 1);
            let end = if opened.get() == 1 { xml.len() } else { xml.len() / 2 };
            let rest: Box<dyn Read> = match opened.get() {
                1 => Box::new(&xml.as_bytes()[..end]),
                _ => Box::new(Failing(&xml.as_bytes()[..end])),
            };
            Ok(BufReader::new(rest))
        };
        let outcome = wordpress(store, open, &[], now(), &mut |_| {}).await;
        assert!(matches!(outcome.ended, Err(ImportError::Read(_))), "{:?}", outcome.ended);
        assert!(outcome.to_string().contains("the disk is gone"), "{outcome}");
        let came_in = store.number("SELECT COUNT(*) FROM articles").await;
        assert!((200..650).contains(&came_in), "{came_in}");
        let told: u64 = outcome.report.counts().came_in.values().sum();
        let kept = store.number("SELECT (SELECT COUNT(*) FROM articles) + (SELECT COUNT(*) FROM comments) + (SELECT COUNT(*) FROM tags) + (SELECT COUNT(*) FROM authors)").await;
        assert_eq!(i64::try_from(told).expect("small"), kept);
        import(store, &xml).await;
        same(&everything(store).await, &expected, "afterwards");
    })
    .await;
}

const CHILD: &str = "MASTHEAD_TEST_IMPORT_INTO";

/// Not a test: what the test below starts and kills.
#[tokio::test]
#[ignore = "started by the test that kills it"]
async fn child() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let store = Store::open(&Options::new(url)).await.expect("opens");
    wordpress(&store, || Ok(BufReader::new(std::io::Cursor::new(large()))), &[], now(), &mut |_| {}).await;
}

#[tokio::test]
async fn an_import_that_is_killed_at_any_moment_goes_on() {
    let xml = large();
    let expected = expected(&xml).await;
    each_store(async |store| {
        let mut killed = 0;
        for articles in [0, 1, 399] {
            let mut child = Command::new(std::env::current_exe().expect("this test"))
                .args(["--exact", "interrupted::child", "--ignored"])
                .env(CHILD, store.url())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("starts");
            // Killed as soon as it has come so far, wherever it is then.
            loop {
                if child.try_wait().expect("waits").is_some() {
                    break;
                }
                if store.number("SELECT COUNT(*) FROM articles").await > articles {
                    child.kill().expect("kills");
                    child.wait().expect("waits");
                    killed += 1;
                    break;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            assert_eq!(store.wrong_counts().await.expect("counts"), []);
            assert_eq!(store.integrity_faults().await.expect("integrity"), Vec::<String>::new());
            assert_eq!(store.number("SELECT COUNT(*) FROM articles").await % 50, 0);
        }
        assert!(killed > 0, "the import was over before it could be killed");
        import(store, &xml).await;
        same(&everything(store).await, &expected, "afterwards");
    })
    .await;
}
