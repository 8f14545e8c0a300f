// What the pages behind a letter's link share: the reader's language, and asking the API. No library, no build.
export function textsOf(all) {
  const language = navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => tag in all) ?? 'en';
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
  return all[language];
}

export async function ask(query, variables) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}
