//! The content as it is, and content that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use masthead_actions::newsroom::described::{Article, Comment, Standing};
use masthead_domain::article::Kind;
use masthead_domain::comment::Status;
use masthead_domain::media::{ImageSource, is_stored_name};
use masthead_domain::user::Role;

use super::*;

fn password() -> Password {
    Password::parse("سفينة تعود من بعيد", &[]).expect("a password")
}

fn demo() -> Demo {
    Demo::load(&password()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn it_is_a_small_complete_newsroom() {
    let newsroom = demo().newsroom;
    assert_eq!((newsroom.sections.len(), newsroom.authors.len()), (6, 8));
    let articles: Vec<&Article> = newsroom.articles.iter().filter(|a| a.kind == Kind::Article).collect();
    assert!(articles.len() >= 40, "{}", articles.len());
    let standing = |wanted: fn(&Standing) -> bool| articles.iter().filter(|a| wanted(&a.standing)).count();
    assert!(standing(|s| matches!(s, Standing::Published { .. })) >= 35);
    assert!(standing(|s| matches!(s, Standing::Draft)) >= 1);
    assert!(standing(|s| matches!(s, Standing::Scheduled { .. })) >= 1);
    for tag in ["ar", "fr", "en"] {
        let with_threads =
            articles.iter().filter(|a| a.locale.as_str() == tag && !a.threads.is_empty()).count();
        assert!(with_threads >= 12, "{tag}: {with_threads}");
        assert!(newsroom.articles.iter().any(|a| a.kind == Kind::Page && a.locale.as_str() == tag), "{tag}");
    }
    let mut stories: BTreeMap<&str, usize> = BTreeMap::new();
    for article in &articles {
        *stories.entry(&article.story).or_default() += 1;
    }
    assert!(stories.values().filter(|&&languages| languages == 3).count() >= 6, "{stories:?}");
    assert!(articles.iter().any(|a| !a.pins.is_empty()));
    assert!(articles.iter().any(|a| !a.corrections.is_empty()));
    assert!(articles.iter().any(|a| !a.former_slugs.is_empty()));
    let roles: BTreeSet<Role> = newsroom.members.iter().map(|member| member.person.role).collect();
    assert_eq!(roles, BTreeSet::from([Role::Author, Role::Editor, Role::Admin]));
}

#[test]
fn threads_are_deep_and_what_is_not_public_is_there_too() {
    fn depth(comments: &[Comment]) -> usize {
        comments.iter().map(|c| 1 + depth(&c.replies)).max().unwrap_or(0)
    }
    fn statuses(comments: &[Comment]) -> Vec<Status> {
        comments.iter().flat_map(|c| [c.status].into_iter().chain(statuses(&c.replies))).collect()
    }
    let newsroom = demo().newsroom;
    assert_eq!(newsroom.articles.iter().map(|a| depth(&a.threads)).max(), Some(5));
    let all: Vec<Status> = newsroom.articles.iter().flat_map(|a| statuses(&a.threads)).collect();
    assert_eq!(all.iter().filter(|s| **s == Status::Spam).count(), 1);
    assert!(all.contains(&Status::Pending));
    for article in &newsroom.articles {
        // Nobody answers before there is something to answer.
        fn in_time(comments: &[Comment], since: chrono::TimeDelta) -> bool {
            comments.iter().all(|c| c.ago <= since && in_time(&c.replies, c.ago))
        }
        if let Standing::Published { ago } = article.standing {
            assert!(in_time(&article.threads, ago), "{}", article.key);
            assert!(article.corrections.iter().all(|c| c.ago <= ago), "{}", article.key);
            assert!(article.changed_ago <= ago, "{}", article.key);
        }
    }
}

#[tokio::test]
async fn every_picture_has_a_size_a_file_and_words_in_the_articles_language() {
    let demo = demo();
    let folder = tempfile::tempdir().expect("a folder");
    let files = masthead_persistence::media::Files::in_folder(folder.path()).expect("a folder");
    demo.write_pictures(&files).await.expect("writes");
    let leads = demo.newsroom.articles.iter().filter_map(|a| a.lead_image.as_ref());
    for picture in leads.clone().chain(&demo.newsroom.pictures) {
        let ImageSource::Stored(name) = &picture.source else { panic!("{picture:?}") };
        assert!(is_stored_name(name), "{name}");
        let size = image::image_dimensions(folder.path().join(name)).expect("a picture");
        assert_eq!((picture.width, picture.height), (Some(size.0), Some(size.1)), "{name}");
    }
    let names: BTreeSet<String> = leads.clone().map(|lead| format!("{:?}", lead.source)).collect();
    assert_eq!(names.len(), leads.clone().count(), "an entry of its own for each article");
    assert!(leads.clone().all(|lead| !lead.alt.is_empty()));
}

/// A source of a few files.
struct Files(BTreeMap<&'static str, String>);

impl Source for Files {
    fn paths(&self) -> Vec<String> {
        self.0.keys().map(|path| (*path).to_owned()).collect()
    }
    fn bytes(&self, path: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
        self.0.get(path).map(|text| text.clone().into_bytes().into())
    }
}

#[test]
fn a_fault_is_told_with_its_file_and_line() {
    const NEWSROOM: &str = "[site]\ndefault_locale = \"ar\"\nlocales = [\"ar\"]\ncomment_policy = \"OPEN\"\ntime_zone = \"UTC\"\n\
        name = {}\ntagline = {}\ncopyright = {}\n";
    let rest = "section = []\nauthor = []\ntag = []\nmember = []\n";
    let good =
        "+++\nkind = \"ARTICLE\"\nlocale = \"ar\"\ntitle = \"مرفأ\"\nstatus = \"DRAFT\"\n+++\n<p>نصّ</p>\n";
    let told = |article: &str| {
        let files = BTreeMap::from([
            ("newsroom.toml", format!("{rest}{NEWSROOM}")),
            ("articles/port.ar.html", article.to_owned()),
        ]);
        match Demo::read(&Files(files), &password()) {
            Ok(_) => "nothing".to_owned(),
            Err(error) => error.to_string().replace("the demo's content is wrong: articles/port.ar.html", ""),
        }
    };
    assert_eq!(told(good), "nothing");
    for (article, fault) in [
        (good.replace("title", "titel"), ", line 4: unknown field `titel`"),
        (good.replace("DRAFT", "PRINTED"), ", line 5: unknown variant `PRINTED`"),
        (good.replace("\"ar\"", "\"arabic, more or less\""), ", line 3: not a language tag"),
        (good.replace("\"ar\"", "\"fr\""), ": locale \"fr\" is not the one in the file's name"),
        (good.replace("title = \"مرفأ\"", "title = \"…\""), ": title \"…\" makes no slug"),
        (good.replace("DRAFT", "PUBLISHED"), ": hours_ago \"0\" must be above zero"),
        (good.replace("DRAFT\"", "SCHEDULED\"\nhours_ago = 3"), ": hours_ago \"3\" must be below zero"),
        (good.replace("DRAFT\"", "DRAFT\"\nimage = \"x\""), ": image \"x\" is not there"),
        (
            good.replace("<p>", "<img src=\"/media/demo/x.jpg\" alt=\"\"><p>"),
            ": the picture \"/media/demo/x.jpg\" is not there",
        ),
        (good.replace("<p>", "<script>x</script><p>"), ": the text \"element script\" would be lost"),
        (good.replacen("+++\n", "", 1), ": the front matter stands between two lines of +++"),
    ] {
        let told = told(&article);
        assert!(told.starts_with(fault), "{told} is not {fault}");
    }
}
