//! People with a login, and what they are known by: sessions, tokens of programs, invitations, links that set a password.

mod api_token;
mod invitation;
mod read;
mod recognise;
mod reset;
mod session;
mod write;

pub use api_token::{NewApiToken, StoredApiToken};
pub use invitation::{NewInvitation, StoredInvitation};
pub use recognise::{Recognised, TokenHash};
pub use session::StoredSession;
pub use write::{NewUser, SignInFacts};
