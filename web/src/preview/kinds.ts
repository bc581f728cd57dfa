// SPDX-License-Identifier: GPL-3.0-or-later
// What kind of file it is. The name is only a first guess; the bytes decide.

export type FileKind = 'stl' | '3mf' | 'obj' | 'off' | 'dxf' | 'svg' | 'step' | 'unknown';

export const accepted_endings = '.stl,.3mf,.obj,.off,.dxf,.svg';

export function kindOfName(name: string): FileKind {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (ending === 'stp' || ending === 'step' || ending === 'p21') return 'step';
  if (['stl', '3mf', 'obj', 'off', 'dxf', 'svg'].includes(ending)) return ending as FileKind;
  return 'unknown';
}

export function kindOf(name: string, head: Uint8Array): FileKind {
  const text = new TextDecoder('latin1').decode(head.subarray(0, 2048));
  if (text.startsWith('PK\x03\x04')) return '3mf';
  if (text.startsWith('ISO-10303-21')) return 'step';
  if (
    /<svg[\s>]/i.test(text) ||
    (/^\s*(?:\ufeff)?<\?xml/.test(text) && kindOfName(name) === 'svg')
  ) {
    return 'svg';
  }
  if (/^[\s#]*(?:ST|C|N|4)*OFF\b/.test(text)) return 'off';
  if (/^\s*(?:999\s*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION/.test(text)) return 'dxf';
  return kindOfName(name);
}

export function isFlat(kind: FileKind): boolean {
  return kind === 'dxf' || kind === 'svg';
}
