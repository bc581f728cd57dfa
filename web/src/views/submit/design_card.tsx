// SPDX-License-Identifier: GPL-3.0-or-later
// The place to drop a file on, and how far the file has come.

import { useEffect, useRef, useState } from 'preact/hooks';

import { bytes, percent } from '../../figures/format.ts';
import { Bar } from '../../parts/bar.tsx';
import { Loading, Notice, ProblemNotice } from '../../parts/notice.tsx';
import { Shape } from '../../parts/shape.tsx';
import { accepted_endings } from '../../preview/kinds.ts';
import {
  design,
  designProblem,
  doneBytes,
  file,
  lookAgain,
  stage,
  stopSending,
  takeFile,
} from '../../state/design.ts';
import { draft } from '../../state/draft.ts';
import { me } from '../../state/session.ts';
import { texts } from '../../texts.ts';

function Way() {
  const size = file.value?.size ?? design.value?.size ?? 0;
  const share = size > 0 ? doneBytes.value / size : 0;
  switch (stage.value) {
    case 'hashing':
    case 'uploading': {
      const words = stage.value === 'hashing' ? texts.submit.hashing : texts.submit.uploading;
      return (
        <div class="way">
          <span>{words}</span>
          <span class="number">
            {bytes(doneBytes.value)} / {bytes(size)} ({percent(share)})
          </span>
          <Bar share={share} label={words} />
          {stage.value === 'uploading' && (
            <button type="button" class="button small" onClick={stopSending}>
              {texts.submit.stop}
            </button>
          )}
        </div>
      );
    }
    case 'stopped':
      return (
        <button type="button" class="button small" onClick={() => lookAgain(draft.value)}>
          {texts.submit.resume}
        </button>
      );
    case 'checking':
      return <Loading words={texts.submit.checking} />;
    case 'ready':
      return (
        <p class="quiet small">
          <Shape mood="done" /> {texts.submit.stored}
        </p>
      );
    default:
      return null;
  }
}

export function DesignCard() {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [several, setSeveral] = useState(false);
  const known = file.value?.name ?? design.value?.name ?? null;

  const take = (files: FileList | null | undefined) => {
    const first = files?.[0];
    if (!first) return;
    setSeveral((files?.length ?? 0) > 1);
    void takeFile(first, draft.value);
  };

  // The whole page takes a file: who lets go beside the frame must not lose the page.
  useEffect(() => {
    let depth = 0;
    const has = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!has(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (has(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!has(event)) return;
      event.preventDefault();
      take(event.dataTransfer?.files);
    };
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
    };
  }, []);

  const problem = designProblem.value;
  return (
    <section class="card" aria-label={texts.submit.file}>
      <h2>{texts.submit.file}</h2>
      <div class={`drop${over ? ' over' : ''}${known ? ' has' : ''}`}>
        <input
          ref={input}
          id="design-file"
          class="hidden-words"
          type="file"
          accept={accepted_endings}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
        {known ? (
          <div class="drop-known">
            <strong>{known}</strong>
            <span class="quiet number">{bytes(file.value?.size ?? design.value?.size ?? 0)}</span>
            <label class="button small" for="design-file">
              {texts.submit.another}
            </label>
          </div>
        ) : (
          <>
            <svg viewBox="0 0 48 48" width="44" height="44" aria-hidden="true">
              <path
                d="M24 4L6 13v21l18 10 18-10V13zM6 13l18 10 18-10M24 23v21"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linejoin="round"
              />
            </svg>
            <p>
              <strong>{texts.submit.drop}</strong> {texts.submit.or}{' '}
              <label class="link-button" for="design-file">
                {texts.submit.choose}
              </label>
            </p>
            <p class="hint">{texts.submit.formats(bytes(me.value?.limits.design_bytes ?? 0))}</p>
          </>
        )}
      </div>
      <div class="drop-state" aria-live="polite">
        {several && <p class="hint">{texts.submit.manyFiles}</p>}
        <Way />
        {!file.value && design.value && stage.value !== 'checking' && !problem && (
          <Notice>
            <p>{texts.submit.fileGone}</p>
          </Notice>
        )}
        {problem && (
          <ProblemNotice
            problem={problem}
            retry={
              problem.kind === 'offline' || problem.status >= 500 || problem.status === 429
                ? () => lookAgain(draft.value)
                : undefined
            }
          />
        )}
      </div>
    </section>
  );
}
