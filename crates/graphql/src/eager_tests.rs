//! What is answered on the spot is what the library answers.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use async_graphql::extensions::{Extension, ExtensionFactory};
use async_graphql::{EmptyMutation, EmptySubscription, Error, Interface, Object, Response, Schema};
use tokio::task::yield_now;

use super::*;

struct Query;

/// How often a thing was asked for its number.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicUsize>);

/// A thing of things, two below each.
struct Thing(u32);

#[derive(Interface)]
#[graphql(field(name = "number", ty = "u32"))]
enum Numbered {
    Thing(Thing),
}

#[Object]
impl Query {
    fn thing(&self) -> Eager<Thing> {
        Eager(Thing(1))
    }

    fn things(&self) -> EagerList<Eager<Thing>> {
        (1..4).map(Thing).map(Eager).collect()
    }

    fn crowd(&self) -> EagerList<Eager<Thing>> {
        (1..50).map(Thing).map(Eager).collect()
    }

    fn numbered(&self) -> Numbered {
        Numbered::Thing(Thing(7))
    }
}

#[Object]
impl Thing {
    async fn number(&self, ctx: &async_graphql::Context<'_>) -> u32 {
        if let Some(Asked(count)) = ctx.data_opt() {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.0
    }

    async fn late(&self) -> u32 {
        yield_now().await;
        self.0
    }

    /// Waits for every other thing.
    async fn sometimes_late(&self) -> u32 {
        if self.0.is_multiple_of(2) {
            yield_now().await;
        }
        self.0
    }

    fn fails(&self) -> Option<Result<u32, Error>> {
        Some(Err(Error::new(format!("{} cannot", self.0))))
    }

    fn takes_the_parent_along(&self) -> Result<u32, Error> {
        if self.0 == 2 { Err(Error::new("2 cannot at all")) } else { Ok(self.0) }
    }

    fn first(&self) -> Option<Eager<Thing>> {
        (self.0 < 50).then(|| Eager(Thing(self.0 * 2)))
    }

    fn both(&self) -> EagerList<Eager<Thing>> {
        [self.0 * 2, self.0 * 2 + 1].map(|number| Eager(Thing(number))).into_iter().collect()
    }
}

async fn answers(document: &str) -> (Response, Response) {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
    let in_the_librarys_way = schema.execute(document).await;
    // Extensions make the library take another way again.
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(Nothing).finish();
    let request = async_graphql::Request::new(document).data(Waits::default());
    (schema.execute(request).await, in_the_librarys_way)
}

/// An extension that changes nothing.
struct Nothing;

impl ExtensionFactory for Nothing {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

impl Extension for Nothing {}

#[tokio::test]
async fn the_answer_is_the_librarys() {
    // More fields and items than the library polls in its simple way.
    let many = format!(
        "{{ thing {{ {} late }} crowd {{ sometimesLate fails }} }}",
        (0..40).map(|n| format!("f{n}: number ")).collect::<String>()
    );
    for document in [
        "{ thing { number } }",
        "{ thing { __typename late number } }",
        "{ things { number sometimesLate other: number } }",
        "{ things { both { both { number sometimesLate first { late } } number } number } }",
        "{ thing { fails number late } }",
        "{ things { fails both { fails late } sometimesLate fails } }",
        "{ thing { first { takesTheParentAlong } number } }",
        "{ things { both { takesTheParentAlong } } }",
        "{ thing { late first { takesTheParentAlong late } both { first { fails sometimesLate } } } }",
        // What is selected twice is merged, through lists and fragments.
        "{ thing { both { number } both { late first { number } } ...more first { number } } }
         fragment more on Thing { both { first { first { number } } } first { fails } }",
        // Fragments on the type, on its interface, on none.
        "{ thing { ... on Thing { number } ... on Numbered { alias: number __typename } ... { both { late } } } }",
        "{ numbered { number ... on Thing { first { number } } } }",
        "query($yes: Boolean = true) { thing { number @skip(if: $yes) first @include(if: $yes) { number } } }",
        &many,
    ] {
        let (eager, library) = answers(document).await;
        assert_eq!(eager.data, library.data, "{document}");
        assert_eq!(eager.errors, library.errors, "{document}");
    }
}

#[tokio::test]
async fn nothing_is_asked_more_than_twice_however_deep_something_waits() {
    let document =
        "{ things { number both { number both { number first { number first { number late } } } } } }";
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
    let asked = async |request: async_graphql::Request| {
        let count = Asked::default();
        let response = schema.execute(request.data(count.clone())).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        count.0.load(Ordering::Relaxed)
    };
    let library = asked(document.into()).await;
    let eager = asked(async_graphql::Request::new(document).data(Waits::default())).await;
    assert!(library > 20 && eager <= 2 * library, "{eager} against {library}");
}

#[tokio::test]
async fn the_type_is_the_objects_own() {
    let sdl = Schema::build(Query, EmptyMutation, EmptySubscription).finish().sdl();
    assert!(sdl.contains("thing: Thing!"), "{sdl}");
    assert!(sdl.contains("things: [Thing!]!"), "{sdl}");
    assert!(sdl.contains("first: Thing\n"), "{sdl}");
}
