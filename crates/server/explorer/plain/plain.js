// The plain page: choose an example, edit it, run it, read the answer. No library, no build.
const config = JSON.parse(document.getElementById('graphiql-config').textContent);
const [example, query, variables, run, answer] = ['example', 'query', 'variables', 'run', 'answer'].map((id) =>
  document.getElementById(id),
);

const nameOf = (tab) => /^(?:query|mutation|subscription)\s+(\w+)/m.exec(tab.query)?.[1] ?? 'Operation';
config.tabs.forEach((tab, index) => example.add(new Option(nameOf(tab), index)));

document.getElementById(config.graphiql ? 'to-graphiql' : 'how-to-build').hidden = false;

function open(tab) {
  query.value = tab.query;
  variables.value = JSON.stringify(tab.variables, null, 2);
  answer.textContent = '';
}

async function send() {
  run.disabled = true;
  try {
    const response = await fetch(config.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body: JSON.stringify({ query: query.value, variables: JSON.parse(variables.value || '{}') }),
    });
    const text = await response.text();
    try {
      answer.textContent = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      answer.textContent = `${response.status} ${response.statusText}\n\n${text}`;
    }
  } catch (error) {
    answer.textContent = String(error);
  } finally {
    run.disabled = false;
  }
}

example.addEventListener('change', () => open(config.tabs[example.value]));
run.addEventListener('click', send);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
});
open(config.tabs[0] ?? { query: '{ site { name } }', variables: {} });
