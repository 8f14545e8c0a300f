//! Objects and lists whose fields are asked on the spot, as long as none of them waits.
//!
//! async-graphql puts every field of an object, and every item of a list, into a future of its own and polls them all
//! together. Of an article's page that was two fifths of the work, while nothing on it waits: it was read by a plan. Here the
//! fields are first asked one after the other, where they stand. When one has to wait, what was begun is dropped, out to the
//! outermost object that was asked so, and those selections are remembered as ones that wait. Then that object is asked once
//! more, in the library's way, in which all fields wait together. So a field of such an object may be asked twice: it
//! reads, through the loader, and changes nothing. What is answered is the same either way. It must not know any object.

use std::borrow::Cow;
use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use async_graphql::indexmap::IndexMap;
use async_graphql::indexmap::map::Entry;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::{resolve_container, resolve_list};
use async_graphql::{
    ContextSelectionSet, Name, ObjectType, OutputType, Pos, Positioned, ServerResult, Value,
};

/// An object, resolved as the module says. Its type is `T`'s own.
pub(crate) struct Eager<T>(pub(crate) T);

/// A list, resolved as the module says. Its type is that of a `Vec<T>`.
pub(crate) struct EagerList<T>(Vec<T>);

/// The selections of a request in which something waited; a part of the request's data. Without it, all is done in the
/// library's way.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    known: Mutex<Vec<Pos>>,
    /// Whether something is being asked on the spot just now.
    asking: AtomicBool,
}

/// What waits, when it was asked on the spot.
struct Waiting;

impl<T> From<Vec<T>> for EagerList<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T> FromIterator<T> for EagerList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T: ObjectType> OutputType for Eager<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> impl Future<Output = ServerResult<Value>> + Send {
        object(ctx, &self.0)
    }
}

impl<T: OutputType> OutputType for EagerList<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> impl Future<Output = ServerResult<Value>> + Send {
        let now = on_the_spot(ctx, || items_now(ctx, field, &self.0).map(|items| items.map(Value::List)));
        async move {
            match now {
                Ok(answer) => answer,
                Err(Waiting) => {
                    for_good(ctx).await;
                    resolve_list(ctx, field, &self.0, Some(self.0.len())).await
                }
            }
        }
    }
}

/// What is selected of an object.
pub(crate) fn object<T: ObjectType>(
    ctx: &ContextSelectionSet<'_>,
    object: &T,
) -> impl Future<Output = ServerResult<Value>> + Send {
    let now = on_the_spot(ctx, || {
        let set = &ctx.item.node;
        let mut answer = IndexMap::with_capacity(set.items.len().max(8));
        Ok(fields_now(ctx, object, set, &mut answer)?.map(|()| Value::Object(answer)))
    });
    async move {
        match now {
            Ok(answer) => answer,
            Err(Waiting) => {
                for_good(ctx).await;
                // Objects lie in objects to any depth: without a box the future would have no size.
                let fields: Pin<Box<dyn Future<Output = ServerResult<Value>> + Send + '_>> =
                    Box::pin(resolve_container(ctx, object));
                fields.await
            }
        }
    }
}

/// Asks, unless it is known that something in this selection waits.
fn on_the_spot(
    ctx: &ContextSelectionSet<'_>,
    ask: impl FnOnce() -> Result<ServerResult<Value>, Waiting>,
) -> Result<ServerResult<Value>, Waiting> {
    let waits: &Waits = ctx.data_opt().ok_or(Waiting)?;
    if waits.is_known(ctx.item.pos) {
        return Err(Waiting);
    }
    let told = errors_of(ctx).len();
    let within_another = waits.asking.swap(true, Ordering::Relaxed);
    let asked = ask();
    waits.asking.store(within_another, Ordering::Relaxed);
    asked.inspect_err(|Waiting| {
        waits.remember(ctx.item.pos);
        // Will be told again.
        errors_of(ctx).truncate(told);
    })
}

/// Goes on unless what this belongs to is being asked on the spot: that will be dropped and asked again, all of it, so
/// nothing of it is begun.
async fn for_good(ctx: &ContextSelectionSet<'_>) {
    if ctx.data_opt::<Waits>().is_some_and(|waits| waits.asking.load(Ordering::Relaxed)) {
        pending::<()>().await;
    }
}

fn errors_of<'a>(
    ctx: &ContextSelectionSet<'a>,
) -> std::sync::MutexGuard<'a, Vec<async_graphql::ServerError>> {
    ctx.query_env.errors.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts the fields of a selection in, those of fragments on the object's type or an interface of it among them.
fn fields_now<T: ObjectType>(
    ctx: &ContextSelectionSet<'_>,
    object: &T,
    set: &SelectionSet,
    answer: &mut IndexMap<Name, Value>,
) -> Result<ServerResult<()>, Waiting> {
    for selection in &set.items {
        let (condition, set) = match &selection.node {
            Selection::Field(field) => {
                let value = if field.node.name.node == "__typename" {
                    Ok(Some(Value::String(object.introspection_type_name().into_owned())))
                } else {
                    now(object.resolve_field(&ctx.with_field(field)))?
                };
                match value {
                    Ok(value) => {
                        merge(answer, field.node.response_key().node.clone(), value.unwrap_or_default());
                    }
                    Err(error) => return Ok(Err(error)),
                }
                continue;
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let fragment = ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                // There is one: the document is valid.
                let Some(fragment) = fragment else { continue };
                (Some(&fragment.node.type_condition), &fragment.node.selection_set)
            }
        };
        if condition.is_none_or(|condition| is_a(ctx, object, &condition.node.on.node))
            && let Err(error) = fields_now(ctx, object, &set.node, answer)?
        {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

fn is_a<T: ObjectType>(ctx: &ContextSelectionSet<'_>, object: &T, condition: &str) -> bool {
    let name = object.introspection_type_name();
    name == condition
        || ctx.schema_env.registry.implements.get(&*name).is_some_and(|all| all.contains(condition))
}

fn items_now<T: OutputType>(
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    items: &[T],
) -> Result<ServerResult<Vec<Value>>, Waiting> {
    let mut values = Vec::with_capacity(items.len());
    for (n, item) in items.iter().enumerate() {
        let ctx = ctx.with_index(n);
        match now(item.resolve(&ctx, field))? {
            Ok(value) => values.push(value),
            Err(error) => return Ok(Err(ctx.set_error_path(error))),
        }
    }
    Ok(Ok(values))
}

/// The output of what does not wait.
fn now<F: Future>(future: F) -> Result<F::Output, Waiting> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(Waiting),
    }
}

impl Waits {
    fn is_known(&self, selection: Pos) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&selection)
    }

    fn remember(&self, selection: Pos) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).push(selection);
    }
}

/// Puts a field's value in. What was selected twice under one name is one value; objects in it have the fields of both, as
/// <https://spec.graphql.org/October2021/#sec-Field-Selection-Merging> says.
fn merge(answer: &mut IndexMap<Name, Value>, name: Name, value: Value) {
    match answer.entry(name) {
        Entry::Vacant(vacant) => {
            vacant.insert(value);
        }
        Entry::Occupied(mut before) => merge_values(before.get_mut(), value),
    }
}

fn merge_values(before: &mut Value, value: Value) {
    match (before, value) {
        (Value::Object(before), Value::Object(fields)) => {
            for (name, value) in fields {
                merge(before, name, value);
            }
        }
        (Value::List(before), Value::List(items)) => {
            for (before, item) in before.iter_mut().zip(items) {
                merge_values(before, item);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "eager_tests.rs"]
mod tests;
