// Sends operations to the server. GraphiQL learns the name of a tab's operation a moment after the tab is opened: run
// before that, and it asks for the former tab's operation, which the document does not have.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { Kind, parse } from 'graphql';

export function createFetcher(url) {
  const send = createGraphiQLFetcher({ url, enableIncrementalDelivery: false });
  return (request, options) => send({ ...request, operationName: nameInDocument(request) }, options);
}

/** The wanted name if the document has it, else the first operation's; the server judges what cannot be parsed. */
function nameInDocument({ query, operationName }) {
  let document;
  try {
    document = parse(query);
  } catch {
    return operationName;
  }
  const names = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => operation.name?.value);
  return names.includes(operationName) ? operationName : names[0];
}
