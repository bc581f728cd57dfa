// SPDX-License-Identifier: GPL-3.0-or-later
// The whole network in numbers: where things are made, by whom, what hangs on whom, at what cost to
// everybody. Only what was counted is shown, with what was not.

import { useEffect, useState } from 'preact/hooks';

import { asProblem, type Problem } from '../../api/problem.ts';
import type { Report } from '../../api/report_types.ts';
import { dayOf } from '../../figures/format.ts';
import { Empty, Loading, ProblemNotice } from '../../parts/notice.tsx';
import { client } from '../../state/session.ts';
import { texts } from '../../texts.ts';
import { Capabilities } from './capabilities.tsx';
import { Distances } from './distances.tsx';
import { Emissions } from './emissions.tsx';
import { OverTime } from './over_time.tsx';
import { Shares } from './shares.tsx';
import { Sums } from './sums.tsx';
import { Waiting } from './waiting.tsx';
import { WithoutTheLargest } from './without_largest.tsx';

const words = texts.report;
const periods = [7, 30, 90, 366];

export function ReportView() {
  const [days, setDays] = useState(30);
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [again, setAgain] = useState(0);

  useEffect(() => {
    const given = new AbortController();
    setProblem(null);
    client.report(days, given.signal).then(setReport, (thrown: unknown) => {
      if (!given.signal.aborted) setProblem(asProblem(thrown));
    });
    return () => given.abort();
  }, [days, again]);

  const made = report !== null && report.delivered.pieces > 0;
  const stale = report !== null && report.days !== days;
  return (
    <div class="view report" data-report={report ? report.days : ''} aria-busy={stale}>
      <div class="view-head">
        <h1>{words.title}</h1>
        {report && (
          <span class="quiet">{words.lead(report.days, dayOf(report.from), dayOf(report.to))}</span>
        )}
        <div class="actions chips no-print" role="group" aria-label={words.period}>
          {periods.map((period) => (
            <button
              key={period}
              type="button"
              class="chip"
              aria-pressed={period === days}
              onClick={() => setDays(period)}
            >
              {words.days(period)}
            </button>
          ))}
        </div>
      </div>
      {problem && <ProblemNotice problem={problem} retry={() => setAgain(again + 1)} />}
      {!report && !problem && <Loading words={words.loading} />}
      {report && (
        <div class="report-grid">
          <Sums report={report} />
          {!made && (
            <section class="card whole">
              <Empty words={words.nothing} next={words.nothingNext} />
            </section>
          )}
          {made && <OverTime days={report.by_day} />}
          <div class="report-column">
            {made && <Distances distance={report.distance} />}
            {report.without_largest && <WithoutTheLargest without={report.without_largest} />}
            <Waiting waiting={report.waiting} />
          </div>
          <div class="report-column">
            {made && <Shares report={report} />}
            <Capabilities capabilities={report.capabilities} />
          </div>
          {made && <Emissions emissions={report.emissions} />}
        </div>
      )}
    </div>
  );
}
