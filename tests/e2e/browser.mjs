// A real Chromium, and a page that notes everything which must not happen: requests that leave the origin, breaches of
// the content security policy, errors in the console.
//
// MASTHEAD_URL  the running program, e.g. http://127.0.0.1:8000 (required)
// CHROMIUM      the browser, /usr/bin/chromium where it is not set
// E2E_PICTURES  a folder for screenshots, a new temporary one where it is not set
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium } from 'playwright-core';

if (!process.env.MASTHEAD_URL) throw new Error('MASTHEAD_URL names the running program; it is not set');

export const origin = new URL(process.env.MASTHEAD_URL).origin;
const pictures = process.env.E2E_PICTURES ?? mkdtempSync(path.join(tmpdir(), 'masthead-e2e-'));

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', // as root, in containers
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // The network is off: no name but the program's leads anywhere.
      `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${new URL(origin).hostname}`,
    ],
  });
}

/** A page of its own storage; `faults` fills up as it lives. Every request out of the origin is noted and cut off. */
export async function watchedPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const faults = [];
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin || url.protocol === 'data:' || url.protocol === 'blob:') return route.continue();
    faults.push(`request to ${url.href}`);
    return route.abort();
  });
  await context.exposeBinding('noteBreach', (_source, breach) => faults.push(`policy: ${breach}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.noteBreach(`${event.violatedDirective} forbids ${event.blockedURI || 'inline'} (${event.sourceFile})`);
    });
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
  });
  return { page, faults, close: () => context.close() };
}

export async function picture(page, name) {
  const file = path.join(pictures, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(`picture: ${file}`);
}
