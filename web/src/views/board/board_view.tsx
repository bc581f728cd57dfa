// SPDX-License-Identifier: GPL-3.0-or-later
// The whole network on one page: where the fabs are and what they do, which job goes from where to
// where, and the same in lists.

import { useEffect, useMemo, useState } from 'preact/hooks';

import { fab_moods, moodOfFab, type FabMood } from '../../figures/fab_state.ts';
import { count } from '../../figures/format.ts';
import { moodOfJob } from '../../figures/job_life.ts';
import { MapCanvas } from '../../map/map_canvas.tsx';
import type { MapPoint } from '../../map/draw.ts';
import { Shape } from '../../parts/shape.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { fabs } from '../../state/fabs.ts';
import { jobs, withFinal } from '../../state/jobs.ts';
import { arcsOf } from '../../state/arcs.ts';
import { texts } from '../../texts.ts';
import { FabList } from './fab_list.tsx';
import { JobList } from './job_list.tsx';

function Legend({ counts }: { counts: Map<FabMood, number> }) {
  return (
    <div class="board-legend">
      <ul aria-label={texts.board.legend}>
        {fab_moods
          .filter((mood) => counts.get(mood))
          .map((mood) => (
            <li key={mood}>
              <Shape mood={mood} />
              <span>{texts.mood[mood]}</span>
              <span class="n">{count(counts.get(mood) ?? 0)}</span>
            </li>
          ))}
      </ul>
    </div>
  );
}

function Sums() {
  const there = fabs.value.filter((fab) => fab.connected).length;
  const open = jobs.value.filter((job) => !job.final);
  const making = open.filter((job) => job.state === 'in_production').length;
  const waiting = open.filter((job) => job.state === 'matching').length;
  const doubt = open.filter((job) => moodOfJob(job) === 'doubt').length;
  return (
    <p class="board-sums" data-sums>
      <span>{texts.board.summary(there, fabs.value.length)}</span>
      <span>{texts.board.making(making)}</span>
      {waiting > 0 && <span>{texts.board.waiting(waiting)}</span>}
      {doubt > 0 && <span class="mood-doubt">{texts.board.doubt(doubt)}</span>}
    </p>
  );
}

export function BoardView() {
  useEffect(() => {
    // For measuring how soon the page can be used.
    performance.mark('nearfab-usable');
  }, []);
  const [tab, setTab] = useState<'jobs' | 'fabs'>('jobs');
  const [chosen, setChosen] = useState<string | null>(null);
  const all = fabs.value;
  const points = useMemo<MapPoint[]>(
    () =>
      all.map((fab) => ({
        id: fab.fab,
        at: fab.place,
        mood: moodOfFab(fab),
        label: fab.title || fab.fab,
      })),
    [all],
  );
  const counts = useMemo(() => {
    const sums = new Map<FabMood, number>();
    for (const fab of all) {
      const mood = moodOfFab(fab);
      sums.set(mood, (sums.get(mood) ?? 0) + 1);
    }
    return sums;
  }, [all]);
  const listed = jobs.value.filter((job) => withFinal.value || !job.final).length;

  return (
    <div class="board">
      <section class="board-map" aria-label={texts.board.mapLabel}>
        <MapCanvas
          label={texts.board.mapLabel}
          points={points}
          arcs={arcsOf.value}
          chosen={chosen}
          choose={(id) => {
            setChosen(id);
            setTab('fabs');
          }}
        />
        {all.length > 0 && <Legend counts={counts} />}
      </section>
      <section class="board-side" aria-label={texts.board.title}>
        <div class="board-head">
          <h1>{texts.board.title}</h1>
          <Sums />
        </div>
        <Tabs
          label={texts.board.title}
          chosen={tab}
          choose={(id) => setTab(id === 'fabs' ? 'fabs' : 'jobs')}
          tabs={[
            { id: 'jobs', label: texts.board.jobs, count: count(listed) },
            { id: 'fabs', label: texts.board.fabs, count: count(all.length) },
          ]}
        >
          {tab === 'jobs' ? <JobList /> : <FabList chosen={chosen} choose={setChosen} />}
        </Tabs>
      </section>
    </div>
  );
}
