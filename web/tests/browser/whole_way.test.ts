// SPDX-License-Identifier: GPL-3.0-or-later
// From a file that is dropped to a part in somebody's hands, with a designer at a desk and an
// operator with a phone, and nobody loads a page again.

import { afterEach, expect, test } from 'vitest';

import { designs, ownFaults, Stage } from './stage.ts';
import { describeJob, dropDesign, submitNow } from './submit_steps.ts';

let stage: Stage;
afterEach(() => stage.close());

test('drag and drop to delivered', async () => {
  stage = await Stage.open();
  const desk = await stage.window('designer', { path: '#/submit' });
  const { page } = desk;
  await dropDesign(page, `${designs}/tool_rack/tool_rack.stl`);
  await page.waitForSelector('[data-check=yes]');
  await page.waitForSelector('[data-picture=shown]');
  await describeJob(page, { material: 'petg' });
  const first = page.locator('[data-candidate]').first();
  expect(await first.getAttribute('data-candidate')).toBe('grenoble');
  // Lyon is nearer and too small: both numbers are said.
  const miss = await page.locator('[data-miss=lyon]').first().innerText();
  expect(miss).toMatch(/2\d\d.* mm[^]*180/);
  const job = await submitNow(page);
  await page.waitForSelector('[data-state=in_production]');

  const phone = await stage.window('operator', { path: '#/fabs/grenoble', phone: true });
  const hand = phone.page;
  const work = hand.locator(`[data-work^="${job}"]`);
  await work.and(hand.locator('[data-work-state=produced]')).waitFor({ timeout: 90_000 });
  await page.waitForSelector('[data-order-state=produced]');
  // A photo first; a wrong file is said, and does no harm.
  const camera = work.locator('[data-photo-input]');
  await camera.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no') });
  await work.getByText('no picture that the browser can read').waitFor();
  await camera.setInputFiles(`${designs}/../../docs/pictures/web_network.png`);
  await work.locator('[data-photo]').waitFor();
  await work.locator('[data-action=inspect_good]').tap();
  await page.waitForSelector('[data-state=ready]');
  const edge = await page.waitForFunction(() => {
    const picture = document.querySelector<HTMLImageElement>('[data-photo]');
    return picture?.complete && Math.max(picture.naturalWidth, picture.naturalHeight);
  });
  expect(await edge.jsonValue()).toBeGreaterThan(100);
  expect(await edge.jsonValue()).toBeLessThanOrEqual(1600);

  const machine = hand.locator('[data-machine=large]');
  await machine.locator('[data-action=clear_bed]').tap();
  await hand.locator('dialog [data-sure]').tap();
  await machine.and(hand.locator('[data-machine-state=idle]')).waitFor();

  await work.locator('[data-action=hand_over]').tap();
  await hand.locator('dialog [data-sure]').tap();
  await page.waitForSelector('[data-state=closed]');
  await work.waitFor({ state: 'detached' });

  expect(await page.locator('.step.done').count()).toBe(5);
  expect(await page.locator('[data-why]').getAttribute('data-why')).toBe('1');
  expect(ownFaults(desk)).toEqual([]);
  expect(ownFaults(phone)).toEqual([]);
});

test('a job is cancelled with one more question, and says why', async () => {
  stage = await Stage.open({ manual: true });
  const { page } = await stage.window('designer', { path: '#/submit' });
  await dropDesign(page, `${designs}/wall_hook/wall_hook.stl`);
  await describeJob(page, { material: 'pla', title: 'Second thoughts' });
  await submitNow(page);
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await page.getByLabel('Reason (optional)').fill('not needed any more');
  await page.locator('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await page.waitForSelector('[data-state=cancelled]');
  expect(await page.locator('.step.ended').innerText()).toContain('Cancelled');
});

test('an operator declines with words that the designer reads', async () => {
  stage = await Stage.open({ manual: true });
  const { page } = await stage.window('designer', { path: '#/submit' });
  await dropDesign(page, `${designs}/finger_box/finger_box.svg`);
  await describeJob(page, { material: 'plywood_birch', thickness: '3' });
  const job = await submitNow(page);
  const { page: hand } = await stage.window('operator', {
    path: '#/fabs/saint_etienne',
    phone: true,
  });
  const work = hand.locator(`[data-work^="${job}"]`);
  await work.locator('[data-action=decline]').tap();
  // Without words it is not sent.
  await hand.locator('dialog [data-sure]').tap();
  await hand.getByText('Please say what it is.').waitFor();
  await hand.locator('dialog input').fill('the lens is dirty');
  await hand.locator('dialog [data-sure]').tap();
  await work.waitFor({ state: 'detached' });
  await page
    .getByText(/: the lens is dirty/)
    .first()
    .waitFor();
});

test('presence at a laser wants the code on its card', async () => {
  stage = await Stage.open();
  const { page } = await stage.window('operator', { path: '#/fabs/saint_etienne', phone: true });
  const laser = page.locator('[data-machine=laser]');
  await laser.locator('[data-action=presence]').tap();
  await page.locator('dialog input').fill('copper owl');
  await page.locator('dialog [data-sure]').tap();
  await page.getByText('that is not the code of machine laser').waitFor();
  await laser.locator('[data-action=presence]').tap();
  await page.locator('dialog input').fill('brass otter');
  await page.locator('dialog [data-sure]').tap();
  await page.getByText('a person is at machine laser for the next').waitFor();
  // It is asked for each time, and kept nowhere.
  await laser.locator('[data-action=presence]').tap();
  expect(await page.locator('dialog input').inputValue()).toBe('');
});

test('an operator says what is loaded', async () => {
  stage = await Stage.open();
  const { page } = await stage.window('operator', { path: '#/fabs/grenoble', phone: true });
  const machine = page.locator('[data-machine=large]');
  await machine.locator('[data-action=load]').tap();
  const dialog = page.locator('dialog');
  await dialog.locator('select').selectOption('petg');
  // A thousand to one who reads English, one to others: not guessed.
  await dialog.locator('input:not([type=checkbox])').fill('1,000');
  await dialog.locator('[data-sure]').tap();
  await dialog.getByText('Please say how many grams').waitFor();
  await dialog.locator('input:not([type=checkbox])').fill('412,5');
  await dialog.locator('[data-sure]').tap();
  await page.getByText('machine large has 412.5 g of petg').waitFor();
  await machine.locator('summary').tap();
  await machine
    .locator('.chip', { hasText: /41[23]/ })
    .first()
    .waitFor();
});
