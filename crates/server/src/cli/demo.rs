//! `masthead demo`: a small complete newsroom in a database that has none, and the program serving it.

use masthead_actions::newsroom::fill::{Filled, fill, is_empty};
use masthead_actions::user::password::Password;
use masthead_domain::page::PageRequest;
use masthead_domain::viewer::Viewer;
use masthead_persistence::Store;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::serve::{addresses, listen, open};
use super::{CommandError, Done, print};
use crate::api;
use crate::config::{MailSink, Settings};
use crate::demo::Demo;

/// Where letters go, in the data directory, unless the settings say otherwise.
const LETTERS: &str = "letters";
/// Letters and digits that are not taken for each other, 32 of them: five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of the password, in groups of five: 125 bits.
const PASSWORD_LENGTH: usize = 25;

/// Stores the demo where there are no articles, prints where to go and who signs in, and serves until asked to stop.
pub async fn run(mut settings: Settings) -> Result<Done, CommandError> {
    let letters = settings.data.join(LETTERS);
    settings.mail.sink.get_or_insert(MailSink::File(letters));
    let store = open(&settings).await?;
    // Before anything is stored: an address that is taken should change nothing.
    let listening = listen(&settings).await?;
    let told = match store_demo(&store, &settings).await? {
        Some((demo, filled, password)) => first_start(&settings, &demo, &filled, &password),
        None => LATER_START.to_owned(),
    };
    print(&addresses(&settings, listening.address))?;
    if let Some(article) = newest_article(&store, listening.address).await? {
        print(&format!("Article  {article}\n"))?;
    }
    print(&told)?;
    listening.serve(store, &settings).await
}

/// `None`: there was something already.
async fn store_demo(
    store: &Store,
    settings: &Settings,
) -> Result<Option<(Demo, Filled, String)>, CommandError> {
    if !is_empty(store).await? {
        return Ok(None);
    }
    let password = random_password(api::random_bytes());
    let demo = Demo::load(&Password::parse(&password, &[])?)?;
    demo.write_pictures(&settings.media.files(&settings.data)?).await?;
    let filled = fill(store, api::now(), api::random_bytes(), &demo.newsroom).await?;
    Ok(filled.map(|filled| (demo, filled, password)))
}

fn first_start(settings: &Settings, demo: &Demo, filled: &Filled, password: &str) -> String {
    let mut told = format!(
        "\nThe demo newsroom is in {}: {} articles and pages, {} comments.\n",
        settings.database(),
        filled.articles,
        filled.comments
    );
    let members = demo.newsroom.members.iter().map(|member| &member.person);
    let new: Vec<_> = members.filter(|person| filled.logins.contains(&person.email)).collect();
    if !new.is_empty() {
        told.push_str("Sign in as\n");
        for person in new {
            told.push_str(&format!("  {} ({})\n", person.email.as_str(), person.role.as_str()));
        }
        told.push_str(&format!(
            "with the password\n  {password}\nwhich is kept only as a hash and not shown again.\n"
        ));
    }
    told
}

const LATER_START: &str = "
The database has articles already and was left as it is. The demo's password was shown when it was stored.
Another login: masthead user create --email ADDRESS --name NAME --role ADMIN --password-stdin
";

/// Where a browser sees an article as the API gives it.
async fn newest_article(
    store: &Store,
    address: std::net::SocketAddr,
) -> Result<Option<String>, CommandError> {
    let page = store.reads_as(Viewer::Guest).article_list(None, &PageRequest::first(1)).await?;
    Ok(page.items.first().map(|(_, card)| {
        let slug = serde_json::Value::from(card.slug.as_str());
        let query = format!(
            "{{article(slug:{slug},locale:\"{}\"){{title url excerpt body{{text}}}}}}",
            card.locale.as_str()
        );
        format!("http://{address}/graphql?query={}", utf8_percent_encode(&query, NON_ALPHANUMERIC))
    }))
}

/// A password that can be read aloud.
fn random_password(bytes: [u8; 32]) -> String {
    let mut password = String::with_capacity(PASSWORD_LENGTH + PASSWORD_LENGTH / 5);
    for (n, byte) in bytes.into_iter().take(PASSWORD_LENGTH).enumerate() {
        if n > 0 && n % 5 == 0 {
            password.push('-');
        }
        // 256 is a multiple of 32: each letter is as likely as the others.
        password.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_password_keeps_the_rules_and_says_the_bytes_it_is_made_of() {
        let counting = std::array::from_fn(|n| n as u8);
        let password = random_password(counting);
        assert_eq!(password, "abcde-fghij-kmnpq-rstuv-wxyz2");
        assert!(Password::parse(&password, &[]).is_ok());
        assert_ne!(random_password(counting.map(|byte| byte ^ 1)), password);
    }
}
