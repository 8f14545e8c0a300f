//! Real exports, where there are some: `MASTHEAD_TEST_WXR` names a folder of `.xml` files, none of which is ours to
//! keep here.

use std::path::Path;

use masthead_tests::TestStore;

use crate::export::{everything, import, marks};

#[tokio::test]
async fn real_exports_come_in_once_and_hide_what_was_hidden() {
    let Ok(folder) = std::env::var("MASTHEAD_TEST_WXR") else {
        eprintln!("SKIPPED: MASTHEAD_TEST_WXR is not set");
        return;
    };
    let mut files: Vec<_> =
        Path::new(&folder).read_dir().expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "xml"));
    files.sort();
    assert!(!files.is_empty(), "no .xml in {folder}");
    for path in files {
        let bytes = std::fs::read(&path).expect("reads");
        let xml = String::from_utf8_lossy(&bytes);
        let store = TestStore::sqlite().await;
        import(&store, &xml).await;
        let hidden = "SELECT COUNT(*) FROM articles WHERE live AND (status <> 'PUBLISHED' OR published_revision IS NULL)";
        assert_eq!(store.number(hidden).await, 0, "{}", path.display());
        let (before, marked) = (everything(&store).await, marks(&store).await);
        let second = import(&store, &xml).await;
        assert!(
            second.report.counts().came_in.is_empty(),
            "{}: {:?}",
            path.display(),
            second.report.counts()
        );
        assert_eq!((everything(&store).await, marks(&store).await), (before, marked), "{}", path.display());
        store.discard().await;
    }
}
