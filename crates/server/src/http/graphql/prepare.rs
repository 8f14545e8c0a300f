//! From a request's parameters to an answer: what must hold before an operation may run, and running it for as long as it
//! may take. It must not know how requests come, nor how answers leave.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse, ServerError, Value, Variables};
use futures_util::FutureExt;
use masthead_graphql::Uploads;
use masthead_graphql::error::{Code, finish};
use masthead_graphql::limits::Cost;

use super::answer::{self, Refused};
use super::parameters::Parameters;
use super::{Caller, Core, Service};

/// An operation that may run.
pub(super) struct Prepared {
    pub(super) request: GraphqlRequest,
    /// Whether it is a subscription.
    pub(super) lasts: bool,
}

impl Prepared {
    pub(super) fn data(self, uploads: Uploads) -> Self {
        Self { request: self.request.data(uploads), ..self }
    }
}

/// What may be asked in the way that a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Transport {
    /// Mutations.
    pub(super) mutates: bool,
    /// Subscriptions.
    pub(super) lasts: bool,
}

impl Transport {
    /// A form with files.
    pub(super) const FORM: Self = Self { mutates: true, lasts: false };
    /// A WebSocket connection.
    pub(super) const SOCKET: Self = Self { mutates: true, lasts: true };
}

impl<S: Service> Core<S> {
    /// Everything that is asked of a request before its operation may run, however it came.
    pub(super) fn prepare(
        &self,
        parameters: Parameters<'_>,
        transport: Transport,
    ) -> Result<Prepared, Refused> {
        let document = self.documents.get(&parameters.query)?;
        let operation = document
            .operation(parameters.operation_name.as_deref())
            .map_err(|missing| Code::BadRequest.error(missing.to_string()))?;
        match operation.ty {
            OperationType::Mutation if !transport.mutates => return Err(Refused::Method { allow: "POST" }),
            OperationType::Subscription if !transport.lasts => {
                return Err(Code::BadRequest
                    .error("Subscriptions are answered over WebSocket (graphql-transport-ws), and to who accepts text/event-stream.")
                    .into());
            }
            OperationType::Query | OperationType::Mutation | OperationType::Subscription => {}
        }
        let lasts = operation.ty == OperationType::Subscription;
        if document.introspects() && !self.options.introspection {
            return Err(Code::Validation.error("Introspection is switched off on this server.").into());
        }
        require_variables(operation, &parameters.variables)?;
        Cost::measure(&self.shape, &document, operation, &parameters.variables)
            .check(&self.options.limits)?;

        let mut request =
            GraphqlRequest::new(String::new()).variables(parameters.variables).data(Arc::clone(&document));
        request.operation_name = parameters.operation_name.map(Into::into);
        request.set_parsed_query(document.document().clone());
        Ok(Prepared { request, lasts })
    }

    /// Runs an operation that may run.
    pub(super) async fn run(&self, Prepared { request, .. }: Prepared, caller: Caller) -> GraphqlResponse {
        let request_id = caller.request_id.clone();
        let mut response = finish(self.execute(request, caller).await, &request_id);
        answer::bound_errors(&mut response.errors);
        response
    }

    /// Runs the operation for as long as it may take. A panic in it is a fault of ours, told like any other.
    async fn execute(&self, request: GraphqlRequest, caller: Caller) -> GraphqlResponse {
        let request_id = caller.request_id.clone();
        let running = AssertUnwindSafe(self.service.execute(request, caller)).catch_unwind();
        let error = match tokio::time::timeout(self.options.request_timeout, running).await {
            Ok(Ok(response)) => return response,
            Ok(Err(_panic)) => {
                tracing::error!(%request_id, "the operation panicked");
                answer::fault(&request_id)
            }
            Err(_elapsed) => {
                let seconds = self.options.request_timeout.as_secs_f64();
                tracing::warn!(%request_id, seconds, "the operation took too long and was given up");
                Code::Timeout
                    .error(format!("The operation took longer than {seconds} seconds and was given up."))
            }
        };
        GraphqlResponse::from_errors(vec![error])
    }
}

/// Refuses an operation whose required variables have no value. async-graphql looks at them only where they are used,
/// and there lets a missing one pass for null.
fn require_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refused> {
    let errors: Vec<ServerError> = operation
        .variable_definitions
        .iter()
        .filter(|definition| {
            !definition.node.var_type.node.nullable && definition.node.default_value.is_none()
        })
        .filter_map(|definition| {
            let (name, expected) = (&definition.node.name.node, &definition.node.var_type.node);
            let wrong = match variables.get(name.as_str()) {
                None => "was not provided",
                Some(Value::Null) => "must not be null",
                Some(_) => return None,
            };
            let mut error =
                Code::Validation.error(format!("The variable \"${name}\" of type \"{expected}\" {wrong}."));
            error.locations = vec![definition.pos];
            Some(error)
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Refused::Request(errors)) }
}
