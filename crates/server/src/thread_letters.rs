//! What the pages behind letters about threads do: asked of the schema itself, as any client would. It must not know how
//! it is shown.

use serde::Deserialize;
use serde_json::json;

use crate::addresses::ask;
use crate::api::Api;
use crate::http::address::Unknown;
use crate::http::thread_letters::Keeper;

const CONFIRM: &str = r"mutation ConfirmThreadFollow($token: String!) {
  done: confirmThreadFollow(token: $token) { errors { code } }
}";
const END: &str = r"mutation UnfollowThread($token: String!) {
  done: unfollowThread(input: { token: $token }) { errors { code } }
}";

impl Keeper for Api {
    async fn confirm(&self, token: &str) -> Result<bool, Unknown> {
        done(self, CONFIRM, token).await
    }

    async fn end(&self, token: &str) -> Result<bool, Unknown> {
        done(self, END, token).await
    }
}

async fn done(api: &Api, document: &str, token: &str) -> Result<bool, Unknown> {
    let answer: Answer = ask(api, document, json!({ "token": token })).await?;
    Ok(answer.done.is_some_and(|done| done.errors.is_empty()))
}

#[derive(Deserialize)]
struct Answer {
    done: Option<Done>,
}

#[derive(Deserialize)]
struct Done {
    errors: Vec<serde::de::IgnoredAny>,
}
