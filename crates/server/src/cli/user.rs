//! `masthead user`: people with a login.

use std::io::Read;

use clap::{Args, Subcommand};
use masthead_actions::user::create::{Person, create};
use masthead_actions::user::password::Password;
use masthead_actions::user::reset_password::set_password;
use masthead_domain::user::{EmailAddress, InvalidEmail, Role};

use super::{CommandError, Done, print, serve};
use crate::api;
use crate::config::Settings;

/// Most bytes read of a password: many times the longest one that is taken.
const MOST_BYTES: u64 = 16 * 1024;

/// What is done with people who have a login.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Give a person a login, and a byline where the role writes
    Create(Create),
    /// Set the password of a person who has a login, and end all their sessions
    Password(SetPassword),
}

/// A person to be given a login.
#[derive(Debug, Args)]
pub struct Create {
    /// The address that signs in
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    email: EmailAddress,
    /// The name shown to colleagues, and above what the person writes
    #[arg(long)]
    name: String,
    /// READER, CONTRIBUTOR, AUTHOR, EDITOR or ADMIN
    #[arg(long)]
    role: Role,
    /// The slug of a section in which, and below which, the role holds; may be given several times. None: in all
    #[arg(long, value_name = "SLUG")]
    section: Vec<String>,
    /// Read the password from standard input to its end, but for one newline there: 12 to 256 characters
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// Whose password is to be another.
#[derive(Debug, Args)]
pub struct SetPassword {
    /// The address that signs in
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    email: EmailAddress,
    /// Read the password from standard input to its end, but for one newline there: 12 to 256 characters
    #[arg(long, required = true)]
    password_stdin: bool,
}

fn address(text: &str) -> Result<EmailAddress, InvalidEmail> {
    EmailAddress::parse(text)
}

/// Runs one of them.
pub async fn run(command: UserCommand, settings: Settings) -> Result<Done, CommandError> {
    match command {
        UserCommand::Create(person) => create_user(person, settings).await,
        UserCommand::Password(SetPassword { email, password_stdin: _ }) => {
            let typed = typed()?;
            let store = serve::open(&settings).await?;
            let new = without_newline(&typed);
            let set = set_password(&store, api::now(), api::random_bytes(), &email, new).await;
            store.close().await?;
            set?;
            print(&format!("{} signs in with the new password now.\n", email.as_str()))?;
            Ok(Done::Fully)
        }
    }
}

async fn create_user(person: Create, settings: Settings) -> Result<Done, CommandError> {
    let Create { email, name, role, section, password_stdin: _ } = person;
    let password = Password::parse(without_newline(&typed()?), &[&name, email.as_str()])?;
    let told = format!("{} can sign in now, as {}.\n", email.as_str(), role.as_str());
    let store = serve::open(&settings).await?;
    let person = Person { email, name, role, password };
    let created = create(&store, api::now(), api::random_bytes(), person, &section).await;
    store.close().await?;
    created?;
    print(&told)?;
    Ok(Done::Fully)
}

/// All of standard input.
fn typed() -> Result<String, CommandError> {
    let mut typed = String::new();
    std::io::stdin().take(MOST_BYTES).read_to_string(&mut typed).map_err(CommandError::Input)?;
    Ok(typed)
}

/// What `echo` and editors add is no part of a password; a second newline would be.
fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_newline_is_dropped() {
        for (typed, password) in
            [("abc", "abc"), ("abc\n", "abc"), ("abc\r\n", "abc"), ("abc\n\n", "abc\n"), (" a ", " a ")]
        {
            assert_eq!(without_newline(typed), password);
        }
    }
}
