// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium, a page of it, and what every browser test asks.

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export const sizes = {
  desk: { width: 1280, height: 860 },
  phone: { width: 360, height: 740 },
};

const program = process.env.NEARFAB_CHROMIUM ?? '/usr/bin/chromium';

export interface Window {
  page: Page;
  context: BrowserContext;
  // What the console and the policy complained of.
  faults: string[];
  close: () => Promise<void>;
}

const usual = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// WebGL by the processor, for the picture of a part.
const withWebGl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

const started = new Map<boolean, Promise<Browser>>();

// One for all tests of a run; it ends with the process.
function browser(webGl: boolean): Promise<Browser> {
  let one = started.get(webGl);
  if (!one) {
    one = chromium.launch({
      executablePath: program,
      headless: true,
      args: webGl ? [...usual, ...withWebGl] : usual,
    });
    started.set(webGl, one);
  }
  return one;
}

export async function openWindow(
  base: string,
  options: {
    token?: string;
    phone?: boolean;
    dark?: boolean;
    path?: string;
    webGl?: boolean;
  } = {},
): Promise<Window> {
  const phone = options.phone ?? false;
  const context = await (
    await browser(options.webGl ?? true)
  ).newContext({
    viewport: phone ? sizes.phone : sizes.desk,
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
  });
  context.setDefaultTimeout(20_000);
  const { token } = options;
  if (token) {
    await context.addInitScript((value) => {
      if (sessionStorage.getItem('nearfab.test') === null) {
        sessionStorage.setItem('nearfab.test', '1');
        sessionStorage.setItem('nearfab.token', JSON.stringify(value));
      }
    }, token);
  }
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (thrown) => faults.push(String(thrown)));
  await page.goto(`${base}/${options.path ?? ''}`);
  return { page, context, faults, close: () => context.close() };
}
