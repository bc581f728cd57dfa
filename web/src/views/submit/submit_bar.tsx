// SPDX-License-Identifier: GPL-3.0-or-later
// The last step. It can be pressed twice, reloaded and lost on the way: one job comes of it.

import { useState } from 'preact/hooks';

import { asProblem, type Problem } from '../../api/problem.ts';
import { span } from '../../figures/format.ts';
import { Notice, ProblemNotice } from '../../parts/notice.tsx';
import { missing, request } from '../../state/draft.ts';
import { now } from '../../state/clock.ts';
import { goTo, links } from '../../state/route.ts';
import { client } from '../../state/session.ts';
import { another, begin, done, earlier } from '../../state/submission.ts';
import { texts } from '../../texts.ts';

const words = texts.submit;

export function SubmitBar() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = request.value;
  const before = asked ? earlier(asked, Date.now()) : null;

  const send = async () => {
    if (!asked || busy) return;
    setBusy(true);
    setProblem(null);
    const submission = begin(asked, Date.now());
    try {
      const accepted = await client.submit(asked, submission.key);
      done(asked, submission, accepted.job);
      goTo(links.job(accepted.job));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <section class="submit-bar" aria-label={words.action}>
      {problem && <ProblemNotice problem={problem} retry={() => void send()} />}
      {before?.job && asked ? (
        <Notice>
          <p>{words.was(span((now.value - before.at) / 1000))}</p>
          <div class="chips">
            <a class="button small main" href={links.job(before.job)}>
              {words.openIt}
            </a>
            <button
              type="button"
              class="button small"
              onClick={() => {
                another(asked);
                void send();
              }}
            >
              {words.makeAnother}
            </button>
          </div>
        </Notice>
      ) : (
        <div class="submit-do">
          <button
            type="button"
            class="button main large"
            disabled={!asked || busy}
            aria-describedby="submit-why-not"
            onClick={() => void send()}
          >
            {busy ? `${words.sending}…` : words.action}
          </button>
          <span class="quiet small" id="submit-why-not">
            {missing.value ? words.needs(missing.value) : ''}
          </span>
        </div>
      )}
    </section>
  );
}
