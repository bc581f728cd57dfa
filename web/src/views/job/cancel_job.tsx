// SPDX-License-Identifier: GPL-3.0-or-later

import { useState } from 'preact/hooks';

import { asProblem, type Problem } from '../../api/problem.ts';
import type { Job } from '../../api/types.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { ProblemNotice } from '../../parts/notice.tsx';
import { takeJob } from '../../state/jobs.ts';
import { client } from '../../state/session.ts';
import { texts } from '../../texts.ts';

const words = texts.job;

export function CancelJob({ job, close }: { job: Job; close: () => void }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await client.cancel(job.job, reason.trim());
      takeJob(answer.job);
      close();
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={words.cancelAsk} close={close}>
      <p>{words.cancelText}</p>
      <TextField label={words.cancelReason} value={reason} set={setReason} />
      {problem && <ProblemNotice problem={problem} />}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={close}>
          {words.cancelNo}
        </button>
        <button
          type="button"
          class="button danger sure"
          disabled={busy}
          onClick={() => void send()}
        >
          {busy ? `${words.cancelling}…` : words.cancelYes}
        </button>
      </div>
    </Dialog>
  );
}
