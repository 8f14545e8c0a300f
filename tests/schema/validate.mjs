// Does the schema serve its clients? usage: node validate.mjs SCHEMA.graphql
//
// Each operation of the contract (../contract) and each example of the explorer is validated by graphql-js, with the
// fragments it uses. Operations that a later change brings stand in ../contract/later.txt, one `file name` a line: they
// must not validate yet, so that the list shrinks with the work and hides nothing. Prints a line for each fault and
// ends with 'N passed, N failed'.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { buildSchema, Kind, parse, validate, validateSchema, visit } from 'graphql';

const here = import.meta.dirname;
const contract = path.join(here, '../contract');
const examples = path.join(here, '../../crates/server/explorer/examples');

const schema = buildSchema(readFileSync(process.argv[2], 'utf8'));
let passed = 0;
let failed = 0;

function judge(what, faults) {
  for (const fault of faults) console.log(`${what}: ${fault}`);
  if (faults.length === 0) passed += 1;
  else failed += 1;
}

judge(
  'the schema itself',
  validateSchema(schema).map((error) => error.message),
);

const documents = documentsUnder(contract);
const fragments = definitions(documents, Kind.FRAGMENT_DEFINITION);
const later = new Set(laterOperations());
for (const { file, node } of definitions(documents, Kind.OPERATION_DEFINITION)) {
  const name = `${file} ${node.name.value}`;
  const faults = faultsOf(withFragments(node));
  if (!later.delete(name)) judge(name, faults);
  else judge(name, faults.length === 0 ? ['is served now: take it out of later.txt'] : []);
}
for (const name of later) judge(name, ['stands in later.txt, but no such operation is in the contract']);

for (const { file, document } of documentsUnder(examples)) judge(`explorer example ${file}`, faultsOf(document));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function documentsUnder(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ file, document: parse(readFileSync(path.join(folder, file), 'utf8')) }));
}

function definitions(documents, kind) {
  return documents.flatMap(({ file, document }) =>
    document.definitions.filter((node) => node.kind === kind).map((node) => ({ file, node })),
  );
}

function laterOperations() {
  return readFileSync(path.join(contract, 'later.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
}

/** A document of the operation and every fragment it reaches: a fragment that nothing uses would be a fault. */
function withFragments(operation) {
  const reached = new Set();
  const reach = (node) =>
    visit(node, {
      FragmentSpread({ name }) {
        const found = fragments.find((fragment) => fragment.node.name.value === name.value);
        if (!found || reached.has(found.node)) return; // validation names a fragment that is not there
        reached.add(found.node);
        reach(found.node);
      },
    });
  reach(operation);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...reached] };
}

function faultsOf(document) {
  // graphql-js looks no further where the schema has no such root type, and finds no fault.
  const rootless = document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION && !schema.getRootType(node.operation),
  );
  if (rootless) return [`the schema has no ${rootless.operation} type`];
  return validate(schema, document).map(({ message, locations }) => `${message} (line ${locations?.[0]?.line ?? '?'})`);
}
