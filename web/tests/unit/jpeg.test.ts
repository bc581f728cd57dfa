// SPDX-License-Identifier: GPL-3.0-or-later

import { expect, test } from 'vitest';

import { pictureOnly } from '../../src/figures/jpeg.ts';

const letters = (text: string) => [...text].map((one) => one.charCodeAt(0));
const segment = (marker: number, content: number[]) => [
  0xff,
  marker,
  (content.length + 2) >> 8,
  (content.length + 2) & 0xff,
  ...content,
];
const jfif = segment(0xe0, [...letters('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
const table = segment(0xdb, new Array<number>(65).fill(1));
// A comment's marker within the coded picture is none.
const rest = [...segment(0xda, [1, 1, 0, 0, 0x3f, 0]), 1, 2, 0xff, 0, 3, 0xff, 0xd9];
const whole = [0xff, 0xd8, ...jfif, ...table, ...rest];

test('what an encoder wrote beside the picture is left out', () => {
  const more = [
    ...segment(0xe1, letters('Exif\0\0where it was')),
    ...segment(0xed, letters('Photoshop 3.0')),
    ...segment(0xfe, letters('a comment')),
    ...segment(0xe0, letters('JFXX\0a smaller picture')),
  ];
  const given = new Uint8Array([0xff, 0xd8, ...jfif, ...more, ...table, ...rest]);
  expect([...pictureOnly(given)]).toEqual(whole);
});

test('a picture alone stays as it is, and so does what is none', () => {
  expect([...pictureOnly(new Uint8Array(whole))]).toEqual(whole);
  for (const bytes of [[], [0xff], letters('<html>'), [0xff, 0xd8, 0xff, 0xe1]]) {
    expect([...pictureOnly(new Uint8Array(bytes))]).toEqual(bytes);
  }
});
