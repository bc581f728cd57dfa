// SPDX-License-Identifier: GPL-3.0-or-later
// For everybody: keyboard, screen readers, small screens, both schemes, names from strangers.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';

import { designs, ownFaults, realUrl, Stage } from './stage.ts';
import { describeJob, dropDesign, submitNow } from './submit_steps.ts';

let stage: Stage;
afterEach(() => stage.close());

const axeCode = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeFault {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeCode);
  const found = await page.evaluate(async () => {
    const axe = (
      globalThis as unknown as { axe: { run: () => Promise<{ violations: AxeFault[] }> } }
    ).axe;
    return (await axe.run()).violations;
  });
  return found
    .filter(
      (one) => one.impact === 'serious' || one.impact === 'critical' || one.impact === 'moderate',
    )
    .map(
      (one) =>
        `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`,
    );
}

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.loading') === null);
}

describe('axe finds nothing serious', () => {
  const looks = [
    { name: 'light', dark: false, phone: false },
    { name: 'dark', dark: true, phone: false },
    { name: 'phone', dark: false, phone: true },
  ];
  for (const { name, dark, phone } of looks) {
    test(name, async () => {
      stage = await Stage.open({ more: true });
      const out = await stage.window(null, { dark, phone });
      await out.page.getByLabel('Token', { exact: true }).waitFor();
      expect(await axeFaults(out.page)).toEqual([]);

      const { page } = await stage.window('admin', { path: '#/submit', dark, phone });
      await dropDesign(page, `${designs}/tool_rack/tool_rack.stl`);
      await page.waitForSelector('[data-check=yes]');
      await describeJob(page, { material: 'petg' });
      await page.waitForSelector('[data-answer=here]');
      await page.waitForSelector('[data-picture=shown]');
      expect(await axeFaults(page)).toEqual([]);
      const job = await submitNow(page);
      await page.waitForSelector('[data-why="1"]');
      expect(await axeFaults(page)).toEqual([]);
      for (const path of ['#/', '#/fabs/grenoble', '#/fabs/lyon', '#/report', `#/jobs/${job}`]) {
        await page.goto(`${stage.base}/${path}`);
        await page.waitForTimeout(300);
        await settled(page);
        expect(await axeFaults(page), path).toEqual([]);
        const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect(wide[0], `${path} is wider than the screen`).toBeLessThanOrEqual(wide[1] as number);
      }
    });
  }
});

test('everything is reached by keys alone', async () => {
  stage = await Stage.open({ more: true });
  const desk = await stage.window('designer', { path: '#/' });
  const { page } = desk;
  await page.waitForSelector('[data-sums]');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    'Skip to the content',
  );
  await page.locator('.map canvas').focus();
  for (const key of ['ArrowLeft', 'ArrowUp', '+', '-', '0']) await page.keyboard.press(key);
  await page.getByRole('tab', { name: /Jobs/ }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('tab', { name: /Fabs/ }).getAttribute('aria-selected')).toBe('true');
  await page.locator('.long-list').focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.classList.contains('row'));
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(50);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-fab]');

  await page.goto(`${stage.base}/#/submit`);
  await page.locator('.where-map canvas').focus();
  await page.keyboard.press('Enter');
  expect(await page.getByLabel('Latitude, longitude').inputValue()).toMatch(/^-?\d+\.\d{4}, /);
  expect(ownFaults(desk)).toEqual([]);
});

test('colours follow the system, or the person', async () => {
  stage = await Stage.open();
  const { page } = await stage.window('designer', { dark: true });
  await page.waitForSelector('[data-sums]');
  const paper = () =>
    page.evaluate(() => getComputedStyle(document.body).getPropertyValue('background-color'));
  const dark = await paper();
  await page.getByRole('button', { name: 'Colours: as the system' }).click();
  const light = await paper();
  expect(light).not.toBe(dark);
  await page.reload();
  await page.waitForSelector('[data-sums]');
  expect(await paper()).toBe(light);
  await page.getByRole('button', { name: 'Colours: light' }).click();
  expect(await paper()).toBe(dark);
});

test('names from strangers are text, whatever they hold', async () => {
  stage = await Stage.open({ more: true });
  const desk = await stage.window('designer', { path: '#/submit' });
  const { page } = desk;
  await dropDesign(page, `${designs}/wall_hook/wall_hook.stl`);
  const evil = '<img src=x onerror="document.title=1">"\'&amp;';
  await describeJob(page, { material: 'pla', title: evil });
  await submitNow(page);
  await page.getByRole('heading', { name: evil }).waitFor();
  await page.goto(`${stage.base}/#/`);
  await page.locator('.row-title', { hasText: evil }).waitFor();
  await page.getByRole('tab', { name: /Fabs/ }).click();
  await page.locator('.row-title', { hasText: 'FabLab Lyon' }).waitFor();
  if (!realUrl) {
    await page.locator('.row-title', { hasText: 'Atelier <b>Chambéry</b> & Cie' }).waitFor();
  }
  expect(await page.locator('.row-title b, .row-title img').count()).toBe(0);
  expect(ownFaults(desk)).toEqual([]);
});

// Before a real router the whole way has delivered something today.
test('the report draws its days, and says them as a table', async () => {
  stage = await Stage.open();
  const desk = await stage.window('reader', { path: '#/report' });
  const { page } = desk;
  const card = page.locator('[data-days="30"]');
  await card.locator('.day-chart canvas').waitFor();
  // Its bars are drawn, not only its axes.
  const drawn = await card.locator('.day-chart canvas').evaluate((canvas) => {
    const colourOf = (pen: CanvasRenderingContext2D, w: number, h: number) =>
      new Uint32Array(pen.getImageData(0, 0, w, h).data.buffer);
    const sample = document.createElement('canvas').getContext('2d');
    const pen = (canvas as HTMLCanvasElement).getContext('2d');
    if (!sample || !pen) return 0;
    const style = getComputedStyle(document.documentElement);
    sample.fillStyle = style.getPropertyValue('--accent').trim();
    sample.fillRect(0, 0, 1, 1);
    const [accent] = colourOf(sample, 1, 1);
    const { width, height } = canvas as HTMLCanvasElement;
    return colourOf(pen, width, height).filter((pixel) => pixel === accent).length;
  });
  expect(drawn).toBeGreaterThan(100);
  await card.getByText('As a table').click();
  expect(await card.locator('tbody tr').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: '7 days' }).click();
  await page.waitForSelector('[data-days="7"] .day-chart canvas');
  await page.waitForFunction(() => document.querySelectorAll('.day-chart canvas').length === 1);
  expect(ownFaults(desk)).toEqual([]);
});
