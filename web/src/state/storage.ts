// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser keeps. A browser may refuse to keep anything; then the page works without.

type Kept = 'session' | 'local';

function shelf(kept: Kept): Storage | null {
  try {
    return kept === 'session' ? sessionStorage : localStorage;
  } catch {
    return null;
  }
}

export function keep(kept: Kept, name: string, value: unknown): boolean {
  try {
    const at = shelf(kept);
    at?.setItem(`nearfab.${name}`, JSON.stringify(value));
    return at !== null;
  } catch {
    return false; // Full, or not allowed.
  }
}

export function kept<T>(where: Kept, name: string): T | null {
  try {
    const text = shelf(where)?.getItem(`nearfab.${name}`);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

export function forget(where: Kept, name: string): void {
  try {
    shelf(where)?.removeItem(`nearfab.${name}`);
  } catch {
    // Nothing was kept.
  }
}
