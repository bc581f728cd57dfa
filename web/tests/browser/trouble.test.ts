// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong: wrong files, tokens that end, a line that breaks, answers that get lost.

import { readFileSync } from 'node:fs';

import type { Route } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';

import { designs, ownFaults, realUrl, Stage } from './stage.ts';
import { describeJob, dropDesign, dropFile, submitNow } from './submit_steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe('wrong files', () => {
  test('are refused with what to do next, before or after they were sent', async () => {
    stage = await Stage.open();
    const desk = await stage.window('designer', { path: '#/submit' });
    const { page } = desk;
    const alert = page.locator('.drop-state [role=alert]');
    await dropFile(page, 'holiday.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    await alert.getByText('holiday.jpg is not a kind of file that can be made.').waitFor();
    await dropFile(page, 'part.step', Buffer.from('ISO-10303-21;\nHEADER;'));
    await alert.getByText('STEP files are not read here.').waitFor();
    await dropFile(page, 'empty.stl', Buffer.alloc(0));
    await alert.getByText('The file is empty.').waitFor();
    await dropFile(page, 'broken.stl', Buffer.from('this is no STL, whatever its name says'));
    await alert.getByText('Next:').waitFor();
    await page.waitForFunction(
      () =>
        document.querySelector('.drop-state [role=alert]')?.textContent?.includes('empty') ===
        false,
    );
    expect(await page.getByRole('button', { name: 'Submit', exact: true }).isDisabled()).toBe(true);
    await dropDesign(page, `${designs}/finger_box/finger_box.svg`);
    await page.waitForSelector('svg[data-picture=shown]');
    await alert.waitFor({ state: 'detached' });
    expect(ownFaults(desk)).toEqual([]);
  });
});

describe('tokens', () => {
  test('stay in the tab unless the person asks', async () => {
    stage = await Stage.open();
    const { page } = await stage.window(null);
    await page.getByLabel('Token', { exact: true }).fill('not a token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This is not a token').waitFor();
    await page.getByLabel('Token', { exact: true }).fill(`nf_${'z'.repeat(43)}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('You were signed out').waitFor();
    await page.getByLabel('Token', { exact: true }).fill(stage.token('designer'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector('[data-sums]');
    const kept = () =>
      page.evaluate(() => [
        localStorage.getItem('nearfab.token'),
        sessionStorage.getItem('nearfab.token') !== null,
      ]);
    expect(await kept()).toEqual([null, true]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await kept()).toEqual([null, false]);
    await page.getByLabel('Token', { exact: true }).fill(stage.token('designer'));
    await page.getByLabel('Keep me signed in').check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector('[data-sums]');
    expect(await page.evaluate(() => localStorage.getItem('nearfab.token') !== null)).toBe(true);
  });

  test('that end lead to the sign in, and back to where one was', async () => {
    stage = await Stage.open();
    const { page } = await stage.window('guest', { path: '#/report' });
    await page.waitForSelector('[data-report="30"]');
    stage.guestLeaves();
    await page.getByText('the router does not take the token any more').waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('nearfab.token'))).toBeNull();
    await page.getByLabel('Token', { exact: true }).fill(stage.token('reader'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector('[data-report="30"]');
  });

  test('of readers offer nothing to submit', async () => {
    stage = await Stage.open();
    const { page } = await stage.window('reader', { path: '#/submit' });
    await page.getByText('Your token may read, not submit.').waitFor();
  });
});

describe('a line that breaks', () => {
  test('is said after a moment, mends itself, and nothing was missed', async () => {
    stage = await Stage.open();
    const { page } = await stage.window('designer', { path: '#/' });
    await page.waitForSelector('[data-link=live]');
    await page.getByRole('tab', { name: /Fabs/ }).click();
    const fab = page.locator('.row', { hasText: 'OpenFactory Saint-Etienne' });
    await fab.getByText('free').waitFor();
    stage.line.break();
    await page.waitForSelector('[data-link=offline]');
    await page.waitForSelector('[data-offline]');
    for (const machine of ['mill', 'laser']) {
      await stage.act('saint_etienne', { action: 'drain', machine });
    }
    stage.line.mend();
    await page.waitForSelector('[data-link=live]');
    await page.locator('[data-offline]').waitFor({ state: 'detached' });
    await fab.getByText('takes no work now').waitFor();
    for (const machine of ['mill', 'laser']) {
      await stage.act('saint_etienne', { action: 'resume', machine });
    }
    await fab.getByText('free').waitFor();
  });

  test('in the middle of an upload sends the rest and no more', async () => {
    stage = await Stage.open();
    const { page } = await stage.window('designer', { path: '#/submit' });
    await page.waitForSelector('[data-link=live]');
    // Mostly triangles without area: large on the line, whatever is found in it then.
    const large = Buffer.alloc(84 + 50 * 20_000);
    readFileSync(`${designs}/tool_rack/tool_rack.stl`).copy(large, 84, 84, 84 + 50 * 2000);
    large.writeUInt32LE(20_000, 80);
    const before = stage.line.sent;
    stage.line.breakAfter(100_000, 400_000, 700_000);
    await dropFile(page, 'large.stl', large);
    await page
      .locator('[data-check]')
      .or(page.locator('.drop-state [role=alert]'))
      .first()
      .waitFor();
    // Of each break at most one piece is sent again; a real router takes pieces of 1 MiB, so all of
    // them fall into one.
    const again = realUrl ? 900_000 : 4 * 128 * 1024;
    expect(stage.line.sent - before).toBeGreaterThanOrEqual(large.length);
    expect(stage.line.sent - before).toBeLessThan(large.length + again);
  });

  test('after the submission makes no second job, also over a reload', async () => {
    stage = await Stage.open({ manual: true });
    const { page } = await stage.window('designer', { path: '#/submit' });
    await dropDesign(page, `${designs}/wall_hook/wall_hook.stl`);
    const title = `Once ${Date.now()}`;
    await describeJob(page, { material: 'pla', title });
    await page.waitForSelector('[data-answer=here]');
    // The router takes it, and its answer is lost, however often the page asks again.
    const lost = async (route: Route) => {
      if (route.request().method() === 'POST') await route.fetch();
      await route.abort('connectionreset');
    };
    await page.route('**/api/v1/jobs', lost);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.locator('.submit-bar [role=alert]').waitFor();
    await page.unroute('**/api/v1/jobs', lost);
    const [first] = await stage.jobsCalled(title);
    expect(first).toBeDefined();
    await page.reload();
    const job = await submitNow(page);
    expect(job).toBe(first);
    expect(await stage.jobsCalled(title)).toEqual([job]);
    // And who comes back is told.
    await page.goto(`${stage.base}/#/submit`);
    await page.getByText('You submitted exactly this').waitFor();
    await page.getByRole('link', { name: 'Open that job' }).click();
    await page.waitForSelector(`[data-job="${job}"]`);
  });
});
