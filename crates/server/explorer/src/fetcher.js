// Sends operations to the server. GraphiQL learns the name of a tab's operation a moment after the tab is opened: run
// before that, and it asks for the former tab's operation, which the document does not have.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { Kind, OperationTypeNode, getOperationAST, parse } from 'graphql';

import { watch } from './events.js';

/** Mutations after which somebody else may be signed in. */
const CHANGES_SESSION = /\b(signIn|signOut|acceptInvitation|revokeSessions)\b/;

/** `onSession` is called when an operation was answered that may have signed somebody in or out. */
export function createFetcher(url, onSession) {
  const send = createGraphiQLFetcher({ url, enableIncrementalDelivery: false });
  return async (request, options) => {
    const named = { ...request, operationName: nameInDocument(request) };
    if (isSubscription(named)) return watch(url, named, options?.headers);
    const answer = await send(named, options);
    if (CHANGES_SESSION.test(request.query)) onSession();
    return answer;
  };
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

function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}
