//! What is answered on the spot is what the library answers.

use async_graphql::{EmptyMutation, EmptySubscription, Error, Interface, Object, Response, Schema};
use tokio::task::yield_now;

use super::*;

struct Query;

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

    fn numbered(&self) -> Numbered {
        Numbered::Thing(Thing(7))
    }
}

#[Object]
impl Thing {
    async fn number(&self) -> u32 {
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
    let request = async_graphql::Request::new(document).data(Waits::default());
    (schema.execute(request).await, in_the_librarys_way)
}

#[tokio::test]
async fn the_answer_is_the_librarys() {
    for document in [
        "{ thing { number } }",
        "{ thing { __typename late number } }",
        "{ things { number sometimesLate other: number } }",
        "{ things { both { both { number sometimesLate first { late } } number } number } }",
        "{ thing { fails number late } }",
        "{ things { fails both { fails late } sometimesLate fails } }",
        "{ thing { first { takesTheParentAlong } number } }",
        "{ things { both { takesTheParentAlong } } }",
        "{ thing { first { takesTheParentAlong late } both { first { fails sometimesLate } } } }",
        // What is selected twice is merged, through lists and fragments.
        "{ thing { both { number } both { late first { number } } ...more first { number } } }
         fragment more on Thing { both { first { first { number } } } first { fails } }",
        // Fragments on the type, on its interface, on none.
        "{ thing { ... on Thing { number } ... on Numbered { alias: number __typename } ... { both { late } } } }",
        "{ numbered { number ... on Thing { first { number } } } }",
        "query($yes: Boolean = true) { thing { number @skip(if: $yes) first @include(if: $yes) { number } } }",
    ] {
        let (eager, library) = answers(document).await;
        assert_eq!(eager.data, library.data, "{document}");
        let sorted = |response: &Response| {
            let mut errors: Vec<_> = response.errors.iter().map(|error| format!("{error:?}")).collect();
            errors.sort();
            errors
        };
        assert_eq!(sorted(&eager), sorted(&library), "{document}");
    }
}

#[tokio::test]
async fn the_type_is_the_objects_own() {
    let sdl = Schema::build(Query, EmptyMutation, EmptySubscription).finish().sdl();
    assert!(sdl.contains("thing: Thing!"), "{sdl}");
    assert!(sdl.contains("things: [Thing!]!"), "{sdl}");
    assert!(sdl.contains("first: Thing\n"), "{sdl}");
}
