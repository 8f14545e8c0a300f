// Arabic in the editors: Monaco boxes every letter that looks like a Latin one, as if it were an attack, its font has
// no Arabic, and a right-to-left line that is too long would lose its beginning. Draws nothing.
import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

const OPTIONS = {
  wordWrap: 'on',
  unicodeHighlight: { ambiguousCharacters: false, nonBasicASCII: false },
  fontFamily: '"Fira Code", ui-monospace, "Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro", "Segoe UI", monospace',
};

export function ReadableScripts() {
  const editors = useGraphiQL((state) => [
    state.queryEditor,
    state.variableEditor,
    state.headerEditor,
    state.responseEditor,
  ]);
  useEffect(() => {
    for (const editor of editors) editor?.updateOptions(OPTIONS);
  }, [editors]);
  return null;
}
