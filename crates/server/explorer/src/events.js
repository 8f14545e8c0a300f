// A subscription as GraphiQL takes it: an answer after the other, until it ends or the tab stops it. By Server-Sent Events
// over fetch, which carries the tab's headers and the browser's cookie as any other operation does.

/** Yields the answers to one operation. */
export async function* watch(url, { query, operationName, variables }, headers) {
  const stop = new AbortController();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query, operationName, variables }),
      signal: stop.signal,
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield await response.json();
      return;
    }
    for await (const { event, data } of events(response.body)) {
      if (event === 'complete') return;
      if (event === 'next') yield JSON.parse(data);
    }
  } finally {
    stop.abort();
  }
}

/** The events of a stream; lines that say nothing are passed over. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1).trim()]);
      const event = Object.fromEntries(fields);
      if (event.event) yield event;
    }
  }
}
