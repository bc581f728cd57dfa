// SPDX-License-Identifier: GPL-3.0-or-later

import { useMemo, useState } from 'preact/hooks';

import type { Job } from '../../api/types.ts';
import { count, percent, span } from '../../figures/format.ts';
import { fabsOfJob, moodOfJob, progressOf, remainingOf } from '../../figures/job_life.ts';
import { Bar } from '../../parts/bar.tsx';
import { LongList } from '../../parts/long_list.tsx';
import { Empty, Loading, ProblemNotice } from '../../parts/notice.tsx';
import { Shape } from '../../parts/shape.tsx';
import { now } from '../../state/clock.ts';
import { titleOfFab } from '../../state/fabs.ts';
import {
  jobs,
  jobsCut,
  jobsLoaded,
  jobsLoading,
  jobsProblem,
  loadJobs,
  withFinal,
} from '../../state/jobs.ts';
import { links } from '../../state/route.ts';
import { mayDesign } from '../../state/session.ts';
import { texts } from '../../texts.ts';

const states = ['analysing', 'matching', 'in_production', 'ready'] as const;
const final_states = ['closed', 'rejected', 'cancelled', 'failed'] as const;

function wordsOf(job: Job): string {
  const parts = job.parts.map(
    (part) => `${part.file} ${texts.material(part.material)} ${texts.process(part.process)}`,
  );
  return `${job.title} ${job.job} ${parts.join(' ')} ${fabsOfJob(job).map(titleOfFab).join(' ')}`.toLowerCase();
}

export function nameOfJob(job: Job): string {
  return job.title || job.parts[0]?.file || job.job;
}

function JobRow({ job }: { job: Job }) {
  const mood = moodOfJob(job);
  const progress = progressOf(job);
  const left = remainingOf(job);
  const where = fabsOfJob(job);
  const pieces = job.work_orders.length;
  const part = job.parts[0];
  const under = [
    texts.jobState(job.state),
    where.length === 1
      ? titleOfFab(where[0] ?? '')
      : where.length
        ? texts.report.table.fabs + ` ${where.length}`
        : null,
    part ? texts.material(part.material) : null,
    pieces > 1 ? texts.job.quantity(pieces) : null,
  ].filter((word) => word !== null);
  return (
    <a class="row" href={links.job(job.job)}>
      <Shape mood={mood} label={texts.mood[mood] ?? mood} />
      <span class="row-title">{nameOfJob(job)}</span>
      {progress !== null ? (
        <span class="row-end">{percent(progress)}</span>
      ) : (
        <Age at={job.submitted_at} />
      )}
      <span class="row-under">{under.join(' · ')}</span>
      {progress !== null ? (
        <Bar share={progress} label={nameOfJob(job)} />
      ) : (
        <span class="row-end quiet">{left !== null ? span(left) : ''}</span>
      )}
    </a>
  );
}

function Age({ at }: { at: string }) {
  const seconds = Math.max(0, (now.value - Date.parse(at)) / 1000);
  return <span class="row-end quiet">{Number.isFinite(seconds) ? span(seconds) : ''}</span>;
}

export function JobList() {
  const [search, setSearch] = useState('');
  const [state, setState] = useState('');
  const all = jobs.value;
  const final = withFinal.value;
  const shown = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return all.filter(
      (job) =>
        (final || !job.final) &&
        (state === '' || job.state === state) &&
        (wanted === '' || wordsOf(job).includes(wanted)),
    );
  }, [all, search, state, final]);
  const listed = final ? all.length : all.filter((job) => !job.final).length;

  return (
    <>
      <div class="board-filter">
        <input
          type="search"
          aria-label={`${texts.board.search}: ${texts.board.searchHint}`}
          placeholder={texts.board.searchHint}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <select
          aria-label={texts.board.allStates}
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
        >
          <option value="">{texts.board.allStates}</option>
          {[...states, ...(final ? final_states : [])].map((one) => (
            <option key={one} value={one}>
              {texts.jobState(one)}
            </option>
          ))}
        </select>
      </div>
      {jobsProblem.value && (
        <ProblemNotice problem={jobsProblem.value} retry={() => void loadJobs()} />
      )}
      {shown.length > 0 ? (
        <LongList
          items={shown}
          keyOf={(job) => job.job}
          rowHeight={62}
          label={texts.board.jobs}
          row={(job) => <JobRow job={job} />}
        />
      ) : !jobsLoaded.value && !jobsProblem.value ? (
        <div class="board-wait">
          <Loading words={texts.board.loading} />
        </div>
      ) : listed > 0 ? (
        <Empty words={texts.board.noJobsMatch} />
      ) : (
        <Empty words={texts.board.noJobs} next={texts.board.noJobsNext}>
          {mayDesign() && (
            <a class="button" href={links.submit}>
              {texts.submit.title}
            </a>
          )}
        </Empty>
      )}
      <div class="board-foot">
        <label class="check">
          <input
            type="checkbox"
            checked={final}
            onChange={(event) => {
              withFinal.value = event.currentTarget.checked;
              void loadJobs();
            }}
          />
          <span>{texts.board.finished}</span>
        </label>
        <span data-shown={shown.length}>
          {jobsLoading.value ? `${texts.board.loading}… ` : ''}
          {texts.board.shown(shown.length, listed)}
          {jobsCut.value ? ` ${texts.board.cut}` : ''}
          <span class="hidden-words">{count(shown.length)}</span>
        </span>
      </div>
    </>
  );
}
