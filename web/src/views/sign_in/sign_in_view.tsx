// SPDX-License-Identifier: GPL-3.0-or-later
// A token in, or why the last one is not taken any more.

import { useState } from 'preact/hooks';

import { TextField } from '../../parts/field.tsx';
import { Notice, ProblemNotice } from '../../parts/notice.tsx';
import { refusal, sessionState, signIn, tokenLooksRight } from '../../state/session.ts';
import { texts } from '../../texts.ts';

export function SignInView() {
  const [token, setToken] = useState('');
  const [remember, setRemember] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const busy = sessionState.value === 'checking';
  const problem = refusal.value;
  const wordless = texts.signIn;

  const send = (event: Event) => {
    event.preventDefault();
    const clean = token.trim();
    if (!tokenLooksRight(clean)) {
      setFault(wordless.shape);
      return;
    }
    setFault(null);
    void signIn(clean, remember);
  };

  return (
    <div class="view sign-in">
      <form class="card" onSubmit={send}>
        <h1>{wordless.title}</h1>
        <p class="quiet">{wordless.lead}</p>
        {problem?.kind === 'unauthorised' && (
          <Notice kind="warn">
            <strong>{wordless.expired}</strong>
            <p class="small">{problem.message}</p>
            <p>
              <b>{texts.problem.next}</b> {problem.next || wordless.expiredNext}
            </p>
          </Notice>
        )}
        {problem && problem.kind !== 'unauthorised' && <ProblemNotice problem={problem} />}
        <TextField
          label={wordless.label}
          hint={wordless.hint}
          fault={fault}
          type="password"
          autocomplete="current-password"
          max={80}
          value={token}
          set={setToken}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <span>
            {wordless.remember}
            <span class="hint">{wordless.rememberHint}</span>
          </span>
        </label>
        <button type="submit" class="button main" disabled={busy}>
          {busy ? `${wordless.checking}…` : wordless.action}
        </button>
      </form>
    </div>
  );
}
