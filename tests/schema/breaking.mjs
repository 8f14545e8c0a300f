// Does a change of the schema break clients? usage: node breaking.mjs BEFORE.graphql AFTER.graphql
//
// Names each breaking change and fails, but for the removal of what BEFORE already deprecated. Changes that a careless
// client may trip over (a new enum value, a new type of a union) are named and pass.
import { readFileSync } from 'node:fs';

import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

const [before, after] = process.argv.slice(2).map((file) => buildSchema(readFileSync(file, 'utf8')));

const breaking = findBreakingChanges(before, after);
const broken = breaking.filter((change) => !wasDeprecated(change));
for (const change of findDangerousChanges(before, after)) console.log(`note: ${change.description}`);
for (const change of breaking) {
  console.log(broken.includes(change) ? `breaks clients: ${change.description}` : `was deprecated: ${change.description}`);
}
if (broken.length === 0) console.log('no client breaks');
process.exitCode = broken.length > 0 ? 1 : 0;

/** Whether what is gone carried `@deprecated`: graphql-js tells the place only in words, `Type.member was removed.` */
function wasDeprecated({ type, description }) {
  const [, typeName, memberName] = /^(\w+)\.(\w+)/.exec(description) ?? [];
  const named = before.getType(typeName);
  switch (type) {
    case 'FIELD_REMOVED':
      return named.getFields()[memberName].deprecationReason != null;
    case 'VALUE_REMOVED_FROM_ENUM': {
      const [, value, enumName] = /^(\w+) was removed from enum type (\w+)/.exec(description);
      return before.getType(enumName).getValue(value).deprecationReason != null;
    }
    default:
      return false;
  }
}
