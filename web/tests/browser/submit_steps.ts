// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a designer, as several tests take them.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import type { Page } from 'playwright-core';

export async function dropFile(page: Page, name: string, content: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64 ?? ''), (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([bytes], fileName ?? ''));
      return made;
    },
    [name, content.toString('base64')],
  );
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('.drop', event, { dataTransfer: transfer });
  }
}

export async function dropDesign(page: Page, path: string): Promise<void> {
  await dropFile(page, basename(path), readFileSync(path));
}

export async function describeJob(
  page: Page,
  asked: { material: string; title?: string; thickness?: string },
): Promise<void> {
  await page.getByLabel('Material', { exact: true }).selectOption(asked.material);
  if (asked.thickness) {
    await page.getByLabel('Sheet thickness').fill(asked.thickness);
  }
  await page.getByLabel('Licence', { exact: true }).fill('CERN-OHL-P-2.0');
  await page.getByLabel('Latitude, longitude').fill('45.75, 4.85');
  if (asked.title) {
    await page.getByText('More', { exact: true }).click();
    await page.getByLabel('Title', { exact: true }).fill(asked.title);
  }
}

export async function submitNow(page: Page): Promise<string> {
  await page.waitForSelector('[data-answer=here]');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  const job = page.locator('[data-job]');
  await job.waitFor();
  return (await job.getAttribute('data-job')) ?? '';
}
