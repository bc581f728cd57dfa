// SPDX-License-Identifier: GPL-3.0-or-later
// A question with its label, its hint and what is wrong with the answer.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldFrame {
  label: string;
  hint?: string | undefined;
  fault?: string | null | undefined;
  unit?: string | undefined;
  wide?: boolean | undefined;
}

function Frame({
  id,
  frame,
  children,
}: {
  id: string;
  frame: FieldFrame;
  children: ComponentChildren;
}) {
  return (
    <div class={`field${frame.wide ? ' wide' : ''}${frame.fault ? ' faulty' : ''}`}>
      <label for={id}>{frame.label}</label>
      <div class="field-entry">
        {children}
        {frame.unit && <span class="unit">{frame.unit}</span>}
      </div>
      {frame.fault ? (
        <p class="fault" id={`${id}-hint`}>
          {frame.fault}
        </p>
      ) : (
        frame.hint && (
          <p class="hint" id={`${id}-hint`}>
            {frame.hint}
          </p>
        )
      )}
    </div>
  );
}

export function TextField({
  value,
  set,
  type = 'text',
  mode,
  max = 200,
  placeholder,
  list,
  autocomplete = 'off',
  ...frame
}: FieldFrame & {
  value: string;
  set: (value: string) => void;
  type?: 'text' | 'password' | 'search' | 'datetime-local';
  mode?: 'decimal' | 'numeric';
  max?: number;
  placeholder?: string;
  list?: string[];
  autocomplete?: string;
}) {
  const id = useId();
  return (
    <Frame id={id} frame={frame}>
      <input
        {...({ type } as object)}
        id={id}
        value={value}
        maxLength={max}
        autocomplete={autocomplete}
        autocapitalize="off"
        spellcheck={false}
        {...(mode ? { inputMode: mode } : {})}
        {...(placeholder ? { placeholder } : {})}
        {...((list ? { list: `${id}-list` } : {}) as object)}
        {...(frame.fault ? { 'aria-invalid': 'true' as const } : {})}
        {...(frame.fault || frame.hint ? { 'aria-describedby': `${id}-hint` } : {})}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </Frame>
  );
}

export function Choice({
  value,
  set,
  options,
  ...frame
}: FieldFrame & {
  value: string;
  set: (value: string) => void;
  options: readonly { value: string; label: string }[];
}) {
  const id = useId();
  return (
    <Frame id={id} frame={frame}>
      <select
        id={id}
        value={value}
        {...(frame.hint ? { 'aria-describedby': `${id}-hint` } : {})}
        onChange={(event) => set(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}
