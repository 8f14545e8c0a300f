// Runs every audit of graphql-http against a server and fails on any that is not met, recommendations included.
//   node audit.mjs http://127.0.0.1:8000/graphql
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.mjs URL');
  process.exit(2);
}

const audits = serverAudits({ url });
// A release with fewer of them, or none, must not pass by that.
if (audits.length < 61) {
  console.error(`${audits.length} audits, where there were 61`);
  process.exit(1);
}
const failures = [];
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== 'ok') failures.push(`${result.id} ${result.status}: ${result.name}: ${result.reason}`);
}
for (const failure of failures) console.log(failure);
console.log(`${audits.length - failures.length} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
