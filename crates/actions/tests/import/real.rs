//! Real exports, where there are some: `MASTHEAD_TEST_WXR` names a folder of `.xml` files, none of which is ours to
//! keep here. So a machine may lack them also where `MASTHEAD_TEST_REQUIRE_ALL` is 1; then it is said.

use std::io::Write;
use std::path::Path;

use masthead_tests::{TestStore, each_store};

use crate::export::{everything, import, marks};

#[tokio::test]
async fn real_exports_come_in_once_and_hide_what_was_hidden() {
    let Ok(folder) = std::env::var("MASTHEAD_TEST_WXR") else {
        // Past the test harness, which keeps to itself what passing tests print by macro.
        writeln!(std::io::stderr(), "SKIPPED for real exports: MASTHEAD_TEST_WXR is not set")
            .expect("stderr");
        return;
    };
    let mut files: Vec<_> =
        Path::new(&folder).read_dir().expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "xml"));
    files.sort();
    assert!(!files.is_empty(), "no .xml in {folder}");
    for path in files {
        // As they are: some are no UTF-8.
        let xml = std::fs::read(&path).expect("reads");
        each_store(async |store| once_and_hidden(&path, &xml, store).await).await;
    }
}

async fn once_and_hidden(path: &Path, xml: &[u8], store: &TestStore) {
    // Coming in looks at every count that is kept, too.
    import(store, xml).await;
    let hidden =
        "SELECT COUNT(*) FROM articles WHERE live AND (status <> 'PUBLISHED' OR published_revision IS NULL)";
    assert_eq!(store.number(hidden).await, 0, "{}", path.display());
    let (before, marked) = (everything(store).await, marks(store).await);
    let second = import(store, xml).await;
    assert!(second.report.counts().came_in.is_empty(), "{}: {:?}", path.display(), second.report.counts());
    assert_eq!((everything(store).await, marks(store).await), (before, marked), "{}", path.display());
}
