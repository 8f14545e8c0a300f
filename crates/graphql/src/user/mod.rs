//! People with a login: who is looking, how they sign in, and what their programs are known by.

mod api_token;
mod attempt;
mod load;
mod manage;
mod password_reset;
mod people;
mod role;
mod sign_in;
mod viewer;

pub(crate) use api_token::ApiTokenMutation;
pub(crate) use manage::PeopleMutation;
pub(crate) use password_reset::PasswordResetMutation;
pub(crate) use people::PeopleQuery;
pub(crate) use role::Role;
pub(crate) use sign_in::SignInMutation;
pub(crate) use viewer::ViewerQuery;
