// SPDX-License-Identifier: GPL-3.0-or-later

import type { Job, JobEvent } from '../../api/types.ts';
import { moment } from '../../figures/format.ts';
import { stepsOf } from '../../figures/job_life.ts';
import { now } from '../../state/clock.ts';
import { texts } from '../../texts.ts';

export function Steps({ job, events }: { job: Job; events: readonly JobEvent[] }) {
  return (
    <ol class="steps" aria-label={texts.job.way}>
      {stepsOf(job, events).map((step) => (
        <li
          key={step.state}
          class={`step ${step.kind}`}
          {...(step.kind === 'now' ? { 'aria-current': 'step' as const } : {})}
        >
          <span class="step-dot" aria-hidden="true" />
          <span class="step-name">{texts.jobState(step.state)}</span>
          <span class="step-time">{step.at ? moment(step.at, now.value) : '\u00a0'}</span>
        </li>
      ))}
    </ol>
  );
}
