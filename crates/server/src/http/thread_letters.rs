//! The pages behind the links of letters about threads: one confirms that letters are wanted, one ends them.
//!
//! Opening a page changes nothing, because programs open the links of letters to look at them; its button does, without a
//! script. A mail program that ends letters by itself (RFC 8058) sends what the button sends, and needs no cookie. It must
//! not know how a follow is kept: who does is a [`Keeper`].

use std::future::Future;

use http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};

use super::address::Unknown;
use super::error_body::error_response;

/// Styles of this origin, and forms that are sent to it.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// Who knows what a letter's token stands for. `false`: nothing, or nothing any more.
pub trait Keeper: Send + Sync + 'static {
    /// Confirms the follow of a token.
    fn confirm(&self, token: &str) -> impl Future<Output = Result<bool, Unknown>> + Send;

    /// Ends the follow of a token; `true` also where it has ended.
    fn end(&self, token: &str) -> impl Future<Output = Result<bool, Unknown>> + Send;
}

/// The pages, to be nested at `/thread-letters`: `/confirm/` or `/end/`, and a token. The same page is shown whatever the
/// token.
pub struct ThreadLetters<K>(pub K);

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Confirm,
    End,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Done,
    Void,
}

/// The languages of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Arabic,
    French,
    English,
}

impl<K: Keeper> Endpoint for ThreadLetters<K> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let uri = request.uri();
        let Some((what, token)) = target(uri.path()) else {
            return Ok(match (uri.path().trim_matches('/'), request.method()) {
                ("page.css", &Method::GET | &Method::HEAD) => style(),
                _ => nothing(),
            });
        };
        let language = Language::of(&request);
        let stage = match *request.method() {
            Method::GET | Method::HEAD => Stage::Asking,
            Method::POST => {
                let done = match what {
                    What::Confirm => self.0.confirm(token).await,
                    What::End => self.0.end(token).await,
                };
                match done {
                    Ok(true) => Stage::Done,
                    Ok(false) => Stage::Void,
                    Err(Unknown) => return Ok(fault()),
                }
            }
            _ => {
                return Ok(Response::builder()
                    .status(StatusCode::METHOD_NOT_ALLOWED)
                    .header(header::ALLOW, "GET, HEAD, POST")
                    .finish());
            }
        };
        Ok(page(what, stage, language))
    }
}

/// What a path names: what is to be done, and the token.
fn target(path: &str) -> Option<(What, &str)> {
    let (what, token) = path.trim_matches('/').split_once('/')?;
    let what = match what {
        "confirm" => What::Confirm,
        "end" => What::End,
        _ => return None,
    };
    (!token.is_empty() && !token.contains('/')).then_some((what, token))
}

impl Language {
    /// That of the letter, which its link tells; else what the browser likes best.
    fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let told = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
        let liked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let tag = told.or(liked).unwrap_or_default().trim_start();
        match tag.split(['-', ',', ';']).next().map(str::trim) {
            Some("ar") => Self::Arabic,
            Some("fr") => Self::French,
            _ => Self::English,
        }
    }

    const fn one_of<'a>(self, arabic: &'a str, french: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Arabic => arabic,
            Self::French => french,
            Self::English => english,
        }
    }

    const fn title(self, what: What) -> &'static str {
        match what {
            What::Confirm => self.one_of("متابعة التعليقات", "Suivre les commentaires", "Following comments"),
            What::End => {
                self.one_of("إيقاف الرسائل", "Ne plus recevoir de lettres", "Getting no more letters")
            }
        }
    }

    const fn text(self, what: What, stage: Stage) -> &'static str {
        match (what, stage) {
            (What::Confirm, Stage::Asking) => self.one_of(
                "لتصلك التعليقات الجديدة بالبريد الإلكتروني، اضغط الزر.",
                "Pour recevoir les nouveaux commentaires par courriel, appuyez sur le bouton.",
                "To get new comments by e-mail, press the button.",
            ),
            (What::Confirm, Stage::Done) => self.one_of(
                "تم التأكيد: ستصلك التعليقات الجديدة بالبريد الإلكتروني.",
                "C’est confirmé\u{a0}: vous recevrez les nouveaux commentaires par courriel.",
                "Confirmed: you will get new comments by e-mail.",
            ),
            (What::Confirm, Stage::Void) => self.one_of(
                "لم يعد هذا الرابط صالحًا. يمكن طلب المتابعة من جديد عند المادة.",
                "Ce lien n’est plus valable. Vous pouvez redemander à suivre l’article.",
                "This link holds no longer. You can ask again at the article.",
            ),
            (What::End, Stage::Asking) => self.one_of(
                "لإيقاف الرسائل عن التعليقات على هذه المادة، اضغط الزر.",
                "Pour ne plus recevoir de lettres sur les commentaires de cet article, appuyez sur le bouton.",
                "To get no more letters about the comments on this article, press the button.",
            ),
            (What::End, Stage::Done) => self.one_of(
                "تم الإيقاف: لن تصلك رسائل أخرى عن هذه المادة.",
                "C’est fait\u{a0}: vous ne recevrez plus de lettres sur cet article.",
                "Done: you will get no more letters about this article.",
            ),
            (What::End, Stage::Void) => self.one_of(
                "هذا الرابط غير صالح. انسخه كاملًا من الرسالة.",
                "Ce lien n’est pas valable. Copiez-le en entier depuis la lettre.",
                "This link does not hold. Copy all of it from the letter.",
            ),
        }
    }

    const fn button(self, what: What) -> &'static str {
        match what {
            What::Confirm => self.one_of("تأكيد", "Confirmer", "Confirm"),
            What::End => self.one_of("إيقاف", "Arrêter", "Stop"),
        }
    }
}

fn page(what: What, stage: Stage, language: Language) -> Response {
    let (lang, dir) = (language.one_of("ar", "fr", "en"), language.one_of("rtl", "ltr", "ltr"));
    let (title, text) = (language.title(what), language.text(what, stage));
    // Without an address of its own a form is sent to where its page stands, with the token.
    let form = match stage {
        Stage::Asking => format!("<form method=\"post\"><button>{}</button></form>\n", language.button(what)),
        Stage::Done | Stage::Void => String::new(),
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/thread-letters/page.css\">\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p>{text}</p>\n{form}</main>\n</body>\n</html>\n"
    );
    let status = if stage == Stage::Void { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        // The address holds the token: no other page is told of it.
        .header(header::REFERRER_POLICY, "no-referrer")
        .body(html)
}

fn style() -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(include_str!("../../pages/page.css"))
}

fn nothing() -> Response {
    error_response(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing at this path.")
}

fn fault() -> Response {
    error_response(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "Something went wrong on our side: try again in a while.",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use poem::Route;
    use poem::test::TestClient;

    use super::*;

    /// Knows one token, and writes down what was done.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<&'static str>>>);

    impl Keeper for Kept {
        async fn confirm(&self, token: &str) -> Result<bool, Unknown> {
            self.0.lock().unwrap().push("confirm");
            if token == "broken" { Err(Unknown) } else { Ok(token == "known") }
        }

        async fn end(&self, token: &str) -> Result<bool, Unknown> {
            self.0.lock().unwrap().push("end");
            Ok(token == "known")
        }
    }

    fn client(kept: &Kept) -> TestClient<Route> {
        TestClient::new(Route::new().nest("/thread-letters", ThreadLetters(kept.clone())))
    }

    #[tokio::test]
    async fn opening_a_page_changes_nothing_and_its_button_works_without_a_script() {
        let kept = Kept::default();
        let client = client(&kept);
        for (path, lang) in [
            ("/thread-letters/confirm/known?lang=ar", "lang=\"ar\" dir=\"rtl\""),
            ("/thread-letters/end/known?lang=fr", "lang=\"fr\" dir=\"ltr\""),
            ("/thread-letters/end/unknown?lang=en", "lang=\"en\" dir=\"ltr\""),
        ] {
            let response = client.get(path).send().await.0;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.headers()["referrer-policy"], "no-referrer");
            assert_eq!(response.headers()["cache-control"], "no-store");
            let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
            assert!(policy.contains("form-action 'self'") && !policy.contains("script"), "{policy}");
            let html = response.into_body().into_string().await.unwrap();
            assert!(html.contains(lang) && html.contains("<form method=\"post\"><button>"), "{html}");
            assert!(!html.contains("script"), "{html}");
            client.head(path).send().await.assert_status_is_ok();
        }
        assert!(kept.0.lock().unwrap().is_empty(), "programs look at links");
        let response = client.post("/thread-letters/confirm/known?lang=fr").send().await.0;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.into_body().into_string().await.unwrap().contains("C’est confirmé"));
        assert_eq!(*kept.0.lock().unwrap(), ["confirm"]);
    }

    #[tokio::test]
    async fn a_mail_program_ends_letters_with_one_click() {
        let kept = Kept::default();
        let client = client(&kept);
        for _ in 0..2 {
            let request = client
                .post("/thread-letters/end/known?lang=ar")
                .content_type("application/x-www-form-urlencoded")
                .body("List-Unsubscribe=One-Click");
            let response = request.send().await.0;
            assert_eq!(response.status(), StatusCode::OK);
            assert!(!response.headers().contains_key(header::SET_COOKIE));
            assert!(!response.headers().contains_key(header::LOCATION));
        }
        assert_eq!(*kept.0.lock().unwrap(), ["end", "end"]);
    }

    #[tokio::test]
    async fn what_does_not_hold_is_told() {
        let client = client(&Kept::default());
        for (path, status) in [
            ("/thread-letters/end/unknown", StatusCode::NOT_FOUND),
            ("/thread-letters/confirm/unknown", StatusCode::NOT_FOUND),
            ("/thread-letters/confirm/broken", StatusCode::INTERNAL_SERVER_ERROR),
            ("/thread-letters/other/known", StatusCode::NOT_FOUND),
            ("/thread-letters/end/", StatusCode::NOT_FOUND),
            ("/thread-letters/end/a/b", StatusCode::NOT_FOUND),
            ("/thread-letters", StatusCode::NOT_FOUND),
        ] {
            client.post(path).send().await.assert_status(status);
        }
        let put = client.put("/thread-letters/end/known").send().await;
        put.assert_status(StatusCode::METHOD_NOT_ALLOWED);
        let style = client.get("/thread-letters/page.css").send().await;
        style.assert_header("content-type", "text/css; charset=utf-8");
        let liked = client.get("/thread-letters/end/known").header("accept-language", "fr-CA, en;q=0.5");
        assert!(liked.send().await.0.into_body().into_string().await.unwrap().contains("lang=\"fr\""));
    }
}
