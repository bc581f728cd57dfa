// SPDX-License-Identifier: GPL-3.0-or-later
// Asks once more, and for the words or the code that an action needs.

import { useState } from 'preact/hooks';

import type { ActionRequest } from '../../api/types.ts';
import { gramsTyped, type Offered } from '../../figures/board_actions.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Choice, TextField } from '../../parts/field.tsx';
import { texts } from '../../texts.ts';

const words = texts.fab.ask;

export function AskAction({
  offered,
  about,
  send,
  close,
}: {
  offered: Offered;
  about: string;
  send: (request: ActionRequest) => void;
  close: () => void;
}) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const materials = offered.materials ?? [];
  const [material, setMaterial] = useState(materials[0] ?? '');
  const [alone, setAlone] = useState(false);
  const asks = offered.question === 'words' || offered.question === 'code';
  const answer = (event: Event) => {
    event.preventDefault();
    const said = text.trim();
    if (offered.question === 'words' && !said) {
      setFault(words.needWords ?? '');
      return;
    }
    const request = { ...offered.request };
    if (offered.question === 'stock') {
      const grams = gramsTyped(said);
      if (grams === null) {
        setFault(words.needGrams ?? '');
        return;
      }
      Object.assign(request, { material, grams, nothing_else: alone });
    }
    if (offered.question === 'words') request.text = said;
    if (offered.question === 'code' && said) request.presence_code = said;
    send(request);
  };
  return (
    <Dialog title={words[offered.ask] ?? words.resolve ?? ''} close={close}>
      <form class="ask" onSubmit={answer}>
        <p class="ask-about">{about}</p>
        <p class="quiet">{words[`${offered.ask}Text`]}</p>
        {asks && (
          <TextField
            label={words[`${offered.ask}Words`] ?? ''}
            hint={offered.question === 'code' ? words.codeHint : undefined}
            value={text}
            set={setText}
            fault={fault}
            max={offered.question === 'code' ? 64 : 400}
          />
        )}
        {offered.question === 'stock' && (
          <>
            <Choice
              label={words.loadMaterial ?? ''}
              value={material}
              set={setMaterial}
              options={materials.map((one) => ({ value: one, label: texts.material(one) }))}
            />
            <TextField
              label={words.loadGrams ?? ''}
              unit="g"
              mode="decimal"
              value={text}
              set={(typed) => {
                setText(typed);
                setFault(null);
              }}
              fault={fault}
              max={12}
            />
            {materials.length > 1 && (
              <label class="check">
                <input
                  type="checkbox"
                  checked={alone}
                  onChange={(event) => setAlone(event.currentTarget.checked)}
                />
                <span>{words.loadAlone}</span>
              </label>
            )}
          </>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={close}>
            {words.no}
          </button>
          <button
            type="submit"
            class={`button ${offered.kind === 'danger' ? 'danger sure' : 'main'}`}
            data-sure
          >
            {texts.fab.actions[offered.name]}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
